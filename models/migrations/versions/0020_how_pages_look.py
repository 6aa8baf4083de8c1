"""Each person may have the pages light, dark, or as the system has it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("staff", sa.Column("appearance", sa.String(length=8), nullable=False, server_default="system"))


def downgrade() -> None:
    with op.batch_alter_table("staff") as batch:
        batch.drop_column("appearance")
