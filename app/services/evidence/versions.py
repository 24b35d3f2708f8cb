"""Keeping what a piece says each time it changes, with who, when, why, and a fingerprint that the record holds too."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from app.rules.evidence.piece import SEEN_NAMES
from app.rules.evidence.version import changed_fields, content_fingerprint, version_content
from app.rules.message import Message
from app.services.desk import Desk
from app.store.evidence import files
from app.store.evidence import version as evidence_version
from app.store.evidence.pieces import Evidence
from app.store.evidence.version import EvidenceVersion

SHOWN_OPENINGS = 20


@dataclass(frozen=True)
class PieceVersion:
    """A version for the page; `changed` names the fields that differ from the one before, `file` says that it has one to open."""

    number: int
    at: datetime
    by: str
    why: str
    sha256: str
    file: bool
    changed: tuple[Message, ...]


@dataclass(frozen=True)
class PieceOpening:
    """Who saw something restricted, when, and what of it."""

    by: str
    at: datetime
    what: Message


def keep_version(session: Session, piece: Evidence, person_id: int | None, why: str = "") -> str:
    """A new version of the piece as it is now; returns its fingerprint. One that says nothing new is not kept twice."""
    text = _content_of(session, piece)
    newest_version = evidence_version.find_newest_version(session, piece.city_id, piece.id)
    if newest_version is None or newest_version.content != text:
        number = newest_version.number + 1 if newest_version else 1
        _add_version(session, piece, text, number=number, person_id=person_id, why=why)
    return content_fingerprint(text)


def begin_versions(session: Session, piece: Evidence, person_id: int | None) -> None:
    """The first version of a new piece."""
    _add_version(session, piece, _content_of(session, piece), number=1, person_id=person_id)


def _content_of(session: Session, piece: Evidence) -> str:
    file = files.find_file(session, piece.city_id, piece.file_id)
    return version_content(piece.model_dump(), file.sha256 if file else "")


def _add_version(
    session: Session, piece: Evidence, text: str, *, number: int, person_id: int | None, why: str = ""
) -> None:
    version = EvidenceVersion(
        city_id=piece.city_id,
        evidence_id=piece.id,
        number=number,
        content=text,
        sha256=content_fingerprint(text),
        file_id=piece.file_id,
        file_name=piece.file_name,
        person_id=person_id,
        why=why,
    )
    evidence_version.add_version(session, version)


def keep_first_version(session: Session, piece: Evidence) -> None:
    """Before a change: what the piece says until now, where no version of it was ever kept."""
    if evidence_version.find_newest_version(session, piece.city_id, piece.id) is None:
        keep_version(session, piece, piece.created_by)


def list_versions(desk: Desk, evidence_id: int, names: Mapping[int, str]) -> tuple[PieceVersion, ...]:
    """The newest first, in one query; `names` are people's by id."""
    versions = evidence_version.list_versions(desk.session, desk.city_id, evidence_id)
    older = [version.content for version in versions[1:]]
    return tuple(
        PieceVersion(
            version.number,
            version.at,
            names.get(version.person_id or 0, ""),
            version.why,
            version.sha256,
            version.file_id is not None,
            changed_fields(older[place], version.content) if place < len(older) else (),
        )
        for place, version in enumerate(versions)
    )


def list_openings(desk: Desk, evidence_id: int, names: Mapping[int, str]) -> tuple[PieceOpening, ...]:
    """Who saw something restricted last, the newest first."""
    stored_openings = evidence_version.list_openings(desk.session, desk.city_id, evidence_id, SHOWN_OPENINGS)
    return tuple(
        PieceOpening(names.get(opening.person_id, ""), opening.at, SEEN_NAMES[opening.what])
        for opening in stored_openings
    )
