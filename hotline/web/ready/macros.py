"""The lists of macros and the form in which one is written: its steps, and the answers that are kept with each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from hotline.city.ready.schema import LONGEST_TITLE
from hotline.errors import Refusal
from hotline.i18n import _
from hotline.ready import history, keeping, macros, rights
from hotline.ready.macros import MOST_STEPS, Plan, Step
from hotline.tickets.lifecycle import ACTIONS
from hotline.web.core.forms.action_forms import Question, question, shown_values, typed_answers
from hotline.web.core.limits.edge import whole_number
from hotline.web.core.permission import allow
from hotline.web.core.read_only import read_only
from hotline.web.core.request_context import here
from hotline.web.core.sorting import asked_page, sorted_page
from hotline.web.ready.pages import asked_tab, desks, pages, seen_version, tabs
from models import Macro, Ticket


@pages.get("/macros")
@allow(rights.USERS)
def macro_list() -> str:
    tab, desk = asked_tab()
    query = keeping.listed(Macro, here.me, tab, desk)
    listed = sorted_page(here.db, query, Macro.uses, Macro.id, rising=False, **asked_page())
    return render_template(
        "ready/macros.html",
        page=listed,
        parts=tabs("ready.macro_list", tab),
        tab=tab,
        desk=desk,
        desks=desks(),
        labels=labels,
    )


@pages.get("/macros/new")
@allow(rights.USERS)
def new_macro() -> str:
    return _form(None, Plan("", "", ()), {})


@pages.post("/macros/new")
@allow(rights.USERS)
def create_macro() -> ResponseReturnValue:
    shared = bool(request.form.get("shared"))
    return _done(None, lambda plan: macros.write(here.db, here.city, here.me, plan, here.now, shared=shared))


@pages.get("/macros/<int:macro_id>")
@allow(rights.USERS)
def edit_macro(macro_id: int) -> str:
    macro = keeping.found(here.db, Macro, here.me, macro_id)
    return _form(macro, Plan(macro.title, macro.desk, tuple(macros.steps_of(macro))), {})


@pages.post("/macros/<int:macro_id>")
@allow(rights.USERS)
def save_macro(macro_id: int) -> ResponseReturnValue:
    macro = keeping.found(here.db, Macro, here.me, macro_id)
    return _done(macro, lambda plan: macros.rewrite(here.db, here.city, here.me, macro, plan, here.now, seen_version()))


@pages.post("/macros/<int:macro_id>/<any(retire, restore):deed>")
@allow(rights.USERS)
def turn_macro(macro_id: int, deed: str) -> ResponseReturnValue:
    macro = keeping.found(here.db, Macro, here.me, macro_id)
    do = keeping.retire if deed == "retire" else keeping.restore
    do(here.db, here.me, macro, here.now, seen_version())
    flash(_("已停用，不再给出；需要时可以恢复。") if deed == "retire" else _("已恢复。"), "good")
    return redirect(url_for("ready.macro_list", tab="mine" if macro.owner_id else "shared"), 303)


def labels(steps: list[dict[str, Any]]) -> str:
    """The steps in one line."""
    return " → ".join(_(ACTIONS[one["action"]].label) if one["action"] in ACTIONS else one["action"] for one in steps)


def part_of_form(number: int) -> MultiDict[str, str]:
    """The fields of one step, by their own names."""
    start = f"{number}."
    return MultiDict(
        (name.removeprefix(start), value) for name, value in request.form.items(multi=True) if name.startswith(start)
    )


def step_question(number: int, field: Any, ticket: Ticket | None) -> Question:
    """A question of one step, under a name of its own."""
    asked = question(field, ticket)  # type: ignore[arg-type]  # no kept question looks at the ticket
    return replace(asked, name=f"{number}.{asked.name}", when="")


def _done(macro: Macro | None, do: Callable[[Plan], object]) -> ResponseReturnValue:
    """What only changes the form draws it again; refused, it comes back with everything that was typed."""
    plan, then = _typed(), request.form.get("then", "save")
    if then != "save":
        read_only()
        return _form(macro, _rearranged(plan, then), {})
    try:
        do(plan)
    except Refusal as refusal:
        if refusal.status not in (400, 409):
            raise
        read_only()
        again = keeping.found(here.db, Macro, here.me, macro.id) if macro is not None else None
        return _form(again, plan, refusal.problems or {"": refusal.sentence}), refusal.status
    flash(_("已保存。"), "good")
    shared = macro.owner_id is None if macro is not None else bool(request.form.get("shared"))
    return redirect(url_for("ready.macro_list", tab="shared" if shared else "mine"), 303)


def _typed() -> Plan:
    chosen = request.form.getlist("action")[:MOST_STEPS]
    steps = (
        Step(action, typed_answers(macros.kept_fields(action), part_of_form(n)) if action in ACTIONS else {})
        for n, action in enumerate(chosen)
    )
    return Plan(request.form.get("title", ""), request.form.get("desk", ""), tuple(steps))


def _rearranged(plan: Plan, then: str) -> Plan:
    """then: "add" the action that was chosen, or "drop:<number of the step>"."""
    added, steps = request.form.get("added", ""), list(plan.steps)
    what, _colon, number = then.partition(":")
    if what == "add" and added in macros.allowed() and len(steps) < MOST_STEPS:
        steps.append(Step(added, {}))
    elif what == "drop" and (at := whole_number(number)) is not None and at < len(steps):
        del steps[at]
    return replace(plan, steps=tuple(steps))


def _form(macro: Macro | None, plan: Plan, problems: Mapping[str, str]) -> str:
    return render_template(
        "ready/macro.html",
        macro=macro,
        plan=plan,
        steps=[_step(n, one) for n, one in enumerate(plan.steps)],
        problems=problems,
        may_change=macro is None or rights.may_change(here.me, macro),
        may_share=rights.may_share(here.me),
        shared=request.form.get("shared", ""),
        seen=request.form.get("seen") or (macro.version if macro is not None else ""),
        desks=desks(),
        actions=[(name, _(ACTIONS[name].label)) for name in macros.allowed()],
        most=MOST_STEPS,
        longest_title=LONGEST_TITLE,
        history=history.history(here.db, "macro", macro.id) if macro is not None else [],
        deeds={code: _(name) for code, name in history.DEEDS.items()},
    )


def _step(number: int, step: Step) -> dict[str, Any]:
    """A step as the form draws it. asked: what is left to the person each time."""
    action = ACTIONS.get(step.action)
    kept = macros.kept_fields(step.action) if action else ()
    shown = shown_values(kept, step.answers)
    return {
        "action": step.action,
        "label": _(action.label) if action else step.action,
        "hint": _(action.hint) if action else "",
        "questions": [
            (replace(step_question(number, one, None), required=False), shown.get(one.name, "")) for one in kept
        ],
        "asked": [_(one.label) for one in action.fields if one not in kept and one.kind not in ("count", "row")]
        if action
        else [],
    }
