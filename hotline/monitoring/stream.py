"""The stream: every row of history, every turn of a clock and every broken rule, each once, in one order that never changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, exists, func, or_, select, true
from sqlalchemy.orm import Session

from hotline.city.schema import City
from hotline.monitoring.conditions import begins
from hotline.monitoring.history import History, read_histories
from hotline.monitoring.violations import bring_up_to_date
from hotline.tickets.citizens.platforms import deed_of
from hotline.tickets.names import ActionName as Do
from hotline.tickets.names import ClockName, NoticeName
from models import Deadline, Directive, MonitorEntry, MonitorMark, TicketEvent, Violation
from models.store.rows import insert_once

STREAM = "stream"
AT_ONCE = 1000
SETTLES = timedelta(minutes=5)
"""No transaction is under way for longer: what was written before has been committed by then."""

KINDS_OF_ACTS: dict[str, str] = {
    Do.YELLOW_CARD: "card",
    Do.RED_CARD: "card",
    Do.REDO: "send_back",
    Do.OBJECT: "objection",
    Do.UPHOLD: "objection",
    Do.OVERRULE: "objection",
}
PETITIONS = {"extension": "extension", "exclusion": "exclusion"}
RANK = ("act", "clock_set", "clock_met", "clock_late", "clock_ended", "overrun")


@dataclass(frozen=True)
class Happening:
    """One row of the stream before it is written."""

    key: str
    ticket_id: int
    kind: str
    what: str
    at: datetime
    round: int
    unit_code: str | None
    event: TicketEvent | None = None
    staff_id: int | None = None
    due_at: datetime | None = None


def gather(db: Session, city: City, now: datetime, most: int = AT_ONCE) -> list[MonitorEntry]:
    """What has happened since, written at the end of the stream, with the rules it broke. Commits nothing.

    1. Hold the mark: one hand writes, so that whoever reads after an id has missed nothing before it.
    2. Ask for rows of history that are not in the stream, and for clocks and demands that ran out meanwhile.
    3. Read those tickets' histories, bring their broken rules up to date, and write what is not there yet.
    """
    if not city.monitoring.rules:
        return []
    mark = _hold_mark(db)
    ids = {*_acted(db, city, mark, now, most), *_ran_out(db, mark, now)}
    mark.looked_at = now
    settled = _settled(city, now)
    histories = read_histories(db, ids, settled)
    rows = bring_up_to_date(db, city, histories, now)
    since = begins(city) or datetime.min.replace(tzinfo=UTC)
    happened = [one for each in histories for one in happenings(each, now) if since <= one.at <= settled]
    happened += [one for row in rows for one in _of_rule(row)]
    entries = _write(db, happened, {one.ticket.id: one for one in histories}, now)
    _move_mark(db, city, mark, now)
    db.flush()
    return entries


def happenings(history: History, now: datetime) -> Iterator[Happening]:
    """Every act of a ticket and every turn of its clocks so far."""
    for event in history.events:
        kind = PETITIONS.get(str(event.data.get("kind")), "act") if event.action in DECIDING else ""
        kind = kind or KINDS_OF_ACTS.get(event.action, "act")
        yield Happening(
            f"e{event.id}", event.ticket_id, kind, _deed(event), event.at, event.round, event.unit_code, event
        )
    for deadline in history.deadlines:
        yield from _turns(history, deadline, now)


DECIDING = frozenset({NoticeName.PETITION_ASKED, NoticeName.PETITION_DECIDED})


def _deed(event: TicketEvent) -> str:
    """The action; of a petition what is asked for, or what was decided."""
    asked = event.action == NoticeName.PETITION_ASKED
    return (f"{event.data.get('kind')}_asked" if asked else deed_of(event))[:32]


def _turns(history: History, deadline: Deadline, now: datetime) -> Iterator[Happening]:
    """Set, run out, and ended: met, late, or of no account."""
    name, due_at = f"d{deadline.id}", deadline.due_at
    yield _turn(deadline, f"{name}:set", "clock_set", deadline.started_at, deadline.first_due_at)
    if history.late(deadline, now):
        yield _turn(deadline, f"{name}:overrun:{due_at:%Y%m%d%H%M%S}", "overrun", due_at, due_at)
    if deadline.stopped_at is not None:
        kind = {True: "clock_met", False: "clock_late", None: "clock_ended"}[deadline.met]
        yield _turn(deadline, f"{name}:end", kind, deadline.stopped_at, due_at)


def _turn(deadline: Deadline, key: str, kind: str, at: datetime, due_at: datetime) -> Happening:
    return Happening(
        key,
        deadline.ticket_id,
        kind,
        deadline.clock,
        at,
        deadline.round,
        deadline.unit_code,
        due_at=due_at,
    )


def _of_rule(row: Violation) -> Iterator[Happening]:
    facts: dict[str, Any] = {"unit_code": row.unit_code, "staff_id": row.staff_id, "round": 0}
    yield Happening(f"v{row.id}", row.ticket_id, "violation", row.rule, row.at, **facts)
    ended = row.withdrawn_at or row.lapsed_at
    if ended is not None:
        yield Happening(f"v{row.id}:end:{ended:%Y%m%d%H%M%S}", row.ticket_id, "withdrawn", row.rule, ended, **facts)


# --- what is asked of the tables ----------------------------------------------------------------------------------------


def _hold_mark(db: Session) -> MonitorMark:
    insert_once(db, MonitorMark, ["name"], name=STREAM, event_id=0, ahead_id=0)
    return db.get_one(MonitorMark, STREAM, populate_existing=True, with_for_update=True)


def _acted(db: Session, city: City, mark: MonitorMark, now: datetime, most: int) -> Iterable[int]:
    """Tickets with acts that are not in the stream, the oldest first; what a desk may still take back waits."""
    wanted = select(TicketEvent.ticket_id).where(*_unread(city, mark), TicketEvent.at <= _settled(city, now))
    return list(db.scalars(wanted.order_by(TicketEvent.id).limit(most)))


def _unread(city: City, mark: MonitorMark) -> tuple[ColumnElement[bool], ...]:
    known = exists().where(MonitorEntry.event_id == TicketEvent.id)
    since = begins(city)
    counts = TicketEvent.at >= since if since else true()
    return TicketEvent.id > mark.event_id, TicketEvent.to_state != "draft", counts, ~known


def _settled(city: City, now: datetime) -> datetime:
    """What happened before this moment is not taken back any more."""
    return now - timedelta(seconds=city.policy.undo_seconds)


def _ran_out(db: Session, mark: MonitorMark, now: datetime) -> Iterable[int]:
    """Tickets with a clock or a demand whose time ended since the last look."""
    since = (mark.looked_at or now) - SETTLES
    open_then = or_(Deadline.stopped_at.is_(None), Deadline.stopped_at > Deadline.due_at)
    clocks = select(Deadline.ticket_id).where(
        Deadline.clock.in_(list(ClockName)), Deadline.due_at > since, Deadline.due_at < now, open_then
    )
    demands = select(Directive.ticket_id).where(
        Directive.due_at > since, Directive.due_at < now, Directive.state != "closed"
    )
    return [*db.scalars(clocks), *db.scalars(demands)]


def _move_mark(db: Session, city: City, mark: MonitorMark, now: datetime) -> None:
    """Forward only to what had been read through some minutes ago, and never past an act that waits."""
    if mark.ahead_at is None or now - mark.ahead_at >= SETTLES:
        first = db.scalar(select(func.min(TicketEvent.id)).where(*_unread(city, mark)))
        read = first - 1 if first is not None else db.scalar(select(func.max(TicketEvent.id))) or 0
        mark.event_id, mark.ahead_id, mark.ahead_at = mark.ahead_id, read, now


def _write(db: Session, happened: list[Happening], histories: dict[int, History], now: datetime) -> list[MonitorEntry]:
    wanted = select(MonitorEntry.key).where(MonitorEntry.ticket_id.in_(list(histories)))
    known = set(db.scalars(wanted))
    new = sorted((one for one in happened if one.key not in known), key=_order)
    entries = [_entry(one, now) for one in new]
    db.add_all(entries)
    db.flush()
    return entries


def _order(one: Happening) -> tuple[datetime, int, str]:
    rank = RANK.index(one.kind) if one.kind in RANK else 0 if one.event else len(RANK)
    return one.at, rank, one.key


def _entry(one: Happening, now: datetime) -> MonitorEntry:
    event = one.event
    return MonitorEntry(
        key=one.key,
        ticket_id=one.ticket_id,
        kind=one.kind,
        what=one.what,
        at=one.at,
        kept_at=now,
        event_id=event.id if event else None,
        from_state=event.from_state if event else None,
        to_state=event.to_state if event else None,
        round=one.round,
        actor_kind=event.actor_kind if event else None,
        staff_id=event.actor_id if event else one.staff_id,
        unit_code=one.unit_code,
        due_at=one.due_at,
    )
