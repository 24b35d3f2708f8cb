"""Makes redacted copies of files in a process as bounded as those that read files."""

import json
import tempfile
from collections.abc import Collection
from dataclasses import asdict
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

from app.adapters.children.frame import run_child
from app.adapters.pictured_pages.tesseract import choose_languages, find_data_folder
from app.rules.errors import OutsideUnavailable, Refused
from app.rules.files.personal_data import PersonalDataKind
from app.rules.message import say
from app.rules.redaction import RedactedFile, RedactionOrder

SECONDS = 30
MEMORY_MB = 512
CHILD = "app.adapters.redaction.child"
_turn = BoundedSemaphore(1)
"""One at a time: the person waits for the copy in one of few threads, so that the words to be covered are kept nowhere."""


def make_copy(
    path: Path, media_type: str, order: RedactionOrder, languages: Collection[str], country: str = "US"
) -> RedactedFile:
    """The copy as a PDF or picture in which nothing is left but what can be seen.

    Raises Refused for a file that cannot be copied so, OutsideUnavailable while another is made.
    """
    folder = find_data_folder()
    asked = asdict(order) | {"country": country, "languages": choose_languages(folder, languages) if folder else []}
    with tempfile.TemporaryDirectory(prefix="cityready-redaction-") as place:
        _run(path, media_type, place, str(folder or ""), asked)
        try:
            result = json.loads(Path(place, "result.json").read_text())
            content = Path(place, f"copy.{result['ending']}").read_bytes()
        except (OSError, ValueError) as problem:
            raise Refused(
                say("No copy of this file could be made here. Cover it with a PDF program, and add that copy.")
            ) from problem
        lost_kinds = tuple(map(PersonalDataKind, result["kinds"]))
        return RedactedFile(content, result["ending"], tuple(result["words"]), lost_kinds)


def _run(path: Path, media_type: str, place: str, folder: str, asked: dict[str, Any]) -> None:
    Path(place, "order.json").write_text(json.dumps(asked))
    if not _turn.acquire(blocking=False):
        raise OutsideUnavailable(say("Another copy is being made at the moment. Try again in a minute."))
    try:
        run_child(CHILD, str(path), media_type, place, folder, seconds=SECONDS, memory_mb=MEMORY_MB)
    finally:
        _turn.release()
