"""partners send files in parts too: an upload belongs to a person or to a request"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("upload") as batch:
        batch.alter_column("person_id", existing_type=sa.Integer(), nullable=True)
        batch.add_column(sa.Column("request_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(op.f("fk_upload_request_id"), "evidence_request", ["request_id"], ["id"])
    op.create_index(op.f("ix_upload_request_id"), "upload", ["request_id"], unique=False)


def downgrade() -> None:
    raise RuntimeError("what is on its way in is not taken away: restore a backup instead")
