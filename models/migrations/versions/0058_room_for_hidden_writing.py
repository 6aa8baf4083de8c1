"""Room for hidden writing in further columns: telephones of staff, titles of rulings, and what providers said of a number."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0058'
down_revision = '0057'
branch_labels = None
depends_on = None

WIDENED = (
    ('staff', 'phone', 32),
    ('precedent', 'title', 200),
    ('message', 'error', 300),
    ('delivery', 'error', 300),
    ('partner_line', 'error', 300),
    ('sender_day', 'error', 300),
)


def upgrade() -> None:
    if op.get_bind().dialect.name == 'postgresql':  # SQLite knows no lengths
        for table, column, length in WIDENED:
            op.alter_column(table, column, existing_type=sa.String(length=length), type_=sa.Text())


def downgrade() -> None:
    """The columns stay wide: hidden writing would not fit into the former ones."""
