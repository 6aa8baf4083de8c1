"""Calls of invented people, practised and examined."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0046'
down_revision = '0045'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('practice_exam',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('staff_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('name', sa.String(length=64), nullable=False),
    sa.Column('code', sa.String(length=32), nullable=False),
    sa.Column('rules', sa.JSON(), nullable=False),
    sa.Column('started_at', sa.DateTime(), nullable=False),
    sa.Column('ends_at', sa.DateTime(), nullable=False),
    sa.Column('finished_at', sa.DateTime(), nullable=True),
    sa.Column('points', sa.Double(), nullable=True),
    sa.Column('passed', sa.Boolean(), nullable=True),
    sa.Column('number', sa.String(length=24), nullable=True),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_practice_exam_staff_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_practice_exam')),
    sa.UniqueConstraint('number', name=op.f('uq_practice_exam_number'))
    )
    with op.batch_alter_table('practice_exam', schema=None) as batch_op:
        batch_op.create_index('ix_practice_exam_staff_id', ['staff_id', 'started_at'], unique=False)
        batch_op.create_index('ix_practice_exam_started_at', ['started_at', 'id'], unique=False)

    op.create_table('practice_run',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('staff_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('exam_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('place', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('script_code', sa.String(length=32), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('script', sa.JSON(), nullable=False),
    sa.Column('made_at', sa.DateTime(), nullable=False),
    sa.Column('taken_at', sa.DateTime(), nullable=True),
    sa.Column('ended_at', sa.DateTime(), nullable=True),
    sa.Column('done', sa.String(length=12), nullable=True),
    sa.Column('said', sa.JSON(), nullable=False),
    sa.Column('filed', sa.JSON(), nullable=False),
    sa.Column('points', sa.Double(), nullable=True),
    sa.Column('passed', sa.Boolean(), nullable=True),
    sa.Column('scores', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['exam_id'], ['practice_exam.id'], name=op.f('fk_practice_run_exam_id')),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_practice_run_staff_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_practice_run'))
    )
    with op.batch_alter_table('practice_run', schema=None) as batch_op:
        batch_op.create_index('ix_practice_run_ended_at', ['ended_at', 'id'], unique=False)
        batch_op.create_index('ix_practice_run_exam_id', ['exam_id', 'place'], unique=False)
        batch_op.create_index('ix_practice_run_staff_id', ['staff_id', 'made_at'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('practice_run', schema=None) as batch_op:
        batch_op.drop_index('ix_practice_run_staff_id')
        batch_op.drop_index('ix_practice_run_exam_id')
        batch_op.drop_index('ix_practice_run_ended_at')

    op.drop_table('practice_run')
    with op.batch_alter_table('practice_exam', schema=None) as batch_op:
        batch_op.drop_index('ix_practice_exam_started_at')
        batch_op.drop_index('ix_practice_exam_staff_id')

    op.drop_table('practice_exam')
