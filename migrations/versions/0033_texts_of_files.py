"""what of a file was not looked into, where its texts stand, and which readers read it"""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Everything that was read before is read again: `reader` is older than that of today.
    with op.batch_alter_table("file_reading") as batch:
        batch.add_column(sa.Column("found_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("reader", sa.Integer(), nullable=False, server_default="1"))
        batch.add_column(sa.Column("checked", sa.Boolean(), nullable=False, server_default=sa.true()))
        batch.add_column(sa.Column("unread", sa.Text(), nullable=False, server_default="[]"))
        batch.add_column(sa.Column("stretches", sa.Text(), nullable=False, server_default="[]"))
    op.execute("UPDATE file_reading SET found_at = read_at")
    with op.batch_alter_table("file_reading") as batch:
        batch.alter_column("found_at", nullable=False)
        for column in ("reader", "checked", "unread", "stretches"):
            batch.alter_column(column, server_default=None)


def downgrade() -> None:
    raise RuntimeError("what of each file was not looked into would be lost: restore a backup instead")
