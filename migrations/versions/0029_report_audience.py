"""who is to read a report, whether it is a draft, and whose annex it is"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Whoever had an account could open an earlier report, and everything was in it.
    with op.batch_alter_table("report") as batch:
        batch.add_column(sa.Column("audience", sa.String(length=10), nullable=False, server_default="internal"))
        batch.add_column(sa.Column("is_draft", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch.add_column(sa.Column("department_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(op.f("fk_report_department_id"), "department", ["department_id"], ["id"])
    with op.batch_alter_table("report") as batch:
        batch.alter_column("audience", server_default=None)
        batch.alter_column("is_draft", server_default=None)


def downgrade() -> None:
    raise RuntimeError("who may read which report would be lost: restore a backup instead")
