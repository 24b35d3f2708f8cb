"""absences that are planned after the next one"""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("membership", sa.Column("later_absences", sa.Text(), nullable=True))


def downgrade() -> None:
    raise RuntimeError("planned absences would be lost: restore a backup instead")
