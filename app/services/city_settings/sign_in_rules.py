"""How people of the city sign in: which roles need a second step, and whether a passkey alone is enough."""

from collections.abc import Collection

from app.rules.errors import Conflict
from app.rules.history.verbs import Verb
from app.rules.people.permissions import Role
from app.services.desk import Desk
from app.services.people.members import CHANGED_MEANWHILE
from app.store import city
from app.store.database.engine import now


def change_rules(desk: Desk, roles: Collection[str], version: int, *, passkeys: bool) -> None:
    """Whoever of these roles has no second step yet is led to set one up with the next page. Raises Conflict."""
    chosen = " ".join(role for role in Role if role in roles) or None
    open_at = (desk.who.city.passkeys_open_at or now()) if passkeys else None
    rules = {"second_step_roles": chosen, "passkeys_open_at": open_at}
    if not city.save_city(desk.session, desk.city_id, version, **rules):
        raise Conflict(CHANGED_MEANWHILE)
    desk.record(Verb.SIGN_IN_RULES_CHANGED, second_step_roles=chosen or "", passkeys=passkeys)
