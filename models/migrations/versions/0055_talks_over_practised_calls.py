"""Talks over practised calls."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0055'
down_revision = '0054'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('practice_run', sa.Column('coached_at', sa.DateTime(), nullable=True))
    op.add_column('practice_run', sa.Column('coached_by_name', sa.String(length=64), nullable=True))
    op.add_column('practice_run', sa.Column('coached_words', sa.Text(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('practice_run', schema=None) as batch_op:
        batch_op.drop_column('coached_words')
        batch_op.drop_column('coached_by_name')
        batch_op.drop_column('coached_at')
