"""One article: the version that was asked for, what the desks said of it, and what each version says otherwise."""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from sqlalchemy import select

from hotline.errors import NotFound
from hotline.i18n import N_, _
from hotline.knowledge import feedback, rights, writing
from hotline.knowledge.expiry import BEFORE
from hotline.knowledge.links import WHY, all_links
from hotline.knowledge.wording import AUDIENCES, source_words, text_parts
from hotline.tickets.display.word_diff import word_diff
from hotline.tickets.vocabulary import CHANNELS
from hotline.web.core.permission import allow
from hotline.web.core.request_context import here
from hotline.web.knowledge.pages import is_in_force, pages
from models import Article, ArticleFeedback, ArticleVersion, LinkCheck

COMPARED = {
    "title": N_("问题"),
    "questions": N_("其他问法"),
    "phone_answer": N_("电话答复"),
    "text_answer": N_("短信答复"),
    "long_answer": N_("详细说明"),
    "source": N_("依据"),
    "source_number": N_("文号"),
    "source_clause": N_("条款"),
    "valid_from": N_("有效期起"),
    "valid_until": N_("有效期止"),
    "audience": N_("对象"),
    "guide": N_("办事指南"),
}


@pages.get("/<int:article_id>")
@allow(rights.READERS)
def article(article_id: int) -> str:
    return article_page(article_id)


def article_page(article_id: int, problem: str = "", about: str = "") -> str:
    """about: what was refused, a key of the page's forms."""
    held = writing.find(here.db, article_id)
    versions = _visible(held)
    wanted = request.args.get("version", type=int)
    version = next((one for one in versions if one.number == wanted), None) or _stands(held, versions)
    said = here.db.scalars(
        select(ArticleFeedback)
        .where(ArticleFeedback.article_id == held.id)
        .order_by(ArticleFeedback.id.desc())
        .limit(20)
    ).all()
    checks = here.db.scalars(select(LinkCheck).where(LinkCheck.article_id == held.id)).all()
    whole = here.city.texts["knowledge_answer"].fill(
        "zh", answer=version.text_answer or version.phone_answer, source=source_words(version)
    )
    return render_template(
        "knowledge/article.html",
        article=held,
        version=version,
        versions=versions,
        feedback=said,
        feedback_kinds={code: _(name) for code, name in feedback.KINDS.items()},
        may_be_said=[(code, _(name)) for code, name in feedback.SAID.items()],
        ends_in=_ends_in(version),
        addresses=all_links(version),
        checks={one.url: one for one in checks},
        link_words={code: _(word) for code, word in WHY.items()},
        length=len(whole),
        parts=text_parts(whole),
        in_force=is_in_force(version, held),
        may_write=rights.may_write(here.me, held.unit_code),
        may_decide=rights.may_decide(here.me, held.unit_code),
        may_release=rights.may_release(here.me, held, version),
        audience=_(AUDIENCES.get(version.audience, version.audience)),
        channels=[_(CHANNELS[one]) for one in version.channels if one in CHANNELS],
        problem=problem,
        about=about,
    )


@pages.get("/<int:article_id>/versions/<int:number>")
@allow(rights.READERS)
def diff(article_id: int, number: int) -> str:
    """What this version says otherwise than the one before it."""
    held = writing.find(here.db, article_id)
    versions = {one.number: one for one in _visible(held)}
    new, old = versions.get(number), versions.get(number - 1)
    if new is None:
        raise NotFound(_("没有这一版。"))
    parts = [
        (_(label), word_diff(_words(getattr(old, name, "")), _words(getattr(new, name))))
        for name, label in COMPARED.items()
    ]
    changed = [(label, pieces) for label, pieces in parts if any(piece.kind != "same" for piece in pieces)]
    return render_template("knowledge/diff.html", article=held, new=new, old=old, parts=changed)


def _visible(held: Article) -> list[ArticleVersion]:
    """Its versions, the newest first: what is not released yet only its own people see. Raises NotFound when none is left."""
    own = rights.may_write(here.me, held.unit_code)
    found = [one for one in writing.versions_of(here.db, held) if own or one.state in ("released", "replaced")]
    if not found:
        raise NotFound(_("没有这条知识。"))
    return found


def _ends_in(version: ArticleVersion) -> int | None:
    """Days that are left to what is in force and ends soon."""
    if version.valid_until is None:
        return None
    left = (version.valid_until - here.city.calendar.day_of(here.now)).days
    return left if 0 <= left <= BEFORE else None


def _stands(held: Article, versions: list[ArticleVersion]) -> ArticleVersion:
    """What waits comes first for those who may see it, then what is in force, then the newest."""
    waiting = [one for one in versions if one.state == "waiting"]
    return next(iter(waiting), None) or next((one for one in versions if one.id == held.version_id), versions[0])


def _words(value: Any) -> str:
    if isinstance(value, list):
        return "\n".join(map(str, value))
    if isinstance(value, dict):
        return "\n".join(f"{name}：{_words(one)}" for name, one in value.items() if one)
    return str(value if value is not None else "")
