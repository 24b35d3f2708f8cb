"""What time does to the result, over many cities and days."""

from datetime import date, timedelta
from random import Random

from app.rules.message import NamedCriteria
from app.rules.scoring.forecast import (
    NO_LEVEL_LOST,
    criteria_at_risk,
    drop_in_words,
    explain_outlook,
    forecast_score,
    lapses_until,
    list_lapses,
)
from tests.rules.scoring.test_forecast import EDITION, TODAY

CODES = list(EDITION.criteria)


def test_that_no_level_is_lost_is_never_said_beside_what_is_out_of_date() -> None:
    chance, calm = Random(43), 0
    for _ in range(2_000):
        met = set(chance.sample(CODES, chance.randint(0, len(CODES)))) | {
            code for code in ("DM1", "LC1", "PA1") if chance.random() < 0.9
        }
        days = {code: TODAY + timedelta(days=chance.randint(-200, 900)) for code in met if chance.random() < 0.08}
        at_risk = tuple(sorted(criteria_at_risk(met, days, TODAY)))
        drop = next((lapse for lapse in list_lapses(EDITION, met, days, TODAY) if lapse.drops), None)
        said = explain_outlook(
            NamedCriteria(EDITION.id, at_risk),
            drop_in_words(drop, 1) if drop else None,
            has_level=forecast_score(EDITION, met, days, TODAY).certifiable,
        )
        assert said
        assert not (at_risk and NO_LEVEL_LOST in said)
        assert all(code in str(said[0]) for code in at_risk)
        if NO_LEVEL_LOST in said:
            calm += 1
            held = forecast_score(EDITION, met, days, TODAY).level
            assert forecast_score(EDITION, met, days, date.max).level == held
    assert 100 < calm < 1_900, "both kinds occur"


def test_paper_looks_twelve_months_ahead_and_counts_what_comes_after() -> None:
    days = {"DM1": TODAY + timedelta(days=20), "DM2": TODAY + timedelta(days=365), "DM3": TODAY + timedelta(days=366)}
    near, later = lapses_until(list_lapses(EDITION, CODES, days, TODAY), TODAY + timedelta(days=365))
    assert [lapse.codes for lapse in near] == [("DM1",), ("DM2",)]
    assert later == 1
    assert lapses_until((), TODAY) == ((), 0)
