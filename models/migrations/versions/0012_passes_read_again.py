"""Passes that quality control reads again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
COLUMNS = ("at_once", "reread", "reread_by_id", "reread_at", "reread_agrees", "reread_words")


def upgrade() -> None:
    with op.batch_alter_table("review") as table:
        table.add_column(sa.Column("at_once", NUMBER, nullable=True))
        table.add_column(sa.Column("reread", sa.Boolean(), nullable=True))
        table.add_column(sa.Column("reread_by_id", NUMBER, nullable=True))
        table.add_column(sa.Column("reread_at", sa.DateTime(), nullable=True))
        table.add_column(sa.Column("reread_agrees", sa.Boolean(), nullable=True))
        table.add_column(sa.Column("reread_words", sa.String(length=500), nullable=True))
        table.create_foreign_key(op.f("fk_review_reread_by_id"), "staff", ["reread_by_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("review") as table:
        table.drop_constraint(op.f("fk_review_reread_by_id"), type_="foreignkey")
        for name in COLUMNS:
            table.drop_column(name)
