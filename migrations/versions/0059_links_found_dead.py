"""how often a link was found dead since it opened last"""

import sqlalchemy as sa
from alembic import op

revision = "0059"
down_revision = "0058"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("evidence") as batch:
        batch.add_column(sa.Column("link_deaths", sa.Integer(), nullable=False, server_default="0"))
    # who was told of a dead link is not told again
    op.execute("UPDATE evidence SET link_deaths = link_troubles WHERE link_state IN ('dead', 'no_site')")
    with op.batch_alter_table("evidence") as batch:
        batch.alter_column("link_deaths", server_default=None)


def downgrade() -> None:
    raise RuntimeError("whom a dead link was told to would be lost: restore a backup instead")
