"""Keyed marks of what replies, reviews, ratings, petitions, deadlines and closings said when they were written."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "row_seal",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("log_of", sa.String(length=16), nullable=False),
        sa.Column("row_id", NUMBER, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_row_seal")),
    )
    op.create_index("ix_row_seal_row_id", "row_seal", ["log_of", "row_id", "id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_row_seal_row_id", table_name="row_seal")
    op.drop_table("row_seal")
