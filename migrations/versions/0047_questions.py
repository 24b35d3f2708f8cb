"""comments that ask someone and are answered, replies, and requests to reopen what was decided"""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

TEXTS = {"asked": 200, "kind": 10}


def upgrade() -> None:
    with op.batch_alter_table("review_comment") as batch:
        for name, length in TEXTS.items():
            batch.add_column(sa.Column(name, sa.String(length=length), nullable=False, server_default=""))
        batch.add_column(sa.Column("reply_to", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("answered_by", sa.Integer(), nullable=True))
        batch.create_foreign_key(op.f("fk_review_comment_reply_to"), "review_comment", ["reply_to"], ["id"])
        batch.create_foreign_key(op.f("fk_review_comment_answered_by"), "person", ["answered_by"], ["id"])
    with op.batch_alter_table("review_comment") as batch:
        for name in TEXTS:
            batch.alter_column(name, server_default=None)


def downgrade() -> None:
    raise RuntimeError("what was asked and answered would be lost: restore a backup instead")
