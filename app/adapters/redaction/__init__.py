"""Copies of files from which something was taken out."""
