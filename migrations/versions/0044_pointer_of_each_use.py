"""where to look in a piece for each response that it supports"""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Empty at first: then what the piece itself says holds, as before."""
    with op.batch_alter_table("evidence_support") as batch:
        batch.add_column(sa.Column("page_pointer", sa.String(length=300), nullable=False, server_default=""))
    with op.batch_alter_table("evidence_support") as batch:
        batch.alter_column("page_pointer", existing_type=sa.String(length=300), server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("evidence_support") as batch:
        batch.drop_column("page_pointer")
