"""Every result can be unfolded to its rules, and done again from what the trace holds."""

import json
from datetime import date
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.adapters.criteria.editions import load_edition
from app.rules.scoring.score import VerdictKind, explain_score
from app.rules.scoring.trace import (
    RULE_MEANINGS,
    ScoringRule,
    edition_version,
    replay_trace,
    trace_as_data,
    trace_score,
)
from app.settings import ROOT

NOW, THEN = (load_edition(ROOT / "criteria" / name) for name in ("wwc-2022", "wwc-2018"))
CODES = list(NOW.criteria)
VERDICTS = st.dictionaries(st.sampled_from(CODES), st.sampled_from([VerdictKind.MET, VerdictKind.NOT_MET]))
DAYS = st.dates(date(2026, 1, 1), date(2029, 1, 1))


@given(VERDICTS, st.none() | DAYS, st.dictionaries(st.sampled_from(CODES), DAYS))
def test_replaying_what_json_has_kept_gives_the_same_trace(
    verdicts: dict[str, VerdictKind], day: date | None, lapses: dict[str, date]
) -> None:
    found = trace_score(NOW, verdicts, day, lapses)
    assert replay_trace(NOW, json.loads(json.dumps(trace_as_data(found)))) == found


@given(VERDICTS, st.randoms())
def test_the_order_of_the_answers_never_matters(verdicts: dict[str, VerdictKind], random: Random) -> None:
    shuffled = list(verdicts.items())
    random.shuffle(shuffled)
    assert trace_score(NOW, dict(shuffled)) == trace_score(NOW, verdicts)


@given(VERDICTS, st.sampled_from(CODES))
def test_one_more_criterion_met_never_lowers_the_level(verdicts: dict[str, VerdictKind], more: str) -> None:
    levels = ["none", "silver", "gold", "platinum"]
    before, after = trace_score(NOW, verdicts).score, trace_score(NOW, verdicts | {more: VerdictKind.MET}).score
    assert levels.index(after.level) >= levels.index(before.level)
    assert after.met >= before.met


@given(VERDICTS, st.sampled_from(["LC1", "DM1", "PA1"]))
def test_an_open_core_criterion_always_vetoes(verdicts: dict[str, VerdictKind], core: str) -> None:
    score = trace_score(NOW, verdicts | {core: VerdictKind.NOT_MET}).score
    assert (score.level, score.certifiable) == ("none", False)


def test_the_steps_say_what_each_rule_made_of_it() -> None:
    verdicts = dict.fromkeys(CODES[:30], VerdictKind.MET) | {"PA1": VerdictKind.MET}
    found = trace_score(NOW, verdicts, date(2027, 3, 1), {"DM2": date(2027, 3, 1), "DM3": date(2027, 3, 2)})
    results = {step.rule: step.result for step in found.steps}
    assert list(results) == list(ScoringRule) == list(RULE_MEANINGS)
    assert len(results[ScoringRule.VERDICTS]) == len(verdicts)
    assert results[ScoringRule.FRESHNESS] == ["DM2"]
    assert results[ScoringRule.COUNT]["met"] == len(verdicts) - 1
    assert results[ScoringRule.CORE] == []
    assert results[ScoringRule.LEVEL] == found.score.level


def test_where_prerequisites_block_the_trace_names_what_is_missing() -> None:
    code, needed = next((code, one.prerequisites[0]) for code, one in THEN.criteria.items() if one.prerequisites)
    found = trace_score(THEN, {code: VerdictKind.MET})
    step = next(step for step in found.steps if step.rule is ScoringRule.PREREQUISITES)
    assert (found.score.met, found.score.blocked) == (0, (code,))
    assert step.result == [code]
    assert needed in THEN.criteria[code].prerequisites
    assert "1 more is met, but waits for a prerequisite" in str(explain_score(found.score))


def test_the_version_of_an_edition_is_that_of_its_rules_in_every_language() -> None:
    assert edition_version(NOW) == edition_version(load_edition(ROOT / "criteria" / "wwc-2022", "es"))
    assert edition_version(NOW) != edition_version(THEN)


@pytest.mark.parametrize("data", [{}, {"verdicts": {"DM1": "fine"}, "lapses": {}, "as_of": None}])
def test_what_is_no_trace_is_refused(data: dict[str, object]) -> None:
    with pytest.raises((KeyError, ValueError)):
        replay_trace(NOW, data)
