"""a city's open-data catalog, its readings, and the facts that they propose"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "portal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("city_id", sa.Integer(), nullable=False),
        sa.Column("url", sa.String(length=2000), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=True),
        sa.Column("read_at", MOMENT, nullable=True),
        sa.Column("error", sa.String(length=60), nullable=False),
        sa.Column("next_read_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["city_id"], ["city.id"], name=op.f("fk_portal_city_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_portal")),
        sa.UniqueConstraint("city_id", name=op.f("uq_portal_city_id")),
    )
    op.create_table(
        "portal_reading",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("city_id", sa.Integer(), nullable=False),
        sa.Column("url", sa.String(length=2000), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("datasets", sa.Integer(), nullable=False),
        sa.Column("problems", sa.Text(), nullable=False),
        sa.Column("unmatched", sa.Text(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["city_id"], ["city.id"], name=op.f("fk_portal_reading_city_id")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_portal_reading_file_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_portal_reading")),
    )
    op.create_index(op.f("ix_portal_reading_city_id"), "portal_reading", ["city_id"], unique=False)
    op.create_table(
        "portal_fact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("city_id", sa.Integer(), nullable=False),
        sa.Column("reading_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=20), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=True),
        sa.Column("unknown", sa.Integer(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=True),
        sa.Column("criterion", sa.String(length=12), nullable=False),
        sa.Column("item", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("evidence_id", sa.Integer(), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["city_id"], ["city.id"], name=op.f("fk_portal_fact_city_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_portal_fact_decided_by")),
        sa.ForeignKeyConstraint(["evidence_id"], ["evidence.id"], name=op.f("fk_portal_fact_evidence_id")),
        sa.ForeignKeyConstraint(["reading_id"], ["portal_reading.id"], name=op.f("fk_portal_fact_reading_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_portal_fact")),
    )
    op.create_index(op.f("ix_portal_fact_city_id"), "portal_fact", ["city_id"], unique=False)
    op.create_index(op.f("ix_portal_fact_reading_id"), "portal_fact", ["reading_id"], unique=False)


def downgrade() -> None:
    raise RuntimeError("what was accepted as evidence is not taken away: restore a backup instead")
