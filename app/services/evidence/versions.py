"""Keeping what a piece says each time it changes, with who, when, why, and a fingerprint that the record holds too."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from app.rules.evidence.piece import SEEN_NAMES
from app.rules.evidence.version import changed, content, fingerprint
from app.rules.message import Said
from app.services.desk import Desk
from app.store.evidence import pieces
from app.store.evidence import version as evidence_version
from app.store.evidence.pieces import Evidence
from app.store.evidence.version import EvidenceVersion

SHOWN_OPENINGS = 20


@dataclass(frozen=True)
class Version:
    """A version for the page; `changed` names the fields that differ from the one before, `file` says that it has one to open."""

    number: int
    at: datetime
    by: str
    why: str
    sha256: str
    file: bool
    changed: tuple[Said, ...]


@dataclass(frozen=True)
class Opening:
    """Who saw something restricted, when, and what of it."""

    by: str
    at: datetime
    what: Said


def keep(session: Session, row: Evidence, person_id: int | None, why: str = "") -> str:
    """A new version of the piece as it is now; returns its fingerprint. One that says nothing new is not kept twice."""
    file = pieces.file_by_id(session, row.city_id, row.file_id)
    text = content(row.model_dump(), file.sha256 if file else "")
    before = evidence_version.newest(session, row.city_id, row.id)
    if before is None or before.content != text:
        number = before.number + 1 if before else 1
        version = EvidenceVersion(
            city_id=row.city_id,
            evidence_id=row.id,
            number=number,
            content=text,
            sha256=fingerprint(text),
            file_id=row.file_id,
            file_name=row.file_name,
            person_id=person_id,
            why=why,
        )
        session.add(version)
        session.flush()
    return fingerprint(text)


def keep_first(session: Session, row: Evidence) -> None:
    """Before a change: what the piece says until now, where no version of it was ever kept."""
    if evidence_version.newest(session, row.city_id, row.id) is None:
        keep(session, row, row.created_by)


def of_piece(desk: Desk, evidence_id: int, names: Mapping[int, str]) -> tuple[Version, ...]:
    """The newest first, in one query; `names` are people's by id."""
    rows = evidence_version.versions(desk.session, desk.city_id, evidence_id)
    older = [row.content for row in rows[1:]]
    return tuple(
        Version(
            row.number,
            row.at,
            names.get(row.person_id or 0, ""),
            row.why,
            row.sha256,
            row.file_id is not None,
            changed(older[at], row.content) if at < len(older) else (),
        )
        for at, row in enumerate(rows)
    )


def openings(desk: Desk, evidence_id: int, names: Mapping[int, str]) -> tuple[Opening, ...]:
    """Who saw something restricted last, the newest first."""
    rows = evidence_version.openings(desk.session, desk.city_id, evidence_id, SHOWN_OPENINGS)
    return tuple(Opening(names.get(row.person_id, ""), row.at, SEEN_NAMES[row.what]) for row in rows)
