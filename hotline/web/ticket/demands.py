"""The demands from above on one ticket as its page shows them: each with what this person may do about it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from hotline.i18n import _
from hotline.tickets import roles
from hotline.tickets.directives import rules as directives
from hotline.tickets.directives.rules import KINDS, STATES
from hotline.tickets.privacy import redact
from hotline.tickets.roles import Actor
from models import Directive, Ticket


@dataclass(frozen=True)
class Demand:
    """asked, answer, result: without personal data. readers: the names of those who may read it, "" for everybody."""

    row: Directive
    label: str
    state: str
    asked: str
    answer: str
    result: str
    readers: str
    may_answer: bool
    may_return: bool
    may_end: bool


def demands_on(db: Session, actor: Actor, ticket: Ticket) -> list[Demand]:
    return [_demand(actor, ticket, row) for row in directives.of_ticket(db, actor, ticket)]


def _demand(actor: Actor, ticket: Ticket, row: Directive) -> Demand:
    kind, still = KINDS[row.kind], row.state != "closed"
    ends = still and any(may(actor, ticket) for may in kind.ends)
    return Demand(
        row=row,
        label=_(kind.label),
        state=_(STATES[row.state]),
        asked=redact.starred(ticket, row.asked),
        answer=redact.starred(ticket, row.answer or ""),
        result=redact.starred(ticket, row.result or ""),
        readers=_("、").join(_(directives.READERS[name]) for name in (row.readers or "").split()),
        may_answer=row.state == "open" and not kind.by_itself and roles.unit(actor, ticket),
        may_return=ends and row.state == "answered",
        may_end=ends,
    )
