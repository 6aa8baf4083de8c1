"""Clocks: none is lost, none runs too long, and no pause takes time away."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import exists, func, select

from hotline.i18n import N_
from hotline.simulate.checks.invariant import Seen, holds
from hotline.tickets.bells import BELLS
from hotline.tickets.names import ClockName as Clock
from hotline.tickets.states import ENDED, State
from models import Deadline, Pause, Ticket

AT_WORK = (State.TO_DISPATCH, State.TO_SIGN, State.HANDLING, State.TO_REVIEW, State.IN_OBJECTION)
BESIDE = (Clock.OBJECTION, Clock.ARCHIVE, Clock.WAIT)
SOON = timedelta(minutes=2)
RUNS = Deadline.stopped_at.is_(None)


@holds(N_("结束的工单没有在走的时限（归档除外）"))
def no_clock_runs_after_the_end(seen: Seen) -> Iterable[str]:
    told = select(Ticket.number, Deadline.clock).join(Ticket, Ticket.id == Deadline.ticket_id)
    return seen.rows(told.where(Ticket.state.in_(ENDED), RUNS, Deadline.clock != Clock.ARCHIVE))


@holds(N_("在办的工单都有在走的时限"))
def no_open_ticket_lost_its_clock(seen: Seen) -> Iterable[str]:
    running = exists().where(Deadline.ticket_id == Ticket.id, RUNS)
    return seen.rows(select(Ticket.number, Ticket.state).where(Ticket.state.in_(AT_WORK), ~running))


@holds(N_("办结未归档的工单有归档时限"))
def what_is_closed_will_be_archived(seen: Seen) -> Iterable[str]:
    running = exists().where(Deadline.ticket_id == Ticket.id, RUNS, Deadline.clock == Clock.ARCHIVE)
    mine = Ticket.outer_source.is_(None), Ticket.state == State.CLOSED, ~running
    return seen.rows(select(Ticket.number).where(*mine))


@holds(N_("没有该响而没响的提醒"))
def no_bell_is_late(seen: Seen) -> Iterable[str]:
    return seen.rows(
        select(Deadline.ticket_id, Deadline.clock, Deadline.bell).where(Deadline.ring_at < seen.now - SOON)
    )


@holds(N_("每个提醒只响一次"))
def no_bell_rings_twice(seen: Seen) -> Iterable[str]:
    for clock, bells in BELLS.items():
        extended = exists().where(Ticket.id == Deadline.ticket_id, Ticket.extensions > 0)
        more = Deadline.clock == clock, Deadline.rung > len(bells), ~extended
        yield from seen.rows(select(Deadline.ticket_id, Deadline.clock, Deadline.rung).where(*more))


@holds(N_("停了的时限不再提醒"))
def no_stopped_clock_rings(seen: Seen) -> Iterable[str]:
    stopped = Deadline.stopped_at.is_not(None), Deadline.ring_at.is_not(None)
    return seen.rows(select(Deadline.ticket_id, Deadline.clock).where(*stopped))


@holds(N_("期限不早于它的开始"))
def no_deadline_lies_before_its_start(seen: Seen) -> Iterable[str]:
    early = Deadline.due_at < Deadline.started_at, Deadline.clock != Clock.OUTER
    return seen.rows(select(Deadline.ticket_id, Deadline.clock).where(*early))


@holds(N_("暂停没有让期限提前"))
def no_pause_moved_a_deadline_earlier(seen: Seen) -> Iterable[str]:
    told = select(Deadline.ticket_id, Deadline.clock).join(Pause, Pause.deadline_id == Deadline.id)
    return seen.rows(told.where(Pause.ended_at.is_not(None), Deadline.due_at < Deadline.first_due_at))


@holds(N_("暂停有头有尾，不倒着走"))
def every_pause_ends_with_its_clock(seen: Seen) -> Iterable[str]:
    told = select(Deadline.ticket_id, Pause.id).join(Deadline, Deadline.id == Pause.deadline_id)
    open_ = Pause.ended_at.is_(None) & Deadline.stopped_at.is_not(None)
    return seen.rows(told.where(open_ | (Pause.ended_at < Pause.started_at)))


@holds(N_("按时还是超时，和时间相符"))
def in_time_means_in_time(seen: Seen) -> Iterable[str]:
    late = Deadline.met.is_(True) & (Deadline.stopped_at > Deadline.due_at)
    early = Deadline.met.is_(False) & (Deadline.stopped_at <= Deadline.due_at)
    return seen.rows(select(Deadline.ticket_id, Deadline.clock).where(late | early))


@holds(N_("工单上显示的期限是最近的那个"))
def the_nearest_deadline_is_shown(seen: Seen) -> Iterable[str]:
    nearest = (
        select(Deadline.ticket_id, func.min(Deadline.due_at).label("due_at"))
        .where(RUNS, Deadline.clock.not_in(BESIDE))
        .group_by(Deadline.ticket_id)
        .subquery()
    )
    told = select(Ticket.number, Ticket.due_at, nearest.c.due_at).join(nearest, nearest.c.ticket_id == Ticket.id)
    at_work = Ticket.state.in_(AT_WORK), Ticket.asking_more.is_(False)
    return seen.rows(told.where(*at_work, (Ticket.due_at != nearest.c.due_at) | Ticket.due_at.is_(None)))
