"""Who looks at whose work: readers never at their own, the scored person at theirs, a unit's leader at the unit's."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, false, or_

from hotline.errors import NotAllowed
from hotline.i18n import _
from hotline.tickets.roles import Actor, Role
from models import QualityTask

READERS = frozenset({Role.QUALITY, Role.SUPERVISOR, Role.HEAD})
COACHES = READERS | {Role.LEAD_AGENT}
"""Who sees all results and talks them over with people."""


def not_own(actor: Actor) -> ColumnElement[bool]:
    return QualityTask.scored_id.is_distinct_from(actor.id)


def own(actor: Actor) -> ColumnElement[bool]:
    """Results about this person, and of a unit's leader those about the unit."""
    mine = QualityTask.scored_id == actor.id
    if not actor.is_(Role.UNIT_LEADER):
        return mine
    of_unit = and_(QualityTask.scored_id.is_(None), QualityTask.unit_code.in_(sorted(actor.units)))
    return or_(mine, of_unit) if actor.units else or_(mine, false())


def is_own(actor: Actor, task: QualityTask) -> bool:
    """As `own`, of one result."""
    if task.scored_id is not None:
        return task.scored_id == actor.id
    return actor.is_(Role.UNIT_LEADER) and task.unit_code in actor.units


def need_reader(actor: Actor, task: QualityTask) -> None:
    """Raises NotAllowed."""
    if not actor.is_(*READERS) or task.scored_id == actor.id:
        raise NotAllowed(_("评分由质检员、督办员或热线领导来做，不能评自己的工作。"), code="not_a_reader")
