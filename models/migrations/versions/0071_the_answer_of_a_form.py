"""What a form was answered, hidden: a second press of it is answered the same."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0071"
down_revision = "0070"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("receipt", sa.Column("answer", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("receipt", "answer")
