"""The program's own words for all criteria at once: looked at, saved together, and undone together."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from app.rules.assessment import OwnCriterion
from app.rules.bulk.fates import Fate
from app.rules.criteria.wordings import ComparedPart, compare_texts, read_wordings
from app.rules.errors import Conflict, Invalid, Refused
from app.rules.history.verbs import Verb
from app.rules.message import say
from app.services.assessment.ground import load_open_assessment
from app.services.bulk.saving import LOOK_AGAIN
from app.services.criteria.wording import set_official
from app.services.desk import Desk
from app.store import assessment, bulk, people
from app.store.bulk import BulkSave


@dataclass(frozen=True)
class WordingLine:
    """What would become of one criterion; `parts` are the old and the new text as one."""

    code: str
    title: str
    fate: Fate
    text: str
    was: str
    parts: tuple[ComparedPart, ...]
    version: int


@dataclass(frozen=True)
class WordingsPreview:
    """All that was pasted; `missing` are the titles, by code, of what has no official words after it, and `pasted` is the text to be corrected."""

    lines: tuple[WordingLine, ...]
    missing: Mapping[str, str]
    unread: str
    pasted: str

    @property
    def changes(self) -> tuple[WordingLine, ...]:
        return tuple(line for line in self.lines if line.fate is not Fate.SAME)

    def count(self, fate: Fate) -> int:
        return sum(line.fate is fate for line in self.lines)

    @property
    def mark(self) -> str:
        """What saving does, to be recognized: the same as on the preview, or not any more."""
        said = [(line.code, line.text, line.version) for line in self.changes]
        return hashlib.sha256(repr(said).encode()).hexdigest()[:32]


@dataclass(frozen=True)
class WordingsPage:
    """How many criteria have official words by now, and those of all as text to take along."""

    worded: int
    total: int


def load_wordings(desk: Desk) -> WordingsPage:
    """Raises NotFound without an open assessment."""
    titles, own = _load_known(desk)
    return WordingsPage(sum(bool(own[code].official_wording) for code in titles if code in own), len(titles))


def preview_wordings(desk: Desk, pasted: str) -> WordingsPreview:
    """What would become of the paste now. Raises Invalid at `text`, NotFound without an open assessment."""
    if not pasted.strip():
        raise Invalid({"text": say("Paste the words first, or choose a file.")})
    titles, own = _load_known(desk)
    read = read_wordings(pasted, titles)
    lines = []
    for wording in read.wordings:
        known = own.get(wording.code)
        was = known.official_wording if known else ""
        fate = Fate.SAME if was == wording.text else Fate.CHANGED if was else Fate.NEW
        parts = compare_texts(was, wording.text)
        version = known.version if known else 0
        lines.append(WordingLine(wording.code, titles[wording.code], fate, wording.text, was, parts, version))
    given = {line.code for line in lines} | {code for code, known in own.items() if known.official_wording}
    missing = {code: title for code, title in titles.items() if code not in given}
    return WordingsPreview(tuple(lines), missing, read.unread, pasted)


def _load_known(desk: Desk) -> tuple[dict[str, str], dict[str, OwnCriterion]]:
    """The titles of the edition by code, and what the city says in its own words."""
    edition = load_open_assessment(desk.session, desk.who.city).edition
    criteria = desk.site.edition(edition, desk.who.language).criteria
    titles = {code: criterion.title for code, criterion in criteria.items()}
    return titles, assessment.load_own_criteria(desk.session, desk.city_id, edition)


def save_wordings(desk: Desk, pasted: str, mark: str) -> int:
    """Save all of it in one transaction; returns the number to undo it by. Raises Conflict where it is another plan by now, Refused, Invalid."""
    people.lock_memberships(desk.session, desk.city_id)
    preview = preview_wordings(desk, pasted)
    if preview.mark != mark:
        raise Conflict(LOOK_AGAIN)
    if not preview.changes:
        raise Refused(say("Nothing here would change anything."))
    edition = load_open_assessment(desk.session, desk.who.city).edition
    steps = [_save_line(desk, edition, line) for line in preview.changes]
    save = BulkSave(city_id=desk.city_id, saved_by=desk.who.person_id, lines=len(steps), steps=json.dumps(steps))
    save_id = bulk.add_bulk_save(desk.session, save)
    desk.record(Verb.BULK_SAVED, str(len(steps)), save=save_id)
    return save_id


def _save_line(desk: Desk, edition: str, line: WordingLine) -> dict[str, object]:
    version = set_official(desk, edition, line.code, line.text)
    return {"do": "wording", "name": line.code, "edition": edition, "version": version, "before": line.was}
