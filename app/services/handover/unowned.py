"""What nobody who is here owns: the data office's standing list."""

from dataclasses import dataclass

from app.services.assessment.overview import load_overview
from app.services.assessment.stand import Stand
from app.services.desk import Desk
from app.store import city, handover, people


@dataclass(frozen=True)
class UnownedCriterion:
    """`who_left` is the person named for it who is gone; empty where it has no department, or one in which nobody works."""

    stand: Stand
    who_left: str


@dataclass(frozen=True)
class LeaverWork:
    """What someone who left still has in hand."""

    membership_id: int
    name: str
    criteria: int
    requests: int
    pieces: int
    departments: int


@dataclass(frozen=True)
class UnownedPage:
    """Criteria without an owner, people who left with work in hand, and departments (id, name) in which nobody works."""

    criteria: tuple[UnownedCriterion, ...]
    leavers: tuple[LeaverWork, ...]
    empty_departments: tuple[tuple[int, str], ...]

    @property
    def is_any(self) -> bool:
        return bool(self.criteria or self.leavers or self.empty_departments)


def list_unowned(desk: Desk) -> UnownedPage:
    """Raises NotFound without an open assessment."""
    seen = load_overview(desk.session, desk.site, desk.who.city, desk.who.language)
    members = people.list_members(desk.session, desk.city_id)
    gone = {person.id: (membership.id, person.name) for membership, person in members if membership.ended_at}
    here = {membership.id for membership, _ in members if membership.ended_at is None}
    of_member = people.load_departments_by_member(desk.session, desk.city_id)
    peopled = {each for membership_id in here for each in of_member.get(membership_id, ())}
    departments = city.list_departments(desk.session, desk.city_id)
    peopled |= {row.id for row in departments if row.head_id and row.head_id not in gone}

    def is_unowned(stand: Stand) -> bool:
        if stand.person_id is not None:
            return stand.person_id in gone
        return stand.department_id is None or stand.department_id not in peopled

    return UnownedPage(
        criteria=tuple(
            UnownedCriterion(stand, gone.get(stand.person_id or 0, (0, ""))[1])
            for stand in seen.stands
            if is_unowned(stand)
        ),
        leavers=_list_leavers(
            desk, gone, [stand.person_id for stand in seen.stands], [row.head_id for row in departments]
        ),
        empty_departments=tuple((row.id, row.name) for row in departments if row.id not in peopled),
    )


def _list_leavers(
    desk: Desk, gone: dict[int, tuple[int, str]], owners: list[int | None], heads: list[int | None]
) -> tuple[LeaverWork, ...]:
    asked = handover.list_kept_requests(desk.session, desk.city_id, None)
    kept = handover.list_kept_pieces(desk.session, desk.city_id, None)
    request_keepers = [row.keeper_id or row.created_by for row in asked]
    piece_keepers = [row.keeper_id or row.created_by for row in kept]
    lines = (
        LeaverWork(
            membership_id,
            name,
            owners.count(person_id),
            request_keepers.count(person_id),
            piece_keepers.count(person_id),
            heads.count(person_id),
        )
        for person_id, (membership_id, name) in gone.items()
    )
    return tuple(line for line in lines if line.criteria or line.requests or line.pieces or line.departments)
