"""Questions that found no answer: counted where they are alike, and put before the unit that should know."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from classifier.nearness import near
from classifier.text.masking.mask import mask
from hotline.city.schema import City
from hotline.errors import NotFound, OutOfTurn
from hotline.i18n import N_, _
from hotline.installation import Installation
from hotline.knowledge.answering import SHORTEST, answers
from hotline.knowledge.search.index import Index
from hotline.tickets.privacy.redact import starred
from hotline.tickets.roles import Actor, Role
from models import Ticket, UnansweredQuestion

LIKE = 0.5
COMPARED, LONGEST = 2_000, 300
CAME_BY = {"desk": N_("受理台"), "public": N_("市民查询"), "ticket": N_("咨询工单")}
STATES = {"open": N_("等答案"), "answered": N_("已写"), "dropped": N_("不用写")}


def note(
    db: Session, words: str, came_by: str, now: datetime, *, unit: str | None = None, category: str | None = None
) -> UnansweredQuestion | None:
    """One more time asked; None when it is too short to be a question. Personal data are starred before anything is kept."""
    told = " ".join(mask(words).split())[:LONGEST]
    if len(told) < SHORTEST:
        return None
    found = _like(db, told)
    if found is None:
        found = UnansweredQuestion(words=told, came_by=came_by, times=0, state="open", first_at=now, last_at=now)
        db.add(found)
    found.times += 1
    found.last_at = now
    found.unit_code = found.unit_code or unit
    found.category_code = found.category_code or category
    db.flush()
    return found


def close(db: Session, question_id: int, actor: Actor, state: str, article_id: int | None = None) -> UnansweredQuestion:
    """answered (article_id: by what) or dropped. Raises NotFound, OutOfTurn."""
    found = db.get(UnansweredQuestion, question_id)
    if found is None or not (actor.is_(Role.KNOWLEDGE) or found.unit_code in actor.units):
        raise NotFound(_("没有这个问题。"))
    if found.state != "open":
        raise OutOfTurn(_("这个问题已经有人处理过了。"), code="question_closed")
    found.state, found.article_id = state, article_id
    return found


def gather(installation: Installation, now: datetime) -> int:
    """Once a day: of yesterday's consultations, those to which the knowledge has no answer. Sealed ones are left out."""
    city, index = installation.city, Index()
    today = city.calendar.start_of_day(now)
    with installation.sessions() as db:
        asked = select(Ticket).where(
            Ticket.request_type == "consult",
            Ticket.privacy != "sealed",
            Ticket.submitted_at >= city.calendar.start_of_day(today - timedelta(hours=12)),
            Ticket.submitted_at < today,
        )
        found = [ticket for ticket in db.scalars(asked) if not answers(db, index, city, ticket.text.body, now)]
        for ticket in found:
            note(
                db,
                starred(ticket, ticket.title),
                "ticket",
                now,
                unit=ticket.unit_code or _owner(city, ticket.category_code),
                category=ticket.category_code,
            )
        db.commit()
    return len(found)


def open_count(db: Session, actor: Actor) -> int:
    query = select(func.count()).select_from(UnansweredQuestion).where(UnansweredQuestion.state == "open")
    if not actor.is_(Role.KNOWLEDGE):
        query = query.where(UnansweredQuestion.unit_code.in_(actor.units))
    return db.scalar(query) or 0


def _owner(city: City, category: str | None) -> str | None:
    known = city.categories.get(category or "")
    return known.lead if known is not None and known.lead in city.units else None


def _like(db: Session, words: str) -> UnansweredQuestion | None:
    """The open question that asks the same, among the newest."""
    rows = db.scalars(
        select(UnansweredQuestion)
        .where(UnansweredQuestion.state == "open")
        .order_by(UnansweredQuestion.last_at.desc())
        .limit(COMPARED)
    ).all()
    best = near(words, [row.words for row in rows], 1, 1.1) if rows else []
    return rows[best[0][0]] if best and best[0][1] >= LIKE else None
