"""what each event led to, kept beside it and covered by its hash, and like it never changed"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("history_event", sa.Column("state", sa.String(length=64), nullable=True))
    op.create_table(
        "recorded_state",
        sa.Column("city_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("row_id", sa.Integer(), nullable=False),
        sa.Column("before", sa.String(length=64), nullable=False),
        sa.Column("after", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["city_id"], ["city.id"], name=op.f("fk_recorded_state_city_id")),
        sa.PrimaryKeyConstraint("city_id", "number", "place", name=op.f("pk_recorded_state")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_recorded_state_row", "recorded_state", ["city_id", "kind", "row_id", "number", "place"])
    _only_grows()


def _only_grows() -> None:
    """As events do, see 0001."""
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER recorded_state_no_{verb.lower()} BEFORE {verb} ON recorded_state "
                "BEGIN SELECT RAISE(ABORT, 'history only grows'); END"
            )
        op.execute(
            "CREATE TRIGGER recorded_state_no_replace BEFORE INSERT ON recorded_state WHEN EXISTS (SELECT 1 FROM recorded_state "
            "WHERE city_id = NEW.city_id AND number = NEW.number AND place = NEW.place) "
            "BEGIN SELECT RAISE(ABORT, 'history only grows'); END"
        )
        return
    op.execute(
        "CREATE TRIGGER recorded_state_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON recorded_state "
        "FOR EACH STATEMENT EXECUTE FUNCTION history_only_grows()"
    )


def downgrade() -> None:
    raise RuntimeError("a record is not taken away: restore a backup instead")
