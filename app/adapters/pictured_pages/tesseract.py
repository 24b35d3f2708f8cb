"""Tesseract, called as a library inside the process that is fenced in already, since that may start no other program."""

import ctypes
import os
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:  # the server asks only whether Tesseract is here
    from PIL import Image

LIBRARIES = ("libtesseract.so.5", "/opt/homebrew/lib/libtesseract.5.dylib", "/usr/local/lib/libtesseract.5.dylib")
DATA_FOLDERS = (
    "/usr/share/tesseract-ocr/5/tessdata",
    "/usr/share/tessdata",
    "/opt/homebrew/share/tessdata",
    "/usr/local/share/tessdata",
)
"""Where Debian, other Linuxes and Homebrew put what Tesseract knows of languages."""
LIBRARY_FOLDERS = ("/usr/lib", "/usr/lib64", "/usr/local/lib", "/opt/homebrew/lib")
LANGUAGE_DATA: Mapping[str, str] = {"en": "eng", "es": "spa", "pt": "por", "fr": "fra"}
DEBIAN_PACKAGES = "tesseract-ocr tesseract-ocr-eng tesseract-ocr-spa tesseract-ocr-por tesseract-ocr-fra"
ONE_BYTE = 1
TSV_COLUMNS, TSV_WORD = 12, "5"
"""How Tesseract writes down words with their places: the level, five numbers of where in the structure, the box, how sure, the word."""


class LocatedWord(NamedTuple):
    """A word that was read, the line in which it stands, and its place in pixels from the left and from the top."""

    text: str
    line: tuple[str, ...]
    box: tuple[int, int, int, int]


def _build_word(cells: list[str]) -> LocatedWord:
    left, top, width, height = map(int, cells[6:10])
    return LocatedWord(cells[-1], tuple(cells[1:5]), (left, top, left + width, top + height))


def find_data_folder() -> Path | None:
    """The folder with what Tesseract knows of English; None where it, or the library itself, is not installed."""
    folders = (Path(name) for name in DATA_FOLDERS)
    folder = next((folder for folder in folders if (folder / "eng.traineddata").is_file()), None)
    return folder if folder and _has_library() else None


def list_languages(folder: Path) -> list[str]:
    """The languages of ours that it can read, by their codes."""
    return [code for code, data in LANGUAGE_DATA.items() if (folder / f"{data}.traineddata").is_file()]


def choose_languages(folder: Path, wanted: Collection[str]) -> list[str]:
    """English, and of the others that are wanted those that it can read."""
    here = list_languages(folder)
    return [code for code in ("en", *wanted) if code in here]


def _has_library() -> bool:
    places = (place for name in LIBRARY_FOLDERS for place in (Path(name), *Path(name).glob("*-linux-gnu*")))
    names = {Path(name).name for name in LIBRARIES}
    return any((place / name).exists() for place in places for name in names)


class TesseractReader:
    """Reads pictures, one after the other. Raises OSError where the library or the data cannot be loaded."""

    def __init__(self, folder: Path, languages: Iterable[str]) -> None:
        os.environ["OMP_THREAD_LIMIT"] = (
            "1"  # more threads take longer together than one alone, on a machine that serves pages too
        )
        self._library = _load_library()
        self._api = ctypes.c_void_p(self._library.TessBaseAPICreate())
        data = "+".join(LANGUAGE_DATA[code] for code in dict.fromkeys(languages))
        if self._library.TessBaseAPIInit3(self._api, os.fsencode(folder), data.encode()):
            raise OSError("Tesseract cannot read its data")

    def read_picture(self, picture: "Image.Image", dots_per_inch: int) -> str:
        """The words in their lines; empty where there are none."""
        self._show_picture(picture, dots_per_inch)
        return self._take_text(self._library.TessBaseAPIGetUTF8Text(self._api)).strip()

    def locate_words(self, picture: "Image.Image", dots_per_inch: int) -> list[LocatedWord]:
        """Every word with its place in the picture, in the order in which they are read."""
        self._show_picture(picture, dots_per_inch)
        rows = self._take_text(self._library.TessBaseAPIGetTsvText(self._api, 0)).splitlines()
        cells = (row.split("\t") for row in rows)
        return [_build_word(cell) for cell in cells if len(cell) == TSV_COLUMNS and cell[0] == TSV_WORD and cell[-1]]

    def _show_picture(self, picture: "Image.Image", dots_per_inch: int) -> None:
        gray = picture.convert("L")
        self._library.TessBaseAPISetImage(
            self._api, gray.tobytes(), gray.width, gray.height, ONE_BYTE, gray.width * ONE_BYTE
        )
        self._library.TessBaseAPISetSourceResolution(self._api, dots_per_inch)

    def _take_text(self, text: int | None) -> str:
        try:
            return ctypes.string_at(text).decode("utf-8", "replace") if text else ""
        finally:
            self._library.TessDeleteText(ctypes.c_void_p(text))


def _load_library() -> Any:
    for name in LIBRARIES:
        try:
            library = ctypes.CDLL(name)
        except OSError:
            continue
        library.TessBaseAPICreate.restype = ctypes.c_void_p
        library.TessBaseAPIGetUTF8Text.restype = library.TessBaseAPIGetTsvText.restype = ctypes.c_void_p
        return library
    raise OSError("Tesseract is not installed")
