"""Whoever was scored may object once, in time; somebody who did not score it decides."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from hotline.city.schema import City
from hotline.errors import NotAllowed, OutOfTurn, Refusal
from hotline.i18n import N_, _
from hotline.messages.compose import tell_staff
from hotline.quality import rights
from hotline.quality.reading import LONGEST, find, put_down, scores_of, settle, tell_scored
from hotline.tickets.privacy import audit
from hotline.tickets.roles import Actor, Role
from models import QualityTask, Ticket

DECISIONS = {"stands": N_("维持原评分"), "changed": N_("改评")}


def may_appeal(actor: Actor, task: QualityTask, now: datetime) -> bool:
    in_time = task.appeal_until is not None and now <= task.appeal_until
    return task.state == "told" and in_time and task.appealed_at is None and rights.is_own(actor, task)


def appeal(db: Session, city: City, actor: Actor, task_id: int, words: str, now: datetime) -> QualityTask:
    """Raises NotFound, NotAllowed, OutOfTurn when it is too late or was done, Refusal without words."""
    task = find(db, actor, task_id, to_change=True)
    if not rights.is_own(actor, task):
        raise NotAllowed(_("只能对自己的质检结果提出申诉。"), code="not_yours")
    if not may_appeal(actor, task, now):
        raise OutOfTurn(_("这一件已经申诉过，或者申诉期已过。"), code="appeal_over")
    if not words.strip():
        raise Refusal(_("请写明不同意哪一问、为什么。"), field="words")
    task.appeal_words, task.appealed_at = words.strip()[:LONGEST], now
    number = db.get_one(Ticket, task.ticket_id).number
    tell_staff(db, city, "quality_appealed", now, {"number": number}, role=Role.QUALITY.value)
    tell_staff(db, city, "quality_appealed", now, {"number": number}, role=Role.SUPERVISOR.value)
    return task


def may_decide(db: Session, actor: Actor, task: QualityTask) -> bool:
    waits = task.appealed_at is not None and task.decided_at is None
    reader = actor.is_(*rights.READERS) and task.scored_id != actor.id
    return waits and reader and all(one.reader_id != actor.id for one in scores_of(db, task))


def decide(
    db: Session,
    city: City,
    actor: Actor,
    task_id: int,
    decision: str,
    answers: Mapping[str, str],
    words: str,
    now: datetime,
) -> QualityTask:
    """answers: the sheet anew, where the decision changes it. Raises NotFound, NotAllowed, OutOfTurn, Refusal."""
    task = find(db, actor, task_id, to_change=True)
    if task.appealed_at is None or task.decided_at is not None:
        raise OutOfTurn(_("这件申诉已经有人决定了。"), code="decided_already")
    if not may_decide(db, actor, task):
        raise NotAllowed(_("申诉由没有评过这一件的人来决定。"), code="not_a_second_person")
    if decision not in DECISIONS:
        raise Refusal(_("请选择：维持原评分，或者改评。"), field="decision")
    if not words.strip():
        raise Refusal(_("请写明理由，申诉的人会看到。"), field="words")
    before = task.points
    if decision == "changed":
        new = put_down(db, task, actor, "appeal", answers, "", now)
        settle(task, new.points, new.fatal)
    task.decision, task.decision_words = decision, words.strip()[:LONGEST]
    task.decided_by_id, task.decided_by_name, task.decided_at = actor.id, actor.name, now
    number = db.get_one(Ticket, task.ticket_id).number
    audit.record(
        db, "quality_decided", actor, now, ticket_id=task.ticket_id, subject=number, decision=decision, before=before,
        after=task.points,
    )  # fmt: skip
    tell_scored(db, city, task, "quality_decided", now)
    return task
