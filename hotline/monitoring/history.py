"""What the tables tell of tickets, read for many at once: acts, clocks, replies and demands, without what was taken back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, load_only

from models import Deadline, Directive, Pause, Reply, Ticket, TicketEvent

UNDONE = "undone"


@dataclass
class History:
    """One ticket as its rows tell it, each list in the order in which it happened.

    events: every row; acts: those that still stand. paused: the clocks that do not run now; ever_paused: those that ever stood
    still. handlers: who is named as handler in a reply, by its id.
    """

    ticket: Ticket
    events: list[TicketEvent] = field(default_factory=list)
    deadlines: list[Deadline] = field(default_factory=list)
    directives: list[Directive] = field(default_factory=list)
    handlers: dict[int, str] = field(default_factory=dict)
    paused: set[int] = field(default_factory=set)
    ever_paused: set[int] = field(default_factory=set)

    @property
    def acts(self) -> list[TicketEvent]:
        taken_back = {one.data[UNDONE] for one in self.events if one.data.get(UNDONE)}
        return [one for one in self.events if one.id not in taken_back and not one.data.get(UNDONE)]

    def done(self, *actions: str) -> list[TicketEvent]:
        return [one for one in self.acts if one.action in actions]

    def late(self, deadline: Deadline, now: datetime) -> bool:
        """The clock ran out before anybody did what it waits for."""
        if deadline.stopped_at is not None:
            return deadline.stopped_at > deadline.due_at
        return deadline.due_at < now and deadline.id not in self.paused

    def holder(self, units: Collection[str], until: datetime) -> int | None:
        """Who of these units acted last by that moment: the person who had the ticket in hand."""
        hands = (one.actor_id for one in reversed(self.acts) if one.at <= until and one.actor_unit in units)
        return next((one for one in hands if one is not None), None)

    def act_at(self, moment: datetime | None, *actions: str) -> TicketEvent | None:
        """The act that happened at exactly this moment, as what it turned says."""
        return next((one for one in self.acts if one.at == moment and (not actions or one.action in actions)), None)


def read_histories(db: Session, ticket_ids: Iterable[int], until: datetime) -> list[History]:
    """In the order of the tickets' ids, with a fixed number of statements; drafts have no history yet.

    until: what happened later is left out, because it may still be taken back.
    """
    ids = sorted(set(ticket_ids))
    facts = (Ticket.id, Ticket.state, Ticket.privacy, Ticket.excluded)
    rows = db.scalars(select(Ticket).where(Ticket.id.in_(ids)).options(load_only(*facts)).order_by(Ticket.id))
    found = {one.id: History(one) for one in rows if one.state != "draft"}
    for event in _of(db, TicketEvent, ids):
        if event.to_state != "draft" and event.at <= until and event.ticket_id in found:
            found[event.ticket_id].events.append(event)
    for deadline in _of(db, Deadline, ids):
        if deadline.ticket_id in found:
            found[deadline.ticket_id].deadlines.append(deadline)
    for directive in _of(db, Directive, ids):
        if directive.ticket_id in found:
            found[directive.ticket_id].directives.append(directive)
    _add_pauses(db, found, ids)
    for reply in db.execute(select(Reply.id, Reply.ticket_id, Reply.handler).where(Reply.ticket_id.in_(ids))):
        if reply.ticket_id in found:
            found[reply.ticket_id].handlers[reply.id] = reply.handler or ""
    return list(found.values())


def _of(db: Session, table: Any, ids: Sequence[int]) -> Iterable[Any]:
    return db.scalars(select(table).where(table.ticket_id.in_(ids)).order_by(table.id))


def _add_pauses(db: Session, found: dict[int, History], ids: Sequence[int]) -> None:
    wanted = (
        select(Deadline.ticket_id, Pause.deadline_id, Pause.ended_at)
        .join(Deadline, Deadline.id == Pause.deadline_id)
        .where(Deadline.ticket_id.in_(ids))
    )
    by_ticket: dict[int, list[Any]] = defaultdict(list)
    for row in db.execute(wanted):
        by_ticket[row.ticket_id].append(row)
    for ticket_id, rows in by_ticket.items():
        if ticket_id in found:
            found[ticket_id].ever_paused |= {row.deadline_id for row in rows}
            found[ticket_id].paused |= {row.deadline_id for row in rows if row.ended_at is None}
