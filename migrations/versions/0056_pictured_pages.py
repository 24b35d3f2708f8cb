"""words that were read in pictures of pages"""

import sqlalchemy as sa
from alembic import op

revision = "0056"
down_revision = "0051"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("file_reading") as batch:
        batch.add_column(sa.Column("pictured", sa.Text(), nullable=False, server_default=""))
        batch.add_column(sa.Column("pictures_wait", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("file_reading") as batch:
        for column in ("pictured", "pictures_wait"):
            batch.alter_column(column, server_default=None)


def downgrade() -> None:
    raise RuntimeError("what was read in pictures would be lost: restore a backup instead")
