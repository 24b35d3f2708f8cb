"""Beginning the next assessment, taking that back, confirming what came along, and comparing: nothing is lost, nothing counts by itself."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier
from typing import Any

import pytest
from sqlmodel import Session, col, select

from app.rules.assessment import AssessmentState
from app.rules.criteria.edition_change import SuccessionKind
from app.rules.cycle.confirming import Confirmation, CriterionChange
from app.rules.errors import CityReadyError, Conflict, Invalid, NotAllowed, NotFound, Refused
from app.rules.review.moves import ResponseState
from app.services.assessment import ground, overview
from app.services.cycle import beginning, comparing, confirming
from app.services.cycle import page as cycle
from app.services.cycle.preview import CyclePreview, preview_cycle
from app.services.departments import changing
from app.services.desk import Desk, Who
from app.services.evidence import finding, removing
from app.services.people import members
from app.services.report import making, reports
from app.services.response import answering as responses
from app.services.response import submission
from app.services.response.answering import NarrativeChanged
from app.services.review import asking
from app.services.site import Site
from app.store import cycle as kept
from app.store.assessment import Assessment, Assignment, LocalCriterion
from app.store.evidence.files import StoredFile
from app.store.evidence.pieces import EvidenceSupport
from app.store.history import events
from app.store.response import ChecklistAnswer, NarrativeVersion, Response
from app.store.review import ReviewComment, Verdict
from app.store.tables import metadata
from tests import world
from tests.conftest import WhoIs
from tests.printed_words import words_by_sheet
from tests.services.evidence.test_page import use
from tests.world import World

NEXT = {"name": "2027 cycle", "due_on": date(2028, 6, 30), "edition": "wwc-2022", "shown_edition": "wwc-2022"}
OTHER_EDITION = {"edition": "wwc-2018", "shown_edition": "wwc-2018"}
LASTING, BOUND = "expectation", "messages"
"""Items of LC1: one that lasts, and one that has to be from the last twelve months."""


@pytest.fixture
def admin(who: WhoIs) -> Who:
    return who("admin")


@pytest.fixture
def lead(who: WhoIs) -> Who:
    return who("lead")


@pytest.fixture(autouse=True)
def answered(site: Site, seeded: World) -> None:
    """LC1 has a tick that lasts and one that does not, with a piece of evidence for each and one for both."""
    ids = seeded.alpha
    about: dict[str, Any] = {"city_id": ids.id, "response_id": ids.responses["LC1"]}
    items = {"file": [BOUND], "link": [LASTING], "figure": [LASTING, BOUND]}
    with site.database.writing() as session:
        for item in (LASTING, BOUND):
            session.add(ChecklistAnswer(**about, item=item, ticked=True))
        for kind, supported in items.items():
            row = session.exec(select(EvidenceSupport).where(EvidenceSupport.evidence_id == ids.evidence[kind])).one()
            row.item = supported[0]
            session.add(row)
            session.add_all(EvidenceSupport(**about, evidence_id=row.evidence_id, item=one) for one in supported[1:])


def begin(site: Site, who: Who, **changes: Any) -> None:
    if "version" not in changes:
        changes["version"] = open_run(site, who).version
    with site.database.writing() as session:
        beginning.begin_assessment(Desk(session, site, who), **{**NEXT, **changes})


def preview(site: Site, who: Who, edition: str = "") -> CyclePreview:
    with site.database.reading() as session:
        return preview_cycle(Desk(session, site, who), edition)


def undo(site: Site, who: Who, version: int | None = None) -> None:
    given = open_run(site, who).version if version is None else version
    with site.database.writing() as session:
        cycle.undo_beginning(Desk(session, site, who), given)


def confirm(site: Site, who: Who, code: str, answer: str, version: int | None = None) -> None:
    given = stored(site, who, code).version if version is None else version
    with site.database.writing() as session:
        confirming.confirm_response(Desk(session, site, who), code, answer, given)


def stored(site: Site, who: Who, code: str) -> Response:
    """The response in the newest assessment."""
    with site.database.reading() as session:
        query = select(Response).where(Response.city_id == who.city_id, Response.criterion == code)
        newest = session.exec(query.order_by(col(Response.id).desc())).first()
    assert newest
    return newest


def of(site: Site, table: Any, who: Who, code: str) -> list[Any]:
    with site.database.reading() as session:
        rows = session.exec(select(table).where(table.response_id == stored(site, who, code).id).order_by(table.id))
        return list(rows)


def ticked(site: Site, who: Who, code: str) -> set[str]:
    return {row.item for row in of(site, ChecklistAnswer, who, code) if row.ticked}


def supports(site: Site, who: Who, code: str) -> set[tuple[int, str]]:
    return {(row.evidence_id, row.item) for row in of(site, EvidenceSupport, who, code)}


def open_run(site: Site, who: Who) -> Assessment:
    with site.database.reading() as session:
        return ground.load_open_assessment(session, who.city)


Rows = dict[str, list[dict[str, Any]]]


def rows(site: Site) -> Rows:
    """Everything in the database."""
    with site.database.engine.connect() as connection:
        return {
            table.name: sorted((dict(row) for row in connection.execute(table.select()).mappings()), key=repr)
            for table in metadata.sorted_tables
        }


# looking


@pytest.mark.parametrize("edition", ["wwc-2022", "wwc-2018"])
def test_looking_at_what_would_happen_writes_nothing(site: Site, admin: Who, edition: str) -> None:
    before = rows(site)
    with site.database.writing() as session:
        shown = preview_cycle(Desk(session, site, admin), edition)
    assert shown.edition == edition
    assert rows(site) == before


def test_the_preview_says_what_comes_along_and_what_comes_empty(site: Site, admin: Who) -> None:
    shown = preview(site, admin)
    line = next(line for _, lines in shown.areas for line in lines if line.code == "LC1")
    assert line.kind is SuccessionKind.SAME
    assert (len(line.carried.pieces), line.carried.comments, line.carried.narrative) == (4, 0, "How the city does LC1.")
    assert (line.department, line.person) == ("Finance", "Lead of Alpha City")
    assert [item.id for item in line.carried.emptied] == [BOUND]
    assert (shown.name, shown.version, shown.inferred) == ("2027 cycle", 1, False)
    assert shown.totals
    assert (shown.totals.answers, shown.totals.pieces, shown.totals.comments, shown.totals.retired) == (8, 5, 4, 0)


def test_the_preview_of_another_edition_names_every_criterion_of_both_once(site: Site, admin: Who) -> None:
    shown = preview(site, admin, "wwc-2018")
    codes = [line.code for _, lines in shown.areas for line in lines]
    assert codes == list(site.edition("wwc-2018", "en").criteria)
    came = {code for _, lines in shown.areas for line in lines for code in line.carried.move.old}
    left = {line.code for line in shown.retired}
    assert came | left == set(site.edition("wwc-2022", "en").criteria)
    assert not came & left
    assert [(choice.id, choice.complete) for choice in shown.choices] == [("wwc-2018", False), ("wwc-2022", True)]
    assert shown.inferred


def test_what_is_previewed_is_what_happens(site: Site, admin: Who) -> None:
    shown = preview(site, admin, "wwc-2018")
    begin(site, admin, **OTHER_EDITION)
    run = open_run(site, admin)
    with site.database.reading() as session:
        found, _ = kept.load_pieces_in_use(session, admin.city_id, run.id)
        said = kept.load_comments(session, admin.city_id, run.id)
    assert shown.totals
    assert len({piece for of_one in found.values() for piece in of_one}) == shown.totals.pieces
    assert sum(map(len, said.values())) == shown.totals.comments


# beginning


def test_answers_come_along_and_nothing_of_them_counts(site: Site, admin: Who) -> None:
    begin(site, admin)
    with site.database.reading() as session:
        seen = overview.load_overview(session, site, admin.city, "en")
    assert (seen.assessment.name, seen.previous, seen.assessment.due_on) == (
        "2027 cycle",
        "2026 cycle",
        date(2028, 6, 30),
    )
    assert (seen.standing.verified, seen.standing.claimed, seen.standing.possible) == (0, 0, 43)
    came = {stand.code: stand for stand in seen.stands if stand.confirmation}
    assert came.keys() == {"LC1", "LC2", "LC3", "LC4", "LC5", "DM1", "DM2", "PA1"}
    assert {(stand.confirmation, stand.state) for stand in came.values()} == {
        (Confirmation.ASKED, ResponseState.IN_PROGRESS)
    }
    assert {str(stand.missing) for stand in came.values()} == {
        "Say first whether this answer from 2026 cycle is still true."
    }


def test_text_ticks_evidence_owner_and_comments_are_the_same_as_before(site: Site, seeded: World, admin: Who) -> None:
    ids = seeded.alpha
    before = stored(site, admin, "LC1")
    said = of(site, ReviewComment, admin, "LC4")
    begin(site, admin)
    row = stored(site, admin, "LC1")
    assert (row.narrative, row.narrative_by, row.narrative_at) == (
        before.narrative,
        before.narrative_by,
        before.narrative_at,
    )
    assert row.carried_from == before.id
    assert (row.self_rating, row.confidence, row.submitted_at, row.claimed_by) == (None, None, None, None)
    assert ticked(site, admin, "LC1") == {LASTING}
    assert supports(site, admin, "LC1") == {
        (ids.evidence["file"], ""),
        (ids.evidence["link"], LASTING),
        (ids.evidence["figure"], LASTING),
        (ids.evidence["note"], ""),
    }
    again = of(site, ReviewComment, admin, "LC4")
    assert [(one.text, one.person_id, one.at) for one in again] == [(one.text, one.person_id, one.at) for one in said]
    with site.database.reading() as session:
        run = ground.load_open_assessment(session, admin.city)
        tasks = session.exec(select(Assignment).where(Assignment.assessment_id == run.id)).all()
    owners = {task.criterion: (task.department_id, task.person_id, task.due_on) for task in tasks}
    assert len(owners) == 43
    assert owners["LC1"] == (ids.departments["finance"], ids.people["lead"], date(2028, 6, 30))


def test_verdicts_stay_where_they_were_given(site: Site, admin: Who) -> None:
    begin(site, admin)
    assert of(site, Verdict, admin, "LC4") == []
    with site.database.reading() as session:
        page = cycle.load_cycle_page(Desk(session, site, admin))
    assert [(run.name, run.is_open, run.score.met) for run in page.runs] == [
        ("2027 cycle", True, 0),
        ("2026 cycle", False, 2),
    ]


def test_pieces_and_files_are_neither_copied_nor_lost(site: Site, seeded: World, admin: Who) -> None:
    before = rows(site)
    begin(site, admin)
    begin(site, admin, name="Once more")
    after = rows(site)
    assert (after["evidence"], after["stored_file"]) == (before["evidence"], before["stored_file"])
    with site.database.reading() as session:
        for piece in seeded.alpha.in_use:
            runs = session.exec(
                select(Response.assessment_id).join(EvidenceSupport).where(EvidenceSupport.evidence_id == piece)
            )
            assert len(set(runs)) == 3
        file = session.get_one(StoredFile, seeded.alpha.file_id)
        assert b"".join(site.storage.open(file.key)) == world.FILE


def test_a_piece_that_is_only_used_stays_that_of_its_owner_in_the_next_assessment(
    site: Site, seeded: World, admin: Who, who: WhoIs
) -> None:
    note = seeded.alpha.evidence["note"]
    use(site, who("colleague"), "OD1", note)
    begin(site, admin)
    with site.database.reading() as session:
        found = finding.find_piece(Desk(session, site, who("colleague")), note)
    assert [(tie.criterion, tie.guest) for tie in found.supports] == [("LC1", False), ("OD1", True)]
    assert not found.may_write


@pytest.mark.parametrize("edition", ["wwc-2018", "wwc-2022"])
def test_no_piece_and_no_comment_is_lost_on_the_way_through_another_edition_and_back(
    site: Site, seeded: World, admin: Who, edition: str
) -> None:
    """Nothing here supports only what that edition does not have."""
    begin(site, admin, edition=edition, shown_edition=edition)
    begin(site, admin, name="Back again")
    run = open_run(site, admin)
    with site.database.reading() as session:
        found, _ = kept.load_pieces_in_use(session, admin.city_id, run.id)
        texts = [row.narrative for row in session.exec(select(Response).where(Response.assessment_id == run.id))]
        said = kept.load_comments(session, admin.city_id, run.id)
    assert {piece for of_one in found.values() for piece in of_one} == seeded.alpha.in_use
    for code in ("LC1", "LC2", "LC3", "LC4", "LC5", "DM1", "DM2", "PA1"):
        assert any(f"How the city does {code}." in text for text in texts), code
    assert sum(map(len, said.values())) >= len(world.VERDICTS)


def test_criteria_that_become_one_bring_their_texts_one_after_another(site: Site, admin: Who) -> None:
    shown = preview(site, admin, "wwc-2018")
    merged = next(
        line
        for _, lines in shown.areas
        for line in lines
        if line.kind is SuccessionKind.MERGED and {"DM1", "LC5"} == set(line.carried.move.old)
    )
    begin(site, admin, **OTHER_EDITION)
    row = stored(site, admin, merged.code)
    assert row.narrative == "DM1\n\nHow the city does DM1.\n\nLC5\n\nHow the city does LC5."


def test_texts_that_together_are_too_long_are_kept_as_earlier_ones_with_their_authors(site: Site, admin: Who) -> None:
    with site.database.writing() as session:
        for code, person in (("DM1", "lead"), ("LC5", "reviewer")):
            row = session.get_one(Response, stored(site, admin, code).id)
            row.narrative, row.narrative_by = (
                code[0] * 15_000,
                admin.person_id if person == "lead" else row.narrative_by,
            )
            session.add(row)
    author = stored(site, admin, "LC5").narrative_by
    begin(site, admin, **OTHER_EDITION)
    row, aside = stored(site, admin, "DG2"), of(site, NarrativeVersion, admin, "DG2")
    assert [(one.text, one.person_id) for one in aside] == [("LC5\n\n" + "L" * 15_000, author)]
    assert row.narrative == "DM1\n\n" + "D" * 15_000
    assert aside[0].number < row.narrative_version


def test_only_evidence_in_use_comes_along(site: Site, seeded: World, admin: Who) -> None:
    gone = seeded.alpha.evidence["link"]
    with site.database.writing() as session:
        removing.withdraw_piece(Desk(session, site, admin), gone, 1)
    begin(site, admin)
    assert gone not in {piece for piece, _ in supports(site, admin, "LC1")}


def test_a_person_whose_access_has_ended_answers_for_nothing_in_the_new_assessment(
    site: Site, seeded: World, admin: Who
) -> None:
    with site.database.writing() as session:
        members.end_access(Desk(session, site, admin), seeded.alpha.memberships["lead"], 1)
    begin(site, admin)
    with site.database.reading() as session:
        tasks = session.exec(select(Assignment).where(Assignment.assessment_id == open_run(site, admin).id)).all()
    task = next(task for task in tasks if task.criterion == "LC1")
    assert (task.department_id, task.person_id) == (seeded.alpha.departments["finance"], None)


def test_a_city_s_own_checklist_keeps_its_ticks(site: Site, seeded: World, admin: Who) -> None:
    items = '[{"id": "own-1", "text": "A plan is adopted."}, {"id": "own-2", "text": "Seen this year.", "window": "12-months"}]'
    with site.database.writing() as session:
        session.add(
            LocalCriterion(city_id=admin.city_id, edition="wwc-2022", criterion="LC2", checklist=items, needed=1)
        )
        about = {"city_id": admin.city_id, "response_id": seeded.alpha.responses["LC2"]}
        session.add_all(ChecklistAnswer(**about, item=item, ticked=True) for item in ("own-1", "own-2"))
    begin(site, admin)
    assert ticked(site, admin, "LC2") == {"own-1"}


def test_only_what_was_looked_at_can_be_begun(site: Site, admin: Who) -> None:
    before = rows(site)
    for wrong in ({"edition": "wwc-2018"}, {"edition": "wwc-1999"}, {"name": " "}, {"due_on": date(2126, 1, 1)}):
        with pytest.raises(Invalid):
            begin(site, admin, **wrong)
    with pytest.raises(Conflict):
        begin(site, admin, version=2)
    assert rows(site) == before


def test_another_city_is_not_touched(site: Site, seeded: World, admin: Who) -> None:
    def of_beta(found: Rows) -> Rows:
        return {name: [row for row in of if row.get("city_id") == seeded.beta.id] for name, of in found.items()}

    before = of_beta(rows(site))
    begin(site, admin)
    undo(site, admin)
    assert of_beta(rows(site)) == before


def at_once(site: Site, *steps: Callable[[], None]) -> list[CityReadyError | None]:
    barrier = Barrier(len(steps))

    def run(step: Callable[[], None]) -> CityReadyError | None:
        barrier.wait()
        try:
            step()
        except CityReadyError as problem:
            return problem
        return None

    with ThreadPoolExecutor(len(steps)) as pool:
        return list(pool.map(run, steps))


def test_of_two_who_begin_at_once_one_begins(site: Site, admin: Who) -> None:
    found = at_once(site, *[lambda: begin(site, admin, version=1)] * 4)
    assert sum(problem is None for problem in found) == 1
    assert {type(problem) for problem in found if problem} == {Conflict}
    with site.database.reading() as session:
        assert len(kept.list_assessments(session, admin.city_id)) == 2


def test_a_text_written_while_the_next_cycle_begins_is_not_lost(site: Site, admin: Who, lead: Who) -> None:
    def write() -> None:
        with site.database.writing() as session:
            responses.write_narrative(Desk(session, site, lead), "LC1", "Written in that moment.", 1)

    _, problem = at_once(site, lambda: begin(site, admin, version=1), write)
    if problem is None:
        assert stored(site, admin, "LC1").narrative == "Written in that moment."
    else:
        assert isinstance(problem, NarrativeChanged)
        assert problem.found.mine == "Written in that moment."


def test_a_page_of_before_cannot_be_taken_for_one_of_the_new_assessment(site: Site, admin: Who, lead: Who) -> None:
    begin(site, admin)
    with pytest.raises(NarrativeChanged), site.database.writing() as session:
        responses.write_narrative(Desk(session, site, lead), "LC1", "From an old page.", 1)
    with pytest.raises(Conflict), site.database.writing() as session:
        responses.set_self_rating(Desk(session, site, lead), "LC1", "met", 1)


# taking it back

CHANGES_WITH_TIME = {"history_event", "recorded_state", "city", "sign_in_session"}
VERSIONS = ("version", "narrative_version")


def without_versions(found: Rows) -> Rows:
    return {
        name: [{key: value for key, value in row.items() if key not in VERSIONS} for row in of]
        for name, of in found.items()
        if name not in CHANGES_WITH_TIME
    }


@pytest.mark.parametrize("edition", ["wwc-2022", "wwc-2018"])
def test_taking_the_beginning_back_restores_everything(site: Site, admin: Who, edition: str) -> None:
    before = rows(site)
    begin(site, admin, edition=edition, shown_edition=edition)
    assert len(rows(site)["response"]) > len(before["response"])
    undo(site, admin)
    after = rows(site)
    assert without_versions(after) == without_versions(before)
    assert len(after["history_event"]) == len(before["history_event"]) + 2
    for old_page in (1, 2):
        with pytest.raises(Conflict):
            begin(site, admin, version=old_page)
    begin(site, admin)
    assert open_run(site, admin).name == "2027 cycle"


def test_what_leaves_the_assessment_as_it_was_does_not_stand_in_the_way(site: Site, admin: Who) -> None:
    begin(site, admin)
    with site.database.writing() as session:
        changing.add_department(Desk(session, site, admin), "Parks")
    undo(site, admin)
    assert open_run(site, admin).name == "2026 cycle"


Work = Callable[[Session, Site, Who], None]


@pytest.mark.parametrize(
    ("work", "said"),
    [
        (lambda session, site, who: responses.write_narrative(Desk(session, site, who), "BF1", "New.", 0), "wrote the narrative of BF1"),
        (lambda session, site, who: asking.add_comment(Desk(session, site, who), "BF1", "Who does this?"), "commented on BF1"),
        (lambda session, site, who: confirming.confirm_response(Desk(session, site, who), "LC1", "yes", 2), "LC1 is still true"),
    ],
)  # fmt: skip
def test_once_work_has_begun_it_stays_and_the_reason_is_said(site: Site, admin: Who, work: Work, said: str) -> None:
    begin(site, admin)
    with site.database.writing() as session:
        work(session, site, admin)
    before = rows(site)
    with pytest.raises(Refused) as problem:
        undo(site, admin)
    assert str(problem.value).startswith("Work on 2027 cycle has begun, so it stays: Admin of Alpha City")
    assert said in str(problem.value)
    assert rows(site) == before
    with site.database.reading() as session:
        page = cycle.load_cycle_page(Desk(session, site, admin))
    assert not page.undoable
    assert page.why_not == problem.value.said


def test_what_was_not_begun_from_another_cannot_be_taken_back(site: Site, admin: Who) -> None:
    with pytest.raises(Refused):
        undo(site, admin)


def test_a_report_in_somebody_s_hands_can_still_be_checked(site: Site, admin: Who) -> None:
    begin(site, admin)
    with site.database.writing() as session:
        number, _ = reports.order_report(Desk(session, site, admin), "en", "one-page")
    undo(site, admin)
    with site.database.reading() as session:
        assert reports.load_report(Desk(session, site, admin), number).number == number
        assert [run.name for run in cycle.load_cycle_page(Desk(session, site, admin)).runs] == ["2026 cycle"]
        undone = session.exec(select(Assessment).where(Assessment.state == "undone")).one()
        assert not session.exec(select(Response).where(Response.assessment_id == undone.id)).all()


# confirming


@pytest.fixture
def begun(site: Site, admin: Who) -> None:
    begin(site, admin)


@pytest.mark.usefixtures("begun")
@pytest.mark.parametrize("answer", ["yes", "changed"])
def test_an_answer_that_is_confirmed_or_changed_stays_as_it_is_and_can_be_submitted(
    site: Site, lead: Who, answer: str
) -> None:
    before = stored(site, lead, "LC1")
    with pytest.raises(Refused) as problem, site.database.writing() as session:
        submission.submit_response(Desk(session, site, lead), "LC1", before.version)
    assert str(problem.value) == "Say first whether this answer from 2026 cycle is still true."
    confirm(site, lead, "LC1", answer)
    row = stored(site, lead, "LC1")
    assert (row.confirmation, row.narrative, row.state) == (answer, before.narrative, "in_progress")
    assert ticked(site, lead, "LC1") == {LASTING}
    with site.database.writing() as session:
        submission.submit_response(Desk(session, site, lead), "LC1", row.version)
    assert stored(site, lead, "LC1").state == "submitted"
    with pytest.raises(Refused):
        confirm(site, lead, "LC1", "no_longer")


@pytest.mark.usefixtures("begun")
def test_what_is_no_longer_true_loses_its_ticks_and_keeps_its_text_aside(site: Site, lead: Who) -> None:
    text = stored(site, lead, "LC1").narrative
    confirm(site, lead, "LC1", "no_longer")
    row = stored(site, lead, "LC1")
    assert (row.confirmation, row.narrative, row.state) == ("no_longer", "", "in_progress")
    assert ticked(site, lead, "LC1") == set()
    assert [one.text for one in of(site, NarrativeVersion, lead, "LC1")] == [text]
    with site.database.reading() as session:
        event = events.list_events(session, lead.city_id, limit=1)[0]
    assert (event.verb, event.subject) == ("carried_confirmed", "LC1")
    assert f'"{LASTING}"' in event.details


@pytest.mark.usefixtures("begun")
@pytest.mark.parametrize("answer", ["yes", "changed"])
def test_no_longer_can_be_taken_back(site: Site, lead: Who, answer: str) -> None:
    text = stored(site, lead, "LC1").narrative
    confirm(site, lead, "LC1", "no_longer")
    confirm(site, lead, "LC1", answer)
    row = stored(site, lead, "LC1")
    assert (row.confirmation, row.narrative) == (answer, text)
    assert ticked(site, lead, "LC1") == {LASTING}


@pytest.mark.usefixtures("begun")
@pytest.mark.parametrize("last", ["It is done differently now.", ""])
def test_what_was_written_after_no_longer_is_not_replaced_by_the_old_text(site: Site, lead: Who, last: str) -> None:
    confirm(site, lead, "LC1", "no_longer")
    for text in ("A first try.", last):
        with site.database.writing() as session:
            version = stored(site, lead, "LC1").narrative_version
            responses.write_narrative(Desk(session, site, lead), "LC1", text, version)
    confirm(site, lead, "LC1", "changed")
    assert stored(site, lead, "LC1").narrative == last


@pytest.mark.usefixtures("begun")
def test_the_same_answer_twice_is_recorded_once_and_an_old_page_is_noticed(site: Site, lead: Who) -> None:
    version = stored(site, lead, "LC1").version
    confirm(site, lead, "LC1", "yes", version)
    before = rows(site)
    confirm(site, lead, "LC1", "yes", version)
    assert rows(site) == before
    with pytest.raises(Conflict):
        confirm(site, lead, "LC1", "no_longer", version)
    assert rows(site) == before


@pytest.mark.usefixtures("begun")
def test_only_who_answers_for_a_criterion_confirms_it_and_only_what_came_along(
    site: Site, lead: Who, who: WhoIs
) -> None:
    with pytest.raises(NotAllowed):
        confirm(site, who("colleague"), "LC1", "yes")
    with pytest.raises(Refused), site.database.writing() as session:
        confirming.confirm_response(Desk(session, site, lead), "BF1", "yes", 1)
    with pytest.raises(Invalid):
        confirm(site, lead, "LC1", "asked")


@pytest.mark.usefixtures("begun")
def test_a_lead_confirms_several_at_once_all_or_none(site: Site, lead: Who) -> None:
    with site.database.reading() as session:
        page = confirming.load_confirm_page(Desk(session, site, lead))
    assert [line.stand.code for line in page.lines] == ["LC1", "LC2", "LC3", "LC4", "LC5"]
    assert str(page.confirmed) == "0 of 5 answers carried over from 2026 cycle are confirmed."
    before, answers = rows(site), {line.stand.code: ("yes", line.version) for line in page.lines}
    with pytest.raises(Conflict), site.database.writing() as session:
        confirming.confirm_responses(Desk(session, site, lead), {**answers, "LC5": ("changed", 1)})
    assert rows(site) == before
    with site.database.writing() as session:
        assert (
            confirming.confirm_responses(Desk(session, site, lead), {**answers, "LC5": ("changed", answers["LC5"][1])})
            == 5
        )
    with site.database.reading() as session:
        again = confirming.load_confirm_page(Desk(session, site, lead))
        assert cycle.load_cycle_page(Desk(session, site, lead)).carried is not None
    assert str(again.confirmed) == "4 of 5 answers carried over from 2026 cycle are confirmed."


@pytest.mark.only_sqlite
@pytest.mark.usefixtures("begun")
@pytest.mark.parametrize("length", ["one-page", "full"])
def test_a_report_says_how_many_answers_came_along_and_what_became_of_them(site: Site, lead: Who, length: str) -> None:
    for code, answer in (("LC1", "yes"), ("LC2", "yes"), ("LC3", "changed"), ("LC4", "no_longer")):
        confirm(site, lead, code, answer)
    text = " ".join(words_by_sheet(making.make_report_file(site, "alpha", "en", length)))
    assert (
        "8 answers were carried over from 2026 cycle; confirmed: 2, changed: 1, no longer true: 1, not answered yet: 4."
        in text
    )


# comparing


def decide(site: Site, who: Who, decisions: dict[str, str]) -> None:
    run = open_run(site, who)
    with site.database.writing() as session:
        for code, decision in decisions.items():
            query = select(Response).where(Response.assessment_id == run.id, Response.criterion == code)
            row = session.exec(query).first() or Response(city_id=who.city_id, assessment_id=run.id, criterion=code)
            row.state = "decided"
            session.add(row)
            session.flush()
            given: dict[str, Any] = {"city_id": who.city_id, "response_id": row.id, "reviewer_id": who.person_id}
            session.add(Verdict(**given, decision=decision))


def compared(site: Site, who: Who, *ids: str) -> dict[CriterionChange, list[str]]:
    with site.database.reading() as session:
        page = comparing.compare_assessments(Desk(session, site, who), *ids)
    return {group.change: [one.code for one in group.criteria] for group in page.groups}


def test_two_cycles_of_one_edition_show_what_was_gained_and_lost(site: Site, admin: Who) -> None:
    begin(site, admin)
    decide(site, admin, {"DM1": "met", "LC1": "met", "LC4": "not_met"})
    found = compared(site, admin)
    assert (found[CriterionChange.RECONFIRMED], found[CriterionChange.GAINED], found[CriterionChange.LOST]) == (
        ["DM1"],
        ["LC1"],
        ["LC4"],
    )
    assert (found[CriterionChange.WAITING], found[CriterionChange.NEW], found[CriterionChange.RETIRED]) == ([], [], [])
    assert len(found[CriterionChange.OPEN]) == 40


def test_before_anything_is_decided_what_was_met_is_not_re_checked_yet(site: Site, admin: Who) -> None:
    begin(site, admin)
    assert compared(site, admin)[CriterionChange.WAITING] == ["DM1", "LC4"]


def test_cycles_of_two_editions_are_compared_through_what_became_of_each_criterion(site: Site, admin: Who) -> None:
    begin(site, admin, **OTHER_EDITION)
    found = compared(site, admin)
    shown = sum(map(len, found.values()))
    assert shown == 45 + len(found[CriterionChange.RETIRED])
    assert len(found[CriterionChange.RETIRED]) == 5
    assert len(found[CriterionChange.NEW]) == 1
    first, second = (str(run.id) for run in runs(site, admin))
    assert len(compared(site, admin, first, second)[CriterionChange.NEW]) == 5


def runs(site: Site, who: Who) -> list[Assessment]:
    with site.database.reading() as session:
        return kept.list_assessments(session, who.city_id)


def test_only_assessments_of_the_own_city_can_be_compared(site: Site, seeded: World, admin: Who) -> None:
    begin(site, admin)
    mine, theirs = str(open_run(site, admin).id), str(seeded.beta.assessment_id)
    for ids in ((theirs, mine), (mine, theirs), (mine, "nine"), (mine, "0")):
        with pytest.raises(NotFound):
            compared(site, admin, *ids)


# the first one


def test_an_administrator_opens_the_first_assessment_of_a_city(site: Site, seeded: World, admin: Who) -> None:
    with site.database.writing() as session:
        run = session.get_one(Assessment, seeded.alpha.assessment_id)
        run.state = AssessmentState.UNDONE
        session.add(run)
    shown = preview(site, admin)
    assert (shown.closing, shown.version, shown.edition, shown.areas) == (None, 0, "wwc-2022", ())
    found = at_once(site, *[lambda: begin(site, admin, version=0)] * 2)
    assert [type(problem) for problem in found if problem] == [Conflict]
    with site.database.reading() as session:
        seen = overview.load_overview(session, site, admin.city, "en")
        assert (seen.assessment.name, seen.previous) == ("2027 cycle", "")
        assert events.list_events(session, admin.city_id, limit=1)[0].person_id == admin.person_id
    assert {stand.state for stand in seen.stands} == {ResponseState.NOT_STARTED}


def test_the_record_says_who_began_and_from_what(site: Site, admin: Who) -> None:
    begin(site, admin)
    with site.database.reading() as session:
        event = events.list_events(session, admin.city_id, limit=1)[0]
    assert (event.verb, event.subject, event.person_id) == ("cycle_begun", "2027 cycle", admin.person_id)
    assert '"was": "2026 cycle"' in event.details
