"""The life of an article: written, sent to a second person, released or returned, replaced by the next version, withdrawn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from hotline.city.schema import City
from hotline.errors import NotAllowed, NotFound, OutOfTurn, Refusal
from hotline.i18n import N_, _
from hotline.knowledge import rights
from hotline.knowledge.wording import Wording, checked
from hotline.messages.compose import tell_staff
from hotline.tickets.privacy import audit
from hotline.tickets.roles import Actor, Role
from models import Article, ArticleVersion
from models.store.db import changed

KINDS = {"article": N_("知识"), "matter": N_("政务服务事项")}
STATES = {
    "draft": N_("草稿"),
    "waiting": N_("待发布"),
    "returned": N_("已退回"),
    "released": N_("在用"),
    "replaced": N_("旧版"),
}
OPEN = ("draft", "returned")
PART = 100
"""So many versions of one file are released in one transaction."""


def find(db: Session, article_id: int) -> Article:
    """Raises NotFound."""
    article = db.get(Article, article_id)
    if article is None:
        raise NotFound(_("没有这条知识。"))
    return article


def versions_of(db: Session, article: Article) -> list[ArticleVersion]:
    """The newest first."""
    return list(
        db.scalars(
            select(ArticleVersion).where(ArticleVersion.article_id == article.id).order_by(ArticleVersion.number.desc())
        )
    )


def begin(
    db: Session, city: City, actor: Actor, kind: str, unit: str, wording: Wording, now: datetime, *, code: str = ""
) -> ArticleVersion:
    """A new article with its first draft. Raises Refusal, NotAllowed."""
    if unit not in city.units:
        raise Refusal(_("请选择负责的单位。"), field="unit")
    rights.need_writer(actor, unit)
    wording = checked(wording, kind, city, city.calendar.day_of(now))
    article = Article(kind=kind, code=code or None, unit_code=unit, created_at=now, changed_at=now, uses=0)
    db.add(article)
    db.flush()
    return _add(db, article, wording, actor, now)


def rewrite(
    db: Session, city: City, actor: Actor, article: Article, wording: Wording, now: datetime, *, note: str = ""
) -> ArticleVersion:
    """The open draft says this now; without one, a new draft. Raises OutOfTurn while a version waits for release."""
    rights.need_writer(actor, article.unit_code)
    wording = checked(wording, article.kind, city, city.calendar.day_of(now))
    newest = versions_of(db, article)[0]
    if newest.state == "waiting":
        raise OutOfTurn(_("有一版正在等待发布，先发布或退回它，再改。"), code="a_version_waits")
    if newest.state not in OPEN:
        return _add(db, article, wording, actor, now, note=note)
    for name, value in wording.columns().items():
        setattr(newest, name, value)
    newest.state, newest.author_id, newest.author_name, newest.note = "draft", actor.id, actor.name, note[:2000]
    newest.written_at, newest.returned_why = now, None
    db.flush()
    return newest


def send(db: Session, city: City, actor: Actor, version: ArticleVersion, now: datetime) -> None:
    """To a second person: the knowledge editors and the unit's leader are told."""
    article = find(db, version.article_id)
    rights.need_writer(actor, article.unit_code)
    _move(db, version, OPEN, "waiting")
    told = {"title": version.title[:60], "unit": city.unit_name(article.unit_code)}
    tell_staff(db, city, "knowledge_waits", now, told, role=Role.KNOWLEDGE.value)
    tell_staff(db, city, "knowledge_waits", now, told, unit=article.unit_code, role=Role.UNIT_LEADER.value)


def release(db: Session, city: City, actor: Actor, version: ArticleVersion, now: datetime) -> None:
    """From this commit on it is told, and what stood before it is not. Raises NotAllowed for its author, and OutOfTurn."""
    article = find(db, version.article_id)
    rights.need_decider(actor, article.unit_code)
    if not rights.may_release(actor, article, version):
        raise NotAllowed(_("自己写的不能自己发布，请另一人核对后发布。"), code="own_article")
    if version.valid_until is not None and version.valid_until < city.calendar.day_of(now):
        raise Refusal(_("有效期已经过了，先改有效期再发布。"), code="already_over")
    _move(db, version, ("waiting",), "released", actor=actor, now=now)
    if article.version_id is not None:
        before = ArticleVersion.id == article.version_id
        db.execute(update(ArticleVersion).where(before).values(state="replaced"))
    article.version_id, article.changed_at, article.withdrawn_at = version.id, now, None
    article.withdrawn_by_name = article.withdrawn_why = article.warned_for = None
    db.flush()
    audit.record(
        db, "knowledge_released", actor, now, subject=version.title[:120], article=article.id, version=version.number
    )


def give_back(db: Session, city: City, actor: Actor, version: ArticleVersion, why: str, now: datetime) -> None:
    """To its author, with the reason. Raises Refusal without one."""
    article = find(db, version.article_id)
    rights.need_decider(actor, article.unit_code)
    if not why.strip():
        raise Refusal(_("请写明为什么退回，作者才知道改什么。"), field="why")
    _move(db, version, ("waiting",), "returned", actor=actor, now=now)
    version.returned_why = why.strip()[:2000]
    if version.author_id is not None:
        told = {"title": version.title[:60], "reason": why.strip()[:120]}
        tell_staff(db, city, "knowledge_returned", now, told, staff_id=version.author_id)


def withdraw(db: Session, actor: Actor, article: Article, why: str, now: datetime) -> None:
    """From this commit on nobody is told it. Raises Refusal without a reason, OutOfTurn when it is not in force."""
    rights.need_decider(actor, article.unit_code)
    if not why.strip():
        raise Refusal(_("请写明为什么撤下。"), field="why")
    if article.version_id is None:
        raise OutOfTurn(_("这条知识没有在用的版本。"), code="nothing_in_force")
    db.execute(update(ArticleVersion).where(ArticleVersion.id == article.version_id).values(state="replaced"))
    article.version_id, article.changed_at = None, now
    article.withdrawn_at, article.withdrawn_by_name, article.withdrawn_why = now, actor.name, why.strip()[:2000]
    audit.record(db, "knowledge_withdrawn", actor, now, subject=str(article.id), why=why.strip()[:200])


@dataclass(frozen=True)
class Part:
    """Of one file the next versions that waited. done: how many are released now; over: how many are not, since their time is over;
    last: the last that was looked at, None when there was none.
    """

    done: int
    over: int
    last: int | None


def release_part(
    db: Session, city: City, actor: Actor, import_id: int, now: datetime, after: int = 0, most: int = PART
) -> Part:
    """A hundred at a time, so that nobody who writes waits long; what was stopped in between goes on with what still waits.
    Raises NotAllowed as `release`.
    """
    mine = (ArticleVersion.import_id == import_id, ArticleVersion.state == "waiting", ArticleVersion.id > after)
    waiting = db.scalars(select(ArticleVersion).where(*mine).order_by(ArticleVersion.id).limit(most)).all()
    today = city.calendar.day_of(now)
    over = [one for one in waiting if one.valid_until is not None and one.valid_until < today]
    done = sum(_released(db, city, actor, one, now) for one in waiting if one not in over)
    return Part(done, len(over), waiting[-1].id if waiting else None)


def _released(db: Session, city: City, actor: Actor, version: ArticleVersion, now: datetime) -> bool:
    """Not where somebody else was quicker."""
    try:
        release(db, city, actor, version, now)
    except OutOfTurn:
        return False
    return True


def note_use(db: Session, article_id: int) -> None:
    """An answer was taken over from it."""
    db.execute(update(Article).where(Article.id == article_id).values(uses=Article.uses + 1))


def _add(
    db: Session, article: Article, wording: Wording, actor: Actor, now: datetime, *, note: str = ""
) -> ArticleVersion:
    highest = select(func.max(ArticleVersion.number)).where(ArticleVersion.article_id == article.id)
    version = ArticleVersion(
        article_id=article.id,
        number=(db.scalar(highest) or 0) + 1,
        state="draft",
        author_id=actor.id,
        author_name=actor.name,
        written_at=now,
        note=note[:2000],
        **wording.columns(),
    )
    db.add(version)
    db.flush()
    return version


def _move(
    db: Session,
    version: ArticleVersion,
    before: tuple[str, ...],
    after: str,
    *,
    actor: Actor | None = None,
    now: datetime | None = None,
) -> None:
    """Of two people at once one wins. Raises OutOfTurn."""
    values: dict[str, Any] = {"state": after}
    if actor is not None:
        values |= {"decided_by_id": actor.id, "decided_by_name": actor.name, "decided_at": now}
    still = (ArticleVersion.id == version.id, ArticleVersion.state.in_(before))
    if changed(db, update(ArticleVersion).where(*still).values(**values)) != 1:
        raise OutOfTurn(_("这一版已经有人处理过了，请刷新页面。"), code="version_moved_on")
    db.refresh(version)
