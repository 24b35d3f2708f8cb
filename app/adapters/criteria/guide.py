"""Reads what goes with an edition for its readers: glossary.yml and program.yml, and their words in locale/."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from app.adapters.criteria.checks import check_once
from app.adapters.criteria.folder import CriteriaFile, list_languages, read_criteria_file
from app.adapters.criteria.format import LINK, SLUG
from app.adapters.yaml.shapes import ChoiceShape, DayShape, FieldsShape, ListShape, TextShape, YamlShape
from app.rules.criteria.guide import Certainty, EditionGuide, GlossaryTerm, ProgramFact, ProgramTopic

WORDS: dict[str, YamlShape] = {
    "term": TextShape("Data steward", 60),
    "forms": ListShape("[data steward, stewards]", TextShape("data steward", 60), 1, 9),
    "meaning": TextShape("Who looks after a dataset", 240),
}
TERM = FieldsShape("{id: steward, term: Data steward, ...}", {"id": TextShape("steward", 30, *SLUG), **WORDS})
FACT_TEXT = TextShape("Cities of 30,000 people or more may enter", 240)
FACT = FieldsShape(
    "{topic: enter, sure: sure, text: Cities of 30,000 people or more may enter}",
    {
        "topic": ChoiceShape("enter", tuple(ProgramTopic)),
        "sure": ChoiceShape("sure", tuple(Certainty)),
        "text": FACT_TEXT,
        "link": LINK,
    },
    optional=frozenset({"link"}),
)
GLOSSARY_FILE, PROGRAM_FILE = "glossary.yml", "program.yml"
SHAPES = {
    GLOSSARY_FILE: FieldsShape("terms: [...]", {"terms": ListShape(f"[{TERM.example}]", TERM, 1, 99)}),
    PROGRAM_FILE: FieldsShape(
        'checked_on: "2026-05-15"',
        {"checked_on": DayShape("2026-05-15"), "facts": ListShape(f"[{FACT.example}]", FACT, 1, 99)},
    ),
}
WORD_SHAPES = {
    GLOSSARY_FILE: FieldsShape(
        "terms: [...]",
        {"terms": ListShape("[{term: Referente, ...}]", FieldsShape("{term: Referente, ...}", WORDS), 1, 99)},
    ),
    PROGRAM_FILE: FieldsShape("facts: [...]", {"facts": ListShape("[Pueden participar ...]", FACT_TEXT, 1, 99)}),
}
PARTS = {GLOSSARY_FILE: "terms", PROGRAM_FILE: "facts"}


def load_guide(folder: Path, language: str = "en") -> EditionGuide:
    """The guide of an edition without faults in the language, or in English; empty where it has no such files."""
    words = folder / "locale" / language if language in list_languages(folder) else None
    glossary, program = _load_part(folder, words, GLOSSARY_FILE), _load_part(folder, words, PROGRAM_FILE)
    return EditionGuide(
        terms=tuple(GlossaryTerm(**term) for term in glossary.get("terms", ())),
        facts=tuple(
            ProgramFact(ProgramTopic(fact["topic"]), Certainty(fact["sure"]), fact["text"], fact.get("link", ""))
            for fact in program.get("facts", ())
        ),
        checked_on=date.fromisoformat(program["checked_on"]) if program else None,
    )


def _load_part(folder: Path, words: Path | None, name: str) -> dict[str, Any]:
    if not (folder / name).is_file():
        return {}
    values, key = read_criteria_file(folder / name, SHAPES[name]).values, PARTS[name]
    if words is None:
        return values
    translated = read_criteria_file(words / name, WORD_SHAPES[name]).values[key]
    pairs = zip(values[key], translated, strict=True)
    return {
        **values,
        key: tuple({**part, **(word if isinstance(word, dict) else {"text": word})} for part, word in pairs),
    }


def check_guide(folder: Path) -> list[str]:
    """All that is wrong with the two files and their translations."""
    return [message for file in _checked_files(folder) for message in file.messages()]


def _checked_files(folder: Path) -> Iterator[CriteriaFile]:
    for name, key in PARTS.items():
        if not (folder / name).is_file():
            continue
        english = read_criteria_file(folder / name, SHAPES[name])
        if key == "terms":
            terms = english.values.get(key, ())
            check_once(english, ((term.get("id"), (key, at, "id")) for at, term in enumerate(terms)))
        yield english
        for language in list_languages(folder):
            translation = read_criteria_file(folder / "locale" / language / name, WORD_SHAPES[name])
            wanted, present = len(english.values.get(key, ())), len(translation.values.get(key, ()))
            if translation.values and wanted != present:
                sentence = (
                    f'"{key}" has {present} parts, but {wanted} in English. Write {wanted}, in the same order, instead.'
                )
                translation.add_problem(sentence, key)
            yield translation
