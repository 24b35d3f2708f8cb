"""the security record beside the public one, when a session was used and confirmed and where, and who was scrubbed"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "security_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("city_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("detail", sa.String(length=60), nullable=False),
        sa.Column("address", sa.String(length=45), nullable=False),
        sa.Column("agent", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["city_id"], ["city.id"], name=op.f("fk_security_event_city_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_security_event_person_id")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_security_event_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_security_event")),
    )
    for column in ("at", "city_id", "person_id"):
        op.create_index(op.f(f"ix_security_event_{column}"), "security_event", [column])
    _widen_sessions()
    op.add_column("person", sa.Column("scrubbed_at", MOMENT, nullable=True))


def _widen_sessions() -> None:
    """Whoever is signed in during the upgrade stays so; the idle limit begins with the next page."""
    with op.batch_alter_table("sign_in_session") as batch:
        batch.add_column(sa.Column("seen_at", MOMENT, nullable=True))
        batch.add_column(sa.Column("confirmed_at", MOMENT, nullable=True))
        batch.add_column(sa.Column("ends_at", MOMENT, nullable=True))
        batch.add_column(sa.Column("address", sa.String(length=45), nullable=False, server_default=""))
        batch.add_column(sa.Column("agent", sa.String(length=200), nullable=False, server_default=""))
    op.execute("UPDATE sign_in_session SET seen_at = created_at, confirmed_at = created_at, ends_at = expires_at")
    with op.batch_alter_table("sign_in_session") as batch:
        for column in ("seen_at", "confirmed_at", "ends_at"):
            batch.alter_column(column, existing_type=MOMENT, nullable=False)
        batch.alter_column("address", existing_type=sa.String(length=45), server_default=None)
        batch.alter_column("agent", existing_type=sa.String(length=200), server_default=None)


def downgrade() -> None:
    raise RuntimeError("the security record would be lost: restore a backup instead")
