"""How a report left the house: which of its files someone took."""

from enum import StrEnum

from app.rules.message import Message, say


class ReportFile(StrEnum):
    """A form in which a report is read."""

    PDF = "pdf"
    WORD = "word"
    WEB = "web"


FILE_NAMES: dict[str, Message] = {
    ReportFile.PDF: say("PDF"),
    ReportFile.WORD: say("Word file"),
    ReportFile.WEB: say("web page"),
}
