"""What came of each nightly drill of a backup."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "restore_drill",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("backup", sa.String(length=64), nullable=False),
        sa.Column("rows", NUMBER, nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("well", sa.Boolean(), nullable=False),
        sa.Column("problems", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_restore_drill")),
    )
    op.create_index("ix_restore_drill_at", "restore_drill", ["at"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_restore_drill_at", table_name="restore_drill")
    op.drop_table("restore_drill")
