"""a person's calendar, which has a secret address"""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("letter_choice") as batch:
        batch.add_column(sa.Column("calendar", sa.Integer(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("calendars", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("letter_choice") as batch:
        batch.alter_column("calendar", server_default=None)
        batch.alter_column("calendars", server_default=None)


def downgrade() -> None:
    raise RuntimeError("the addresses of calendars would be lost: restore a backup instead")
