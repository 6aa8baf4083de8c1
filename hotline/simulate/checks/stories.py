"""Tickets and their stories: what happened is a whole, in order, and by the table of the life cycle."""

from __future__ import annotations

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from sqlalchemy import case, exists, func, select

from hotline.i18n import N_
from hotline.simulate.checks.invariant import Seen, holds
from hotline.tickets.lifecycle import MOVES
from hotline.tickets.states import ENDED, FINISHED
from models import Reply, Review, Ticket, TicketEvent, TicketText

UNITS_ENDS = ("rated", "not_rated", "judged")
"""Ways of closing behind which a unit's reply stands."""


@holds(N_("每张工单都有正文"))
def every_ticket_has_its_words(seen: Seen) -> Iterable[str]:
    return seen.rows(select(Ticket.number).join(TicketText, isouter=True).where(TicketText.ticket_id.is_(None)))


@holds(N_("工单所在的状态就是经过里最后一步到的状态"))
def the_state_is_what_the_story_says(seen: Seen) -> Iterable[str]:
    last = select(func.max(TicketEvent.id)).group_by(TicketEvent.ticket_id)
    told = select(Ticket.number, Ticket.state, TicketEvent.to_state).join(
        TicketEvent, TicketEvent.ticket_id == Ticket.id
    )
    return seen.rows(told.where(TicketEvent.id.in_(last), TicketEvent.to_state != Ticket.state))


@holds(N_("经过前后相接，没有断开"))
def no_story_has_a_gap(seen: Seen) -> Iterable[str]:
    before = func.lag(TicketEvent.to_state).over(partition_by=TicketEvent.ticket_id, order_by=TicketEvent.id)
    told = select(TicketEvent.id, TicketEvent.ticket_id, TicketEvent.from_state, before.label("before")).subquery()
    gap = told.c.before.is_not(None) & (told.c.before != told.c.from_state)
    return seen.rows(select(told.c.ticket_id, told.c.id).where(gap))


@holds(N_("每一步都是流程表里的一行"))
def every_step_is_a_row_of_the_table(seen: Seen) -> Iterable[str]:
    lawful = {(move.action, state, move.to or state) for move in MOVES for state in move.at}
    steps = select(TicketEvent.action, TicketEvent.from_state, TicketEvent.to_state).distinct()
    for action, begins, ends in seen.db.execute(steps):
        if (action, begins, ends) not in lawful and not action.startswith("petition_"):
            yield f"{action} {begins}→{ends}"


@holds(N_("没有两张工单同号"))
def no_number_is_given_twice(seen: Seen) -> Iterable[str]:
    return seen.rows(select(Ticket.number).group_by(Ticket.number).having(func.count() > 1))


@holds(N_("工单号里的日期是来件那天"))
def a_number_tells_its_day(seen: Seen) -> Iterable[str]:
    zone = ZoneInfo(seen.city.timezone)
    for number, created in seen.db.execute(
        select(Ticket.number, Ticket.created_at).where(Ticket.outer_number.is_(None))
    ):
        if number[:6] != f"{created.astimezone(zone):%y%m%d}":
            yield number


@holds(N_("经过按时间往后走"))
def no_story_runs_backwards(seen: Seen) -> Iterable[str]:
    before = func.lag(TicketEvent.at).over(partition_by=TicketEvent.ticket_id, order_by=TicketEvent.id)
    told = select(TicketEvent.id, TicketEvent.ticket_id, TicketEvent.at, before.label("before")).subquery()
    return seen.rows(select(told.c.ticket_id, told.c.id).where(told.c.before > told.c.at))


@holds(N_("来件之前什么也没有发生，将来的事还没有发生"))
def nothing_happens_before_the_contact_or_after_now(seen: Seen) -> Iterable[str]:
    told = select(Ticket.number, TicketEvent.id).join(Ticket, Ticket.id == TicketEvent.ticket_id)
    return seen.rows(told.where((TicketEvent.at < Ticket.created_at) | (TicketEvent.at > seen.now)))


@holds(N_("办结的有办结时间，没办结的没有"))
def an_end_has_its_moment(seen: Seen) -> Iterable[str]:
    ended = Ticket.state.in_(ENDED)
    wrong = (ended & Ticket.closed_at.is_(None)) | (~ended & Ticket.closed_at.is_not(None))
    return seen.rows(select(Ticket.number, Ticket.state).where(wrong))


@holds(N_("由单位办结的，都有审核通过的答复"))
def what_a_unit_closed_has_a_passed_reply(seen: Seen) -> Iterable[str]:
    passed = exists().where(Review.ticket_id == Ticket.id, Reply.id == Review.reply_id, Review.verdict == "pass")
    closed = Ticket.state.in_(FINISHED), Ticket.close_kind.in_(UNITS_ENDS), ~passed
    return seen.rows(select(Ticket.number, Ticket.close_kind).where(*closed))


@holds(N_("没有答复就结束的，经过里有合法的理由"))
def what_ended_without_a_reply_has_a_lawful_step(seen: Seen) -> Iterable[str]:
    lawful = {move.action for move in MOVES if move.to in ENDED}
    step = exists().where(TicketEvent.ticket_id == Ticket.id, TicketEvent.action.in_(lawful))
    return seen.rows(select(Ticket.number, Ticket.state).where(Ticket.state.in_(ENDED), ~step))


@holds(N_("合并的工单有主工单，主工单不是自己"))
def what_is_merged_has_a_master(seen: Seen) -> Iterable[str]:
    alone = Ticket.merged_into_id.is_(None) | (Ticket.merged_into_id == Ticket.id)
    return seen.rows(select(Ticket.number).where(Ticket.state == "merged", alone))


@holds(N_("轮次等于重办的次数加一"))
def a_round_is_a_redo(seen: Seen) -> Iterable[str]:
    redo = func.sum(case((TicketEvent.action == "redo", 1), else_=0))
    told = select(Ticket.number, Ticket.round).join(TicketEvent, TicketEvent.ticket_id == Ticket.id)
    return seen.rows(told.group_by(Ticket.id, Ticket.number, Ticket.round).having(Ticket.round != redo + 1))
