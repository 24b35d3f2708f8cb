"""requests for evidence, partners who answer them without an account, and where a contributed piece comes from"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "partner",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("city_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("contact", sa.String(length=120), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["city_id"], ["city.id"], name=op.f("fk_partner_city_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner")),
        sa.UniqueConstraint("city_id", "name", name=op.f("uq_partner_city_id_name")),
    )
    op.create_index(op.f("ix_partner_city_id"), "partner", ["city_id"], unique=False)
    op.create_table(
        "evidence_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("city_id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("criterion", sa.String(length=12), nullable=False),
        sa.Column("item", sa.String(length=40), nullable=False),
        sa.Column("partner_id", sa.Integer(), nullable=True),
        sa.Column("department_id", sa.Integer(), nullable=True),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("forms", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("nonce", sa.String(length=32), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=True),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["assessment_id"], ["assessment.id"], name=op.f("fk_evidence_request_assessment_id")),
        sa.ForeignKeyConstraint(["city_id"], ["city.id"], name=op.f("fk_evidence_request_city_id")),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"], name=op.f("fk_evidence_request_created_by")),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_evidence_request_department_id")),
        sa.ForeignKeyConstraint(["partner_id"], ["partner.id"], name=op.f("fk_evidence_request_partner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_request")),
    )
    op.create_index(op.f("ix_evidence_request_assessment_id"), "evidence_request", ["assessment_id"], unique=False)
    op.create_index(op.f("ix_evidence_request_city_id"), "evidence_request", ["city_id"], unique=False)
    op.create_table(
        "contribution",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("city_id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("entry", sa.Text(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("role", sa.String(length=120), nullable=False),
        sa.Column("may_quote", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("evidence_id", sa.Integer(), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["city_id"], ["city.id"], name=op.f("fk_contribution_city_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_contribution_decided_by")),
        sa.ForeignKeyConstraint(["evidence_id"], ["evidence.id"], name=op.f("fk_contribution_evidence_id")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_contribution_file_id")),
        sa.ForeignKeyConstraint(["request_id"], ["evidence_request.id"], name=op.f("fk_contribution_request_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contribution")),
    )
    op.create_index(op.f("ix_contribution_city_id"), "contribution", ["city_id"], unique=False)
    op.create_index(op.f("ix_contribution_request_id"), "contribution", ["request_id"], unique=False)
    with op.batch_alter_table("evidence") as batch:
        batch.add_column(sa.Column("partner_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("contributed_by", sa.String(length=250), nullable=False, server_default=""))
        batch.add_column(sa.Column("contributed_on", sa.Date(), nullable=True))
        batch.create_foreign_key(op.f("fk_evidence_partner_id"), "partner", ["partner_id"], ["id"])
    with op.batch_alter_table("evidence") as batch:
        batch.alter_column(
            "contributed_by", existing_type=sa.String(length=250), existing_nullable=False, server_default=None
        )


def downgrade() -> None:
    raise RuntimeError("what partners contributed is not taken away: restore a backup instead")
