"""Who is told of what was opened of people's data: at once when it is much, and each morning of the day before."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from hotline.installation import Installation
from hotline.staff.notices import tell_role
from hotline.tickets.privacy.reveal import measure_of, opened_between, opened_lately
from hotline.tickets.roles import Actor, Role

WATCHERS = (Role.SUPERVISOR, Role.DISCIPLINE)
NAMED = 5


def tell_openings(installation: Installation, now: datetime) -> None:
    """Nothing is told of a day on which nothing was opened."""
    calendar = installation.city.calendar
    today = calendar.start_of_day(now)
    yesterday = calendar.start_of_day(today - timedelta(seconds=1))
    with installation.sessions() as db:
        rows = [(deed, who, times) for deed, who, times in db.execute(opened_between(yesterday, today))]
        if rows:
            for role in WATCHERS:
                tell_role(db, role, "opened_yesterday", now, **_told(rows))
        db.commit()


def tell_used_up(db: Session, actor: Actor, deed: str, now: datetime) -> None:
    """The supervisors learn of it the moment somebody, or a machine, has used up an hour's measure."""
    db.flush()
    if opened_lately(db, actor, deed, now) == (most := measure_of(actor, deed)):
        tell_role(db, Role.SUPERVISOR, "reveals_many", now, who=actor.name, count=most)


def _told(rows: list[tuple[str, str, int]]) -> dict[str, Any]:
    """By deed, and who opened the most."""
    deeds: Counter[str] = Counter()
    people: Counter[str] = Counter()
    for deed, who, times in rows:
        deeds[deed] += times
        people[who] += times
    most = " · ".join(f"{who} {times}" for who, times in people.most_common(NAMED))
    return {"reveals": deeds["reveal"], "files": deeds["view_file"], "exports": deeds["export"], "most": most}
