"""The one door: everything that is done to an existing ticket is done here, by the table, or refused with a sentence."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError
from sqlalchemy.sql.base import ExecutableOption

from hotline import outbox
from hotline.city.schema import City
from hotline.errors import NotAllowed, NotFound, OutOfTurn, Refusal
from hotline.i18n import _
from hotline.review_advice.registry import ReviewModelRegistry
from hotline.tickets import deadlines, roles
from hotline.tickets.citizens import platforms
from hotline.tickets.context import ActionContext
from hotline.tickets.effects.clocks.nearest import show_nearest
from hotline.tickets.effects.demands.looked import leave
from hotline.tickets.effects.demands.noticed import end_by_move
from hotline.tickets.effects.taking_back import UNDOABLE, UNDOES, keep, picture, undo_of
from hotline.tickets.fields import clean
from hotline.tickets.lifecycle import ACTIONS, Move, find_move, moves_from
from hotline.tickets.names import ActionName as Do
from hotline.tickets.names import JobName
from hotline.tickets.privacy.story import for_the_timeline
from hotline.tickets.roles import Actor
from hotline.tickets.search import indexing  # noqa: F401 – the index listens to what is written here
from hotline.tickets.states import ENDED, STATES, State
from models import Deadline, Ticket, TicketEvent
from models.store.db import write_json
from models.store.rows import insert_new


@dataclass
class Together:
    """Acts on several new tickets, whose rows and jobs are then written in a few statements."""

    stories: list[tuple[TicketEvent, Move]] = field(default_factory=list)
    clocks: list[Deadline] = field(default_factory=list)

    def write(self, db: Session, now: datetime) -> None:
        """The tickets themselves are written already."""
        insert_new(db, self.clocks)
        insert_new(db, [event for event, _move in self.stories])
        _enqueue(db, self.stories, now)


def act(
    db: Session,
    city: City,
    ticket: Ticket,
    action: str,
    actor: Actor,
    now: datetime,
    answers: Mapping[str, Any] | None = None,
    *,
    seen: int | None = None,
    together: Together | None = None,
    review_models: ReviewModelRegistry | None = None,
    hold: bool = False,
) -> TicketEvent:
    """Do one action of the table to one ticket, in the caller's transaction. Never commits, never sends.

    ticket: as returned by `lock`. answers: the form as typed. seen: the ticket's `move_count` when the page was opened.
    together: the ticket is not in the database yet; this act is written with those of other new tickets.
    hold: what it enqueues waits until the city's seconds to undo are over.
    review_models: which model advised the reviewer (the built-in rules when none is given).
    Raises OutOfTurn when the ticket has moved on, NotAllowed when this person may not, Refusal with the guard's
    sentence otherwise. Returns the new row of the story.
    """
    # 1. Is it this ticket's turn for that?
    move = _row(ticket, action, actor, seen)
    # 2. May this person?
    if not may_do(ticket, actor, move):
        raise NotAllowed(_("您没有权限对这张工单进行“%(action)s”。", action=_(ACTIONS[action].label)))
    # 3. Are the answers whole, and does no rule stand in the way?
    cleaned = clean(ACTIONS[action].fields, answers or {}, city, by_staff=actor.kind == "staff")
    context = ActionContext(
        db, city, ticket, action, actor, now, cleaned, review_models=review_models or ReviewModelRegistry()
    )
    _let_every_rule_pass(context, move)
    # 4. Write the story, then what follows from it.
    undoable = action in UNDOABLE and actor.kind == "staff" and together is None
    looked = picture(db, ticket) if undoable else None
    event = _do(context, move)
    # 5. Turn the clocks, and enqueue what must happen after the commit.
    _turn_clocks(context, move)
    _end_notices(context, move, together)
    event.data = _story_data(context)
    _write_or_gather(context, (event, _heard_outside(context, move)), together, hold)
    if looked is not None:
        keep(db, event, looked)
    return event


def _let_every_rule_pass(context: ActionContext, move: Move) -> None:
    for objection in move.unless:
        if sentence := objection(context):
            raise Refusal(sentence, code=objection.__name__)


def _do(context: ActionContext, move: Move) -> TicketEvent:
    """The new row of the story, what the action writes, and the ticket's next state."""
    event = context.event = _write_event(context, move)
    before = context.ticket.unit_code
    for write in ACTIONS[context.action].writes:
        write(context)
    _move_on(context, move, before)
    return event


def _end_notices(context: ActionContext, move: Move, together: Together | None) -> None:
    """And the look of whoever acts. A new ticket has none yet, nor has one that is written with others."""
    if context.action != Do.SUBMIT and together is None:
        leave(context.db, context.ticket.id, context.actor, context.now)
        end_by_move(context, move.to, [clock for clock in move.stops if clock not in context.keeps])


def _write_or_gather(
    context: ActionContext, story: tuple[TicketEvent, Move], together: Together | None, hold: bool
) -> None:
    """Into the database now, or to those that are written in one go."""
    if together is not None:
        together.stories.append(story)
        together.clocks += context.made
        return
    until = _held_until(context) if hold and undo_of(story[0]) else None
    _write(context.db, context.made, [story], context.now, until)


def lock(db: Session, ticket_id: int) -> Ticket:
    """The ticket, held until the end of the transaction, as it is now. Raises NotFound."""
    found = lock_all(db, [ticket_id])
    if not found:
        raise NotFound(_("没有这张工单。"))
    return found[0]


def lock_all(db: Session, ticket_ids: Collection[int], *loaded: ExecutableOption) -> list[Ticket]:
    """Those of these tickets that there are, the lowest number first, so that two who lock several never wait in a ring.

    loaded: what of them is read in the same go.
    """
    held = select(Ticket).where(Ticket.id.in_(ticket_ids)).order_by(Ticket.id).options(*loaded).with_for_update()
    return list(db.scalars(held.execution_options(populate_existing=True)))


def attempt(db: Session, do: Callable[[], object]) -> Refusal | None:
    """One of several deeds, in a savepoint of its own: None when it is done; refused, it leaves everything as it was."""
    try:
        with db.begin_nested():
            do()
    except Refusal as refusal:
        return refusal
    return None


def may_do(ticket: Ticket, actor: Actor, move: Move) -> bool:
    """Whether this row of the table is for this person, or for this machine."""
    if actor.kind == "machine":
        return roles.machine(actor, ticket, move.action, move.roles)
    actor = actor.doing(f"action:{move.action}")
    return any(may(actor, ticket) for may in move.roles)


def by_name(action: str) -> str:
    """An action that somebody names by an address: one with a button of its own. Rows without one are for the program.

    Raises NotFound for a name that is none, NotAllowed for a quiet row (code: no_button).
    """
    if action not in ACTIONS:
        raise NotFound(_("没有“%(action)s”这个操作。", action=action[:24]), code="no_such_action")
    if ACTIONS[action].mood == "quiet":
        raise NotAllowed(
            _("“%(action)s”不能直接办理，请用页面上的按钮或先提出申请。", action=_(ACTIONS[action].label)),
            code="no_button",
        )
    return action


def possible(ticket: Ticket, actor: Actor) -> list[Move]:
    """The rows whose buttons this person sees on this ticket."""
    return [
        move
        for move in moves_from(ticket.state)
        if ACTIONS[move.action].mood not in ("quiet", "apart") and may_do(ticket, actor, move)
    ]


def _row(ticket: Ticket, action: str, actor: Actor, seen: int | None) -> Move:
    if action not in ACTIONS:
        raise Refusal(_("没有“%(action)s”这个操作。", action=action), code="no_such_action")
    move = find_move(ticket.state, action)
    if move is None or (seen is not None and seen != ticket.move_count and move.to is not None):
        raise OutOfTurn(
            _(
                "这张工单已经变化：现在是“%(state)s”。请再看一眼，您填写的内容还在。",
                state=_(STATES[State(ticket.state)].name),
            )
        )
    return move


def _heard_outside(context: ActionContext, move: Move) -> Move:
    """The row, with the job that tells other platforms where one of them hears of this."""
    heard = platforms.hear_of(
        context.db, context.city, context.ticket, context.action, str(context.answer("body") or "")
    )
    return replace(move, jobs=(*move.jobs, JobName.PUBLISH)) if heard else move


def _write_event(context: ActionContext, move: Move) -> TicketEvent:
    ticket, actor = context.ticket, context.actor
    return TicketEvent(
        ticket_id=ticket.id,
        at=context.now,
        action=context.action,
        from_state=ticket.state,
        to_state=move.to or ticket.state,
        round=ticket.round,
        actor_kind=actor.kind,
        actor_id=actor.id,
        actor_name=actor.name,
        actor_unit=actor.unit_code,
        unit_code=ticket.unit_code,
        data={},
    )


def _move_on(context: ActionContext, move: Move, unit_before: str | None) -> None:
    ticket = context.ticket
    if move.to is not None:
        ticket.state = move.to.value
    if move.to is not None and context.action not in (Do.SUBMIT, *UNDOES):
        ticket.alarm_at = None  # whoever goes on with it looks after the danger
        _note_end(ticket, move.to, context.now)
    if move.to is not None or ticket.unit_code != unit_before:
        ticket.move_count += 1
    if not ACTIONS[context.action].beside:
        ticket.moved_at = context.now


def _note_end(ticket: Ticket, to: State, now: datetime) -> None:
    """An end has its moment, and a way back into life takes it away."""
    if to in ENDED and to is not State.ARCHIVED:
        ticket.closed_at = now
    elif to not in ENDED:
        ticket.closed_at = ticket.close_kind = None


def _held_until(context: ActionContext) -> datetime:
    return context.now + timedelta(seconds=context.city.policy.undo_seconds)


def _write(
    db: Session,
    clocks: Sequence[Deadline],
    stories: Sequence[tuple[TicketEvent, Move]],
    now: datetime,
    at: datetime | None = None,
) -> None:
    """Write the rows, then the jobs: the timeline's row comes first, its number makes each job's key unique."""
    db.add_all((*(event for event, _move in stories), *clocks))
    try:
        db.flush()
    except StaleDataError:
        raise OutOfTurn(_("别人刚刚处理了这张工单，请再看一眼，您填写的内容还在。"), code="overtaken") from None
    _enqueue(db, stories, now, at)


def _enqueue(
    db: Session, stories: Sequence[tuple[TicketEvent, Move]], now: datetime, at: datetime | None = None
) -> None:
    """at: not before this moment, for what a desk may still take back."""
    jobs = [job for event, move in stories for job in _jobs(event, move)]
    outbox.enqueue_first(db, [replace(job, at=at) for job in jobs] if at else jobs, now=now)


def _turn_clocks(context: ActionContext, move: Move) -> None:
    if not (move.stops or move.starts or move.to):
        return
    if move.stops:
        deadlines.stop(context, tuple(clock for clock in move.stops if clock not in context.keeps))
    for clock in move.starts:
        deadlines.start(context, clock)
    show_nearest(context)


def _jobs(event: TicketEvent, move: Move) -> list[outbox.NewJob]:
    told = [
        outbox.NewJob(
            JobName.TELL,
            f"tell:{event.id}:{notice}",
            {"event_id": event.id, "notice": notice},
            ticket_id=event.ticket_id,
        )
        for notice in move.tells
    ]
    asked = [
        outbox.NewJob(job, f"{job}:{event.id}", {"event_id": event.id}, ticket_id=event.ticket_id) for job in move.jobs
    ]
    return told + asked


def _story_data(context: ActionContext) -> dict[str, Any]:
    """The answers and notes as plain JSON values, without personal data: nobody can ever take it out of the story again."""
    fields, named = ACTIONS[context.action].fields, "readers" in context.notes
    passing = {field.name for field in fields if not field.kept}
    answers = {name: value for name, value in context.answers.items() if name not in passing}
    data = json.loads(write_json({**answers, **context.notes}))
    return for_the_timeline(context.ticket, data, fields, context.now, as_told=not named)
