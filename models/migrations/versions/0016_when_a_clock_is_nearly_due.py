"""When a clock is nearly due, which clock a list shows, and when the matter of a notice has ended.

Of clocks that run now the moment is reckoned on the wall; whatever moves them reckons it anew in working time.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

NOT_STOPPED = sa.text("stopped_at IS NULL")
NEAREST = "FROM deadline WHERE ticket_id = ticket.id AND stopped_at IS NULL AND deadline.due_at = ticket.due_at"


def upgrade() -> None:
    op.add_column("deadline", sa.Column("soon_at", sa.DateTime(), nullable=True))
    op.add_column("ticket", sa.Column("due_clock", sa.String(length=16), nullable=True))
    op.add_column("ticket", sa.Column("due_from", sa.DateTime(), nullable=True))
    op.add_column("message", sa.Column("ends_with", sa.String(length=32), nullable=True))
    op.add_column("message", sa.Column("ended_at", sa.DateTime(), nullable=True))
    op.create_index(
        "ix_deadline_soon_at",
        "deadline",
        ["soon_at", "due_at"],
        sqlite_where=NOT_STOPPED,
        postgresql_where=NOT_STOPPED,
    )
    op.execute(f"UPDATE ticket SET due_clock = (SELECT min(clock) {NEAREST}), due_from = (SELECT min(started_at) {NEAREST})")
    _fill_soon()


def _fill_soon() -> None:
    db = op.get_bind()
    clocks = sa.table(
        "deadline",
        sa.column("id", sa.BigInteger),
        *(sa.column(name, sa.DateTime) for name in ("started_at", "due_at", "stopped_at", "soon_at")),
    )
    running = sa.select(clocks.c.id, clocks.c.started_at, clocks.c.due_at).where(clocks.c.stopped_at.is_(None))
    rows = [{"row": row.id, "at": row.started_at + (row.due_at - row.started_at) * 0.8} for row in db.execute(running)]
    if rows:
        db.execute(sa.update(clocks).where(clocks.c.id == sa.bindparam("row")).values(soon_at=sa.bindparam("at")), rows)


def downgrade() -> None:
    op.drop_index("ix_deadline_soon_at", table_name="deadline")
    for table, names in (
        ("message", ("ended_at", "ends_with")),
        ("ticket", ("due_from", "due_clock")),
        ("deadline", ("soon_at",)),
    ):
        for name in names:
            op.drop_column(table, name)
