"""how long reports are kept, what is on hold, and disposal by two people"""

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("retention_class") as batch:
        batch.add_column(sa.Column("for_reports", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("report") as batch:
        batch.add_column(sa.Column("hold_reason", sa.String(length=300), nullable=False, server_default=""))
        batch.add_column(sa.Column("disposal_by", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("disposal_at", MOMENT, nullable=True))
        batch.add_column(sa.Column("disposal_reason", sa.String(length=300), nullable=False, server_default=""))
        batch.add_column(sa.Column("disposed_at", MOMENT, nullable=True))
        batch.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
        batch.create_foreign_key(op.f("fk_report_disposal_by"), "person", ["disposal_by"], ["id"])
    with op.batch_alter_table("retention_class") as batch:
        batch.alter_column("for_reports", server_default=None)
    with op.batch_alter_table("report") as batch:
        for name in ("hold_reason", "disposal_reason", "version"):
            batch.alter_column(name, server_default=None)


def downgrade() -> None:
    raise RuntimeError("what was said of keeping reports would be lost: restore a backup instead")
