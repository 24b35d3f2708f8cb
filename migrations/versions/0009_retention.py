"""how long evidence is kept, what is on hold, and disposal by two people"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "retention_class",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("city_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("years", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["city_id"], ["city.id"], name=op.f("fk_retention_class_city_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_class")),
        sa.UniqueConstraint("city_id", "name", name=op.f("uq_retention_class_city_id_name")),
    )
    op.create_index(op.f("ix_retention_class_city_id"), "retention_class", ["city_id"], unique=False)
    with op.batch_alter_table("evidence") as batch:
        batch.add_column(sa.Column("retention_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("hold_reason", sa.String(length=300), nullable=False, server_default=""))
        batch.add_column(sa.Column("disposal_by", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("disposal_at", MOMENT, nullable=True))
        batch.add_column(sa.Column("disposed_at", MOMENT, nullable=True))
        batch.create_foreign_key(op.f("fk_evidence_retention_id"), "retention_class", ["retention_id"], ["id"])
        batch.create_foreign_key(op.f("fk_evidence_disposal_by"), "person", ["disposal_by"], ["id"])
    with op.batch_alter_table("evidence") as batch:
        batch.alter_column(
            "hold_reason", existing_type=sa.String(length=300), existing_nullable=False, server_default=None
        )


def downgrade() -> None:
    raise RuntimeError("retention is not taken away: restore a backup instead")
