"""letters to the people of a city, what each is about, what people chose, and how far the history was read for them"""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def _common(table: str, *people: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("city_id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=name != "person_id") for name in people),
        sa.ForeignKeyConstraint(["city_id"], ["city.id"], name=op.f(f"fk_{table}_city_id")),
        *(sa.ForeignKeyConstraint([name], ["person.id"], name=op.f(f"fk_{table}_{name}")) for name in people),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    ]


def upgrade() -> None:
    op.create_table(
        "letter",
        *_common("letter", "person_id", "by_hand"),
        sa.Column("message_id", sa.String(length=120), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("handed", sa.Integer(), nullable=False),
        sa.Column("try_after", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("problem", sa.String(length=300), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("message_id", name=op.f("uq_letter_message_id")),
    )
    op.create_table(
        "letter_entry",
        *_common("letter_entry", "person_id", "by_id"),
        sa.Column("letter_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("subject", sa.String(length=12), nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("dropped", sa.String(length=12), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["letter_id"], ["letter.id"], name=op.f("fk_letter_entry_letter_id")),
        sa.UniqueConstraint("city_id", "person_id", "key", name=op.f("uq_letter_entry_city_id_person_id_key")),
    )
    op.create_table(
        "letter_choice",
        *_common("letter_choice", "person_id"),
        sa.Column("off", sa.String(length=300), nullable=False),
        sa.Column("pace", sa.String(length=10), nullable=False),
        sa.Column("quiet_days", sa.String(length=7), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("refused_address", sa.String(length=254), nullable=False),
        sa.Column("refused_reason", sa.String(length=300), nullable=False),
        sa.Column("refused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.UniqueConstraint("city_id", "person_id", name=op.f("uq_letter_choice_city_id_person_id")),
    )
    op.create_table(
        "letter_mark",
        sa.Column("city_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["city_id"], ["city.id"], name=op.f("fk_letter_mark_city_id")),
        sa.PrimaryKeyConstraint("city_id", name=op.f("pk_letter_mark")),
    )
    for table, columns in INDEXES.items():
        for names in columns:
            op.create_index(op.f(f"ix_{table}_{'_'.join(names)}"), table, list(names))
    op.execute("INSERT INTO letter_mark (city_id, number) SELECT id, history_count FROM city")


INDEXES = {
    "letter": (("city_id",), ("person_id",), ("state", "try_after")),
    "letter_entry": (("city_id",), ("person_id",), ("letter_id",)),
    "letter_choice": (("city_id",), ("person_id",)),
}
"""Nobody gets a letter about what happened before there were any: each city is marked as read up to now."""


def downgrade() -> None:
    for table in ("letter_mark", "letter_choice", "letter_entry", "letter"):
        op.drop_table(table)
