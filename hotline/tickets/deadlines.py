"""The clocks of a ticket: start, stop, pause, extend, and ring each bell once."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.city.schema import City
from hotline.i18n import _
from hotline.tickets.bells import moments, set_next_bell, soon_at, span_of
from hotline.tickets.context import ActionContext
from hotline.tickets.names import ActionName as Do
from hotline.tickets.names import ClockName as Clock
from hotline.tickets.states import State
from models import Deadline, Pause, Ticket
from routing.limits import Span, due

KEEPS_RUNNING = frozenset({Clock.CONTACT, Clock.REPLY})
"""Clocks that are the citizen's: they start at the first dispatch and no return to the desk starts them anew."""

WORK = (Clock.REPLY, Clock.REDO)
"""The clocks of the unit's own work; those are extended, and those give cards."""

ONE_AT_A_TIME = frozenset({Clock.JUDGE})
"""Clocks of a desk's work: a second matter for the same judgement does not give it more time."""

MET_BY: dict[str, frozenset[str]] = {
    Clock.DISPATCH: frozenset({Do.DISPATCH, Do.RULE, Do.ANSWER_DIRECTLY, Do.DECLINE, Do.TRANSFER_OUT, Do.MERGE}),
    Clock.SIGN: frozenset({Do.SIGN, Do.AUTO_SIGN}),
    Clock.CONTACT: frozenset({Do.CONTACT, Do.REPLY}),
    Clock.REPLY: frozenset({Do.REPLY}),
    Clock.REDO: frozenset({Do.REPLY}),
    Clock.FEEDBACK: frozenset({Do.INTERIM, Do.REPLY}),
    Clock.RULING: frozenset({Do.UPHOLD, Do.OVERRULE, Do.MARK_HARD, Do.RULE, Do.ANSWER_DIRECTLY, Do.DECLINE}),
    Clock.REVIEW: frozenset({Do.PASS, Do.REDO}),
    Clock.JUDGE: frozenset(
        {
            Do.CLOSE_JUDGED,
            Do.REDO,
            Do.READ_DOUBT,
            Do.RECORD,
            Do.NOTE_SATISFIED,
            Do.NOTE_PARTLY,
            Do.NOTE_DISSATISFIED,
            Do.MERGED_SATISFIED,
        }
    ),
}
"""The deeds a clock waits for. Ended in time by anything else (an objection, a recall, a withdrawal), it is cancelled and
counts for nobody; what was late by then stays late. Clocks that are not named are met by whatever ends them."""

FOLLOWS_FACTS = frozenset(Clock) - {Clock.ANSWER, Clock.JUDGE, Clock.OUTER, Clock.WAIT, Clock.ARCHIVE}


BESIDE_THE_WORK = (Clock.OBJECTION, Clock.ARCHIVE, Clock.WAIT, Clock.ANSWER)
"""Clocks by whose end nobody at a desk must have done something."""


def start(context: ActionContext, clock: Clock) -> Deadline | None:
    """Start one clock of the ticket's round, unless it is the citizen's and already runs (or ran) in this round.

    Returns None when the city sets no limit for it.
    """
    if clock in KEEPS_RUNNING and _keeps_running(context, clock):
        return None
    if clock in ONE_AT_A_TIME and any(running.clock == clock for running in running_in(context)):
        return None
    limit, due_at = _limit_and_due(context, clock)
    if due_at is None:
        return None
    deadline = _new(context, clock, limit, due_at)
    set_next_bell(deadline, context.city)
    return deadline


def stop(context: ActionContext, clocks: Collection[str]) -> None:
    """Stop these clocks, paused ones with what they had left; whether they are met, `MET_BY` says."""
    for deadline in [d for d in running_in(context) if d.clock in clocks]:
        _end_pause(context, deadline)
        deadline.stopped_at = context.now
        deadline.met = _met(deadline, context.action) if context.now <= deadline.due_at else False
        deadline.end_reason = context.action[:16]
        deadline.ring_at = deadline.bell = None
    context.clocks = [d for d in running_in(context) if d.stopped_at is None]


def running_in(context: ActionContext) -> list[Deadline]:
    """The scene's running clocks; a ticket that is not in the database yet has none there."""
    if context.clocks is None:
        context.clocks = [] if context.ticket not in context.db else running(context.db, context.ticket.id)
    return context.clocks


def running(db: Session, ticket_id: int) -> list[Deadline]:
    found = select(Deadline).where(Deadline.ticket_id == ticket_id, Deadline.stopped_at.is_(None)).order_by(Deadline.id)
    return list(db.scalars(found))


def nearest(context: ActionContext) -> tuple[datetime | None, Clock, datetime] | None:
    """The end, the name and the start of the clock that ends first; None when nothing runs.

    Of a paused ticket it is the agreed day, unless a clock that does not stand still is over before: a pause hides nothing.
    """
    held = [d for d in running_in(context) if d.clock not in (Clock.OBJECTION, Clock.ARCHIVE, Clock.WAIT)]
    if (until := context.ticket.wait_until) and (context.ticket.state == "waiting" or context.ticket.asking_more):
        held = [d for d in held if d.due_at < until and not _stands(context, d)]
        if not held:
            return until, Clock.WAIT, context.now
    if not held:
        return None
    first = min(held, key=lambda d: (d.due_at, d.started_at))
    return first.due_at, Clock(first.clock), first.started_at


def pause(context: ActionContext, clocks: tuple[Clock, ...], reason: str) -> None:
    """Stop the hands, not the clock: the interval is kept with its reason."""
    for deadline in running_in(context):
        if deadline.clock in clocks and not _open_pause(context.db, deadline.id):
            context.db.add(Pause(deadline_id=deadline.id, reason=reason[:64], started_at=context.now))
            deadline.ring_at = deadline.bell = None


def resume(context: ActionContext, clocks: tuple[Clock, ...]) -> None:
    """End the pauses and move the due moments on by the working or natural time that was paused."""
    for deadline in running_in(context):
        if deadline.clock in clocks:
            _end_pause(context, deadline)


def extend(context: ActionContext, clocks: tuple[Clock, ...], span: Span) -> datetime | None:
    """Give the running clocks more time, counted from the moment they would have been due; bells to come ring (again)."""
    latest: datetime | None = None
    for deadline in running_in(context):
        if deadline.clock in clocks:
            deadline.due_at = latest = due(context.city.calendar, max(deadline.due_at, context.now), span)
            _ring_anew(context, deadline)
    return latest


def follow_facts(context: ActionContext) -> None:
    """Running clocks follow corrected facts: a tighter limit counts from now at the latest, a wider one from the start.

    What was extended by a decision stays as it was decided.
    """
    for deadline in running_in(context):
        extended = context.ticket.extensions and deadline.clock in WORK
        if deadline.clock in FOLLOWS_FACTS and not extended:
            _follow(context, deadline)


def another_is_nearer(db: Session, deadline: Deadline, now: datetime) -> bool:
    """Of a ticket's clocks the nearest gives the early warnings: whoever works for that one has the ticket before them."""
    mine = (deadline.due_at, deadline.id)
    return any(
        d.ring_at is not None and now < d.due_at and (d.due_at, d.id) < mine
        for d in running(db, deadline.ticket_id)
        if d.clock not in BESIDE_THE_WORK
    )


def bring_outer(context: ActionContext, due_at: datetime) -> None:
    """A merged ticket brings its outer platform's date: on the master the earliest of them rings."""
    held = next((d for d in running_in(context) if d.clock == Clock.OUTER), None)
    move_outer(context, due_at if held is None else min(held.due_at, due_at))


def move_outer(context: ActionContext, due_at: datetime) -> None:
    """The outer platform's date is this one now."""
    held = next((d for d in running_in(context) if d.clock == Clock.OUTER), None)
    if held is None:
        held = _new(context, Clock.OUTER, "outer", due_at)
    held.due_at = due_at
    held.rung = 0
    set_next_bell(held, context.city)


def expected_due(db: Session, city: City, deadline: Deadline) -> datetime:
    """The due moment by the calendar in force now, from the start, the limit and the pauses; for the daily self-check.

    Extensions and outer dates are facts of their own: such deadlines are returned as they are.
    """
    span = span_of(deadline)
    if span is None or (deadline.due_at != deadline.first_due_at and not _pauses(db, deadline)):
        return deadline.due_at
    moment = due(city.calendar, deadline.started_at, span)
    for held in _pauses(db, deadline):
        moment = _moved_on(city, span, moment, held)
    return moment


def counts_from(city: City, ticket: Ticket, deadline: Deadline) -> datetime | None:
    """The opening from which the time is counted when the clock started outside working time; None when it counts at once."""
    span = span_of(deadline)
    if span is None:
        return None
    opening = city.calendar.opening(deadline.started_at)
    deferred = city.limits.starts_at(city.calendar, deadline.clock, ticket.urgency, deadline.started_at)
    begins = opening if span.working else deferred
    return begins if begins > deadline.started_at else None


def move_due(city: City, deadline: Deadline, due_at: datetime) -> None:
    """Set a recomputed due moment; bells already rung do not ring again, and a paused clock stays silent."""
    deadline.due_at = deadline.first_due_at = due_at
    deadline.soon_at = soon_at(deadline, city)
    if deadline.ring_at is not None:
        set_next_bell(deadline, city)


def _pauses(db: Session, deadline: Deadline) -> list[Pause]:
    return list(
        db.scalars(
            select(Pause).where(Pause.deadline_id == deadline.id, Pause.ended_at.is_not(None)).order_by(Pause.id)
        )
    )


def _new(context: ActionContext, clock: str, limit: str, due_at: datetime) -> Deadline:
    deadline = Deadline(
        ticket_id=context.ticket.id,
        clock=clock,
        round=context.ticket.round,
        unit_code=context.ticket.unit_code,
        limit=limit,
        started_at=context.now,
        due_at=due_at,
        first_due_at=due_at,
        release=context.city.release,
    )
    context.made.append(deadline)
    running_in(context).append(deadline)
    return deadline


def _limit_and_due(context: ActionContext, clock: Clock) -> tuple[str, datetime | None]:
    ticket, city = context.ticket, context.city
    if clock == Clock.OUTER:
        history = context.action != Do.SUBMIT and ticket.outer_due_at is not None and ticket.outer_due_at < context.now
        return "outer", None if history else ticket.outer_due_at
    if clock == Clock.WAIT:
        return "date", ticket.wait_until
    span = _limit(context, clock)
    if span is None:
        return "", None
    starts_at = city.limits.starts_at(city.calendar, clock, ticket.urgency, context.now)
    return str(span), due(city.calendar, starts_at, span)


def _keeps_running(context: ActionContext, clock: str) -> bool:
    """The citizen's clock runs (or was met) in this round; while it runs, the unit now in charge answers for it."""
    held = next((d for d in running_in(context) if d.clock == clock and d.round == context.ticket.round), None)
    if held is not None:
        held.unit_code = context.ticket.unit_code
        return True
    if context.ticket.dispatched_at == context.now:
        return False
    ran = select(Deadline.id).where(
        Deadline.ticket_id == context.ticket.id, Deadline.clock == clock, Deadline.round == context.ticket.round
    )
    return context.db.scalar(ran.limit(1)) is not None


def _met(deadline: Deadline, action: str) -> bool | None:
    return True if action in MET_BY.get(deadline.clock, {action}) else None


def _follow(context: ActionContext, deadline: Deadline) -> None:
    ticket, city = context.ticket, context.city
    span, old = _limit(context, deadline.clock), span_of(deadline)
    if span is None or old is None or str(span) == deadline.limit:
        return
    tighter = span.natural < old.natural
    starts_at = city.limits.starts_at(
        city.calendar, deadline.clock, ticket.urgency, context.now if tighter else deadline.started_at
    )
    moment = due(city.calendar, starts_at, span)
    if not tighter:
        for held in _pauses(context.db, deadline):
            moment = _moved_on(city, span, moment, held)
    deadline.limit = str(span)
    deadline.due_at = min(deadline.due_at, moment) if tighter else moment
    _ring_anew(context, deadline)


def _limit(context: ActionContext, clock: str) -> Span | None:
    ticket, limits = context.ticket, context.city.limits
    first = limits.span(Clock.REPLY, ticket.request_type, ticket.urgency, 1)
    return limits.span(clock, ticket.request_type, ticket.urgency, ticket.round, first)


def _open_pause(db: Session, deadline_id: int) -> Pause | None:
    return db.scalar(select(Pause).where(Pause.deadline_id == deadline_id, Pause.ended_at.is_(None)).limit(1))


def _stands(context: ActionContext, deadline: Deadline) -> bool:
    """It is paused, and was not late before that."""
    held = _open_pause(context.db, deadline.id)
    return held is not None and held.started_at < deadline.due_at


def _end_pause(context: ActionContext, deadline: Deadline) -> None:
    """A paused clock has no bell; its hands move on from where they stood."""
    held = _open_pause(context.db, deadline.id) if deadline.ring_at is None else None
    if held is None:
        return
    held.ended_at = context.now
    if (span := span_of(deadline)) is not None:
        deadline.due_at = _moved_on(context.city, span, deadline.due_at, held)
    set_next_bell(deadline, context.city)


def _moved_on(city: City, span: Span, due_at: datetime, held: Pause) -> datetime:
    """The due moment after an ended pause: what was left when it began is left when it ends, working time as working time.

    What was late already when the pause began stays late. A pause never moves a deadline to an earlier moment: time given
    in working days may end on an opening, what is left of it in working hours on the closing before.
    """
    ended_at = held.ended_at or held.started_at
    if due_at <= held.started_at:
        return due_at
    if span.working:
        left = city.calendar.working_time_between(held.started_at, due_at)
        return max(due_at, city.calendar.add(ended_at, Span(left.total_seconds() / 3600, "wh")))
    return ended_at + (due_at - held.started_at)


def _ring_anew(context: ActionContext, deadline: Deadline) -> None:
    """After a changed due moment the bells still to come ring, also those that rang for the old one; a paused clock is silent."""
    if deadline.ring_at is None and _open_pause(context.db, deadline.id):
        return
    deadline.rung = sum(at <= context.now for at, _bell in moments(deadline, context.city))
    set_next_bell(deadline, context.city)


# --- what stands in the way of an extension ---------------------------------------------------------------------------


def too_many_extensions(context: ActionContext) -> str | None:
    most = context.city.policy.max_extensions
    if context.ticket.extensions >= most:
        return _("已延期 %(times)d 次，达到上限，不能再申请延期。", times=context.ticket.extensions)
    return None


def no_clock_to_extend(context: ActionContext) -> str | None:
    held = [d for d in running(context.db, context.ticket.id) if d.clock in WORK]
    if not held:
        return _("现在没有正在计时的办理期限，不需要延期。")
    if context.ticket.state != State.WAITING and context.now > min(d.due_at for d in held):
        return _("办理期限已过，不能再申请延期，请尽快答复。")
    return None


def longer_than_allowed(context: ActionContext) -> str | None:
    most, days = context.city.policy.extension_days, context.answer("days")
    if days is None or 1 <= days <= most:
        return None
    return _("一次最多延长 %(most)d 个工作日。", most=most)


def own_wait_ends(city: City, now: datetime) -> date:
    """The last day until which a unit may stop its own clock; for longer somebody else decides."""
    return city.calendar.day_of(city.calendar.add(now, Span(city.policy.wait_days, "wd")))
