"""Who heads a department, and who is the head's deputy."""

from app.rules.errors import Conflict, Invalid, NotFound
from app.rules.history.verbs import Verb
from app.rules.message import say
from app.services.assigning.assignment import list_writers
from app.services.desk import Desk
from app.services.people.members import CHANGED_MEANWHILE
from app.store import city, people
from app.store.city import Department

CHOOSE_WRITER = say("Choose someone who works in this city.")


def find_open_department(desk: Desk, department_id: int) -> Department:
    """Raises NotFound, also for one that closed."""
    department = city.find_department(desk.session, desk.city_id, department_id)
    if department is None or department.closed_at is not None:
        raise NotFound(say("We could not find that department."))
    return department


def set_heads(desk: Desk, department_id: int, head: int | None, deputy: int | None, version: int) -> None:
    """Say who heads a department and who is the head's deputy, or that nobody is. Raises Invalid, Conflict, NotFound."""
    people.lock_memberships(desk.session, desk.city_id)
    department, writers = find_open_department(desk, department_id), list_writers(desk)
    if head is not None and head not in writers:
        raise Invalid({"head": CHOOSE_WRITER})
    if deputy is not None and deputy not in writers:
        raise Invalid({"deputy": CHOOSE_WRITER})
    if deputy is not None and head in {None, deputy}:
        raise Invalid({"deputy": say("Choose a head first, and someone else as the deputy.")})
    if (department.head_id, department.deputy_id) == (head, deputy):
        return
    name = department.name
    if not city.save_department(desk.session, desk.city_id, department_id, version, head_id=head, deputy_id=deputy):
        raise Conflict(CHANGED_MEANWHILE)
    desk.record(Verb.DEPARTMENT_LED, name, head=head, deputy=deputy)
