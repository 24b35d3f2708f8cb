"""Loads an edition of the standard from its folder in criteria/. docs/criteria.md describes the files."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

from app.adapters.criteria.checks import check_english, check_translation
from app.adapters.criteria.folder import EDITION_FILE, EditionFolder, list_languages, read_english, read_translation
from app.adapters.criteria.format import LATER_PROSE, PROSE
from app.adapters.criteria.guide import check_guide
from app.adapters.criteria.references import check_references
from app.adapters.criteria.succession import build_succession, read_successions
from app.rules.criteria.edition import (
    Area,
    ChecklistItem,
    CityExample,
    CoreRule,
    Criterion,
    DecisionKind,
    Edition,
    Effort,
    EvidenceKind,
    ExpectedDecision,
    ExpectedEvidence,
    Level,
    OutcomeChoice,
    OutcomeRule,
    PopulationRule,
    PublicSource,
    SharedDocument,
    Window,
)
from app.rules.criteria.edition_change import Succession, succeed_by_itself
from app.settings import ROOT

Values = Mapping[str, Any]


class BrokenCriteria(Exception):
    """An edition's files cannot be used; `messages` has one `path:line: what is wrong. What to write.` a fault."""

    def __init__(self, messages: Iterable[str]) -> None:
        self.messages = tuple(messages)
        super().__init__("\n".join(self.messages))


def list_edition_ids(root: Path = ROOT / "criteria") -> list[str]:
    """The ids of the editions below a folder, in order of name."""
    return sorted(path.parent.name for path in root.glob(f"*/{EDITION_FILE}"))


def check_edition(folder: Path, claimed: Iterable[str] = ()) -> list[str]:
    """All that is wrong with an edition: its English, each language in its locale/, each file in its from/; empty when right.

    `claimed` are languages that the app offers, so that one without any file is missed, too.
    """
    english = _load_english(folder)
    translations = [_load_translation(english, language) for language in list_languages(folder)]
    in_folders = [message for part in (english, *translations) for message in part.messages()]
    in_successions = [message for file in read_successions(english) for message in file.messages()]
    return in_folders + check_guide(folder) + in_successions + list(_missing_languages(folder, claimed))


def _missing_languages(folder: Path, claimed: Iterable[str]) -> Iterator[str]:
    for language in sorted({*claimed} - {"en", *list_languages(folder)}):
        place = folder / "locale" / language
        yield f"{place}: Nothing is translated into this language, which people can choose. Write {place / EDITION_FILE} first."


def load_edition(folder: Path, language: str = "en") -> Edition:
    """The edition in a language, or in English when its locale/ has no such language. Raises BrokenCriteria."""
    english = _load_english(folder)
    translation = _load_translation(english, language) if language in list_languages(folder) else None
    if messages := english.messages() + (translation.messages() if translation else []):
        raise BrokenCriteria(messages)
    edition, criteria = english.edition.values, {name: file.values for name, file in english.criteria.items()}
    if translation is None:
        return _build_edition(edition, criteria.values(), "en")
    translated = [_translate_criterion(criteria[name], file.values) for name, file in translation.criteria.items()]
    return _build_edition(_translate_edition(edition, translation.edition.values), translated, language)


def load_succession(old: Edition, new: Edition, root: Path = ROOT / "criteria") -> Succession | None:
    """How answers get from one edition to the other, forward or back; None when no file in from/ connects the two.

    Raises BrokenCriteria.
    """
    if old.id == new.id:
        return succeed_by_itself(new)
    if forward := _read_succession(root / new.id, old.id):
        return forward
    back = _read_succession(root / old.id, new.id)
    return back.inverse() if back else None


def _read_succession(folder: Path, predecessor: str) -> Succession | None:
    for file in read_successions(read_english(folder)):
        if file.path.stem == predecessor:
            if messages := file.messages():
                raise BrokenCriteria(messages)
            return build_succession(file.values, folder.name)
    return None


def _load_english(folder: Path) -> EditionFolder:
    english = read_english(folder)
    check_english(english)
    check_references(english)
    return english


def _load_translation(english: EditionFolder, language: str) -> EditionFolder:
    translation = read_translation(english, language)
    check_translation(english, translation)
    return translation


def _translate_criterion(criterion: Values, translation: Values) -> Values:
    return {
        **criterion,
        **{key: translation[key] for key in PROSE},
        "checklist": [{**item, "text": translation["checklist"][item["id"]]} for item in criterion["checklist"]],
        "evidence": [
            {**part, "text": text} for part, text in zip(criterion["evidence"], translation["evidence"], strict=True)
        ],
        **{key: translation[key] for key in LATER_PROSE if key in criterion},
        "examples": _translate_each(criterion, translation, "examples", "text"),
    }


def _translate_each(values: Values, translation: Values, key: str, word: str) -> list[Values]:
    """The parts of an optional list, each with its `word` in the other language."""
    pairs = zip(values.get(key, ()), translation.get(key, ()), strict=True)
    return [{**part, word: text} for part, text in pairs]


def _translate_edition(edition: Values, translation: Values) -> Values:
    return {
        **edition,
        "label": translation["label"],
        "source": translation["source"],
        **{
            rule: {**edition[rule], "source": translation[f"{rule}_source"]}
            for rule in ("core", "population", "outcome")
        },
        "leaders_decide": [
            {**decision, "text": text}
            for decision, text in zip(edition["leaders_decide"], translation["leaders_decide"], strict=True)
        ],
        "areas": [{**area, **translation["areas"][area["id"]]} for area in edition["areas"]],
        "sources": _translate_each(edition, translation, "sources", "says"),
        "shared_documents": _translate_each(edition, translation, "shared_documents", "document"),
    }


def _build_edition(values: Values, criteria: Iterable[Values], language: str) -> Edition:
    by_code = {criterion["code"]: criterion for criterion in criteria}
    sources = {source["id"]: _build_source(source) for source in values.get("sources", ())}
    areas = tuple(Area(**area) for area in values["areas"])
    unchanged = {key: values[key] for key in ("id", "label", "source", "seen_on", "complete", "total", "prerequisites")}
    return Edition(
        **unchanged,
        levels=tuple(Level(**level) for level in values["levels"]),
        core=CoreRule(**values["core"]),
        population=PopulationRule(**values["population"]),
        outcome=_build_outcome(values["outcome"]),
        areas=areas,
        criteria=MappingProxyType(
            {code: _build_criterion(by_code[code], sources) for area in areas for code in area.criteria}
        ),
        leaders_decide=MappingProxyType(
            {decision["code"]: _build_decision(decision) for decision in values["leaders_decide"]}
        ),
        catalog_facts=MappingProxyType({fact["fact"]: _split_place(fact["place"]) for fact in values["catalog_facts"]}),
        shared_documents=tuple(map(_build_shared, values.get("shared_documents", ()))),
        language=language,
    )


def _build_outcome(values: Values) -> OutcomeRule:
    return OutcomeRule(values["asked"], tuple(map(OutcomeChoice, values["choices"])), values["source"])


def _build_source(values: Values) -> PublicSource:
    seen_on = date.fromisoformat(values["seen_on"])
    return PublicSource(values["name"], values["says"], seen_on, values.get("link", ""))


def _build_shared(values: Values) -> SharedDocument:
    return SharedDocument(values["document"], tuple(map(_split_place, values["places"])))


def _build_decision(values: Values) -> ExpectedDecision:
    return ExpectedDecision(DecisionKind(values["kind"]), values["text"])


def _split_place(place: str) -> tuple[str, str]:
    """Code and item, of which the item may be empty."""
    code, _, item = place.partition(".")
    return code, item


def _build_criterion(values: Values, sources: Mapping[str, PublicSource]) -> Criterion:
    parts = {
        "checklist": tuple(_build_item(item) for item in values["checklist"]),
        "evidence": tuple(_build_expected_evidence(part) for part in values["evidence"]),
        "effort": Effort(values["effort"]),
        "examples": tuple(CityExample(**example) for example in values.get("examples", ())),
        "sources": tuple(sources[name] for name in values.get("sources", ())),
    }
    return Criterion(**{**values, **parts})


def _build_item(values: Values) -> ChecklistItem:
    return ChecklistItem(values["id"], values["text"], values["required"], Window(values["window"]))


def _build_expected_evidence(values: Values) -> ExpectedEvidence:
    return ExpectedEvidence(EvidenceKind(values["kind"]), values["text"], Window(values["window"]))
