"""Whether the database and the file store that the settings name belong to each other.

Both hold the same identity. Where they do not, the app does not open: an empty database beside a full store would call every file
in it left behind, and files of another city would come out under a number that means something else here.
"""

import json
from dataclasses import dataclass
from enum import Enum, auto

import structlog
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from app.rules.errors import CityReadyError, NotFound, OutsideUnavailable, Refused, reason_in_line
from app.rules.installation.database_trouble import DatabaseTrouble
from app.rules.message import Message, say
from app.services.site import Site
from app.store.installation import installation
from app.store.installation.installation import Installation
from app.store.installation.wholeness import load_known_files

log = structlog.get_logger()


class Belonging(Enum):
    """What is known of a database and a store that may be used together."""

    TOGETHER = auto()
    UNMARKED = auto()
    """The store has no mark, and nothing that speaks against giving it one."""
    DATABASE_IS_OLDER = auto()
    """The store has met a later state of the database: a backup was put back beside files that went on."""
    STORE_IS_AWAY = auto()


@dataclass(frozen=True)
class StoreMark:
    """What stands in the store: whose it is, and the latest beat of its database that it has met."""

    identity: str
    beat: int


def compare_marks(site: Site) -> Belonging:
    """Look, and change nothing. Raises Refused where database and store are not of one installation."""
    try:
        mark = _read_mark(site)  # before the database, which is always ahead
        identity_row = _read_identity_row(site)
        if mark is None or identity_row is None:
            _check_kinship(site, mark)
    except DatabaseTrouble:
        raise
    except (NotFound, OutsideUnavailable) as problem:
        log.warning("file storage does not answer; nothing is swept meanwhile", reason=reason_in_line(problem))
        return Belonging.STORE_IS_AWAY
    if mark is None:
        return Belonging.UNMARKED
    if identity_row and mark.identity != identity_row.identity:
        raise Refused(_other_database_message(site))
    return Belonging.DATABASE_IS_OLDER if identity_row is None or mark.beat > identity_row.beat else Belonging.TOGETHER


def check_belonging(site: Site) -> Belonging:
    """Compare, and mark what is new or was never marked. Raises Refused where database and store are not of one installation."""
    belonging = compare_marks(site)
    try:
        if belonging is Belonging.UNMARKED:
            settle_belonging(site)
            return Belonging.TOGETHER
        if belonging is Belonging.DATABASE_IS_OLDER:
            mark = _read_mark(site)
            _ensure_identity(site, mark.identity if mark else "")
            log.warning(
                "the database is older than the files; nothing is swept. If it is meant so: cityready files adopt"
            )
    except (NotFound, OutsideUnavailable) as problem:
        log.warning(
            "database and file storage cannot be marked; nothing is swept meanwhile", reason=reason_in_line(problem)
        )
        return Belonging.STORE_IS_AWAY
    return belonging


def settle_belonging(site: Site, after: int = 0) -> None:
    """Say in both that they belong to each other, whatever stood in the store. Raises OutsideUnavailable.

    For a new installation, and for whoever knows that it is so: after a restore, a move, or on someone's word.
    """
    _ensure_identity(site)
    with site.database.writing() as session:
        beat = installation.advance_beat(session, after)
        identity = _need_identity(installation.find_installation(session)).identity
    site.storage.write_mark(json.dumps({"installation": identity, "beat": beat}).encode())


def adopt_files(site: Site) -> None:
    """Use these files with this database from now on, whoever's they were. Raises OutsideUnavailable."""
    try:
        mark = _read_mark(site)
    except Refused:
        mark = None
    settle_belonging(site, after=mark.beat if mark else 0)


def keep_in_step(site: Site) -> None:
    """Let both know that they are used together now, so that an older copy of the database is known as one.

    To be called every few minutes. What goes wrong is logged and tried again by the next call.
    """
    try:
        if check_belonging(site) is Belonging.TOGETHER:
            settle_belonging(site)
    except (CityReadyError, SQLAlchemyError) as problem:
        log.error("database and file storage could not be marked", reason=reason_in_line(problem))


def _read_mark(site: Site) -> StoreMark | None:
    content = site.storage.read_mark()
    if content is None:
        return None
    try:
        mark_fields = json.loads(content)
        return StoreMark(str(mark_fields["installation"]), int(mark_fields["beat"]))
    except (ValueError, KeyError, TypeError):
        raise Refused(_other_database_message(site)) from None


def _read_identity_row(site: Site) -> Installation | None:
    with site.database.reading() as session:
        return installation.find_installation(session)


def _need_identity(identity_row: Installation | None) -> Installation:
    if identity_row is None:
        raise LookupError("the database has no identity")
    return identity_row


def _ensure_identity(site: Site, identity: str = "") -> Installation:
    """The database's identity, given to it now where it has none; processes that do so at once agree on one."""
    identity_row = _read_identity_row(site)
    if identity_row is None:
        try:
            with site.database.writing() as session:
                identity_row = installation.add_installation(session, identity)
        except IntegrityError:
            identity_row = _need_identity(_read_identity_row(site))
    return identity_row


def _check_kinship(site: Site, mark: StoreMark | None) -> None:
    """Where one of the two has no identity, files that rows name tell that they belong together; without a mark both may be new."""
    known, stored = _known_keys(site), _stored_keys(site)
    if known & stored:
        return
    if mark or stored:
        raise Refused(_other_database_message(site))
    if known:
        raise Refused(
            say(
                "The files of this database are not in %(place)s, which is empty. Name the right place in CITYREADY_STORAGE_URL, or "
                "bring the files back first. Where they are lost for good: cityready files adopt.",
                place=site.settings.storage,
            )
        )


def _known_keys(site: Site) -> set[str]:
    with site.database.reading() as session:
        return set(load_known_files(session))


def _stored_keys(site: Site) -> set[str]:
    stored = site.storage.list_files()
    return {each.key for each in stored}


def _other_database_message(site: Site) -> Message:
    return say(
        "The files in %(place)s belong to another database than the one that is set, so nothing was opened. Name the right one in "
        "CITYREADY_DATABASE_URL, or the right place of the files in CITYREADY_STORAGE_URL. To change from one kind of database to the "
        "other: cityready move. Where this database is meant to have these files: cityready files adopt.",
        place=site.settings.storage,
    )
