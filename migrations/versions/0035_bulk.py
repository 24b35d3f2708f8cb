"""what is saved in bulk and can be undone, and what waits for those who are invited"""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bulk_save",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("city_id", sa.Integer(), nullable=False),
        sa.Column("saved_by", sa.Integer(), nullable=True),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("steps", sa.Text(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["city_id"], ["city.id"], name=op.f("fk_bulk_save_city_id")),
        sa.ForeignKeyConstraint(["saved_by"], ["person.id"], name=op.f("fk_bulk_save_saved_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_save")),
    )
    op.create_index(op.f("ix_bulk_save_city_id"), "bulk_save", ["city_id"])
    with op.batch_alter_table("invitation") as batch:
        batch.add_column(sa.Column("language", sa.String(length=5), nullable=True))
        batch.add_column(sa.Column("tasks", sa.Text(), nullable=False, server_default="{}"))
    with op.batch_alter_table("invitation") as batch:
        batch.alter_column("tasks", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("invitation") as batch:
        batch.drop_column("tasks")
        batch.drop_column("language")
    op.drop_table("bulk_save")
