"""Points on the map."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0050'
down_revision = '0049'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('ticket_point',
    sa.Column('ticket_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('point', sa.Text(), nullable=False),
    sa.Column('how', sa.String(length=8), nullable=False),
    sa.Column('accuracy', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('at', sa.DateTime(), nullable=False),
    sa.Column('cell_lat', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('cell_lon', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['ticket_id'], ['ticket.id'], name=op.f('fk_ticket_point_ticket_id')),
    sa.PrimaryKeyConstraint('ticket_id', name=op.f('pk_ticket_point'))
    )
    with op.batch_alter_table('ticket_point', schema=None) as batch_op:
        batch_op.create_index('ix_ticket_point_cell', ['cell_lat', 'cell_lon'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('ticket_point', schema=None) as batch_op:
        batch_op.drop_index('ix_ticket_point_cell')

    op.drop_table('ticket_point')
