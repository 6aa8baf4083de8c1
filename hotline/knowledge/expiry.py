"""What ends soon: the owner is told beforehand; the day after its last day nothing tells it any more, whether the job ran or not."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from hotline.installation import Installation
from hotline.knowledge.in_force import in_force, released
from hotline.messages.compose import tell_staff
from hotline.tickets.roles import Role
from models import ArticleVersion

BEFORE = 30
"""Days before the last day."""


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
