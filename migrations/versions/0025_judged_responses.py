"""what each verdict was given on, kept beside it; for verdicts of before what can be said for certain, and nothing guessed

A response with a verdict of met or not met could not be changed while that verdict stood, so for these all of it is there: the text, the
ticks, and each piece in the version of that moment. For a verdict that was withdrawn, or asked for changes, only the text of that moment
was put aside; its ticks and pieces are not kept.
"""

import hashlib
import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
VERSION_FIELDS = (
    "title", "url", "note", "unit", "baseline_value", "baseline_period", "current_value", "current_period", "published_percent", "dataset",
    "method", "caveat", "source", "page_pointer", "period_from", "period_to", "effective_on", "visibility",
)  # fmt: skip
"""What a version of a piece says at this revision, besides its file."""


def upgrade() -> None:
    op.create_table(
        "judged_response",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("city_id", sa.Integer(), nullable=False),
        sa.Column("response_id", sa.Integer(), nullable=False),
        sa.Column("verdict_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("rebuilt", sa.Boolean(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["city_id"], ["city.id"], name=op.f("fk_judged_response_city_id")),
        sa.ForeignKeyConstraint(["response_id"], ["response.id"], name=op.f("fk_judged_response_response_id")),
        sa.ForeignKeyConstraint(["verdict_id"], ["verdict.id"], name=op.f("fk_judged_response_verdict_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_judged_response")),
    )
    for column in ("city_id", "response_id", "verdict_id"):
        op.create_index(op.f(f"ix_judged_response_{column}"), "judged_response", [column])
    _rebuild_copies(op.get_bind())


def _rebuild_copies(connection: sa.Connection) -> None:
    names = ("verdict", "response", "assessment", "narrative_version", "checklist_answer", "evidence", "evidence_support",
             "evidence_version", "stored_file", "judged_response")  # fmt: skip
    tables = sa.MetaData()
    tables.reflect(connection, only=names)
    verdict, response, assessment = (tables.tables[name].c for name in names[:3])
    query = sa.select(
        verdict.id, verdict.city_id, verdict.at, verdict.decision, verdict.withdrawn_at, response.id.label("response_id"), response.state,
        response.narrative, response.narrative_at, response.self_rating, response.confidence, assessment.edition,
    ).select_from(
        tables.tables["verdict"]
        .join(tables.tables["response"], response.id == verdict.response_id)
        .join(tables.tables["assessment"], assessment.id == response.assessment_id)
    )  # fmt: skip
    for given in connection.execute(query.order_by(verdict.id)).all():
        text = json.dumps(
            _content(connection, tables, given), ensure_ascii=False, sort_keys=True, separators=(",", ":")
        )
        connection.execute(
            sa.insert(tables.tables["judged_response"]).values(
                city_id=given.city_id,
                response_id=given.response_id,
                verdict_id=given.id,
                content=text,
                sha256=hashlib.sha256(text.encode()).hexdigest(),
                rebuilt=True,
                at=given.at,
            )
        )


def _content(connection: sa.Connection, tables: sa.MetaData, given: Any) -> dict[str, Any]:
    stands = given.state == "decided" and given.decision in ("met", "not_met") and given.withdrawn_at is None
    return {
        "edition": given.edition,
        "edition_version": "",
        "text": _text(connection, tables, given),
        "self_rating": (given.self_rating or "") if stands else "",
        "confidence": (given.confidence or "") if stands else "",
        "needed": 0,
        "items": _items(connection, tables, given.response_id) if stands else None,
        "pieces": list(_pieces(connection, tables, given)) if stands else None,
    }


def _text(connection: sa.Connection, tables: sa.MetaData, given: Any) -> str | None:
    """The text that nobody has written over since; otherwise the newest one that was put aside before the verdict."""
    if given.narrative_at is None or given.narrative_at <= given.at:
        return str(given.narrative)
    aside = tables.tables["narrative_version"].c
    query = sa.select(aside.text).where(aside.response_id == given.response_id, aside.at <= given.at)
    return connection.execute(query.order_by(aside.number.desc()).limit(1)).scalar()


def _items(connection: sa.Connection, tables: sa.MetaData, response_id: int) -> list[dict[str, Any]]:
    answer = tables.tables["checklist_answer"].c
    query = sa.select(answer.item, answer.ticked).where(answer.response_id == response_id).order_by(answer.item)
    return [
        {"id": item, "ticked": bool(ticked), "text": "", "required": False}
        for item, ticked in connection.execute(query)
    ]


def _pieces(connection: sa.Connection, tables: sa.MetaData, given: Any) -> Iterator[dict[str, Any]]:
    piece, tie, file = (tables.tables[name] for name in ("evidence", "evidence_support", "stored_file"))
    in_use = sa.or_(piece.c.withdrawn_at.is_(None), piece.c.withdrawn_at > given.at)
    query = sa.select(piece, file.c.sha256.label("file_sha256")).outerjoin(file, file.c.id == piece.c.file_id)
    tied = sa.select(tie.c.evidence_id).where(tie.c.response_id == given.response_id)
    for row in connection.execute(query.where(piece.c.id.in_(tied), in_use).order_by(piece.c.id)).mappings().all():
        items = sa.select(tie.c.item).where(tie.c.response_id == given.response_id, tie.c.evidence_id == row["id"])
        supported = [item for item in connection.execute(items.order_by(tie.c.item)).scalars() if item]
        yield _piece(row, _version_at(connection, tables, row["id"], given.at), supported)


def _version_at(connection: sa.Connection, tables: sa.MetaData, evidence_id: int, at: datetime) -> Any:
    """The version of that moment. Before the first change of a piece none was kept; the first one then says what it was until that change."""
    version = tables.tables["evidence_version"].c
    query = sa.select(version.number, version.content, version.sha256).where(version.evidence_id == evidence_id)
    before = connection.execute(query.where(version.at <= at).order_by(version.number.desc()).limit(1)).first()
    return before or connection.execute(query.order_by(version.number).limit(1)).first()


def _piece(row: Any, version: Any, items: list[str]) -> dict[str, Any]:
    texts = {name: "" if row[name] is None else str(row[name]) for name in VERSION_FIELDS}
    content = json.dumps(
        {**texts, "file": row["file_sha256"] or ""}, ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    said = json.loads(version.content if version else content)
    return {
        "id": row["id"],
        "kind": row["kind"],
        "version": version.number if version else 1,
        "sha256": version.sha256 if version else hashlib.sha256(content.encode()).hexdigest(),
        "items": items,
        "visibility": said.get("visibility") or row["visibility"],
        "title": said.get("title", ""),
        "file_sha256": said.get("file", ""),
        **{name: said.get(name) or None for name in ("period_from", "period_to", "effective_on")},
        "disposed": row["disposed_at"] is not None,
    }


def downgrade() -> None:
    raise RuntimeError("what verdicts were given on would be lost: restore a backup instead")
