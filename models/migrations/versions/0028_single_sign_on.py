"""Single sign-on: as whom the city's identity provider knows a person, and how a session was begun."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("login_session", sa.Column("way", sa.String(length=8), nullable=False, server_default="password"))
    op.create_table(
        "sign_in_identity",
        sa.Column("staff_id", NUMBER, nullable=False, autoincrement=False),
        sa.Column("issuer", sa.String(length=200), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_sign_in_identity_staff_id")),
        sa.PrimaryKeyConstraint("staff_id", name=op.f("pk_sign_in_identity")),
    )
    op.create_index("uq_sign_in_identity_subject", "sign_in_identity", ["issuer", "subject"], unique=True)


def downgrade() -> None:
    op.drop_index("uq_sign_in_identity_subject", table_name="sign_in_identity")
    op.drop_table("sign_in_identity")
    with op.batch_alter_table("login_session") as batch:
        batch.drop_column("way")
