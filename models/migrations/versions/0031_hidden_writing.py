"""Data keys, wrapped by a master key that lies elsewhere; query codes and links that are computed instead of kept; and room for
hidden writing in the columns that tell who somebody is."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


WIDENED = (
    ("citizen", "phone", 32),
    ("citizen", "name", 64),
    ("citizen", "handle", 200),
    ("citizen", "address", 300),
    ("ticket", "contact_name", 64),
    ("ticket", "contact_phone", 32),
    ("ticket_text", "place", 300),
    ("ticket_text", "phone_told", 200),
    ("ticket_text", "other_phones", 200),
    ("call", "from_phone", 32),
    ("message", "phone", 32),
    ("attachment", "name", 200),
)


def upgrade() -> None:
    op.create_table(
        "data_key",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("purpose", sa.String(length=8), nullable=False),
        sa.Column("wrapped", sa.String(length=128), nullable=False),
        sa.Column("master", sa.String(length=16), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_key")),
    )
    op.create_index("ix_data_key_purpose", "data_key", ["purpose", "id"], unique=False)
    op.add_column("ticket", sa.Column("code_generation", NUMBER, nullable=False, server_default="1"))
    with op.batch_alter_table("survey") as batch:
        batch.alter_column("token", existing_type=sa.String(length=32), nullable=True)
    if op.get_bind().dialect.name == "postgresql":  # SQLite knows no lengths
        for table, column, length in WIDENED:
            op.alter_column(table, column, existing_type=sa.String(length=length), type_=sa.Text())


def downgrade() -> None:
    """The columns stay wide: hidden writing would not fit into the former ones."""
    with op.batch_alter_table("survey") as batch:
        batch.alter_column("token", existing_type=sa.String(length=32), nullable=False)
    with op.batch_alter_table("ticket") as batch:
        batch.drop_column("code_generation")
    op.drop_index("ix_data_key_purpose", table_name="data_key")
    op.drop_table("data_key")
