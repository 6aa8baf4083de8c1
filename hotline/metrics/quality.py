"""How well: was it sent to the right place, is it solved, is the citizen satisfied, and is what the unit says true?"""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, exists, func, or_, select

from hotline.i18n import N_
from hotline.metrics import history
from hotline.metrics.definitions import (
    ANSWERED,
    ANSWERED_DIRECT,
    ASKED,
    CALLS,
    CLOSED,
    DISPATCHED,
    EXCLUDED,
    JUDGED,
    PROMISED,
    Condition,
    Definition,
)
from hotline.metrics.question import Question
from hotline.metrics.timeliness import WITHDRAWN, closed_by_unit
from models import Assignment, Call, Reply, ReplyPromise, Survey, Ticket, TicketEvent

SATISFIED_FROM = 3
"""5 very satisfied, 4 satisfied and 3 fairly satisfied weigh 1; 2 and 1 weigh 0. Silence is no answer and weighs nothing."""

INVALID: tuple[str, Condition] = (N_("无效回访"), lambda asked: Survey.valid.is_(False))


EXCLUDED_FIRST: tuple[str, Condition] = (
    N_("评价前已批准剔除统计"),
    lambda asked: history.excluded_before(Survey.answered_at),
)
GAVE_UP: tuple[str, Condition] = (N_("市民撤诉"), lambda asked: history.happened(asked, "withdraw"))


def solved(asked: Question) -> ColumnElement[bool]:
    """Of the reply that closed it, the ticket's own citizen (or, when that one withdrew, one who stayed) said: solved."""
    return exists().where(
        Survey.ticket_id == TicketEvent.ticket_id,
        Survey.round == TicketEvent.round,
        Survey.solved == "yes",
        Survey.valid.is_(True),
        Survey.answered_at <= TicketEvent.at,
        or_(Survey.own_id == Ticket.id, Ticket.left_at.is_not(None)),
    )


def solved_in(round_: int, last: bool = False) -> Condition:
    """By its last answer a ticket is solved in one round or in none; the last of these figures holds all later rounds."""
    return lambda asked: and_(TicketEvent.round >= round_ if last else TicketEvent.round == round_, solved(asked))


def answered(asked: Question) -> ColumnElement[bool]:
    return and_(Survey.answered_at < asked.end, Survey.outcome != "refused")


def still_time(asked: Question) -> ColumnElement[bool]:
    """Unanswered at the period's end, and the citizen still had time: it counts in the period in which the time is over."""
    return and_(
        or_(Survey.answered_at.is_(None), Survey.answered_at >= asked.end),
        Survey.asked_at > asked.until - asked.answer_time,
        Survey.outcome != "cut_off",
    )


STILL_OPEN: tuple[tuple[str, Condition], ...] = (
    (N_("答复期未满"), still_time),
    (N_("答复期内已重办或办结"), lambda asked: Survey.outcome == "cut_off"),
)


def unit_said() -> ColumnElement[bool | None]:
    """Whether the unit wrote, in its reply of that round, that it had contacted the citizen."""
    return (
        select(Reply.contacted)
        .where(Reply.ticket_id == Survey.ticket_id, Reply.round == Survey.round, Reply.kind == "final")
        .order_by(Reply.id.desc())
        .limit(1)
        .scalar_subquery()
    )


def kept(asked: Question) -> ColumnElement[bool]:
    """A reply said by the promised day that it is solved, or a citizen did."""
    return or_(
        ReplyPromise.kept_at.is_not(None),
        exists().where(
            Survey.ticket_id == ReplyPromise.ticket_id,
            Survey.solved == "yes",
            Survey.valid.is_(True),
            Survey.answered_at <= ReplyPromise.due_at,
        ),
    )


PROMISE_OPEN: tuple[tuple[str, Condition], ...] = (
    (
        N_("尚未到期"),
        lambda asked: and_(ReplyPromise.due_at > asked.now, ReplyPromise.moved_at.is_(None), ~kept(asked)),
    ),
    (N_("到期前改了日期"), lambda asked: and_(ReplyPromise.moved_at.is_not(None), ~kept(asked))),
)


def _solve_round(round_: int, name: str, last: bool = False) -> Definition:
    return Definition(
        f"solved_{round_}",
        name,
        N_("最后一次答复在该轮、且市民确认解决的 ÷ 单位办结的工单（未答复的不算解决；各轮与未确认解决的相加为 100%）"),
        CLOSED,
        of=closed_by_unit,
        hit=solved_in(round_, last),
        left_out=(EXCLUDED, WITHDRAWN),
        group="solve",
        shows="hit",
        version="2",
    )


QUALITY: tuple[Definition, ...] = (
    Definition(
        "accuracy",
        N_("派单准确率"),
        N_("没有被成立的退单或裁定改派的 ÷ 派单次数（记在被派的单位；跨期才裁定的记在裁定那一期）"),
        DISPATCHED,
        of=lambda asked: Assignment.id.is_not(None),
        hit=lambda asked: ~history.wrongly_sent(asked),
        left_out=(
            EXCLUDED,
            (N_("退单审核中"), lambda asked: history.disputed(asked.end)),
            (N_("派出后撤回"), history.taken_back),
        ),
        reference="≥ 98%",
        target=0.98,
        group="time",
        version="2",
    ),
    _solve_round(1, N_("一轮解决率")),
    _solve_round(2, N_("二轮解决率")),
    _solve_round(3, N_("三轮及以上解决率"), last=True),
    Definition(
        "unsolved",
        N_("未确认解决率"),
        N_("办结时市民没有确认解决的（含未答复）÷ 单位办结的工单"),
        CLOSED,
        of=closed_by_unit,
        hit=lambda asked: ~solved(asked),
        left_out=(EXCLUDED, WITHDRAWN),
        lower=True,
        group="solve",
        shows="hit",
    ),
    Definition(
        "solve",
        N_("解决率"),
        N_("（解决 + 部分解决 × 权重）÷ 有效答复"),
        ANSWERED,
        of=lambda asked: Survey.solved.is_not(None),
        hit=lambda asked: Survey.solved == "yes",
        partly=lambda asked: Survey.solved == "partly",
        left_out=(EXCLUDED_FIRST, INVALID),
        group="people",
    ),
    Definition(
        "satisfied",
        N_("转办满意率（结果）"),
        N_("对结果满意（含基本满意）的 ÷ 评了结果的，和只说没有解决或部分解决的有效答复；不答复永不算满意"),
        ANSWERED,
        of=lambda asked: or_(Survey.result.is_not(None), Survey.solved.in_(("no", "partly"))),
        hit=lambda asked: func.coalesce(Survey.result, 0) >= SATISFIED_FROM,
        left_out=(EXCLUDED_FIRST, INVALID),
        reference="82.2%",
        target=0.822,
        group="people",
        version="2",
    ),
    Definition(
        "attitude",
        N_("转办满意率（态度）"),
        N_("对态度满意（含基本满意）的 ÷ 对态度作答的有效答复"),
        ANSWERED,
        of=lambda asked: Survey.attitude.is_not(None),
        hit=lambda asked: Survey.attitude >= SATISFIED_FROM,
        left_out=(EXCLUDED_FIRST, INVALID),
        group="people",
    ),
    Definition(
        "direct_solved",
        N_("直接答复解决率（抽样）"),
        N_("抽样询问当场答复的市民，说解决了的 ÷ 作答的；不计入转办的满意率和解决率"),
        ANSWERED_DIRECT,
        of=lambda asked: Survey.solved.is_not(None),
        hit=lambda asked: Survey.solved == "yes",
        partly=lambda asked: Survey.solved == "partly",
        left_out=(INVALID,),
        by_unit=False,
        group="people",
    ),
    Definition(
        "call_satisfied",
        N_("受话服务满意率"),
        N_("通话后按键满意（含基本满意）的 ÷ 按键评价的来电"),
        CALLS,
        of=lambda asked: Call.rating.is_not(None),
        hit=lambda asked: Call.rating >= SATISFIED_FROM,
        reference="96%",
        target=0.96,
        by_unit=False,
        group="people",
    ),
    Definition(
        "participation",
        N_("参评率"),
        N_("答复了回访的 ÷ 发出的回访"),
        ASKED,
        of=lambda asked: Survey.id.is_not(None),
        hit=lambda asked: and_(Survey.answered_at.is_not(None), Survey.answered_at < asked.end),
        left_out=(EXCLUDED, *STILL_OPEN),
        version="2",
        group="people",
    ),
    Definition(
        "valid_follow_up",
        N_("有效回访率"),
        N_("有效答复 ÷ 发出的回访"),
        ASKED,
        of=lambda asked: Survey.id.is_not(None),
        hit=lambda asked: and_(answered(asked), Survey.valid.is_(True)),
        left_out=(EXCLUDED, *STILL_OPEN),
        version="2",
        group="people",
    ),
    Definition(
        "sent_back",
        N_("审核退回率"),
        N_("审核退回的答复 ÷ 审核的答复"),
        JUDGED,
        of=lambda asked: TicketEvent.from_state == "to_review",
        hit=lambda asked: TicketEvent.action == "redo",
        left_out=(EXCLUDED,),
        lower=True,
        group="solve",
        shows="hit",
    ),
    Definition(
        "redo",
        N_("重办率"),
        N_("期末前重办过或办结后又重启的 ÷ 单位办结的工单"),
        CLOSED,
        of=closed_by_unit,
        hit=lambda asked: history.happened(asked, "redo", "reopen"),
        left_out=(EXCLUDED, WITHDRAWN),
        version="2",
        lower=True,
        group="solve",
        shows="hit",
    ),
    Definition(
        "false_contact",
        N_("虚假联系率"),
        N_("单位说已联系而市民说没有的 ÷ 双方都有说法的"),
        ANSWERED,
        of=lambda asked: and_(Survey.contacted.is_not(None), unit_said().is_not(None)),
        hit=lambda asked: and_(Survey.contacted.is_(False), unit_said().is_(True)),
        left_out=(EXCLUDED_FIRST, INVALID),
        reference="0",
        target=0.0,
        lower=True,
        group="solve",
        shows="hit",
    ),
    Definition(
        "promise_broken",
        N_("承诺未兑现率"),
        N_("到期仍没有办结答复的承诺 ÷ 到期的有日期承诺"),
        PROMISED,
        of=lambda asked: ReplyPromise.id.is_not(None),
        hit=lambda asked: ~kept(asked),
        left_out=(EXCLUDED, GAVE_UP, *PROMISE_OPEN),
        reference="0",
        target=0.0,
        lower=True,
        group="solve",
        shows="hit",
    ),
)
