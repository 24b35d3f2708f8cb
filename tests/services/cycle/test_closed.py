"""A closed assessment reads as it was on the day on which it was closed, whatever happens afterwards."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from sqlmodel import Session, col, select

from app.rules.errors import NotFound
from app.rules.evidence.piece import Visibility
from app.rules.history.verbs import Verb
from app.services.account.sessions import today_in
from app.services.assessment.ground import load_open_assessment
from app.services.assessment.overview import load_overview
from app.services.board import page as board
from app.services.criteria import criterion_page, wording
from app.services.cycle import beginning, closed
from app.services.cycle import page as cycle
from app.services.desk import Desk, Who
from app.services.evidence import changing, removing
from app.services.evidence.finding import find_piece
from app.services.history.page import HistoryLine
from app.services.report import making
from app.services.site import Site
from app.store.evidence.pieces import Evidence, EvidenceSupport
from app.store.history.events import list_events
from app.store.people import Person
from app.store.response import Response
from app.store.tables import metadata
from tests import world


def member(site: Site, email: str, city: str) -> Who:
    with site.database.reading() as session:
        person = session.exec(select(Person).where(Person.email == email)).one()
    return world.identify(site, person.id, city)


@dataclass(frozen=True)
class Demo:
    """The demonstration city with its administrator, and its assessment."""

    site: Site
    admin: Who
    run: int

    def close(self, edition: str = "wwc-2022") -> None:
        with self.site.database.writing() as session:
            open_version = load_open_assessment(session, self.admin.city).version
            desk = Desk(session, self.site, self.admin)
            asked: dict[str, Any] = {"edition": edition, "shown_edition": edition, "version": open_version}
            beginning.begin_assessment(desk, name="The next one", due_on=None, **asked)

    def desk(self, session: Session, who: Who | None = None) -> Desk:
        return Desk(session, self.site, who or self.admin)

    def board(self) -> closed.ClosedBoard:
        with self.site.database.reading() as session:
            return closed.load_closed_board(self.desk(session), self.run)

    def criterion(self, code: str, who: Who | None = None) -> closed.ClosedCriterion:
        with self.site.database.reading() as session:
            return closed.load_closed_criterion(self.desk(session, who), self.run, code)

    def all_closed(self) -> dict[str, Any]:
        """What the closed pages say of each criterion."""
        tiles = {tile.code: tile for _, row in self.board().areas for tile in row}
        return {
            code: _said(
                (tile, (page := self.criterion(code)).stand),
                page,
                page.narrative.text,
                [line.piece for line in page.pieces],
                page.items,
            )
            for code, tile in tiles.items()
        }


def _said(shown: tuple[Any, Any], page: Any, narrative: str, pieces: Any, items: Any) -> dict[str, Any]:
    tile, stand = shown
    return {
        "tile": (tile.status, str(tile.word), tile.at_risk, stand.self_rating, stand.department, stand.person),
        "narrative": narrative,
        "earlier": [line.text for line in page.earlier_texts],
        "ticks": [(item.item, item.ticked, item.backing, item.last_day) for item in items],
        "pieces": [
            (piece.id, piece.title, piece.items, piece.note, piece.source, piece.page_pointer, piece.visibility,
             piece.period_from, piece.period_to, piece.figure, piece.file, piece.link and piece.link.url)
            for piece in pieces
        ],
        "verdicts": [(line.decision, line.reason, line.by, line.at) for line in page.verdicts],
        "comments": [(line.text, line.by, line.at) for line in page.comments],
        "renewal": (stand.renewal, stand.present is None, stand.at_risk_from, stand.confidence),
    }  # fmt: skip


def all_open(demo: Demo) -> dict[str, Any]:
    """What the pages of the open assessment say of each criterion."""
    with demo.site.database.reading() as session:
        desk = demo.desk(session)
        seen = load_overview(session, demo.site, demo.admin.city, "en")
        shown = {tile.code: tile for row in board.load_board(desk).tiles.areas for tile in row.tiles}
        tiles = {stand.code: (shown[stand.code], stand) for stand in seen.stands}
        pages = {code: criterion_page.load_criterion_page(desk, code) for code in tiles}
        return {
            code: _said(tiles[code], page, page.response.narrative, page.evidence, page.checklist.items)
            for code, page in pages.items()
        }


@pytest.fixture
def demo(site: Site, demo_loaded: None) -> Demo:
    admin = member(site, "admin@newark.example", "newark")
    with site.database.reading() as session:
        return Demo(site, admin, load_open_assessment(session, admin.city).id)


def test_every_text_piece_verdict_and_reason_is_as_it_was_before_closing(demo: Demo) -> None:
    before = all_open(demo)
    assert len(before) == 43
    assert sum(bool(said["narrative"]) for said in before.values()) > 20
    assert sum(bool(said["verdicts"]) for said in before.values()) > 20
    assert sum(len(said["pieces"]) for said in before.values()) > 30
    with demo.site.database.reading() as session:
        headline = board.load_board(demo.desk(session)).headline
    demo.close()
    assert demo.all_closed() == before
    assert demo.board().headline == headline
    assert demo.board().closed_on == today_in(demo.admin.city)


MOVES = {"version", "narrative_version"}
"""What closing moves in every row, so that no page of before can be taken for one of now."""


def all_rows(demo: Demo) -> dict[str, list[dict[str, Any]]]:
    """Everything that hangs on the assessment or on a response of it, table by table."""
    with demo.site.database.engine.connect() as connection:
        tables = {table.name: table for table in metadata.sorted_tables}
        responses = set(connection.execute(select(Response.id).where(Response.assessment_id == demo.run)).scalars())
        kept: dict[str, list[dict[str, Any]]] = {}
        for name, table in tables.items():
            columns = table.columns.keys()
            given = connection.execute(table.select()).mappings()
            rows = [{name: value for name, value in row.items() if name not in MOVES} for row in given]
            if "assessment_id" in columns:
                kept[name] = [row for row in rows if row["assessment_id"] == demo.run]
            elif "response_id" in columns:
                kept[name] = [row for row in rows if row["response_id"] in responses]
        return kept


def test_no_row_of_a_closed_assessment_is_other_than_before(demo: Demo) -> None:
    """Requests, contributions, reports, scenarios and copies too, which the closed pages show in part or not at all."""
    making.make_report_file(demo.site, "newark", "en", "one-page")
    before = all_rows(demo)
    filled = {name for name, rows in before.items() if rows}
    assert filled >= {
        *("response", "checklist_answer", "verdict", "judged_response", "review_comment", "evidence_support"),
        *("evidence_request", "report", "assignment"),
    }
    demo.close()
    after = all_rows(demo)
    assert [(name, row) for name, rows in after.items() for row in rows if row not in before[name]] == []
    assert after == before


def test_history_and_last_time_tell_of_each_criterion_what_they_told_before(demo: Demo) -> None:
    with demo.site.database.reading() as session:
        city = demo.admin.city_id
        before = {code: list_events(session, city, limit=500, subject=code) for code in all_open(demo)}
    demo.close()
    told = {code: _numbers(demo.criterion(code).history) for code in before}
    assert told == {code: {event.number for event in events} for code, events in before.items()}
    assert sum(map(len, told.values())) > 100


def _numbers(lines: Sequence[HistoryLine]) -> set[int]:
    """Of all events that the lines stand for; saves of one text in a row are one line."""
    return {
        number
        for line in lines
        for number in range(line.first_number, line.number + 1)
        if line.count > 1 or number == line.number
    }


def test_it_stays_so_whatever_is_done_to_the_evidence_afterwards(demo: Demo) -> None:
    """Renamed, taken out of one criterion, removed everywhere, and one that had been removed is put back."""
    renamed, unlinked, removed, returned = _four_pieces(demo)
    _remove(demo, returned)
    before = all_open(demo)
    demo.close()
    with demo.site.database.writing() as session:
        piece = find_piece(demo.desk(session), renamed)
        entry = changing.build_entry(piece, title="Something else", period_to=None, period_from=None)
        changing.change_piece(demo.desk(session), renamed, entry, piece.row.version)
    with demo.site.database.writing() as session:
        piece = find_piece(demo.desk(session), unlinked)
        removing.withdraw_piece(demo.desk(session), unlinked, piece.row.version, piece.codes[0])
    _remove(demo, removed)
    with demo.site.database.writing() as session:
        removing.restore_piece(demo.desk(session), returned, find_piece(demo.desk(session), returned).row.version)
    assert demo.all_closed() == before


def _four_pieces(demo: Demo) -> list[int]:
    """Pieces that may be changed before the assessment is closed."""
    with demo.site.database.reading() as session:
        query = select(Evidence.id).join(EvidenceSupport, col(EvidenceSupport.evidence_id) == Evidence.id)
        query = query.join(Response, col(Response.id) == EvidenceSupport.response_id)
        query = query.where(Response.assessment_id == demo.run, col(Response.state).in_(("in_progress", "returned")))
        found = list(dict.fromkeys(session.exec(query.order_by(col(Evidence.id)))))
    assert len(found) >= 4
    return [evidence_id or 0 for evidence_id in found[:4]]


def _remove(demo: Demo, evidence_id: int) -> None:
    with demo.site.database.writing() as session:
        desk = demo.desk(session)
        removing.withdraw_piece(desk, evidence_id, find_piece(desk, evidence_id).row.version)


def test_the_citys_own_checklist_is_that_of_its_time(demo: Demo) -> None:
    _set_checklist(demo, "The roles are written down", version=0)
    before = all_open(demo)
    demo.close()
    _set_checklist(demo, "Something else is asked now", version=1)
    assert demo.all_closed() == before
    assert [item.item.text for item in demo.criterion("DM1").items] == ["The roles are written down"]


def _set_checklist(demo: Demo, checklist: str, version: int) -> None:
    with demo.site.database.writing() as session:
        wording.set_wording(demo.desk(session), "DM1", official="", checklist=checklist, needed=1, version=version)


def test_what_a_piece_said_before_it_was_changed_is_for_those_who_answer_for_it(demo: Demo) -> None:
    evidence_id = _four_pieces(demo)[0]
    demo.close()
    with demo.site.database.writing() as session:
        piece = find_piece(demo.desk(session), evidence_id)
        code = piece.codes[0]
        entry = changing.build_entry(piece, title="Without the names")
        changing.change_piece(demo.desk(session), evidence_id, entry, piece.row.version)
    shown = {who: _line(demo, code, evidence_id, who) for who in ("admin", "official")}
    assert shown["admin"].changed_since
    assert shown["admin"].piece.title not in {"", "Without the names"}
    assert (shown["official"].piece.hidden, shown["official"].piece.title) == (True, "")


def test_restricted_evidence_is_shown_to_the_same_people_as_elsewhere(demo: Demo) -> None:
    evidence_id = _four_pieces(demo)[0]
    with demo.site.database.writing() as session:
        piece = find_piece(demo.desk(session), evidence_id)
        code = piece.codes[0]
        entry = changing.build_entry(piece, visibility=Visibility.RESTRICTED)
        changing.change_piece(demo.desk(session), evidence_id, entry, piece.row.version)
    demo.close()
    assert not _line(demo, code, evidence_id, "admin").piece.hidden
    assert _line(demo, code, evidence_id, "official").piece.hidden


def _line(demo: Demo, code: str, evidence_id: int, who: str) -> Any:
    reader = member(demo.site, f"{who}@newark.example", "newark")
    return next(line for line in demo.criterion(code, reader).pieces if line.piece.id == evidence_id)


def test_history_and_reports_are_those_of_this_assessment(demo: Demo) -> None:
    making.make_report_file(demo.site, "newark", "en", "one-page")
    demo.close()
    count = len(demo.criterion("DM1").history)
    assert count > 0
    making.make_report_file(demo.site, "newark", "es", "one-page")
    assert [line.number for line in demo.board().reports] == [1]
    with demo.site.database.writing() as session:
        desk = demo.desk(session)
        desk.record(Verb.SELF_RATED, "DM1", rating="met")
    assert len(demo.criterion("DM1").history) == count
    assert demo.criterion("DM1", member(demo.site, "official@newark.example", "newark")).history == ()


def test_last_time_stands_beside_the_criterion_through_the_map_of_the_editions(demo: Demo) -> None:
    with demo.site.database.reading() as session:
        assert criterion_page.load_criterion_page(demo.desk(session), "DM1").last_verdicts == ()
    before = demo_verdict(demo, "DM1")
    demo.close("wwc-2018")
    with demo.site.database.reading() as session:
        last = criterion_page.load_criterion_page(demo.desk(session), "DG2").last_verdicts
    assert [verdict.code for verdict in last] == ["DM1", "LC5"]
    assert (last[0].decision, last[0].reason, last[0].assessment_id) == (before.decision, before.reason, demo.run)


def demo_verdict(demo: Demo, code: str) -> Any:
    with demo.site.database.reading() as session:
        return criterion_page.load_criterion_page(demo.desk(session), code).verdict


def test_it_is_found_only_in_its_own_city_and_only_while_it_is_there(demo: Demo) -> None:
    riverton = member(demo.site, "admin@riverton.example", "riverton")
    demo.close()
    with demo.site.database.reading() as session, pytest.raises(NotFound):
        closed.load_closed_board(demo.desk(session, riverton), demo.run)
    with demo.site.database.reading() as session, pytest.raises(NotFound):
        closed.load_closed_criterion(demo.desk(session), demo.run, "XX9")
    with demo.site.database.writing() as session:
        newer = load_open_assessment(session, demo.admin.city)
        number = newer.id
        cycle.undo_beginning(demo.desk(session), newer.version)
    with demo.site.database.reading() as session, pytest.raises(NotFound):
        closed.is_closed(demo.desk(session), number)
    with demo.site.database.reading() as session:
        assert not closed.is_closed(demo.desk(session), demo.run)
