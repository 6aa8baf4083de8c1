"""A macro on one ticket: which there are, what each would do there and why not, and the one button that does all of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hotline.errors import Refusal
from hotline.i18n import _
from hotline.ready import keeping, rights, running
from hotline.ready.running import Stopped
from hotline.tickets.act import lock
from hotline.tickets.display.timeline import state_words
from hotline.tickets.lifecycle import ACTIONS
from hotline.tickets.privacy import visibility
from hotline.tickets.reply_rules.replies import last_reply
from hotline.web.core.forms.action_forms import shown_values, typed_answers
from hotline.web.core.permission import allow
from hotline.web.core.request_context import here
from hotline.web.ready.macros import labels, part_of_form, step_question
from hotline.web.ready.offering import desk_of
from hotline.web.ready.pages import pages
from hotline.web.ticket.page import onward, seen_moves
from hotline.web.ticket.undo import flash_undoable
from models import Macro, Ticket


@pages.get("/macros/on/<number>")
@allow(rights.USERS)
def choose(number: str) -> str:
    """Those that could begin here stand first."""
    ticket = visibility.see(here.db, here.me, number)
    offered = keeping.offered(here.db, Macro, here.me, desk_of([request.args.get("where", "")]))
    rows = [(one, _first_in_the_way(one, ticket)) for one in offered]
    return render_template(
        "ready/choose.html", ticket=ticket, rows=sorted(rows, key=lambda row: bool(row[1])), labels=labels
    )


@pages.get("/macros/<int:macro_id>/on/<number>")
@allow(rights.USERS)
def look_at(macro_id: int, number: str) -> str:
    return _page(keeping.found(here.db, Macro, here.me, macro_id), visibility.see(here.db, here.me, number))


@pages.post("/macros/<int:macro_id>/on/<number>")
@allow(rights.USERS)
def run_macro(macro_id: int, number: str) -> ResponseReturnValue:
    """All of its steps or none. Refused, the page comes back with what was typed and the step that was refused."""
    macro, ticket = keeping.found(here.db, Macro, here.me, macro_id), visibility.see(here.db, here.me, number)
    typed = [
        typed_answers(running.fields_of(one, ticket), part_of_form(n)) for n, one in enumerate(running.steps_of(macro))
    ]
    for one, said in zip(running.steps_of(macro), typed, strict=True):
        said.update({"wording": request.form.get("wording")} if running.judges(one.action) else {})
    try:
        held = lock(here.db, ticket.id)
        way = running.way_back(macro, held.state)
        models = here.installation.review_models
        done = running.run(
            here.db, here.city, macro, held, here.me, here.now, typed, seen=seen_moves(), review_models=models
        )
    except Refusal as refusal:
        here.db.rollback()
        macro, ticket = keeping.found(here.db, Macro, here.me, macro_id), visibility.see(here.db, here.me, number)
        return _page(macro, ticket, typed, refusal), refusal.status
    keeping.note_use(here.db, macro, here.now)
    told = _("“%(name)s”已办 %(n)d 步：工单 %(number)s 现在是“%(state)s”。", name=macro.title, n=len(done), number=number,
             state=state_words(held.state))  # fmt: skip
    if not way.back:
        return onward(held, told)
    here.db.flush()
    seen = visibility.may_see(here.db, here.me, held.id)
    back = url_for("tickets.show", number=number) if seen else url_for("home")
    flash_undoable(told, done, back)
    return redirect(back, 303)


def _first_in_the_way(macro: Macro, ticket: Ticket) -> str:
    shown = running.preview(here.db, here.city, macro, ticket, here.me, here.now)
    return next((one.why for one in shown if one.why), "")


def _page(macro: Macro, ticket: Ticket, typed: Sequence[Mapping[str, Any]] = (), refusal: Refusal | None = None) -> str:
    shown = running.preview(here.db, here.city, macro, ticket, here.me, here.now)
    at = refusal.number if isinstance(refusal, Stopped) else None
    return render_template(
        "ready/run.html",
        macro=macro,
        ticket=ticket,
        reply=last_reply(here.db, ticket.id) if any(running.judges(one.step.action) for one in shown) else None,
        steps=[_step(n, one, ticket, typed[n] if n < len(typed) else {}) for n, one in enumerate(shown)],
        blocked=[one.why for one in shown if one.why],
        way=running.way_back(macro, ticket.state),
        seconds=here.city.policy.undo_seconds,
        refused=refusal.sentence if refusal is not None else "",
        refused_at=at,
        problems={f"{at}.{name}": said for name, said in refusal.problems.items()}
        if refusal and at is not None
        else {},
    )


def _step(number: int, one: running.Preview, ticket: Ticket, typed: Mapping[str, Any]) -> dict[str, Any]:
    action = ACTIONS.get(one.step.action)
    shown = shown_values(one.fields, {**one.answers, **typed})
    return {
        "label": _(action.label) if action else one.step.action,
        "hint": _(action.hint) if action else "",
        "questions": [(step_question(number, field, ticket), shown.get(field.name, "")) for field in one.fields],
        "to": state_words(one.to),
        "moves": one.move is not None and one.move.to is not None,
        "why": one.why,
        "later": one.later,
    }
