"""A macro on the ticked tickets of a list: chosen, looked over ticket by ticket, done, and what became of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hotline.i18n import _
from hotline.ready import keeping, many, rights, running
from hotline.tickets.lifecycle import ACTIONS
from hotline.web.core.formatting import row_of
from hotline.web.core.forms.action_forms import shown_values, typed_answers
from hotline.web.core.permission import allow, local_path
from hotline.web.core.read_only import read_only
from hotline.web.core.request_context import here
from hotline.web.ready.macros import labels, part_of_form, step_question
from hotline.web.ready.offering import desk_of
from hotline.web.ready.pages import pages
from hotline.web.search.bulk import picked
from hotline.web.search.rows import BulkRow
from hotline.web.ticket.undo import flash_undoable
from models import Macro, Ticket


@pages.post("/macros/many")
@allow(rights.USERS)
def choose_for_many() -> ResponseReturnValue:
    """Which macro: those that could begin on the most of them stand first."""
    read_only()
    tickets = _tickets()
    if not tickets:
        return _nothing_ticked()
    offered = keeping.offered(here.db, Macro, here.me, desk_of([_back()]))
    rows = [(one, many.begins(one, tickets, here.me), many.judged(one)) for one in offered]
    rows.sort(key=lambda row: (bool(row[2]), -row[1]))
    return render_template("ready/choose_for_many.html", tickets=tickets, rows=rows, labels=labels, back=_back())


@pages.post("/macros/<int:macro_id>/many")
@allow(rights.USERS)
def run_many(macro_id: int) -> ResponseReturnValue:
    """First to look over, then each through the one door."""
    macro, tickets = keeping.found(here.db, Macro, here.me, macro_id), _tickets()
    if not tickets:
        read_only()
        return _nothing_ticked()
    judged = many.judged(macro)
    if request.form.get("sure") != "yes" or judged:
        read_only()
        return _page(macro, tickets, judged=judged)
    return _run(macro, tickets)


def _run(macro: Macro, tickets: Sequence[Ticket]) -> ResponseReturnValue:
    steps = running.steps_of(macro)
    typed = [typed_answers(many.fields_of(one, tickets), part_of_form(n)) for n, one in enumerate(steps)]
    seen = {one.id: request.form.get(f"seen-{one.number}", type=int) for one in tickets}
    models = here.installation.review_models
    outcomes = many.run(here.db, here.city, macro, tickets, here.me, here.now, typed, seen, review_models=models)
    done = [one for one in outcomes if not one.sentence]
    if done:
        keeping.note_use(here.db, macro, here.now)
        here.db.flush()
        told = _("“%(name)s”已办 %(n)d 张。", name=macro.title, n=len(done))
        flash_undoable(told, [event for one in done for event in one.events], _back())
    if len(done) == len(outcomes):
        return redirect(_back(), 303)
    return _page(macro, tickets, typed, outcomes)


def _page(
    macro: Macro,
    tickets: Sequence[Ticket],
    typed: many.Typed = (),
    outcomes: Sequence[many.Done] | None = None,
    judged: str = "",
) -> str:
    """outcomes: what became of them; None while they are looked over."""
    looked = outcomes is None and not judged
    whys = (
        many.in_the_way(here.db, here.city, macro, tickets, here.me, here.now)
        if looked
        else [one.sentence for one in outcomes or ()] or ["" for _one in tickets]
    )
    rows = [row_of(BulkRow, one, turn=one.move_count, refused=why) for one, why in zip(tickets, whys, strict=True)]
    return render_template(
        "ready/many.html",
        macro=macro,
        steps=[_step(n, one, tickets, typed) for n, one in enumerate(running.steps_of(macro))],
        rows=rows,
        ready=sum(not why for why in whys),
        outcomes=outcomes,
        judged=judged,
        way=running.way_back(
            macro, next((one.state for one, why in zip(tickets, whys, strict=True) if not why), tickets[0].state)
        ),
        seconds=here.city.policy.undo_seconds,
        back=_back(),
    )


def _step(number: int, step: running.Step, tickets: Sequence[Ticket], typed: many.Typed) -> dict[str, Any]:
    fields = many.fields_of(step, tickets)
    answers: Mapping[str, Any] = {**step.answers, **(typed[number] if number < len(typed) else {})}
    shown = shown_values(fields, answers)
    action = ACTIONS.get(step.action)
    return {
        "label": _(action.label) if action else step.action,
        "questions": [(step_question(number, one, tickets[0]), shown.get(one.name, "")) for one in fields],
    }


def _tickets() -> list[Ticket]:
    return picked(here.db, here.me, request.form.getlist("ticket"))


def _back() -> str:
    return local_path(request.values.get("next", "")) or url_for("home")


def _nothing_ticked() -> ResponseReturnValue:
    flash(_("请先勾选工单。"), "warn")
    return redirect(_back(), 303)
