"""Demands from above as a list: those that are under way, what is late first."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hotline.tickets.directives.rules import readable_by
from hotline.tickets.privacy.visibility import visible_to
from hotline.tickets.roles import Actor
from models import Directive, Ticket


def directives(actor: Actor, kinds: Iterable[str], *, ended: bool = False) -> Any:
    """(directive, ticket): those of these kinds that this person may read, in no order yet."""
    return (
        select(Directive, Ticket)
        .join(Ticket, Ticket.id == Directive.ticket_id)
        .where(
            Directive.kind.in_(list(kinds)),
            Directive.state == "closed" if ended else Directive.state != "closed",
            readable_by(actor),
            visible_to(actor),
        )
    )


def late(db: Session, actor: Actor, kinds: Iterable[str], now: datetime) -> int:
    """How many of them are past their day without an answer."""
    wanted = directives(actor, kinds).where(Directive.state == "open", Directive.due_at < now)
    return db.scalar(select(func.count()).select_from(wanted.with_only_columns(Directive.id).subquery())) or 0


def under_way_of(db: Session, ids: Iterable[int]) -> dict[int, list[Directive]]:
    """Ticket → its urges and supervision orders under way; one statement."""
    rows = db.scalars(
        select(Directive)
        .where(
            Directive.ticket_id.in_(list(ids)), Directive.kind.in_(("urge", "supervision")), Directive.state != "closed"
        )
        .order_by(Directive.due_at)
    )
    found: dict[int, list[Directive]] = {}
    for row in rows:
        found.setdefault(row.ticket_id, []).append(row)
    return found
