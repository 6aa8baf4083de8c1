"""When somebody ceased to look at a ticket: the deed was done, or the page was left."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0070"
down_revision = "0069"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("ticket_look", sa.Column("left_at", sa.DateTime(), nullable=True))


def downgrade() -> None:
    op.drop_column("ticket_look", "left_at")
