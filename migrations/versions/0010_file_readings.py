"""what was found in each kept file when it was read once, and what people answered to it"""

import json
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "file_reading",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("city_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("read_at", MOMENT, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("trouble", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=True),
        sa.Column("changed_on", sa.Date(), nullable=True),
        sa.Column("pages", sa.Integer(), nullable=True),
        sa.Column("has_position", sa.Boolean(), nullable=False),
        sa.Column("findings", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sheets", sa.Text(), nullable=False),
        sa.Column("picture_keys", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["city_id"], ["city.id"], name=op.f("fk_file_reading_city_id")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_file_reading_file_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_file_reading")),
        sa.UniqueConstraint("file_id", name=op.f("uq_file_reading_file_id")),
    )
    op.create_index(op.f("ix_file_reading_city_id"), "file_reading", ["city_id"], unique=False)
    op.create_table(
        "file_reading_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("city_id", sa.Integer(), nullable=False),
        sa.Column("evidence_id", sa.Integer(), nullable=False),
        sa.Column("about", sa.String(length=20), nullable=False),
        sa.Column("visibility", sa.String(length=12), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["city_id"], ["city.id"], name=op.f("fk_file_reading_answer_city_id")),
        sa.ForeignKeyConstraint(["evidence_id"], ["evidence.id"], name=op.f("fk_file_reading_answer_evidence_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_file_reading_answer_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_file_reading_answer")),
        sa.UniqueConstraint("evidence_id", "about", name=op.f("uq_file_reading_answer_evidence_id_about")),
    )
    op.create_index(op.f("ix_file_reading_answer_city_id"), "file_reading_answer", ["city_id"], unique=False)
    _read_what_is_there()


def _read_what_is_there() -> None:
    """A job for each file that was kept before there was reading."""
    job = sa.table(
        "job",
        *map(sa.column, ("city_id", "kind", "payload", "state", "attempts", "error")),
        sa.column("run_after", MOMENT),
        sa.column("created_at", MOMENT),
    )
    moment = datetime.now(UTC)
    common = {
        "kind": "file.read",
        "state": "waiting",
        "attempts": 0,
        "error": "",
        "run_after": moment,
        "created_at": moment,
    }
    files = op.get_bind().execute(sa.text("SELECT id, city_id FROM stored_file ORDER BY id")).all()
    jobs = [{"city_id": city, "payload": json.dumps({"file": file}), **common} for file, city in files]
    if jobs:
        op.bulk_insert(job, jobs)


def downgrade() -> None:
    raise RuntimeError("what people answered is not taken away: restore a backup instead")
