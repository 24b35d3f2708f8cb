"""what the mayor or manager says at the front of reports"""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "foreword",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("city_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("office", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["city_id"], ["city.id"], name=op.f("fk_foreword_city_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_foreword")),
        sa.UniqueConstraint("city_id", "language", name=op.f("uq_foreword_city_id_language")),
    )
    op.create_index(op.f("ix_foreword_city_id"), "foreword", ["city_id"])


def downgrade() -> None:
    raise RuntimeError("forewords would be lost: restore a backup instead")
