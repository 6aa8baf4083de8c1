"""Accounts that can be trusted: whose the demo's people are, changes that wait for a second person, ratings that look like staff's."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("staff", sa.Column("demo", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("survey", sa.Column("flagged", sa.String(length=16), nullable=True))
    op.add_column("inbound", sa.Column("digest", sa.String(length=64), nullable=True))
    op.add_column("seal", sa.Column("version", NUMBER, nullable=False, server_default="1"))
    op.add_column("seal", sa.Column("marks", sa.Text(), nullable=True))
    _mark_the_demo()
    op.create_table(
        "staff_change",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("staff_id", NUMBER, nullable=True),
        sa.Column("ticket_id", NUMBER, nullable=True),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("asked_by_id", NUMBER, nullable=True),
        sa.Column("asked_by_name", sa.String(length=64), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("decided_by_id", NUMBER, nullable=True),
        sa.Column("decided_by_name", sa.String(length=64), nullable=True),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_staff_change_staff_id")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_staff_change_ticket_id")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["staff.id"], name=op.f("fk_staff_change_asked_by_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["staff.id"], name=op.f("fk_staff_change_decided_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_change")),
    )
    op.create_index("ix_staff_change_state", "staff_change", ["state", "asked_at"], unique=False)


def _mark_the_demo() -> None:
    """The people a demo made before they were marked: its sixteen logins and one handler for each unit that got work."""
    op.execute(
        "UPDATE staff SET demo = true WHERE EXISTS (SELECT 1 FROM staff AS one WHERE one.login = 'demo-agent')"
        " AND (login LIKE 'demo-%' OR (login LIKE 'unit-%' AND substr(login, 6) IN (SELECT code FROM unit)))"
    )


def downgrade() -> None:
    op.drop_index("ix_staff_change_state", table_name="staff_change")
    op.drop_table("staff_change")
    for table, column in (
        ("seal", "marks"),
        ("seal", "version"),
        ("inbound", "digest"),
        ("survey", "flagged"),
        ("staff", "demo"),
    ):
        with op.batch_alter_table(table) as batch:
            batch.drop_column(column)
