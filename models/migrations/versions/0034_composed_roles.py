"""Roles that a city composes: what they are made of, who wears them, and what of a role each wearer has."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("staff", sa.Column("composed", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("staff", sa.Column("limits", sa.JSON(), nullable=False, server_default="{}"))
    op.create_table(
        "composed_role",
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("name_en", sa.String(length=60), nullable=False),
        sa.Column("base", sa.JSON(), nullable=False),
        sa.Column("may", sa.JSON(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_composed_role")),
    )


def downgrade() -> None:
    op.drop_table("composed_role")
    with op.batch_alter_table("staff") as batch:
        batch.drop_column("limits")
        batch.drop_column("composed")
