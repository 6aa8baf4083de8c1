"""The two or three ways a matter could go: each likely category with the unit, helpers, limits and reasons it leads to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from hotline.city.schema import City, worded
from hotline.triage.unit_confidence import SURE_FROM, place_decided
from models import Proposal, Ticket
from routing.facts import Facts
from routing.rules import decide

SHOWN = 3
CLOCKS = ("sign", "contact", "reply")


@dataclass(frozen=True)
class Candidate:
    """One way. p: how likely the category is (0–1), None when a person chose it. limits: clock → span."""

    category: str | None
    p: float | None
    words: tuple[str, ...]
    unit: str | None
    helpers: tuple[str, ...]
    limits: dict[str, str]
    rule_id: str | None
    reasons: tuple[str, ...]


def candidates(city: City, ticket: Ticket, proposal: Proposal | None) -> list[Candidate]:
    """The likely categories, best first, each routed as if it were the right one. Empty without a proposal."""
    if proposal is None:
        return []
    ranked = [row for row in proposal.ranked if row["code"] in city.categories][:SHOWN]
    known = [row["code"] for row in ranked]
    if proposal.category_code and proposal.category_code not in known:
        ranked = [{"code": proposal.category_code, "p": None, "words": []}, *ranked][:SHOWN]
    return [routed(city, ticket, proposal, row["code"], p=row["p"], words=row["words"]) for row in ranked]


def routed(
    city: City,
    ticket: Ticket,
    proposal: Proposal | None,
    category: str | None,
    *,
    request_type: str | None = None,
    urgency: str | None = None,
    p: float | None = None,
    words: Iterable[str] = (),
) -> Candidate:
    """Where this ticket goes if it is of this category, and what a dispatcher changed (type, urgency) holds."""
    kind = request_type or _first_said(ticket.request_type, proposal.request_type if proposal else None)
    level = urgency or ticket.urgency
    facts = _facts(ticket, proposal, category, kind, level)
    decision = decide(city.rules, facts, city.directory) if category else None
    spans = {clock: city.limits.span(clock, kind, level) for clock in CLOCKS}
    return Candidate(
        category=category,
        p=p,
        words=tuple(words),
        unit=decision.lead if decision else None,
        helpers=tuple(decision.helpers) if decision else (),
        rule_id=decision.rule_id if decision else None,
        limits={clock: str(span) for clock, span in spans.items() if span},
        reasons=tuple(worded(reason) for reason in decision.reasons) if decision else (),
    )


def asks_place(city: City, ticket: Ticket, proposal: Proposal | None) -> bool:
    """Whether the category is sure and only the district is open: that is to be asked, and no reason to call it unsure."""
    category = ticket.category_code or (proposal.category_code if proposal else None)
    if proposal is None or category is None or category not in city.categories:
        return False
    sure = ticket.category_code or any(row["code"] == category and row["p"] >= SURE_FROM for row in proposal.ranked)
    facts = _facts(ticket, proposal, category, proposal.request_type or ticket.request_type, ticket.urgency)
    return bool(sure) and not place_decided(city, facts, decide(city.rules, facts, city.directory))


def _facts(ticket: Ticket, proposal: Proposal | None, category: str | None, kind: str, level: str) -> Facts:
    place: dict[str, Any] = proposal.place if proposal else {}
    return Facts(
        text=f"{ticket.title}\n{ticket.text.body}",
        category=category,
        request_type=kind,
        urgency=level,
        area=ticket.area or place.get("area"),
        street=ticket.street or place.get("street"),
        community=place.get("community"),
        channel=ticket.channel,
    )


def _first_said(stated: str, proposed: str | None) -> str:
    """The agent's "help" is the form's own default; anything else was meant."""
    return stated if stated != "help" else proposed or stated
