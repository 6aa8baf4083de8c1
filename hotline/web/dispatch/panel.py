"""What a dispatcher sees of one opened ticket: its words, the ways it could go, what was said about it before."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from markupsafe import Markup, escape
from sqlalchemy import select

from hotline.i18n import _
from hotline.intake.duplicates import duplicates_of
from hotline.tickets.act import possible
from hotline.tickets.directives.rules import INSTRUCTION_ACTIONS
from hotline.tickets.disputes import parties
from hotline.tickets.lifecycle import BESIDE
from hotline.tickets.lists import dispatch_queue
from hotline.tickets.lists.ticket_list import citizens_other_tickets
from hotline.tickets.privacy import redact
from hotline.triage.active_classifier import is_learning
from hotline.triage.candidates import Candidate, asks_place, candidates, routed
from hotline.triage.doubts import Doubts, doubts
from hotline.triage.model_registry import ModelRegistry
from hotline.triage.reasons import telling
from hotline.triage.unit_confidence import SURE_FROM
from hotline.web.core.formatting import TicketRow, row_of, ticket_row
from hotline.web.core.request_context import here
from hotline.web.dispatch.form import DESK_ACTIONS, Typed, proposed
from models import Assignment, Precedent, Proposal, Ticket, TicketEvent
from models.tickets.ticket import CLOSED_STATES

TAB_OF = {"to_dispatch": "todo", "in_objection": "objection", "in_dispute": "dispute"}


@dataclass
class Panel:
    """One opened ticket. tab: the queue it stands in now, None when it has moved on. words: masked, key words marked."""

    ticket: Ticket
    row: TicketRow
    tab: str | None
    words: Markup
    proposal: Proposal | None
    ways: list[Candidate]
    chosen: Candidate
    value: Typed
    objections: list[TicketEvent]
    opening: TicketEvent | None
    last: TicketEvent | None
    precedents: list[Precedent]
    alike: list[AlikeRow]
    others: list[TicketRow]
    moves: list[Any]
    silent: list[tuple[Assignment, datetime]] = field(default_factory=list)
    said: Sequence[TicketEvent] = ()
    asks_place: bool = False
    doubts: Doubts = field(default_factory=Doubts)
    problems: dict[str, str] = field(default_factory=dict)

    @property
    def unsure(self) -> bool:
        """Names without numbers and reasons: the suggestion is too weak for them, and not for want of a district alone."""
        return self.proposal is None or (self.proposal.confidence < SURE_FROM and not self.asks_place)

    @property
    def learning(self) -> bool:
        return is_learning(here.installation.classifier)

    @property
    def returned(self) -> set[str]:
        """Units that have sent this ticket back."""
        return {event.unit_code for event in self.objections if event.unit_code}


@dataclass(frozen=True)
class Glimpse:
    """Just enough to say that somebody else has moved the ticket."""

    ticket: Ticket
    tab: str | None
    last: TicketEvent | None


def glimpse(ticket: Ticket) -> Glimpse:
    return Glimpse(ticket, tab_of(ticket), _last_move(ticket))


def tab_of(ticket: Ticket) -> str | None:
    return "asking" if ticket.asking_more else TAB_OF.get(ticket.state)


def open_panel(ticket: Ticket, *, value: Typed | None = None, problems: dict[str, str] | None = None) -> Panel:
    """Everything the panel shows, in a fixed number of statements."""
    db, city = here.db, here.city
    proposal = dispatch_queue.newest_proposals(db, [ticket.id]).get(ticket.id)
    ways = candidates(city, ticket, proposal)
    value = value or proposed(city, ticket, proposal, ways)
    tab = tab_of(ticket)
    return Panel(
        ticket=ticket,
        row=ticket_row(ticket),
        tab=tab,
        words=marked(ticket, key_words(ways) if proposal and proposal.confidence >= SURE_FROM else []),
        proposal=proposal,
        ways=ways,
        chosen=chosen_way(ticket, proposal, ways, value),
        value=value,
        objections=dispatch_queue.returned_by(db, ticket.id),
        last=_last_move(ticket),
        opening=dispatch_queue.last_events(db, [ticket.id], dispatch_queue.OPENING[tab]).get(ticket.id)
        if tab
        else None,
        precedents=dispatch_queue.precedents(
            db, here.me, {value.category, *(way.category for way in ways)}, ticket.area
        ),
        alike=alike(ticket, value),
        others=[ticket_row(one) for one in citizens_other_tickets(db, here.me, ticket, 5)],
        moves=[move for move in possible(ticket, here.me) if move.action not in DESK_ACTIONS],
        silent=[(held, parties.due_of(city, held)) for held in parties.silent_units(ticket)],
        said=parties.said_in(db, ticket.id) if tab == "dispute" else (),
        asks_place=asks_place(city, ticket, proposal),
        doubts=doubts(city, ModelRegistry(here.settings.models), ticket, proposal, ways),
        problems=problems or {},
    )


def chosen_way(ticket: Ticket, proposal: Proposal | None, ways: list[Candidate], value: Typed) -> Candidate:
    """The way the form stands on: the chosen category with the chosen type and urgency."""
    known = next((way for way in ways if way.category == value.category), None)
    category = value.category if value.category in here.city.categories else None
    return routed(
        here.city,
        ticket,
        proposal,
        category,
        request_type=value.request_type or None,
        urgency=value.urgency or None,
        p=known.p if known else None,
        words=known.words if known else (),
    )


def key_words(ways: list[Candidate]) -> list[str]:
    """What spoke for the first candidate, longest first."""
    return sorted({word for way in ways[:1] for word in telling(way.words)}, key=len, reverse=True)


def marked(ticket: Ticket, words: Iterable[str]) -> Markup:
    """The ticket's words as this reader may have them, with those that spoke for the proposal marked."""
    pattern, shown = "|".join(re.escape(word) for word in words if word), redact.words_for(here.me, ticket)
    parts = re.split(f"({pattern})", shown) if pattern else [shown]
    return Markup("").join(Markup("<mark>%s</mark>") % part if n % 2 else escape(part) for n, part in enumerate(parts))


@dataclass(kw_only=True)
class AlikeRow(TicketRow):
    """A ticket that may tell of the same matter, and why it is thought so. open: others can join it; same: it surely does."""

    why: str
    open: bool
    same: bool


def alike(ticket: Ticket, value: Typed) -> list[AlikeRow]:
    """Tickets that tell of the same matter, ended ones too, each with why it is thought so."""
    return [
        row_of(
            AlikeRow,
            one.ticket,
            why=_("；").join(one.reasons),
            open=one.ticket.state not in CLOSED_STATES,
            same=one.same,
        )
        for one in duplicates_of(here.db, here.city, here.me, ticket, value.category, here.now, most=4, closed=True)
    ]


def _last_move(ticket: Ticket) -> TicketEvent | None:
    """Who did what last, for the one who comes second."""
    return here.db.scalar(
        select(TicketEvent)
        .where(TicketEvent.ticket_id == ticket.id, TicketEvent.action.not_in(BESIDE | INSTRUCTION_ACTIONS))
        .order_by(TicketEvent.id.desc())
        .limit(1)
    )
