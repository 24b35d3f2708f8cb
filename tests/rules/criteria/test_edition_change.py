"""What becomes of what between two editions: on small made-up ones, on any succession, and on the two that ship."""

from dataclasses import replace
from itertools import chain
from random import Random
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.adapters.criteria.editions import load_edition, load_succession
from app.rules.criteria.edition import Criterion, Edition
from app.rules.criteria.edition_change import (
    SUCCESSION_NAMES,
    CriterionSuccession,
    ItemPair,
    Succession,
    SuccessionItem,
    SuccessionKind,
    SuccessionStep,
    derive_successions,
    succeed_by_itself,
)
from app.settings import ROOT

Part = TypeVar("Part")

NOW = load_edition(ROOT / "criteria" / "wwc-2022")
BEFORE = load_edition(ROOT / "criteria" / "wwc-2018")
SAMPLE: Criterion = NOW.criteria["DM1"]


def edition(name: str, *codes: str) -> Edition:
    """An edition of these codes in this order; nothing else of it matters here."""
    return replace(NOW, id=name, criteria={code: replace(SAMPLE, code=code) for code in codes})


def pair(old: str, new: str) -> ItemPair:
    """`pair("A1.one", "B1.two")`"""
    return ItemPair(SuccessionItem(*old.split(".")), SuccessionItem(*new.split(".")))


OLD = edition("old", "A1", "A2", "A3", "A4", "A5", "A6")
NEW = edition("new", "A1", "B2", "B3", "B4", "B5", "B6")
STEPS = (
    SuccessionStep(("A1",), ("A1",), (pair("A1.one", "A1.two"),)),
    SuccessionStep(("A2",), ("B2",)),
    SuccessionStep(("A4", "A3"), ("B3",), (pair("A4.y", "B3.y"), pair("A3.x", "B3.x"))),
    SuccessionStep(("A5",), ("B5", "B4"), (pair("A5.p", "B5.p"), pair("A5.q", "B4.q"))),
    SuccessionStep(("A6",), ()),
    SuccessionStep((), ("B6",)),
)
THERE = Succession("old", "new", True, STEPS)


def test_each_kind_of_move_says_what_becomes_of_what() -> None:
    assert derive_successions(OLD, NEW, THERE) == (
        CriterionSuccession(SuccessionKind.SAME, ("A1",), "A1", (pair("A1.one", "A1.two"),)),
        CriterionSuccession(SuccessionKind.RENAMED, ("A2",), "B2"),
        CriterionSuccession(SuccessionKind.MERGED, ("A3", "A4"), "B3", (pair("A3.x", "B3.x"), pair("A4.y", "B3.y"))),
        CriterionSuccession(SuccessionKind.SPLIT, ("A5",), "B4", (pair("A5.q", "B4.q"),)),
        CriterionSuccession(SuccessionKind.SPLIT, ("A5",), "B5", (pair("A5.p", "B5.p"),)),
        CriterionSuccession(SuccessionKind.NEW, (), "B6"),
        CriterionSuccession(SuccessionKind.RETIRED, ("A6",), None),
    )


def test_the_way_back_splits_what_was_merged_and_merges_what_was_split() -> None:
    assert derive_successions(NEW, OLD, THERE.inverse()) == (
        CriterionSuccession(SuccessionKind.SAME, ("A1",), "A1", (pair("A1.two", "A1.one"),)),
        CriterionSuccession(SuccessionKind.RENAMED, ("B2",), "A2"),
        CriterionSuccession(SuccessionKind.SPLIT, ("B3",), "A3", (pair("B3.x", "A3.x"),)),
        CriterionSuccession(SuccessionKind.SPLIT, ("B3",), "A4", (pair("B3.y", "A4.y"),)),
        CriterionSuccession(SuccessionKind.MERGED, ("B4", "B5"), "A5", (pair("B4.q", "A5.q"), pair("B5.p", "A5.p"))),
        CriterionSuccession(SuccessionKind.NEW, (), "A6"),
        CriterionSuccession(SuccessionKind.RETIRED, ("B6",), None),
    )


def test_from_cycle_to_cycle_every_criterion_and_every_item_stays() -> None:
    stayed = derive_successions(NOW, NOW, succeed_by_itself(NOW))
    assert [(move.kind, move.old, move.new) for move in stayed] == [
        (SuccessionKind.SAME, (code,), code) for code in NOW.criteria
    ]
    for move in stayed:
        ids = sorted(item.id for item in NOW.criteria[move.old[0]].checklist)
        assert [(one.old, one.new.id) for one in move.items] == [
            (one.new, item) for one, item in zip(move.items, ids, strict=True)
        ]
    assert succeed_by_itself(NOW).inverse() == succeed_by_itself(NOW)


@pytest.mark.parametrize(
    ("steps", "wrong"),
    [
        (STEPS[1:], "A1"),
        (STEPS[:-1], "B6"),
        ((*STEPS, SuccessionStep(("A9",), ())), "A9"),
        ((*STEPS, SuccessionStep((), ("B9",))), "B9"),
        ((*STEPS, SuccessionStep(("A6",), ())), "A6"),
        ((*STEPS[:-1], SuccessionStep(("A6",), ("B6",))), "A6"),
        ((), "A1, A2, A3, A4, A5, A6"),
    ],
)
def test_a_code_left_out_unknown_or_used_twice_is_refused_rather_than_skipped(
    steps: tuple[SuccessionStep, ...], wrong: str
) -> None:
    with pytest.raises(ValueError, match=f"missing or used twice: {wrong}$"):
        derive_successions(OLD, NEW, replace(THERE, steps=steps))


def test_several_codes_cannot_become_several() -> None:
    tangled = Succession("old", "new", True, (SuccessionStep(tuple(OLD.criteria), tuple(NEW.criteria)),))
    with pytest.raises(ValueError, match="several codes become several"):
        derive_successions(OLD, NEW, tangled)


@pytest.mark.parametrize(
    "step", [SuccessionStep((), ()), SuccessionStep(("A1", "A2"), ()), SuccessionStep((), ("B1", "B2"))]
)
def test_a_step_with_an_empty_side_has_one_code(step: SuccessionStep) -> None:
    with pytest.raises(ValueError, match="exactly one code"):
        _ = step.kind


@pytest.mark.parametrize(("old", "new"), [(NEW, OLD), (OLD, OLD), (NEW, NEW)])
def test_a_succession_of_other_editions_is_refused(old: Edition, new: Edition) -> None:
    with pytest.raises(ValueError, match="leads from old to new"):
        derive_successions(old, new, THERE)


def test_every_kind_has_a_name() -> None:
    assert set(SUCCESSION_NAMES) == set(SuccessionKind)


SIZES = st.sampled_from([(1, 1), (2, 1), (3, 1), (1, 2), (1, 3), (1, 0), (0, 1)])


@st.composite
def successions(draw: st.DrawFn) -> tuple[Edition, Edition, Succession]:
    """Two editions, some codes of which are the same in both, and steps that name each code once."""
    steps: list[SuccessionStep] = []
    for number, (olds, news) in enumerate(draw(st.lists(SIZES, min_size=1, max_size=12))):
        old = tuple(f"A{number}{part}" for part in range(olds))
        new = tuple(f"{draw(st.sampled_from('AB'))}{number}{part}" for part in range(news))
        items = tuple(ItemPair(SuccessionItem(one, "x"), SuccessionItem(other, "y")) for one in old for other in new)
        steps.append(SuccessionStep(old, new, items))
    old_codes = draw(st.permutations([code for step in steps for code in step.old]))
    new_codes = draw(st.permutations([code for step in steps for code in step.new]))
    there = Succession("old", "new", draw(st.booleans()), tuple(steps))
    return edition("old", *old_codes), edition("new", *new_codes), there


def pairs(found: tuple[CriterionSuccession, ...]) -> set[tuple[str, str | None]]:
    """Every old code with every new one that it becomes."""
    return {(code, move.new) for move in found for code in move.old}


@given(successions())
def test_every_code_has_its_move_and_only_parts_of_a_split_share_one(
    world: tuple[Edition, Edition, Succession],
) -> None:
    old, new, there = world
    found = derive_successions(old, new, there)
    assert [move.new for move in found if move.new] == list(new.criteria)
    parts = [move for move in found if move.kind is SuccessionKind.SPLIT]
    whole = list(chain.from_iterable(move.old for move in found if move.kind is not SuccessionKind.SPLIT))
    assert sorted([*whole, *{move.old[0] for move in parts}]) == sorted(old.criteria)
    retired = [move.old[0] for move in found if move.kind is SuccessionKind.RETIRED]
    assert retired == [code for code in old.criteria if code in retired]


def mixed(random: Random, part: tuple[Part, ...]) -> tuple[Part, ...]:
    return tuple(random.sample(part, len(part)))


@given(successions(), st.randoms())
def test_the_order_of_the_steps_does_not_matter(world: tuple[Edition, Edition, Succession], random: Random) -> None:
    old, new, there = world
    shuffled = [
        SuccessionStep(mixed(random, step.old), mixed(random, step.new), mixed(random, step.items))
        for step in there.steps
    ]
    random.shuffle(shuffled)
    assert derive_successions(old, new, replace(there, steps=tuple(shuffled))) == derive_successions(old, new, there)


@given(successions())
def test_there_and_back_keeps_every_pair_of_codes_and_of_items(world: tuple[Edition, Edition, Succession]) -> None:
    old, new, there = world
    forward, back = derive_successions(old, new, there), derive_successions(new, old, there.inverse())
    assert {(b, a) for a, b in pairs(forward) if b} == {(a, b) for a, b in pairs(back) if b}
    items = {one for move in forward for one in move.items}
    assert {ItemPair(one.new, one.old) for move in back for one in move.items} == items
    assert derive_successions(old, new, there.inverse().inverse()) == forward


@given(successions())
def test_what_is_new_on_the_way_there_is_retired_on_the_way_back(world: tuple[Edition, Edition, Succession]) -> None:
    old, new, there = world
    opposite = {
        SuccessionKind.SAME: SuccessionKind.SAME,
        SuccessionKind.RENAMED: SuccessionKind.RENAMED,
        SuccessionKind.MERGED: SuccessionKind.SPLIT,
        SuccessionKind.SPLIT: SuccessionKind.MERGED,
        SuccessionKind.NEW: SuccessionKind.RETIRED,
        SuccessionKind.RETIRED: SuccessionKind.NEW,
    }
    there_kinds = {code: move.kind for move in derive_successions(old, new, there) for code in move.old}
    back_kinds = {move.new: move.kind for move in derive_successions(new, old, there.inverse()) if move.new}
    assert {code: opposite[kind] for code, kind in there_kinds.items()} == back_kinds


@pytest.mark.parametrize(("old", "new"), [(BEFORE, NOW), (NOW, BEFORE), (NOW, NOW)], ids=["there", "back", "stay"])
def test_no_code_of_the_shipped_editions_is_lost_and_every_item_is_there(old: Edition, new: Edition) -> None:
    way = load_succession(old, new)
    assert way
    found = derive_successions(old, new, way)
    assert {code for move in found for code in move.old} == set(old.criteria)
    assert [move.new for move in found if move.new] == list(new.criteria)
    for one in chain.from_iterable(move.items for move in found):
        assert one.old.id in {item.id for item in old.criteria[one.old.code].checklist}
        assert one.new.id in {item.id for item in new.criteria[one.new.code].checklist}
