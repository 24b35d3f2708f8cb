"""The edition that the app ships: whole, in every language that the app claims, and true to what is known of the standard."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from app.adapters.criteria_files import check, editions, load_edition
from app.adapters.criteria_format import CRITERION
from app.rules.criteria import Criterion, Edition, Window
from app.settings import LANGUAGES, ROOT

FOLDER = ROOT / "criteria" / "wwc-2022"
SCHEMA = json.loads((ROOT / "criteria" / "schema.json").read_text(encoding="utf-8"))
FILES = [path for path in sorted(FOLDER.glob("*/*.yml")) if path.parent.name != "locale"]
COUNTS = {"DM": 9, "LC": 7, "OD": 4, "PA": 5, "BF": 3, "RDC": 8, "CI": 3, "EVAL": 4}


@pytest.fixture(scope="module", params=LANGUAGES)
def edition(request: pytest.FixtureRequest) -> Edition:
    return load_edition(FOLDER, request.param)


@pytest.fixture(scope="module")
def english() -> Edition:
    return load_edition(FOLDER)


def test_every_edition_that_ships_is_right_in_every_language() -> None:
    assert editions() == ["wwc-2022"]
    assert check(FOLDER) == []


def test_every_claimed_language_has_its_own_words(edition: Edition) -> None:
    claimed = [load_edition(FOLDER, language).language for language in LANGUAGES]
    assert claimed == list(LANGUAGES)
    assert edition.language in claimed


def test_43_criteria_stand_in_eight_areas(edition: Edition) -> None:
    assert {area.prefix: len(area.criteria) for area in edition.areas} == COUNTS
    assert (edition.total, len(edition.criteria)) == (43, 43)
    expected = [f"{prefix}{number}" for prefix, count in COUNTS.items() for number in range(1, count + 1)]
    assert list(edition.criteria) == expected


def test_the_levels_begin_at_51_68_and_85_percent(edition: Edition) -> None:
    assert [(level.id, level.percent) for level in edition.levels] == [("silver", 51), ("gold", 68), ("platinum", 85)]


def test_three_criteria_are_core_and_the_rule_names_its_source(edition: Edition) -> None:
    assert edition.core.required
    assert edition.core.criteria == ("LC1", "DM1", "PA1")
    assert {code for code, criterion in edition.criteria.items() if criterion.core} == {"LC1", "DM1", "PA1"}
    assert "Carlsbad" in edition.core.source
    assert "2024" in edition.core.source


def test_prerequisites_only_warn_because_they_are_inferred(edition: Edition) -> None:
    assert edition.prerequisites == "warn"


@pytest.mark.parametrize(("code", "needed", "of"), [("DM3", 4, 5), ("DM5", 2, 3)])
def test_published_counts_are_kept(edition: Edition, code: str, needed: int, of: int) -> None:
    criterion = edition.criteria[code]
    assert (criterion.needed, len(criterion.checklist)) == (needed, of)


@pytest.mark.parametrize(
    ("code", "window"),
    [
        ("DM1", Window.QUARTERLY),
        ("PA2", Window.QUARTERLY),
        ("RDC5", Window.QUARTERLY),
        ("BF3", Window.TWO_YEARS),
        ("DM2", Window.YEAR),
    ],
)
def test_known_time_windows_are_kept(edition: Edition, code: str, window: Window) -> None:
    assert window in {item.window for item in edition.criteria[code].checklist}


def test_required_items_never_outnumber_those_needed(english: Edition) -> None:
    for criterion in english.criteria.values():
        assert sum(item.required for item in criterion.checklist) <= criterion.needed, criterion.code


def words(edition: Edition) -> Iterator[tuple[str, str]]:
    """Every text that a person reads, with a name for its place."""
    yield from {"label": edition.label, "source": edition.source, "core source": edition.core.source}.items()
    for area in edition.areas:
        yield f"{area.id} title", area.title
        yield f"{area.id} about", area.about
    for criterion in edition.criteria.values():
        yield from words_of(criterion)


def words_of(criterion: Criterion) -> Iterator[tuple[str, str]]:
    for name in ("title", "statement", "why", "good", "weak", "owner"):
        yield f"{criterion.code} {name}", getattr(criterion, name)
    for item in criterion.checklist:
        yield f"{criterion.code} {item.id}", item.text
    for number, part in enumerate(criterion.evidence, start=1):
        yield f"{criterion.code} evidence {number}", part.text


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != "en"])
def test_a_translation_leaves_no_english_text(english: Edition, language: str) -> None:
    translated = dict(words(load_edition(FOLDER, language)))
    same = [place for place, text in words(english) if translated[place] == text]
    assert same == []
    assert len(translated) > 43 * 10


BRITISH = re.compile(
    r"\b(programmes?|organis\w+|centre|catalogue\w*|behaviour|favour\w*|labour|licence)\b", re.IGNORECASE
)


def test_english_is_spelled_as_in_the_united_states(english: Edition) -> None:
    assert [place for place, text in words(english) if BRITISH.search(text)] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_an_editor_finds_nothing_wrong_in_a_shipped_file(path: Path) -> None:
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(SCHEMA).validate(content)


def test_the_schema_of_the_editors_is_itself_right() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert len(FILES) == 43


def plain(shape: Any) -> dict[str, Any]:
    """A shape of the loader in the words of JSON Schema, without what only one of the two knows."""
    limits = {
        "Text": lambda: {"maxLength": shape.most, **({"pattern": f"^{shape.pattern}$"} if shape.pattern else {})},
        "Choice": lambda: {"enum": [str(word) for word in shape.allowed]},
        "Flag": lambda: {"type": "boolean"},
        "Whole": lambda: {"minimum": shape.least, "maximum": shape.most},
        "ListOf": lambda: {"minItems": shape.least, "maxItems": shape.most, "items": plain(shape.shape)},
        "Record": lambda: {"properties": {key: plain(part) for key, part in shape.keys.items()}},
    }
    return limits[type(shape).__name__]()


def compared(schema: dict[str, Any], wanted: dict[str, Any]) -> dict[str, Any]:
    """The part of a schema that `wanted` speaks of, references followed."""
    whole = {**SCHEMA["$defs"].get(schema.get("$ref", "").rpartition("/")[2], {}), **schema}
    whole.setdefault("minItems", 0)
    found = {key: whole.get(key) for key in wanted}
    if "items" in wanted:
        found["items"] = compared(whole["items"], wanted["items"])
    if "properties" in wanted:
        assert sorted(whole["required"]) == sorted(wanted["properties"]), "every key is required"
        names = wanted["properties"]
        found["properties"] = {key: compared(part, names.get(key, {})) for key, part in whole["properties"].items()}
    return found


def test_editors_and_the_app_draw_the_same_limits() -> None:
    wanted = plain(CRITERION)
    assert compared(SCHEMA, wanted) == wanted
