"""since when a policy or an agreement is in force, apart from the time that it covers"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("evidence", sa.Column("effective_on", sa.Date(), nullable=True))


def downgrade() -> None:
    raise RuntimeError("dates that people entered are not taken away: restore a backup instead")
