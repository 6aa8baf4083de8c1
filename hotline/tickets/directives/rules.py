"""Demands from above on one ticket: what kinds there are, who gives, reads, answers and ends them, and what stands in the way."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from hotline.city.schema import City
from hotline.i18n import N_, _
from hotline.tickets import roles
from hotline.tickets.context import ActionContext
from hotline.tickets.names import ActionName as Do
from hotline.tickets.names import ClockName as Clock
from hotline.tickets.roles import UNIT_ROLES, Actor, Who
from models import Directive, Ticket
from routing.limits import due
from routing.spans import Span


@dataclass(frozen=True)
class DirectiveKind:
    """One row. sign: what its number begins with. days: the field of the policy with the working days that are proposed.

    ends: who closes it. by_itself: the unit's next deed ends it, without an answer.
    """

    name: str
    label: str
    sign: str
    days: str
    ends: tuple[Who, ...]
    by_itself: bool = False


KINDS: dict[str, DirectiveKind] = {
    kind.name: kind
    for kind in (
        DirectiveKind("urge", N_("催办"), "催", "urge_days", (roles.supervisor, roles.head), by_itself=True),
        DirectiveKind("supervision", N_("督办"), "督", "order_days", (roles.supervisor, roles.head)),
        DirectiveKind(
            "instruction", N_("批示"), "批", "instruct_days", (roles.city_leader, roles.head, roles.supervisor)
        ),
        DirectiveKind("explanation", N_("情况说明"), "询", "explain_days", (roles.discipline,)),
    )
}
GIVEN_BY: dict[str, str] = {
    Do.URGE_UNIT: "urge",
    Do.SUPERVISE: "supervision",
    Do.INSTRUCT: "instruction",
    Do.ASK_EXPLANATION: "explanation",
}
"""The action that gives each kind."""

STATES = {"open": N_("待报送"), "answered": N_("已报送，待办结"), "closed": N_("已办结")}

READERS: dict[str, str] = {
    "unit": N_("承办单位"),
    "supervisor": N_("督办员"),
    "head": N_("热线领导"),
    "dispatcher": N_("派单员"),
    "reviewer": N_("审核员"),
    "follow_up": N_("回访员"),
    "discipline": N_("纪检监察"),
}
"""Whom a leader may name as readers of an instruction; nobody else reads it but who wrote it."""

NAMED_BY_DEFAULT = ("unit", "supervisor", "head")
INSTRUCTION_ACTIONS = frozenset({Do.INSTRUCT})


READY_FOR: dict[str, str] = {
    Clock.DISPATCH: "ready_dispatch",
    Clock.SIGN: "ready_sign",
    Clock.CONTACT: "ready_contact",
    Clock.REPLY: "ready_reply",
    Clock.REDO: "ready_redo",
    Clock.REVIEW: "ready_review",
    Clock.JUDGE: "ready_judge",
}
READY = {"supervision": "ready_order", "explanation": "ready_explain", "instruction": "ready_instruct"}
"""The city's texts that a demand begins with: an urge by the clock that is late, the others by their kind."""


def ready_words(city: City, kind: str, clock: str, language: str) -> str:
    return city.texts[READY.get(kind) or READY_FOR.get(clock, "ready_other")].fill(language)


def due_by_default(city: City, kind: str, now: datetime) -> datetime:
    """The closing of the last of the city's working days for this kind."""
    days = int(getattr(city.policy, KINDS[kind].days))
    return due(city.calendar, now, Span(max(days, 1), "wd"))


def number_of(directive: Directive, year: int) -> str:
    """As it is quoted: 督〔2026〕12号."""
    return f"{KINDS[directive.kind].sign}〔{year}〕{directive.id}号"


def under_way(db: Session, ticket_id: int, *kinds: str) -> list[Directive]:
    wanted = select(Directive).where(Directive.ticket_id == ticket_id, Directive.state != "closed")
    return list(db.scalars((wanted.where(Directive.kind.in_(kinds)) if kinds else wanted).order_by(Directive.id)))


def of_ticket(db: Session, actor: Actor, ticket: Ticket) -> list[Directive]:
    """Those of the ticket that this person may read, the newest first."""
    rows = db.scalars(select(Directive).where(Directive.ticket_id == ticket.id).order_by(Directive.id.desc()))
    return [row for row in rows if may_read(actor, ticket, row.readers, row.given_by_id)]


# --- who may read ------------------------------------------------------------------------------------------------------


def may_read(actor: Actor, ticket: Ticket, readers: str | None, writer_id: int | None) -> bool:
    """Whoever sees the ticket; what has named readers, only these and who wrote it."""
    if readers is None or actor.kind in ("clock", "system"):
        return True
    named = readers.split()
    if writer_id is not None and actor.id == writer_id and actor.kind == "staff":
        return True
    return bool({role.value for role in actor.roles} & set(named)) or (
        "unit" in named and (roles.unit(actor, ticket) or roles.helper(actor, ticket))
    )


def may_read_event(actor: Actor, ticket: Ticket, action: str, data: Mapping[str, Any], writer_id: int | None) -> bool:
    """The same for a row of the story; instructions written before readers were named are for the readers by default."""
    readers = data.get("readers") or (NAMED_BY_DEFAULT if action in INSTRUCTION_ACTIONS else None)
    return readers is None or may_read(actor, ticket, " ".join(readers), writer_id)


def readable_by(actor: Actor) -> ColumnElement[bool]:
    """The same as a filter on directives, for lists; the ticket itself must be visible too."""
    named = sorted(role.value for role in actor.roles) + (["unit"] if actor.is_(*UNIT_ROLES) else [])
    return or_(
        Directive.readers.is_(None),
        Directive.given_by_id == actor.id,
        *(Directive.readers.contains(f" {name} ", autoescape=True) for name in named),
    )


def joined(readers: Collection[str]) -> str:
    """As they are stored, so that one name is found with the blanks around it."""
    return f" {' '.join(readers)} "


# --- guards --------------------------------------------------------------------------------------------------------------


def no_such_directive(context: ActionContext) -> str | None:
    if _named(context) is None:
        return _("没有这件督办、批示或情况说明，或已经办结。")
    return None


def is_answered(context: ActionContext) -> str | None:
    found = _named(context)
    return _("已经报送，等待上级确认。") if found is not None and found.state == "answered" else None


def not_answered_yet(context: ActionContext) -> str | None:
    found = _named(context)
    return _("单位还没有报送，不能退回补报。") if found is not None and found.state != "answered" else None


def not_yours_to_end(context: ActionContext) -> str | None:
    found = _named(context)
    if found is None or any(may(context.actor, context.ticket) for may in KINDS[found.kind].ends):
        return None
    return _("这一件由发出的一方办结。")


def not_for_your_eyes(context: ActionContext) -> str | None:
    found = _named(context)
    if found is None or may_read(context.actor, context.ticket, found.readers, found.given_by_id):
        return None
    return _("这件批示没有指定您阅看。")


def ends_by_itself(context: ActionContext) -> str | None:
    found = _named(context)
    if found is None or not KINDS[found.kind].by_itself:
        return None
    return _("催办不用报送：联系市民、答复等下一步就是对它的回应。")


def nobody_to_explain(context: ActionContext) -> str | None:
    return None if context.ticket.unit_code else _("这张工单还没有派给单位，没有可以说明的一方。")


def is_supervised(context: ActionContext) -> str | None:
    held = under_way(context.db, context.ticket.id, "supervision")
    return _("这张工单已有督办 %(number)s，尚未办结。", number=held[0].number) if held else None


def due_in_the_past(context: ActionContext) -> str | None:
    until = context.answer("until")
    return _("期限不能早于现在。") if until is not None and until <= context.now else None


def find(context: ActionContext) -> Directive | None:
    """The demand that the form names, of this ticket and not yet ended."""
    return _named(context)


def _named(context: ActionContext) -> Directive | None:
    found = context.db.get(Directive, context.answer("directive") or 0)
    if found is None or found.ticket_id != context.ticket.id or found.state == "closed":
        return None
    return found
