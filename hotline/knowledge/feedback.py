"""What the desks say of an article becomes a task of its owner, with a clock."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from hotline.city.schema import City
from hotline.errors import NotFound, OutOfTurn, Refusal
from hotline.i18n import N_, _
from hotline.installation import Installation
from hotline.knowledge import rights, writing
from hotline.messages.compose import tell_staff
from hotline.messages.values import local_minute
from hotline.tickets.roles import Actor, Role
from models import Article, ArticleFeedback, ArticleVersion
from models.store.db import changed
from routing.spans import Span

SAID = {"wrong": N_("错了"), "missing": N_("缺内容"), "outdated": N_("过期了")}
"""What somebody at the desk may say of an article."""

LINK = "link"
KINDS = {**SAID, LINK: N_("网址打不开")}
"""The last is found by the machine that asks the addresses each night."""

MACHINE = "系统"
LIMIT = Span(2, "wd")


def say(
    db: Session, city: City, actor: Actor, article_id: int, kind: str, words: str, now: datetime
) -> ArticleFeedback:
    """Raises Refusal for an unknown kind, and without words where something is wrong or missing."""
    article = writing.find(db, article_id)
    if kind not in SAID:
        raise Refusal(_("请选择：错了、缺内容或过期了。"), field="kind")
    if not words.strip() and kind != "outdated":
        raise Refusal(_("请写一句哪里不对、缺什么。"), field="words")
    return _task_of(db, city, article, kind, words.strip(), (actor.id, actor.name), now)


def say_dead_link(db: Session, city: City, article: Article, url: str, now: datetime) -> None:
    """The owner's task of an address that did not open on two nights; one at a time for each address."""
    waits = select(ArticleFeedback.id).where(
        ArticleFeedback.article_id == article.id, ArticleFeedback.kind == LINK, ArticleFeedback.done_at.is_(None)
    )
    if db.scalar(waits.where(ArticleFeedback.words == url[:1000]).limit(1)) is None:
        _task_of(db, city, article, LINK, url, (None, MACHINE), now)


def _task_of(
    db: Session, city: City, article: Article, kind: str, words: str, by: tuple[int | None, str], now: datetime
) -> ArticleFeedback:
    told = ArticleFeedback(
        article_id=article.id,
        unit_code=article.unit_code,
        kind=kind,
        words=words[:1000],
        by_id=by[0],
        by_name=by[1],
        at=now,
        due_at=city.calendar.add(now, LIMIT),
    )
    db.add(told)
    db.flush()
    title = _title(db, article.id)

    def params() -> dict[str, str]:
        return {"title": title, "kind": _(KINDS[kind]), "due": local_minute(city, told.due_at)}

    tell_staff(db, city, "knowledge_feedback", now, params, unit=article.unit_code)
    return told


def answer(db: Session, city: City, actor: Actor, feedback_id: int, words: str, now: datetime) -> ArticleFeedback:
    """The owner says what was done; whoever reported it reads that. Raises NotFound, NotAllowed, Refusal, OutOfTurn."""
    told = db.get(ArticleFeedback, feedback_id)
    if told is None:
        raise NotFound(_("没有这条反馈。"))
    rights.need_writer(actor, told.unit_code)
    if not words.strip():
        raise Refusal(_("请写一句怎么处理的。"), field="words")
    still = update(ArticleFeedback).where(ArticleFeedback.id == told.id, ArticleFeedback.done_at.is_(None))
    done = {"done_at": now, "done_by_name": actor.name, "answer": words.strip()[:1000]}
    if changed(db, still.values(**done)) != 1:
        raise OutOfTurn(_("这条反馈已经有人处理过了。"), code="feedback_done")
    if told.by_id is not None:
        told_back = {"title": _title(db, told.article_id), "reply": words.strip()[:120]}
        tell_staff(db, city, "knowledge_mended", now, told_back, staff_id=told.by_id)
    return told


def ring_late(installation: Installation, now: datetime) -> int:
    """Each task says once that it is late: to the unit's leader and to the knowledge editors."""
    city = installation.city
    with installation.sessions() as db:
        late = db.scalars(
            select(ArticleFeedback)
            .where(ArticleFeedback.done_at.is_(None), ArticleFeedback.due_at <= now, ArticleFeedback.late_at.is_(None))
            .limit(200)
        ).all()
        for one in late:
            one.late_at = now
            told = {"title": _title(db, one.article_id), "unit": city.unit_name(one.unit_code)}
            tell_staff(db, city, "knowledge_late", now, told, unit=one.unit_code, role=Role.UNIT_LEADER.value)
            tell_staff(db, city, "knowledge_late", now, told, role=Role.KNOWLEDGE.value)
        db.commit()
    return len(late)


def open_count(db: Session, actor: Actor) -> int:
    """Tasks that wait for this person's unit, of an editor all."""
    query = select(func.count()).select_from(ArticleFeedback).join(Article, Article.id == ArticleFeedback.article_id)
    return db.scalar(query.where(ArticleFeedback.done_at.is_(None), rights.own_articles(actor))) or 0


def _title(db: Session, article_id: int) -> str:
    newest = select(ArticleVersion.title).where(ArticleVersion.article_id == article_id)
    return (db.scalar(newest.order_by(ArticleVersion.number.desc()).limit(1)) or "")[:60]
