"""Who takes over what: all, by kind, criterion by criterion, or nobody yet."""

import pytest

from app.rules.errors import Invalid
from app.rules.people.handover import HeldWork, check_notes, read_held, read_successors, write_held

HELD = HeldWork(criteria=("DM1", "DM2"), requests=(7,), pieces=(3, 4), departments=(9,))
WRITERS = {1, 2, 5}


def share(typed: dict[str, str]) -> dict[int, HeldWork]:
    return read_successors(typed, HELD, WRITERS).share_out(HELD)


def test_everything_goes_to_one() -> None:
    assert share({"to": "1"}) == {1: HELD}


def test_kinds_and_single_criteria_go_elsewhere() -> None:
    shares = share({"to": "1", "to-requests": "2", "to-DM2": "5", "to-pieces": "nobody"})
    assert shares == {
        1: HeldWork(criteria=("DM1",), departments=(9,)),
        2: HeldWork(requests=(7,)),
        5: HeldWork(criteria=("DM2",)),
    }


def test_a_criterion_counts_before_its_kind() -> None:
    assert share({"to": "nobody", "to-criteria": "2", "to-DM1": "nobody"}) == {2: HeldWork(criteria=("DM2",))}


def test_nobody_yet_takes_nothing_and_is_said_in_words() -> None:
    assert share({"to": "nobody"}) == {}
    with pytest.raises(Invalid) as refused:
        share({})
    assert list(refused.value.fields) == ["to"]
    assert read_successors({}, HeldWork(), WRITERS).share_out(HeldWork()) == {}


@pytest.mark.parametrize("text", ["4", "x", "-1", "1" * 30, "²"])
def test_who_does_not_work_here_takes_nothing_over(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        share({"to": "1", "to-DM1": text})
    assert list(refused.value.fields) == ["to-DM1"]


def test_what_is_kept_reads_back() -> None:
    assert read_held(write_held(HELD)) == HELD
    assert read_held("{}") == HeldWork()
    assert not HeldWork().is_any
    assert len(HELD.in_words) == 4


def test_notes_have_an_end() -> None:
    assert check_notes("  All is in the drawer.  ") == "All is in the drawer."
    with pytest.raises(Invalid):
        check_notes("x" * 4_001)
