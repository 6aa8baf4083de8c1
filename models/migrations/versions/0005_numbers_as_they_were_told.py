"""What a citizen told as their number is kept beside the number that was read out of it; senders of texts are counted by day."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("ticket_text") as table:
        table.add_column(sa.Column("phone_told", sa.String(length=200), nullable=True))
        table.add_column(sa.Column("other_phones", sa.String(length=200), nullable=True))
    op.create_index("ix_attachment_added_by_id", "attachment", ["added_by_id", "added_at"], unique=False)
    op.create_table(
        "sender_day",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("provider", sa.String(length=16), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("sent", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("pieces", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("cost", sa.Double(), nullable=False),
        sa.Column("failed", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("delivered", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("undelivered", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sent_at", sa.DateTime(), nullable=True),
        sa.Column("failed_at", sa.DateTime(), nullable=True),
        sa.Column("error", sa.String(length=300), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sender_day")),
    )
    op.create_index("uq_sender_day", "sender_day", ["provider", "day"], unique=True)


def downgrade() -> None:
    op.drop_index("uq_sender_day", table_name="sender_day")
    op.drop_table("sender_day")
    op.drop_index("ix_attachment_added_by_id", table_name="attachment")
    with op.batch_alter_table("ticket_text") as table:
        table.drop_column("other_phones")
        table.drop_column("phone_told")
