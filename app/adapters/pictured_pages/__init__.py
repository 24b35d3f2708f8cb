"""Reads the words in pictures of pages, with Tesseract where it is installed."""
