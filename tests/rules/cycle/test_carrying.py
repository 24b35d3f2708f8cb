"""What comes along, per criterion, on small made-up editions."""

from dataclasses import replace

import pytest

from app.adapters.criteria.editions import load_edition
from app.rules.criteria.edition import ChecklistItem, Edition, Window
from app.rules.criteria.edition_change import (
    CriterionSuccession,
    ItemPair,
    SuccessionItem,
    SuccessionKind,
    derive_successions,
    succeed_by_itself,
)
from app.rules.cycle.carrying import PreviousResponse, carry_criterion, join_narratives, total_carried
from app.rules.review.response import NARRATIVE_LIMIT
from app.settings import ROOT

NOW = load_edition(ROOT / "criteria" / "wwc-2022")


def edition(name: str, **items: str) -> Edition:
    """`edition("old", A1="one two*")`: codes with the ids of their items; a star marks an item that is bound to a time."""
    criteria = {code: replace(NOW.criteria["DM1"], code=code, checklist=_checklist(ids)) for code, ids in items.items()}
    return replace(NOW, id=name, criteria=criteria)


def _checklist(ids: str) -> tuple[ChecklistItem, ...]:
    return tuple(
        ChecklistItem(one.rstrip("*"), f"The text of {one}", window=Window.YEAR if "*" in one else Window.NONE)
        for one in ids.split()
    )


def pairs(*both: str) -> tuple[ItemPair, ...]:
    """`pairs("A1.one B1.uno")`"""
    return tuple(ItemPair(*(SuccessionItem(*side.split(".")) for side in one.split())) for one in both)


OLD = edition("old", A1="one two* three", A2="four")
NEW = edition("new", B1="uno dos tres* cuatro")
MERGED = CriterionSuccession(
    SuccessionKind.MERGED, ("A1", "A2"), "B1", pairs("A1.one B1.uno", "A1.two B1.dos", "A1.three B1.tres", "A2.four B1.cuatro")
)  # fmt: skip


def answer(code: str, **values: object) -> PreviousResponse:
    nothing = {"narrative": "", "ticked": frozenset(), "pieces": {}, "comments": 0}
    return PreviousResponse(code=code, **{**nothing, **values})  # type: ignore[arg-type]


def test_ticks_come_along_but_not_those_that_either_edition_binds_to_a_time() -> None:
    both = {
        "A1": answer("A1", ticked=frozenset({"one", "two", "three"})),
        "A2": answer("A2", ticked=frozenset({"four"})),
    }
    carried = carry_criterion(MERGED, OLD, NEW, both)
    assert carried.ticks == ("uno", "cuatro")
    assert [item.id for item in carried.emptied] == ["dos", "tres"]


def test_what_was_not_ticked_is_not_said_to_come_empty() -> None:
    carried = carry_criterion(MERGED, OLD, NEW, {"A1": answer("A1", ticked=frozenset({"one"}))})
    assert (carried.ticks, carried.emptied) == (("uno",), ())


def test_a_piece_goes_on_supporting_items_that_last_and_otherwise_the_criterion_as_a_whole() -> None:
    had = {
        "A1": answer("A1", pieces={7: ("one", "two"), 8: ("two",), 9: ()}),
        "A2": answer("A2", pieces={7: ("four",), 10: ("gone",)}),
    }
    assert carry_criterion(MERGED, OLD, NEW, had).pieces == {7: ("cuatro", "uno"), 8: (), 9: (), 10: ()}


def test_an_item_that_a_city_s_own_checklist_has_not_is_left_out() -> None:
    own = edition("new", B1="cuatro")
    carried = carry_criterion(MERGED, OLD, own, {"A1": answer("A1", ticked=frozenset({"one"}), pieces={7: ("one",)})})
    assert (carried.ticks, carried.pieces) == ((), {7: ()})


def test_a_split_criterion_gives_each_part_everything_that_fits_there() -> None:
    whole = edition("whole", A1="one two")
    parts = edition("parts", B1="uno", B2="dos")
    had = {"A1": answer("A1", narrative="Both.", ticked=frozenset({"one", "two"}), pieces={7: ("one",)}, comments=2)}
    first = carry_criterion(
        CriterionSuccession(SuccessionKind.SPLIT, ("A1",), "B1", pairs("A1.one B1.uno")), whole, parts, had
    )
    second = carry_criterion(
        CriterionSuccession(SuccessionKind.SPLIT, ("A1",), "B2", pairs("A1.two B2.dos")), whole, parts, had
    )
    assert (first.ticks, first.pieces, first.narrative, first.comments) == (("uno",), {7: ("uno",)}, "Both.", 2)
    assert (second.ticks, second.pieces, second.narrative, second.comments) == (("dos",), {7: ()}, "Both.", 2)


def test_texts_that_become_one_are_headed_by_their_codes() -> None:
    assert join_narratives([("A1", "One."), ("A2", "  "), ("A3", "Three.")]) == ("A1\n\nOne.\n\nA3\n\nThree.", ())
    assert join_narratives([("A1", "One."), ("A2", "")]) == ("One.", ())
    assert join_narratives([]) == ("", ())


def test_no_text_is_lost_when_together_they_are_too_long() -> None:
    long = "x" * (NARRATIVE_LIMIT - 10)
    narrative, aside = join_narratives([("A1", long), ("A2", "y" * 20), ("A3", "z")])
    assert narrative == f"A1\n\n{long}"
    assert aside == (("A2", "y" * 20), ("A3", "z"))
    assert len(narrative) <= NARRATIVE_LIMIT


def test_a_single_text_at_the_limit_stays_whole() -> None:
    assert join_narratives([("A1", "x" * NARRATIVE_LIMIT)]) == ("x" * NARRATIVE_LIMIT, ())
    narrative, aside = join_narratives([("A1", "x" * NARRATIVE_LIMIT), ("A2", "y")])
    assert (narrative, aside) == ("A2\n\ny", (("A1", "x" * NARRATIVE_LIMIT),))


@pytest.mark.parametrize("had", [{"narrative": "A."}, {"ticked": frozenset({"one"})}, {"pieces": {7: ()}}])
def test_a_text_a_tick_or_a_piece_is_an_answer(had: dict[str, object]) -> None:
    assert carry_criterion(MERGED, OLD, NEW, {"A1": answer("A1", **had)}).is_answer


def test_comments_and_ticks_bound_to_a_time_are_no_answer() -> None:
    assert not carry_criterion(MERGED, OLD, NEW, {"A1": answer("A1", comments=3, ticked=frozenset({"two"}))}).is_answer
    assert not carry_criterion(MERGED, OLD, NEW, {}).is_answer


def test_the_totals_count_a_piece_once_and_leave_out_what_stays_behind() -> None:
    had = {
        "A1": answer("A1", narrative="One.", pieces={7: ()}, ticked=frozenset({"two"}), comments=1),
        "A2": answer("A2", pieces={7: (), 8: ()}, comments=2),
    }
    new = edition("new", B1="uno dos*", B2="four", B3="")
    steps = (
        CriterionSuccession(SuccessionKind.RENAMED, ("A1",), "B1", pairs("A1.two B1.dos")),
        CriterionSuccession(SuccessionKind.NEW, (), "B3"),
        CriterionSuccession(SuccessionKind.RETIRED, ("A2",), None),
    )
    found = total_carried(carry_criterion(move, OLD, new, had) for move in steps)
    assert (found.answers, found.narratives, found.pieces, found.comments) == (1, 1, 1, 1)
    assert (found.emptied, found.new, found.retired) == (1, 1, 1)


def test_in_the_same_edition_every_lasting_tick_and_piece_stays_where_it_is() -> None:
    had = {
        code: answer(code, ticked=frozenset(ids := [item.id for item in criterion.checklist]), pieces={1: tuple(ids)})
        for code, criterion in NOW.criteria.items()
    }
    for move in derive_successions(NOW, NOW, succeed_by_itself(NOW)):
        lasting = [item.id for item in NOW.criteria[move.old[0]].checklist if item.window is Window.NONE]
        carried = carry_criterion(move, NOW, NOW, had)
        assert sorted(carried.ticks) == sorted(lasting)
        assert carried.pieces == {1: tuple(sorted(lasting))}


def test_a_piece_stays_that_of_others_unless_one_of_the_criteria_that_become_one_brought_it() -> None:
    borrowed = answer("A1", pieces={7: (), 8: ()}, guests={7, 8})
    brought = answer("A2", pieces={8: ()})
    assert carry_criterion(MERGED, OLD, NEW, {"A1": borrowed, "A2": brought}).guests == {7}
