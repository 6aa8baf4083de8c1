"""What giving, answering, returning and ending a demand from above writes."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import update

from hotline.tickets.context import ActionContext
from hotline.tickets.directives import rules as directives
from hotline.tickets.directives.rules import KINDS
from hotline.tickets.effects import Effect
from hotline.tickets.effects.demands.noticed import URGE, answer_key, directive_key, end_notices
from models import Directive
from routing.limits import bells

SYSTEM_NAME = "系统"


def give(kind: str) -> Effect:
    """The demand of the form: its words, its time (the city's by default) and its number."""

    def write(context: ActionContext) -> None:
        made = _new(context, kind, context.answers["text"], context.answer("until"))
        made.given_by_id, made.given_by_name = context.actor.id, context.actor.name
        if kind == "supervision":
            context.ticket.supervised = True

    return write


def give_instruction(context: ActionContext) -> None:
    """Read by those whom the leader names, and by nobody else."""
    readers = context.answer("readers") or list(directives.NAMED_BY_DEFAULT)
    made = _new(context, "instruction", context.answers["text"], context.answer("until"))
    made.given_by_id, made.given_by_name = context.actor.id, context.actor.name
    made.readers = directives.joined(readers)
    context.notes["readers"] = list(readers)


def open_case(context: ActionContext, asked: str, by_id: int | None = None, by_name: str = SYSTEM_NAME) -> Directive:
    """A supervision order by the rules themselves or by a granted petition; one that is under way is enough."""
    held = directives.under_way(context.db, context.ticket.id, "supervision")
    if held:
        return held[0]
    context.ticket.supervised = True
    made = _new(context, "supervision", asked, None)
    made.given_by_id, made.given_by_name = by_id, by_name
    return made


def answer(context: ActionContext) -> None:
    found = _found(context)
    found.state, found.answer = "answered", context.answers["text"]
    found.answered_by_name, found.answered_at = context.actor.name, context.now
    found.ring_at = None
    _tell_of(context, found)
    end_notices(context.db, context.ticket.id, [directive_key(found.id)], context.now)


def send_back(context: ActionContext) -> None:
    """The answer was not enough: the old one stays in the story, the time runs anew."""
    found = _found(context)
    context.notes["answer_before"] = found.answer
    found.state, found.returned = "open", found.returned + 1
    found.due_at = context.answer("until") or directives.due_by_default(context.city, found.kind, context.now)
    found.ring_at = _first_ring(context, found.due_at)
    context.notes["until"] = found.due_at
    _tell_of(context, found)
    end_notices(context.db, context.ticket.id, [answer_key(found.id)], context.now)


def end(context: ActionContext) -> None:
    found = _found(context)
    found.state, found.result = "closed", context.answers["text"]
    found.closed_by_name, found.closed_at, found.ring_at = context.actor.name, context.now, None
    _tell_of(context, found)
    if found.kind == "supervision":
        context.db.flush()
        context.ticket.supervised = bool(directives.under_way(context.db, context.ticket.id, "supervision"))
    end_notices(context.db, context.ticket.id, [directive_key(found.id), answer_key(found.id)], context.now)


def end_urges(context: ActionContext) -> None:
    """The unit (or the desk) has moved: what it was urged to do is under way."""
    by_itself = [name for name, kind in KINDS.items() if kind.by_itself]
    context.db.execute(
        update(Directive)
        .where(Directive.ticket_id == context.ticket.id, Directive.kind.in_(by_itself), Directive.state != "closed")
        .values(state="closed", closed_at=context.now, closed_by_name=context.actor.name, ring_at=None)
    )
    end_notices(context.db, context.ticket.id, [URGE], context.now)


def _new(context: ActionContext, kind: str, asked: str, until: datetime | None) -> Directive:
    due_at = until or directives.due_by_default(context.city, kind, context.now)
    made = Directive(
        ticket_id=context.ticket.id,
        kind=kind,
        round=context.ticket.round,
        unit_code=context.ticket.unit_code,
        asked=asked,
        given_by_name=SYSTEM_NAME,
        given_at=context.now,
        due_at=due_at,
        ring_at=_first_ring(context, due_at),
    )
    context.db.add(made)
    context.db.flush()
    made.number = directives.number_of(made, context.now.astimezone(ZoneInfo(context.city.timezone)).year)
    context.notes["until"] = due_at
    _tell_of(context, made)
    return made


def _first_ring(context: ActionContext, due_at: datetime) -> datetime:
    """At four fifths of its time, as every clock."""
    rings = bells(context.city.calendar, context.now, due_at)
    return next(at for at, bell in rings if bell == "most")


def _tell_of(context: ActionContext, found: Directive) -> None:
    """The story and the notices quote it; who may read it may read what is said of it."""
    context.notes |= {"order": found.number, "directive_id": found.id, "kind": found.kind}
    if found.readers is not None:
        context.notes["readers"] = found.readers.split()


def _found(context: ActionContext) -> Directive:
    found = directives.find(context)
    assert found is not None  # the guard `no_such_directive` has seen to that
    return found
