"""Room for hidden writing in the columns that hold the words of sealed tickets. SQLite knows no lengths and needs none."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

WIDENED = (
    ("ticket", "title", 200),
    ("ticket_text", "public_title", 200),
    ("ticket_text", "unit_title", 200),
    ("reply", "no_contact_reason", 300),
    ("review", "reread_words", 500),
    ("reply_finding", "words", 500),
    ("exact_spot", "key", 60),
    ("exact_spot", "houses", 60),
    ("reply_promise", "deed", 120),
    ("reply_promise", "said", 40),
)


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table, column, length in WIDENED:
            op.alter_column(table, column, existing_type=sa.String(length=length), type_=sa.Text())


def downgrade() -> None:
    """The columns stay wide: hidden writing would not fit into the former ones."""
