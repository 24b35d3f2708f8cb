"""what stands behind a figure, and who approved it as a claim"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TEXTS = {"dataset": 300, "method": 1000, "caveat": 500}


def upgrade() -> None:
    with op.batch_alter_table("evidence") as batch:
        for name, length in TEXTS.items():
            batch.add_column(sa.Column(name, sa.String(length=length), nullable=False, server_default=""))
        batch.add_column(sa.Column("approved_by", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True))
        batch.create_foreign_key(op.f("fk_evidence_approved_by"), "person", ["approved_by"], ["id"])
    with op.batch_alter_table("evidence") as batch:
        for name, length in TEXTS.items():
            batch.alter_column(
                name, existing_type=sa.String(length=length), existing_nullable=False, server_default=None
            )


def downgrade() -> None:
    raise RuntimeError("approvals are not taken away: restore a backup instead")
