"""the words of figures for the search, nothing left of what was disposed of, and no column that nobody reads"""

import re
import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

DISPOSED = "SELECT id FROM evidence WHERE disposed_at IS NOT NULL"


def upgrade() -> None:
    op.drop_column("file_reading", "has_position")
    op.execute(
        "UPDATE evidence SET baseline_period = '', current_period = '', period_from = NULL, period_to = NULL, effective_on = NULL, "
        "link_state = '', link_checked_at = NULL, link_troubles = 0 WHERE disposed_at IS NOT NULL"
    )
    op.execute(f"UPDATE contribution SET name = '', role = '', reason = '' WHERE evidence_id IN ({DISPOSED})")
    _index_figures()


def _index_figures() -> None:
    """As the app does it on the day of this revision."""
    connection = op.get_bind()
    figures = sa.text("SELECT city_id, id, unit, dataset, method, caveat FROM evidence WHERE disposed_at IS NULL")
    insert = sa.text(
        "INSERT INTO search_word (city_id, word, evidence_id) VALUES (:city, :word, :piece) ON CONFLICT DO NOTHING"
    )
    for city, piece, *texts in connection.execute(figures).all():
        rows = [{"city": city, "word": word, "piece": piece} for word in _words(" ".join(texts))]
        if rows:
            connection.execute(insert, rows)


def _words(text: str) -> list[str]:
    parted = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    plain = "".join(letter for letter in parted if not unicodedata.combining(letter))
    return list(dict.fromkeys(word[:40] for word in re.findall(r"[^\W_]+", plain)))


def downgrade() -> None:
    raise RuntimeError("what was disposed of does not come back: restore a backup instead")
