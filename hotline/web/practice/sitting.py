"""Examinations on the page: begun, taken call by call, handed in; certificates, and who passed what and when."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hotline.errors import NotFound
from hotline.i18n import _, language
from hotline.practice import exams, rights
from hotline.web.core.limits.edge import whole_number
from hotline.web.core.permission import allow
from hotline.web.core.request_context import here
from hotline.web.core.sorting import asked_page, sorted_page
from hotline.web.practice.pages import names_of, pages, rows_of
from hotline.web.ticket.prints import issuer
from models import PracticeExam

OUTCOMES = ("passed", "failed")


@pages.get("/exams")
@allow(rights.PEOPLE)
def sat() -> str:
    """Everybody's for a mentor, else my own; a certificate is looked up by its number."""
    asked = request.args
    mentor = here.me.is_(*rights.MENTORS)
    outcome = asked.get("outcome", "") if asked.get("outcome", "") in OUTCOMES else ""
    person = (whole_number(asked.get("person")) or 0) if mentor else 0
    number = asked.get("number", "")[:24]
    query = exams.listed(here.me, person=person, outcome=outcome)
    page = sorted_page(here.db, query, PracticeExam.started_at, PracticeExam.id, rising=False, **asked_page())
    return render_template(
        "practice/exams.html",
        rows=[(one, exam_title(one)) for one in page.rows],
        listed=page,
        total=exams.count(here.db, query),
        outcome=outcome,
        person=person,
        person_name=names_of([person]).get(person, "") if person else "",
        number=number,
        found=exams.by_number(here.db, number),
        good_until=exams.good_until,
        exam_title=exam_title,
        mentor=mentor,
    )


@pages.post("/exams/begin")
@allow(rights.PEOPLE)
def begin_exam() -> ResponseReturnValue:
    begun = exams.begin(here.db, here.city, here.me, request.form.get("code", ""), here.now)
    return redirect(url_for("practice.exam", exam_id=begun.id), 303)


@pages.get("/exams/<int:exam_id>")
@allow(rights.PEOPLE)
def exam(exam_id: int) -> str:
    """While it runs: how many calls are left, and how long. Afterwards: its result."""
    found = exams.seen(here.db, here.me, exam_id)
    calls = exams.calls(here.db, found)
    return render_template(
        "practice/exam.html",
        exam=found,
        name=exam_title(found),
        calls=calls,
        rows=rows_of(calls),
        fatal=sum(exams.fatal(one) for one in calls),
        left=sum(one.ended_at is None for one in calls),
        running=exams.is_open(found, here.now),
        minutes_left=max(0, round((found.ends_at - here.now).total_seconds() / 60)),
        mine=found.staff_id == here.me.id,
    )


@pages.post("/exams/<int:exam_id>/next")
@allow(rights.PEOPLE)
def next_call(exam_id: int) -> ResponseReturnValue:
    found = exams.own(here.db, here.me, exam_id, to_change=True)
    following = exams.answer_next(here.db, found, here.now)
    if following is None:
        return redirect(url_for("practice.exam", exam_id=exam_id), 303)
    return redirect(url_for("practice.run", run_id=following.id), 303)


@pages.post("/exams/<int:exam_id>/hand-in")
@allow(rights.PEOPLE)
def hand_in(exam_id: int) -> ResponseReturnValue:
    exams.hand_in(here.db, exams.own(here.db, here.me, exam_id, to_change=True), here.now)
    return redirect(url_for("practice.exam", exam_id=exam_id), 303)


@pages.get("/exams/<int:exam_id>/certificate")
@allow(rights.PEOPLE)
def certificate(exam_id: int) -> str:
    """One page of A4; the browser prints it."""
    found = exams.seen(here.db, here.me, exam_id)
    if found.number is None:
        raise NotFound(_("这次考试没有合格证。"))
    return render_template(
        "practice/certificate.html",
        exam=found,
        name=exam_title(found),
        until=exams.good_until(found),
        issuer=issuer(),
    )


def exam_title(exam: PracticeExam) -> str:
    """Its name as it was when it began."""
    return str(exam.rules["name_en" if language() == "en" else "name"])
