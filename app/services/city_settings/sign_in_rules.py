"""How people of the city sign in: which roles need a second step."""

from collections.abc import Collection

from app.rules.errors import Conflict
from app.rules.history.verbs import Verb
from app.rules.permissions import Role
from app.services.desk import Desk
from app.services.people.members import CHANGED_MEANWHILE
from app.store import city


def change_rules(desk: Desk, roles: Collection[str], version: int) -> None:
    """Whoever of these roles has no second step yet is led to set one up with the next page. Raises Conflict."""
    chosen = " ".join(role for role in Role if role in roles) or None
    if not city.save_city(desk.session, desk.city_id, version, second_step_roles=chosen):
        raise Conflict(CHANGED_MEANWHILE)
    desk.record(Verb.SIGN_IN_RULES_CHANGED, second_step_roles=chosen or "")
