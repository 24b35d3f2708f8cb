"""What a reader takes out of a PDF as text."""

from contextlib import closing

from pypdfium2 import PdfDocument


def text_by_sheet(pdf: bytes) -> list[str]:
    """The text of each sheet, in lines."""
    with closing(PdfDocument(pdf)) as document:
        return [sheet.get_textpage().get_text_range() for sheet in document]


def words_by_sheet(pdf: bytes) -> list[str]:
    """The words of each sheet, a blank between them."""
    return [" ".join(text.split()) for text in text_by_sheet(pdf)]
