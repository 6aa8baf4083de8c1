"""Answers in doubt."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("survey", sa.Column("words", sa.Text(), nullable=True))
    op.add_column("survey", sa.Column("reading", sa.String(length=16), nullable=True))


def downgrade() -> None:
    op.drop_column("survey", "reading")
    op.drop_column("survey", "words")
