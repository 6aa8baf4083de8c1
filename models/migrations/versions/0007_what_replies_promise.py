"""What replies promise."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "reply_promise",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("ticket_id", NUMBER, nullable=False),
        sa.Column("reply_id", NUMBER, nullable=False),
        sa.Column("round", NUMBER, nullable=False),
        sa.Column("unit_code", sa.String(length=32), nullable=True),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("due_at", sa.DateTime(), nullable=False),
        sa.Column("deed", sa.String(length=120), nullable=False),
        sa.Column("said", sa.String(length=40), nullable=False),
        sa.Column("kept_at", sa.DateTime(), nullable=True),
        sa.Column("moved_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_reply_promise_ticket_id")),
        sa.ForeignKeyConstraint(["reply_id"], ["reply.id"], name=op.f("fk_reply_promise_reply_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reply_promise")),
    )
    op.create_index("ix_reply_promise_ticket_id", "reply_promise", ["ticket_id", "due_at"], unique=False)
    op.create_index("ix_reply_promise_due_at", "reply_promise", ["due_at"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_reply_promise_due_at", table_name="reply_promise")
    op.drop_index("ix_reply_promise_ticket_id", table_name="reply_promise")
    op.drop_table("reply_promise")
