"""The moderator's desk: sessions, the questions as they come in, which one is on air; and the recorder's page beside each."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from hotline.errors import NotFound, Refusal
from hotline.i18n import _
from hotline.interviews import planning, questions
from hotline.interviews.figures import figures_of
from hotline.interviews.planning import MODERATORS, PLANNERS, RECORDERS
from hotline.tickets.roles import Role
from hotline.web.core.formatting import seen_title, ticket_row, word
from hotline.web.core.forms import draft_store
from hotline.web.core.permission import allow
from hotline.web.core.read_only import read_only
from hotline.web.core.request_context import here
from hotline.web.core.sorting import asked_page, sorted_page
from models import Interview, InterviewQuestion, Ticket

pages = Blueprint("sessions", __name__, url_prefix="/interviews")


@pages.get("/", strict_slashes=False)
@allow(RECORDERS)
def show() -> str:
    return _sessions({}, {})


@pages.post("/")
@allow(PLANNERS)
def plan() -> ResponseReturnValue:
    try:
        one = planning.plan(here.db, here.city, here.me, request.form, here.now)
    except Refusal as refusal:
        read_only()
        return _sessions(request.form, refusal.problems or {"": refusal.sentence}), refusal.status
    flash(_("已预告，市民现在就能在公开页面看到。"), "good")
    return redirect(url_for("sessions.desk", interview_id=one.id), 303)


@pages.get("/<int:interview_id>/edit")
@allow(PLANNERS)
def edit(interview_id: int) -> str:
    one = planning.find(here.db, interview_id)
    return _form(one, _values(one), {})


@pages.post("/<int:interview_id>/edit")
@allow(PLANNERS)
def change(interview_id: int) -> ResponseReturnValue:
    one = planning.find(here.db, interview_id)
    try:
        planning.plan(here.db, here.city, here.me, request.form, here.now, one)
    except Refusal as refusal:
        here.db.rollback()
        read_only()
        one = planning.find(here.db, interview_id)
        return _form(one, request.form, refusal.problems or {"": refusal.sentence}), refusal.status
    flash(_("已保存。"), "good")
    return redirect(url_for("sessions.desk", interview_id=interview_id), 303)


@pages.get("/<int:interview_id>")
@allow(RECORDERS)
def desk(interview_id: int) -> str:
    """The list refreshes itself; nothing is typed on this page."""
    one = planning.find(here.db, interview_id)
    asked, figures = questions.listed(here.db, one), figures_of(here.db, one)
    doors = {code: _(name) for code, name in questions.DOORS.items()}
    return render_template(
        "interviews/desk.html",
        interview=one,
        states=_states(),
        question_states={code: _(name) for code, name in questions.STATES.items()},
        doors=doors,
        by_door=[(doors[code], n) for code, n in figures.by_door.items() if n],
        rows=[(each.question, ticket_row(each.ticket), each.ticket, each.more) for each in _in_turn(asked)],
        on_air=next((each for each in asked if each.question.state == "on_air"), None),
        figures=figures,
        takes=planning.takes_questions(one, here.now),
        may_plan=here.me.is_(*PLANNERS),
        may_moderate=here.me.is_(*MODERATORS),
        may_dispatch=here.me.is_(Role.DISPATCHER),
    )


@pages.post("/<int:interview_id>/<any(start, end, cancel):name>")
@allow(MODERATORS)
def step(interview_id: int, name: str) -> ResponseReturnValue:
    one = planning.step(here.db, here.me, interview_id, name, here.now)
    if name == "end":
        questions.finish(here.db, one, here.now)
    flash(_("这一场现在：%(state)s。", state=_states()[one.state]), "good")
    return _back(interview_id)


@pages.post("/<int:interview_id>/questions/<int:question_id>/choose")
@allow(MODERATORS)
def choose(interview_id: int, question_id: int) -> ResponseReturnValue:
    questions.choose(here.db, planning.find(here.db, interview_id), question_id, here.now)
    return _back(interview_id)


@pages.post("/<int:interview_id>/finish")
@allow(MODERATORS)
def finish(interview_id: int) -> ResponseReturnValue:
    """What is on air was answered; the next one is chosen by hand."""
    questions.finish(here.db, planning.find(here.db, interview_id), here.now)
    return _back(interview_id)


@pages.post("/<int:interview_id>/next")
@allow(MODERATORS)
def following(interview_id: int) -> ResponseReturnValue:
    """The oldest question that waits is on air now; one of danger to life is for the dispatch desk, and on air by hand alone."""
    one = planning.find(here.db, interview_id)
    all_waiting = questions.listed(here.db, one, "waiting")
    waiting = [each for each in all_waiting if not each.ticket.safety]
    if not waiting:
        questions.finish(here.db, one, here.now)
        flash(_("剩下的问题涉及安全，请先看工单。") if all_waiting else _("没有等待的问题了。"), "info")
        return _back(interview_id)
    questions.choose(here.db, one, waiting[0].question.id, here.now)
    return _back(interview_id)


@pages.post("/<int:interview_id>/questions/<int:question_id>/back")
@allow(MODERATORS)
def put_back(interview_id: int, question_id: int) -> ResponseReturnValue:
    questions.put_back(here.db, planning.find(here.db, interview_id), question_id)
    return _back(interview_id)


@pages.post("/<int:interview_id>/questions/<int:question_id>/merge")
@allow(MODERATORS)
def merge(interview_id: int, question_id: int) -> ResponseReturnValue:
    """with: the number of the question that asks the same."""
    one = planning.find(here.db, interview_id)
    other = request.form.get("with", 0, type=int)
    merged = questions.put_together(here.db, here.city, one, question_id, other, here.me, here.now)
    told = _("已并入，工单也已合并。") if merged else _("已并入；两张工单各自办理，答复相同。")
    flash(told, "good")
    return _back(interview_id)


@pages.post("/<int:interview_id>/hand-over")
@allow(Role.DISPATCHER)
def send_to_guest(interview_id: int) -> ResponseReturnValue:
    """What was answered live goes to the guest's unit; it replies, and the reply is reviewed like any other."""
    went, waits = questions.send_to_guest(here.db, here.city, planning.find(here.db, interview_id), here.me, here.now)
    told = _("已派给嘉宾单位 %(n)s 件。", n=went)
    flash(told if not waits else told + _("还有 %(n)s 件要在派单台单独处理。", n=waits), "good" if went else "warn")
    return _back(interview_id)


@pages.get("/<int:interview_id>/questions/<int:question_id>")
@allow(RECORDERS)
def sheet(interview_id: int, question_id: int) -> str:
    """The question, and beside it what is answered; what is typed is kept while it is typed."""
    return _sheet(*_found(interview_id, question_id))


@pages.post("/<int:interview_id>/questions/<int:question_id>")
@allow(RECORDERS)
def record(interview_id: int, question_id: int) -> ResponseReturnValue:
    one, question, ticket = _found(interview_id, question_id)
    words, version = request.form.get("answer", ""), request.form.get("seen", -1, type=int)
    try:
        questions.record(here.db, one, question_id, words, version, here.me)
    except NotFound:
        raise
    except Refusal as refusal:
        here.db.rollback()
        read_only()
        one, question, ticket = _found(interview_id, question_id)
        return _sheet(one, question, ticket, words, refusal.sentence), refusal.status
    draft_store.forget(here.db, _my_id(), _key(question_id))
    flash(_("答复已记下。"), "good")
    return redirect(url_for("sessions.sheet", interview_id=interview_id, question_id=question_id), 303)


# --- the pages -----------------------------------------------------------------------------------------------------------


def _sessions(value: Any, problems: Any) -> str:
    page = sorted_page(
        here.db, select(Interview), Interview.starts_at, Interview.id, rising=False, size=20, **asked_page()
    )
    return render_template(
        "interviews/sessions.html",
        rows=page.rows,
        page=page,
        states=_states(),
        may_plan=here.me.is_(*PLANNERS),
        value=value,
        problems=problems,
        units=_units(),
        kinds=_kinds(),
    )


def _form(one: Interview, value: Any, problems: Any) -> str:
    return render_template(
        "interviews/edit.html", interview=one, value=value, problems=problems, units=_units(), kinds=_kinds()
    )


def _sheet(
    one: Interview, question: InterviewQuestion, ticket: Ticket, words: str | None = None, problem: str = ""
) -> str:
    key = _key(question.id)
    return render_template(
        "interviews/sheet.html",
        interview=one,
        question=question,
        row=ticket_row(ticket),
        ticket=ticket,
        words=question.answer or "" if words is None else words,
        problem=problem,
        other=question.answer if problem else "",
        key=key,
        saved=draft_store.find(here.db, _my_id(), key),
        doors={code: _(name) for code, name in questions.DOORS.items()},
        question_states={code: _(name) for code, name in questions.STATES.items()},
        longest=questions.LONGEST_ANSWER,
        neighbours=_neighbours(one, question),
        others=_others(one, question) if here.me.is_(*MODERATORS) and question.state == "waiting" else [],
    )


def _neighbours(one: Interview, question: InterviewQuestion) -> list[tuple[str, int]]:
    """The question on air, when it is another one."""
    found = [each.question.id for each in questions.listed(here.db, one, "on_air") if each.question.id != question.id]
    return [(_("正在答复的问题"), found[0])] if found else []


def _others(one: Interview, question: InterviewQuestion) -> list[tuple[str, str]]:
    """Questions that may ask the same, by their first words."""
    asked = [each for each in questions.listed(here.db, one) if each.question.id != question.id]
    return [(str(each.question.id), f"{each.question.id}  {seen_title(each.ticket)}") for each in asked]


def _found(interview_id: int, question_id: int) -> tuple[Interview, InterviewQuestion, Ticket]:
    one = planning.find(here.db, interview_id)
    question = questions.find(here.db, one, question_id)
    ticket = here.db.get_one(Ticket, question.ticket_id)
    if ticket.privacy == "sealed":
        raise NotFound(_("这一场没有这个问题。"))
    return one, question, ticket


def _in_turn(asked: list[questions.Asked]) -> list[questions.Asked]:
    """On air, then those that wait, then those that were answered; each part in the order in which they came."""
    order = ("on_air", "waiting", "answered")
    return sorted(asked, key=lambda each: (order.index(each.question.state), each.question.id))


def _values(one: Interview) -> dict[str, str]:
    zone = ZoneInfo(here.city.timezone)
    moments = {name: getattr(one, name).astimezone(zone).strftime("%Y-%m-%dT%H:%M") for name in planning.MOMENTS}
    return {name: getattr(one, name) for name in (*planning.LONGEST, "channel", "guest_unit")} | moments


def _units() -> list[tuple[str, str]]:
    kinds = ("department", "area", "utility")
    return [(code, here.city.unit_name(code)) for code, unit in here.city.units.items() if unit.kind in kinds]


def _kinds() -> list[tuple[str, str]]:
    return [(code, word("channels", code)) for code in planning.CHANNELS]


def _states() -> dict[str, str]:
    return {code: _(name) for code, name in planning.STATES.items()}


def _key(question_id: int) -> str:
    return f"answer:{question_id}"


def _my_id() -> int:
    assert here.me.id is not None
    return here.me.id


def _back(interview_id: int) -> ResponseReturnValue:
    return redirect(url_for("sessions.desk", interview_id=interview_id), 303)
