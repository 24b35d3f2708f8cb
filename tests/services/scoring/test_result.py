"""Scoring a file of verdicts: the promised keys, and one sentence for every file that cannot be used."""

import json
from pathlib import Path
from typing import Any

import pytest

from app.adapters.criteria.editions import load_edition
from app.rules.errors import Invalid
from app.services.planning.answers_file import LARGEST_BYTES
from app.services.scoring.result import score_answers
from app.settings import ROOT

CODES = list(load_edition(ROOT / "criteria" / "wwc-2022").criteria)
KEYS = [
    "edition", "total", "met", "percent", "level_by_count", "core", "level", "next_level", "needed_for_next", "explanation",
]  # fmt: skip


@pytest.fixture
def answers(tmp_path: Path) -> Path:
    return tmp_path / "answers.json"


def scored(path: Path, verdicts: dict[str, Any]) -> dict[str, Any]:
    path.write_text(json.dumps({"verdicts": verdicts}))
    return score_answers("wwc-2022", path)


def test_the_result_has_exactly_the_promised_keys(answers: Path) -> None:
    assert list(scored(answers, {"DM1": "met", "DM2": "not_met"})) == KEYS


def test_what_is_left_out_or_not_met_earns_nothing(answers: Path) -> None:
    result = scored(answers, {"DM1": "met", "DM2": "not_met"})
    assert result["met"] == 1
    assert result["percent"] == 2.33
    assert result["core"] == {"required": ["LC1", "DM1", "PA1"], "open": ["LC1", "PA1"]}


@pytest.mark.parametrize(
    ("met", "percent", "level", "next_level", "needed"),
    [
        (0, 0.0, "none", "silver", 22),
        (24, 55.81, "silver", "gold", 6),
        (29, 67.44, "silver", "gold", 1),
        (30, 69.77, "gold", "platinum", 7),
        (43, 100.0, "platinum", None, 0),
    ],
)
def test_known_counts_are_scored_as_written_down(
    answers: Path, met: int, percent: float, level: str, next_level: str | None, needed: int
) -> None:
    first = ["LC1", "DM1", "PA1"] + [code for code in CODES if code not in {"LC1", "DM1", "PA1"}]
    result = scored(answers, dict.fromkeys(first[:met], "met"))
    found = [result[key] for key in ("met", "percent", "level_by_count", "level", "next_level", "needed_for_next")]
    assert found == [met, percent, level, level, next_level, needed]


def test_gold_by_count_with_a_core_criterion_open_is_no_level(answers: Path) -> None:
    result = scored(answers, dict.fromkeys([code for code in CODES if code != "DM1"][:31], "met"))
    assert (result["level_by_count"], result["level"]) == ("gold", "none")
    assert result["explanation"].startswith("Not certifiable yet")


def test_no_verdicts_at_all_is_a_score_of_none(answers: Path) -> None:
    assert scored(answers, {})["met"] == 0


def test_a_byte_order_mark_does_no_harm(answers: Path) -> None:
    answers.write_bytes(b"\xef\xbb\xbf" + b'{"verdicts": {"DM1": "met"}}')
    assert score_answers("wwc-2022", answers)["met"] == 1


@pytest.mark.parametrize(
    ("content", "part"),
    [
        ('{"verdicts": {"DM99": "met"}}', "DM99"),
        ('{"verdicts": {"dm1": "met"}}', "dm1"),
        ('{"verdicts": {"DM1": "maybe"}}', '"maybe"'),
        ('{"verdicts": {"DM1": "changes_asked"}}', "changes_asked"),
        ('{"verdicts": {"DM1": true}}', "true"),
        ('{"verdicts": {"DM1": null}}', "null"),
        ('{"verdicts": {"DM1": ["met"]}}', "DM1"),
        ('{"verdicts": {"DM1": "met", "DM1": "not_met"}}', "twice"),
        ('{"verdicts": {}, "verdicts": {}}', "twice"),
        ('{"verdicts": []}', "JSON object"),
        ('{"verdict": {}}', "JSON object"),
        ('{"verdicts": {}, "notes": 1}', "JSON object"),
        ("{}", "JSON object"),
        ("[]", "JSON object"),
        ('"met"', "JSON object"),
        ("null", "JSON object"),
        ("", "line 1"),
        ('{"verdicts":\n{"DM1": "met",}}', "line 2"),
        ("<html>", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("[" + "9" * 5_000 + "]", "not JSON"),
        ('{"verdicts": {"' + "x" * 500 + '": "met"}}', "no criterion"),
        (" " * (LARGEST_BYTES + 1), "larger than 1 MB"),
    ],
)
def test_a_file_that_cannot_be_used_gets_one_sentence(answers: Path, content: str, part: str) -> None:
    answers.write_text(content)
    with pytest.raises(Invalid) as problem:
        score_answers("wwc-2022", answers)
    sentence = str(problem.value)
    assert part in sentence
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert len(sentence) < 300


def test_files_that_are_no_text_or_not_there_get_a_sentence_too(answers: Path) -> None:
    answers.write_bytes(b"\xff\xfe\x00{")
    with pytest.raises(Invalid, match="not UTF-8"):
        score_answers("wwc-2022", answers)
    for path in (answers.parent, answers.parent / "missing.json"):
        with pytest.raises(Invalid, match="cannot be read"):
            score_answers("wwc-2022", path)


@pytest.mark.parametrize("edition", ["wwc-1999", "../wwc-2022", "", "wwc-2022/locale"])
def test_an_edition_that_is_not_there_is_named_with_those_that_are(answers: Path, edition: str) -> None:
    answers.write_text('{"verdicts": {}}')
    with pytest.raises(Invalid, match="choose wwc-2018, wwc-2022"):
        score_answers(edition, answers)
