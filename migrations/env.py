"""How Alembic runs here: always on a connection handed in by `app.store.migrating`, which owns the transaction."""

from typing import Any

from alembic import context
from alembic.autogenerate.api import AutogenContext

from app.store.database.engine import Utc
from app.store.tables import metadata


def plain_types(kind: str, thing: Any, _context: AutogenContext) -> str | bool:
    """Write columns with SQLAlchemy's own types, so that a revision still runs when our classes have changed."""
    if kind == "type" and isinstance(thing, Utc):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and type(thing).__name__ == "AutoString":
        return f"sa.String(length={thing.length})" if thing.length else "sa.String()"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=True,
    transaction_per_migration=False,
    render_item=plain_types,
)
context.run_migrations()
