"""Letters that were scanned."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0041'
down_revision = '0040'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('letter_scan',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('attachment_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('text', sa.Text(), nullable=True),
    sa.Column('seconds', sa.Double(), nullable=True),
    sa.Column('taken_at', sa.DateTime(), nullable=False),
    sa.Column('taken_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('read_at', sa.DateTime(), nullable=True),
    sa.Column('ticket_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.ForeignKeyConstraint(['attachment_id'], ['attachment.id'], name=op.f('fk_letter_scan_attachment_id')),
    sa.ForeignKeyConstraint(['taken_by_id'], ['staff.id'], name=op.f('fk_letter_scan_taken_by_id')),
    sa.ForeignKeyConstraint(['ticket_id'], ['ticket.id'], name=op.f('fk_letter_scan_ticket_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_letter_scan')),
    sa.UniqueConstraint('attachment_id', name=op.f('uq_letter_scan_attachment_id'))
    )
    with op.batch_alter_table('letter_scan', schema=None) as batch_op:
        batch_op.create_index('ix_letter_scan_ticket_id', ['ticket_id', 'id'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('letter_scan', schema=None) as batch_op:
        batch_op.drop_index('ix_letter_scan_ticket_id')

    op.drop_table('letter_scan')
