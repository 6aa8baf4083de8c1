"""A desk costs a page of its open work: the most urgent of a list, of a queue and of a category lie in an index of open tickets."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

OPEN = sa.text("state NOT IN ('closed','archived','merged','declined','transferred','void')")
MADE = {
    "ix_ticket_open_category": ["category_code", "created_at"],
    "ix_ticket_open_urgency": ["urgency", "due_at", "id"],
    "ix_ticket_open_queue": ["state", "urgency", "due_at", "id"],
}


def upgrade() -> None:
    for name, columns in MADE.items():
        op.create_index(name, "ticket", columns, unique=False, sqlite_where=OPEN, postgresql_where=OPEN)


def downgrade() -> None:
    for name in MADE:
        op.drop_index(name, table_name="ticket")
