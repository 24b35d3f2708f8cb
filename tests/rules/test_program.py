"""What the programme's answers say of our own, and what cannot have been said."""

from datetime import date

import pytest

from app.rules.criteria.edition import OutcomeChoice
from app.rules.errors import Invalid
from app.rules.program import (
    AnswerComparison,
    ApplicationEntry,
    OfficialAnswer,
    QuestionEntry,
    check_answers,
    check_application,
    check_question,
    compare_answer,
    confirmed_share,
    expectation_in_words,
    share_in_words,
)
from app.rules.scoring.score import VerdictKind

TODAY = date(2026, 11, 28)
MET, NOT_MET, ASKED = VerdictKind.MET, VerdictKind.NOT_MET, VerdictKind.CHANGES_ASKED


@pytest.mark.parametrize(
    ("ours", "official", "comparison"),
    [
        (MET, OfficialAnswer.MET, AnswerComparison.AGREED),
        (MET, OfficialAnswer.NOT_MET, AnswerComparison.TOO_KIND),
        (NOT_MET, OfficialAnswer.MET, AnswerComparison.TOO_STRICT),
        (NOT_MET, OfficialAnswer.NOT_MET, AnswerComparison.AGREED),
        (None, OfficialAnswer.MET, AnswerComparison.TOO_STRICT),
        (None, OfficialAnswer.NOT_MET, AnswerComparison.AGREED),
        (ASKED, OfficialAnswer.MET, AnswerComparison.TOO_STRICT),
        (MET, OfficialAnswer.UNKNOWN, None),
        (None, OfficialAnswer.UNKNOWN, None),
    ],
)
def test_our_verdict_beside_the_programmes_answer(
    ours: VerdictKind | None, official: OfficialAnswer, comparison: AnswerComparison | None
) -> None:
    assert compare_answer(ours, official) is comparison


def test_the_share_counts_only_what_we_found_met_and_the_programme_answered() -> None:
    answers = [(MET, OfficialAnswer.MET)] * 7 + [(MET, OfficialAnswer.NOT_MET)] * 2
    more = [(MET, OfficialAnswer.UNKNOWN), (NOT_MET, OfficialAnswer.MET), (None, OfficialAnswer.NOT_MET)]
    share = confirmed_share(answers + more)
    assert (share.confirmed, share.known, share.percent) == (7, 9, 77)
    assert (share.expected(24), share.expected(0)) == (18, 0)


def test_the_sentence_names_the_count_and_is_not_there_before_the_first_answer() -> None:
    share = confirmed_share([(MET, OfficialAnswer.MET), (MET, OfficialAnswer.NOT_MET)])
    assert share_in_words(confirmed_share([])) is None
    assert expectation_in_words(confirmed_share([]), 24) is None
    assert expectation_in_words(share, 0) is None
    assert str(share_in_words(share)) == "Of 2 criteria that we found met, the program has confirmed 1 so far (50 %)."
    assert str(expectation_in_words(share, 24)) == ("If it confirms the same share again, count on about 12 of our 24.")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"submitted_on": date(2026, 11, 29)}, "submitted_on"),
        ({"official_level": "diamond"}, "official_level"),
        ({"outcome": "broadband"}, "outcome"),
        ({"outcome": "air", "outcome_text": "x" * 501}, "outcome_text"),
    ],
)
def test_what_an_application_cannot_say_is_said_at_its_field(changes: dict[str, object], field: str) -> None:
    plain = {
        "submitted_on": TODAY,
        "official_level": "",
        "outcome": "",
        "outcome_text": "",
        "outcome_evidence": None,
    }
    check_application(ApplicationEntry(**plain), [OutcomeChoice.AIR], TODAY)  # type: ignore[arg-type]
    with pytest.raises(Invalid) as problem:
        check_application(ApplicationEntry(**{**plain, **changes}), [OutcomeChoice.AIR], TODAY)  # type: ignore[arg-type]
    assert set(problem.value.fields) == {field}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"code": "XX9"}, "code"),
        ({"asked_on": None}, "asked_on"),
        ({"asked_on": date(2026, 11, 29)}, "asked_on"),
        ({"question": " "}, "question"),
        ({"answered_on": date(2026, 10, 31)}, "answered_on"),
        ({"answered_on": date(2026, 11, 29)}, "answered_on"),
        ({"answer": "x" * 2001}, "answer"),
    ],
)
def test_what_a_question_cannot_say_is_said_at_its_field(changes: dict[str, object], field: str) -> None:
    plain = {
        "code": "DM1",
        "asked_on": date(2026, 11, 1),
        "question": "Who meets?",
        "answered_on": None,
        "answer": "",
    }
    check_question(QuestionEntry(**plain), ["DM1"], TODAY)  # type: ignore[arg-type]
    with pytest.raises(Invalid) as problem:
        check_question(QuestionEntry(**{**plain, **changes}), ["DM1"], TODAY)  # type: ignore[arg-type]
    assert set(problem.value.fields) == {field}


def test_an_answer_for_an_unknown_code_is_refused_at_its_field_and_so_is_one_of_no_kind() -> None:
    with pytest.raises(Invalid) as problem:
        check_answers({"XX9": ("met", ""), "DM1": ("perhaps", ""), "DM2": ("met", "x" * 501)}, ["DM1", "DM2"])
    assert set(problem.value.fields) == {"answer.XX9", "answer.DM1", "note.DM2"}
    assert str(problem.value.fields["answer.XX9"]) == "There is no criterion XX9 in this edition."
    assert check_answers({"DM1": ("met", " Yes. ")}, ["DM1"]) == {"DM1": (OfficialAnswer.MET, "Yes.")}
