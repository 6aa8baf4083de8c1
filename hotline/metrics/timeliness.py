"""How fast: is the line picked up, is the matter passed on, signed, contacted and closed within its limit?"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import ColumnElement, and_, exists, func, or_

from hotline.i18n import N_
from hotline.metrics import history
from hotline.metrics.definitions import ACCEPTED, CALLS, CLOSED, DUE, EXCLUDED, OPEN, Condition, Definition
from hotline.metrics.moments import seconds_between
from hotline.metrics.question import Question
from models import Call, Deadline, Reply, Ticket, TicketEvent

QUICK_S, DAY_S = 15, 86400


WITHDRAWN: tuple[str, Condition] = (N_("市民撤诉"), lambda asked: TicketEvent.action == "withdraw")
CANCELLED: tuple[str, Condition] = (
    N_("期限已取消"),
    lambda asked: and_(Deadline.stopped_at.is_not(None), Deadline.met.is_(None)),
)
NOT_DUE: tuple[str, Condition] = (
    N_("尚未到期"),
    lambda asked: and_(Deadline.stopped_at.is_(None), Deadline.due_at > asked.now),
)
PAUSED: tuple[str, Condition] = (
    N_("暂停中"),
    lambda asked: and_(Deadline.stopped_at.is_(None), history.paused_at(Deadline, asked.until)),
)


def closed_by_unit(asked: Question) -> ColumnElement[bool]:
    """A matter that a unit handled came to its end; direct answers, merges and declines are none."""
    return TicketEvent.id.is_not(None)


def late_clock() -> ColumnElement[bool]:
    """One of the unit's own limits, extended as approved, ran out before it answered (or before the matter was closed)."""
    return exists().where(
        Deadline.ticket_id == TicketEvent.ticket_id,
        Deadline.clock.in_(("reply", "redo")),
        Deadline.started_at <= TicketEvent.at,
        func.coalesce(Deadline.stopped_at, TicketEvent.at) > Deadline.due_at,
    )


def says_contacted() -> ColumnElement[bool]:
    """In the clock's own round the unit recorded that it reached the citizen, or its reply says so, within the limit."""
    by_reply = exists().where(
        Reply.ticket_id == Deadline.ticket_id,
        Reply.round == Deadline.round,
        Reply.kind == "final",
        Reply.contacted.is_(True),
        or_(Reply.contacted_at.is_(None), Reply.contacted_at <= Deadline.due_at),
        Reply.at <= Deadline.due_at,
    )
    return and_(Deadline.met.is_(True), or_(Deadline.end_reason == "contact", by_reply))


def spoken_with() -> ColumnElement[bool]:
    """A call of ours about this ticket reached the citizen while the clock ran."""
    return exists().where(
        Call.ticket_id == Deadline.ticket_id,
        Call.direction == "out",
        Call.outcome == "reached",
        Call.answered_at >= Deadline.started_at,
        Call.answered_at <= Deadline.due_at,
    )


def voided(asked: Question) -> ColumnElement[bool]:
    """Void at the period's end."""
    return and_(
        Ticket.id.in_(history.done_within(asked, "void")),
        Ticket.id.not_in(history.done_within(asked, "reopen", from_state="void")),
    )


def _of_clock(clock: str) -> Condition:
    return lambda asked: Deadline.clock == clock


def _met(asked: Question) -> ColumnElement[bool]:
    return Deadline.met.is_(True)


TIMELINESS: tuple[Definition, ...] = (
    Definition(
        "connection",
        N_("接通率"),
        N_("接通的来电 ÷ 要求人工服务的来电"),
        CALLS,
        of=lambda asked: Call.asked_agent.is_(True),
        hit=lambda asked: Call.answered_at.is_not(None),
        left_out=((N_("仍在振铃"), lambda asked: Call.state == "ringing"),),
        reference="≥ 95%",
        target=0.95,
        by_unit=False,
        group="line",
    ),
    Definition(
        "answer_15s",
        N_("15 秒接听率"),
        N_("15 秒内接听的来电 ÷ 接通的来电"),
        CALLS,
        of=lambda asked: and_(Call.asked_agent.is_(True), Call.answered_at.is_not(None)),
        hit=lambda asked: seconds_between(Call.started_at, Call.answered_at) <= QUICK_S,
        reference="≥ 80%",
        target=0.80,
        by_unit=False,
        group="line",
    ),
    Definition(
        "missed_return",
        N_("未接来电回拨率"),
        N_("24 小时内回拨的 ÷ 未接来电"),
        CALLS,
        of=lambda asked: and_(Call.asked_agent.is_(True), Call.state == "missed"),
        hit=lambda asked: and_(
            Call.called_back_at.is_not(None), seconds_between(Call.started_at, Call.called_back_at) <= DAY_S
        ),
        left_out=(
            (
                N_("回拨时限未到"),
                lambda asked: and_(
                    Call.called_back_at.is_(None), Call.started_at > asked.now - timedelta(seconds=DAY_S)
                ),
            ),
        ),
        reference="100%",
        target=1.0,
        by_unit=False,
        group="line",
    ),
    Definition(
        "direct_close",
        N_("直接办结率"),
        N_("当场答复办结的 ÷ 受理的工单（作废的不算受理）"),
        ACCEPTED,
        of=lambda asked: and_(Ticket.submitted_at < asked.end, ~voided(asked)),
        hit=lambda asked: Ticket.id.in_(history.done_within(asked, "answer_directly")),
        left_out=((N_("由其他系统迁入"), lambda asked: Ticket.close_kind == "brought"), EXCLUDED),
        reference="50–85%",
        target=0.50,
        by_unit=False,
        shows="hit",
        version="3",
    ),
    Definition(
        "dispatch_24h",
        N_("按时派单率"),
        N_("在派单时限内派出的 ÷ 到期应派的"),
        DUE,
        of=_of_clock("dispatch"),
        hit=_met,
        left_out=(EXCLUDED, CANCELLED, PAUSED, NOT_DUE),
        reference="100%",
        target=1.0,
        version="2",
    ),
    Definition(
        "sign_24h",
        N_("按时签收率"),
        N_("单位在签收时限内签收的 ÷ 到期应签的（系统代签不算按时）"),
        DUE,
        of=_of_clock("sign"),
        hit=lambda asked: and_(Deadline.met.is_(True), func.coalesce(Deadline.end_reason, "") != "auto_sign"),
        left_out=(EXCLUDED, CANCELLED, PAUSED, NOT_DUE),
        reference="100%",
        target=1.0,
    ),
    Definition(
        "contact_24h",
        N_("按时先行联系率（单位自述）"),
        N_("单位记录或答复说在先行联系时限内联系上市民的 ÷ 到期应联系的（只算本轮；拨打未通不算）"),
        DUE,
        of=_of_clock("contact"),
        hit=lambda asked: says_contacted(),
        left_out=(EXCLUDED, CANCELLED, PAUSED, NOT_DUE),
        reference="100%",
        target=1.0,
        version="2",
    ),
    Definition(
        "contact_proven",
        N_("按时先行联系率（有通话佐证）"),
        N_("时限内由本系统拨通市民电话的 ÷ 到期应联系的"),
        DUE,
        of=_of_clock("contact"),
        hit=lambda asked: spoken_with(),
        left_out=(EXCLUDED, CANCELLED, PAUSED, NOT_DUE),
    ),
    Definition(
        "on_time",
        N_("按时办结率"),
        N_("每一轮都在时限（含批准的延期）内答复的 ÷ 单位办结的工单（按办结那一刻的事实，以后重启或重办不改变）"),
        CLOSED,
        of=closed_by_unit,
        hit=lambda asked: ~late_clock(),
        left_out=(EXCLUDED, WITHDRAWN),
        reference="≥ 98%",
        target=0.98,
        version="2",
    ),
    Definition(
        "open_late",
        N_("在办超期率"),
        N_("期末仍在办而办理时限已过的 ÷ 期末仍在办的（暂停的另列）"),
        OPEN,
        of=lambda asked: Deadline.id.is_not(None),
        hit=lambda asked: Deadline.due_at < asked.until,
        left_out=(EXCLUDED, (N_("暂停中"), lambda asked: history.paused_at(Deadline, asked.until))),
        reference="0",
        target=0.0,
        lower=True,
        shows="hit",
    ),
)
