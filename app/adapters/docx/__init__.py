"""Word files, from the same frozen data as the PDF."""
