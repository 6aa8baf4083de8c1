"""Looking for a person by phone or name is a deed: it stands in the book, and has its limit an hour."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from classifier.text.masking.mask import mask
from hotline.errors import TooMany
from hotline.i18n import _
from hotline.tickets.privacy import audit
from hotline.tickets.roles import Actor, Role
from models import Audit

DEED = "search_person"
CALLED_DAILY = frozenset({Role.AGENT, Role.LEAD_AGENT, Role.DISPATCHER, Role.FOLLOW_UP})
"""Those whose work begins with a caller's number."""

MOST_AN_HOUR = 30
MOST_OF_CALLED = 300


def limit_of(actor: Actor) -> int:
    """How many searches by phone or name this person may make in one hour."""
    return MOST_OF_CALLED if actor.is_(*CALLED_DAILY) else MOST_AN_HOUR


def exhausted(db: Session, actor: Actor, now: datetime) -> bool:
    """Whether this person has searched for people as often as they may within the last hour; the book counts."""
    made = (
        db.scalar(
            select(func.count())
            .select_from(Audit)
            .where(Audit.actor_id == actor.id, Audit.at > now - timedelta(hours=1), Audit.action == DEED)
        )
        or 0
    )
    return made >= limit_of(actor)


def note(db: Session, actor: Actor, now: datetime, *, phone: str = "", name: str = "", address: str = "") -> None:
    """Write one search into the book, what was looked for starred. Raises TooMany beyond the limit."""
    audit.alone(db, actor)
    if exhausted(db, actor, now):
        raise TooMany(_("一小时内按电话或姓名查询最多 %(most)d 次，请过一会儿再查。", most=limit_of(actor)))
    starred = mask(phone) if phone else f"{name[:1]}{'*' * (len(name) - 1)}"
    audit.record(db, DEED, actor, now, subject=starred[:120], address=address or None, by="phone" if phone else "name")
