"""One deed for many tickets: each goes through the same door on its own, and whoever was refused is told why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.city.schema import City
from hotline.errors import Refusal
from hotline.i18n import N_, _
from hotline.tickets import petitions
from hotline.tickets.act import act, attempt, lock
from hotline.tickets.fields import Field, clean
from hotline.tickets.lifecycle import ACTIONS, find_move
from hotline.tickets.petitions import PETITIONS
from hotline.tickets.privacy.visibility import visible_to
from hotline.tickets.roles import CENTRE_ROLES, UNIT_ROLES, Actor, Role
from hotline.web.core.formatting import TicketRow
from hotline.web.core.forms.action_forms import Question
from models import Ticket

MOST = 100
"""As many tickets as two pages of the list."""


@dataclass(frozen=True)
class BulkAction:
    """A button under the list. fields: which of the action's questions are asked once for all. petition: asked, not done.

    any_of: at least one answer is needed, whichever. kind: which demand from above it gives; per_clock: with words of its own
    for each clock that is late or nearest.
    """

    name: str
    label: str
    icon: str
    roles: frozenset[Role]
    fields: tuple[str, ...]
    petition: bool = False
    any_of: bool = False
    per_clock: bool = False
    kind: str = ""

    def questions(self) -> list[Field]:
        asked = PETITIONS[self.name].fields if self.petition else ACTIONS[self.name].fields
        return [one for one in asked if one.name in self.fields]


R = Role
BULK_ACTIONS: dict[str, BulkAction] = {
    deed.name: deed
    for deed in (
        BulkAction("note", N_("加备注"), "sticky", CENTRE_ROLES | UNIT_ROLES, ("text",)),
        BulkAction(
            "correct",
            N_("更正类别等"),
            "pencil-square",
            frozenset({R.DISPATCHER, R.SUPERVISOR, R.LEAD_AGENT}),
            ("category", "request_type", "urgency", "area", "reason"),
            any_of=True,
        ),
        BulkAction(
            "dispatch", N_("派给同一单位"), "signpost-split", frozenset({R.DISPATCHER}), ("unit", "helpers", "note")
        ),
        BulkAction("urge", N_("催办"), "megaphone", frozenset({R.AGENT, R.LEAD_AGENT}), ("text",)),
        BulkAction(
            "urge_unit",
            N_("催办单位"),
            "megaphone",
            frozenset({R.SUPERVISOR, R.HEAD}),
            ("text", "until"),
            per_clock=True,
            kind="urge",
        ),
        BulkAction(
            "supervise",
            N_("督办立项"),
            "eye",
            frozenset({R.SUPERVISOR}),
            ("text", "until"),
            kind="supervision",
        ),
        BulkAction(
            "ask_explanation",
            N_("要求说明"),
            "question-diamond",
            frozenset({R.DISCIPLINE}),
            ("text", "until"),
            kind="explanation",
        ),
        BulkAction(
            "supervision",
            N_("申请督办"),
            "eye",
            frozenset({R.REVIEWER, R.FOLLOW_UP, R.DISPATCHER, R.LEAD_AGENT, R.HEAD, R.CITY_LEADER}),
            ("reason",),
            petition=True,
        ),
        BulkAction(
            "instruct",
            N_("批示"),
            "pin-angle",
            frozenset({R.CITY_LEADER, R.HEAD}),
            ("text", "readers", "until"),
            kind="instruction",
        ),
    )
}


@dataclass(frozen=True)
class BulkResult:
    """What became of one ticket. sentence: why it was refused; None when it is done."""

    ticket: Ticket
    sentence: str | None


def bulk_actions_of(actor: Actor) -> list[BulkAction]:
    """The buttons this person sees; the table of moves still judges each ticket."""
    return [deed for deed in BULK_ACTIONS.values() if actor.is_(*deed.roles)]


def demands_of(actor: Actor) -> list[BulkAction]:
    """What this person demands from any list of tickets, in the order of their digits."""
    return [deed for deed in bulk_actions_of(actor) if deed.kind]


def row_demands(actor: Actor, row: TicketRow) -> list[tuple[int, BulkAction]]:
    """Those that this row's ticket is open to, each with its digit: one thing keeps one digit in all rows."""
    return [
        (digit, deed)
        for digit, deed in enumerate(demands_of(actor), 1)
        if find_move(row.state, deed.name) and not (deed.kind == "supervision" and row.supervised)
    ]


def counted(groups: Mapping[int, str]) -> dict[str, int]:
    """Clock → how many of the tickets it is about, the most first."""
    return dict(Counter(groups.values()).most_common())


def for_clock(words: Question, clock: str, name: str, n: int) -> Question:
    """The field of the words, once for each clock."""
    label = name if clock != "other" else _("其他")
    return replace(
        words, name=f"text.{clock}", label=_("%(what)s（%(clock)s，%(n)s 张）", what=words.label, clock=label, n=n)
    )


def picked(db: Session, actor: Actor, numbers: Sequence[str]) -> list[Ticket]:
    """The tickets with these numbers that this person may see, newest first."""
    return list(
        db.scalars(
            select(Ticket)
            .where(Ticket.number.in_(list(dict.fromkeys(numbers))[:MOST]), visible_to(actor))
            .order_by(Ticket.id.desc())
        )
    )


def check(deed: BulkAction, answers: Mapping[str, Any], city: City) -> None:
    """Is the form whole, before any ticket is touched? Raises Refusal with a sentence per wrong field."""
    cleaned = clean(tuple(deed.questions()), answers, city, by_staff=True)
    if deed.any_of and not cleaned:
        raise Refusal(_("请至少选择一项要更正的内容。"))


def do_all(
    db: Session,
    city: City,
    deed: BulkAction,
    tickets: Sequence[Ticket],
    actor: Actor,
    now: datetime,
    answers: Mapping[str, Any],
    seen: Mapping[str, int | None],
    own: Mapping[int, str] | None = None,
) -> list[BulkResult]:
    """Each in a savepoint of its own: a refusal leaves that ticket as it was and the others go on.

    seen: ticket number → its turn when the list was looked over. own: ticket → words of its own.
    """
    said = {one.id: {**answers, "text": own[one.id]} if own and one.id in own else answers for one in tickets}
    refusals = [
        attempt(db, partial(_do, db, city, deed, one.id, actor, now, said[one.id], seen.get(one.number)))
        for one in tickets
    ]
    return [
        BulkResult(one, refused.sentence if refused else None) for one, refused in zip(tickets, refusals, strict=True)
    ]


def _do(
    db: Session,
    city: City,
    deed: BulkAction,
    ticket_id: int,
    actor: Actor,
    now: datetime,
    answers: Mapping[str, Any],
    seen: int | None,
) -> None:
    ticket = lock(db, ticket_id)
    if deed.petition:
        petitions.ask(db, city, ticket, deed.name, actor, now, answers)
    else:
        act(db, city, ticket, deed.name, actor, now, _what_changes(deed, ticket, answers), seen=seen)


def _what_changes(deed: BulkAction, ticket: Ticket, answers: Mapping[str, Any]) -> Mapping[str, Any]:
    """A correction says only what is different. Raises Refusal when nothing is."""
    if deed.name != "correct":
        return answers
    now = {
        "category": ticket.category_code,
        "request_type": ticket.request_type,
        "urgency": ticket.urgency,
        "area": ticket.area,
    }
    changed = {name: value for name, value in answers.items() if value and name in now and value != now[name]}
    if not changed:
        raise Refusal(_("已经是这样，没有需要更正的。"))
    return {**changed, "reason": answers.get("reason")}
