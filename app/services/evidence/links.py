"""Links that work: visits in a rhythm of their own, a copy of what was there, where a page moved, and who is told."""

from datetime import timedelta
from io import BytesIO
from typing import Any

from sqlmodel import Session

from app.adapters import files, links
from app.adapters.links import PageVisit
from app.adapters.receiving import receive_file
from app.rules.city.naming import CityValues
from app.rules.criteria.edition import EvidenceKind
from app.rules.errors import CityReadyError, NotFound, OutsideUnavailable, Refused
from app.rules.evidence.entry import title_of_url
from app.rules.evidence.links import DEAD, LinkState, is_clean_url, visit_again_days
from app.rules.evidence.piece import TITLE_LIMIT
from app.rules.history.verbs import Verb
from app.rules.installation.job import JobKind
from app.rules.message import Message, say
from app.rules.people.permissions import Role
from app.services.desk import Desk
from app.services.evidence import events, search_words, versions
from app.services.evidence.adding import ensure_file_row, schedule_link_visit, store_file
from app.services.evidence.changing import record_piece_event, save_piece
from app.services.evidence.finding import find_piece, need_changeable, need_writer
from app.services.evidence.pieces import load_member_reach
from app.services.letters import mail_letter
from app.services.site import Site
from app.store import assessment, job, people
from app.store.city import load_city
from app.store.database.engine import now
from app.store.evidence import pieces, support
from app.store.evidence.files import StoredFile
from app.store.evidence.links import add_link_copy, find_link_copy, is_any_link_due, list_due_links
from app.store.evidence.pieces import Evidence
from app.store.people import Person

VISITS_UNTIL_DEAD = 2
"""After how many visits that found it dead the owner is told so."""
VISITS_PER_ROUND = 50
"""How many links one round of the worker asks to visit, so that a large library is spread over its week."""


def check_link(desk: Desk, evidence_id: int) -> None:
    """Have the link visited once more, soon, and a fresh copy kept; nothing while a visit is on its way.

    Raises NotFound, NotAllowed, and Refused for a piece that is removed or disposed of.
    """
    piece = find_piece(desk, evidence_id)
    if piece.row.kind != EvidenceKind.LINK:
        raise NotFound(say("This evidence has no link."))
    need_writer(piece)
    if piece.row.withdrawn_at:
        raise Refused(say("This evidence is removed, so its link is not checked."))
    if not job.is_job_open(desk.session, desk.city_id, JobKind.LOOK_AT_LINK, evidence=piece.id):
        schedule_link_visit(desk.session, piece.row)
        record_piece_event(desk, piece, Verb.LINK_CHECK_ASKED)


def accept_address(desk: Desk, evidence_id: int, version: int) -> None:
    """Take the address that the site says the page has now. Raises Refused where none is known, Conflict, NotAllowed, NotFound."""
    piece = find_piece(desk, evidence_id)
    need_changeable(piece)
    if not is_clean_url(piece.row.link_moved_to):
        raise Refused(say("No new address is known for this link. Load the page again."))
    versions.keep_first_version(desk.session, piece.row)
    save_piece(desk, piece, version, url=piece.row.link_moved_to)
    desk.session.refresh(piece.row)
    sha256 = versions.keep_version(desk.session, piece.row, desk.who.person_id)
    schedule_link_visit(desk.session, piece.row)
    search_words.index_piece(desk.session, piece.row)
    record_piece_event(desk, piece, Verb.LINK_ADDRESS_ACCEPTED, sha256=sha256)


def enqueue_due_visits(site: Site) -> int:
    """Ask for a visit to every link whose time has come, at most ROUND; returns how many. Safe between processes."""
    with site.database.reading() as session:
        if not is_any_link_due(session, now()):
            return 0
    with site.database.writing() as session:
        due_pieces = list_due_links(session, now(), VISITS_PER_ROUND)
        for piece in due_pieces:
            piece.link_next_at = now() + timedelta(days=1)
            job.enqueue_job(session, piece.city_id, JobKind.LOOK_AT_LINK, evidence=piece.id)
    return len(due_pieces)


def visit_link(site: Site, city_id: int, payload: dict[str, Any]) -> None:
    """The job `link.look`: visit the address of piece `payload["evidence"]` and write down what was found.

    A copy of the page is kept where there is none, and a fresh one with `payload["keep"]`. A piece that was removed is left alone.
    """
    with site.database.reading() as session:
        piece = pieces.find_piece(session, city_id, payload["evidence"])
        wants_copy = payload.get("keep") or (piece and find_link_copy(session, city_id, piece.id) is None)
    if piece is None or piece.kind != EvidenceKind.LINK or piece.withdrawn_at:
        return
    visit = links.visit_page(piece.url, private_allowed=site.settings.links_may_be_private)
    stored = _store_copy(site, city_id, visit) if wants_copy else None
    with site.database.writing() as session:
        _save_visit(site, session, city_id, piece, visit, stored)


def _store_copy(site: Site, city_id: int, visit: PageVisit) -> StoredFile | None:
    """The copy in storage; None for what is of no kind that is kept, which is no fault of the link."""
    if visit.copy is None:
        return None
    try:
        with receive_file(BytesIO(visit.copy.content), links.COPY_BYTES) as received:
            kind = files.inspect_file(visit.copy.name, received.file)
            return store_file(site, city_id, None, received, kind, visit.copy.name)
    except OutsideUnavailable:
        raise
    except CityReadyError:
        return None


def _save_visit(
    site: Site, session: Session, city_id: int, visited: Evidence, visit: PageVisit, stored: StoredFile | None
) -> None:
    """Unless the piece was removed during the visit, or its address changed: the change has asked for a visit of its own."""
    piece = pieces.find_piece(session, city_id, visited.id)
    if piece is None or piece.url != visited.url or piece.withdrawn_at:
        return
    title_details = _adopt_title(session, piece, visit.title)
    former_address = piece.link_moved_to
    state = LinkState.NO_SITE if visit.state in DEAD and visit.status is None else visit.state
    piece.link_state, piece.link_checked_at, piece.link_moved_to = state.value, now(), visit.moved_to
    piece.link_troubles = 0 if visit.state is LinkState.OPENS else piece.link_troubles + 1
    piece.link_deaths = 0 if visit.state is LinkState.OPENS else piece.link_deaths + (visit.state in DEAD)
    piece.link_next_at = now() + timedelta(days=visit_again_days(piece.link_troubles))
    search_words.index_piece(session, piece)
    is_copied = stored is not None and _add_copy(session, piece, stored)
    events.record_for_piece(session, piece, Verb.LINK_CHECKED, state=visit.state, copied=is_copied, **title_details)
    if site.settings.smtp_host and _is_news(former_address, piece):
        for person_id in _list_owners(session, piece):
            job.enqueue_job(session, city_id, JobKind.TELL_OF_LINK, evidence=piece.id, person=person_id)


def _adopt_title(session: Session, piece: Evidence, title: str | None) -> dict[str, str]:
    """The page's title for a piece without one of its own, as a version that nobody wrote; its fingerprint for the record.

    A form that was open meanwhile gets a conflict, and so cannot put the old title back unseen.
    """
    if not title or piece.title != title_of_url(piece.url):
        return {}
    versions.keep_first_version(session, piece)
    if not pieces.save_piece(session, piece.city_id, piece.id, piece.version, title=title[:TITLE_LIMIT]):
        return {}
    session.refresh(piece)
    return {"sha256": versions.keep_version(session, piece, None)}


def _add_copy(session: Session, piece: Evidence, stored: StoredFile) -> bool:
    """The copy's row, if the page says something else than in the newest copy; whether it was written."""
    file_id = ensure_file_row(session, stored, read=False)
    newest_copy = find_link_copy(session, piece.city_id, piece.id)
    if newest_copy and newest_copy[1].id == file_id:
        return False
    add_link_copy(session, piece, file_id)
    return True


def give_up_visit(session: Session, city_id: int, payload: dict[str, Any], _message: Message | None) -> None:
    """After the last attempt: a link that nothing is known of has no clear answer, until it is visited in its own time."""
    piece = pieces.find_piece(session, city_id, payload["evidence"])
    if piece and piece.kind == EvidenceKind.LINK and piece.link_state == "" and piece.withdrawn_at is None:
        piece.link_state, piece.link_checked_at = LinkState.UNKNOWN.value, now()
        events.record_for_piece(session, piece, Verb.LINK_CHECKED, state=piece.link_state, copied=False)


def has_died(piece: Evidence) -> bool:
    """Whether the link was just found dead a second time since it opened last, whatever unclear answers came between.

    A bad day of the line is nobody's news, and a trouble is told once.
    """
    return piece.link_state in DEAD and piece.link_deaths == VISITS_UNTIL_DEAD


def _is_news(former_address: str, piece: Evidence) -> bool:
    """Whether the link has just moved, or has just died."""
    return has_died(piece) or (piece.link_moved_to != "" and piece.link_moved_to != former_address)


def notify_owner(site: Site, city_id: int, payload: dict[str, Any]) -> None:
    """The job `link.tell`: write to `payload["person"]` that the link of `payload["evidence"]` died or moved, while that is so.

    Nothing is sent to someone who may not open the piece any more. Raises OutsideUnavailable when the mail server does not take it.
    """
    with site.database.reading() as session:
        piece = pieces.find_piece(session, city_id, payload["evidence"])
        person = _find_recipient(session, piece, payload.get("person")) if piece and _needs_attention(piece) else None
        city = load_city(session, city_id)
    if piece and person:
        subject = say("A link of %(city)s needs you", city=city.name)
        letter = _write_letter(site, city, person, piece)
        mail_letter(site, person.email, person.language or city.language, subject, letter)


def _needs_attention(piece: Evidence) -> bool:
    return piece.withdrawn_at is None and (piece.link_state in DEAD or piece.link_moved_to != "")


def _find_recipient(session: Session, piece: Evidence, person_id: int | None) -> Person | None:
    """The person, while they have access to the city and may open the piece."""
    member = people.find_membership(session, piece.city_id, person_id or 0)
    if member is None or member.ended_at:
        return None
    departments = people.load_department_ids(session, piece.city_id, member.id)
    reach = load_member_reach(session, piece.city_id, member.person_id, Role(member.role), departments)
    supports = support.load_supported_responses(session, piece.city_id, reach.assessment_id, [piece.id]).get(
        piece.id, ()
    )
    opens = reach.opens(piece.visibility, supports)
    return session.get(Person, member.person_id) if opens else None


def _list_owners(session: Session, piece: Evidence) -> list[int]:
    """Who added the piece, while they have access; else the leads of the departments that answer for what it supports."""
    present = people.load_active_people(session, piece.city_id)
    author = [person.id for person in present.values() if person.id == (piece.keeper_id or piece.created_by)]
    if author:
        return author
    open_assessment = assessment.find_current_assessment(session, piece.city_id)
    if open_assessment is None:
        return []
    assignments = assessment.load_assignments(session, piece.city_id, open_assessment.id)
    supports = support.load_supported_responses(session, piece.city_id, open_assessment.id, [piece.id]).get(
        piece.id, ()
    )
    owning = {
        assignments[supported.criterion].department_id for supported in supports if supported.criterion in assignments
    }
    members = people.load_departments_by_member(session, piece.city_id)
    return [person.id for member, person in present.items() if not owning.isdisjoint(members.get(member, ()))]


def _write_letter(site: Site, city: CityValues, person: Person, piece: Evidence) -> Message:
    page = f"{site.settings.public_url}/{city.slug}/evidence/{piece.id}"
    values = {"name": person.name, "title": piece.title, "url": piece.url, "page": page}
    if piece.link_moved_to:
        return say(
            "Hello %(name)s,\n\na page that you gave as evidence, “%(title)s”, has moved:\n\n%(url)s\n\nIts site names a new address. "
            "Look at it and accept it with one click:\n\n%(page)s\n",
            **values,
        )
    return say(
        "Hello %(name)s,\n\na page that you gave as evidence, “%(title)s”, no longer opens:\n\n%(url)s\n\nFind its new address, "
        "or add the document as a file. A copy of what was there, if one was kept, is here:\n\n%(page)s\n",
        **values,
    )
