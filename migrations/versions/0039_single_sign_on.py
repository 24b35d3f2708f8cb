"""sign-in services of cities, the identities that people have there, and sessions that are of one city alone"""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "sign_in_provider",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("city_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("issuer", sa.String(length=300), nullable=False),
        sa.Column("client_id", sa.String(length=200), nullable=False),
        sa.Column("sealed_secret", sa.String(length=800), nullable=False),
        sa.Column("domains", sa.String(length=500), nullable=False),
        sa.Column("is_trusted", sa.Boolean(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["city_id"], ["city.id"], name=op.f("fk_sign_in_provider_city_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_provider")),
    )
    op.create_index(op.f("ix_sign_in_provider_city_id"), "sign_in_provider", ["city_id"])
    op.create_table(
        "person_identity",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("issuer", sa.String(length=300), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_person_identity_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_identity")),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_person_identity_issuer_subject")),
    )
    op.create_index(op.f("ix_person_identity_person_id"), "person_identity", ["person_id"])
    op.add_column("sign_in_session", sa.Column("provider_city_id", sa.Integer(), nullable=True))
    op.add_column("city", sa.Column("passphrases_closed_at", MOMENT, nullable=True))


def downgrade() -> None:
    raise RuntimeError("who signs in by which service would be lost: restore a backup instead")
