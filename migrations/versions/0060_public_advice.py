"""who has read what it means to make something public"""

import sqlalchemy as sa
from alembic import op

from app.store.database.engine import Utc

revision = "0060"
down_revision = "0059"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("person", "evidence_request"):
        with op.batch_alter_table(table) as batch:
            batch.add_column(sa.Column("public_advice_read_at", Utc(), nullable=True))


def downgrade() -> None:
    raise RuntimeError("who has read the advice would be lost: restore a backup instead")
