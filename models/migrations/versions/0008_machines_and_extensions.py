"""Tokens with units, towns, addresses and an end; landlines with extensions, and further numbers, are found."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

EXTENSION = sa.text("contact_phone LIKE '%-%'")
FURTHER = sa.text("other_phones IS NOT NULL")


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

    op.create_index(
        "ix_ticket_text_other_phones",
        "ticket_text",
        ["ticket_id"],
        unique=False,
        sqlite_where=FURTHER,
        postgresql_where=FURTHER,
    )
    op.create_index("ix_ticket_moved_at", "ticket", ["moved_at", "id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_ticket_moved_at", table_name="ticket")
    op.drop_index("ix_ticket_text_other_phones", table_name="ticket_text")
    op.drop_index("ix_ticket_contact_extension", table_name="ticket")
    for name in ("replaces_id", "expires_at", "addresses", "towns", "units"):
        op.drop_column("api_token", name)
