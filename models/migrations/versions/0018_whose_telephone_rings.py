"""Who is at an open desk or reachable by telephone, whose turn a waiting call is, and who is looking at a ticket."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("staff", sa.Column("desk_at", sa.DateTime(), nullable=True))
    op.add_column("staff", sa.Column("reach_by_phone", sa.Boolean(), server_default=sa.false(), nullable=False))
    with op.batch_alter_table("call") as call:
        call.add_column(sa.Column("turn", NUMBER, server_default="0", nullable=False))
        call.add_column(sa.Column("dialled_id", NUMBER, nullable=True))
        call.add_column(sa.Column("dialled_so_far", sa.String(length=200), server_default="", nullable=False))
        call.create_foreign_key(op.f("fk_call_dialled_id"), "staff", ["dialled_id"], ["id"])
    op.create_table(
        "ticket_look",
        sa.Column("ticket_id", NUMBER, nullable=False),
        sa.Column("staff_id", NUMBER, nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("typed_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_ticket_look_ticket_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_ticket_look_staff_id")),
        sa.PrimaryKeyConstraint("ticket_id", "staff_id", name=op.f("pk_ticket_look")),
    )
    op.create_index("ix_ticket_look_at", "ticket_look", ["at"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_ticket_look_at", table_name="ticket_look")
    op.drop_table("ticket_look")
    with op.batch_alter_table("call") as call:
        call.drop_constraint(op.f("fk_call_dialled_id"), type_="foreignkey")
        call.drop_column("dialled_so_far")
        call.drop_column("dialled_id")
        call.drop_column("turn")
    op.drop_column("staff", "reach_by_phone")
    op.drop_column("staff", "desk_at")
