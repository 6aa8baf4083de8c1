"""What other platforms are told, the lines to them, and citizens who are known by an account instead of a number."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
UNDONE = sa.text("state IN ('waiting', 'failed')")
OF_SOMEBODY = sa.text("citizen_id IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "delivery",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("partner", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("ticket_id", NUMBER, nullable=True),
        sa.Column("event_id", NUMBER, nullable=True),
        sa.Column("message_id", NUMBER, nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("attempts", NUMBER, nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("due_at", sa.DateTime(), nullable=False),
        sa.Column("tried_at", sa.DateTime(), nullable=True),
        sa.Column("took_ms", NUMBER, nullable=True),
        sa.Column("status", NUMBER, nullable=True),
        sa.Column("error", sa.String(length=300), nullable=True),
        sa.Column("receipt", sa.String(length=120), nullable=True),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("ended_by", sa.String(length=64), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=True),
        sa.ForeignKeyConstraint(["event_id"], ["ticket_event.id"], name=op.f("fk_delivery_event_id")),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_delivery_message_id")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_delivery_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sa.UniqueConstraint("key", name=op.f("uq_delivery_key")),
    )
    op.create_index("ix_delivery_partner", "delivery", ["partner", "state", "id"], unique=False)
    op.create_index("ix_delivery_ticket_id", "delivery", ["ticket_id", "partner", "id"], unique=False)
    op.create_index("ix_delivery_message_id", "delivery", ["message_id"], unique=False)
    op.create_index(
        "ix_delivery_undone", "delivery", ["partner", "id"], unique=False, sqlite_where=UNDONE, postgresql_where=UNDONE
    )
    op.create_table(
        "partner_line",
        sa.Column("partner", sa.String(length=32), nullable=False),
        sa.Column("vain", NUMBER, nullable=False),
        sa.Column("rests_until", sa.DateTime(), nullable=True),
        sa.Column("accepted_at", sa.DateTime(), nullable=True),
        sa.Column("failed_at", sa.DateTime(), nullable=True),
        sa.Column("error", sa.String(length=300), nullable=True),
        sa.PrimaryKeyConstraint("partner", name=op.f("pk_partner_line")),
    )
    op.add_column("citizen", sa.Column("handle", sa.String(length=200), nullable=True))
    op.create_index("uq_citizen_handle", "citizen", ["handle"], unique=True)
    op.create_index(
        "ix_message_citizen_id",
        "message",
        ["citizen_id", "id"],
        unique=False,
        sqlite_where=OF_SOMEBODY,
        postgresql_where=OF_SOMEBODY,
    )


def downgrade() -> None:
    op.drop_index("ix_message_citizen_id", table_name="message")
    op.drop_index("uq_citizen_handle", table_name="citizen")
    op.drop_column("citizen", "handle")
    op.drop_table("partner_line")
    op.drop_table("delivery")
