"""What is demanded of units: urges, supervision orders, instructions, explanations."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
UNDER_WAY = sa.text("state <> 'closed'")
TO_RING = sa.text("ring_at IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "directive",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("ticket_id", NUMBER, nullable=False),
        sa.Column("number", sa.String(length=32), nullable=True),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("round", NUMBER, nullable=False),
        sa.Column("unit_code", sa.String(length=32), nullable=True),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("readers", sa.String(length=120), nullable=True),
        sa.Column("given_by_id", NUMBER, nullable=True),
        sa.Column("given_by_name", sa.String(length=64), nullable=False),
        sa.Column("given_at", sa.DateTime(), nullable=False),
        sa.Column("due_at", sa.DateTime(), nullable=False),
        sa.Column("ring_at", sa.DateTime(), nullable=True),
        sa.Column("returned", NUMBER, nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_by_name", sa.String(length=64), nullable=True),
        sa.Column("answered_at", sa.DateTime(), nullable=True),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("closed_by_name", sa.String(length=64), nullable=True),
        sa.Column("closed_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_directive_ticket_id")),
        sa.ForeignKeyConstraint(["given_by_id"], ["staff.id"], name=op.f("fk_directive_given_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directive")),
        sa.UniqueConstraint("number", name=op.f("uq_directive_number")),
    )
    op.create_index("ix_directive_ticket_id", "directive", ["ticket_id", "id"])
    op.create_index(
        "ix_directive_under_way", "directive", ["kind", "due_at"], sqlite_where=UNDER_WAY, postgresql_where=UNDER_WAY
    )
    op.create_index("ix_directive_ring_at", "directive", ["ring_at"], sqlite_where=TO_RING, postgresql_where=TO_RING)


def downgrade() -> None:
    for name in ("ring_at", "under_way", "ticket_id"):
        op.drop_index(f"ix_directive_{name}", table_name="directive")
    op.drop_table("directive")
