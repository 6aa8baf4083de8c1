"""Sums that must come out the same from two sides, jobs that are done, seals that are whole."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, exists, func, select

from hotline.i18n import N_
from hotline.simulate.checks.invariant import Seen, holds
from hotline.tickets.seals import seal_files
from hotline.tickets.search import full_text
from models import Call, Job, Proposal, Reply, Review, Survey, Ticket, TicketEvent, Unit
from models.job import given_up, late

AT_ONCE = 5_000


@holds(N_("每个待办任务都做完了"))
def every_job_is_done(seen: Seen) -> Iterable[str]:
    return seen.rows(select(Job.name, Job.key).where(late(seen.now)))


@holds(N_("没有放弃的任务"))
def no_job_was_given_up(seen: Seen) -> Iterable[str]:
    return seen.rows(select(Job.name, Job.key).where(given_up()))


@holds(N_("建议派往的单位都存在"))
def every_proposed_unit_exists(seen: Seen) -> Iterable[str]:
    told = select(Proposal.ticket_id, Proposal.unit_code).where(Proposal.unit_code.is_not(None))
    return seen.rows(told.where(Proposal.unit_code.not_in(select(Unit.code))))


@holds(N_("提交的工单都有派单建议"))
def every_submitted_ticket_has_a_proposal(seen: Seen) -> Iterable[str]:
    proposed = exists().where(Proposal.ticket_id == Ticket.id)
    own = Ticket.submitted_at.is_not(None), Ticket.outer_source.is_(None), Ticket.split_from_id.is_(None)
    return seen.rows(select(Ticket.number).where(*own, ~proposed))


@holds(N_("提交的次数等于受理的工单数"))
def what_was_handed_in_adds_up(seen: Seen) -> Iterable[str]:
    return _same(
        seen, _many(TicketEvent.action == "submit"), select(func.count()).where(Ticket.submitted_at.is_not(None))
    )


@holds(N_("经过里的答复等于答复表里的答复"))
def replies_add_up(seen: Seen) -> Iterable[str]:
    kept = select(func.count()).where(Reply.kind == "final", Reply.ticket_id.in_(_here()))
    return _same(seen, _many(TicketEvent.action == "reply"), kept)


@holds(N_("经过里的审核等于审核表里的审核"))
def reviews_add_up(seen: Seen) -> Iterable[str]:
    """Whoever has it done again has judged the reply: a reviewer, a follow-up agent, a supervisor."""
    return _same(seen, _many(TicketEvent.action.in_(("pass", "redo"))), select(func.count()).select_from(Review))


@holds(N_("答了的回访都有结果，没答的没有"))
def every_answer_has_its_outcome(seen: Seen) -> Iterable[str]:
    mute = Survey.answered_at.is_not(None) & (Survey.outcome == "asked")
    return seen.rows(select(Survey.ticket_id, Survey.outcome).where(mute))


@holds(N_("电话和工单互相认得"))
def calls_and_tickets_know_each_other(seen: Seen) -> Iterable[str]:
    told = select(Ticket.number, Call.id).join(Call, Call.id == Ticket.call_id)
    return seen.rows(told.where((Call.ticket_id != Ticket.id) | Call.ticket_id.is_(None)))


@holds(N_("没有一直响着的电话"))
def every_call_is_over(seen: Seen) -> Iterable[str]:
    open_ = Call.state.in_(("ringing", "answered")), Call.ended_at.is_(None), Call.started_at < seen.now
    return seen.rows(select(Call.id, Call.state).where(*open_))


@holds(N_("封条完好"))
def seals_are_whole(seen: Seen) -> Iterable[str]:
    return iter(seal_files.verify(seen.db, seen.settings).problems)


@holds(N_("每张工单都搜得到"))
def every_ticket_can_be_found(seen: Seen) -> Iterable[str]:
    last = seen.db.scalar(select(func.max(Ticket.id))) or 0
    for first in range(1, last + 1, AT_ONCE):
        ids = seen.db.scalars(select(Ticket.id).where(Ticket.id.between(first, first + AT_ONCE - 1))).all()
        yield from map(str, sorted(set(ids) - set(full_text.already(seen.db, ids))))


def _many(which: ColumnElement[bool]) -> Any:
    return select(func.count()).select_from(TicketEvent).where(which)


def _here() -> Any:
    """Tickets that lived here, and did not come from another system."""
    return select(TicketEvent.ticket_id).where(TicketEvent.action == "submit")


def _same(seen: Seen, one: Any, other: Any) -> Iterable[str]:
    first, second = seen.db.scalar(one), seen.db.scalar(other)
    if first != second:
        yield f"{first} ≠ {second}"
