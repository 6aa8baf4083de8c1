"""One drawn ticket beside its sheet: read it, and afterwards see what came of it, decide an appeal, hold the talk."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hotline.city.quality.schema import ASPECTS
from hotline.errors import NotAllowed, NotFound, OutOfTurn, Refusal
from hotline.i18n import _
from hotline.quality import appeals, coaching, listing, reading, rights, scoring
from hotline.tickets.privacy.visibility import see
from hotline.web.core.permission import EVERYBODY, allow
from hotline.web.core.read_only import read_only
from hotline.web.core.request_context import here
from hotline.web.core.sorting import sorted_page
from hotline.web.quality.pages import names_of, pages, question_words, scored_words, sheet_words
from hotline.web.ticket.details import read_details
from models import QualityScore, QualityTask

Problems = dict[str, str]


@pages.get("/tickets/<number>/<int:task_id>")
@allow(EVERYBODY)
def task(number: str, task_id: int) -> str:
    """For readers and coaches; the scored person sees the own result, and nobody else anything."""
    return _page(number, task_id)


@pages.post("/tickets/<number>/<int:task_id>/read")
@allow(rights.READERS)
def read(number: str, task_id: int) -> ResponseReturnValue:
    try:
        done = reading.read(here.db, here.city, here.me, task_id, _answers(), request.form.get("comment", ""), here.now)
    except (NotFound, NotAllowed, OutOfTurn):
        raise
    except Refusal as refusal:
        return _again(number, task_id, refusal)
    flash(_said(done), "good")
    following = _next(done)
    return redirect(following or url_for("quality.show"), 303)


@pages.post("/tickets/<number>/<int:task_id>/decide")
@allow(rights.READERS)
def decide(number: str, task_id: int) -> ResponseReturnValue:
    form = request.form
    decision, words = form.get("decision", ""), form.get("words", "")
    try:
        appeals.decide(here.db, here.city, here.me, task_id, decision, _answers(), words, here.now)
    except (NotFound, NotAllowed, OutOfTurn):
        raise
    except Refusal as refusal:
        return _again(number, task_id, refusal)
    flash(_("申诉已决定，被评的人已收到通知。"), "good")
    return redirect(url_for("quality.show", tab="appeals"), 303)


@pages.post("/tickets/<number>/<int:task_id>/coach")
@allow(rights.COACHES)
def coach(number: str, task_id: int) -> ResponseReturnValue:
    try:
        coaching.coach(here.db, here.me, task_id, request.form.get("words", ""), here.now)
    except (NotFound, NotAllowed, OutOfTurn):
        raise
    except Refusal as refusal:
        return _again(number, task_id, refusal)
    flash(_("辅导已记下。"), "good")
    return redirect(url_for("quality.show", tab="coaching"), 303)


@pages.post("/tickets/<number>/<int:task_id>/appeal")
@allow(EVERYBODY)
def appeal(number: str, task_id: int) -> ResponseReturnValue:
    try:
        appeals.appeal(here.db, here.city, here.me, task_id, request.form.get("words", ""), here.now)
    except (NotFound, NotAllowed, OutOfTurn):
        raise
    except Refusal as refusal:
        return _again(number, task_id, refusal)
    flash(_("申诉已提交，由没有评过这一件的人决定。"), "good")
    return redirect(url_for("quality.task", number=number, task_id=task_id), 303)


def _again(number: str, task_id: int, refusal: Refusal) -> ResponseReturnValue:
    """The page with what was typed and what is wrong."""
    read_only()
    return _page(number, task_id, refusal.problems or {"": refusal.sentence}), refusal.status


def _answers() -> dict[str, str]:
    return {name.removeprefix("q."): value for name, value in request.form.items() if name.startswith("q.")}


def _said(done: QualityTask) -> str:
    if done.state == "told":
        return _("评完了，结果 %(points)s 分，被评的人已收到通知。", points=f"{done.points:g}")
    if done.state == "differs":
        return _("两人的评分相差较大，已转给第三人。")
    return _("您的评分已记下，等另一人评完。")


def _next(done: QualityTask) -> str | None:
    """The oldest task that still waits for this person."""
    waiting = listing.listed(here.me, listing.Wish("read", sheet=done.sheet_code))
    rows = sorted_page(here.db, waiting, QualityTask.drawn_at, QualityTask.id, size=1).rows
    return url_for("quality.task", number=rows[0][1].number, task_id=rows[0][0].id) if rows else None


def _page(number: str, task_id: int, problems: Mapping[str, str] | None = None) -> str:
    ticket = see(here.db, here.me, number)
    found = reading.find(here.db, here.me, task_id)
    own = rights.is_own(here.me, found)
    if found.ticket_id != ticket.id or not (own or here.me.is_(*rights.COACHES)):
        raise NotFound(_("没有这件质检，或您没有权限查看。"))
    if own and found.state != "told":
        raise NotFound(_("这一件还没有评完。"))
    scores = reading.scores_of(here.db, found)
    reads = _may_read(found, scores)
    return render_template(
        "quality/task.html",
        ticket=ticket,
        task=found,
        sheet_name=sheet_words(found),
        scored=scored_words(found, names_of([found.scored_id])),
        details=read_details(here.db, here.city, here.me, ticket, here.now),
        questions=[_question(one, scores) for one in found.sheet["questions"]],
        scores=scores if found.state == "told" or (found.state == "differs" and reads) else [],
        own=own,
        reads=reads,
        decides=appeals.may_decide(here.db, here.me, found),
        coaches=_may_coach(found),
        appeals=appeals.may_appeal(here.me, found, here.now),
        decision=_(appeals.DECISIONS.get(found.decision or "", "")),
        decisions=[(code, _(name)) for code, name in appeals.DECISIONS.items()],
        answers={code: _(name) for code, name in scoring.ANSWERS.items()},
        typed=_answers(),
        said=request.form,
        problems=problems or {},
    )


def _may_read(found: QualityTask, scores: list[QualityScore]) -> bool:
    waits = found.state == "differs" or (found.state == "open" and len(scores) < found.readers)
    unread = all(one.reader_id != here.me.id for one in scores)
    return waits and unread and found.scored_id != here.me.id and here.me.is_(*rights.READERS)


def _may_coach(found: QualityTask) -> bool:
    waits = found.state == "told" and found.coaching and found.coached_at is None
    return waits and here.me.is_(*rights.COACHES) and found.scored_id != here.me.id


def _question(asked: dict[str, Any], scores: list[QualityScore]) -> dict[str, Any]:
    """One line of the sheet. given: each reader's answer, in the order of their scores."""
    return {
        "code": asked["code"],
        "aspect": _(ASPECTS.get(asked["aspect"], asked["aspect"])),
        "text": question_words(asked),
        "points": asked["points"],
        "fatal": asked["fatal"],
        "allowed": scoring.allowed(asked),
        "given": [one.answers.get(asked["code"], "") for one in scores],
    }
