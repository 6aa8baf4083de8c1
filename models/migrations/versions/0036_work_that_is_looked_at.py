"""Work that is looked at: drawn tickets and their score sheets."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0036'
down_revision = '0035'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('quality_task',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('ticket_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('plan_code', sa.String(length=32), nullable=False),
    sa.Column('sheet_code', sa.String(length=32), nullable=False),
    sa.Column('sheet', sa.JSON(), nullable=False),
    sa.Column('readers', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('drawn_on', sa.Date(), nullable=False),
    sa.Column('drawn_at', sa.DateTime(), nullable=False),
    sa.Column('scored_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('unit_code', sa.String(length=32), nullable=True),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('points', sa.Double(), nullable=True),
    sa.Column('fatal', sa.Boolean(), nullable=False),
    sa.Column('told_at', sa.DateTime(), nullable=True),
    sa.Column('appeal_until', sa.DateTime(), nullable=True),
    sa.Column('appeal_words', sa.Text(), nullable=True),
    sa.Column('appealed_at', sa.DateTime(), nullable=True),
    sa.Column('decision', sa.String(length=8), nullable=True),
    sa.Column('decision_words', sa.Text(), nullable=True),
    sa.Column('decided_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('decided_by_name', sa.String(length=64), nullable=True),
    sa.Column('decided_at', sa.DateTime(), nullable=True),
    sa.Column('coaching', sa.Boolean(), nullable=False),
    sa.Column('coached_at', sa.DateTime(), nullable=True),
    sa.Column('coached_by_name', sa.String(length=64), nullable=True),
    sa.Column('coached_words', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['decided_by_id'], ['staff.id'], name=op.f('fk_quality_task_decided_by_id')),
    sa.ForeignKeyConstraint(['scored_id'], ['staff.id'], name=op.f('fk_quality_task_scored_id')),
    sa.ForeignKeyConstraint(['ticket_id'], ['ticket.id'], name=op.f('fk_quality_task_ticket_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_quality_task'))
    )
    with op.batch_alter_table('quality_task', schema=None) as batch_op:
        batch_op.create_index('ix_quality_task_drawn_on', ['drawn_on', 'plan_code'], unique=False)
        batch_op.create_index('ix_quality_task_scored_id', ['scored_id', 'told_at'], unique=False)
        batch_op.create_index('ix_quality_task_state', ['state', 'id'], unique=False)
        batch_op.create_index('ix_quality_task_told_at', ['told_at', 'id'], unique=False)
        batch_op.create_index('ix_quality_task_unit_code', ['unit_code', 'told_at'], unique=False)
        batch_op.create_index('uq_quality_task_once', ['ticket_id', 'sheet_code'], unique=True)

    op.create_table('quality_score',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('task_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('ticket_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('reader_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('reader_name', sa.String(length=64), nullable=False),
    sa.Column('answers', sa.JSON(), nullable=False),
    sa.Column('points', sa.Double(), nullable=False),
    sa.Column('fatal', sa.Boolean(), nullable=False),
    sa.Column('comment', sa.Text(), nullable=True),
    sa.Column('at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['reader_id'], ['staff.id'], name=op.f('fk_quality_score_reader_id')),
    sa.ForeignKeyConstraint(['task_id'], ['quality_task.id'], name=op.f('fk_quality_score_task_id')),
    sa.ForeignKeyConstraint(['ticket_id'], ['ticket.id'], name=op.f('fk_quality_score_ticket_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_quality_score'))
    )
    with op.batch_alter_table('quality_score', schema=None) as batch_op:
        batch_op.create_index('ix_quality_score_reader_id', ['reader_id', 'at'], unique=False)
        batch_op.create_index('ix_quality_score_ticket_id', ['ticket_id'], unique=False)
        batch_op.create_index('uq_quality_score_reader', ['task_id', 'reader_id'], unique=True)


def downgrade() -> None:
    with op.batch_alter_table('quality_score', schema=None) as batch_op:
        batch_op.drop_index('uq_quality_score_reader')
        batch_op.drop_index('ix_quality_score_ticket_id')
        batch_op.drop_index('ix_quality_score_reader_id')

    op.drop_table('quality_score')
    with op.batch_alter_table('quality_task', schema=None) as batch_op:
        batch_op.drop_index('uq_quality_task_once')
        batch_op.drop_index('ix_quality_task_unit_code')
        batch_op.drop_index('ix_quality_task_told_at')
        batch_op.drop_index('ix_quality_task_state')
        batch_op.drop_index('ix_quality_task_scored_id')
        batch_op.drop_index('ix_quality_task_drawn_on')

    op.drop_table('quality_task')
