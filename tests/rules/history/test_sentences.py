import ast
from pathlib import Path

import pytest

from app.rules.history.kinds import KIND_NAMES, VERBS_BY_KIND
from app.rules.history.sentences import CHOICES, SENTENCES, event_sentence
from app.rules.history.verbs import Verb

APP = Path(__file__).resolve().parents[3] / "app"
RECORDING = [path for room in ("services", "store") for path in (APP / room).rglob("*.py")]
"""Where events are written; the rules only tell of them."""


def verbs_in(path: Path) -> set[Verb]:
    """Every verb that the file names."""
    names = (node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Attribute))
    return {Verb[name.attr] for name in names if isinstance(name.value, ast.Name) and name.value.id == "Verb"}


def test_every_verb_is_one_that_the_app_records() -> None:
    assert set().union(*map(verbs_in, RECORDING)) == set(Verb)


def test_every_verb_has_a_sentence_and_every_sentence_a_verb() -> None:
    assert {key.partition(":")[0] for key in SENTENCES} == set(Verb)


def test_every_choice_of_a_verb_has_its_sentence() -> None:
    assert {key.partition(":")[0] for key in SENTENCES if ":" in key} == set(CHOICES)


def test_every_verb_is_found_by_exactly_one_filter() -> None:
    listed = [verb for verbs in VERBS_BY_KIND.values() for verb in verbs]
    assert sorted(listed) == sorted({key.partition(":")[0] for key in SENTENCES})
    assert VERBS_BY_KIND.keys() == KIND_NAMES.keys()


@pytest.mark.parametrize("key", SENTENCES)
def test_every_sentence_can_be_said_with_full_and_with_empty_details(key: str) -> None:
    verb, _, choice = key.partition(":")
    details = {CHOICES[verb]: choice} if choice else {}
    full = {"title": "Plan", "person": 2, "role": "lead", "was": "Old", "department": "Parks"}
    for given in (details, details | full):
        said = str(event_sentence(verb, "DM1", given, 1, {1: "Ana", 2: "Ben"}))
        assert "%(" not in said
        assert said.endswith(".")


def test_a_verdict_says_who_decided_what() -> None:
    said = event_sentence("verdict_given", "DM1", {"decision": "met"}, 7, {7: "Rosa"})
    assert str(said) == "Rosa decided that DM1 is met."


def test_a_person_is_called_by_the_name_of_now() -> None:
    said = event_sentence("person_added", "", {"person": 2, "role": "reviewer"}, 1, {1: "Ana", 2: "Ben"})
    assert str(said) == "Ana gave Ben access as: Reviewer."


def test_the_title_of_a_restricted_piece_is_not_told() -> None:
    said = event_sentence("evidence_added", "DM2", {"title": "", "evidence": 4}, 1, {1: "Ana"})
    assert str(said) == "Ana added a restricted piece as evidence for DM2."


def test_a_verb_from_the_future_gets_a_general_sentence() -> None:
    assert (
        str(event_sentence("planet_moved", "DM1", {}, 1, {1: "Ana"}))
        == "Ana changed something about DM1 (planet_moved)."
    )
    assert "DM1" in str(event_sentence("verdict_given", "DM1", {"decision": "maybe"}, 1, {1: "Ana"}))


def test_somebody_unknown_and_the_app_itself_have_words_too() -> None:
    assert str(event_sentence("submitted", "DM1", {}, 9, {})).startswith("Someone who left")
    assert str(event_sentence("submitted", "DM1", {}, None, {})).startswith("CityReady")


def test_a_percent_sign_in_a_name_is_only_a_percent_sign() -> None:
    assert str(event_sentence("submitted", "100 %s", {}, 1, {1: "%(verb)s"})) == "%(verb)s submitted 100 %s for review."
