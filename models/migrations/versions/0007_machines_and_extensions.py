"""Tokens with units, towns, addresses and an end; landlines with extensions are found by their number."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0001"
branch_labels = None
depends_on = None

EXTENSION = sa.text("contact_phone LIKE '%-%'")


def upgrade() -> None:
    for name in ("units", "towns", "addresses"):
        op.add_column("api_token", sa.Column(name, sa.JSON(), server_default="[]", nullable=False))
    op.add_column("api_token", sa.Column("expires_at", sa.DateTime(), nullable=True))
    op.add_column(
        "api_token", sa.Column("replaces_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
    )
    op.create_index(
        "ix_ticket_contact_extension",
        "ticket",
        ["contact_phone"],
        unique=False,
        sqlite_where=EXTENSION,
        postgresql_where=EXTENSION,
    )

    op.create_index("ix_ticket_moved_at", "ticket", ["moved_at", "id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_ticket_moved_at", table_name="ticket")
    op.drop_index("ix_ticket_contact_extension", table_name="ticket")
    for name in ("replaces_id", "expires_at", "addresses", "towns", "units"):
        op.drop_column("api_token", name)
