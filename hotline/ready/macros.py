"""What a macro may hold: actions that have a button, with words and choices, never what a person must judge each time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from hotline.city.ready.schema import DESKS, LONGEST_TITLE
from hotline.city.schema import City
from hotline.errors import Refusal
from hotline.i18n import _
from hotline.ready.keeping import change, keep
from hotline.ready.words import problem_of
from hotline.tickets.fields import Field, choices_of
from hotline.tickets.lifecycle import ACTIONS
from hotline.tickets.names import ActionName as Do
from hotline.tickets.roles import Actor
from models import Macro

MOST_STEPS = 5
WITHOUT = frozenset(
    {Do.SUBMIT, Do.REPLY, Do.MERGE, Do.UNMERGE, Do.SPLIT, Do.WITHDRAW, Do.LEAVE, Do.CORRECT, Do.RENEW_CODE}
)
"""What has a form or a way of its own: a look at two tickets, a signature, a second person's yes."""

KEPT_KINDS = frozenset({"text", "long", "choice", "choices", "unit", "units", "category"})
JUDGED = frozenset({"solved", "result", "means", "truth", "outcome", "reached", "directive"})
"""Answers that are true of one ticket only: they are asked for each time, as are checklists, days and moments."""


@dataclass(frozen=True)
class Step:
    """One action with the answers that are kept; the others are asked when it is run."""

    action: str
    answers: Mapping[str, Any]


@dataclass(frozen=True)
class Plan:
    """What a macro says."""

    title: str
    desk: str
    steps: tuple[Step, ...]


def allowed() -> list[str]:
    """The actions that a macro may hold, in the order of the table."""
    return [name for name, one in ACTIONS.items() if one.mood not in ("quiet", "apart") and name not in WITHOUT]


def is_judged(field: Field) -> bool:
    """Whether its answer is true of one ticket only."""
    return field.kind == "checklist" or field.name in JUDGED


def kept_fields(action: str) -> tuple[Field, ...]:
    """The questions of an action that a macro may answer beforehand."""
    return tuple(one for one in ACTIONS[action].fields if one.kind in KEPT_KINDS and one.name not in JUDGED)


def steps_of(macro: Macro) -> list[Step]:
    return [Step(one["action"], one["answers"]) for one in macro.steps]


def write(db: Session, city: City, actor: Actor, plan: Plan, now: datetime, *, shared: bool = False) -> Macro:
    """A new one, the actor's own or everybody's. Raises Refusal naming each wrong field, NotAllowed."""
    plan = checked(plan, city)
    macro = Macro(title=plan.title, desk=plan.desk, steps=_plain(plan.steps), owner_id=None if shared else actor.id)
    keep(db, actor, macro, now)
    return macro


def rewrite(db: Session, city: City, actor: Actor, macro: Macro, plan: Plan, now: datetime, seen: int) -> None:
    """Raises Refusal naming each wrong field, NotAllowed, OutOfTurn."""
    plan = checked(plan, city)
    change(db, actor, macro, now, seen, title=plan.title, desk=plan.desk, steps=_plain(plan.steps))


def checked(plan: Plan, city: City) -> Plan:
    """As it may be kept. Raises Refusal; problems: title, desk, steps, and "<number of the step>.<field>"."""
    problems = {"title": told} if (told := problem_of(plan.title.strip(), LONGEST_TITLE)) else {}
    if plan.desk not in DESKS:
        problems["desk"] = _("请从列表中选择。")
    if not 1 <= len(plan.steps) <= MOST_STEPS:
        problems["steps"] = _("连办要有 1 到 %(n)d 步。", n=MOST_STEPS)
    steps = [_checked(n, one, city, problems) for n, one in enumerate(plan.steps)]
    if problems:
        raise Refusal(next(iter(problems.values())), code="not_a_macro", problems=problems)
    return Plan(plan.title.strip(), plan.desk, tuple(steps))


def _checked(number: int, step: Step, city: City, problems: dict[str, str]) -> Step:
    if step.action not in allowed():
        problems[f"{number}.action"] = _("这个操作不能放进连办。")
        return step
    answers = {}
    for field in kept_fields(step.action):
        value = step.answers.get(field.name)
        value = value.replace("\r\n", "\n").strip() if isinstance(value, str) else value
        if value in (None, "", []):
            continue
        answers[field.name] = value
        if told := _problem(field, value, city):
            problems[f"{number}.{field.name}"] = told
    return Step(step.action, answers)


def _problem(field: Field, value: Any, city: City) -> str:
    if field.kind in ("text", "long"):
        return problem_of(str(value), field.limit)
    known = choices_of(field, city)
    many = value if isinstance(value, list) else [value]
    return "" if all(one in known for one in many) else _("请从列表中选择。")


def _plain(steps: Sequence[Step]) -> list[dict[str, Any]]:
    return [{"action": one.action, "answers": dict(one.answers)} for one in steps]
