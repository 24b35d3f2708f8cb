"""cities that say of themselves that one office does everything"""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("city") as batch:
        batch.add_column(sa.Column("small_office", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("city") as batch:
        batch.alter_column("small_office", server_default=None)


def downgrade() -> None:
    raise RuntimeError("which cities are small offices would be lost: restore a backup instead")
