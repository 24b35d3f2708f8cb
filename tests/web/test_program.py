"""What the programme said, as a browser writes and reads it."""

import re
from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from app.services.report import making
from app.services.site import Site
from app.store.database.engine import now
from app.store.program import find_application, list_questions, load_answers
from tests.conftest import ClientFor
from tests.printed_words import words_by_sheet
from tests.web.test_cycle import begin, main
from tests.world import World


@pytest.fixture
def here(seeded: World) -> str:
    return f"/alpha/cycle/{seeded.alpha.assessment_id}/program"


def answered(*said: tuple[str, str, str, str]) -> dict[str, str]:
    """The fields for (code, answer, note, version)."""
    fields: dict[str, str] = {}
    for code, answer, note, version in said:
        fields |= {f"answer.{code}": answer, f"note.{code}": note, f"version.{code}": version}
    return fields


def stored(client: TestClient, seeded: World) -> dict[str, tuple[str, str]]:
    site: Site = client.app.state.site  # type: ignore[attr-defined]
    with site.database.reading() as session:
        rows = load_answers(session, seeded.alpha.id, seeded.alpha.assessment_id)
        return {code: (row.answer, row.note) for code, row in rows.items()}


def test_official_answers_stand_beside_ours_and_say_where_we_were_too_kind(
    client_for: ClientFor, seeded: World, here: str
) -> None:
    reviewer = client_for("reviewer")
    said = answered(("DM1", "not_met", "No minutes.", "0"), ("LC5", "met", "", "0"), ("LC4", "met", "", "0"))
    assert reviewer.post(f"{here}/answers", data=said).status_code == 303
    page = main(client_for("official").get(here).text)
    kind, strict = page.index("Where we were too kind"), page.index("Where we were too strict")
    assert kind < page.index("No minutes.") < strict < page.index("Where both say the same")
    assert "We said: Met (our own review). The program said: Not met." in page
    assert client_for("official").post(f"{here}/answers", data=said).status_code == 403


def test_the_planner_says_what_our_verdicts_were_worth(client_for: ClientFor, here: str) -> None:
    reviewer = client_for("reviewer")
    assert "the program has confirmed" not in reviewer.get("/alpha/planning").text
    reviewer.post(f"{here}/answers", data=answered(("DM1", "not_met", "", "0"), ("LC4", "met", "", "0")))
    page = main(reviewer.get("/alpha/planning").text)
    assert "Of 2 criteria that we found met, the program has confirmed 1 so far (50 %)." in page
    assert "count on about 1 of our 2" in page
    assert "Data Management: 0 of 1 confirmed" in page
    assert "Leadership and Capacity: 1 of 1 confirmed" in page
    assert "Where we were too kind: DM1. We found them met and the program did not." in page
    assert "We found it met before" not in page, "what is met now is in no option"
    begin(client_for("admin"))
    assert "We found it met before, and the program did not." in main(reviewer.get("/alpha/planning").text)


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("en", "There is no criterion XX9 in this edition."), ("es", "En esta edición no hay ningún criterio XX9.")],
)
def test_an_unknown_code_is_one_clear_sentence_and_nothing_is_lost(
    language: str, sentence: str, client_for: ClientFor, seeded: World, here: str
) -> None:
    reviewer = client_for("reviewer")
    reviewer.cookies.set("cityready_language", language)
    said = answered(("XX9", "met", "", "0"), ("DM1", "met", "A long and careful note.", "0"))
    answer = reviewer.post(f"{here}/answers", data=said)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "A long and careful note." in answer.text
    assert re.search(
        r'name="answer.DM1">\s*<option value="unknown">.*?<option value="met" selected>', answer.text, re.S
    )
    assert stored(reviewer, seeded) == {}


def test_of_two_people_the_second_is_told_and_nothing_of_either_is_lost(
    client_for: ClientFor, seeded: World, here: str
) -> None:
    client_for("admin").post(f"{here}/answers", data=answered(("DM1", "met", "The first.", "0")))
    reviewer = client_for("reviewer")
    said = answered(("LC1", "met", "", "0"), ("DM1", "not_met", "The second, at length.", "0"))
    late = reviewer.post(f"{here}/answers", data=said)
    assert late.status_code == 409
    assert "Someone changed this while your page was open." in late.text
    assert "The second, at length." in late.text
    assert stored(reviewer, seeded) == {"DM1": ("met", "The first.")}


def test_a_question_has_its_days_and_can_become_a_request(client_for: ClientFor, seeded: World, here: str) -> None:
    reviewer = client_for("reviewer")
    asked = {"code": "DM1", "asked_on": "2026-10-05", "question": "Who belongs to the group?"}
    assert reviewer.post(f"{here}/questions", data=asked).status_code == 303
    page = reviewer.get(here).text
    assert "asked on October 5, 2026" in main(page)
    assert 'href="/alpha/requests/new?code=DM1"' in page
    site: Site = reviewer.app.state.site  # type: ignore[attr-defined]
    with site.database.reading() as session:
        questions = list_questions(session, seeded.alpha.id, seeded.alpha.assessment_id)
    number = next(question.id for question in questions if question.question == asked["question"])
    more = {**asked, "answered_on": "2026-10-09", "answer": "Nine people.", "version": "1"}
    assert reviewer.post(f"{here}/questions/{number}", data=more).status_code == 303
    assert "answered on October 9, 2026" in main(reviewer.get(here).text)
    late = reviewer.post(f"{here}/questions/{number}", data={**more, "answer": "Ten people, I think."})
    assert (late.status_code, "Ten people, I think." in late.text) == (409, True)
    wrong = reviewer.post(f"{here}/questions", data={**asked, "asked_on": _after_tomorrow(), "question": "Why so?"})
    assert (wrong.status_code, "This day is still to come." in wrong.text, "Why so?" in wrong.text) == (422, True, True)


def _after_tomorrow() -> str:
    return (now() + timedelta(days=2)).date().isoformat()


def test_the_outcome_is_a_third_line_wherever_the_result_is_said(
    client_for: ClientFor, seeded: World, here: str
) -> None:
    reviewer = client_for("reviewer")
    for page in ("scoring", "readiness"):
        text = main(reviewer.get(f"/alpha/{page}").text)
        assert "Outcome: Not chosen yet." in text
        assert "ask the program" in text
        assert "Cincinnati" in text
    figure = seeded.alpha.evidence["figure"]
    entry = {"outcome": "own", "outcome_text": "Fewer fires", "outcome_evidence": str(figure), "version": "0"}
    refused = reviewer.post(here, data={**entry, "outcome_evidence": str(seeded.alpha.evidence["restricted"])})
    assert (refused.status_code, "Choose one of the public figures" in refused.text) == (422, True)
    assert reviewer.post(here, data=entry).status_code == 303
    for page in ("scoring", "readiness"):
        text = main(reviewer.get(f"/alpha/{page}").text)
        assert "One of our own choice, tied to the goals of the United Nations: Fewer fires." in text
        assert f'href="/alpha/evidence/{figure}"' in reviewer.get(f"/alpha/{page}").text
    site: Site = reviewer.app.state.site  # type: ignore[attr-defined]
    for length in ("one-page", "full"):
        words = " ".join(words_by_sheet(making.make_report_file(site, "alpha", "en", length)))
        assert "Fewer fires" in words, length
        assert "ask the program" in words, length


def test_it_is_written_down_for_a_closed_assessment_too(client_for: ClientFor, seeded: World, here: str) -> None:
    begin(client_for("admin"))
    reviewer = client_for("reviewer")
    page = main(reviewer.get(here).text)
    assert "What the program says of it afterwards can still be written down here." in page
    form = {"submitted_on": "2026-10-01", "official_level": "silver", "outcome": "", "version": "0"}
    assert reviewer.post(here, data=form).status_code == 303
    reviewer.post(f"{here}/answers", data=answered(("DM1", "not_met", "No minutes.", "0")))
    closed = main(reviewer.get(f"{here.removesuffix('program')}criteria/DM1").text)
    assert "The program said: Not met." in closed
    assert "No minutes." in closed
    late = reviewer.post(here, data={**form, "official_level": "gold"})
    assert late.status_code == 409
    site: Site = reviewer.app.state.site  # type: ignore[attr-defined]
    with site.database.reading() as session:
        application = find_application(session, seeded.alpha.id, seeded.alpha.assessment_id)
    assert application
    assert (application.official_level, application.version) == ("silver", 1)
    assert "Silver" in main(client_for("official").get(here).text)


def test_another_citys_assessment_is_not_there(client_for: ClientFor, seeded: World) -> None:
    theirs = f"/alpha/cycle/{seeded.beta.assessment_id}/program"
    reviewer = client_for("reviewer")
    assert reviewer.get(theirs).status_code == 404
    assert reviewer.post(f"{theirs}/answers", data=answered(("DM1", "met", "", "0"))).status_code == 404
