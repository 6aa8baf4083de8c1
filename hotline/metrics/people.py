"""What each person did in a period, desk by desk: counts from the story, for the person and for whoever leads the desk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, String, and_, cast, exists, func, or_, select, true
from sqlalchemy.orm import Session

from hotline.i18n import N_
from hotline.metrics import history
from hotline.metrics.moments import seconds_between
from hotline.metrics.quality import SATISFIED_FROM
from hotline.metrics.question import Question, without_sealed
from hotline.metrics.timeliness import QUICK_S
from models import Assignment, Call, Reply, Review, Staff, Ticket, TicketEvent
from models.tickets.taking_back import stands

Counting = Callable[[Question], Select[int | None, int | None]]


@dataclass(frozen=True)
class Count:
    """One column. rows: selects (who did it, on which ticket) of a period, each time once; words: what exactly is counted."""

    key: str
    name: str
    words: str
    rows: Counting


@dataclass(frozen=True)
class Desk:
    name: str
    roles: tuple[str, ...]
    counts: tuple[Count, ...]


@dataclass(frozen=True)
class Work:
    """One person's line. counts: by the keys of the desk's columns, 0 where nothing was done."""

    staff_id: int
    name: str
    unit_code: str | None
    counts: dict[str, int]


def work(db: Session, asked: Question, desk: str, condition: ColumnElement[bool] = true()) -> list[Work]:
    """The people of a desk by name, with what they did, as far as the condition on `Staff` lets them be seen.

    Whoever has left since and did something is still there.
    """
    held = DESKS[desk]
    counted = {one.key: _how_often(db, one.rows(asked)) for one in held.counts}
    did = {who for counts in counted.values() for who in counts}
    wears = or_(*(cast(Staff.roles, String).like(f'%"{role}"%') for role in held.roles))
    belongs = or_(Staff.id.in_(did), and_(Staff.active.is_(True), wears))
    people = db.scalars(select(Staff).where(belongs, condition).order_by(Staff.name, Staff.id))
    return [
        Work(one.id, one.name, one.unit_code, {key: counts.get(one.id, 0) for key, counts in counted.items()})
        for one in people
    ]


def did_for(asked: Question, count: Count, staff_id: int) -> ColumnElement[bool]:
    """The condition on `Ticket`: what a person's number of this column was done for."""
    person, ticket = count.rows(asked).subquery().c
    return Ticket.id.in_(select(ticket).where(person == staff_id))


def _how_often(db: Session, rows: Select[int | None, int | None]) -> dict[int, int]:
    """Staff id → how many."""
    person, _ticket = rows.subquery().c
    return {row[0]: row[1] for row in db.execute(select(person, func.count()).group_by(person))}


def _deeds(*actions: str, also: Callable[[Question], ColumnElement[bool]] | None = None) -> Counting:
    """Deeds of the story that were not taken back."""

    def rows(asked: Question) -> Select[int | None, int | None]:
        within = (TicketEvent.at >= asked.start, TicketEvent.at < asked.end)
        query = select(TicketEvent.actor_id, TicketEvent.ticket_id).where(
            TicketEvent.action.in_(actions), TicketEvent.actor_kind == "staff", stands(), *within
        )
        query = query.where(*without_sealed(asked, TicketEvent.ticket_id))
        return query.where(also(asked)) if also else query

    return rows


def _calls(*conditions: ColumnElement[bool]) -> Counting:
    """Calls that this person answered."""
    return lambda asked: (
        select(Call.agent_id, Call.ticket_id)
        .where(Call.direction == "in", Call.answered_at.is_not(None), Call.agent_id.is_not(None), *conditions)
        .where(Call.started_at >= asked.start, Call.started_at < asked.end)
    )


def _reviews(*conditions: ColumnElement[bool]) -> Counting:
    return lambda asked: (
        select(Review.reviewer_id, Review.ticket_id)
        .where(Review.reviewer_id.is_not(None), Review.verdict.in_(("pass", "redo")), *conditions)
        .where(Review.at >= asked.start, Review.at < asked.end, *without_sealed(asked, Review.ticket_id))
    )


def _replies_sent_back(asked: Question) -> Select[int | None, int | None]:
    """Replies by whoever wrote them, that a reviewer sent back in the period."""
    return (
        select(Reply.author_id, Reply.ticket_id)
        .join(Review, Review.reply_id == Reply.id)
        .where(Review.verdict == "redo", Reply.author_id.is_not(None))
        .where(Review.at >= asked.start, Review.at < asked.end, *without_sealed(asked, Reply.ticket_id))
    )


def _to_the_wrong_unit(asked: Question) -> ColumnElement[bool]:
    """The unit that this dispatch named objected and was right, or a ruling took the matter from it."""
    return exists().where(
        Assignment.ticket_id == TicketEvent.ticket_id,
        Assignment.part == "lead",
        Assignment.started_at == TicketEvent.at,
        history.wrongly_sent(asked),
    )


DESKS: dict[str, Desk] = {
    "agents": Desk(
        N_("话务员"),
        ("agent", "lead_agent"),
        (
            Count("answered", N_("接听"), N_("接起的来电"), _calls()),
            Count(
                "quick",
                N_("15 秒内"),
                N_("其中振铃 15 秒内接起的"),
                _calls(seconds_between(Call.started_at, Call.answered_at) <= QUICK_S),
            ),
            Count("taken", N_("受理"), N_("提交的工单"), _deeds("submit")),
            Count("direct", N_("直接答复"), N_("当场答复办结的工单"), _deeds("answer_directly")),
            Count("rated", N_("按键评价"), N_("来电人通话后按键评价的"), _calls(Call.rating.is_not(None))),
            Count("pleased", N_("评价满意"), N_("其中基本满意及以上的"), _calls(Call.rating >= SATISFIED_FROM)),
        ),
    ),
    "dispatchers": Desk(
        N_("派单员"),
        ("dispatcher",),
        (
            Count("sent", N_("派出"), N_("派单和裁定"), _deeds("dispatch", "rule")),
            Count(
                "wrong",
                N_("派错"),
                N_("其中退单成立或被改派的"),
                _deeds("dispatch", "rule", also=_to_the_wrong_unit),
            ),
            Count("ruled", N_("退单裁定"), N_("同意或不同意的退单"), _deeds("uphold", "overrule")),
            Count("merged", N_("合并"), N_("并入别的工单"), _deeds("merge")),
            Count("recalled", N_("撤回"), N_("派出后撤回的"), _deeds("recall")),
        ),
    ),
    "reviewers": Desk(
        N_("审核员"),
        ("reviewer",),
        (
            Count("passed", N_("通过"), N_("审核通过的答复"), _reviews(Review.verdict == "pass")),
            Count("back", N_("退回"), N_("退回重办的答复"), _reviews(Review.verdict == "redo")),
            Count(
                "quick", N_("一键答是"), N_("通过的里面，其余问题一键答“是”的"), _reviews(Review.at_once.is_not(None))
            ),
            Count("reread", N_("被复核"), N_("质检重新看过的"), _reviews(Review.reread_at.is_not(None))),
            Count("doubted", N_("复核不同意"), N_("质检认为不该通过的"), _reviews(Review.reread_agrees.is_(False))),
        ),
    ),
    "followers": Desk(
        N_("回访员"),
        ("follow_up",),
        (
            Count(
                "recorded",
                N_("电话记录"),
                N_("电话里记下的回答"),
                _deeds("record", "note_satisfied", "note_partly", "note_dissatisfied"),
            ),
            Count("tried", N_("未接通"), N_("打了没有接通的"), _deeds("call_attempt")),
            Count("judged", N_("研判办结"), N_("看过不满意的回答后办结的"), _deeds("close_judged")),
            Count("redone", N_("研判重办"), N_("看过不满意的回答后退回重办的"), _deeds("redo")),
        ),
    ),
    "handlers": Desk(
        N_("承办人"),
        ("handler", "unit_leader"),
        (
            Count("signed", N_("签收"), N_("签收的工单"), _deeds("sign")),
            Count("contacted", N_("先行联系"), N_("记下的先行联系"), _deeds("contact")),
            Count("replied", N_("答复"), N_("送审的答复"), _deeds("reply")),
            Count("back", N_("被退回"), N_("审核退回重办的答复"), _replies_sent_back),
        ),
    ),
}
"""Every desk with its people and what of their work is counted; no rates and no order by numbers: people are not ranked."""
