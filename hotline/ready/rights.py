"""Who keeps what is written beforehand: everybody their own, supervisors and knowledge editors what is everybody's."""

from __future__ import annotations

from typing import Protocol

from sqlalchemy import ColumnElement, or_
from sqlalchemy.orm import InstrumentedAttribute

from hotline.errors import NotAllowed
from hotline.i18n import _
from hotline.tickets.roles import CENTRE_ROLES, UNIT_ROLES, Actor, Role

USERS = CENTRE_ROLES | UNIT_ROLES | {Role.KNOWLEDGE}
KEEPERS = frozenset({Role.SUPERVISOR, Role.KNOWLEDGE})


class Owned(Protocol):
    """What has an owner, or belongs to everybody."""

    owner_id: int | None


def may_share(actor: Actor) -> bool:
    return actor.is_(*KEEPERS)


def may_change(actor: Actor, one: Owned) -> bool:
    return may_share(actor) if one.owner_id is None else one.owner_id == actor.id


def need_keeper(actor: Actor, one: Owned) -> None:
    """Raises NotAllowed."""
    if not may_change(actor, one):
        raise NotAllowed(_("共用的由督办员和知识库管理员改，个人的由本人改。"), code="not_yours_to_change")


def usable(owner: InstrumentedAttribute[int | None], actor: Actor) -> ColumnElement[bool]:
    """One's own, and everybody's: another's are nobody else's business. owner: the column that says whose it is."""
    return or_(owner.is_(None), owner == actor.id)
