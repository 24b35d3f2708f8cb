"""Small real files for tests, made by a library from their text."""

from html import escape
from io import BytesIO

from PIL import Image
from weasyprint import HTML


def pdf_of(text: str) -> bytes:
    """A PDF without any date that shows the lines of the text, 40 on a page."""
    style = "@page {size: letter; margin: 1in} pre {margin: 0; font: 11pt/16pt sans-serif; white-space: pre-wrap}"
    page = f'<!doctype html><html lang="en"><style>{style}</style><pre>{escape(text)}</pre>'
    pdf: bytes = HTML(string=page).write_pdf()
    return pdf


def picture_of(width: int, height: int) -> bytes:
    """A PNG of one color."""
    content = BytesIO()
    Image.new("RGB", (width, height), "navy").save(content, "PNG")
    return content.getvalue()
