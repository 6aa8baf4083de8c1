"""Scans whose reader died."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0051'
down_revision = '0050'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('letter_scan', schema=None) as batch_op:
        batch_op.add_column(sa.Column('reading_since', sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column('tries', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, server_default='0'))


def downgrade() -> None:
    with op.batch_alter_table('letter_scan', schema=None) as batch_op:
        batch_op.drop_column('tries')
        batch_op.drop_column('reading_since')
