"""Links that work: visits in a rhythm of their own, a copy of what was there, where a page moved, and who is told."""

from datetime import timedelta
from io import BytesIO
from typing import Any

from sqlmodel import Session

from app.adapters import files, links, mail
from app.adapters.links import LinkLook
from app.adapters.storage import receive
from app.adapters.words import tongue
from app.rules.criteria import EvidenceKind
from app.rules.errors import CityReadyError, NotFound, OutsideUnavailable, Refused
from app.rules.evidence import TITLE_LIMIT
from app.rules.evidence_entry import title_of_url
from app.rules.links import DEAD, NO_SITE, visit_again_days
from app.rules.wording import Said, say
from app.services import evidence_index, evidence_versions
from app.services.account import Who
from app.services.evidence import find, need_open, need_writer, need_writer_of_all, record, save
from app.services.evidence_adding import for_the_record, look_soon, put, row_of
from app.services.site import Site
from app.store import assessment, evidence, evidence_support, history, job, people
from app.store.city import City
from app.store.database import now
from app.store.evidence import Evidence, LinkCopy, StoredFile
from app.store.people import Person

DEAD_WHEN = 2
"""After how many visits in a row the owner is told that a link is dead."""
ROUND = 50
"""How many links one round of the worker asks to visit, so that a large library is spread over its week."""


def check_link(session: Session, who: Who, evidence_id: int) -> None:
    """Have the link visited once more, soon, and a fresh copy kept. Raises NotFound, NotAllowed."""
    found = find(session, who, evidence_id)
    if found.row.kind != EvidenceKind.LINK:
        raise NotFound(say("This evidence has no link."))
    need_writer(found)
    look_soon(session, found.row)
    record(session, who, found, "link_check_asked")


def accept_address(session: Session, who: Who, evidence_id: int, version: int) -> None:
    """Take the address that the site says the page has now. Raises Refused where none is known, Conflict, NotAllowed, NotFound."""
    found = find(session, who, evidence_id)
    need_open(found)
    need_writer_of_all(found)
    if not found.row.link_moved_to:
        raise Refused(say("No new address is known for this link. Load the page again."))
    evidence_versions.keep_first(session, found.row)
    save(session, who, found, version, url=found.row.link_moved_to)
    session.refresh(found.row)
    sha256 = evidence_versions.keep(session, found.row, who.person_id)
    look_soon(session, found.row)
    evidence_index.index(session, found.row)
    record(session, who, found, "link_address_accepted", sha256=sha256)


def enqueue_due(site: Site) -> int:
    """Ask for a visit to every link whose time has come, at most ROUND; returns how many. Safe between processes."""
    with site.database.reading() as session:
        if not evidence.is_any_link_due(session, now()):
            return 0
    with site.database.writing() as session:
        due = evidence.links_due(session, now(), ROUND)
        for row in due:
            row.link_next_at = now() + timedelta(days=1)
            session.add(row)
            job.enqueue(session, row.city_id, "link.look", evidence=row.id)
    return len(due)


def look_at_link(site: Site, city_id: int, payload: dict[str, Any]) -> None:
    """The job `link.look`: visit the address of piece `payload["evidence"]` and write down what was found.

    A copy of the page is kept where there is none, and a fresh one with `payload["keep"]`.
    """
    with site.database.reading() as session:
        row = evidence.by_id(session, city_id, payload["evidence"])
        wanted = payload.get("keep") or (row and evidence.link_copy(session, city_id, row.id or 0) is None)
    if row is None or row.kind != EvidenceKind.LINK:
        return
    look = links.look_at(row.url, private_allowed=site.settings.links_may_be_private)
    stored = _keep(site, city_id, look) if wanted else None
    with site.database.writing() as session:
        _write_down(site, session, city_id, row, look, stored)


def _keep(site: Site, city_id: int, look: LinkLook) -> StoredFile | None:
    """The copy in storage; None for what is of no kind that is kept, which is no fault of the link."""
    if look.copy is None:
        return None
    try:
        with receive(BytesIO(look.copy.content), links.COPY_BYTES) as received:
            kind = files.inspect(look.copy.name, received.file)
            return put(site, city_id, None, received, kind, look.copy.name)
    except OutsideUnavailable:
        raise
    except CityReadyError:
        return None


def _write_down(
    site: Site, session: Session, city_id: int, visited: Evidence, look: LinkLook, stored: StoredFile | None
) -> None:
    """Unless the address was changed during the visit; the change has asked for a visit of its own."""
    row = evidence.by_id(session, city_id, visited.id or 0)
    if row is None or row.url != visited.url:
        return
    moved_before = row.link_moved_to
    state = NO_SITE if look.state in DEAD and look.status is None else look.state
    row.link_state, row.link_checked_at, row.link_moved_to = state, now(), look.moved_to
    row.link_troubles = 0 if look.state == "ok" else row.link_troubles + 1
    row.link_next_at = now() + timedelta(days=visit_again_days(row.link_troubles))
    if look.title and row.title == title_of_url(row.url):
        row.title = look.title[:TITLE_LIMIT]
    session.add(row)
    evidence_index.index(session, row)
    kept = stored is not None and _copy(session, row, stored)
    _record(session, row, state=look.state, copied=kept)
    if site.settings.smtp_host and _is_news(moved_before, row):
        job.enqueue(session, city_id, "link.tell", evidence=row.id)


def _copy(session: Session, row: Evidence, stored: StoredFile) -> bool:
    """The copy's row, if the page says something else than in the newest copy; whether it was written."""
    file_id = row_of(session, stored, read=False)
    before = evidence.link_copy(session, row.city_id, row.id or 0)
    if before and before[1].id == file_id:
        return False
    session.add(LinkCopy(city_id=row.city_id, evidence_id=row.id or 0, file_id=file_id, url=row.url))
    return True


def _record(session: Session, row: Evidence, **details: object) -> None:
    run = assessment.current(session, row.city_id)
    supported = evidence_support.supported(session, row.city_id, run.id or 0 if run else 0, [row.id or 0])
    subject = ", ".join(had.criterion for had in supported.get(row.id or 0, ()))
    history.record(session, row.city_id, None, "link_checked", subject, **for_the_record(row), **details)


def _is_news(moved_before: str, row: Evidence) -> bool:
    """Whether the link has just moved, or has been found dead a second time in a row: a bad day of the line is nobody's news."""
    died = row.link_state in DEAD and row.link_troubles == DEAD_WHEN
    return died or (row.link_moved_to != "" and row.link_moved_to != moved_before)


def tell(site: Site, city_id: int, payload: dict[str, Any]) -> None:
    """The job `link.tell`: write to those who own the piece that its link died or moved. Raises ConnectionError, to be tried again."""
    with site.database.reading() as session:
        row = session.get_one(Evidence, payload["evidence"])
        of = session.get_one(City, city_id)
        owners = _owners(session, row) if row.city_id == city_id else []
    for person in owners:
        words = tongue(person.language or of.language)
        subject = say("A link of %(city)s needs you", city=of.name)
        try:
            mail.send(site.settings, person.email, words.say(subject), words.say(_letter(site, of, person, row)))
        except OutsideUnavailable as problem:
            raise ConnectionError(str(problem)) from problem


def _owners(session: Session, row: Evidence) -> list[Person]:
    """Who added the piece, while they have access; else the leads of the departments that answer for what it supports."""
    present = people.active(session, row.city_id)
    author = [person for person in present.values() if person.id == row.created_by]
    if author:
        return author
    run = assessment.current(session, row.city_id)
    if run is None:
        return []
    tasks = assessment.assignments(session, row.city_id, run.id or 0)
    found = evidence_support.supported(session, row.city_id, run.id or 0, [row.id or 0]).get(row.id or 0, ())
    owning = {tasks[had.criterion].department_id for had in found if had.criterion in tasks}
    members = people.departments_by_member(session, row.city_id)
    return [person for member, person in present.items() if not owning.isdisjoint(members.get(member, ()))]


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
