"""Loads an edition of the standard from its folder in criteria/. docs/criteria.md describes the files."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from app.adapters.criteria.checks import check_english, check_words
from app.adapters.criteria.folder import EDITION_FILE, EditionFolder, languages, read_english, read_words
from app.adapters.criteria.format import PROSE
from app.adapters.criteria.succession import read_successions, succession_in
from app.rules.criteria import (
    Area,
    ChecklistItem,
    CoreRule,
    Criterion,
    Edition,
    Effort,
    EvidenceKind,
    ExpectedEvidence,
    Level,
    Window,
)
from app.rules.editions import Succession, stay
from app.settings import ROOT

Values = Mapping[str, Any]


class BrokenCriteria(Exception):
    """An edition's files cannot be used; `messages` has one `path:line: what is wrong. What to write.` a fault."""

    def __init__(self, messages: Iterable[str]) -> None:
        self.messages = tuple(messages)
        super().__init__("\n".join(self.messages))


def editions(root: Path = ROOT / "criteria") -> list[str]:
    """The ids of the editions below a folder, in order of name."""
    return sorted(path.parent.name for path in root.glob(f"*/{EDITION_FILE}"))


def check(folder: Path) -> list[str]:
    """All that is wrong with an edition: its English, each language in its locale/, each file in its from/; empty when right."""
    english = _checked_english(folder)
    translations = [_checked_words(english, language) for language in languages(folder)]
    in_folders = [message for part in (english, *translations) for message in part.messages()]
    return in_folders + [message for file in read_successions(english) for message in file.messages()]


def load_edition(folder: Path, language: str = "en") -> Edition:
    """The edition in a language, or in English when its locale/ has no such language. Raises BrokenCriteria."""
    english = _checked_english(folder)
    words = _checked_words(english, language) if language in languages(folder) else None
    if messages := english.messages() + (words.messages() if words else []):
        raise BrokenCriteria(messages)
    edition, criteria = english.edition.values, {name: file.values for name, file in english.criteria.items()}
    if words is None:
        return _edition(edition, criteria.values(), "en")
    translated = [_criterion_in_words(criteria[name], file.values) for name, file in words.criteria.items()]
    return _edition(_edition_in_words(edition, words.edition.values), translated, language)


def load_succession(old: Edition, new: Edition, root: Path = ROOT / "criteria") -> Succession | None:
    """How answers get from one edition to the other, forward or back; None when no file in from/ connects the two.

    Raises BrokenCriteria.
    """
    if old.id == new.id:
        return stay(new)
    if forward := _succession(root / new.id, old.id):
        return forward
    back = _succession(root / old.id, new.id)
    return back.inverse() if back else None


def _succession(folder: Path, predecessor: str) -> Succession | None:
    for file in read_successions(read_english(folder)):
        if file.path.stem == predecessor:
            if messages := file.messages():
                raise BrokenCriteria(messages)
            return succession_in(file.values, folder.name)
    return None


def _checked_english(folder: Path) -> EditionFolder:
    english = read_english(folder)
    check_english(english)
    return english


def _checked_words(english: EditionFolder, language: str) -> EditionFolder:
    words = read_words(english, language)
    check_words(english, words)
    return words


def _criterion_in_words(criterion: Values, words: Values) -> Values:
    return {
        **criterion,
        **{key: words[key] for key in PROSE},
        "checklist": [{**item, "text": words["checklist"][item["id"]]} for item in criterion["checklist"]],
        "evidence": [
            {**part, "text": text} for part, text in zip(criterion["evidence"], words["evidence"], strict=True)
        ],
    }


def _edition_in_words(edition: Values, words: Values) -> Values:
    return {
        **edition,
        "label": words["label"],
        "source": words["source"],
        "core": {**edition["core"], "source": words["core_source"]},
        "areas": [{**area, **words["areas"][area["id"]]} for area in edition["areas"]],
    }


def _edition(values: Values, criteria: Iterable[Values], language: str) -> Edition:
    by_code = {criterion["code"]: criterion for criterion in criteria}
    areas = tuple(Area(**area) for area in values["areas"])
    kept = {key: values[key] for key in ("id", "label", "source", "seen_on", "complete", "total", "prerequisites")}
    return Edition(
        **kept,
        levels=tuple(Level(**level) for level in values["levels"]),
        core=CoreRule(**values["core"]),
        areas=areas,
        criteria=MappingProxyType({code: _criterion(by_code[code]) for area in areas for code in area.criteria}),
        language=language,
    )


def _criterion(values: Values) -> Criterion:
    parts = {
        "checklist": tuple(_item(item) for item in values["checklist"]),
        "evidence": tuple(_expected(part) for part in values["evidence"]),
        "effort": Effort(values["effort"]),
    }
    return Criterion(**{**values, **parts})


def _item(values: Values) -> ChecklistItem:
    return ChecklistItem(values["id"], values["text"], values["required"], Window(values["window"]))


def _expected(values: Values) -> ExpectedEvidence:
    return ExpectedEvidence(EvidenceKind(values["kind"]), values["text"], Window(values["window"]))
