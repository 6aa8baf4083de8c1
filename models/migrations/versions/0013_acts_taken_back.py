"""Acts that are taken back within seconds."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "taking_back",
        sa.Column("event_id", NUMBER, nullable=False),
        sa.Column("ticket_id", NUMBER, nullable=False),
        sa.Column("changed", sa.JSON(), nullable=False),
        sa.Column("undone_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["event_id"], ["ticket_event.id"], name=op.f("fk_taking_back_event_id")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_taking_back_ticket_id")),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_taking_back")),
    )
    op.create_index("ix_taking_back_ticket_id", "taking_back", ["ticket_id"], unique=False)
    op.create_index("ix_taking_back_undone_at", "taking_back", ["undone_at"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_taking_back_undone_at", table_name="taking_back")
    op.drop_index("ix_taking_back_ticket_id", table_name="taking_back")
    op.drop_table("taking_back")
