"""whose a piece of evidence is, what its file was called by whoever sent it, and what of it was opened"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

NAMED = ("evidence", "evidence_version", "contribution")


def upgrade() -> None:
    for table in NAMED:
        _add(table, "file_name", sa.String(length=200), "")
        name = f"SELECT name FROM stored_file WHERE stored_file.id = {table}.file_id"
        op.execute(f"UPDATE {table} SET file_name = ({name}) WHERE file_id IS NOT NULL")
    _add("evidence_support", "guest", sa.Boolean(), sa.false())
    _add("evidence_opening", "what", sa.String(length=10), "file")


def _add(table: str, name: str, kind: sa.types.TypeEngine, before: object) -> None:
    """The column, with what it says in rows of before; new rows say it themselves."""
    with op.batch_alter_table(table) as batch:
        batch.add_column(sa.Column(name, kind, nullable=False, server_default=before))
    with op.batch_alter_table(table) as batch:
        batch.alter_column(name, existing_type=kind, existing_nullable=False, server_default=None)


def downgrade() -> None:
    raise RuntimeError("what only guests may not see would open to them: restore a backup instead")
