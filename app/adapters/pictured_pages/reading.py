"""Reads the words in pictures of pages in processes of their own, as bounded as those that read files."""

import json
import tempfile
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from app.adapters.children.frame import run_child
from app.adapters.pictured_pages.tesseract import choose_languages, find_data_folder
from app.rules.files.personal_data import PersonalDataFinding, build_finding
from app.rules.pictured_pages import PAGE_TEXT_LIMIT, PicturedPage, PictureState

SECONDS = 30
MEMORY_MB = 512
CHILD = "app.adapters.pictured_pages.child"
LONGEST_SECONDS = 300
"""After this time what was read is written down, and the next job goes on."""
LARGEST_RESULT_BYTES = 20_000_000


@dataclass(frozen=True)
class PicturedPagesRead:
    """The pages as they are now, and what may be personal data in all that was read in their pictures."""

    pages: tuple[PicturedPage, ...]
    findings: tuple[PersonalDataFinding, ...]


def is_reader_here() -> bool:
    """Whether pictures of pages can be read on this machine."""
    return find_data_folder() is not None


def read_pages(
    path: Path,
    media_type: str,
    pages: Sequence[PicturedPage],
    languages: Collection[str],
    country: str = "US",
    *,
    goes_on: Callable[[], object] = lambda: None,
    seconds: int = SECONDS,
    memory_mb: int = MEMORY_MB,
) -> PicturedPagesRead:
    """Read those that wait, in order, for about five minutes. A page that cannot be read is left; where there is no reader all go on waiting.

    `goes_on` is called before each process, and may raise to end the reading.
    """
    folder, known = find_data_folder(), {page.number: page for page in pages}
    findings: tuple[PersonalDataFinding, ...] = ()
    until = time.monotonic() + LONGEST_SECONDS
    while folder and time.monotonic() < until and (waiting := _list_waiting(known)):
        goes_on()
        asked = {
            "numbers": waiting,
            "languages": choose_languages(folder, languages),
            "country": country,
            "known": _list_texts(known),
        }
        with tempfile.TemporaryDirectory(prefix="cityready-pictures-") as place:
            Path(place, "asked.json").write_text(json.dumps(asked))
            run_child(CHILD, str(path), media_type, place, str(folder), seconds=seconds, memory_mb=memory_mb)
            texts, found = _load_result(Path(place), set(waiting))
        findings = found if texts else findings
        known |= {number: PicturedPage(number, PictureState.READ, text) for number, text in texts.items()}
        if not texts:
            known[waiting[0]] = replace(known[waiting[0]], state=PictureState.LEFT)
    return PicturedPagesRead(tuple(known.values()), findings)


def _list_waiting(pages: dict[int, PicturedPage]) -> list[int]:
    return [page.number for page in pages.values() if page.state is PictureState.WAITING]


def _list_texts(pages: dict[int, PicturedPage]) -> list[tuple[int, str]]:
    return [(page.number, page.text) for page in pages.values() if page.state is PictureState.READ]


def _load_result(place: Path, asked: set[int]) -> tuple[dict[int, str], tuple[PersonalDataFinding, ...]]:
    """What the process wrote down, with nothing believed of it that it could not have written."""
    try:
        with (place / "read.json").open("rb") as file:
            content = json.loads(file.read(LARGEST_RESULT_BYTES))
        texts = {int(number): str(text)[:PAGE_TEXT_LIMIT] for number, text in content["pages"] if int(number) in asked}
        return texts, tuple(map(build_finding, content["findings"]))
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return {}, ()
