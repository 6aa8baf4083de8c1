"""When people were on duty, and the moments by which figures look back."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Whoever is on duty now is so from now on: what was before was never written down."""
    duty_time = op.create_table(
        "duty_time",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("staff_id", NUMBER, nullable=False),
        sa.Column("started_at", sa.DateTime(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_duty_time_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_time")),
    )
    op.create_index("ix_duty_time_staff_id", "duty_time", ["staff_id", "started_at"], unique=False)
    op.create_index("ix_duty_time_started_at", "duty_time", ["started_at"], unique=False)
    op.create_index("ix_assignment_started_at", "assignment", ["part", "started_at"], unique=False)
    op.create_index("ix_assignment_ended_at", "assignment", ["end_reason", "ended_at"], unique=False)
    op.create_index("ix_deadline_clock_stopped_at", "deadline", ["clock", "stopped_at"], unique=False)
    now = datetime.now(UTC).replace(tzinfo=None)
    connection = op.get_bind()
    on_duty = connection.execute(sa.text("SELECT id FROM staff WHERE on_duty")).scalars().all()
    if on_duty:
        op.bulk_insert(duty_time, [{"staff_id": one, "started_at": now, "ended_at": None} for one in on_duty])


def downgrade() -> None:
    op.drop_index("ix_deadline_clock_stopped_at", table_name="deadline")
    op.drop_index("ix_assignment_ended_at", table_name="assignment")
    op.drop_index("ix_assignment_started_at", table_name="assignment")
    op.drop_index("ix_duty_time_started_at", table_name="duty_time")
    op.drop_index("ix_duty_time_staff_id", table_name="duty_time")
    op.drop_table("duty_time")
