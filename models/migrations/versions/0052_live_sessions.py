"""Live sessions with a guest, and the questions that were asked for them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0052'
down_revision = '0051'
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    op.create_table('interview',
    sa.Column('id', NUMBER, nullable=False),
    sa.Column('theme', sa.String(length=120), nullable=False),
    sa.Column('about', sa.Text(), nullable=False),
    sa.Column('guest_unit', sa.String(length=32), nullable=False),
    sa.Column('guest_name', sa.String(length=64), nullable=False),
    sa.Column('guest_post', sa.String(length=64), nullable=False),
    sa.Column('code_word', sa.String(length=16), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('opens_at', sa.DateTime(), nullable=False),
    sa.Column('starts_at', sa.DateTime(), nullable=False),
    sa.Column('ends_at', sa.DateTime(), nullable=False),
    sa.Column('started_at', sa.DateTime(), nullable=True),
    sa.Column('ended_at', sa.DateTime(), nullable=True),
    sa.Column('planned_by_id', NUMBER, nullable=True),
    sa.Column('planned_by_name', sa.String(length=64), nullable=False),
    sa.Column('planned_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['guest_unit'], ['unit.code'], name=op.f('fk_interview_guest_unit')),
    sa.ForeignKeyConstraint(['planned_by_id'], ['staff.id'], name=op.f('fk_interview_planned_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_interview'))
    )
    with op.batch_alter_table('interview', schema=None) as batch_op:
        batch_op.create_index('ix_interview_starts_at', ['starts_at', 'id'], unique=False)

    op.create_table('interview_question',
    sa.Column('id', NUMBER, nullable=False),
    sa.Column('interview_id', NUMBER, nullable=False),
    sa.Column('ticket_id', NUMBER, nullable=False),
    sa.Column('door', sa.String(length=8), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('asked_at', sa.DateTime(), nullable=False),
    sa.Column('asked_with_id', NUMBER, nullable=True),
    sa.Column('on_air_at', sa.DateTime(), nullable=True),
    sa.Column('answered_at', sa.DateTime(), nullable=True),
    sa.Column('answer', sa.Text(), nullable=True),
    sa.Column('version', NUMBER, nullable=False),
    sa.Column('recorded_by_id', NUMBER, nullable=True),
    sa.Column('recorded_by_name', sa.String(length=64), nullable=True),
    sa.ForeignKeyConstraint(['asked_with_id'], ['interview_question.id'], name=op.f('fk_interview_question_asked_with_id')),
    sa.ForeignKeyConstraint(['interview_id'], ['interview.id'], name=op.f('fk_interview_question_interview_id')),
    sa.ForeignKeyConstraint(['recorded_by_id'], ['staff.id'], name=op.f('fk_interview_question_recorded_by_id')),
    sa.ForeignKeyConstraint(['ticket_id'], ['ticket.id'], name=op.f('fk_interview_question_ticket_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_interview_question')),
    sa.UniqueConstraint('ticket_id', name=op.f('uq_interview_question_ticket_id'))
    )
    with op.batch_alter_table('interview_question', schema=None) as batch_op:
        batch_op.create_index('ix_interview_question_asked_with_id', ['asked_with_id'], unique=False)
        batch_op.create_index('ix_interview_question_interview_id', ['interview_id', 'state', 'id'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('interview_question', schema=None) as batch_op:
        batch_op.drop_index('ix_interview_question_interview_id')
        batch_op.drop_index('ix_interview_question_asked_with_id')

    op.drop_table('interview_question')
    with op.batch_alter_table('interview', schema=None) as batch_op:
        batch_op.drop_index('ix_interview_starts_at')

    op.drop_table('interview')
