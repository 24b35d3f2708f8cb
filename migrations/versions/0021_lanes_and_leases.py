"""jobs in lanes, with a lease that no clock decides about"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

LANES = {
    "mail.send": "letters",
    "request.mail": "letters",
    "link.tell": "letters",
    "report.make": "reports",
    "link.look": "links",
    "portal.read": "catalogs",
}
"""As on the day of this revision; everything else is a reading."""


def upgrade() -> None:
    op.drop_index(op.f("ix_job_state"), "job")
    with op.batch_alter_table("job") as batch:
        batch.drop_column("leased_until")
        batch.alter_column("run_after", existing_type=sa.DateTime(timezone=True), nullable=True)
        batch.add_column(sa.Column("lane", sa.String(length=10), nullable=False, server_default="readings"))
        batch.add_column(sa.Column("turn", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("lease", sa.String(length=32), nullable=False, server_default=""))
        batch.add_column(sa.Column("beat", sa.Integer(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("waits_since", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("job") as batch:
        for name, kind in {"lane": sa.String(length=10), "lease": sa.String(length=32), "beat": sa.Integer()}.items():
            batch.alter_column(name, existing_type=kind, existing_nullable=False, server_default=None)
    _fill()
    op.create_index("ix_job_state_lane_city_id_id", "job", ["state", "lane", "city_id", "id"])
    op.create_index("ix_job_lane_city_id_turn", "job", ["lane", "city_id", "turn"])
    op.create_index("ix_job_state_run_after", "job", ["state", "run_after"])
    op.create_index("ix_job_state_ended_at", "job", ["state", "ended_at"])
    op.create_index(op.f("ix_job_turn"), "job", ["turn"])
    op.create_index(op.f("ix_report_state"), "report", ["state"])


def _fill() -> None:
    """What a worker of before had in hand waits again; what waited for its time goes on doing so."""
    for kind, lane in LANES.items():
        op.execute(sa.text("UPDATE job SET lane = :lane WHERE kind = :kind").bindparams(lane=lane, kind=kind))
    op.execute("UPDATE job SET ended_at = run_after WHERE state IN ('done', 'failed')")
    op.execute(
        "UPDATE job SET state = 'later', waits_since = created_at WHERE state = 'waiting' AND run_after > created_at"
    )
    op.execute("UPDATE job SET state = 'waiting' WHERE state = 'running'")
    op.execute("UPDATE job SET run_after = NULL WHERE state <> 'later'")


def downgrade() -> None:
    raise RuntimeError("jobs that wait for their time would be lost: restore a backup instead")
