"""What a reader takes out of a PDF as text."""

from contextlib import closing

from pypdfium2 import PdfDocument


def words_by_sheet(pdf: bytes) -> list[str]:
    """The words of each sheet, a blank between them."""
    with closing(PdfDocument(pdf)) as document:
        return [" ".join(sheet.get_textpage().get_text_range().split()) for sheet in document]
