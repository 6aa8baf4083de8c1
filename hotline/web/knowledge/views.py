"""The knowledge as staff read it: lists, one article with its versions, what the desks said, what nobody could answer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from hotline.i18n import N_, _
from hotline.knowledge import expiry, feedback, listing, rights, unanswered, writing
from hotline.knowledge.answering import answers
from hotline.tickets.roles import Role
from hotline.web.core.permission import allow
from hotline.web.core.request_context import here
from hotline.web.core.sorting import asked_page, sorted_page
from hotline.web.knowledge import article, desk, editing, files
from hotline.web.knowledge.pages import index_here, pages, unit_choices
from models import Article, ArticleFeedback, ArticleVersion, UnansweredQuestion

__all__ = ["article", "desk", "editing", "files", "pages"]
SPANS = {"30": N_("30 天内"), "90": N_("90 天内"), "365": N_("一年内")}
MOST_PRINTED = 500
Later = aliased(ArticleVersion)


@pages.get("/", strict_slashes=False)
@allow(rights.READERS)
def show() -> str:
    wish = _wish()
    today = here.city.calendar.day_of(here.now)
    listed = sorted_page(
        here.db,
        listing.listed(here.me, wish, today),
        ArticleVersion.written_at,
        ArticleVersion.id,
        rising=False,
        **asked_page(),
    )
    counts = listing.counts(here.db, here.me, wish, today)
    kept: dict[str, Any] = {
        "kind": wish.kind or None,
        "unit": wish.unit or None,
        "q": wish.words or None,
        "file": wish.import_id or None,
    }
    tabs = [
        (_(name), url_for("knowledge.show", tab=tab, **kept), tab == wish.tab, counts[tab])
        for tab, name in listing.TABS.items()
    ]
    return render_template(
        "knowledge/show.html",
        rows=listed.rows,
        listed=listed,
        wish=wish,
        tabs=tabs,
        kinds=[(code, _(name)) for code, name in writing.KINDS.items()],
        units=unit_choices(),
        tasks=feedback.open_count(here.db, here.me),
        questions=unanswered.open_count(here.db, here.me),
        **_may(),
    )


@pages.get("/ask")
@allow(rights.READERS)
def ask() -> str:
    """What the desk would be shown for a question; for trying out an article."""
    words = request.args.get("q", "")[:400]
    found = answers(here.db, index_here(), here.city, words, here.now)
    return render_template("knowledge/ask.html", words=words, found=found)


@pages.get("/feedback")
@allow(rights.READERS)
def feedback_tasks() -> str:
    return _tasks()


@pages.post("/feedback/<int:feedback_id>")
@allow(rights.WRITERS)
def answer_feedback(feedback_id: int) -> ResponseReturnValue:
    feedback.answer(here.db, here.city, here.me, feedback_id, request.form.get("words", ""), here.now)
    flash(_("已处理，反映的人会看到。"), "good")
    return redirect(url_for("knowledge.feedback_tasks"), 303)


@pages.get("/unanswered")
@allow(rights.READERS)
def questions() -> str:
    state = request.args.get("state", "open")
    state = state if state in unanswered.STATES else "open"
    query = select(UnansweredQuestion).where(UnansweredQuestion.state == state)
    if not here.me.is_(Role.KNOWLEDGE, Role.HEAD, Role.QUALITY):
        query = query.where(UnansweredQuestion.unit_code.in_(here.me.units))
    listed = sorted_page(here.db, query, UnansweredQuestion.times, UnansweredQuestion.id, rising=False, **asked_page())
    tabs = [
        (_(name), url_for("knowledge.questions", state=code), code == state, None)
        for code, name in unanswered.STATES.items()
    ]
    return render_template(
        "knowledge/unanswered.html",
        rows=listed.rows,
        listed=listed,
        tabs=tabs,
        state=state,
        came_by={code: _(name) for code, name in unanswered.CAME_BY.items()},
        **_may(),
    )


@pages.post("/unanswered/<int:question_id>/drop")
@allow(rights.WRITERS)
def drop_question(question_id: int) -> ResponseReturnValue:
    unanswered.close(here.db, question_id, here.me, "dropped")
    return redirect(url_for("knowledge.questions"), 303)


@pages.get("/ending")
@allow(rights.READERS)
def ending() -> str:
    """What is about to end, made to be printed."""
    days = request.args.get("days", "30")
    days = days if days in SPANS else "30"
    today = here.city.calendar.day_of(here.now)
    query = expiry.ending(today, int(days)).order_by(ArticleVersion.valid_until, Article.id).limit(MOST_PRINTED + 1)
    if not here.me.is_(Role.KNOWLEDGE, Role.HEAD):
        query = query.where(rights.own_articles(here.me))
    rows = here.db.execute(query).all()
    return render_template(
        "knowledge/ending.html",
        rows=rows[:MOST_PRINTED],
        more=len(rows) > MOST_PRINTED,
        days=days,
        spans=[(code, _(name)) for code, name in SPANS.items()],
        today=today,
        until=today + timedelta(days=int(days)),
    )


def _tasks() -> str:
    done = request.args.get("done") == "1"
    query = select(ArticleFeedback, Article, ArticleVersion.title).join(
        Article, Article.id == ArticleFeedback.article_id
    )
    newest = select(func.max(Later.id)).where(Later.article_id == Article.id).correlate(Article).scalar_subquery()
    query = query.join(ArticleVersion, ArticleVersion.id == newest)
    query = query.where(ArticleFeedback.done_at.is_not(None) if done else ArticleFeedback.done_at.is_(None))
    if not here.me.is_(Role.KNOWLEDGE, Role.HEAD):
        query = query.where((rights.own_articles(here.me)) | (ArticleFeedback.by_id == here.me.id))
    listed = sorted_page(here.db, query, ArticleFeedback.due_at, ArticleFeedback.id, rising=not done, **asked_page())
    tabs = [
        (_("待处理"), url_for("knowledge.feedback_tasks"), not done, None),
        (_("已处理"), url_for("knowledge.feedback_tasks", done=1), done, None),
    ]
    return render_template(
        "knowledge/feedback.html",
        rows=listed.rows,
        listed=listed,
        tabs=tabs,
        kinds={code: _(name) for code, name in feedback.KINDS.items()},
        may_answer=lambda unit: rights.may_write(here.me, unit),
    )


def _wish() -> listing.Wish:
    asked = request.args
    tab, kind, unit = asked.get("tab", "force"), asked.get("kind", ""), asked.get("unit", "")
    return listing.Wish(
        tab if tab in listing.TABS else "force",
        kind if kind in writing.KINDS else "",
        unit if unit in here.city.units else "",
        asked.get("q", "")[:80].strip(),
        asked.get("file", 0, type=int) or 0,
    )


def _may() -> dict[str, bool]:
    return {
        "may_write": here.me.is_(*rights.WRITERS),
        "may_import": here.me.is_(*rights.KEEPERS),
        "may_export": here.me.is_(*rights.TAKERS),
    }
