"""One box over criteria, evidence, people, departments and partners: what a person may see of each, and nothing more."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from app.rules.criteria.edition import EvidenceKind
from app.rules.listing.query import ListQuery
from app.rules.message import Message, say
from app.rules.people.permissions import Role
from app.rules.people.roles import ROLE_NAMES
from app.rules.site_search import MOST_TYPED, asked_words, begins_words, criterion_words, has_words
from app.services.assessment.ground import NoAssessment
from app.services.assessment.overview import load_overview
from app.services.desk import Desk
from app.services.evidence.library import search_library
from app.services.evidence.shelf import LibrarySearch
from app.store import city, people, request

MOST_HITS = 10
"""Of each kind: who finds more has to say more."""


class HitKind(StrEnum):
    """What can be found; the order is that of the page."""

    CRITERION = "criterion"
    EVIDENCE = "evidence"
    PERSON = "person"
    DEPARTMENT = "department"
    PARTNER = "partner"


HIT_NAMES: dict[HitKind, Message] = {
    HitKind.CRITERION: say("Criteria"),
    HitKind.EVIDENCE: say("Evidence"),
    HitKind.PERSON: say("People"),
    HitKind.DEPARTMENT: say("Departments"),
    HitKind.PARTNER: say("Partners"),
}


@dataclass(frozen=True)
class SearchHit:
    """Something that was found: its name, the page below the city's address, and in words whose it is and what is known of it."""

    title: str
    path: str
    code: str = ""
    department: str = ""
    person: str = ""
    detail: Message | str = ""


@dataclass(frozen=True)
class HitGroup:
    """All of one kind; `has_more` where only the first are shown, and `more_path` leads to the rest, where there is a page for it."""

    kind: HitKind
    name: Message
    hits: tuple[SearchHit, ...]
    has_more: bool
    more_path: str = ""

    @property
    def begins_with_code(self) -> bool:
        """Whether the code of a criterion is the name of what was found."""
        return self.kind is HitKind.CRITERION

    @property
    def tells_code(self) -> bool:
        """Whether the code says where what was found belongs."""
        return self.kind is HitKind.EVIDENCE


@dataclass(frozen=True)
class SearchPage:
    """What has all words that were typed. `asked` is empty where nothing was typed that could be looked for."""

    typed: str
    asked: tuple[str, ...]
    groups: tuple[HitGroup, ...]


def search_city(desk: Desk, typed: str) -> SearchPage:
    """What the person may see in the city and that has every word; nothing for no words."""
    typed = typed[:MOST_TYPED].strip()
    asked = asked_words(typed)
    if not asked:
        return SearchPage(typed, (), ())
    groups = (find(desk, typed, asked) for action, find in FINDERS.items() if desk.who.may(action))
    return SearchPage(typed, asked, tuple(group for found in groups for group in found if group.hits))


def _group(kind: HitKind, hits: Iterator[SearchHit], more_path: str = "") -> HitGroup:
    first = [hit for hit, _ in zip(hits, range(MOST_HITS + 1), strict=False)]
    return HitGroup(kind, HIT_NAMES[kind], tuple(first[:MOST_HITS]), len(first) > MOST_HITS, more_path)


def _find_criteria(desk: Desk, typed: str, asked: tuple[str, ...]) -> list[HitGroup]:
    try:
        seen = load_overview(desk.session, desk.site, desk.who.city, desk.who.language)
    except NoAssessment:
        return []
    hits = (
        SearchHit(
            title=stand.criterion.title,
            path=f"/criteria/{stand.code}",
            code=stand.code,
            department=stand.department,
            person=stand.person,
        )
        for stand in seen.stands
        if begins_words(criterion_words(stand.criterion), asked)
    )
    more = "/criteria" + ListQuery(typed).address()
    return [_group(HitKind.CRITERION, hits, more)]


EVIDENCE_KINDS: dict[EvidenceKind, Message] = {
    EvidenceKind.FILE: say("File"),
    EvidenceKind.LINK: say("Link"),
    EvidenceKind.FIGURE: say("Figure"),
    EvidenceKind.NOTE: say("Note"),
}


def _find_evidence(desk: Desk, typed: str, asked: tuple[str, ...]) -> list[HitGroup]:
    """As the library finds it, so that nobody finds here what is closed there."""
    looked_for = LibrarySearch(word=" ".join(asked))
    library = search_library(desk, looked_for, most=MOST_HITS)
    hits = tuple(
        SearchHit(
            row.title,
            f"/evidence/{row.id}",
            code=", ".join(f"{code} {title}" for code, title in row.named_codes),
            detail=EVIDENCE_KINDS[row.kind],
        )
        for row in library.rows
        if not row.hidden
    )
    more = "/evidence" + LibrarySearch(word=typed).address(1)
    return [HitGroup(HitKind.EVIDENCE, HIT_NAMES[HitKind.EVIDENCE], hits, library.has_more, more)]


def _find_people(desk: Desk, _typed: str, asked: tuple[str, ...]) -> list[HitGroup]:
    names = {row.id: row.name for row in city.list_departments(desk.session, desk.city_id)}
    of_member = people.load_departments_by_member(desk.session, desk.city_id)
    opens = desk.who.may("people.write")
    persons = (
        SearchHit(
            title=person.name,
            path=f"/people/{membership.id}" if opens else "/people",
            department=", ".join(sorted(names[each] for each in of_member.get(membership.id, ()) if each in names)),
            detail=say("Access ended") if membership.ended_at else ROLE_NAMES[Role(membership.role)],
        )
        for membership, person in people.list_members(desk.session, desk.city_id)
        if person.scrubbed_at is None and has_words([person.name, person.email], asked)
    )
    departments = (
        SearchHit(name, f"/people/departments/{department_id}" if opens else "/people#departments")
        for department_id, name in names.items()
        if has_words([name], asked)
    )
    return [_group(HitKind.PERSON, persons), _group(HitKind.DEPARTMENT, departments)]


def _find_partners(desk: Desk, _typed: str, asked: tuple[str, ...]) -> list[HitGroup]:
    hits = (
        SearchHit(partner.name, "/partners", person=partner.contact, detail=partner.email)
        for partner in request.list_partners(desk.session, desk.city_id)
        if has_words([partner.name, partner.contact, partner.email], asked)
    )
    return [_group(HitKind.PARTNER, hits)]


FINDERS: dict[str, Callable[[Desk, str, tuple[str, ...]], list[HitGroup]]] = {
    "criteria.read": _find_criteria,
    "evidence.read": _find_evidence,
    "people.read": _find_people,
    "request.read": _find_partners,
}
"""By the right that someone needs to find anything of it."""
