"""what the programme said of an assessment: the application, its questions, and an official answer for each criterion"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def _city_columns(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("city_id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["city_id"], ["city.id"], name=op.f(f"fk_{table}_city_id")),
        sa.ForeignKeyConstraint(["assessment_id"], ["assessment.id"], name=op.f(f"fk_{table}_assessment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    ]


def upgrade() -> None:
    op.create_table(
        "program_application",
        *_city_columns("program_application"),
        sa.Column("submitted_on", sa.Date(), nullable=True),
        sa.Column("official_level", sa.String(length=10), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("outcome_text", sa.String(length=500), nullable=False),
        sa.Column("outcome_evidence_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["outcome_evidence_id"], ["evidence.id"], name=op.f("fk_program_application_outcome_evidence_id")
        ),
        sa.UniqueConstraint("assessment_id", name=op.f("uq_program_application_assessment_id")),
    )
    op.create_table(
        "program_question",
        *_city_columns("program_question"),
        sa.Column("criterion", sa.String(length=12), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
    )
    op.create_table(
        "program_answer",
        *_city_columns("program_answer"),
        sa.Column("criterion", sa.String(length=12), nullable=False),
        sa.Column("answer", sa.String(length=10), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.UniqueConstraint("assessment_id", "criterion", name=op.f("uq_program_answer_assessment_id_criterion")),
    )
    for table in ("program_application", "program_question", "program_answer"):
        op.create_index(op.f(f"ix_{table}_city_id"), table, ["city_id"])
    for table in ("program_question", "program_answer"):
        op.create_index(op.f(f"ix_{table}_assessment_id"), table, ["assessment_id"])


def downgrade() -> None:
    raise RuntimeError("what the programme said would be lost: restore a backup instead")
