"""Figures by day."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0054'
down_revision = '0053'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('figure_change',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('ticket_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_figure_change'))
    )
    with op.batch_alter_table('figure_change', schema=None) as batch_op:
        batch_op.create_index('ix_figure_change_ticket_id', ['ticket_id'], unique=False)

    op.create_table('figure_day',
    sa.Column('cut', sa.String(length=20), nullable=False),
    sa.Column('standing', sa.Boolean(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('since', sa.Date(), nullable=False),
    sa.Column('source', sa.String(length=20), nullable=False),
    sa.Column('one', sa.String(length=32), nullable=False),
    sa.Column('two', sa.String(length=32), nullable=False),
    sa.Column('classes', sa.String(length=16), nullable=False),
    sa.Column('n', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.PrimaryKeyConstraint('cut', 'standing', 'day', 'since', 'source', 'one', 'two', 'classes', name=op.f('pk_figure_day'))
    )
    op.create_table('figure_difference',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('found_at', sa.DateTime(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('cut', sa.String(length=20), nullable=False),
    sa.Column('value', sa.String(length=32), nullable=False),
    sa.Column('measure', sa.String(length=32), nullable=False),
    sa.Column('part', sa.String(length=8), nullable=False),
    sa.Column('folded', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('counted', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_figure_difference'))
    )
    with op.batch_alter_table('figure_difference', schema=None) as batch_op:
        batch_op.create_index('ix_figure_difference_found_at', ['found_at', 'id'], unique=False)

    op.create_table('figure_mark',
    sa.Column('name', sa.String(length=16), nullable=False),
    sa.Column('until', sa.DateTime(), nullable=True),
    sa.Column('release', sa.String(length=16), nullable=False),
    sa.Column('built_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('event_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('ahead_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('ahead_at', sa.DateTime(), nullable=True),
    sa.Column('audited_at', sa.DateTime(), nullable=True),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_figure_mark'))
    )
    op.create_table('figure_ticket',
    sa.Column('ticket_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('event_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('postings', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('ticket_id', name=op.f('pk_figure_ticket'))
    )


def downgrade() -> None:
    op.drop_table('figure_ticket')
    op.drop_table('figure_mark')
    with op.batch_alter_table('figure_difference', schema=None) as batch_op:
        batch_op.drop_index('ix_figure_difference_found_at')

    op.drop_table('figure_difference')
    op.drop_table('figure_day')
    with op.batch_alter_table('figure_change', schema=None) as batch_op:
        batch_op.drop_index('ix_figure_change_ticket_id')

    op.drop_table('figure_change')
