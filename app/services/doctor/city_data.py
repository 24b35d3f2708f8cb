"""What `doctor` finds out about a city's data: whether it is whole, what the next sweep would do, who can read it."""

from collections.abc import Iterator

from sqlalchemy.exc import SQLAlchemyError

from app.adapters import private_files
from app.rules.errors import CityReadyError, reason_in_line
from app.services.doctor.finding import DoctorFinding
from app.services.evidence import sweep
from app.services.installation.wholeness import Fault, FaultKind, find_faults
from app.services.site import Site
from app.store import people
from app.store.city import list_cities
from app.store.history import events
from app.store.migrating import current_revision, newest_revision

MOST_SHOWN = 3
"""Faults in one line; `verify` names them all."""


def find_losses(site: Site) -> Iterator[DoctorFinding]:
    """The quick half of `verify`: files that are missing or have another size, the database, and where each record ends."""
    if not _has_current_tables(site):
        return
    try:
        faults = [fault for fault in find_faults(site, quick=True) if fault.kind is not FaultKind.STRAY]
        faults += _find_torn_histories(site) if not faults else []
    except (CityReadyError, SQLAlchemyError) as problem:
        yield DoctorFinding("Data", f"could not be looked at ({reason_in_line(problem)})", "Put that right first")
        return
    if not faults:
        yield DoctorFinding("Data", "every row has its file, in its size; the records end where they should")
        return
    shown = "; ".join(fault.line() for fault in faults[:MOST_SHOWN])
    more = f"; and {len(faults) - MOST_SHOWN} more" if len(faults) > MOST_SHOWN else ""
    remedy = "Run: cityready verify. Look into the trash with cityready files trash; otherwise restore a backup"
    yield DoctorFinding("Data", f"{len(faults)} faults: {shown}{more}", remedy)


def _has_current_tables(site: Site) -> bool:
    """Whether the database has the tables of this version; where it has not, another finding says so and what to do."""
    try:
        with site.database.reading() as session:
            return current_revision(session.connection()) == newest_revision()
    except (CityReadyError, SQLAlchemyError):
        return True  # what looks at the data says what is wrong


def find_demo_accounts(site: Site) -> Iterator[DoctorFinding]:
    """Accounts with a published passphrase beside a real city."""
    if not _has_current_tables(site):
        return
    try:
        with site.database.reading() as session:
            accounts, real_cities = (
                people.load_demo_emails(session),
                [city for city in list_cities(session) if not city.illustrative],
            )
    except (CityReadyError, SQLAlchemyError):
        return  # the finding about the database says why
    if accounts:
        observed = f"{len(accounts)} accounts with a published passphrase"
        yield DoctorFinding("Demonstration", observed, "Run: cityready demo remove" if real_cities else "")


def _find_torn_histories(site: Site) -> list[Fault]:
    """Cities whose record does not end with the event that the city names as its last."""
    faults = []
    with site.database.snapshot() as session:
        for city in list_cities(session):
            last_event = events.find_event(session, city.id, city.history_count)
            next_event = events.find_event(session, city.id, city.history_count + 1)
            if next_event or (last_event.hash if last_event else "") != city.history_head:
                faults.append(Fault(FaultKind.RECORD, city.slug, "does not end with its last event"))
    return faults


def find_strays(site: Site) -> Iterator[DoctorFinding]:
    """What the next sweep of the storage would do."""
    about = "Files without a row"
    if not _has_current_tables(site):
        return
    try:
        next_sweep = sweep.plan_sweep(site)
    except (CityReadyError, SQLAlchemyError) as problem:
        yield DoctorFinding(about, reason_in_line(problem), "Put that right first")
        return
    if next_sweep.kept_because:
        remedy = (
            "Make sure that this is the right database. If it is: cityready files adopt, or cityready files discard"
        )
        yield DoctorFinding(
            about, f"{len(next_sweep.unclaimed)}, and nothing is swept: {next_sweep.kept_because}", remedy
        )
        return
    waiting = len(next_sweep.unclaimed) - len(next_sweep.due)
    yield DoctorFinding(
        about, f"{waiting} wait, {len(next_sweep.due)} go to the trash next, {len(next_sweep.over)} of it are deleted"
    )


def find_wide_rights(site: Site) -> Iterator[DoctorFinding]:
    places = private_files.list_wide_paths(site.settings)
    if places:
        remedy = "Start the app, which takes these rights away, or run: chmod -R go-rwx on it"
        yield DoctorFinding("Rights", f"others can read {places[-1]} and {len(places) - 1} more", remedy)
    else:
        yield DoctorFinding("Rights", "database, files and key are for this account alone")
