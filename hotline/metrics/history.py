"""What was so at the end of a period, read from the story, the assignments and the petitions: nothing later changes it.

Columns of the ticket say how things stand now. A report of last month that read them would be another one next month.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select
from sqlalchemy.orm import aliased

from hotline.i18n import N_
from hotline.metrics.question import Question
from models import Assignment, Deadline, Pause, Petition, Ticket, TicketEvent
from models.tickets.taking_back import stands

CLOSINGS = ("record", "close_judged", "all_answered", "no_answer", "final_close", "withdraw")
"""The deeds that end what a unit handles; a direct answer ends what no unit had."""

WRONG = ("returned", "ruled_away")
"""How an assignment ends that should not have been made."""

NO_UNIT = {
    "=direct": N_("（直接答复）"),
    "=declined": N_("（不予受理）"),
    "=merged": N_("（已合并）"),
    "=transferred": N_("（已转接）"),
    "=withdrawn": N_("（派单前撤诉）"),
}
"""The groups of tickets that no unit had, beside those that wait for dispatch (which have none of these)."""

_ENDED_BY = {
    "answer_directly": "=direct",
    "decline": "=declined",
    "merge": "=merged",
    "transfer_out": "=transferred",
    "withdraw": "=withdrawn",
}
_DISPUTED = ("in_objection", "in_dispute")
_later = aliased(TicketEvent)
_told = aliased(TicketEvent)
_settled = aliased(TicketEvent)


# --- closings --------------------------------------------------------------------------------------------------------


def last_closing(asked: Question) -> ColumnElement[bool]:
    """The event closed what a unit had, and the period holds no later closing of that ticket: each ticket counts once."""
    return and_(
        _closes(TicketEvent),
        ~exists().where(
            _later.ticket_id == TicketEvent.ticket_id,
            _later.id > TicketEvent.id,
            _closes(_later),
            _later.at < asked.end,
        ),
    )


def _closes(event: Any) -> ColumnElement[bool]:
    return and_(
        event.action.in_(CLOSINGS),
        event.to_state == "closed",
        event.from_state.not_in(("closed", "archived")),
        event.unit_code.is_not(None),
        stands(event),
    )


def happened(asked: Question, *actions: str) -> ColumnElement[bool]:
    """One of these was done to the ticket before the period's end."""
    return exists().where(_told.ticket_id == Ticket.id, _told.action.in_(actions), _told.at < asked.end, stands(_told))


def done_within(asked: Question, *actions: str, from_state: str | None = None) -> Any:
    """Ids of the tickets to which one of these was done in the period: one look into the index, whatever the size."""
    found = select(_told.ticket_id).where(
        _told.action.in_(actions), _told.at >= asked.start, _told.at < asked.end, stands(_told)
    )
    if asked.tickets is not None:
        found = found.where(_told.ticket_id.in_(asked.tickets))
    return found if from_state is None else found.where(_told.from_state == from_state)


# --- exclusion -------------------------------------------------------------------------------------------------------


def _exclusions() -> tuple[ColumnElement[bool], ...]:
    return (Petition.ticket_id == Ticket.id, Petition.kind == "exclusion", Petition.state == "granted")


def excluded(asked: Question) -> ColumnElement[bool]:
    """Decided before the period's end. What was marked without a decision (an import without dates) always is."""
    decided = exists().where(*_exclusions())
    return and_(
        Ticket.excluded.is_(True), or_(~decided, exists().where(*_exclusions(), Petition.decided_at < asked.end))
    )


def excluded_before(moment: Any) -> ColumnElement[bool]:
    """Decided before this moment of the row: a rating that was already given is not taken back by an exclusion."""
    decided = exists().where(*_exclusions())
    return and_(Ticket.excluded.is_(True), or_(~decided, exists().where(*_exclusions(), Petition.decided_at <= moment)))


# --- dispatches ------------------------------------------------------------------------------------------------------


def dispatched_or_settled(asked: Question) -> ColumnElement[bool]:
    """Dispatches of the period, and earlier ones whose objection was settled in it.

    An objection that comes after the month in which the matter was sent out stands in the month in which it was decided.
    """
    overruled = done_within(asked, "overrule")
    return or_(
        and_(Assignment.started_at >= asked.start, Assignment.started_at < asked.end),
        and_(
            Assignment.started_at < asked.start,
            Assignment.end_reason.in_(WRONG),
            Assignment.ended_at >= asked.start,
            Assignment.ended_at < asked.end,
        ),
        and_(
            Assignment.started_at < asked.start,
            Assignment.ticket_id.in_(overruled),
            disputed(asked.start),
            ~disputed(asked.end),
        ),
    )


def wrongly_sent(asked: Question) -> ColumnElement[bool]:
    reason = func.coalesce(Assignment.end_reason, "")
    return and_(reason.in_(WRONG), func.coalesce(Assignment.ended_at, asked.end) < asked.end)


def taken_back(asked: Question) -> ColumnElement[bool]:
    return and_(Assignment.end_reason == "recalled", Assignment.ended_at < asked.end)


def disputed(moment: Any) -> ColumnElement[bool]:
    """The unit had objected by then and nobody had decided."""
    decided = exists().where(
        _settled.ticket_id == _told.ticket_id,
        _settled.id > _told.id,
        _settled.at < moment,
        _settled.from_state.in_(_DISPUTED),
        _settled.to_state.not_in(_DISPUTED),
    )
    return exists().where(
        _told.ticket_id == Assignment.ticket_id,
        _told.action == "object",
        _told.unit_code == Assignment.unit_code,
        _told.at >= Assignment.started_at,
        _told.at < moment,
        ~decided,
    )


def objected_at(asked: Question) -> Any:
    """When the unit of the assignment objected, before the period's end; NULL when it did not."""
    return (
        select(func.max(_told.at, type_=_told.at.type))
        .where(
            _told.ticket_id == Assignment.ticket_id,
            _told.action == "object",
            _told.unit_code == Assignment.unit_code,
            _told.at >= Assignment.started_at,
            _told.at < asked.end,
        )
        .scalar_subquery()
    )


def overruled_at(asked: Question) -> Any:
    """When an objection to the assignment was overruled, before the period's end; NULL when none was."""
    return (
        select(func.max(_told.at, type_=_told.at.type))
        .where(
            _told.ticket_id == Assignment.ticket_id,
            _told.action == "overrule",
            _told.at >= Assignment.started_at,
            or_(Assignment.ended_at.is_(None), _told.at <= Assignment.ended_at),
            _told.at < asked.end,
            stands(_told),
        )
        .scalar_subquery()
    )


def unit_sent_to(moment: Any) -> Any:
    """The unit to which the ticket of the row went out at this moment."""
    return (
        select(Assignment.unit_code)
        .where(Assignment.ticket_id == Ticket.id, Assignment.part == "lead", Assignment.started_at == moment)
        .limit(1)
        .scalar_subquery()
    )


def unit_at(moment: Any) -> Any:
    """The unit in charge of the row's ticket just before this moment."""
    return (
        select(Assignment.unit_code)
        .where(
            Assignment.ticket_id == Ticket.id,
            Assignment.part == "lead",
            Assignment.started_at < moment,
            or_(Assignment.ended_at.is_(None), Assignment.ended_at >= moment),
        )
        .order_by(Assignment.id.desc())
        .limit(1)
        .scalar_subquery()
    )


def unit_when_due() -> Any:
    """Of a clock that went on running past its due moment: whoever had the ticket then, not who got it later."""
    in_time = and_(Deadline.stopped_at.is_not(None), Deadline.stopped_at <= Deadline.due_at)
    return case((in_time, Deadline.unit_code), else_=func.coalesce(unit_at(Deadline.due_at), Deadline.unit_code))


def unit_at_end(asked: Question) -> Any:
    """The unit in charge at the period's end; of tickets that no unit had, how they ended (`NO_UNIT`), or nothing."""
    ended = (
        select(case(_ENDED_BY, value=_told.action))
        .where(
            _told.ticket_id == Ticket.id,
            _told.at < asked.end,
            _told.from_state != _told.to_state,
            _told.action != "archive",
        )
        .order_by(_told.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    return case((Ticket.close_kind == "brought", Ticket.unit_code), else_=func.coalesce(unit_at(asked.end), ended))


# --- clocks ----------------------------------------------------------------------------------------------------------


def paused_at(deadline: Any, moment: Any) -> ColumnElement[bool]:
    """The clock stood still then; one that was late before it was stopped is late all the same."""
    return exists().where(
        Pause.deadline_id == deadline.id,
        Pause.started_at < moment,
        Pause.started_at < deadline.due_at,
        or_(Pause.ended_at.is_(None), Pause.ended_at >= moment),
    )
