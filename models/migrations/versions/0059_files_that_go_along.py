"""Files that go along with a matter to another city, and what people know of a city that is silent."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0059'
down_revision = '0058'
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    op.add_column('delivery', sa.Column('attachment_id', NUMBER, nullable=True))
    op.add_column('cell', sa.Column('silence_told_at', sa.DateTime(), nullable=True))
    op.add_column('cell', sa.Column('seals_told_at', sa.DateTime(), nullable=True))


def downgrade() -> None:
    op.drop_column('cell', 'seals_told_at')
    op.drop_column('cell', 'silence_told_at')
    op.drop_column('delivery', 'attachment_id')
