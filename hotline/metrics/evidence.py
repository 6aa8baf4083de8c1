"""What units say and what stands: solved as they claim it, solved with nothing against it, and what came back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import ColumnElement, and_, exists, func, or_, select

from hotline.i18n import N_
from hotline.metrics.definitions import CLOSED, EXCLUDED, Definition, Source
from hotline.metrics.question import Question
from hotline.metrics.timeliness import WITHDRAWN, closed_by_unit
from models import Recurrence, Reply, ReplyFinding, TicketEvent

SOON_DAYS, LATER_DAYS = 30, 90


def says_solved(asked: Question) -> ColumnElement[bool]:
    """The last final reply before this closing says that it is solved."""
    outcome = (
        select(Reply.outcome)
        .where(Reply.ticket_id == TicketEvent.ticket_id, Reply.kind == "final", Reply.at <= TicketEvent.at)
        .order_by(Reply.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    return func.coalesce(outcome, "") == "solved"


def spoken_against() -> ColumnElement[bool]:
    """Something was found against the reply of the round that closed it, and nobody has found it explained."""
    return exists().where(
        ReplyFinding.ticket_id == TicketEvent.ticket_id,
        ReplyFinding.round == TicketEvent.round,
        or_(ReplyFinding.verdict.is_(None), ReplyFinding.verdict == "holds"),
    )


def back_within(days: int) -> ColumnElement[bool]:
    return exists().where(Recurrence.earlier_id == TicketEvent.ticket_id, Recurrence.days <= days)


def _ripe(days: int) -> Source:
    """Closings whose days were over in the period: so a month's figure stays what it was."""
    span = timedelta(days=days)
    return replace(
        CLOSED,
        name=f"closed_{days}",
        within=lambda asked: and_(TicketEvent.at >= asked.start - span, TicketEvent.at < asked.until - span),
        counted=lambda asked, at: ((at + span, 1),),
    )


def _came_back(days: int, name: str, formula: str) -> Definition:
    return Definition(
        f"came_back_{days}",
        name,
        formula,
        _ripe(days),
        of=says_solved,
        hit=lambda asked: back_within(days),
        left_out=(EXCLUDED, WITHDRAWN),
        lower=True,
        group="solve",
        shows="hit",
    )


EVIDENCE: tuple[Definition, ...] = (
    Definition(
        "claimed",
        N_("自报解决率"),
        N_("最后一次答复写“已解决”的 ÷ 单位办结的工单"),
        CLOSED,
        of=closed_by_unit,
        hit=says_solved,
        left_out=(EXCLUDED, WITHDRAWN),
        group="solve",
        shows="hit",
    ),
    Definition(
        "evidenced",
        N_("有据解决率"),
        N_("写“已解决”而没有疑点（或疑点已查明能说明）的 ÷ 单位办结的工单；与自报解决率对照看"),
        CLOSED,
        of=closed_by_unit,
        hit=lambda asked: and_(says_solved(asked), ~spoken_against()),
        left_out=(EXCLUDED, WITHDRAWN),
        group="solve",
    ),
    _came_back(
        SOON_DAYS,
        N_("三十天内又来率"),
        N_("写“已解决”后 30 天内同一地点（或同一人）、同类问题又来电的 ÷ 写“已解决”而在本期办结满 30 天的"),
    ),
    _came_back(
        LATER_DAYS,
        N_("九十天内又来率"),
        N_("写“已解决”后 90 天内同一地点（或同一人）、同类问题又来电的 ÷ 写“已解决”而在本期办结满 90 天的"),
    ),
)
