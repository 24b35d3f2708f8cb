"""scenarios, a city's own estimates, confidence in a self-rating, and answers carried from one assessment to the next"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "scenario",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("city_id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("level", sa.String(length=24), nullable=False),
        sa.Column("target_on", sa.Date(), nullable=True),
        sa.Column("criteria", sa.Text(), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("adopted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["assessment_id"], ["assessment.id"], name=op.f("fk_scenario_assessment_id")),
        sa.ForeignKeyConstraint(["city_id"], ["city.id"], name=op.f("fk_scenario_city_id")),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"], name=op.f("fk_scenario_created_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scenario")),
    )
    op.create_index(op.f("ix_scenario_city_id"), "scenario", ["city_id"], unique=False)
    op.create_index(op.f("ix_scenario_assessment_id"), "scenario", ["assessment_id"], unique=False)

    with op.batch_alter_table("assessment") as batch:
        batch.add_column(sa.Column("previous_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(op.f("fk_assessment_previous_id"), "assessment", ["previous_id"], ["id"])
    with op.batch_alter_table("local_criterion") as batch:
        batch.add_column(sa.Column("effort", sa.String(length=1), nullable=True))
        batch.add_column(sa.Column("lead_days", sa.Integer(), nullable=True))
    with op.batch_alter_table("report") as batch:
        batch.add_column(sa.Column("parts", sa.String(length=80), nullable=False, server_default=""))
    with op.batch_alter_table("report") as batch:
        batch.alter_column("parts", existing_type=sa.String(length=80), existing_nullable=False, server_default=None)
    with op.batch_alter_table("response") as batch:
        batch.add_column(sa.Column("confidence", sa.String(length=10), nullable=True))
        batch.add_column(sa.Column("carried_from", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("confirmation", sa.String(length=12), nullable=True))
        batch.create_foreign_key(op.f("fk_response_carried_from"), "response", ["carried_from"], ["id"])


def downgrade() -> None:
    raise RuntimeError("what people planned and confirmed is not taken away: restore a backup instead")
