"""files that wait for a virus scanner"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("stored_file") as batch:
        batch.add_column(sa.Column("scan", sa.String(length=10), nullable=False, server_default=""))
    with op.batch_alter_table("stored_file") as batch:
        batch.alter_column("scan", existing_type=sa.String(length=10), existing_nullable=False, server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("stored_file") as batch:
        batch.drop_column("scan")
