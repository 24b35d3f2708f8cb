"""groups of sign-in services that give roles, and the memberships that they gave"""

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("sign_in_provider") as batch:
        batch.add_column(sa.Column("groups_claim", sa.String(length=60), nullable=False, server_default=""))
        batch.add_column(sa.Column("group_roles", sa.Text(), nullable=False, server_default="[]"))
        batch.add_column(sa.Column("creates_accounts", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    with op.batch_alter_table("sign_in_provider") as batch:
        for column in ("groups_claim", "group_roles", "creates_accounts", "version"):
            batch.alter_column(column, server_default=None)
    op.add_column("membership", sa.Column("given_by", sa.Integer(), nullable=True))


def downgrade() -> None:
    raise RuntimeError("which roles a sign-in service gave would be lost: restore a backup instead")
