"""whom people of a city ask"""

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None

LENGTHS = {"contact_name": 120, "contact_phone": 40, "contact_email": 254}


def upgrade() -> None:
    with op.batch_alter_table("city") as batch:
        for name, length in LENGTHS.items():
            batch.add_column(sa.Column(name, sa.String(length), nullable=False, server_default=""))
    with op.batch_alter_table("city") as batch:
        for name in LENGTHS:
            batch.alter_column(name, server_default=None)


def downgrade() -> None:
    raise RuntimeError("whom people ask would be lost: restore a backup instead")
