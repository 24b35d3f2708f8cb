"""The second record, apart from the public one: sign-ins, failures and what else touches the safety of accounts, with address and browser.

`note_event` is the one way in: it writes the entry in the transaction of what happened, and says it in the log once that is kept.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta

import structlog
from sqlalchemy import event
from sqlmodel import Session

from app.rules.account.security_record import SecurityKind
from app.rules.installation.network import NOBODY, Caller
from app.services.site import Site
from app.store import people
from app.store.account import security_record
from app.store.account.security_record import SecurityEvent
from app.store.database.engine import now

log = structlog.get_logger("security")

_CALLER: ContextVar[Caller] = ContextVar("caller", default=NOBODY)
_UNSAID = "security events to be said once they are kept"


@contextmanager
def called_by(caller: Caller) -> Iterator[None]:
    """What is noted inside comes from there. The web says so for each request; services need not hand it on."""
    mark = _CALLER.set(caller)
    try:
        yield
    finally:
        _CALLER.reset(mark)


def current_caller() -> Caller:
    """Where the request that is being answered comes from."""
    return _CALLER.get()


def note_event(
    session: Session,
    kind: SecurityKind,
    person_id: int | None,
    *,
    city_id: int | None = None,
    by_id: int | None = None,
    detail: str = "",
) -> None:
    """Write down what happened to a person's account; `by_id` is who did it, `detail` a word such as the new role.

    With `city_id` it is for that city's administrators alone. Without one it is for those of every city that the person belongs to now;
    what concerns nobody whom we know is for the command line only.
    """
    cities: list[int | None] = (
        [city_id] if city_id or not person_id else [*people.list_city_ids_of_person(session, person_id)]
    )
    security_record.add_events(
        session,
        (
            SecurityEvent(
                kind=kind,
                city_id=city,
                person_id=person_id,
                by_id=by_id,
                detail=detail[:60],
                address=current_caller().address,
                agent=current_caller().agent,
            )
            for city in cities or [None]
        ),
    )
    facts: dict[str, object] = {"kind": str(kind), "person": person_id, "by": by_id, "city": city_id, "detail": detail}
    facts |= {"address": current_caller().address, "agent": current_caller().agent}
    _say_once_kept(session, {name: fact for name, fact in facts.items() if fact})


def _say_once_kept(session: Session, facts: dict[str, object]) -> None:
    """What is rolled back did not happen, and is not said."""
    if _UNSAID not in session.info:
        session.info[_UNSAID] = []
        event.listen(session, "after_commit", _log_events)
        event.listen(session, "after_rollback", lambda of: of.info[_UNSAID].clear())
    session.info[_UNSAID].append(facts)


def _log_events(session: Session) -> None:
    for facts in session.info[_UNSAID]:
        log.info("security", **facts)
    session.info[_UNSAID].clear()


def forget_old_events(site: Site) -> int:
    """Remove what is older than the setting says; returns how much it was."""
    before = now() - timedelta(days=site.settings.security_record_days)
    with site.database.writing() as session:
        return security_record.forget_events_before(session, before)
