"""how each person last narrowed each list"""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("person") as batch:
        batch.add_column(sa.Column("list_choices", sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("person") as batch:
        batch.alter_column("list_choices", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("person") as batch:
        batch.drop_column("list_choices")
