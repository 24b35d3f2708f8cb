"""reports that go out by mail each month, to whom, and what became of each month's"""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "monthly_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("city_id", sa.Integer(), nullable=False),
        sa.Column("length", sa.String(length=10), nullable=False),
        sa.Column("audience", sa.String(length=10), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("is_attached", sa.Boolean(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("is_paused", sa.Boolean(), nullable=False),
        sa.Column("set_by", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["city_id"], ["city.id"], name=op.f("fk_monthly_report_city_id")),
        sa.ForeignKeyConstraint(["set_by"], ["person.id"], name=op.f("fk_monthly_report_set_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_monthly_report")),
    )
    op.create_index(op.f("ix_monthly_report_city_id"), "monthly_report", ["city_id"])
    op.create_table(
        "monthly_reader",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("city_id", sa.Integer(), nullable=False),
        sa.Column("monthly_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["city_id"], ["city.id"], name=op.f("fk_monthly_reader_city_id")),
        sa.ForeignKeyConstraint(["monthly_id"], ["monthly_report.id"], name=op.f("fk_monthly_reader_monthly_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_monthly_reader_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_monthly_reader")),
    )
    op.create_index(op.f("ix_monthly_reader_city_id"), "monthly_reader", ["city_id"])
    op.create_index(op.f("ix_monthly_reader_monthly_id"), "monthly_reader", ["monthly_id"])
    op.create_table(
        "monthly_issue",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("city_id", sa.Integer(), nullable=False),
        sa.Column("monthly_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("problem", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["city_id"], ["city.id"], name=op.f("fk_monthly_issue_city_id")),
        sa.ForeignKeyConstraint(["monthly_id"], ["monthly_report.id"], name=op.f("fk_monthly_issue_monthly_id")),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name=op.f("fk_monthly_issue_report_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_monthly_issue")),
        sa.UniqueConstraint("monthly_id", "month", name=op.f("uq_monthly_issue_monthly_id_month")),
    )
    op.create_index(op.f("ix_monthly_issue_city_id"), "monthly_issue", ["city_id"])
    op.create_index(op.f("ix_monthly_issue_state"), "monthly_issue", ["state"])
    with op.batch_alter_table("report_mail") as batch:
        batch.add_column(sa.Column("issue_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(op.f("fk_report_mail_issue_id"), "monthly_issue", ["issue_id"], ["id"])
        batch.create_index(op.f("ix_report_mail_issue_id"), ["issue_id"])


def downgrade() -> None:
    raise RuntimeError("monthly reports would be lost: restore a backup instead")
