"""in which language a comment is"""

import sqlalchemy as sa
from alembic import op

revision = "0058"
down_revision = "0056"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("review_comment") as batch:
        batch.add_column(sa.Column("language", sa.String(length=5), nullable=False, server_default=""))
    with op.batch_alter_table("review_comment") as batch:
        batch.alter_column("language", server_default=None)


def downgrade() -> None:
    raise RuntimeError("what is known of the languages would be lost: restore a backup instead")
