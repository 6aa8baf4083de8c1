"""Exact places are also found by how they sound."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("exact_spot", sa.Column("sound", sa.Text(), nullable=False, server_default=""))
    op.create_index("ix_exact_spot_sound", "exact_spot", ["sound", "ticket_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_exact_spot_sound", table_name="exact_spot")
    with op.batch_alter_table("exact_spot") as exact_spot:
        exact_spot.drop_column("sound")
