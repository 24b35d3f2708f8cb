"""Review and renewal by several people at random, beside a plain model: tests/review_machine.py says how, and goes further."""

from collections.abc import Callable

import pytest

from tests.conftest import Template
from tests.review_machine import walk

STEPS = 1_200
REACHED = {
    *(
        "write",
        "tick",
        "rate",
        "bring",
        "change piece",
        "replace file",
        "remove",
        "use elsewhere",
        "submit",
        "take back",
    ),
    *("answer again", "comment", "assign", "decide met", "decide not_met", "decide changes_asked", "reopen"),
    *("confirm renewal", "return renewal"),
}
"""Steps that such a walk does not end without having made, each allowed and refused."""


@pytest.mark.only_sqlite
def test_several_people_at_the_review_do_what_a_plain_model_says(templates: Callable[[str, str], Template]) -> None:
    begun = templates("sqlite", "seeded")
    assert begun.world
    made = walk(STEPS, begun.folder, begun.world, derandomize=True)
    assert sum(made.values()) >= STEPS // 2
    assert {name for name in REACHED if not made[f"{name}: changed"]} == set()
    assert {name for name in REACHED - {"comment"} if not made[f"{name}: refused"]} == set()
