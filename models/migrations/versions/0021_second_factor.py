"""A second factor at sign-in: what makes a person's digits, the codes for when the telephone is lost, and sessions that showed it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("staff", sa.Column("second_at", sa.DateTime(), nullable=True))
    op.add_column("login_session", sa.Column("second_at", sa.DateTime(), nullable=True))
    op.create_table(
        "second_factor",
        sa.Column("staff_id", NUMBER, nullable=False, autoincrement=False),
        sa.Column("sealed_secret", sa.String(length=300), nullable=False),
        sa.Column("last_step", NUMBER, nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_second_factor_staff_id")),
        sa.PrimaryKeyConstraint("staff_id", name=op.f("pk_second_factor")),
    )
    op.create_table(
        "recovery_code",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("staff_id", NUMBER, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("used_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_recovery_code_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
    )
    op.create_index("uq_recovery_code_digest", "recovery_code", ["staff_id", "digest"], unique=True)


def downgrade() -> None:
    op.drop_index("uq_recovery_code_digest", table_name="recovery_code")
    op.drop_table("recovery_code")
    op.drop_table("second_factor")
    for table in ("login_session", "staff"):
        with op.batch_alter_table(table) as batch:
            batch.drop_column("second_at")
