"""The editions that the app ships: whole, in every language that the app claims, and true to what is known of the standard."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from app.adapters.criteria.editions import check_edition, list_edition_ids, load_edition, load_succession
from app.adapters.criteria.format import CRITERION
from app.rules.criteria.edition import Criterion, Edition, Window
from app.rules.criteria.edition_change import SuccessionKind, derive_successions
from app.settings import LANGUAGES, ROOT

FOLDER = ROOT / "criteria" / "wwc-2022"
BEFORE = ROOT / "criteria" / "wwc-2018"
SCHEMA = json.loads((ROOT / "criteria" / "schema.json").read_text(encoding="utf-8"))
FILES = sorted(path for folder in (BEFORE, FOLDER) for path in folder.glob("*/[A-Z]*.yml"))
COUNTS = {"DM": 9, "LC": 7, "OD": 4, "PA": 5, "BF": 3, "RDC": 8, "CI": 3, "EVAL": 4}
COUNTS_BEFORE = {"DG": 6, "EVAL": 6, "GM": 5, "OD": 5, "PA": 7, "RP": 4, "RDC": 8, "SE": 4}


@pytest.fixture(scope="module", params=LANGUAGES)
def edition(request: pytest.FixtureRequest) -> Edition:
    return load_edition(FOLDER, request.param)


@pytest.fixture(scope="module", params=LANGUAGES)
def before(request: pytest.FixtureRequest) -> Edition:
    return load_edition(BEFORE, request.param)


@pytest.fixture(scope="module", params=[BEFORE, FOLDER], ids=lambda folder: folder.name)
def english(request: pytest.FixtureRequest) -> Edition:
    return load_edition(request.param)


def test_every_edition_that_ships_is_right_in_every_language() -> None:
    assert list_edition_ids() == ["wwc-2018", "wwc-2022"]
    assert [check_edition(folder) for folder in (BEFORE, FOLDER)] == [[], []]


@pytest.mark.parametrize("folder", [BEFORE, FOLDER], ids=lambda folder: folder.name)
def test_every_claimed_language_has_its_own_words(folder: Path) -> None:
    claimed = [load_edition(folder, language).language for language in LANGUAGES]
    assert claimed == list(LANGUAGES)


def test_only_the_edition_in_force_claims_to_be_complete(edition: Edition, before: Edition) -> None:
    assert edition.complete
    assert not before.complete


def test_43_criteria_stand_in_eight_areas(edition: Edition) -> None:
    assert {area.prefix: len(area.criteria) for area in edition.areas} == COUNTS
    assert (edition.total, len(edition.criteria)) == (43, 43)
    expected = [f"{prefix}{number}" for prefix, count in COUNTS.items() for number in range(1, count + 1)]
    assert list(edition.criteria) == expected


def test_45_criteria_stood_in_eight_areas_before(before: Edition) -> None:
    assert {area.prefix: len(area.criteria) for area in before.areas} == COUNTS_BEFORE
    assert (before.total, len(before.criteria)) == (45, 45)
    expected = [f"{prefix}{number}" for prefix, count in COUNTS_BEFORE.items() for number in range(1, count + 1)]
    assert list(before.criteria) == expected


def test_the_levels_began_at_51_67_and_84_percent_before(before: Edition) -> None:
    assert [(level.id, level.percent) for level in before.levels] == [("silver", 51), ("gold", 67), ("platinum", 84)]


def test_no_criterion_was_core_before_as_far_as_is_known(before: Edition) -> None:
    assert not before.core.required
    assert before.core.criteria == ()
    assert before.core.source


def test_prerequisites_blocked_before(before: Edition) -> None:
    assert before.prerequisites == "block"
    assert any(criterion.prerequisites for criterion in before.criteria.values())


def test_the_earlier_edition_backs_only_what_a_public_page_says(before: Edition) -> None:
    backed = {code for code, criterion in before.criteria.items() if criterion.basis == "source-backed"}
    assert backed == {"DG1", "DG2", "DG3", "OD1", "OD2", "SE1", "SE2", "SE3", "SE4"}


def test_the_earlier_inventory_took_three_of_four_within_twelve_months(before: Edition) -> None:
    inventory = before.criteria["DG1"]
    assert (inventory.needed, len(inventory.checklist)) == (3, 4)
    assert {item.window for item in inventory.checklist} == {Window.NONE, Window.YEAR}
    assert Window.QUARTERLY in {item.window for item in before.criteria["DG2"].checklist}


def test_every_earlier_criterion_has_its_place_in_the_edition_in_force() -> None:
    old, new = load_edition(BEFORE), load_edition(FOLDER)
    there = load_succession(old, new)
    assert there
    assert there.inferred
    kinds = {
        kind: [move for move in derive_successions(old, new, there) if move.kind is kind] for kind in SuccessionKind
    }
    assert [move.old for move in kinds[SuccessionKind.RETIRED]] == [("OD4",)]
    assert [move.new for move in kinds[SuccessionKind.NEW]] == ["DM7", "DM8", "DM9", "PA4", "RDC3"]
    assert [(move.old, move.new) for move in kinds[SuccessionKind.SPLIT]] == [(("DG2",), "DM1"), (("DG2",), "LC5")]
    assert [move.new for move in kinds[SuccessionKind.MERGED]] == ["DM5", "OD3", "OD4", "PA1", "PA2", "BF2", "BF3"]


def test_the_way_back_is_the_same_file() -> None:
    old, new = load_edition(BEFORE), load_edition(FOLDER)
    there, back = load_succession(old, new), load_succession(new, old)
    assert there
    assert back
    assert back == there.inverse()
    assert len(derive_successions(new, old, back)) == 45 + 5


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


@pytest.mark.parametrize(("code", "needed", "of"), [("DM3", 4, 5), ("DM5", 2, 3), ("RDC8", 1, 3), ("BF3", 3, 3)])
def test_counts_of_items_are_as_changes_tells(edition: Edition, code: str, needed: int, of: int) -> None:
    criterion = edition.criteria[code]
    assert (criterion.needed, len(criterion.checklist)) == (needed, of)


@pytest.mark.parametrize(
    ("code", "window"),
    [
        ("DM1", Window.EACH_QUARTER),
        ("PA2", Window.EACH_QUARTER),
        ("RDC5", Window.EACH_QUARTER),
        ("LC2", Window.YEAR),
        ("EVAL2", Window.TWO_YEARS),
        ("RDC6", Window.TWO_YEARS),
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
    translated = dict(words(load_edition(ROOT / "criteria" / english.id, language)))
    same = [place for place, text in words(english) if translated[place] == text]
    assert same == []
    assert len(translated) > 43 * 10


BRITISH = re.compile(
    r"\b(programmes?|organis\w+|centre|catalogue\w*|behaviour|favour\w*|labour|licence)\b", re.IGNORECASE
)


def test_english_is_spelled_as_in_the_united_states(english: Edition) -> None:
    assert [place for place, text in words(english) if BRITISH.search(text)] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parts[-3]} {path.stem}")
def test_an_editor_finds_nothing_wrong_in_a_shipped_file(path: Path) -> None:
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(SCHEMA).validate(content)


def test_the_schema_of_the_editors_is_itself_right() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert len(FILES) == 43 + 45


def plain(shape: Any) -> dict[str, Any]:
    """A shape of the loader in the words of JSON Schema, without what only one of the two knows."""
    limits: dict[str, Callable[[], dict[str, Any]]] = {
        "TextShape": lambda: {"maxLength": shape.most, **({"pattern": f"^{shape.pattern}$"} if shape.pattern else {})},
        "ChoiceShape": lambda: {"enum": [str(word) for word in shape.allowed]},
        "FlagShape": lambda: {"type": "boolean"},
        "NumberShape": lambda: {"minimum": shape.least, "maximum": shape.most},
        "ListShape": lambda: {"minItems": shape.least, "maxItems": shape.most, "items": plain(shape.shape)},
        "FieldsShape": lambda: {
            "properties": {key: plain(part) for key, part in shape.keys.items()},
            "required": sorted(shape.keys.keys() - shape.optional),
        },
    }
    return limits[type(shape).__name__]()


def compared(schema: dict[str, Any], wanted: dict[str, Any]) -> dict[str, Any]:
    """The part of a schema that `wanted` speaks of, references followed."""
    whole = {**SCHEMA["$defs"].get(schema.get("$ref", "").rpartition("/")[2], {}), **schema}
    whole.setdefault("minItems", 0)
    whole["required"] = sorted(whole.get("required", ()))
    found = {key: whole.get(key) for key in wanted}
    if "items" in wanted:
        found["items"] = compared(whole["items"], wanted["items"])
    if "properties" in wanted:
        assert sorted(whole["required"]) == sorted(wanted["required"]), "every key that may not be left out is required"
        names = wanted["properties"]
        found["properties"] = {key: compared(part, names.get(key, {})) for key, part in whole["properties"].items()}
    return found


def test_editors_and_the_app_draw_the_same_limits() -> None:
    wanted = plain(CRITERION)
    assert compared(SCHEMA, wanted) == wanted
