"""The identity provider's session behind one of ours."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0053'
down_revision = '0052'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('login_session', sa.Column('provider_session', sa.String(length=64), nullable=True))
    op.create_index('ix_login_session_provider_session', 'login_session', ['provider_session'], unique=False)


def downgrade() -> None:
    op.drop_index('ix_login_session_provider_session', 'login_session')
    with op.batch_alter_table('login_session', schema=None) as batch_op:
        batch_op.drop_column('provider_session')
