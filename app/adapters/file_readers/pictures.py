"""Opens photos and scans of every kind, those with several pages too."""

from pathlib import Path

from PIL import Image
from PIL.ImageFile import ImageFile

MOST_PIXELS = 50_000_000
"""A larger picture is not unpacked."""
WITH_PAGES = ("TIFF", "HEIF")
"""Of other kinds the pictures after the first make it move."""


def open_picture(path: Path, number: int = 0) -> ImageFile:
    """The picture, at its page with that number, 0 for the first as well; nothing is unpacked yet.

    Raises OverflowError for one that is too large, EOFError where there is no such page, OSError and ValueError for a damaged one.
    """
    with path.open("rb") as file:
        is_heif = file.read(8)[4:] == b"ftyp"
    if is_heif:
        _learn_heif()
    try:
        picture = Image.open(path)
    except Image.DecompressionBombError as problem:
        raise OverflowError from problem
    turn_to_page(picture, number)
    return picture


def turn_to_page(picture: Image.Image, number: int) -> None:
    """Go to the page with that number. Raises as `open_picture` does."""
    if number > 1:
        picture.seek(number - 1)
    if picture.width * picture.height > MOST_PIXELS:
        raise OverflowError


def shrink_picture(picture: Image.Image, most_pixels: int) -> None:
    """Make a picture with more pixels than that smaller, in its own place, since there is no room for two."""
    scale = (most_pixels / (picture.width * picture.height)) ** 0.5
    if scale < 1:
        picture.thumbnail((max(1, int(picture.width * scale)), max(1, int(picture.height * scale))))


def count_pages(picture: Image.Image) -> int:
    """How many pages it has; 1 for a kind that has none."""
    return int(getattr(picture, "n_frames", 1)) if picture.format in WITH_PAGES else 1


def _learn_heif() -> None:
    """Photos of iPhones; loaded where one comes, since the library is large. One thread, since each takes room of its own."""
    import pi_heif

    pi_heif.register_heif_opener(thumbnails=False)
    pi_heif.options.DECODE_THREADS = 1
