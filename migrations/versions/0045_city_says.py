"""what a city sets of itself (a small office, its color, its letters, how long evidence is kept), and absences after the next one"""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("city") as batch:
        batch.add_column(sa.Column("small_office", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch.add_column(sa.Column("color", sa.String(length=7), nullable=True))
        batch.add_column(sa.Column("sender_name", sa.String(length=80), nullable=True))
        batch.add_column(sa.Column("reply_to", sa.String(length=254), nullable=True))
        batch.add_column(sa.Column("retention_default", sa.Integer(), nullable=True))
    with op.batch_alter_table("city") as batch:
        batch.alter_column("small_office", server_default=None)
    op.add_column("membership", sa.Column("later_absences", sa.Text(), nullable=True))


def downgrade() -> None:
    raise RuntimeError("what cities set of themselves would be lost: restore a backup instead")
