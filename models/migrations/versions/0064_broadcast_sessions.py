"""A session is an interview on the web or a broadcast, and its questions count by that door."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0064'
down_revision = '0063'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('interview', sa.Column('channel', sa.String(length=12), server_default='interview', nullable=False))


def downgrade() -> None:
    with op.batch_alter_table('interview') as table:
        table.drop_column('channel')
