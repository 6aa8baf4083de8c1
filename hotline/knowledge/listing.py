"""Lists of articles as people ask for them: in force, waiting for release, drafts, ending, over, withdrawn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, or_, select
from sqlalchemy.orm import Session, aliased

from hotline.i18n import N_
from hotline.knowledge import rights
from hotline.knowledge.expiry import BEFORE
from hotline.knowledge.in_force import in_force
from hotline.tickets.roles import Actor
from models import Article, ArticleVersion

TABS = {
    "force": N_("在用"),
    "waiting": N_("待发布"),
    "draft": N_("草稿和退回"),
    "ending": N_("快到期"),
    "over": N_("已过期"),
    "withdrawn": N_("已撤下"),
}
Later = aliased(ArticleVersion)
OWN = frozenset({"waiting", "draft"})
"""What is not released yet only its own people see."""


@dataclass(frozen=True)
class Wish:
    """tab: a key of TABS. kind: article, matter or ""; unit: "" for all; words: what must stand in it."""

    tab: str = "force"
    kind: str = ""
    unit: str = ""
    words: str = ""
    import_id: int = 0


def listed(actor: Actor, wish: Wish, today: date) -> Any:
    """(version, article), in no order yet."""
    query = select(ArticleVersion, Article).join(Article, Article.id == ArticleVersion.article_id)
    query = query.where(_in_tab(wish.tab, today), *_asked_for(wish))
    return query.where(rights.own_articles(actor)) if wish.tab in OWN else query


def counts(db: Session, actor: Actor, wish: Wish, today: date) -> dict[str, int]:
    """Tab → how many, under the same filters."""
    found = {}
    for tab in TABS:
        of_tab = Wish(tab, wish.kind, wish.unit, wish.words, wish.import_id)
        found[tab] = db.scalar(select(func.count()).select_from(listed(actor, of_tab, today).subquery())) or 0
    return found


def _in_tab(tab: str, today: date) -> ColumnElement[bool]:
    stands = ArticleVersion.id == Article.version_id
    soon = today + timedelta(days=BEFORE)
    newest = select(func.max(Later.id)).where(Later.article_id == Article.id).correlate(Article).scalar_subquery()
    conditions: dict[str, ColumnElement[bool]] = {
        "force": and_(stands, in_force(today)),
        "waiting": ArticleVersion.state == "waiting",
        "draft": ArticleVersion.state.in_(("draft", "returned")),
        "ending": and_(stands, in_force(today), ArticleVersion.valid_until <= soon),
        "over": and_(stands, ArticleVersion.valid_until < today),
        "withdrawn": and_(Article.withdrawn_at.is_not(None), ArticleVersion.id == newest),
    }
    return conditions.get(tab, false())


def _asked_for(wish: Wish) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wish.kind:
        found.append(Article.kind == wish.kind)
    if wish.unit:
        found.append(Article.unit_code == wish.unit)
    if wish.import_id:
        found.append(ArticleVersion.import_id == wish.import_id)
    for word in wish.words.split()[:5]:
        columns = (ArticleVersion.title, ArticleVersion.phone_answer, ArticleVersion.source, Article.code)
        found.append(or_(*(column.contains(word, autoescape=True) for column in columns)))
    return found
