"""What speaks against replies, and what came back after it was called solved."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "reply_finding",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("ticket_id", NUMBER, nullable=False),
        sa.Column("reply_id", NUMBER, nullable=False),
        sa.Column("round", NUMBER, nullable=False),
        sa.Column("unit_code", sa.String(length=32), nullable=True),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("found_at", sa.DateTime(), nullable=False),
        sa.Column("replied_at", sa.DateTime(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("verdict", sa.String(length=12), nullable=True),
        sa.Column("judged_by_id", NUMBER, nullable=True),
        sa.Column("judged_by_name", sa.String(length=64), nullable=True),
        sa.Column("judged_at", sa.DateTime(), nullable=True),
        sa.Column("words", sa.String(length=500), nullable=True),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_reply_finding_ticket_id")),
        sa.ForeignKeyConstraint(["reply_id"], ["reply.id"], name=op.f("fk_reply_finding_reply_id")),
        sa.ForeignKeyConstraint(["judged_by_id"], ["staff.id"], name=op.f("fk_reply_finding_judged_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reply_finding")),
    )
    op.create_index("uq_reply_finding_once", "reply_finding", ["reply_id", "kind"], unique=True)
    op.create_index("ix_reply_finding_ticket_id", "reply_finding", ["ticket_id"], unique=False)
    op.create_index("ix_reply_finding_found_at", "reply_finding", ["found_at", "id"], unique=False)
    op.create_table(
        "reply_sketch",
        sa.Column("reply_id", NUMBER, nullable=False),
        sa.Column("ticket_id", NUMBER, nullable=False),
        sa.Column("unit_code", sa.String(length=32), nullable=True),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("sketch", sa.LargeBinary(length=256), nullable=False),
        sa.ForeignKeyConstraint(["reply_id"], ["reply.id"], name=op.f("fk_reply_sketch_reply_id")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_reply_sketch_ticket_id")),
        sa.PrimaryKeyConstraint("reply_id", name=op.f("pk_reply_sketch")),
    )
    op.create_index("ix_reply_sketch_unit_code", "reply_sketch", ["unit_code", "at"], unique=False)
    op.create_table(
        "picture_hash",
        sa.Column("attachment_id", NUMBER, nullable=False),
        sa.Column("ticket_id", NUMBER, nullable=False),
        *(sa.Column(f"band{n}", sa.Integer(), nullable=False) for n in range(4)),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_picture_hash_ticket_id")),
        sa.PrimaryKeyConstraint("attachment_id", name=op.f("pk_picture_hash")),
    )
    for n in range(4):
        op.create_index(f"ix_picture_hash_band{n}", "picture_hash", [f"band{n}"], unique=False)
    op.create_index("ix_picture_hash_ticket_id", "picture_hash", ["ticket_id"], unique=False)
    op.create_table(
        "exact_spot",
        sa.Column("ticket_id", NUMBER, nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("fine", sa.Boolean(), nullable=False),
        sa.Column("houses", sa.String(length=60), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_exact_spot_ticket_id")),
        sa.PrimaryKeyConstraint("ticket_id", name=op.f("pk_exact_spot")),
    )
    op.create_index("ix_exact_spot_key", "exact_spot", ["key", "ticket_id"], unique=False)
    op.create_table(
        "recurrence",
        sa.Column("ticket_id", NUMBER, nullable=False),
        sa.Column("earlier_id", NUMBER, nullable=False),
        sa.Column("reply_id", NUMBER, nullable=False),
        sa.Column("unit_code", sa.String(length=32), nullable=True),
        sa.Column("category_code", sa.String(length=16), nullable=True),
        sa.Column("replied_at", sa.DateTime(), nullable=False),
        sa.Column("came_at", sa.DateTime(), nullable=False),
        sa.Column("days", NUMBER, nullable=False),
        sa.Column("by", sa.String(length=8), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_recurrence_ticket_id")),
        sa.ForeignKeyConstraint(["earlier_id"], ["ticket.id"], name=op.f("fk_recurrence_earlier_id")),
        sa.ForeignKeyConstraint(["reply_id"], ["reply.id"], name=op.f("fk_recurrence_reply_id")),
        sa.PrimaryKeyConstraint("ticket_id", name=op.f("pk_recurrence")),
    )
    op.create_index("ix_recurrence_earlier_id", "recurrence", ["earlier_id", "days"], unique=False)
    op.create_index("ix_recurrence_came_at", "recurrence", ["came_at"], unique=False)
    op.create_index("ix_recurrence_reply_id", "recurrence", ["reply_id"], unique=False)


def downgrade() -> None:
    for table in ("recurrence", "exact_spot", "picture_hash", "reply_sketch", "reply_finding"):
        op.drop_table(table)
