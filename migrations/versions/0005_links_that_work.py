"""copies of what links lead to, where a page moved, and when to visit it again"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "link_copy",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("city_id", sa.Integer(), nullable=False),
        sa.Column("evidence_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("url", sa.String(length=2000), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["city_id"], ["city.id"], name=op.f("fk_link_copy_city_id")),
        sa.ForeignKeyConstraint(["evidence_id"], ["evidence.id"], name=op.f("fk_link_copy_evidence_id")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_link_copy_file_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_copy")),
    )
    op.create_index(op.f("ix_link_copy_city_id"), "link_copy", ["city_id"], unique=False)
    op.create_index(op.f("ix_link_copy_evidence_id"), "link_copy", ["evidence_id"], unique=False)
    with op.batch_alter_table("evidence") as batch:
        batch.add_column(sa.Column("link_moved_to", sa.String(length=2000), nullable=False, server_default=""))
        batch.add_column(sa.Column("link_troubles", sa.Integer(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("link_next_at", MOMENT, nullable=True))
        batch.create_index(op.f("ix_evidence_link_next_at"), ["link_next_at"], unique=False)
    with op.batch_alter_table("evidence") as batch:
        for name, kind in (("link_moved_to", sa.String(length=2000)), ("link_troubles", sa.Integer())):
            batch.alter_column(name, existing_type=kind, existing_nullable=False, server_default=None)


def downgrade() -> None:
    raise RuntimeError("copies of pages are not taken away: restore a backup instead")
