"""What a partner may read of a ticket: each fact by its name, at the level of its subscription.

A sealed ticket shows nothing but the version that a person wrote for others, and only where the subscription says so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from hotline.city.partners.subscription import Subscription, Telling
from hotline.city.schema import City
from hotline.i18n import _, speaking
from hotline.tickets.privacy.redact import ANSWER, starred
from hotline.tickets.states import STATES, State
from hotline.tickets.vocabulary import REQUEST_TYPES, SCALE, SOLVED, URGENCIES
from models import Delivery, Message, Ticket, TicketEvent

Facts = Mapping[str, Callable[["Case"], str]]

REVIEWED = frozenset(
    {"pass", "mend", "answer_directly", "record", "close_judged", "no_answer", "all_answered", "final_close"}
)
"""After these acts the ticket's public answer is what the city says; before them nothing a unit wrote is told to anybody."""

BY_THE_DESK = frozenset({"answer_directly", "decline"})
"""Acts that end a matter which no unit ever had."""

SAID_AT_ONCE = frozenset({"interim"})
LONGEST = 10_000


@dataclass(frozen=True)
class Case:
    """What one telling is made from. ticket: as the partner knows it; master: the ticket that is handled, often the same.

    event, message: the one of the two that is told. words: of a message, as its reader gets it. answer_due: until when the matter
    is to be answered, whatever nearer clock of ours runs.
    """

    city: City
    subscription: Subscription
    delivery: Delivery
    ticket: Ticket
    master: Ticket
    event: TicketEvent | None = None
    message: Message | None = None
    to: str = ""
    words: str = ""
    answer_due: datetime | None = None

    def said(self, name: str) -> str:
        """An answer of the act's form, as the story keeps it."""
        value = self.event.data.get(name) if self.event is not None else None
        return "" if value is None else str(value)

    @property
    def is_theirs(self) -> bool:
        """The ticket is one that this platform handed in: the number of one platform is nothing for another."""
        return self.ticket.outer_source == self.subscription.name

    @property
    def sealed(self) -> bool:
        return "sealed" in (self.ticket.privacy, self.master.privacy)


def may_leave(subscription: Subscription, ticket: Ticket, master: Ticket) -> bool:
    """Whether this partner may hear of the ticket: of a sealed one only by the version for others, once somebody wrote it."""
    sealed = [one for one in (ticket, master) if one.privacy == "sealed"]
    return not sealed or (subscription.sealed == "unit_words" and all(one.text.unit_words for one in sealed))


def content_of(case: Case, telling: Telling, facts: Facts) -> dict[str, str]:
    """The body of one telling, in the partner's own words and the city's language. facts: what its fields may say."""
    with speaking("zh"):
        return dict(telling.fixed) | {theirs: facts[ours](case)[:LONGEST] for theirs, ours in telling.fields.items()}


def _moment(case: Case, at: datetime | None) -> str:
    return at.astimezone(ZoneInfo(case.city.timezone)).isoformat(timespec="seconds") if at else ""


def _state(case: Case) -> str:
    """Where the ticket stood when it happened, in the partner's word where it has one."""
    code = case.event.to_state if case.event is not None else case.master.state
    return case.subscription.states.get(code) or _(STATES[State(code)].name)


def _text(case: Case) -> str:
    if case.sealed:
        return case.ticket.text.unit_words or ""
    return (
        case.ticket.text.body if case.subscription.personal == "full" else starred(case.ticket, case.ticket.text.body)
    )


def _title(case: Case) -> str:
    if case.sealed:
        return case.ticket.text.unit_title or _("保密工单")
    return starred(case.ticket, case.ticket.title)


def _answer(case: Case) -> str:
    """What the citizen was told: an interim answer, or the public one once a reviewer has passed it."""
    action = case.event.action if case.event is not None else ""
    if action in SAID_AT_ONCE:
        return starred(case.ticket, case.said("answer"), ANSWER)
    told = starred(case.master, case.master.text.public_answer, ANSWER) if action in REVIEWED else ""
    return starred(case.ticket, told, ANSWER)


def _reason(case: Case) -> str:
    """Why, in the words of the form that are meant for others; notes stay with us."""
    if case.sealed:
        return ""
    words = next(filter(None, map(case.said, ("advice", "decision", "reason", "question"))), "")
    return starred(case.ticket, words)


def _person(case: Case, value: str | None) -> str:
    """A name, number or place at the level of the subscription; of a sealed ticket nothing."""
    if not value or case.sealed or case.subscription.personal == "none":
        return ""
    return value if case.subscription.personal == "full" else starred(case.ticket, value)


def _unit_code(case: Case) -> str:
    """Who has the matter; of what the desk ended by itself, the hotline's own centre."""
    named = case.said("unit") or case.said("body") or case.master.unit_code
    by_the_desk = case.event is not None and case.event.action in BY_THE_DESK
    return named or (case.city.centre if by_the_desk else None) or ""


def _rated(name: str, words: dict[str, str]) -> Callable[[Case], str]:
    return lambda case: _(words[case.said(name)]) if case.said(name) in words else ""


FACTS: Facts = {
    "answer": _answer,
    "area": lambda case: case.city.area_name(case.ticket.area),
    "at": lambda case: _moment(case, case.event.at if case.event else case.delivery.created_at),
    "category": lambda case: case.city.category_name(case.master.category_code),
    "channel": lambda case: case.ticket.channel,
    "due_at": lambda case: _moment(case, case.answer_due or case.master.due_at),
    "event": lambda case: case.delivery.kind,
    "id": lambda case: case.delivery.key,
    "name": lambda case: _person(case, case.ticket.contact_name),
    "number": lambda case: case.ticket.number,
    "outer_due_at": lambda case: _moment(case, case.ticket.outer_due_at) if case.is_theirs else "",
    "outer_number": lambda case: (case.ticket.outer_number or "") if case.is_theirs else "",
    "phone": lambda case: _person(case, case.ticket.contact_phone),
    "place": lambda case: _person(case, case.ticket.text.place),
    "reason": _reason,
    "reference": lambda case: case.said("reference"),
    "request_type": lambda case: _(REQUEST_TYPES[case.master.request_type]),
    "round": lambda case: str(case.event.round if case.event else case.master.round),
    "satisfied": _rated("result", SCALE),
    "solved": _rated("solved", SOLVED),
    "state": _state,
    "text": _text,
    "title": _title,
    "to": lambda case: case.to,
    "town_code": lambda case: case.ticket.town_code or "",
    "unit": lambda case: case.city.unit_name(_unit_code(case)),
    "unit_code": _unit_code,
    "until": lambda case: case.said("until"),
    "urgency": lambda case: _(URGENCIES[case.master.urgency]),
    "words": lambda case: case.words,
}
"""Each name of `subscription.FACTS`. Whatever is not known is empty: a partner's form has the same fields every time."""
