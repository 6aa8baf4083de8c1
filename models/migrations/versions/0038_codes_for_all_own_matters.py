"""Codes for all own matters."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0038'
down_revision = '0037'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('own_list_code',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('phone', sa.Text(), nullable=False),
    sa.Column('asked_at', sa.DateTime(), nullable=False),
    sa.Column('tries', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('used_at', sa.DateTime(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_own_list_code'))
    )
    with op.batch_alter_table('own_list_code', schema=None) as batch_op:
        batch_op.create_index('ix_own_list_code_phone', ['phone', 'asked_at'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('own_list_code', schema=None) as batch_op:
        batch_op.drop_index('ix_own_list_code_phone')

    op.drop_table('own_list_code')
