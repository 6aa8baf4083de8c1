"""Whose account signed a reply and who signs for whom; signed and warned assisting units; the person who handles a ticket."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("staff", sa.Column("signs_for", sa.String(length=32), nullable=True))
    op.add_column("staff", sa.Column("signs_until", sa.DateTime(), nullable=True))
    op.add_column("staff", sa.Column("away_until", sa.DateTime(), nullable=True))
    op.add_column("assignment", sa.Column("signed_at", sa.DateTime(), nullable=True))
    op.add_column("assignment", sa.Column("warned_at", sa.DateTime(), nullable=True))
    with op.batch_alter_table("reply") as reply:
        reply.add_column(sa.Column("signed_by_id", NUMBER, nullable=True))
        reply.add_column(sa.Column("signed_at", sa.DateTime(), nullable=True))
        reply.add_column(sa.Column("helpers_note", sa.Text(), nullable=True))
        reply.create_foreign_key(op.f("fk_reply_signed_by_id"), "staff", ["signed_by_id"], ["id"])
    with op.batch_alter_table("ticket") as ticket:
        ticket.add_column(sa.Column("handler_id", NUMBER, nullable=True))
        ticket.create_foreign_key(op.f("fk_ticket_handler_id"), "staff", ["handler_id"], ["id"])
    op.create_index("ix_ticket_handler_id", "ticket", ["handler_id", "id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_ticket_handler_id", table_name="ticket")
    with op.batch_alter_table("ticket") as ticket:
        ticket.drop_constraint(op.f("fk_ticket_handler_id"), type_="foreignkey")
        ticket.drop_column("handler_id")
    with op.batch_alter_table("reply") as reply:
        reply.drop_constraint(op.f("fk_reply_signed_by_id"), type_="foreignkey")
        reply.drop_column("helpers_note")
        reply.drop_column("signed_at")
        reply.drop_column("signed_by_id")
    op.drop_column("assignment", "warned_at")
    op.drop_column("assignment", "signed_at")
    op.drop_column("staff", "away_until")
    op.drop_column("staff", "signs_until")
    op.drop_column("staff", "signs_for")
