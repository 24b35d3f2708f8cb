"""what a city said of its criteria in its own words when an assessment was closed"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("assessment") as batch:
        batch.add_column(sa.Column("own_words", sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("assessment") as batch:
        batch.alter_column("own_words", existing_type=sa.Text(), existing_nullable=False, server_default=None)


def downgrade() -> None:
    raise RuntimeError("the words of closed assessments would be lost: restore a backup instead")
