"""What the virus scanner said of each file, and its copy on a second place."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0061'
down_revision = '0060'
branch_labels = None
depends_on = None

WITH_SCANS = ('attachment', 'knowledge_import')


def upgrade() -> None:
    for table in WITH_SCANS:
        op.add_column(table, sa.Column('checked', sa.String(length=10), server_default='unchecked', nullable=False))
    op.add_column('attachment', sa.Column('checked_at', sa.DateTime(), nullable=True))
    op.add_column('attachment', sa.Column('found', sa.String(length=120), nullable=True))
    op.add_column('attachment', sa.Column('copied_at', sa.DateTime(), nullable=True))
    op.add_column('attachment', sa.Column('copy_read_at', sa.DateTime(), nullable=True))
    op.add_column('attachment', sa.Column('copy_trouble', sa.String(length=12), nullable=True))
    op.create_index('ix_attachment_checked', 'attachment', ['checked', 'checked_at'])
    op.create_index('ix_attachment_copied_at', 'attachment', ['copied_at'])


def downgrade() -> None:
    op.drop_index('ix_attachment_copied_at', 'attachment')
    op.drop_index('ix_attachment_checked', 'attachment')
    with op.batch_alter_table('attachment') as table:
        for column in ('copy_trouble', 'copy_read_at', 'copied_at', 'found', 'checked_at'):
            table.drop_column(column)
    for name in WITH_SCANS:
        with op.batch_alter_table(name) as table:
            table.drop_column('checked')
