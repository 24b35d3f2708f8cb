"""Links that work: visits in a rhythm of their own, a copy of what was there, where a page moved, and who is told."""

from datetime import timedelta
from io import BytesIO
from typing import Any

from sqlmodel import Session

from app.adapters import files, links, mail
from app.adapters.links import PageVisit
from app.adapters.storage import receive_file
from app.adapters.translations import load_translator
from app.rules.criteria import EvidenceKind
from app.rules.errors import CityReadyError, NotFound, OutsideUnavailable, Refused
from app.rules.evidence.entry import title_of_url
from app.rules.evidence.piece import TITLE_LIMIT
from app.rules.history.verbs import Verb
from app.rules.job import JobKind
from app.rules.links import DEAD, NO_SITE, is_clean, visit_again_days
from app.rules.message import Said, say
from app.rules.permissions import Role
from app.services.desk import Desk
from app.services.evidence import events, search_words, versions
from app.services.evidence.adding import look_soon, put, row_of
from app.services.evidence.page import find, need_open, need_writer, record, save
from app.services.evidence.pieces import reach_of
from app.services.site import Site
from app.store import assessment, job, people
from app.store.city import City
from app.store.database.engine import now
from app.store.evidence import pieces, support
from app.store.evidence.pieces import Evidence, LinkCopy, StoredFile
from app.store.people import Person

DEAD_WHEN = 2
"""After how many visits in a row the owner is told that a link is dead."""
ROUND = 50
"""How many links one round of the worker asks to visit, so that a large library is spread over its week."""


def check_link(desk: Desk, evidence_id: int) -> None:
    """Have the link visited once more, soon, and a fresh copy kept; nothing while a visit is on its way.

    Raises NotFound, NotAllowed, and Refused for a piece that is removed or disposed of.
    """
    found = find(desk, evidence_id)
    if found.row.kind != EvidenceKind.LINK:
        raise NotFound(say("This evidence has no link."))
    need_writer(found)
    if found.row.withdrawn_at:
        raise Refused(say("This evidence is removed, so its link is not checked."))
    if not job.is_open(desk.session, desk.city_id, JobKind.LOOK_AT_LINK, evidence=found.id):
        look_soon(desk.session, found.row)
        record(desk, found, Verb.LINK_CHECK_ASKED)


def accept_address(desk: Desk, evidence_id: int, version: int) -> None:
    """Take the address that the site says the page has now. Raises Refused where none is known, Conflict, NotAllowed, NotFound."""
    found = find(desk, evidence_id)
    need_open(found)
    if not is_clean(found.row.link_moved_to):
        raise Refused(say("No new address is known for this link. Load the page again."))
    versions.keep_first(desk.session, found.row)
    save(desk, found, version, url=found.row.link_moved_to)
    desk.session.refresh(found.row)
    sha256 = versions.keep(desk.session, found.row, desk.who.person_id)
    look_soon(desk.session, found.row)
    search_words.index(desk.session, found.row)
    record(desk, found, Verb.LINK_ADDRESS_ACCEPTED, sha256=sha256)


def enqueue_due(site: Site) -> int:
    """Ask for a visit to every link whose time has come, at most ROUND; returns how many. Safe between processes."""
    with site.database.reading() as session:
        if not pieces.is_any_link_due(session, now()):
            return 0
    with site.database.writing() as session:
        due = pieces.links_due(session, now(), ROUND)
        for row in due:
            row.link_next_at = now() + timedelta(days=1)
            session.add(row)
            job.enqueue(session, row.city_id, JobKind.LOOK_AT_LINK, evidence=row.id)
    return len(due)


def look_at_link(site: Site, city_id: int, payload: dict[str, Any]) -> None:
    """The job `link.look`: visit the address of piece `payload["evidence"]` and write down what was found.

    A copy of the page is kept where there is none, and a fresh one with `payload["keep"]`. A piece that was removed is left alone.
    """
    with site.database.reading() as session:
        row = pieces.by_id(session, city_id, payload["evidence"])
        wanted = payload.get("keep") or (row and pieces.link_copy(session, city_id, row.id) is None)
    if row is None or row.kind != EvidenceKind.LINK or row.withdrawn_at:
        return
    look = links.visit_page(row.url, private_allowed=site.settings.links_may_be_private)
    stored = _keep(site, city_id, look) if wanted else None
    with site.database.writing() as session:
        _write_down(site, session, city_id, row, look, stored)


def _keep(site: Site, city_id: int, look: PageVisit) -> StoredFile | None:
    """The copy in storage; None for what is of no kind that is kept, which is no fault of the link."""
    if look.copy is None:
        return None
    try:
        with receive_file(BytesIO(look.copy.content), links.COPY_BYTES) as received:
            kind = files.inspect_file(look.copy.name, received.file)
            return put(site, city_id, None, received, kind, look.copy.name)
    except OutsideUnavailable:
        raise
    except CityReadyError:
        return None


def _write_down(
    site: Site, session: Session, city_id: int, visited: Evidence, look: PageVisit, stored: StoredFile | None
) -> None:
    """Unless the piece was removed during the visit, or its address changed: the change has asked for a visit of its own."""
    row = pieces.by_id(session, city_id, visited.id)
    if row is None or row.url != visited.url or row.withdrawn_at:
        return
    named = _lend_title(session, row, look.title)
    moved_before = row.link_moved_to
    state = NO_SITE if look.state in DEAD and look.status is None else look.state
    row.link_state, row.link_checked_at, row.link_moved_to = state, now(), look.moved_to
    row.link_troubles = 0 if look.state == "ok" else row.link_troubles + 1
    row.link_next_at = now() + timedelta(days=visit_again_days(row.link_troubles))
    session.add(row)
    search_words.index(session, row)
    kept = stored is not None and _copy(session, row, stored)
    events.of_piece(session, row, Verb.LINK_CHECKED, state=look.state, copied=kept, **named)
    if site.settings.smtp_host and _is_news(moved_before, row):
        for person_id in _owners(session, row):
            job.enqueue(session, city_id, JobKind.TELL_OF_LINK, evidence=row.id, person=person_id)


def _lend_title(session: Session, row: Evidence, title: str | None) -> dict[str, str]:
    """The page's title for a piece without one of its own, as a version that nobody wrote; its fingerprint for the record.

    A form that was open meanwhile gets a conflict, and so cannot put the old title back unseen.
    """
    if not title or row.title != title_of_url(row.url):
        return {}
    versions.keep_first(session, row)
    if not pieces.save(session, row.city_id, row.id, row.version, title=title[:TITLE_LIMIT]):
        return {}
    session.refresh(row)
    return {"sha256": versions.keep(session, row, None)}


def _copy(session: Session, row: Evidence, stored: StoredFile) -> bool:
    """The copy's row, if the page says something else than in the newest copy; whether it was written."""
    file_id = row_of(session, stored, read=False)
    before = pieces.link_copy(session, row.city_id, row.id)
    if before and before[1].id == file_id:
        return False
    session.add(LinkCopy(city_id=row.city_id, evidence_id=row.id, file_id=file_id, url=row.url))
    return True


def give_up(session: Session, city_id: int, payload: dict[str, Any], _told: Said | None) -> None:
    """After the last attempt: a link that nothing is known of has no clear answer, until it is visited in its own time."""
    row = pieces.by_id(session, city_id, payload["evidence"])
    if row and row.kind == EvidenceKind.LINK and row.link_state == "" and row.withdrawn_at is None:
        row.link_state, row.link_checked_at = "unknown", now()
        session.add(row)
        events.of_piece(session, row, Verb.LINK_CHECKED, state=row.link_state, copied=False)


def _is_news(moved_before: str, row: Evidence) -> bool:
    """Whether the link has just moved, or has been found dead a second time in a row: a bad day of the line is nobody's news."""
    died = row.link_state in DEAD and row.link_troubles == DEAD_WHEN
    return died or (row.link_moved_to != "" and row.link_moved_to != moved_before)


def tell(site: Site, city_id: int, payload: dict[str, Any]) -> None:
    """The job `link.tell`: write to `payload["person"]` that the link of `payload["evidence"]` died or moved, while that is so.

    Nothing is sent to somebody who may not open the piece any more. Raises OutsideUnavailable when the mail server does not take it.
    """
    with site.database.reading() as session:
        row = pieces.by_id(session, city_id, payload["evidence"])
        person = _may_be_told(session, row, payload.get("person")) if row and _is_still_so(row) else None
        of = session.get_one(City, city_id)
    if row and person:
        words = load_translator(person.language or of.language)
        subject = say("A link of %(city)s needs you", city=of.name)
        mail.send_mail(site.settings, person.email, words.say(subject), words.say(_letter(site, of, person, row)))


def _is_still_so(row: Evidence) -> bool:
    return row.withdrawn_at is None and (row.link_state in DEAD or row.link_moved_to != "")


def _may_be_told(session: Session, row: Evidence, person_id: int | None) -> Person | None:
    """The person, while they have access to the city and may open the piece."""
    member = people.membership_of(session, row.city_id, person_id or 0)
    if member is None or member.ended_at:
        return None
    departments = people.department_ids(session, row.city_id, member.id)
    mine = reach_of(session, row.city_id, member.person_id, Role(member.role), departments)
    had = support.supported(session, row.city_id, mine.assessment_id, [row.id]).get(row.id, ())
    opens = mine.opens(row.visibility, had)
    return session.get(Person, member.person_id) if opens else None


def _owners(session: Session, row: Evidence) -> list[int]:
    """Who added the piece, while they have access; else the leads of the departments that answer for what it supports."""
    present = people.active(session, row.city_id)
    author = [person.id for person in present.values() if person.id == row.created_by]
    if author:
        return author
    run = assessment.current(session, row.city_id)
    if run is None:
        return []
    tasks = assessment.assignments(session, row.city_id, run.id)
    found = support.supported(session, row.city_id, run.id, [row.id]).get(row.id, ())
    owning = {tasks[had.criterion].department_id for had in found if had.criterion in tasks}
    members = people.departments_by_member(session, row.city_id)
    return [person.id for member, person in present.items() if not owning.isdisjoint(members.get(member, ()))]


def _letter(site: Site, of: City, person: Person, row: Evidence) -> Said:
    page = f"{site.settings.public_url.rstrip('/')}/{of.slug}/evidence/{row.id}"
    values = {"name": person.name, "title": row.title, "url": row.url, "page": page}
    if row.link_moved_to:
        return say(
            "Hello %(name)s,\n\na page that you gave as evidence, “%(title)s”, has moved:\n\n%(url)s\n\nIts site names a new address. "
            "Look at it and accept it with one click:\n\n%(page)s\n",
            **values,
        )
    return say(
        "Hello %(name)s,\n\na page that you gave as evidence, “%(title)s”, does not open any more:\n\n%(url)s\n\nFind its new address, "
        "or add the document as a file. A copy of what was there, if one was kept, is here:\n\n%(page)s\n",
        **values,
    )
