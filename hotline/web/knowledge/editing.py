"""Writing an article, sending it to a second person, releasing, returning and withdrawing it, and saying that it is wrong."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hotline.errors import NotFound, Refusal
from hotline.i18n import _
from hotline.knowledge import feedback, rights, unanswered, writing
from hotline.knowledge.files.rows import day_of
from hotline.knowledge.links import forget_old_links
from hotline.knowledge.matters import GUIDE
from hotline.knowledge.wording import AUDIENCES, FIELDS, LONGEST_TEXT, Wording, lines_of, wording_of
from hotline.tickets.vocabulary import CHANNELS
from hotline.web.core.permission import allow
from hotline.web.core.read_only import read_only
from hotline.web.core.request_context import here
from hotline.web.knowledge.article import article_page
from hotline.web.knowledge.pages import pages, unit_choices
from models import ArticleVersion, UnansweredQuestion

LISTS = ("questions", "links")
DAYS = ("valid_from", "valid_until")


@pages.get("/new")
@allow(rights.WRITERS)
def new() -> str:
    """An empty form; question: what was asked and could not be answered."""
    kind = request.args.get("kind", "article")
    kind = kind if kind in writing.KINDS else "article"
    value: dict[str, Any] = {"valid_from": here.city.calendar.day_of(here.now).isoformat(), "audience": "staff"}
    asked = here.db.get(UnansweredQuestion, request.args.get("question", 0, type=int) or 0)
    if asked is not None:
        value |= {"title": asked.words[:200], "unit": asked.unit_code or "", "category_code": asked.category_code or ""}
    return _form(kind, value, {}, question=asked.id if asked is not None else None)


@pages.post("/new")
@allow(rights.WRITERS)
def create() -> ResponseReturnValue:
    kind = request.form.get("kind", "article")
    kind = kind if kind in writing.KINDS else "article"
    question = request.form.get("question", type=int)
    try:
        unit, wording = request.form.get("unit", ""), _typed(kind)
        code = request.form.get("code", "").strip()[:64]
        version = writing.begin(here.db, here.city, here.me, kind, unit, wording, here.now, code=code)
        if question:
            unanswered.close(here.db, question, here.me, "answered", version.article_id)
        _send_if_asked(version)
    except Refusal as refusal:
        return _refused(kind, refusal, question=question)
    return _onward(version)


@pages.get("/<int:article_id>/edit")
@allow(rights.WRITERS)
def edit(article_id: int) -> str:
    article = writing.find(here.db, article_id)
    rights.need_writer(here.me, article.unit_code)
    newest = writing.versions_of(here.db, article)[0]
    return _form(
        article.kind,
        {**_shown(wording_of(newest)), "unit": article.unit_code, "code": article.code or ""},
        {},
        article_id,
    )


@pages.post("/<int:article_id>/edit")
@allow(rights.WRITERS)
def save(article_id: int) -> ResponseReturnValue:
    article = writing.find(here.db, article_id)
    try:
        wording = _typed(article.kind)
        note = request.form.get("note", "")
        version = writing.rewrite(here.db, here.city, here.me, article, wording, here.now, note=note)
        forget_old_links(here.db, article.id, [*version.links, str(version.guide.get("url") or "")])
        _send_if_asked(version)
    except Refusal as refusal:
        return _refused(article.kind, refusal, article_id)
    return _onward(version)


@pages.post("/versions/<int:version_id>/<any(send, release, give_back):deed>")
@allow(rights.WRITERS)
def decide(version_id: int, deed: str) -> ResponseReturnValue:
    """A draft goes to a second person; the second person releases it, or gives it back with a reason."""
    version = here.db.get(ArticleVersion, version_id)
    if version is None:
        raise NotFound(_("没有这一版。"))
    try:
        if deed == "send":
            writing.send(here.db, here.city, here.me, version, here.now)
            flash(_("已送审，等另一人核对发布。"), "good")
        elif deed == "release":
            writing.release(here.db, here.city, here.me, version, here.now)
            flash(_("已发布，各处马上用这一版。"), "good")
        else:
            writing.give_back(here.db, here.city, here.me, version, request.form.get("why", ""), here.now)
            flash(_("已退回作者。"), "good")
    except Refusal as refusal:
        return _not_done(version.article_id, refusal, deed)
    return redirect(url_for("knowledge.article", article_id=version.article_id), 303)


@pages.post("/<int:article_id>/withdraw")
@allow(rights.RELEASERS)
def withdraw(article_id: int) -> ResponseReturnValue:
    article = writing.find(here.db, article_id)
    try:
        writing.withdraw(here.db, here.me, article, request.form.get("why", ""), here.now)
    except Refusal as refusal:
        return _not_done(article_id, refusal, "withdraw")
    flash(_("已撤下，各处马上不再显示。"), "good")
    return redirect(url_for("knowledge.article", article_id=article_id), 303)


@pages.post("/<int:article_id>/feedback")
@allow(rights.READERS)
def report(article_id: int) -> ResponseReturnValue:
    """The desk says that an article is wrong, lacks something, or is out of date."""
    kind, words = request.form.get("kind", ""), request.form.get("words", "")
    try:
        feedback.say(here.db, here.city, here.me, article_id, kind, words, here.now)
    except NotFound:
        raise
    except Refusal as refusal:
        return _not_done(article_id, refusal, "feedback")
    flash(_("已告诉负责单位，处理好会通知您。"), "good")
    return redirect(url_for("knowledge.article", article_id=article_id), 303)


def _not_done(article_id: int, refusal: Refusal, about: str) -> tuple[str, int]:
    read_only()
    return article_page(article_id, refusal.sentence, about), refusal.status


def _send_if_asked(version: ArticleVersion) -> None:
    if request.form.get("then") == "send":
        writing.send(here.db, here.city, here.me, version, here.now)


def _onward(version: ArticleVersion) -> ResponseReturnValue:
    told = _("已送审，等另一人核对发布。") if version.state == "waiting" else _("草稿已保存。")
    flash(told, "good")
    return redirect(url_for("knowledge.article", article_id=version.article_id), 303)


def _typed(kind: str) -> Wording:
    """The form as a wording. Raises Refusal for a day that is none."""
    form = request.form
    told: dict[str, Any] = {
        name: form.get(name, "") for name in FIELDS if name not in (*LISTS, *DAYS, "channels", "guide")
    }
    wording = Wording(**told)
    for name in LISTS:
        setattr(wording, name, lines_of(form.get(name, "")))
    for name in DAYS:
        try:
            setattr(wording, name, day_of(form.get(name, "").strip()))
        except Refusal as refusal:
            raise Refusal(refusal.sentence, field=name) from refusal
    wording.channels = [one for one in form.getlist("channels") if one in CHANNELS]
    if kind == "matter":
        wording.guide = {key: form.get(f"guide_{key}", "").strip()[:2000] for key in GUIDE if key != "papers"}
        wording.guide["papers"] = lines_of(form.get("guide_papers", ""))
    return wording


def _shown(wording: Wording) -> dict[str, Any]:
    """The fields as the form shows them."""
    shown: dict[str, Any] = wording.columns()
    for name in LISTS:
        shown[name] = "\n".join(shown[name])
    for name in DAYS:
        shown[name] = shown[name].isoformat() if shown[name] else ""
    guide = shown.pop("guide")
    shown |= {f"guide_{key}": guide.get(key, "") for key in GUIDE}
    shown["guide_papers"] = "\n".join(guide.get("papers") or ())
    return shown


def _refused(
    kind: str, refusal: Refusal, article_id: int | None = None, question: int | None = None
) -> tuple[str, int]:
    read_only()
    value = {**request.form.to_dict(), "channels": request.form.getlist("channels")}
    return _form(kind, value, refusal.problems or {"": refusal.sentence}, article_id, question), refusal.status


def _form(
    kind: str,
    value: dict[str, Any],
    problems: dict[str, str],
    article_id: int | None = None,
    question: int | None = None,
) -> str:
    city = here.city
    return render_template(
        "knowledge/edit.html",
        kind=kind,
        value=value,
        problems=problems,
        article_id=article_id,
        question=question,
        units=unit_choices(own=True),
        categories=[
            (one.code, f"{one.code} {city.category_name(one.code)}")
            for one in city.categories.values()
            if one.level > 1
        ],
        areas=[(code, city.area_name(code)) for code in city.areas],
        channels=[(code, _(name)) for code, name in CHANNELS.items()],
        audiences=[(code, _(name)) for code, name in AUDIENCES.items()],
        guide={key: _(name) for key, name in GUIDE.items()},
        longest_text=LONGEST_TEXT,
    )
