"""The stream of electronic monitoring, how far it has read, and the rules that were broken."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0045'
down_revision = '0044'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('monitor_entry',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key', sa.String(length=80), nullable=False),
    sa.Column('ticket_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('what', sa.String(length=32), nullable=False),
    sa.Column('at', sa.DateTime(), nullable=False),
    sa.Column('kept_at', sa.DateTime(), nullable=False),
    sa.Column('event_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('from_state', sa.String(length=16), nullable=True),
    sa.Column('to_state', sa.String(length=16), nullable=True),
    sa.Column('round', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('actor_kind', sa.String(length=8), nullable=True),
    sa.Column('staff_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('unit_code', sa.String(length=32), nullable=True),
    sa.Column('due_at', sa.DateTime(), nullable=True),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_monitor_entry_staff_id')),
    sa.ForeignKeyConstraint(['ticket_id'], ['ticket.id'], name=op.f('fk_monitor_entry_ticket_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_monitor_entry')),
    sa.UniqueConstraint('key', name=op.f('uq_monitor_entry_key'))
    )
    with op.batch_alter_table('monitor_entry', schema=None) as batch_op:
        batch_op.create_index('ix_monitor_entry_event_id', ['event_id'], unique=False)
        batch_op.create_index('ix_monitor_entry_ticket_id', ['ticket_id', 'id'], unique=False)

    op.create_table('monitor_mark',
    sa.Column('name', sa.String(length=16), nullable=False),
    sa.Column('event_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('ahead_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('ahead_at', sa.DateTime(), nullable=True),
    sa.Column('looked_at', sa.DateTime(), nullable=True),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_monitor_mark'))
    )
    op.create_table('violation',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key', sa.String(length=80), nullable=False),
    sa.Column('rule', sa.String(length=32), nullable=False),
    sa.Column('ticket_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('unit_code', sa.String(length=32), nullable=True),
    sa.Column('staff_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('at', sa.DateTime(), nullable=False),
    sa.Column('found_at', sa.DateTime(), nullable=False),
    sa.Column('lapsed_at', sa.DateTime(), nullable=True),
    sa.Column('withdrawn_at', sa.DateTime(), nullable=True),
    sa.Column('withdrawn_by_name', sa.String(length=64), nullable=True),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_violation_staff_id')),
    sa.ForeignKeyConstraint(['ticket_id'], ['ticket.id'], name=op.f('fk_violation_ticket_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_violation')),
    sa.UniqueConstraint('key', name=op.f('uq_violation_key'))
    )
    with op.batch_alter_table('violation', schema=None) as batch_op:
        batch_op.create_index('ix_violation_at', ['at', 'id'], unique=False)
        batch_op.create_index('ix_violation_ticket_id', ['ticket_id', 'id'], unique=False)
        batch_op.create_index('ix_violation_unit_code', ['unit_code', 'at'], unique=False)

    with op.batch_alter_table('delivery', schema=None) as batch_op:
        batch_op.add_column(sa.Column('entry_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True))
        batch_op.create_foreign_key(op.f('fk_delivery_entry_id'), 'monitor_entry', ['entry_id'], ['id'])


def downgrade() -> None:
    with op.batch_alter_table('delivery', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('fk_delivery_entry_id'), type_='foreignkey')
        batch_op.drop_column('entry_id')

    with op.batch_alter_table('violation', schema=None) as batch_op:
        batch_op.drop_index('ix_violation_unit_code')
        batch_op.drop_index('ix_violation_ticket_id')
        batch_op.drop_index('ix_violation_at')

    op.drop_table('violation')
    op.drop_table('monitor_mark')
    with op.batch_alter_table('monitor_entry', schema=None) as batch_op:
        batch_op.drop_index('ix_monitor_entry_ticket_id')
        batch_op.drop_index('ix_monitor_entry_event_id')

    op.drop_table('monitor_entry')
