"""How people fare: my own progress per kind of caller, and for mentors everybody's."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from hotline.city.practice.schema import title
from hotline.errors import NotAllowed, NotFound, OutOfTurn, Refusal
from hotline.i18n import _
from hotline.practice import coaching, progress, rights
from hotline.web.core.limits.edge import whole_number
from hotline.web.core.permission import allow
from hotline.web.core.read_only import read_only
from hotline.web.core.request_context import here
from hotline.web.practice.pages import kind_words, pages
from models import Staff


@pages.get("/progress")
@allow(rights.PEOPLE)
def mine() -> str:
    """person: whose, for a mentor; else my own."""
    asked = whole_number(request.args.get("person")) or 0
    return _progress(asked if asked and here.me.is_(*rights.MENTORS) else (here.me.id or 0))


def _progress(person: int, problem: str = "", wrong: str = "") -> str:
    staff = here.db.scalar(select(Staff).where(Staff.id == person))
    if staff is None:
        raise NotFound(_("没有这个人。"))
    found = progress.by_kind(here.db, person)
    kinds = here.city.practice.kinds
    codes = [*kinds, *(code for code in found if code not in kinds)]
    return render_template(
        "practice/progress.html",
        staff=staff,
        own=person == here.me.id,
        rows=[(code, title(kinds[code]) if code in kinds else code, found.get(code)) for code in codes],
        runs=sum(one.runs for one in found.values()),
        passed=sum(one.passed for one in found.values()),
        waiting=coaching.waiting(here.db, here.me, person) if person != here.me.id else [],
        talks=coaching.talks(here.db, person),
        problem=problem,
        wrong=wrong,
        kind_words=kind_words,
    )


@pages.post("/people/<int:person>/coach")
@allow(rights.MENTORS)
def coach(person: int) -> ResponseReturnValue:
    """kind, words: what was agreed over which calls."""
    kind = request.form.get("kind", "")
    try:
        coaching.coach(here.db, here.me, person, kind, request.form.get(f"words-{kind}", ""), here.now)
    except (NotAllowed, OutOfTurn):
        raise
    except Refusal as refusal:
        read_only()
        return _progress(person, refusal.sentence, kind), refusal.status
    flash(_("辅导已记下。"), "good")
    return redirect(url_for("practice.mine", person=person), 303)


@pages.get("/people")
@allow(rights.MENTORS)
def people() -> str:
    """Everybody who practised, by name."""
    return render_template("practice/people.html", rows=progress.by_person(here.db), kind_words=kind_words)
