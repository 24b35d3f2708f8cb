"""Between which levels the result lies if the departments are right."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.adapters.criteria.editions import load_edition
from app.rules.scoring.confidence import Confidence, estimate_levels, range_in_words
from app.settings import ROOT

EDITION = load_edition(ROOT / "criteria" / "wwc-2022")
CORE = ["LC1", "DM1", "PA1"]
OTHERS = [code for code in EDITION.criteria if code not in CORE]
SURE, PROBABLY, UNSURE = Confidence


def told(met: int, **claims: int) -> str:
    """What is said with so many criteria verified (the core ones first), and so many claims of each confidence after them."""
    order = iter([*CORE, *OTHERS])
    verified = [next(order) for _ in range(met)]
    given_ = {next(order): Confidence(name) for name, count in claims.items() for _ in range(count)}
    return str(range_in_words(estimate_levels(EDITION, verified, given_)))


@pytest.mark.parametrize(
    ("met", "claims", "says"),
    [
        (
            24,
            {"sure": 4, "unsure": 3},
            "At least the Silver range; the Gold range if 2 less certain ratings are confirmed.",
        ),
        (24, {"probably": 6}, "At least the Silver range; the Gold range if 6 less certain ratings are confirmed."),
        (
            24,
            {"sure": 5, "probably": 1},
            "At least the Silver range; the Gold range if 1 less certain rating is confirmed.",
        ),
        (
            24,
            {"sure": 3, "probably": 1, "unsure": 3},
            "At least the Silver range; the Gold range if 3 less certain ratings are confirmed.",
        ),
        (24, {"sure": 2, "unsure": 2}, "At least the Silver range; the other ratings do not change the level."),
        (20, {"probably": 17}, "No level for certain; the Platinum range if 17 less certain ratings are confirmed."),
        (0, {"unsure": 22}, "No level for certain; the Silver range if 22 less certain ratings are confirmed."),
    ],
)
def test_the_range_says_what_is_certain_and_what_the_next_level_hangs_on(
    met: int, claims: dict[str, int], says: str
) -> None:
    assert told(met, **claims) == says


def test_a_claim_without_a_confidence_is_taken_as_unsure_and_one_found_not_met_as_past() -> None:
    met = [*CORE, *OTHERS[:26]]
    found = estimate_levels(EDITION, met, {OTHERS[26]: None})
    assert (found.certain.level, found.hoped.level, found.unsure) == ("silver", "gold", 1)
    past = estimate_levels(EDITION, met, {OTHERS[26]: SURE}, not_met=[OTHERS[26]])
    assert past.hoped.level == "silver"


CLAIMS = st.dictionaries(st.sampled_from(list(EDITION.criteria)), st.none() | st.sampled_from(list(Confidence)))


@given(st.sets(st.sampled_from(list(EDITION.criteria))), CLAIMS)
def test_what_is_hoped_for_is_never_less_than_what_is_certain(
    met: set[str], claims: dict[str, Confidence | None]
) -> None:
    found = estimate_levels(EDITION, met, claims)
    assert found.hoped.met >= found.certain.met >= len(met)
    assert found.probable + found.unsure <= found.hoped.met - found.certain.met
