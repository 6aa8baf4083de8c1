"""What databases lack that were made while 0001 was still being written anew.

Before the first release 0001 itself was changed five times, so a database that says "0001" may have been made by an
earlier writing of it. Here each is brought to what 0001 says for good; where nothing is missing, nothing happens.
Nothing is taken away: `message.read_at` stays where it was.
"""

from __future__ import annotations

import logging

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

log = logging.getLogger("models.migrate")
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    there = sa.inspect(op.get_bind())
    before = {table: {column["name"] for column in there.get_columns(table)} for table in there.get_table_names()}
    widen_numbers(there)
    widen(there, "call", "transferred_to", sa.String(length=32))
    create_hot_spots()
    create_legs_and_readings()
    add_to_calls(before["call"])
    add(before, "reply", sa.Column("answered_at", sa.DateTime()), sa.Column("beyond_kind", sa.String(length=16)))
    add(before, "staff", sa.Column("notices_read_to", NUMBER, nullable=False, server_default="0"))
    add(
        before,
        "ticket",
        sa.Column("left_at", sa.DateTime()),
        sa.Column("quiet", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.create_index("ix_ticket_contact_name", "ticket", ["contact_name", "id"], if_not_exists=True)
    add_own_ticket_to_surveys(there, before["survey"])
    index_notices(there)
    free_receipts(there)
    tell(before)


def add(before: dict[str, set[str]], table: str, *columns: sa.Column) -> None:
    for column in columns:
        if column.name not in before[table]:
            op.add_column(table, column)


def widen_numbers(there: sa.Inspector) -> None:
    """Numbers are 64-bit everywhere; SQLite's always were."""
    if op.get_bind().dialect.name == "sqlite":
        return
    for table in there.get_table_names():
        for column in there.get_columns(table):
            if type(column["type"]) is sa.INTEGER:
                op.alter_column(table, column["name"], type_=sa.BigInteger())


def widen(there: sa.Inspector, table: str, name: str, kind: sa.String) -> None:
    (column,) = (one for one in there.get_columns(table) if one["name"] == name)
    if column["type"].length < kind.length:
        with op.batch_alter_table(table) as batch:
            batch.alter_column(name, existing_type=column["type"], type_=kind)


def create_hot_spots() -> None:
    op.create_table(
        "hot_spot",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("area", sa.String(length=32), nullable=True),
        sa.Column("place", sa.String(length=64), nullable=True),
        sa.Column("category_code", sa.String(length=16), nullable=True),
        sa.Column("first_at", sa.DateTime(), nullable=False),
        sa.Column("last_at", sa.DateTime(), nullable=False),
        sa.Column("count", NUMBER, nullable=False),
        sa.Column("people", NUMBER, nullable=False),
        sa.Column("heat", sa.Double(), nullable=False),
        sa.Column("trend", sa.Double(), nullable=False),
        sa.Column("looked_at", sa.DateTime(), nullable=False),
        sa.Column("warned_at", sa.DateTime(), nullable=True),
        sa.Column("closed_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_hot_spot"),
        sa.UniqueConstraint("key", name="uq_hot_spot_key"),
        if_not_exists=True,
    )
    op.create_index("ix_hot_spot_closed_at", "hot_spot", ["closed_at", "heat"], if_not_exists=True)
    op.create_table(
        "hot_ticket",
        sa.Column("ticket_id", NUMBER, nullable=False),
        sa.Column("spot_id", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["spot_id"], ["hot_spot.id"], name="fk_hot_ticket_spot_id"),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_hot_ticket_ticket_id"),
        sa.PrimaryKeyConstraint("ticket_id", name="pk_hot_ticket"),
        if_not_exists=True,
    )
    op.create_index("ix_hot_ticket_spot_id", "hot_ticket", ["spot_id"], if_not_exists=True)


def create_legs_and_readings() -> None:
    op.create_table(
        "call_leg",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("call_id", NUMBER, nullable=False),
        sa.Column("ref", sa.String(length=40), nullable=False),
        sa.Column("to", sa.String(length=32), nullable=False),
        sa.Column("provider_id", sa.String(length=64), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("staff_id", NUMBER, nullable=True),
        sa.Column("started_at", sa.DateTime(), nullable=False),
        sa.Column("connected_at", sa.DateTime(), nullable=True),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("told_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name="fk_call_leg_call_id"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_call_leg_staff_id"),
        sa.PrimaryKeyConstraint("id", name="pk_call_leg"),
        sa.UniqueConstraint("ref", name="uq_call_leg_ref"),
        if_not_exists=True,
    )
    op.create_index("ix_call_leg_call_id", "call_leg", ["call_id"], if_not_exists=True)
    op.create_index("ix_call_leg_started_at", "call_leg", ["started_at"], if_not_exists=True)
    op.create_table(
        "notice_reading",
        sa.Column("staff_id", NUMBER, nullable=False),
        sa.Column("message_id", NUMBER, nullable=False),
        sa.Column("read_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"], ["message.id"], name="fk_notice_reading_message_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_notice_reading_staff_id"),
        sa.PrimaryKeyConstraint("staff_id", "message_id", name="pk_notice_reading"),
        if_not_exists=True,
    )
    op.create_index("ix_notice_reading_message_id", "notice_reading", ["message_id"], if_not_exists=True)


def add_to_calls(has: set[str]) -> None:
    columns = (
        sa.Column("agent_leg", sa.String(length=64)),
        sa.Column("citizen_leg", sa.String(length=64)),
        sa.Column("room_at", sa.DateTime()),
        sa.Column("purpose", sa.String(length=12)),
        sa.Column("outcome", sa.String(length=12)),
        sa.Column("back_to_id", NUMBER),
    )
    with op.batch_alter_table("call") as batch:
        for column in columns:
            if column.name not in has:
                batch.add_column(column)
        if "back_to_id" not in has:
            batch.create_foreign_key("fk_call_back_to_id", "call", ["back_to_id"], ["id"])
    op.create_index("ix_call_back_to_id", "call", ["back_to_id"], if_not_exists=True)
    op.create_index("ix_call_ticket_id", "call", ["ticket_id"], if_not_exists=True)


def add_own_ticket_to_surveys(there: sa.Inspector, has: set[str]) -> None:
    """Each citizen of a merged ticket is asked about a ticket of their own; until then it was the ticket itself."""
    if "own_id" in has:
        return
    op.add_column("survey", sa.Column("own_id", NUMBER))
    op.execute("UPDATE survey SET own_id = ticket_id")
    op.drop_index("uq_survey_once", table_name="survey")
    with op.batch_alter_table("survey") as batch:
        batch.alter_column("own_id", existing_type=NUMBER, nullable=False)
        batch.create_foreign_key("fk_survey_own_id", "ticket", ["own_id"], ["id"])
    op.create_index("ix_survey_own_id", "survey", ["own_id"])
    op.create_index("uq_survey_once", "survey", ["ticket_id", "round", "own_id"], unique=True)


def index_notices(there: sa.Inspector) -> None:
    """Notices are found from a number on, no longer by whether they were read."""
    wanted = {"role": ["role", "unit_code", "id"], "staff_id": ["staff_id", "id"], "unit_code": ["unit_code", "id"]}
    found = {one["name"]: one["column_names"] for one in there.get_indexes("message")}
    for column, columns in wanted.items():
        name, given = f"ix_message_{column}", sa.text(f"{column} IS NOT NULL")
        if found.get(name) != columns:
            op.drop_index(name, table_name="message", if_exists=True)
            op.create_index(name, "message", columns, sqlite_where=given, postgresql_where=given)


def free_receipts(there: sa.Inspector) -> None:
    """A receipt is written before the ticket whose number it holds."""
    if any(one["name"] == "fk_receipt_ticket_id" for one in there.get_foreign_keys("receipt")):
        with op.batch_alter_table("receipt") as batch:
            batch.drop_constraint("fk_receipt_ticket_id", type_="foreignkey")


def tell(before: dict[str, set[str]]) -> None:
    """An operator whose database was called up to date hears that it was not."""
    there = sa.inspect(op.get_bind())
    lacked = sorted(
        table if table not in before else f"{table}.{column['name']}"
        for table in there.get_table_names()
        for column in there.get_columns(table)
        if column["name"] not in before.get(table, ())
    )
    if lacked:
        log.warning(
            "this database was made by an earlier writing of 0001; added now: %s", ", ".join(dict.fromkeys(lacked))
        )


def downgrade() -> None:
    """What 0001 says for good is what there is: nothing to take back."""
