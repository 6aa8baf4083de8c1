"""Columns under their plain names: a ticket's move_count, a job's enqueued_at, an audit row's action."""

from __future__ import annotations

from alembic import op

revision = "0010"
down_revision = "0003"
branch_labels = None
depends_on = None

RENAMED = (("ticket", "turn", "move_count"), ("job", "promised_at", "enqueued_at"), ("audit", "deed", "action"))


def upgrade() -> None:
    for table, old, new in RENAMED:
        op.execute(f"ALTER TABLE {table} RENAME COLUMN {old} TO {new}")


def downgrade() -> None:
    for table, old, new in RENAMED:
        op.execute(f"ALTER TABLE {table} RENAME COLUMN {new} TO {old}")
