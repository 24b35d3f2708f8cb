"""a partner's leave to be quoted by name stays with the piece that it sent"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("evidence") as batch:
        batch.add_column(sa.Column("may_quote", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("evidence") as batch:
        batch.alter_column("may_quote", existing_type=sa.Boolean(), existing_nullable=False, server_default=None)
    op.execute(
        sa.text(
            "UPDATE evidence SET may_quote = :yes WHERE id IN "
            "(SELECT evidence_id FROM contribution WHERE may_quote = :yes AND evidence_id IS NOT NULL)"
        ).bindparams(yes=True)
    )


def downgrade() -> None:
    raise RuntimeError("what people agreed to is not taken away: restore a backup instead")
