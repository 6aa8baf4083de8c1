"""What a unit reads of a sealed ticket: a version of its words and title written for it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("ticket_text") as table:
        table.add_column(sa.Column("unit_words", sa.Text(), nullable=True))
        table.add_column(sa.Column("unit_title", sa.String(length=200), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("ticket_text") as table:
        table.drop_column("unit_title")
        table.drop_column("unit_words")
