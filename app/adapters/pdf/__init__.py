"""The report as a PDF: its HTML, its fonts, and the process that makes it."""
