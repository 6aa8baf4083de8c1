"""How long matters of a kind took so far, and how often what was told of it came true."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "waiting_time",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("category_code", sa.String(length=16), nullable=False),
        sa.Column("unit_code", sa.String(length=32), nullable=False),
        sa.Column("season", sa.String(length=4), nullable=False),
        sa.Column("low", NUMBER, nullable=False),
        sa.Column("high", NUMBER, nullable=False),
        sa.Column("share", sa.Double(), nullable=False),
        sa.Column("tickets", NUMBER, nullable=False),
        sa.Column("since", sa.DateTime(), nullable=False),
        sa.Column("until", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waiting_time")),
    )
    op.create_index(
        "ix_waiting_time_kind", "waiting_time", ["category_code", "unit_code", "season", "since"], unique=False
    )
    op.create_index("ix_waiting_time_until", "waiting_time", ["until"], unique=False)
    op.create_table(
        "waiting_check",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("category_code", sa.String(length=16), nullable=False),
        sa.Column("told", NUMBER, nullable=False),
        sa.Column("held", NUMBER, nullable=False),
        sa.Column("stated", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("day", "category_code", name=op.f("pk_waiting_check")),
    )


def downgrade() -> None:
    op.drop_table("waiting_check")
    op.drop_table("waiting_time")
