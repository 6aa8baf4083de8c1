"""The reviewer's work: what waits for this reviewer, what comes next, and how the day went."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, case, exists, func, select
from sqlalchemy.orm import Session

from hotline.tickets.lists.paging import following
from hotline.tickets.lists.ticket_list import SORTS, Wanted, conditions
from hotline.tickets.roles import Actor
from models import Reply, Review, Survey, Ticket

LOOK_BACK = timedelta(days=30)
MOST_REVIEWS = 1000
ONLY: dict[str, tuple[ColumnElement[bool], ...]] = {
    "all": (),
    "redo": (Ticket.round > 1,),
    "supervised": (Ticket.supervised.is_(True),),
    "urgent": (Ticket.urgency != "normal",),
}
"""The parts of the queue a reviewer may look at alone."""


@dataclass(frozen=True)
class Day:
    """One reviewer's judgements since `since`; answered and unhappy: what citizens said later to answers this reviewer
    passed in the last 30 days.
    """

    passed: int
    redone: int
    reasons: tuple[tuple[str, int], ...]
    answered: int
    unhappy: int

    @property
    def judged(self) -> int:
        return self.passed + self.redone


def waiting(actor: Actor, only: str = "all") -> Wanted:
    """Replies that wait for a judgement and that this person did not write."""
    own = exists(
        select(Reply.id).where(
            Reply.ticket_id == Ticket.id,
            Reply.round == Ticket.round,
            Reply.kind == "final",
            Reply.author_id == actor.id,
        )
    )
    return Wanted(states=("to_review",), also=(~own, *ONLY.get(only, ())))


def next_number(db: Session, actor: Actor, ticket: Ticket) -> str | None:
    """The ticket that follows this one in the queue, most urgent first; after the last the first again, None when none is left."""
    query = select(Ticket.number).where(*conditions(db, actor, waiting(actor)))
    found: str | None = following(db, query, SORTS["urgent"], ticket)
    return found


def my_day(db: Session, actor: Actor, since: datetime, now: datetime) -> Day:
    """The counts beside the queue; two statements whatever the number of reviews."""
    rows = db.execute(
        select(Review.verdict, Review.reasons)
        .where(Review.at >= since, Review.reviewer_id == actor.id)
        .limit(MOST_REVIEWS)
    ).all()
    verdicts = Counter(verdict for verdict, _reasons in rows)
    reasons = Counter(str(code) for _verdict, codes in rows for code in codes or ())
    answered, unhappy = db.execute(
        select(func.count(), func.coalesce(func.sum(case((Survey.outcome == "dissatisfied", 1), else_=0)), 0))
        .select_from(Review)
        .join(Survey, and_(Survey.ticket_id == Review.ticket_id, Survey.round == Review.round))
        .where(
            Review.at >= now - LOOK_BACK,
            Review.reviewer_id == actor.id,
            Review.verdict == "pass",
            Survey.answered_at.is_not(None),
        )
    ).one()
    return Day(verdicts["pass"], verdicts["redo"], tuple(reasons.most_common(4)), int(answered), int(unhappy))
