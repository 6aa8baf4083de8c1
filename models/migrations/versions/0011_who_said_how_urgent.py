"""Who said how urgent a ticket is, and since when an alarm for somebody's life stands.

What was above normal so far had been said by a person; of the normal ones nobody knows whether anybody said so.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

ALARMED = sa.text("alarm_at IS NOT NULL")


def upgrade() -> None:
    op.add_column("ticket", sa.Column("urgency_by", sa.String(length=16), nullable=True))
    op.add_column("ticket", sa.Column("alarm_at", sa.DateTime(), nullable=True))
    op.create_index("ix_ticket_alarm_at", "ticket", ["alarm_at"], sqlite_where=ALARMED, postgresql_where=ALARMED)
    op.execute("UPDATE ticket SET urgency_by = 'person' WHERE urgency <> 'normal'")


def downgrade() -> None:
    op.drop_index("ix_ticket_alarm_at", table_name="ticket")
    op.drop_column("ticket", "alarm_at")
    op.drop_column("ticket", "urgency_by")
