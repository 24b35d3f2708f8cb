"""What a page that takes files says of the kinds that it takes, to people and to their browsers."""

from collections.abc import Collection
from dataclasses import dataclass

from app.rules.files.kinds import (
    CSV,
    DOC,
    DOCX,
    EMAIL,
    IMAGES,
    MSG,
    ODP,
    ODS,
    ODT,
    PDF,
    PPT,
    PPTX,
    TEXT,
    XLS,
    XLSX,
    FileKind,
)
from app.rules.message import Message, say

KIND_GROUPS: dict[Message, tuple[FileKind, ...]] = {
    say("PDF"): (PDF,),
    say("Word"): (DOCX, DOC),
    say("Excel"): (XLSX, XLS),
    say("PowerPoint"): (PPTX, PPT),
    say("OpenDocument"): (ODT, ODS, ODP),
    say("images"): IMAGES,
    say("CSV"): (CSV,),
    say("text"): (TEXT,),
    say("e-mail"): (EMAIL, MSG),
}
"""How people call the kinds, several by one word."""


def name_kinds(kinds: Collection[FileKind]) -> tuple[Message, ...]:
    """The kinds as people call them."""
    return tuple(name for name, group in KIND_GROUPS.items() if any(kind in kinds for kind in group))


def dialog_types(kinds: Collection[FileKind]) -> str:
    """What a file dialog offers: images by type, so that a phone offers its camera, everything by ending."""
    return ",".join([camera_types(kinds), *(f".{end}" for kind in kinds for end in kind.extensions)]).lstrip(",")


def camera_types(kinds: Collection[FileKind]) -> str:
    """The images that a browser shows; an iPhone that is asked for these hands over its own kind of photo as JPEG."""
    return ",".join(kind.media_type for kind in kinds if kind in IMAGES and kind.previewable)


@dataclass(frozen=True)
class FileChoice:
    """What a page that takes one file tells the browser: the types for its dialog, those of `photos` for the camera, and how much at most."""

    accept: str
    photos: str
    limit_mb: int


def offer_files(kinds: Collection[FileKind], limit_mb: int) -> FileChoice:
    """`photos` is empty where no image may be kept that a camera makes."""
    return FileChoice(dialog_types(kinds), camera_types(kinds), limit_mb)
