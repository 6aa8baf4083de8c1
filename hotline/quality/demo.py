"""The demo's quality control: drawn over some weeks, most of it scored, one appealed, two readers who differ, and work left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from classifier.suggestion import Classifier
from hotline.city.schema import City
from hotline.quality import appeals, coaching, reading, rights, scoring
from hotline.quality.drawing import draw
from hotline.quality.looking import look_at
from hotline.tickets.privacy.visibility import may_see
from hotline.tickets.roles import Actor
from models import QualityTask, Ticket

WEEKS = 4
"""Over so many it is drawn and scored."""

LOOKED = timedelta(days=45)
"""So far back the machine has looked at what moved."""

WEAK: tuple[tuple[tuple[str, str], ...], ...] = (
    (),
    (("title", "partly"),),
    (),
    (("place", "no"), ("complete", "partly")),
    (),
    (("title", "no"), ("complete", "no"), ("category", "no"), ("proof", "no"), ("contacted", "no"), ("in_time", "no")),
    (),
    (("faithful", "no"),),
)
"""What the readers found wrong, one entry after the other."""

COMMENTS = ("记录清楚，地点写到了路口。", "标题要写明是什么事、在哪里。", "要素齐全。", "地点只写到了路名，找不到。")


def bring_quality(
    db: Session,
    city: City,
    classifier: Classifier,
    people: Mapping[str, Actor],
    now: datetime,
    *,
    weeks: int = WEEKS,
    looked: timedelta = LOOKED,
) -> None:
    """people: the actors by login. weeks, looked: how far back people and the machine have looked. A city that scores nothing gets
    nothing of it."""
    submitted = select(Ticket).where(Ticket.submitted_at.is_not(None), Ticket.moved_at > now - looked)
    for ticket in db.scalars(submitted.order_by(Ticket.id)):
        look_at(db, city, classifier, ticket, now)
    first, second = people["demo-quality"], people["demo-supervisor"]
    for ago in range(weeks, 0, -1):
        then = now - timedelta(weeks=ago)
        _score_all(db, city, _drawn(db, city, then, 10), (first, second), then + timedelta(hours=2))
    _talk_and_appeal(db, city, people, now)
    left = _drawn(db, city, now, 30)
    for task in [one for one in left if one.readers == 2][:1]:
        _score(db, city, first, task, (), now)
        _score(db, city, second, task, (("faithful", "no"),), now)


def _drawn(db: Session, city: City, then: datetime, days: int) -> list[QualityTask]:
    before = db.scalars(select(QualityTask.id)).all()
    for plan in city.quality.plans:
        draw(db, city, replace(plan, days=days, most=min(plan.most, 4)), then)
    return list(db.scalars(select(QualityTask).where(QualityTask.id.not_in(before)).order_by(QualityTask.id)))


def _score_all(
    db: Session, city: City, tasks: Sequence[QualityTask], readers: tuple[Actor, Actor], at: datetime
) -> None:
    for number, task in enumerate(tasks):
        for reader in readers[: task.readers]:
            _score(db, city, reader, task, WEAK[(number + task.id) % len(WEAK)], at + timedelta(minutes=4 * number))


def _score(
    db: Session, city: City, reader: Actor, task: QualityTask, weak: Sequence[tuple[str, str]], at: datetime
) -> None:
    if task.scored_id == reader.id or not may_see(db, reader, task.ticket_id):
        return
    answers = {one["code"]: "yes" for one in task.sheet["questions"]}
    allowed = {one["code"]: scoring.allowed(one) for one in task.sheet["questions"]}
    answers |= {code: given for code, given in weak if given in allowed.get(code, ())}
    comment = COMMENTS[(task.id + bool(weak)) % len(COMMENTS)]
    reading.read(db, city, reader, task.id, answers, comment, at)


def _talk_and_appeal(db: Session, city: City, people: Mapping[str, Actor], now: datetime) -> None:
    """An agent appeals a weak result while there is time; an older one was talked over."""
    lead, own = people["demo-lead"], {one.id: one for one in people.values()}
    weak = select(QualityTask).where(QualityTask.scored_id.in_(own), QualityTask.coaching.is_(True))
    found = [one for one in db.scalars(weak.order_by(QualityTask.id)) if may_see(db, lead, one.ticket_id)]
    for task in found[:1]:
        coaching.coach(db, lead, task.id, "一起看了记录，约定标题先写事、再写地方。", now - timedelta(days=3))
    for task in found[1:]:
        agent = own[task.scored_id]
        if appeals.may_appeal(agent, task, now) and rights.is_own(agent, task):
            appeals.appeal(db, city, agent, task.id, "来电人说的就是这个路口，记录里写了。", now - timedelta(hours=5))
            return
