"""A macro on many tickets: looked at on each, judged on none, and done on each through the one door in a savepoint of its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from hotline.city.schema import City
from hotline.errors import Refusal
from hotline.ready import running
from hotline.ready.macros import Step, is_judged, steps_of
from hotline.tickets.act import attempt, lock, may_do
from hotline.tickets.fields import Field
from hotline.tickets.lifecycle import ACTIONS, find_move
from hotline.tickets.roles import Actor
from models import Macro, Ticket, TicketEvent

Typed = Sequence[Mapping[str, Any]]
"""For each step what is answered for all tickets, over what is kept."""


@dataclass(frozen=True)
class Done:
    """What became of one ticket. sentence: why nothing was done on it; "" when all of it is."""

    ticket: Ticket
    events: list[TicketEvent]
    sentence: str


def judged(macro: Macro) -> str:
    """The first action of it that is judged ticket by ticket, as the table names it; "" when many may be done in one go."""
    actions = [ACTIONS[one.action] for one in steps_of(macro) if one.action in ACTIONS]
    return next((one.label for one in actions if any(is_judged(field) for field in one.fields)), "")


def fields_of(step: Step, tickets: Iterable[Ticket]) -> tuple[Field, ...]:
    """What is asked once for all: whatever is asked on any of them."""
    wanted = {one.name for ticket in tickets for one in running.fields_of(step, ticket)}
    return tuple(one for one in ACTIONS[step.action].fields if one.name in wanted) if step.action in ACTIONS else ()


def begins(macro: Macro, tickets: Iterable[Ticket], actor: Actor) -> int:
    """On how many of them its first step is somebody's turn that this person may take: quickly, before the guards look."""
    first = steps_of(macro)[0].action
    moves = ((one, find_move(one.state, first)) for one in tickets)
    return sum(move is not None and may_do(one, actor, move) for one, move in moves)


def in_the_way(
    db: Session, city: City, macro: Macro, tickets: Sequence[Ticket], actor: Actor, now: datetime
) -> list[str]:
    """For each ticket what stands in the way as far as it can be known before; "" for nothing."""
    looked = (running.preview(db, city, macro, one, actor, now) for one in tickets)
    return [next((step.why for step in shown if step.why), "") for shown in looked]


def run(
    db: Session,
    city: City,
    macro: Macro,
    tickets: Sequence[Ticket],
    actor: Actor,
    now: datetime,
    typed: Typed,
    seen: Mapping[int, int | None],
    **given: Any,
) -> list[Done]:
    """All of its steps or none on each ticket; a refusal leaves that one as it was and the others go on.

    seen: the number of a ticket's row → its `move_count` when the list was looked over. given: for `act`.
    """
    return [_run_one(db, city, macro, one, actor, now, typed, seen.get(one.id), given) for one in tickets]


def _run_one(
    db: Session,
    city: City,
    macro: Macro,
    ticket: Ticket,
    actor: Actor,
    now: datetime,
    typed: Typed,
    seen: int | None,
    given: Mapping[str, Any],
) -> Done:
    events: list[TicketEvent] = []

    def do() -> None:
        held = lock(db, ticket.id)
        said = [_asked_of(held, one, answers) for one, answers in zip(steps_of(macro), typed, strict=False)]
        events.extend(running.run(db, city, macro, held, actor, now, said, seen=seen, **given))

    refused: Refusal | None = attempt(db, do)
    return Done(ticket, [] if refused else events, refused.sentence if refused else "")


def _asked_of(ticket: Ticket, step: Step, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Without the answers to questions that only others of the tickets have."""
    wanted = {one.name for one in running.fields_of(step, ticket)}
    return {name: value for name, value in answers.items() if name in wanted}
