"""Each row of the story and of the audit carries the mark with which the program wrote it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0060'
down_revision = '0059'
branch_labels = None
depends_on = None


def upgrade() -> None:
    for log in ('ticket_event', 'audit'):
        op.add_column(log, sa.Column('mark', sa.String(length=40), nullable=True))


def downgrade() -> None:
    for log in ('ticket_event', 'audit'):
        with op.batch_alter_table(log) as table:
            table.drop_column('mark')
