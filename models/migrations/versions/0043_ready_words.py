"""Words kept ready at the desks, and what each said before."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0043'
down_revision = '0042'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('ready_word',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('code', sa.String(length=32), nullable=True),
    sa.Column('owner_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('desk', sa.String(length=12), nullable=False),
    sa.Column('title', sa.String(length=60), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('uses', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('last_used_at', sa.DateTime(), nullable=True),
    sa.Column('version', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('changed_at', sa.DateTime(), nullable=False),
    sa.Column('changed_by_name', sa.String(length=64), nullable=False),
    sa.Column('retired_at', sa.DateTime(), nullable=True),
    sa.ForeignKeyConstraint(['owner_id'], ['staff.id'], name=op.f('fk_ready_word_owner_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ready_word'))
    )
    with op.batch_alter_table('ready_word', schema=None) as batch_op:
        batch_op.create_index('uq_ready_word_code', ['code'], unique=True)
        batch_op.create_index('ix_ready_word_owner_id', ['owner_id', 'retired_at'], unique=False)

    op.create_table('ready_change',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('of_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('version', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('at', sa.DateTime(), nullable=False),
    sa.Column('by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('by_name', sa.String(length=64), nullable=False),
    sa.Column('deed', sa.String(length=12), nullable=False),
    sa.Column('desk', sa.String(length=12), nullable=False),
    sa.Column('title', sa.String(length=60), nullable=False),
    sa.Column('said', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['staff.id'], name=op.f('fk_ready_change_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ready_change'))
    )
    with op.batch_alter_table('ready_change', schema=None) as batch_op:
        batch_op.create_index('ix_ready_change_of', ['kind', 'of_id', 'id'], unique=False)
        batch_op.create_index('ix_ready_change_by_id', ['by_id'], unique=False)


def downgrade() -> None:
    op.drop_table('ready_change')
    op.drop_table('ready_word')
