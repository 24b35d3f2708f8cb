"""evidence that came after a verdict of met, and what was confirmed or returned of it"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("response") as batch:
        batch.add_column(sa.Column("renewal", sa.String(length=10), nullable=False, server_default=""))
        batch.add_column(sa.Column("renewed_by", sa.Integer(), nullable=True))
        batch.create_foreign_key(op.f("fk_response_renewed_by"), "person", ["renewed_by"], ["id"])
    with op.batch_alter_table("judged_response") as batch:
        batch.add_column(sa.Column("occasion", sa.String(length=10), nullable=False, server_default=""))
        batch.add_column(sa.Column("reason", sa.Text(), nullable=False, server_default=""))
        batch.add_column(sa.Column("person_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(op.f("fk_judged_response_person_id"), "person", ["person_id"], ["id"])
    for table, columns in {"response": ("renewal",), "judged_response": ("occasion", "reason")}.items():
        with op.batch_alter_table(table) as batch:
            for column in columns:
                batch.alter_column(column, server_default=None)


def downgrade() -> None:
    raise RuntimeError("what was confirmed and returned would be lost: restore a backup instead")
