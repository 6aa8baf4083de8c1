"""What a citizen told as their number is kept beside the number that was read out of it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("ticket_text") as table:
        table.add_column(sa.Column("phone_told", sa.String(length=200), nullable=True))
        table.add_column(sa.Column("other_phones", sa.String(length=200), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("ticket_text") as table:
        table.drop_column("other_phones")
        table.drop_column("phone_told")
