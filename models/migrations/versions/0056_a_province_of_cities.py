"""A province of cities: who posts, what each told of its days, and what a city remembers of what it told."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0056'
down_revision = '0055'
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    op.create_table('cell',
    sa.Column('id', NUMBER, nullable=False),
    sa.Column('name', sa.String(length=24), nullable=False),
    sa.Column('title', sa.String(length=40), nullable=False),
    sa.Column('title_en', sa.String(length=60), nullable=False),
    sa.Column('address', sa.String(length=200), nullable=False),
    sa.Column('private', sa.Boolean(), nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('key_at', sa.DateTime(), nullable=False),
    sa.Column('former_key', sa.Text(), nullable=True),
    sa.Column('registered_at', sa.DateTime(), nullable=False),
    sa.Column('stopped_at', sa.DateTime(), nullable=True),
    sa.Column('heard_at', sa.DateTime(), nullable=True),
    sa.Column('program', sa.String(length=40), nullable=False),
    sa.Column('speaks', NUMBER, nullable=False),
    sa.Column('late', NUMBER, nullable=False),
    sa.Column('dead', NUMBER, nullable=False),
    sa.Column('head_links', NUMBER, nullable=True),
    sa.Column('head_seal_id', NUMBER, nullable=True),
    sa.Column('head_hash', sa.String(length=64), nullable=True),
    sa.Column('head_wrong', sa.String(length=8), nullable=True),
    sa.Column('head_wrong_at', sa.DateTime(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_cell')),
    sa.UniqueConstraint('name', name=op.f('uq_cell_name'))
    )
    op.create_table('neighbour',
    sa.Column('name', sa.String(length=24), nullable=False),
    sa.Column('title', sa.String(length=40), nullable=False),
    sa.Column('title_en', sa.String(length=60), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_neighbour'))
    )
    op.create_table('province_line',
    sa.Column('name', sa.String(length=8), nullable=False),
    sa.Column('told_at', sa.DateTime(), nullable=True),
    sa.Column('failed_at', sa.DateTime(), nullable=True),
    sa.Column('error', sa.String(length=300), nullable=True),
    sa.Column('head_seal_id', NUMBER, nullable=True),
    sa.Column('neighbours', sa.String(length=64), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_province_line'))
    )
    op.create_table('told_day',
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('revision', NUMBER, nullable=False),
    sa.Column('figures', sa.JSON(), nullable=False),
    sa.Column('kept', NUMBER, nullable=False),
    sa.PrimaryKeyConstraint('day', name=op.f('pk_told_day'))
    )
    op.create_table('cell_day',
    sa.Column('cell', sa.String(length=24), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('revision', NUMBER, nullable=False),
    sa.Column('figures', sa.JSON(), nullable=False),
    sa.Column('taken_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['cell'], ['cell.name'], name=op.f('fk_cell_day_cell')),
    sa.PrimaryKeyConstraint('cell', 'day', name=op.f('pk_cell_day'))
    )
    op.create_table('cell_head',
    sa.Column('cell', sa.String(length=24), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('links', NUMBER, nullable=False),
    sa.Column('seal_id', NUMBER, nullable=False),
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.Column('heard_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['cell'], ['cell.name'], name=op.f('fk_cell_head_cell')),
    sa.PrimaryKeyConstraint('cell', 'day', name=op.f('pk_cell_head'))
    )


def downgrade() -> None:
    for name in ('cell_head', 'cell_day', 'told_day', 'province_line', 'neighbour', 'cell'):
        op.drop_table(name)
