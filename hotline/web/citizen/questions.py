"""The citizens' questions and answers: looked up before anything is handed in; what finds nothing becomes somebody's task."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from hotline.errors import NotFound
from hotline.i18n import _
from hotline.knowledge import unanswered
from hotline.knowledge.answering import answer_of, answers
from hotline.knowledge.in_force import in_force
from hotline.web.citizen.access import public_page
from hotline.web.core.limits.idempotency import keyless
from hotline.web.core.limits.rate_limits import address, browser, know_browser, limited
from hotline.web.core.permission import PUBLIC, allow
from hotline.web.core.read_only import read_only
from hotline.web.core.request_context import here
from hotline.web.core.sorting import asked_page, sorted_page
from hotline.web.knowledge.pages import index_here
from models import Article, ArticleVersion

pages = Blueprint("questions", __name__)
OFTEN = (("120 per minute", browser, None), ("1200 per minute", address, None))
LONGEST = 400


@pages.get("/c/questions", strict_slashes=False)
@allow(PUBLIC)
@limited(*OFTEN)
def show() -> str:
    know_browser()
    words = request.args.get("q", "")[:LONGEST].strip()
    today = here.city.calendar.day_of(here.now)
    query = select(Article, ArticleVersion).join(ArticleVersion, ArticleVersion.id == Article.version_id)
    query = query.where(in_force(today), ArticleVersion.audience == "public")
    listed = sorted_page(here.db, query, Article.uses, Article.id, rising=False, size=20, **asked_page())
    found = answers(here.db, index_here(), here.city, words, here.now, public=True) if words else []
    return public_page("citizen/questions.html", words=words, found=found, rows=listed.rows, listed=listed)


@pages.get("/c/questions/<int:article_id>")
@allow(PUBLIC)
@limited(*OFTEN)
def one(article_id: int) -> str:
    found = answer_of(here.db, here.city, article_id, here.now, public=True)
    if found is None:
        raise NotFound(_("这条内容已经撤下或过期。"))
    return public_page("citizen/question.html", found=found)


@pages.post("/c/questions/may-answer")
@allow(PUBLIC)
@limited(*OFTEN)
@keyless
def may_answer() -> str:
    """While a matter is written: what may answer it already. Asked while typing, so it must not write."""
    read_only()
    words = request.form.get("body", "")[:LONGEST]
    found = answers(here.db, index_here(), here.city, words, here.now, public=True)
    return render_template("citizen/_may_answer.html", found=found)


@pages.post("/c/questions/missing")
@allow(PUBLIC)
@limited(("10 per hour", browser, None), ("100 per hour", address, None))
def missing() -> ResponseReturnValue:
    """A citizen found nothing and says so."""
    words = request.form.get("q", "")[:LONGEST]
    unanswered.note(here.db, words, "public", here.now)
    return public_page("citizen/questions.html", words=words, found=[], rows=[], listed=None, noted=True)
