"""what one person hands over to another, and who keeps it since"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("evidence", "evidence_request"):
        with op.batch_alter_table(table) as batch:
            batch.add_column(sa.Column("keeper_id", sa.Integer(), nullable=True))
            batch.create_foreign_key(op.f(f"fk_{table}_keeper_id"), "person", ["keeper_id"], ["id"])
    with op.batch_alter_table("membership") as batch:
        batch.add_column(sa.Column("leaving_notes", sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("membership") as batch:
        batch.alter_column("leaving_notes", server_default=None)
    op.create_table(
        "handover",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("city_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("successor_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["city_id"], ["city.id"], name=op.f("fk_handover_city_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_handover_person_id")),
        sa.ForeignKeyConstraint(["successor_id"], ["person.id"], name=op.f("fk_handover_successor_id")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_handover_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover")),
    )
    op.create_index(op.f("ix_handover_city_id"), "handover", ["city_id"])


def downgrade() -> None:
    raise RuntimeError("handovers would be lost: restore a backup instead")
