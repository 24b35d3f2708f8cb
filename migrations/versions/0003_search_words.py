"""the words by which evidence is found, without accents and capitals, for what is there already too"""

import re
import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "search_word",
        sa.Column("city_id", sa.Integer(), nullable=False),
        sa.Column("word", sa.String(40).with_variant(sa.String(40, collation="C"), "postgresql"), nullable=False),
        sa.Column("evidence_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["city_id"], ["city.id"], name=op.f("fk_search_word_city_id")),
        sa.ForeignKeyConstraint(["evidence_id"], ["evidence.id"], name=op.f("fk_search_word_evidence_id")),
        sa.PrimaryKeyConstraint("city_id", "word", "evidence_id", name=op.f("pk_search_word")),
    )
    op.create_index(op.f("ix_search_word_evidence_id"), "search_word", ["evidence_id"], unique=False)
    _index_what_is_there()


def _index_what_is_there() -> None:
    """As the app does it on the day of this revision."""
    connection = op.get_bind()
    query = (
        "SELECT e.city_id, e.id, e.title, e.source, e.page_pointer, e.note, e.url, f.name FROM evidence e "
        "LEFT JOIN stored_file f ON f.id = e.file_id"
    )
    insert = sa.text("INSERT INTO search_word (city_id, word, evidence_id) VALUES (:city, :word, :piece)")
    for city, piece, *texts in connection.execute(sa.text(query)).all():
        rows = [{"city": city, "word": word, "piece": piece} for word in _words(" ".join(filter(None, texts)))]
        if rows:
            connection.execute(insert, rows)


def _words(text: str) -> list[str]:
    parted = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(letter for letter in parted if not unicodedata.combining(letter))
    return list(dict.fromkeys(word[:40] for word in re.findall(r"[^\W_]+", plain)))[:400]


def downgrade() -> None:
    op.drop_table("search_word")
