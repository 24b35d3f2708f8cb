"""The record: what it says, how it folds, and that every tampering is found."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, cast

import pytest
from sqlalchemy import text
from sqlmodel import Session

from app.rules.history.anchor import Anchor
from app.rules.history.verbs import Verb
from app.services.desk import Desk, Who
from app.services.history import page as history
from app.services.history.page import HistoryFilters, HistoryPage
from app.services.history.verifying import HistoryCheck, verify_city
from app.services.site import Site
from app.store.history import events as record
from app.store.history import recording
from app.store.history.baseline import record_first_states
from tests.conftest import WhoIs
from tests.world import World

MOMENT = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def reviewer(who: WhoIs) -> Who:
    return who("reviewer")


def page(site: Site, who: Who, filters: HistoryFilters | None = None) -> HistoryPage:
    with site.database.reading() as session:
        return history.list_events(Desk(session, site, who), filters or HistoryFilters())


def said(found: HistoryPage) -> list[str]:
    return [str(line.said) for line in found.lines]


def note(site: Site, who: Who, verb: str, subject: str = "DM1", times: int = 1, **details: Any) -> None:
    with site.database.writing() as session:
        for _ in range(times):
            record.record_event(session, who.city_id, who.person_id, cast(Verb, verb), subject, **details)


def test_the_newest_event_comes_first_as_a_sentence(site: Site, reviewer: Who) -> None:
    note(site, reviewer, "claimed", "DM2")
    note(site, reviewer, "verdict_given", "DM2", decision="not_met", reason="There is no owner.")
    found = page(site, reviewer)
    assert said(found)[:2] == [
        "Reviewer of Alpha City decided that DM2 is not met.",
        "Reviewer of Alpha City took DM2 for review.",
    ]
    assert (found.lines[0].reason, found.lines[0].code) == ("There is no owner.", "DM2")


def test_saves_of_one_narrative_in_a_row_are_one_line_with_a_count(site: Site, reviewer: Who) -> None:
    note(site, reviewer, "narrative_written", times=3)
    note(site, reviewer, "narrative_written", "DM2", times=2)
    note(site, reviewer, "item_ticked", "DM2", times=2, item="a")
    counts = [(line.code, line.count) for line in page(site, reviewer).lines[:4]]
    assert counts == [("DM2", 1), ("DM2", 1), ("DM2", 2), ("DM1", 3)]


def test_saves_by_two_people_stay_two_lines(site: Site, seeded: World, reviewer: Who) -> None:
    note(site, reviewer, "narrative_written")
    with site.database.writing() as session:
        record.record_event(session, reviewer.city_id, seeded.alpha.people["lead"], Verb.NARRATIVE_WRITTEN, "DM1")
    assert [line.count for line in page(site, reviewer).lines[:2]] == [1, 1]


def test_pages_follow_each_other_without_gap_or_repetition(site: Site, reviewer: Who) -> None:
    for number in range(130):
        note(site, reviewer, "commented", f"DM{number % 9 + 1}")
    numbers, before, sizes = [], 0, []
    while True:
        found = page(site, reviewer, HistoryFilters(before=before))
        numbers += [line.number for line in found.lines]
        sizes.append(len(found.lines))
        before = found.older
        if not before:
            break
    assert sizes[:3] == [40, 40, 40]
    assert numbers == list(range(numbers[0], 0, -1))


def test_a_long_stretch_of_typing_does_not_push_everything_else_away(site: Site, reviewer: Who) -> None:
    note(site, reviewer, "submitted", "DM2")
    note(site, reviewer, "narrative_written", times=120)
    lines = page(site, reviewer).lines
    assert (lines[0].count, lines[1].code) == (120, "DM2")


def test_filters_narrow_by_person_kind_and_criterion(site: Site, seeded: World, reviewer: Who) -> None:
    note(site, reviewer, "claimed", "DM2")
    assert len(page(site, reviewer, HistoryFilters(person=reviewer.person_id, kind="review")).lines) == 5
    assert said(page(site, reviewer, HistoryFilters(person=reviewer.person_id, criterion="DM2"))) == [
        "Reviewer of Alpha City took DM2 for review."
    ]
    assert page(site, reviewer, HistoryFilters(person=seeded.beta.people["lead"])).lines == ()


def test_an_event_about_two_criteria_is_found_by_each(site: Site, reviewer: Who) -> None:
    note(site, reviewer, "evidence_changed", "CI3, LC7", title="Plan")
    for code in ("CI3", "LC7"):
        assert len(page(site, reviewer, HistoryFilters(criterion=code)).lines) == 1
    assert page(site, reviewer, HistoryFilters(criterion="CI")).lines == ()


def test_a_city_reads_its_own_record_only(site: Site, reviewer: Who, who: WhoIs) -> None:
    note(site, reviewer, "claimed", "DM2")
    beta = who("reviewer", "beta")
    assert not any("Alpha" in sentence for sentence in said(page(site, beta)))
    with site.database.reading() as session:
        assert not any("Alpha" in row.who for row in history.export_rows(Desk(session, site, beta)))


def test_the_table_has_every_event_from_the_first_on(site: Site, reviewer: Who) -> None:
    with site.database.reading() as session:
        rows = list(history.export_rows(Desk(session, site, reviewer)))
        assert [row.number for row in rows] == list(range(1, reviewer.city.history_count + 1))
    assert rows[-1].hash == reviewer.city.history_head


def verify(site: Site, seeded: World, anchors: Sequence[Anchor] = ()) -> HistoryCheck:
    with site.database.snapshot() as session:
        return verify_city(session, seeded.alpha.id, anchors)


def sentences(found: HistoryCheck) -> list[str]:
    return [str(problem) for problem in found.problems]


def test_an_untouched_record_is_whole(site: Site, seeded: World, reviewer: Who) -> None:
    note(site, reviewer, "claimed", "DM2")
    found = verify(site, seeded)
    assert (found.whole, found.events, found.reports, found.problems) == (True, 24, 1, ())


def test_a_city_without_any_event_is_not_well_while_it_has_rows(site: Site, seeded: World) -> None:
    tamper(site, lambda session: run(session, "DELETE FROM history_event WHERE city_id = :city", city=seeded.alpha.id))
    tamper(site, lambda session: run(session, "DELETE FROM recorded_state WHERE city_id = :city", city=seeded.alpha.id))
    tamper(
        site,
        lambda session: run(
            session, "UPDATE city SET history_count = 0, history_head = '' WHERE id = :city", city=seeded.alpha.id
        ),
    )
    found = verify(site, seeded)
    assert (found.events, found.whole) == (0, False)
    assert "The verdict on LC4 is in no event: it was added from outside this app." in sentences(found)


def run(session: Session, statement: str, **values: object) -> None:
    session.connection().execute(text(statement), values)


def tamper(site: Site, change: Callable[[Session], None]) -> None:
    """Do what someone with the database in hand could: without the triggers that make the record append-only."""
    with site.database.writing() as session:
        if site.database.engine.dialect.name == "postgresql":
            run(session, "ALTER TABLE history_event DISABLE TRIGGER USER")
            run(session, "ALTER TABLE recorded_state DISABLE TRIGGER USER")
        else:
            names = session.connection().execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
            for (name,) in names.all():
                run(session, f"DROP TRIGGER {name}")
        change(session)


CHANGES = {
    "number = 999": "number = 9",
    "person_id = NULL": "number = 9",
    "verb = 'submitted'": "number = 9",
    "subject = 'DM9'": "number = 9",
    "details = '{}'": "number = 15",
    "at = '2020-01-01 00:00:00+00:00'": "number = 9",
    "previous_hash = ''": "number = 9",
    "hash = 'f'": "number = 9",
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_event_is_named(site: Site, seeded: World, change: str) -> None:
    where = CHANGES[change]
    statement = f"UPDATE history_event SET {change} WHERE city_id = :city AND {where}"
    tamper(site, lambda session: run(session, statement, city=seeded.alpha.id))
    found = verify(site, seeded)
    assert not found.whole
    assert f"Event {where.rpartition(' ')[2]} " in sentences(found)[0]


def test_a_removed_event_is_named(site: Site, seeded: World) -> None:
    tamper(
        site,
        lambda session: run(
            session, "DELETE FROM history_event WHERE city_id = :city AND number = 4", city=seeded.alpha.id
        ),
    )
    assert sentences(verify(site, seeded)) == ["Event 4 is missing from the record."]


def test_a_tail_that_was_cut_is_named(site: Site, seeded: World) -> None:
    tamper(
        site,
        lambda session: run(
            session, "DELETE FROM history_event WHERE city_id = :city AND number > 21", city=seeded.alpha.id
        ),
    )
    assert sentences(verify(site, seeded))[:3] == [
        "Something is kept of event 22, which is not in the record.",
        "Event 22 is not the one that report no. 1 shows, so the record was rewritten since.",
        "Event 22 is missing from the record.",
    ]


def rewrite(session: Session, city: int, *, until: int) -> None:
    """Cut the record after `until` and write it again so that every hash fits, the city's mark and all that is kept of its rows included."""
    kept = [event for event in record.list_chain(session, city) if event.number <= until]
    for table in ("history_event", "recorded_state"):
        run(session, f"DELETE FROM {table} WHERE city_id = :city", city=city)
    run(session, "UPDATE city SET history_count = 0, history_head = '' WHERE id = :city", city=city)
    session.expunge_all()
    for event in kept:
        record.record_event(session, city, event.person_id, Verb(event.verb), "DM9")
    record.seal_events(session)
    record_first_states(session.connection())


@pytest.mark.parametrize("until", [23, 10])
def test_a_record_that_was_written_anew_does_not_fit_the_report(site: Site, seeded: World, until: int) -> None:
    tamper(site, lambda session: rewrite(session, seeded.alpha.id, until=until))
    assert sentences(verify(site, seeded)) == [
        "Event 22 is not the one that report no. 1 shows, so the record was rewritten since."
    ]


def rewrite_with_reports(session: Session, city: int) -> None:
    run(session, "UPDATE report SET history_number = 1 WHERE city_id = :city", city=city)
    rewrite(session, city, until=23)
    head = "(SELECT hash FROM history_event WHERE city_id = report.city_id AND number = 1)"
    run(session, f"UPDATE report SET history_head = {head} WHERE city_id = :city", city=city)
    rewrite(session, city, until=23)


@pytest.mark.parametrize("shown", [64, 16])
def test_a_record_that_was_written_anew_with_its_reports_does_not_fit_an_anchor_from_outside(
    site: Site, seeded: World, shown: int
) -> None:
    before = verify(site, seeded)
    anchor = Anchor(before.number, before.head[:shown])
    assert verify(site, seeded, [anchor]).whole
    with pytest.MonkeyPatch.context() as still:
        still.setattr(recording, "now", lambda: MOMENT)
        tamper(site, lambda session: rewrite_with_reports(session, seeded.alpha.id))
    assert verify(site, seeded).whole
    found = verify(site, seeded, [anchor])
    assert sentences(found) == [f"Event 23 is not the one of your anchor {anchor}, so the record was rewritten since."]


def test_an_anchor_beyond_the_end_is_named(site: Site, seeded: World) -> None:
    assert sentences(verify(site, seeded, [Anchor(99, "0" * 64)]))[0].startswith(
        "Event 99 is not the one of your anchor"
    )


def test_a_report_whose_printed_hash_was_emptied_is_named(site: Site, seeded: World) -> None:
    tamper(site, lambda session: run(session, "UPDATE report SET history_head = ''"))
    assert sentences(verify(site, seeded))[0].startswith("Event 22 is not the one that report no. 1 shows")


def test_everything_that_does_not_fit_is_counted_and_the_first_of_it_is_told(
    site: Site, seeded: World, who: WhoIs
) -> None:
    note(site, who("reviewer"), "claimed", times=70)
    tamper(site, lambda session: run(session, "UPDATE history_event SET verb = 'x' WHERE city_id = 1 AND number > 23"))
    found = verify(site, seeded)
    assert (len(found.problems), found.more) == (50, 20)


def test_a_city_mark_that_was_moved_is_named(site: Site, seeded: World) -> None:
    tamper(
        site,
        lambda session: run(session, "UPDATE city SET history_head = 'f' WHERE id = :city", city=seeded.alpha.id),
    )
    assert "own mark" in sentences(verify(site, seeded))[0]
