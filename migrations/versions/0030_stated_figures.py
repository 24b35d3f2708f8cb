"""the few figures that whoever checks a report is told"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("report") as batch:
        batch.add_column(sa.Column("stated", sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("report") as batch:
        batch.alter_column("stated", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("report") as batch:
        batch.drop_column("stated")
