"""Marks on callers' numbers, decided by a second person."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0049'
down_revision = '0048'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('nuisance_mark',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('phone', sa.Text(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('reason', sa.String(length=32), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('proofs', sa.JSON(), nullable=False),
    sa.Column('proposed_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('proposed_by_name', sa.String(length=64), nullable=False),
    sa.Column('proposed_at', sa.DateTime(), nullable=False),
    sa.Column('decided_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('decided_by_name', sa.String(length=64), nullable=True),
    sa.Column('decided_at', sa.DateTime(), nullable=True),
    sa.Column('decision_words', sa.Text(), nullable=True),
    sa.Column('until_at', sa.DateTime(), nullable=True),
    sa.Column('appeal_words', sa.Text(), nullable=True),
    sa.Column('appeal_at', sa.DateTime(), nullable=True),
    sa.Column('appeal_noted_by_name', sa.String(length=64), nullable=True),
    sa.Column('appeal_decided_at', sa.DateTime(), nullable=True),
    sa.Column('appeal_decided_by_name', sa.String(length=64), nullable=True),
    sa.Column('appeal_decision_words', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['decided_by_id'], ['staff.id'], name=op.f('fk_nuisance_mark_decided_by_id')),
    sa.ForeignKeyConstraint(['proposed_by_id'], ['staff.id'], name=op.f('fk_nuisance_mark_proposed_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_nuisance_mark'))
    )
    with op.batch_alter_table('nuisance_mark', schema=None) as batch_op:
        batch_op.create_index('ix_nuisance_mark_phone', ['phone', 'state'], unique=False)
        batch_op.create_index('ix_nuisance_mark_state', ['state', 'until_at', 'id'], unique=False)
        batch_op.create_index('ix_nuisance_mark_proposed_by_id', ['proposed_by_id'], unique=False)
        batch_op.create_index('ix_nuisance_mark_decided_by_id', ['decided_by_id'], unique=False)


def downgrade() -> None:
    op.drop_table('nuisance_mark')
