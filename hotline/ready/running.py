"""A macro on a ticket: what would happen and what stands in the way, then all of it in one transaction, or nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import takewhile
from typing import Any

from sqlalchemy.orm import Session

from hotline.city.ready.places import open_places
from hotline.city.schema import City
from hotline.errors import Refusal
from hotline.i18n import _
from hotline.ready import filling
from hotline.ready.macros import Step, is_judged, kept_fields, steps_of
from hotline.tickets.act import act, by_name, may_do
from hotline.tickets.actions import READING
from hotline.tickets.context import ActionContext
from hotline.tickets.display.timeline import state_words
from hotline.tickets.effects.taking_back import undo_for
from hotline.tickets.fields import Field, clean
from hotline.tickets.lifecycle import ACTIONS, Move, find_move
from hotline.tickets.names import ActionName as Do
from hotline.tickets.reply_rules.replies import last_reply, reading_of
from hotline.tickets.roles import Actor
from models import Macro, Ticket, TicketEvent

WITHOUT_TRACE = frozenset({Do.NOTE})
"""What may stay in the story when the rest is taken back: nobody outside hears of it."""


@dataclass(frozen=True)
class Preview:
    """One step as it would be done now. answers: what is kept, filled for this ticket; fields: what is kept and may be changed for
    this once, and what the person must answer themself.

    to: the state after it. why: the sentence that stands in its way, "" when nothing does. later: guards look only when it is
    its turn, because the ticket will have moved by then or something is still asked.
    """

    step: Step
    move: Move | None
    answers: dict[str, Any]
    fields: tuple[Field, ...]
    to: str
    why: str
    later: bool


class Stopped(Refusal):
    """A step was refused, and nothing was done. number: which, from 0."""

    def __init__(self, number: int, refusal: Refusal):
        super().__init__(refusal.sentence, code=refusal.code, problems=refusal.problems)
        self.number, self.status = number, refusal.status


def preview(db: Session, city: City, macro: Macro, ticket: Ticket, actor: Actor, now: datetime) -> list[Preview]:
    """Each step by the table: whose turn, who may, and what objects as far as it can be known before."""
    shown: list[Preview] = []
    state = ticket.state
    for step in steps_of(macro):
        move = find_move(state, step.action)
        moved = state != ticket.state
        answers = filled(step, city, actor, ticket, now)
        fields = fields_of(step, ticket)
        why = _in_the_way(step, move, state, ticket, actor)
        later = (
            moved or why != "" or any(one.name not in answers or open_places(str(answers[one.name])) for one in fields)
        )
        if move is not None and not later:
            why = _objection(db, city, ticket, move, actor, now, answers)
        state = move.to.value if move is not None and move.to is not None else state
        shown.append(Preview(step, move, answers, fields, state, why, later and not why))
    return shown


def filled(step: Step, city: City, actor: Actor, ticket: Ticket, now: datetime) -> dict[str, Any]:
    """The kept answers, their places filled for this ticket as it is now."""
    fields = kept_fields(step.action) if step.action in ACTIONS else ()
    words = {one.name for one in fields if one.kind in ("text", "long")}
    return {
        name: filling.fill(value, city, actor, ticket, now) if name in words else value
        for name, value in step.answers.items()
    }


def fields_of(step: Step, ticket: Ticket) -> tuple[Field, ...]:
    """What is kept, what must be answered, and what a person judges each time."""
    if step.action not in ACTIONS:
        return ()
    return tuple(one for one in ACTIONS[step.action].fields if one.name in step.answers or _asked(one, ticket))


def _asked(field: Field, ticket: Ticket) -> bool:
    if field.kind in ("count", "row"):
        return False
    return field.required or is_judged(field) or (field.name == "unit_words" and ticket.privacy == "sealed")


@dataclass(frozen=True)
class WayBack:
    """What taking a macro back does. back: the numbers of the steps that go back, the last first; stays: those that do not and
    that somebody outside hears of."""

    back: tuple[int, ...]
    stays: tuple[int, ...]


def way_back(macro: Macro, state: str) -> WayBack:
    """On a ticket in this state: every move that the desks can undo, as far back as one that they cannot."""
    steps, states = steps_of(macro), states_of(steps_of(macro), state)
    moving = [number for number, move in enumerate(moves_of(steps, state)) if move is not None and move.to is not None]
    back = list(takewhile(lambda number: undo_for(steps[number].action, states[number]), reversed(moving)))
    stays = [n for n, one in enumerate(steps) if n not in back and one.action not in WITHOUT_TRACE]
    return WayBack(tuple(back), tuple(stays))


def moves_of(steps: Sequence[Step], state: str) -> list[Move | None]:
    """The row of the table that each step would be, beginning in this state; None where there is none."""
    return [find_move(begins, step.action) for begins, step in zip(states_of(steps, state), steps, strict=True)]


def states_of(steps: Sequence[Step], state: str) -> list[str]:
    """Where a ticket that begins in this state stands before each step."""
    found: list[str] = []
    for step in steps:
        found.append(state)
        move = find_move(state, step.action)
        state = move.to.value if move is not None and move.to is not None else state
    return found


def run(
    db: Session,
    city: City,
    macro: Macro,
    ticket: Ticket,
    actor: Actor,
    now: datetime,
    typed: Sequence[Mapping[str, Any]] = (),
    *,
    seen: int | None = None,
    **given: Any,
) -> list[TicketEvent]:
    """Every step through the one door, in the caller's transaction; the caller takes all back when it is Stopped.

    ticket: as returned by `lock`. typed: for each step what the person answered, over what is kept, with
    places that are filled when it is its turn. given: for `act`.
    """
    events: list[TicketEvent] = []
    back = way_back(macro, ticket.state).back
    for number, step in enumerate(steps_of(macro)):
        said = replace(step, answers={**step.answers, **(typed[number] if number < len(typed) else {})})
        answers = filled(said, city, actor, ticket, now)
        turn = seen if number == 0 else None
        try:
            done = act(
                db, city, ticket, by_name(step.action), actor, now, answers, seen=turn, hold=number in back, **given
            )
        except Refusal as refusal:
            raise Stopped(number, refusal) from refusal
        events.append(done)
    return events


def judges(action: str) -> bool:
    """Whether it judges a reply, which then stands on the page of the macro."""
    return action in ACTIONS and READING in ACTIONS[action].fields


def _in_the_way(step: Step, move: Move | None, state: str, ticket: Ticket, actor: Actor) -> str:
    if step.action not in ACTIONS:
        return _("没有“%(action)s”这个操作。", action=step.action[:24])
    label = _(ACTIONS[step.action].label)
    if move is None:
        return _("轮到这一步时工单是“%(state)s”，不能“%(action)s”。", state=state_words(state), action=label)
    if not may_do(ticket, actor, move):
        return _("您没有权限对这张工单进行“%(action)s”。", action=label)
    return ""


def _objection(
    db: Session, city: City, ticket: Ticket, move: Move, actor: Actor, now: datetime, answers: Mapping[str, Any]
) -> str:
    """What the form or a guard says now."""
    try:
        cleaned = clean(ACTIONS[move.action].fields, answers, city, by_staff=True)
    except Refusal as refusal:
        return refusal.sentence
    reply = last_reply(db, ticket.id) if judges(move.action) else None
    read = {"wording": reading_of(reply)} if reply else {}
    context = ActionContext(db, city, ticket, move.action, actor, now, cleaned | read)
    return next((said for guard in move.unless if (said := guard(context))), "")
