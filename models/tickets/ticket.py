"""A ticket: one matter of one citizen. Narrow row for lists, long text and point on the map apart, one row per unit at work."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.people.citizen import Citizen
from models.store.db import Base
from models.store.hidden import Hidden, HiddenAlike, HiddenLeaves, HiddenPhones

FINISHED_STATES = ("closed", "archived")
"""Ended with an answer; the other closed states were never handled to the end."""

CLOSED_STATES = (*FINISHED_STATES, "merged", "declined", "transferred", "void")
OPEN_WORK = text(f"state NOT IN ({','.join(repr(state) for state in CLOSED_STATES)})")
LOOKED_FOR = text("second_look = 'waits'")

EXTENSION = text("contact_phone LIKE '%-%'")
FURTHER = text("other_phones IS NOT NULL")
"""A landline with the number behind its switchboard."""


def _where_told(column: str) -> dict[str, Any]:
    """An index only of the rows in which this column says something: a fresh ticket is in few of them."""
    told = text(f"{column} IS NOT NULL")
    return {"sqlite_where": told, "postgresql_where": told}


class Ticket(Base):
    """The narrow row. `state` is set by `hotline.tickets.act` and by nothing else.

    privacy: open, masked (default) or sealed. urgency: normal, urgent, critical.
    urgency_by: who said so: person, words, model or hotspot; None while nobody has said anything, and it counts as normal.
    alarm_at: since when somebody may be dying and nobody has taken it; None when no alarm stands.
    due_at: when the nearest of its clocks ends; due_clock: which clock that is; due_from: since when it runs.
    close_kind: how it was closed (direct, rated, not_rated, final, withdrawn …), None while open.
    move_count: counts the moves (a note or an urge does not count); a page remembers it and the second of two actors is told.
    second_look: of a ticket that a newcomer took in: waits, passed or corrected.
    left_at: when its own citizen withdrew while citizens of merged tickets stayed: it lives on for them.
    code_generation: counts the query codes that were ended; the code itself is computed (`hotline.keys.codes`).
    former_code: the digest of the code that the ticket got when codes were still kept.
    quiet: no texts about it until its citizen is heard from: an old matter that was imported.
    unit_code: the lead unit. desk_code: the unit or sub-unit on whose desk it lies. handler_id: the person there who has it.
    """

    __tablename__ = "ticket"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(24), unique=True)
    former_code: Mapped[str] = mapped_column("query_code", String(12), default="")
    code_generation: Mapped[int] = mapped_column(default=1, server_default="1")
    state: Mapped[str] = mapped_column(String(16))
    version: Mapped[int] = mapped_column(default=1)
    move_count: Mapped[int] = mapped_column(default=1)
    round: Mapped[int] = mapped_column(default=1)

    channel: Mapped[str] = mapped_column(String(24))
    outer_source: Mapped[str | None] = mapped_column(String(32))
    outer_number: Mapped[str | None] = mapped_column(String(64))
    outer_due_at: Mapped[datetime | None]
    town_code: Mapped[str | None] = mapped_column(String(32))
    call_id: Mapped[int | None] = mapped_column(ForeignKey("call.id", use_alter=True))

    title: Mapped[str] = mapped_column(Hidden)
    request_type: Mapped[str] = mapped_column(String(16))
    urgency: Mapped[str] = mapped_column(String(16), default="normal")
    urgency_by: Mapped[str | None] = mapped_column(String(16))
    alarm_at: Mapped[datetime | None]
    privacy: Mapped[str] = mapped_column(String(8), default="masked")
    category_code: Mapped[str | None] = mapped_column(String(16))
    area: Mapped[str | None] = mapped_column(String(32))
    street: Mapped[str | None] = mapped_column(String(64))

    citizen_id: Mapped[int | None] = mapped_column(ForeignKey("citizen.id"))
    contact_name: Mapped[str | None] = mapped_column(HiddenAlike)
    contact_phone: Mapped[str | None] = mapped_column(HiddenPhones)

    unit_code: Mapped[str | None] = mapped_column(ForeignKey("unit.code"))
    desk_code: Mapped[str | None] = mapped_column(ForeignKey("unit.code"))
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    handler_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    due_at: Mapped[datetime | None]
    due_clock: Mapped[str | None] = mapped_column(String(16))
    due_from: Mapped[datetime | None]
    wait_until: Mapped[datetime | None]

    created_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    dispatched_at: Mapped[datetime | None]
    signed_at: Mapped[datetime | None]
    contacted_at: Mapped[datetime | None]
    replied_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    moved_at: Mapped[datetime]

    close_kind: Mapped[str | None] = mapped_column(String(16))
    must_sign: Mapped[bool] = mapped_column(default=False)
    binding: Mapped[bool] = mapped_column(default=False)
    auto_signed: Mapped[bool] = mapped_column(default=False)
    auto_dispatched: Mapped[bool] = mapped_column(default=False)
    asking_more: Mapped[bool] = mapped_column(default=False)
    dissatisfied: Mapped[bool] = mapped_column(default=False)
    supervised: Mapped[bool] = mapped_column(default=False)
    for_discipline: Mapped[bool] = mapped_column(default=False)
    for_media: Mapped[bool] = mapped_column(default=False)
    excluded: Mapped[bool] = mapped_column(default=False)
    safety: Mapped[bool] = mapped_column(default=False)
    card: Mapped[str | None] = mapped_column(String(8))
    urges: Mapped[int] = mapped_column(default=0)
    returns: Mapped[int] = mapped_column(default=0)
    extensions: Mapped[int] = mapped_column(default=0)
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"))
    split_from_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"))
    left_at: Mapped[datetime | None]
    second_look: Mapped[str | None] = mapped_column(String(10))
    quiet: Mapped[bool] = mapped_column(default=False)

    text: Mapped[TicketText] = relationship(back_populates="ticket", cascade="all, delete-orphan", lazy="select")
    citizen: Mapped[Citizen | None] = relationship(lazy="select")
    assignments: Mapped[list[Assignment]] = relationship(
        back_populates="ticket", lazy="select", order_by="Assignment.id"
    )

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        Index("ix_ticket_open_state", "state", "due_at", "id", sqlite_where=OPEN_WORK, postgresql_where=OPEN_WORK),
        Index("ix_ticket_open_due", "due_at", "id", sqlite_where=OPEN_WORK, postgresql_where=OPEN_WORK),
        Index(
            "ix_ticket_open_unit", "unit_code", "state", "due_at", sqlite_where=OPEN_WORK, postgresql_where=OPEN_WORK
        ),
        Index(
            "ix_ticket_open_desk", "desk_code", "state", "due_at", sqlite_where=OPEN_WORK, postgresql_where=OPEN_WORK
        ),
        Index("ix_ticket_open_area", "area", "created_at", sqlite_where=OPEN_WORK, postgresql_where=OPEN_WORK),
        Index(
            "ix_ticket_open_category", "category_code", "created_at", sqlite_where=OPEN_WORK, postgresql_where=OPEN_WORK
        ),
        Index("ix_ticket_open_urgency", "urgency", "due_at", "id", sqlite_where=OPEN_WORK, postgresql_where=OPEN_WORK),
        Index(
            "ix_ticket_open_queue",
            "state",
            "urgency",
            "due_at",
            "id",
            sqlite_where=OPEN_WORK,
            postgresql_where=OPEN_WORK,
        ),
        Index("ix_ticket_alarm_at", "alarm_at", **_where_told("alarm_at")),
        Index("ix_ticket_second_look", "id", sqlite_where=LOOKED_FOR, postgresql_where=LOOKED_FOR),
        Index("uq_ticket_outer", "outer_source", "outer_number", unique=True, **_where_told("outer_number")),
        Index("ix_ticket_citizen_id", "citizen_id", "id"),
        Index("ix_ticket_contact_phone", "contact_phone", "id"),
        Index("ix_ticket_contact_extension", "contact_phone", sqlite_where=EXTENSION, postgresql_where=EXTENSION),
        Index("ix_ticket_contact_name", "contact_name", "id"),
        Index("ix_ticket_unit_code", "unit_code", "id", **_where_told("unit_code")),
        Index("ix_ticket_category_code", "category_code", "id", **_where_told("category_code")),
        Index("ix_ticket_created_at", "created_at"),
        Index("ix_ticket_moved_at", "moved_at", "id"),
        Index("ix_ticket_dispatched_at", "dispatched_at", **_where_told("dispatched_at")),
        Index("ix_ticket_closed_at", "closed_at", **_where_told("closed_at")),
        Index("ix_ticket_agent_id", "agent_id", "id", **_where_told("agent_id")),
        Index("ix_ticket_handler_id", "handler_id", "id", **_where_told("handler_id")),
        Index("ix_ticket_merged_into_id", "merged_into_id", **_where_told("merged_into_id")),
        Index("ix_ticket_split_from_id", "split_from_id", **_where_told("split_from_id")),
    )


class TicketText(Base):
    """The long text of a ticket, kept apart so that lists stay narrow.

    body: the citizen's words. place: the address as told.
    extra: what a channel brought that has no column (likes, session names …).
    phone_told: what was told as the number, when it says more than `Ticket.contact_phone` or no number could be read out of it;
    other_phones: the further numbers in it, one blank between them.
    public_title, public_body: the copy without personal data, the only one public pages may show.
    unit_words, unit_title: of a sealed ticket, what a person wrote for the unit; the unit reads nothing else.
    """

    __tablename__ = "ticket_text"
    __table_args__ = (
        Index("ix_ticket_text_other_phones", "ticket_id", sqlite_where=FURTHER, postgresql_where=FURTHER),
    )

    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), primary_key=True)
    body: Mapped[str] = mapped_column(Hidden)
    place: Mapped[str | None] = mapped_column(Hidden)
    phone_told: Mapped[str | None] = mapped_column(Hidden)
    other_phones: Mapped[str | None] = mapped_column(HiddenPhones)
    public_title: Mapped[str | None] = mapped_column(Hidden)
    public_body: Mapped[str | None] = mapped_column(Hidden)
    public_answer: Mapped[str | None] = mapped_column(Hidden)
    unit_words: Mapped[str | None] = mapped_column(Hidden)
    unit_title: Mapped[str | None] = mapped_column(Hidden)
    extra: Mapped[dict[str, Any]] = mapped_column(HiddenLeaves, default=dict)
    ticket: Mapped[Ticket] = relationship(back_populates="text")


class TicketPoint(Base):
    """A ticket's point, written as hidden as its address is: latitude and longitude in degrees, WGS 84. Sealed tickets have none.

    how: phone (its position), map (tapped), outer (another system's). accuracy: metres, None when nobody said.
    cell_lat, cell_lon: the square of a hundredth of a degree (about a kilometre) in which it lies, so that it can be looked for.
    """

    __tablename__ = "ticket_point"

    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), primary_key=True)
    point: Mapped[str] = mapped_column(Hidden)
    how: Mapped[str] = mapped_column(String(8))
    accuracy: Mapped[int | None]
    at: Mapped[datetime]
    cell_lat: Mapped[int]
    cell_lon: Mapped[int]

    __table_args__ = (Index("ix_ticket_point_cell", "cell_lat", "cell_lon"),)


class Assignment(Base):
    """One unit at work on one ticket: lead, helper, or a sub-unit the lead delegated to.

    ended_at is None while the unit is still in charge; `report` is what a helper told the lead. signed_at: when a helper
    took note; warned_at: when it was reminded that half of the lead's time is over.
    """

    __tablename__ = "assignment"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    unit_code: Mapped[str] = mapped_column(ForeignKey("unit.code"))
    part: Mapped[str] = mapped_column(String(8))
    round: Mapped[int]
    note: Mapped[str | None] = mapped_column(Hidden)
    report: Mapped[str | None] = mapped_column(Hidden)
    reported_at: Mapped[datetime | None]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str | None] = mapped_column(String(32))
    signed_at: Mapped[datetime | None]
    warned_at: Mapped[datetime | None]
    ticket: Mapped[Ticket] = relationship(back_populates="assignments")

    __table_args__ = (
        Index("ix_assignment_ticket_id", "ticket_id"),
        Index("ix_assignment_unit_code", "unit_code", "ended_at", "ticket_id"),
        Index("ix_assignment_started_at", "part", "started_at"),
        Index("ix_assignment_ended_at", "end_reason", "ended_at"),
    )
