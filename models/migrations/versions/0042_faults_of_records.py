"""What a machine found wrong in records, and which it has looked at."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0042'
down_revision = '0041'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('record_finding',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('ticket_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('agent_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('found_at', sa.DateTime(), nullable=False),
    sa.Column('place', sa.String(length=8), nullable=False),
    sa.Column('shown', sa.Text(), nullable=True),
    sa.Column('verdict', sa.String(length=12), nullable=True),
    sa.Column('judged_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('judged_by_name', sa.String(length=64), nullable=True),
    sa.Column('judged_at', sa.DateTime(), nullable=True),
    sa.Column('words', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['agent_id'], ['staff.id'], name=op.f('fk_record_finding_agent_id')),
    sa.ForeignKeyConstraint(['judged_by_id'], ['staff.id'], name=op.f('fk_record_finding_judged_by_id')),
    sa.ForeignKeyConstraint(['ticket_id'], ['ticket.id'], name=op.f('fk_record_finding_ticket_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_record_finding'))
    )
    with op.batch_alter_table('record_finding', schema=None) as batch_op:
        batch_op.create_index('ix_record_finding_agent_id', ['agent_id', 'found_at'], unique=False)
        batch_op.create_index('ix_record_finding_found_at', ['found_at', 'id'], unique=False)
        batch_op.create_index('uq_record_finding_once', ['ticket_id', 'kind'], unique=True)

    op.create_table('record_look',
    sa.Column('ticket_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('agent_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('at', sa.DateTime(), nullable=False),
    sa.Column('again_at', sa.DateTime(), nullable=True),
    sa.ForeignKeyConstraint(['agent_id'], ['staff.id'], name=op.f('fk_record_look_agent_id')),
    sa.ForeignKeyConstraint(['ticket_id'], ['ticket.id'], name=op.f('fk_record_look_ticket_id')),
    sa.PrimaryKeyConstraint('ticket_id', name=op.f('pk_record_look'))
    )
    with op.batch_alter_table('record_look', schema=None) as batch_op:
        batch_op.create_index('ix_record_look_again_at', ['again_at'], unique=False)
        batch_op.create_index('ix_record_look_agent_id', ['agent_id', 'at'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('record_look', schema=None) as batch_op:
        batch_op.drop_index('ix_record_look_agent_id')
        batch_op.drop_index('ix_record_look_again_at')

    op.drop_table('record_look')
    with op.batch_alter_table('record_finding', schema=None) as batch_op:
        batch_op.drop_index('uq_record_finding_once')
        batch_op.drop_index('ix_record_finding_found_at')
        batch_op.drop_index('ix_record_finding_agent_id')

    op.drop_table('record_finding')
