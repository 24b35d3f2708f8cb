import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.rules.history.sentences import CHOICES, KIND_NAMES, KINDS, SENTENCES, sentence
from app.store.history import baseline, recording

SERVICES = Path(__file__).resolve().parents[3] / "app" / "services"
RECORD = 3
"""Where `history.record(session, city, person, verb, ...)` takes its verb."""


def verb_places(module: ast.Module) -> dict[str, int]:
    """Functions that pass a verb on, such as `_record(session, who, verb, ...)`, with the place of the verb among their arguments."""
    places = {}
    for function in ast.walk(module):
        if isinstance(function, ast.FunctionDef):
            names = [argument.arg for argument in function.args.args if argument.arg != "self"]
            if "verb" in names:
                places[function.name] = names.index("verb")
    return places


RECORDERS = verb_places(ast.parse((SERVICES / "evidence" / "events.py").read_text(encoding="utf-8")))
"""The same of the module that others record through."""


def recorded(module: ast.Module) -> Iterator[str]:
    """Every verb that the module writes into the record."""
    places = verb_places(module)
    for call in (node for node in ast.walk(module) if isinstance(node, ast.Call)):
        name = getattr(call.func, "attr", None) or getattr(call.func, "id", "")
        owner = getattr(getattr(call.func, "value", None), "id", "")
        found = RECORDERS if owner == "events" else places
        place = found.get(name, RECORD if name == "record" else None)
        if place is not None:
            yield from (node.value for node in ast.walk(call.args[place]) if isinstance(node, ast.Constant))


def all_recorded() -> set[str]:
    return {verb for path in SERVICES.rglob("*.py") for verb in recorded(ast.parse(path.read_text(encoding="utf-8")))}


def test_every_verb_that_the_app_records_has_a_sentence() -> None:
    verbs = all_recorded()
    assert {"submitted", "verdict_given", "item_unticked", "person_added", "assigned"} <= verbs
    assert verbs - {key.partition(":")[0] for key in SENTENCES} == set()


def test_every_sentence_is_for_a_verb_that_the_app_records() -> None:
    of_the_record_itself = {baseline.VERB, recording.UNNAMED}
    assert {key.partition(":")[0] for key in SENTENCES} - all_recorded() == of_the_record_itself


def test_every_verb_is_found_by_exactly_one_filter() -> None:
    listed = [verb for verbs in KINDS.values() for verb in verbs]
    assert sorted(listed) == sorted({key.partition(":")[0] for key in SENTENCES})
    assert KINDS.keys() == KIND_NAMES.keys()


@pytest.mark.parametrize("key", SENTENCES)
def test_every_sentence_can_be_said_with_full_and_with_empty_details(key: str) -> None:
    verb, _, choice = key.partition(":")
    details = {CHOICES[verb]: choice} if choice else {}
    full = {"title": "Plan", "person": 2, "role": "lead", "was": "Old", "department": "Parks"}
    for given in (details, details | full):
        said = str(sentence(verb, "DM1", given, 1, {1: "Ana", 2: "Ben"}))
        assert "%(" not in said
        assert said.endswith(".")


def test_a_verdict_says_who_decided_what() -> None:
    said = sentence("verdict_given", "DM1", {"decision": "met"}, 7, {7: "Rosa"})
    assert str(said) == "Rosa decided that DM1 is met."


def test_a_person_is_called_by_the_name_of_now() -> None:
    said = sentence("person_added", "", {"person": 2, "role": "reviewer"}, 1, {1: "Ana", 2: "Ben"})
    assert str(said) == "Ana gave Ben access as: Reviewer."


def test_the_title_of_a_restricted_piece_is_not_told() -> None:
    said = sentence("evidence_added", "DM2", {"title": "", "evidence": 4}, 1, {1: "Ana"})
    assert str(said) == "Ana added a restricted piece as evidence for DM2."


def test_a_verb_from_the_future_gets_a_general_sentence() -> None:
    assert str(sentence("planet_moved", "DM1", {}, 1, {1: "Ana"})) == "Ana changed something about DM1 (planet_moved)."
    assert "DM1" in str(sentence("verdict_given", "DM1", {"decision": "maybe"}, 1, {1: "Ana"}))


def test_somebody_unknown_and_the_app_itself_have_words_too() -> None:
    assert str(sentence("submitted", "DM1", {}, 9, {})).startswith("Someone who left")
    assert str(sentence("submitted", "DM1", {}, None, {})).startswith("CityReady")


def test_a_percent_sign_in_a_name_is_only_a_percent_sign() -> None:
    assert str(sentence("submitted", "100 %s", {}, 1, {1: "%(verb)s"})) == "%(verb)s submitted 100 %s for review."
