"""Security keys as a second factor, and the question that a session asked one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("login_session", sa.Column("challenge", sa.String(length=100), nullable=True))
    op.add_column("login_session", sa.Column("challenge_at", sa.DateTime(), nullable=True))
    op.create_table(
        "security_key",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("staff_id", NUMBER, nullable=False),
        sa.Column("credential", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("public_key", sa.Text(), nullable=False),
        sa.Column("sign_count", NUMBER, nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("used_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_security_key_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_security_key")),
    )
    op.create_index("uq_security_key_digest", "security_key", ["digest"], unique=True)
    op.create_index("ix_security_key_staff_id", "security_key", ["staff_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_security_key_staff_id", table_name="security_key")
    op.drop_index("uq_security_key_digest", table_name="security_key")
    op.drop_table("security_key")
    with op.batch_alter_table("login_session") as batch:
        batch.drop_column("challenge_at")
        batch.drop_column("challenge")
