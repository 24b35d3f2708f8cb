"""The process that reads one file: started by `adapters.file_readers.reading` with the file, its media type and a folder for what it finds.

It writes `facts.json` and `1.webp` to `5.webp`, the facts as soon as there are any and again when there are more, so that a page
which takes for ever costs that page alone. Every reader may be given a file that was made to break it.
"""

import os
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import cast

from app.adapters.children.confinement import FileView
from app.adapters.children.start import bound_process
from app.adapters.file_readers.notes import LockedFile, ReadingNotes
from app.rules.files.file_reading import FileTrouble
from app.rules.files.kinds import (
    CSV,
    DOC,
    DOCX,
    EMAIL,
    GIF,
    HEIC,
    JPEG,
    MSG,
    ODP,
    ODS,
    ODT,
    PDF,
    PNG,
    PPT,
    PPTX,
    TEXT,
    TIFF,
    WEBP,
    XLS,
    XLSX,
)

LARGEST_FILE_MB = 20
FileReader = Callable[[Path, ReadingNotes], None]

READERS = {
    "pdf_pages.read_pdf": (PDF,),
    "photos.read_photo": (PNG, JPEG, GIF, WEBP, TIFF, HEIC),
    "old_documents.read_doc": (DOC,),
    "old_workbooks.read_xls": (XLS,),
    "old_slides.read_ppt": (PPT,),
    "outlook.read_msg": (MSG,),
    "documents.read_docx": (DOCX,),
    "documents.read_pptx": (PPTX,),
    "documents.read_odt": (ODT,),
    "documents.read_odp": (ODP,),
    "workbooks.read_xlsx": (XLSX,),
    "open_workbooks.read_ods": (ODS,),
    "text.read_csv": (CSV,),
    "text.read_text": (TEXT,),
    "mail.read_email": (EMAIL,),
}
"""Which reader takes which kinds; loaded by name, so that a text does not pay for the libraries of pictures."""


def main(path: Path, media_type: str, place: Path, country: str, seconds: int, memory_mb: int) -> int:
    """Read the file under limits, then look through its texts for personal data; 1 when the memory was not enough."""
    bound_process(seconds, memory_mb, file_mb=LARGEST_FILE_MB, view=FileView(readable=(path,), writable=(place,)))
    notes = ReadingNotes(place)
    try:
        load_reader(media_type)(path, notes)
    except MemoryError:
        return 1
    except Exception as problem:
        notes.note(trouble=name_trouble(problem))
    try:
        notes.check_personal_data(country)
    except MemoryError:
        return 1
    return 0


def load_reader(media_type: str) -> FileReader:
    reader_name = next(name for name, kinds in READERS.items() if any(kind.media_type == media_type for kind in kinds))
    module, _, function = reader_name.partition(".")
    return cast(FileReader, getattr(import_module(f"app.adapters.file_readers.{module}"), function))


def name_trouble(problem: Exception) -> FileTrouble:
    if isinstance(problem, LockedFile):
        return FileTrouble.LOCKED
    return FileTrouble.TOO_MUCH if isinstance(problem, RecursionError | OverflowError) else FileTrouble.DAMAGED


if __name__ == "__main__":
    given_path, given_type, given_place, given_country, given_seconds, given_memory = sys.argv[1:]
    code = main(Path(given_path), given_type, Path(given_place), given_country, int(given_seconds), int(given_memory))
    os._exit(code)  # without a last word from libraries that a hostile file may have upset
