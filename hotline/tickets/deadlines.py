"""The clocks of a ticket: start, stop, pause, extend, and ring each bell once."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from hotline import outbox
from hotline.city.schema import City
from hotline.tickets.scene import Scene
from models import Deadline, Pause
from models.db import changed
from routing.limits import Span, bells, due

KEEPS_RUNNING = frozenset({"contact", "reply"})
"""Clocks that are the citizen's: they start at the first dispatch and no return to the desk starts them anew."""

JUDGED_AT_END = frozenset({"dispatch", "ruling", "review", "answer"})
"""Clocks that an ending meets (or misses); the others are cancelled when a ticket ends."""

BELLS: dict[str, tuple[str, ...]] = {
    "dispatch": ("half", "due", "red"), "sign": ("most", "due"), "contact": ("most", "due"), "objection": (),
    "ruling": ("most", "due", "red"), "reply": ("half", "most", "yellow", "due", "red"), "feedback": ("due",),
    "review": ("most", "due", "red"), "redo": ("half", "most", "yellow", "due", "red"), "answer": ("remind", "due"),
    "outer": ("half", "most", "yellow", "due", "red"), "wait": ("due",), "archive": ("due",),
}
"""Which bells each clock has, in order; `remind` is the survey's reminder, the others are warn points."""


def start(scene: Scene, clock: str) -> Deadline | None:
    """Start one clock of the ticket's round, unless it is the citizen's and already runs (or ran) in this round.

    Returns None when the city sets no limit for it.
    """
    if clock in KEEPS_RUNNING and _in_round(scene, clock):
        return None
    limit, due_at = _limit_and_due(scene, clock)
    if due_at is None:
        return None
    deadline = Deadline(
        ticket=scene.ticket, clock=clock, round=scene.ticket.round, unit_code=scene.ticket.unit_code, limit=limit,
        started_at=scene.now, due_at=due_at, first_due_at=due_at, release=scene.city.release,
    )
    _set_next_bell(deadline, scene.city)
    scene.db.add(deadline)
    running_in(scene).append(deadline)
    return deadline


def stop(scene: Scene, clocks: tuple[str, ...]) -> None:
    """Stop these clocks (or "all"): met when stopped in time; at an ending the unit's own clocks are cancelled."""
    ending = "all" in clocks
    for deadline in [d for d in running_in(scene) if ending or d.clock in clocks]:
        judged = not ending or deadline.clock in JUDGED_AT_END
        deadline.stopped_at = scene.now
        deadline.met = scene.now <= deadline.due_at if judged else None
        deadline.end_reason = scene.action[:16]
        deadline.ring_at = deadline.bell = None
    scene.clocks = [d for d in running_in(scene) if d.stopped_at is None]


def running_in(scene: Scene) -> list[Deadline]:
    """The scene's running clocks; a ticket that is not in the database yet has none there."""
    if scene.clocks is None:
        scene.clocks = [] if scene.ticket in scene.db.new else running(scene.db, scene.ticket.id)
    return scene.clocks


def running(db: Session, ticket_id: int) -> list[Deadline]:
    found = select(Deadline).where(Deadline.ticket_id == ticket_id, Deadline.stopped_at.is_(None)).order_by(Deadline.id)
    return list(db.scalars(found))


def show_nearest(scene: Scene) -> None:
    """Keep on the ticket's own row the deadline that lists sort by: the earliest of its clocks.

    A ticket without a running clock keeps its last one: lists page by this column, so it is never empty again.
    """
    due_moments = [d.due_at for d in running_in(scene) if d.clock not in ("objection", "archive", "wait")]
    paused = scene.ticket.state == "waiting"
    nearest = scene.ticket.wait_until if paused else min(due_moments, default=None)
    scene.ticket.due_at = nearest or scene.ticket.due_at or scene.now


def pause(scene: Scene, clocks: tuple[str, ...], reason: str) -> None:
    """Stop the hands, not the clock: the interval is kept with its reason."""
    for deadline in running_in(scene):
        if deadline.clock in clocks and not _open_pause(scene.db, deadline.id):
            scene.db.add(Pause(deadline_id=deadline.id, reason=reason[:64], started_at=scene.now))
            deadline.ring_at = deadline.bell = None


def resume(scene: Scene, clocks: tuple[str, ...]) -> None:
    """End the pauses and move the due moments on by the working or natural time that was paused."""
    for deadline in running_in(scene):
        held = _open_pause(scene.db, deadline.id) if deadline.clock in clocks else None
        if held is None:
            continue
        held.ended_at = scene.now
        deadline.due_at = _moved_on(scene.city, deadline, held.started_at, scene.now)
        _set_next_bell(deadline, scene.city)


def extend(scene: Scene, clocks: tuple[str, ...], span: Span) -> datetime | None:
    """Give the running clocks more time, counted from the moment they would have been due."""
    latest: datetime | None = None
    for deadline in running_in(scene):
        if deadline.clock in clocks:
            deadline.due_at = latest = due(scene.city.calendar, max(deadline.due_at, scene.now), span)
            _set_next_bell(deadline, scene.city)
    return latest


def ring(db: Session, city: City, now: datetime, most: int = 500) -> int:
    """Ring every bell that is due, once each, and promise what it calls for. Returns how many rang.

    1. Ask the index which deadlines want to ring.
    2. Claim each with one compare-and-set UPDATE to its next bell: of two clocks, one wins.
    3. Promise the bell's work under a key that can exist only once.
    """
    wanting = db.scalars(select(Deadline).where(Deadline.ring_at <= now).order_by(Deadline.ring_at).limit(most)).all()
    rang = 0
    for deadline in wanting:
        bell, at = deadline.bell, deadline.ring_at
        next_at, next_bell = _bell_after(deadline, city)
        still_its_turn = (Deadline.id == deadline.id, Deadline.ring_at == at, Deadline.bell == bell)
        if changed(db, update(Deadline).where(*still_its_turn).values(
                ring_at=next_at, bell=next_bell, rung=Deadline.rung + 1)) == 1:
            outbox.promise(db, "bell", key=f"bell:{deadline.id}:{bell}:{deadline.rung}", now=now,
                           ticket_id=deadline.ticket_id, deadline_id=deadline.id, bell=bell)
            rang += 1
        db.expire(deadline)
    return rang


def expected_due(db: Session, city: City, deadline: Deadline) -> datetime:
    """The due moment by the calendar in force now, from the start, the limit and the pauses; for the daily self-check.

    Extensions and outer dates are facts of their own: such deadlines are returned as they are.
    """
    span = _span(deadline)
    if span is None or (deadline.due_at != deadline.first_due_at and not _pauses(db, deadline)):
        return deadline.due_at
    moment = due(city.calendar, deadline.started_at, span)
    for held in _pauses(db, deadline):
        moment += (held.ended_at or held.started_at) - held.started_at
    return moment


def move_due(city: City, deadline: Deadline, due_at: datetime) -> None:
    """Set a recomputed due moment; bells already rung do not ring again."""
    deadline.due_at = deadline.first_due_at = due_at
    _set_next_bell(deadline, city)


def _pauses(db: Session, deadline: Deadline) -> list[Pause]:
    return list(db.scalars(select(Pause).where(Pause.deadline_id == deadline.id, Pause.ended_at.is_not(None))))


def _limit_and_due(scene: Scene, clock: str) -> tuple[str, datetime | None]:
    ticket, city = scene.ticket, scene.city
    if clock == "outer":
        return "outer", ticket.outer_due_at
    if clock == "wait":
        return "date", ticket.wait_until
    first = city.limits.span("reply", ticket.request_type, ticket.urgency, 1)
    span = city.limits.span(clock, ticket.request_type, ticket.urgency, ticket.round, first)
    if span is None:
        return "", None
    starts_at = city.limits.starts_at(city.calendar, clock, ticket.urgency, scene.now)
    return str(span), due(city.calendar, starts_at, span)


def _in_round(scene: Scene, clock: str) -> bool:
    return any(d.clock == clock and d.round == scene.ticket.round for d in running_in(scene))


def _open_pause(db: Session, deadline_id: int) -> Pause | None:
    return db.scalar(select(Pause).where(Pause.deadline_id == deadline_id, Pause.ended_at.is_(None)).limit(1))


def _moved_on(city: City, deadline: Deadline, paused_at: datetime, resumed_at: datetime) -> datetime:
    span = _span(deadline)
    if span is None:
        return deadline.due_at
    if span.working:
        left = city.calendar.working_time_between(paused_at, deadline.due_at)
        return city.calendar.add(resumed_at, Span(max(left.total_seconds(), 0) / 3600, "wh"))
    return resumed_at + max(deadline.due_at - paused_at, timedelta(0))


def _span(deadline: Deadline) -> Span | None:
    """The limit as a span; None for deadlines that were given as a date."""
    return None if deadline.limit in ("outer", "date") else Span.parse(deadline.limit)


def _moments(deadline: Deadline, city: City) -> list[tuple[datetime, str]]:
    """Every bell of this deadline in the order in which it rings."""
    wanted = BELLS[deadline.clock]
    all_bells = bells(city.calendar, deadline.started_at, deadline.due_at, _span(deadline))
    moments = [(at, bell) for at, bell in all_bells if bell in wanted]
    if "remind" in wanted:
        moments.append((deadline.started_at + timedelta(hours=city.policy.reminder_after_hours), "remind"))
    order = {bell: n for n, bell in enumerate(wanted)}
    return sorted(moments, key=lambda m: (m[0], order[m[1]]))


def _set_next_bell(deadline: Deadline, city: City) -> None:
    """The next bell is the first one that has not rung yet (a count, since each rings once)."""
    left = _moments(deadline, city)[deadline.rung or 0:]
    deadline.ring_at, deadline.bell = left[0] if left else (None, None)


def _bell_after(deadline: Deadline, city: City) -> tuple[datetime | None, str | None]:
    left = _moments(deadline, city)[deadline.rung + 1:]
    return left[0] if left else (None, None)


