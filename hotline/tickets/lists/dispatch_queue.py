"""The dispatch desk's queues: the most urgent first, then what is due first; one page by key, all tabs counted at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session, joinedload

from hotline.tickets import roles
from hotline.tickets.lists import paging
from hotline.tickets.lists.paging import PAGE_SIZE, Page
from hotline.tickets.lists.ticket_list import PRESSING, SORTS, Wanted, conditions, count_all
from hotline.tickets.petitions import PETITIONS
from hotline.tickets.privacy.visibility import visible_to
from hotline.tickets.roles import Actor
from models import Petition, Precedent, Proposal, Ticket, TicketEvent

QUEUES: dict[str, Wanted] = {
    "todo": Wanted(states=("to_dispatch",), also=(Ticket.asking_more.is_(False),)),
    "objection": Wanted(states=("in_objection",)),
    "dispute": Wanted(states=("in_dispute",)),
    "asking": Wanted(states=("to_dispatch",), also=(Ticket.asking_more.is_(True),)),
}
"""Each tab of the desk with the tickets it lists; petitions are no tickets and have their own function."""

OPENING = {"todo": "submit", "objection": "object", "dispute": "mark_hard", "asking": "ask_more"}
"""The action whose last event says why a ticket stands in that queue."""

DECIDED_HERE = tuple(kind for kind, row in PETITIONS.items() if roles.dispatcher in row.decides)
"""Petitions a dispatcher decides."""


STORM = 200
"""So many pressing tickets stand on the first page: nobody turns a page to see the sixtieth fire."""

ORDERS = {name: SORTS[name] for name in ("urgent", "due", "created", "-created")}
"""The desk's own order, the most urgent before all others, and those a dispatcher may choose."""


def page(
    db: Session,
    actor: Actor,
    tab: str,
    *,
    sort: str = "urgent",
    after: str | None = None,
    before: str | None = None,
    sure: bool = False,
    size: int = PAGE_SIZE,
    ahead: int = 0,
) -> Page:
    """One page of a queue, with the words, of which each row asks what is open. sure: only what may go out without a look.

    ahead: so many pressing ones all stand on the first page.
    """
    query = select(Ticket).options(joinedload(Ticket.text)).where(*_wanted(db, actor, tab, sure))
    return paging.paginate(db, query, ORDERS[sort], after=after, before=before, size=size, ahead=ahead)


def next_number(db: Session, actor: Actor, tab: str, ticket: Ticket, sort: str = "urgent") -> str | None:
    """The number of the ticket that follows in this queue; after the last one comes the first again."""
    query = select(Ticket.number).where(*_wanted(db, actor, tab, False))
    found: str | None = paging.following(db, query, ORDERS[sort], ticket)
    return found


def counts(db: Session, actor: Actor) -> dict[str, int]:
    """How many wait in each queue, petitions too, none counted far beyond the limit; one statement."""
    queries = [select(Ticket.id).where(*conditions(db, actor, wanted)) for wanted in QUEUES.values()]
    counted = count_all(db, [*queries, petitions(actor).with_only_columns(Petition.id)])
    return dict(zip((*QUEUES, "petitions"), counted, strict=True))


def petitions(actor: Actor) -> Any:
    """(petition, ticket): those a dispatcher may decide, in no order yet."""
    return (
        select(Petition, Ticket)
        .join(Ticket, Ticket.id == Petition.ticket_id)
        .where(Petition.state == "asked", Petition.kind.in_(DECIDED_HERE), visible_to(actor))
    )


def by_numbers(db: Session, actor: Actor, numbers: Iterable[str]) -> list[Ticket]:
    """The tickets with these numbers that this person may see, in the order of the queue."""
    return list(
        db.scalars(
            select(Ticket)
            .where(Ticket.number.in_(list(numbers)), visible_to(actor))
            .order_by(PRESSING, Ticket.due_at, Ticket.id)
        )
    )


def newest_proposals(db: Session, ids: Iterable[int]) -> dict[int, Proposal]:
    """Ticket id → its newest proposal, in one statement."""
    newest = select(func.max(Proposal.id)).where(Proposal.ticket_id.in_(list(ids))).group_by(Proposal.ticket_id)
    return {one.ticket_id: one for one in db.scalars(select(Proposal).where(Proposal.id.in_(newest)))}


def last_events(db: Session, ids: Iterable[int], *actions: str) -> dict[int, TicketEvent]:
    """Ticket id → the last event of these actions, in one statement."""
    # Joined with nothing, the action is looked at in these tickets' own rows: its index would lead through everybody's.
    own = (TicketEvent.ticket_id.in_(list(ids)), (TicketEvent.action + "").in_(actions))
    newest = select(func.max(TicketEvent.id)).where(*own).group_by(TicketEvent.ticket_id)
    return {one.ticket_id: one for one in db.scalars(select(TicketEvent).where(TicketEvent.id.in_(newest)))}


def precedents(
    db: Session, actor: Actor, categories: Iterable[str | None], area: str | None, *, most: int = 5, but: int = 0
) -> list[Precedent]:
    """Rulings in force on these categories, those of the same area first, then the newest; of tickets that this person may see.

    but: the number of a ticket whose own rulings stand on its page already.
    """
    codes = [code for code in categories if code]
    if not codes:
        return []
    near = (Precedent.area == area).desc() if area else Precedent.area.is_(None).desc()
    return list(
        db.scalars(
            select(Precedent)
            .join(Ticket, Ticket.id == Precedent.ticket_id)
            .where(
                Precedent.category_code.in_(codes),
                Precedent.retired_at.is_(None),
                Precedent.ticket_id != but,
                visible_to(actor),
            )
            .order_by(near, Precedent.id.desc())
            .limit(most)
        )
    )


def returned_by(db: Session, ticket_id: int) -> list[TicketEvent]:
    """Every objection units raised on this ticket, newest first."""
    return list(
        db.scalars(
            select(TicketEvent)
            .where(TicketEvent.ticket_id == ticket_id, TicketEvent.action == "object")
            .order_by(TicketEvent.id.desc())
            .limit(10)
        )
    )


def _wanted(db: Session, actor: Actor, tab: str, sure: bool) -> list[Any]:
    found = conditions(db, actor, QUEUES[tab])
    if sure:
        newest = (
            select(func.max(Proposal.id)).where(Proposal.ticket_id == Ticket.id).correlate(Ticket).scalar_subquery()
        )
        found.append(Ticket.safety.is_(False))
        found.append(
            exists(
                select(Proposal.id).where(
                    Proposal.ticket_id == Ticket.id,
                    Proposal.id == newest,
                    Proposal.sure,
                    Proposal.unit_code.is_not(None),
                )
            )
        )
    return found
