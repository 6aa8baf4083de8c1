"""A result below the mark asks for a talk; what was agreed is kept beside it, and the person reads it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from hotline.errors import NotAllowed, OutOfTurn, Refusal
from hotline.i18n import _
from hotline.quality import rights
from hotline.quality.reading import LONGEST, find
from hotline.tickets.roles import Actor
from models import QualityTask


def coach(db: Session, actor: Actor, task_id: int, words: str, now: datetime) -> QualityTask:
    """Raises NotFound, NotAllowed, OutOfTurn, Refusal without words."""
    task = find(db, actor, task_id, to_change=True)
    if not actor.is_(*rights.COACHES) or task.scored_id == actor.id:
        raise NotAllowed(_("辅导由班长、质检员、督办员或热线领导来做，不能给自己做。"), code="not_a_coach")
    if task.state != "told" or not task.coaching or task.coached_at is not None:
        raise OutOfTurn(_("这一件不用辅导，或者已经辅导过了。"), code="coached_already")
    if not words.strip():
        raise Refusal(_("请写一句谈了什么、约定怎么改。"), field="words")
    task.coached_words, task.coached_at, task.coached_by_name = words.strip()[:LONGEST], now, actor.name
    return task
