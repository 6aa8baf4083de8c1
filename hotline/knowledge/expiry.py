"""What ends soon: the owner is told beforehand; the day after its last day nothing tells it any more, whether the job ran or not."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from hotline.city.schema import City
from hotline.installation import Installation
from hotline.knowledge.in_force import in_force, released
from hotline.knowledge.matters import said_of
from hotline.messages.compose import tell_staff
from hotline.tickets.roles import Role
from models import Article, ArticleVersion

BEFORE = 30
"""Days before the last day."""

OPEN_FOR = timedelta(days=2)
"""How long a form may have stood open, or lain as a draft, with words that somebody took over from an article."""

SHORTEST = 10
"""Shorter words may be anybody's own."""


def ending(today: date, days: int = BEFORE) -> Any:
    """(article, version) in force today whose last day lies within so many days, in no order yet."""
    return released().where(in_force(today), ArticleVersion.valid_until <= today + timedelta(days=days))


def ring_ending(installation: Installation, now: datetime) -> int:
    """Each owner hears once of each last day that comes near. Returns of how many."""
    city = installation.city
    today = city.calendar.day_of(now)
    with installation.sessions() as db:
        near = [row for row in db.execute(ending(today)).all() if row[0].warned_for != row[1].valid_until]
        for article, version in near:
            article.warned_for = version.valid_until
            told = {"title": version.title[:60], "day": version.valid_until.isoformat()}
            tell_staff(db, city, "knowledge_ends", now, told, unit=article.unit_code)
            tell_staff(db, city, "knowledge_ends", now, told, role=Role.KNOWLEDGE.value)
        db.commit()
    return len(near)


def outlived(db: Session, city: City, text: str, now: datetime) -> str:
    """The title of what was taken over into this text and may not be told any more; "" for nothing.

    A form that was filled before midnight is sent after it: no list can take the words out of it again.
    """
    today = city.calendar.day_of(now)
    lately = or_(Article.changed_at >= now - OPEN_FOR, ArticleVersion.valid_until.between(today - OPEN_FOR, today))
    were_told = select(Article, ArticleVersion).join(ArticleVersion, ArticleVersion.article_id == Article.id)
    rows = db.execute(were_told.where(lately, ArticleVersion.state.in_(("released", "replaced")))).all()
    in_text = [(one, version) for one, version in rows if _stands_in(text, said_of(one.kind, version))]
    still = {version.id for _one, version in db.execute(_still_told([one.id for one, _version in in_text], today))}
    kept = [said_of(one.kind, version) for one, version in in_text if version.id in still]
    gone = [(version, said_of(one.kind, version)) for one, version in in_text if version.id not in still]
    return next((version.title for version, said in gone if not any(said in one for one in kept)), "")


def _stands_in(text: str, said: str) -> bool:
    return len(said) >= SHORTEST and said in text


def _still_told(ids: list[int], today: date) -> Any:
    return released().where(Article.id.in_(ids), in_force(today))
