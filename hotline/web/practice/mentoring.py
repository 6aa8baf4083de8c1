"""The second pair of eyes on the page: what waits for a colleague, passed by one key or corrected with a note; who learns."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from hotline.errors import NotFound, OutOfTurn, Refusal
from hotline.i18n import N_, _
from hotline.practice import newcomers, rights
from hotline.tickets.act import act, lock
from hotline.tickets.fields import choices_of
from hotline.tickets.lifecycle import ACTIONS
from hotline.tickets.lists.ticket_list import Wanted
from hotline.tickets.mentoring.rules import CORRECTED, CORRECTIONS, PASSED, WAITS, learns, waits
from hotline.tickets.names import ActionName as Do
from hotline.tickets.privacy.redact import starred
from hotline.tickets.privacy.visibility import see
from hotline.web.core.formatting import ticket_row
from hotline.web.core.forms.categories import category_label, category_of, category_options
from hotline.web.core.limits.edge import whole_number
from hotline.web.core.permission import allow
from hotline.web.core.read_only import read_only
from hotline.web.core.request_context import here
from hotline.web.core.sorting import asked_page, sorted_page
from hotline.web.overview.behind import tickets_behind
from hotline.web.practice.pages import names_of, pages
from models import Staff, Ticket

RESULTS = {WAITS: N_("等看"), PASSED: N_("通过"), CORRECTED: N_("更正")}
TABS = {"before": N_("看过才派"), "after": N_("已先派出，事后看")}


@pages.get("/looks")
@allow(rights.LOOKERS)
def looks() -> str:
    """What newcomers took in: the calm before it is dispatched, what could not wait afterwards."""
    asked = request.args.get("tab", "before")
    tab = asked if asked in TABS else "before"
    page = sorted_page(here.db, newcomers.looks(here.me, tab), Ticket.created_at, Ticket.id, **asked_page())
    counts = {one: newcomers.count(here.db, newcomers.looks(here.me, one)) for one in TABS}
    return render_template(
        "practice/looks.html",
        rows=[(ticket_row(one), one) for one in page.rows],
        names=names_of(one.agent_id for one in page.rows if one.agent_id),
        listed=page,
        tab=tab,
        tabs=[(_(name), url_for("practice.looks", tab=one), one == tab, counts[one]) for one, name in TABS.items()],
        learns=learns(here.db.get(Staff, here.me.id)),
    )


@pages.get("/looks/<number>")
@allow(rights.LOOKERS)
def look(number: str) -> str:
    return _look(_waiting(number), {}, {})


@pages.post("/looks/<number>")
@allow(rights.LOOKERS)
def looked(number: str) -> ResponseReturnValue:
    """result: passed as it stands, or corrected with what was changed and a note."""
    ticket = lock(here.db, _waiting(number).id)
    typed = {name: request.form.get(name, "").strip() for name in ("result", *CORRECTIONS, "note")}
    try:
        act(here.db, here.city, ticket, Do.SECOND_LOOK, here.me, here.now, _answers(ticket, typed))
    except OutOfTurn:
        raise
    except Refusal as refusal:
        read_only()
        return _look(_waiting(number), typed, refusal.problems or {"": refusal.sentence}), refusal.status
    said = (
        _("工单 %(number)s 已看过，可以派单。")
        if ticket.second_look == PASSED
        else _("工单 %(number)s 已更正，说明已发给受理的同事。")
    )
    flash(said % {"number": number}, "good")
    return _on()


@pages.get("/newcomers")
@allow(rights.MENTORS)
def learning() -> str:
    return _newcomers({})


@pages.get("/newcomers/<int:staff_id>/tickets")
@allow(rights.MENTORS)
def taken_in(staff_id: int) -> str:
    """The tickets behind a number of a newcomer's line."""
    staff, result = here.db.get(Staff, staff_id), request.args.get("result", "")
    if staff is None or not learns(staff) or result not in RESULTS:
        raise NotFound(_("没有这位带教期的话务员。"))
    wanted = Wanted(also=(*newcomers.taken_in(staff), Ticket.second_look == result))
    title = _("%(name)s：%(what)s", name=staff.name, what=_(RESULTS[result]))
    return tickets_behind(wanted, title, url_for("practice.learning"))


@pages.post("/newcomers")
@allow(rights.RELEASERS)
def begin_mentoring() -> ResponseReturnValue:
    person, days = (whole_number(request.form.get("person")) or 0), (whole_number(request.form.get("days")) or 0)

    def do() -> str:
        return _("%(name)s进入带教期。", name=newcomers.begin(here.db, here.me, person, days, here.now).name)

    return _done(do)


@pages.post("/newcomers/<int:staff_id>/release")
@allow(rights.RELEASERS)
def release(staff_id: int) -> ResponseReturnValue:
    def do() -> str:
        why = request.form.get("why", "")
        return _(
            "%(name)s已放单，可以独立受理。", name=newcomers.release(here.db, here.me, staff_id, why, here.now).name
        )

    return _done(do, staff_id)


def _done(do: Any, staff_id: int = 0) -> ResponseReturnValue:
    try:
        sentence = do()
    except (NotFound, OutOfTurn):
        raise
    except Refusal as refusal:
        read_only()
        return _newcomers(refusal.problems or {"": refusal.sentence}, staff_id), refusal.status
    flash(sentence, "good")
    return redirect(url_for("practice.learning"), 303)


def _newcomers(problems: dict[str, str], staff_id: int = 0) -> str:
    return render_template(
        "practice/newcomers.html",
        rows=newcomers.learning(here.db, here.now),
        results=RESULTS,
        released=sorted_page(
            here.db, newcomers.released(), Staff.released_at, Staff.id, rising=False, size=20, **asked_page()
        ),
        agents=[(one.id, one.name) for one in newcomers.could_learn(here.db)],
        releases=here.me.is_(*rights.RELEASERS),
        problems=problems,
        wrong=staff_id,
        typed=request.form,
    )


def _waiting(number: str) -> Ticket:
    ticket = see(here.db, here.me, number)
    if ticket.second_look is None:
        raise NotFound(_("工单 %(number)s 不用看。", number=number[:24]))
    return ticket


def _answers(ticket: Ticket, typed: dict[str, str]) -> dict[str, Any]:
    """Only what differs is a correction, whichever button was pressed; a field left as it stands says nothing.

    Raises Refusal where stars would take the place of the words behind them.
    """
    now = _as_it_stands(ticket)
    changed = {name: typed[name] for name in CORRECTIONS if typed[name] and typed[name] != now[name]}
    if starry := [name for name in changed if "*" in now[name] and "*" in changed[name]]:
        sentence = _("这里有隐去的字（*）。请写全再改，或保持原样。")
        raise Refusal(sentence, problems=dict.fromkeys(starry, sentence))
    if "category" in changed:
        changed["category"] = category_of(changed["category"], here.city) or ""
    return {"result": typed["result"] or PASSED, "note": typed["note"], **changed}


def _as_it_stands(ticket: Ticket) -> dict[str, str]:
    """As everybody may read it: who corrects a starred place writes it anew."""
    return {
        "title": starred(ticket, ticket.title),
        "category": category_label(ticket.category_code),
        "request_type": ticket.request_type,
        "urgency": ticket.urgency,
        "area": ticket.area or "",
        "place": starred(ticket, ticket.text.place),
        "privacy": ticket.privacy,
    }


def _look(ticket: Ticket, typed: dict[str, str], problems: dict[str, str]) -> str:
    fields = {field.name: field for field in ACTIONS[Do.SECOND_LOOK].fields}
    return render_template(
        "practice/look.html",
        ticket=ticket,
        agent=names_of([ticket.agent_id]).get(ticket.agent_id, "") if ticket.agent_id else "",
        waits=waits(ticket),
        open=ticket.second_look == "waits",
        value={**_as_it_stands(ticket), "note": "", **{name: words for name, words in typed.items() if words}},
        problems=problems,
        categories=category_options(),
        areas=[(code, here.city.area_name(code)) for code in here.city.areas],
        choices={
            name: list(choices_of(fields[name], here.city).items()) for name in ("request_type", "urgency", "privacy")
        },
        corrected=CORRECTED,
    )


def _on() -> Response:
    """To the next one that waits, or back to the list."""
    following = sorted_page(here.db, newcomers.looks(here.me, "before"), Ticket.created_at, Ticket.id, size=1).rows
    if request.form.get("on") and following:
        return redirect(url_for("practice.look", number=following[0].number), 303)
    return redirect(url_for("practice.looks"), 303)
