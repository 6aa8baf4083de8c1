"""Who keeps knowledge: units write and release their own, the knowledge editors everything; nobody releases what they wrote."""

from __future__ import annotations

from sqlalchemy import ColumnElement, true

from hotline.errors import NotAllowed
from hotline.i18n import _
from hotline.tickets.roles import CENTRE_ROLES, UNIT_ROLES, Actor, Role
from models import Article, ArticleVersion

READERS = CENTRE_ROLES | UNIT_ROLES | {Role.KNOWLEDGE}
WRITERS = UNIT_ROLES | {Role.KNOWLEDGE}
RELEASERS = frozenset({Role.KNOWLEDGE, Role.UNIT_LEADER})
KEEPERS = frozenset({Role.KNOWLEDGE})
TAKERS = frozenset({Role.KNOWLEDGE, Role.HEAD, Role.UNIT_LEADER})
"""Who takes articles away as a file."""


def may_write(actor: Actor, unit: str) -> bool:
    return actor.is_(Role.KNOWLEDGE) or (actor.is_(*UNIT_ROLES) and unit in actor.units)


def may_release(actor: Actor, article: Article, version: ArticleVersion) -> bool:
    return may_decide(actor, article.unit_code) and version.author_id != actor.id


def may_decide(actor: Actor, unit: str) -> bool:
    """Release, return and withdraw: the editors, and the leader of the unit."""
    return actor.is_(Role.KNOWLEDGE) or (actor.is_(Role.UNIT_LEADER) and unit in actor.units)


def need_writer(actor: Actor, unit: str) -> None:
    """Raises NotAllowed."""
    if not may_write(actor, unit):
        raise NotAllowed(_("只能写本单位的知识。需要改别的单位的，请用“报错”告诉它。"), code="not_your_unit")


def need_decider(actor: Actor, unit: str) -> None:
    """Raises NotAllowed."""
    if not may_decide(actor, unit):
        raise NotAllowed(_("只有知识库管理员和本单位负责人可以发布、退回或撤下。"), code="not_a_decider")


def own_articles(actor: Actor) -> ColumnElement[bool]:
    """Articles whose drafts and tasks this person sees: the editors all, a unit its own."""
    return true() if actor.is_(Role.KNOWLEDGE) else Article.unit_code.in_(actor.units)
