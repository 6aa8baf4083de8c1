"""Make the days in the order of time."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0057'
down_revision = '0056'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('figure_mark', schema=None) as batch_op:
        batch_op.add_column(sa.Column('built_at', sa.DateTime(), nullable=True))
    with op.batch_alter_table('figure_difference', schema=None) as batch_op:
        batch_op.add_column(sa.Column('last', sa.Date(), nullable=True))
    with op.batch_alter_table('survey', schema=None) as batch_op:
        batch_op.create_index('ix_survey_not_counted', ['id'], unique=False, sqlite_where=sa.text("(NOT valid OR outcome = 'refused')"), postgresql_where=sa.text("(NOT valid OR outcome = 'refused')"))


def downgrade() -> None:
    with op.batch_alter_table('survey', schema=None) as batch_op:
        batch_op.drop_index('ix_survey_not_counted', sqlite_where=sa.text("(NOT valid OR outcome = 'refused')"), postgresql_where=sa.text("(NOT valid OR outcome = 'refused')"))
    with op.batch_alter_table('figure_difference', schema=None) as batch_op:
        batch_op.drop_column('last')
    with op.batch_alter_table('figure_mark', schema=None) as batch_op:
        batch_op.drop_column('built_at')
