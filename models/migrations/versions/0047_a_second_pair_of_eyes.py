"""Who works with a second pair of eyes, and which tickets wait for a colleague's look."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

WAITS = sa.text("second_look = 'waits'")


def upgrade() -> None:
    op.add_column("staff", sa.Column("learns_from", sa.DateTime(), nullable=True))
    op.add_column("staff", sa.Column("learns_until", sa.DateTime(), nullable=True))
    op.add_column("staff", sa.Column("released_at", sa.DateTime(), nullable=True))
    op.add_column("staff", sa.Column("released_by_name", sa.String(length=64), nullable=True))
    op.add_column("staff", sa.Column("released_why", sa.String(length=300), nullable=True))
    op.add_column("ticket", sa.Column("second_look", sa.String(length=10), nullable=True))
    op.create_index("ix_ticket_second_look", "ticket", ["id"], sqlite_where=WAITS, postgresql_where=WAITS)


def downgrade() -> None:
    op.drop_index("ix_ticket_second_look", table_name="ticket")
    op.drop_column("ticket", "second_look")
    for name in ("released_why", "released_by_name", "released_at", "learns_until", "learns_from"):
        op.drop_column("staff", name)
