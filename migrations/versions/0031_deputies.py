"""deputies of criteria, heads of departments with theirs, absences, and departments that closed"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

PEOPLE = {"assignment": ("deputy_id",), "department": ("head_id", "deputy_id"), "membership": ("stand_in_id",)}


def upgrade() -> None:
    for table, columns in PEOPLE.items():
        with op.batch_alter_table(table) as batch:
            for column in columns:
                batch.add_column(sa.Column(column, sa.Integer(), nullable=True))
                batch.create_foreign_key(op.f(f"fk_{table}_{column}"), "person", [column], ["id"])
    with op.batch_alter_table("assignment") as batch:
        batch.create_index(op.f("ix_assignment_deputy_id"), ["deputy_id"])
    with op.batch_alter_table("membership") as batch:
        batch.add_column(sa.Column("away_from", sa.Date(), nullable=True))
        batch.add_column(sa.Column("away_until", sa.Date(), nullable=True))
    with op.batch_alter_table("department") as batch:
        batch.add_column(sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("merged_into", sa.Integer(), nullable=True))


def downgrade() -> None:
    raise RuntimeError("who stands in for whom would be lost: restore a backup instead")
