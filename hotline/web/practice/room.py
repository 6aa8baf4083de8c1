"""The practice room: take a call of an invented person, talk, fill in the desk's own form, and see how it went."""

from __future__ import annotations

import random
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hotline.city.practice.schema import title
from hotline.errors import NotFound, OutOfTurn, Refusal
from hotline.i18n import _
from hotline.practice import exams, progress, rights, runs
from hotline.telephony.calls import EMERGENCY
from hotline.tickets.mentoring.rules import learns
from hotline.web.core.limits.edge import whole_number
from hotline.web.core.limits.idempotency import keyless
from hotline.web.core.permission import allow
from hotline.web.core.read_only import read_only
from hotline.web.core.request_context import here
from hotline.web.core.sorting import asked_page, sorted_page
from hotline.web.intake.form import Intake, typed_now
from hotline.web.practice import form
from hotline.web.practice.pages import end_words, kind_words, minutes_of, names_of, pages, rows_of
from hotline.web.practice.words import items_of
from models import PracticeRun, Staff

SHOWN = 6
LINES = tuple((to, f"alt+{n}") for n, to in enumerate(EMERGENCY, 6))
"""Where a caller is put through, by the desk's own keys."""


@pages.get("/", strict_slashes=False)
@allow(rights.PEOPLE)
def show() -> str:
    """The kinds of callers with my own figures, the examinations, and my last runs."""
    rules, mine = here.city.practice, progress.by_kind(here.db, _me())
    last = sorted_page(
        here.db, progress.ended(person=_me()), PracticeRun.ended_at, PracticeRun.id, rising=False, size=SHOWN
    )
    return render_template(
        "practice/show.html",
        kinds=[(one, title(one), len(rules.of_kind(one.code)), mine.get(one.code)) for one in rules.kinds.values()],
        callers={title(one): [(s.code, s.name) for s in rules.of_kind(one.code)] for one in rules.kinds.values()},
        exams=[(one, title(one), exams.why_not(here.db, here.me, one, here.now)) for one in rules.exams.values()],
        open_exam=exams.open_of(here.db, here.me),
        open_run=runs.open_of(here.db, here.me),
        rows=rows_of(last.rows),
        mentor=here.me.is_(*rights.MENTORS),
        looker=here.me.is_(*rights.LOOKERS),
        learns=learns(here.db.get(Staff, here.me.id)),
    )


@pages.post("/take")
@allow(rights.PEOPLE)
def take() -> ResponseReturnValue:
    """script: a caller that was chosen; kind: of which one is drawn, or of any kind."""
    wanted, rules = request.form.get("script", ""), here.city.practice
    if wanted and wanted not in rules.scripts:
        raise NotFound(_("没有这个脚本。"))
    before = progress.codes_of(here.db, here.me.id)
    lot = random.Random(f"{here.me.id}:{len(before)}:{here.now.isoformat()}")
    script = rules.scripts[wanted] if wanted else runs.drawn(rules, request.form.get("kind", ""), before, lot)
    run = runs.take(here.db, here.me, script, here.now)
    return redirect(url_for("practice.run", run_id=run.id), 303)


@pages.get("/runs")
@allow(rights.PEOPLE)
def listed() -> str:
    """Runs that were told: mine, or as a mentor somebody's."""
    asked = request.args
    mentor = here.me.is_(*rights.MENTORS)
    person = (whole_number(asked.get("person")) or 0) if mentor else _me()
    kind, passed = asked.get("kind", "")[:32], {"yes": True, "no": False}.get(asked.get("passed", ""))
    query = progress.ended(person=person, kind=kind, passed=passed)
    page = sorted_page(here.db, query, PracticeRun.ended_at, PracticeRun.id, rising=False, **asked_page())
    return render_template(
        "practice/runs.html",
        rows=rows_of(page.rows, people=mentor),
        listed=page,
        total=progress.count(here.db, query),
        kinds=[(one.code, title(one)) for one in here.city.practice.kinds.values()],
        kind=kind,
        passed=asked.get("passed", ""),
        person=person if mentor else 0,
        person_name=names_of([person]).get(person, "") if mentor and person else "",
    )


@pages.get("/runs/<int:run_id>")
@allow(rights.PEOPLE)
def run(run_id: int) -> ResponseReturnValue:
    """The call while it runs, afterwards its result."""
    found = runs.seen(here.db, here.me, run_id)
    if found.ended_at is None:
        return _call(found, form.blank(found)) if found.taken_at else redirect(_exam_url(found), 303)
    if found.exam_id is not None and exams.seen(here.db, here.me, found.exam_id).finished_at is None:
        return redirect(_exam_url(found), 303)
    return _result(found)


@pages.post("/runs/<int:run_id>/ask")
@allow(rights.PEOPLE)
def ask(run_id: int) -> ResponseReturnValue:
    """A question by its key (chosen) or in own words (say)."""
    found = runs.own(here.db, here.me, run_id, to_change=True)
    exams.ensure_time(here.db, found, here.now)
    problem = ""
    try:
        runs.ask(found, here.city.practice, request.form.get("chosen", ""), request.form.get("say", ""))
    except Refusal as refusal:
        problem = refusal.sentence
    if here.htmx:
        return render_template("practice/_talk.html", **_talk(found), problem=problem)
    return redirect(url_for("practice.run", run_id=run_id, _anchor="talk"), 303)


@pages.post("/runs/<int:run_id>/beside")
@allow(rights.PEOPLE)
@keyless
def aside(run_id: int) -> str:
    """As at the desk, without real callers; it must not write."""
    read_only()
    found = runs.own(here.db, here.me, run_id)
    return render_template("intake/_side_panel.html", **form.beside_words(found, typed_now()))


@pages.post("/runs/<int:run_id>/questions")
@allow(rights.PEOPLE)
@keyless
def questions(run_id: int) -> str:
    """What the category of the words typed so far asks."""
    read_only()
    return render_template("intake/_questions.html", asked=typed_now().asked)


@pages.post("/runs/<int:run_id>/file")
@allow(rights.PEOPLE)
def file(run_id: int) -> ResponseReturnValue:
    """then: submit, another (one more matter), answer, transfer:<line>, urge, or none."""
    found = runs.own(here.db, here.me, run_id, to_change=True)
    exams.ensure_time(here.db, found, here.now)
    intake = typed_now()
    done, _colon, to = request.values.get("then", "submit").partition(":")
    try:
        if done == "answer" and not intake.values["answer"].strip():
            raise Refusal(_("请先写下直接答复的内容。"), field="answer")
        if done in ("submit", "another", "answer") or intake.text:
            runs.file(found, form.filed(intake))
        if done == "another":
            flash(_("第 1 件已记下，请记第 2 件。"), "good")
            return redirect(url_for("practice.run", run_id=run_id), 303)
        runs.finish(here.db, here.city, found, done, to, here.now)
    except OutOfTurn:
        raise
    except Refusal as refusal:
        read_only()
        again = runs.own(here.db, here.me, run_id)
        return _call(again, intake, refusal.problems or {"": refusal.sentence}), refusal.status
    return redirect(url_for("practice.run", run_id=run_id), 303)


def _call(run: PracticeRun, intake: Intake, problems: dict[str, str] | None = None) -> str:
    exam = exams.own(here.db, here.me, run.exam_id) if run.exam_id is not None else None
    return render_template(
        "practice/run.html", **_talk(run), **form.drawn(run, intake, problems or {}), lines=LINES, exam=exam, problem=""
    )


def _talk(run: PracticeRun) -> dict[str, Any]:
    return {"run": run, "asks": list(here.city.practice.questions.values())}


def _result(run: PracticeRun) -> str:
    items = items_of(run.scores)
    return render_template(
        "practice/result.html",
        run=run,
        items=items,
        missed=[one for one in items if not one.ok],
        kept=[one for one in items if one.ok],
        kind=kind_words(run.kind),
        done=end_words(run.done),
        minutes=minutes_of(run),
        who="" if run.staff_id == here.me.id else names_of([run.staff_id])[run.staff_id],
        mark=here.city.practice.pass_mark,
    )


def _exam_url(run: PracticeRun) -> str:
    return url_for("practice.exam", exam_id=run.exam_id)


def _me() -> int:
    assert here.me.id is not None
    return here.me.id
