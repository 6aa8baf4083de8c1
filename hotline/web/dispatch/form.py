"""What a dispatcher typed on the desk: codes for `act`, and everything as it was for the form shown again."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from werkzeug.datastructures import MultiDict

from hotline.city.schema import City
from hotline.errors import Refusal
from hotline.tickets.vocabulary import REQUEST_TYPES, URGENCIES
from hotline.triage.candidates import Candidate
from hotline.web.core.forms.action_forms import unit_code
from hotline.web.core.forms.categories import category_of
from models import Proposal, Ticket

BETWEEN = re.compile(r"[、，,;；\n]+")
DESK_ACTIONS = ("dispatch", "uphold", "overrule", "mark_hard", "rule")


@dataclass
class Typed:
    """The routing form's present content. unit and category: codes, or the words typed when no code fits."""

    category: str = ""
    unit: str = ""
    helpers: list[str] = field(default_factory=list)
    request_type: str = ""
    urgency: str = "normal"
    note: str = ""
    reason: str = ""
    unit_words: str = ""

    def answers(self) -> dict[str, Any]:
        """For `act`: empty answers are left to the table to judge."""
        return {
            "unit": self.unit,
            "helpers": self.helpers,
            "category": self.category or None,
            "note": self.note,
            "request_type": self.request_type or None,
            "urgency": self.urgency or None,
            "reason": self.reason,
            "unit_words": self.unit_words or None,
        }


def proposed(city: City, ticket: Ticket, proposal: Proposal | None, ways: list[Candidate]) -> Typed:
    """The form as the proposal fills it: accept it and nothing needs typing. Nothing is sent to the hotline itself or out of the city."""
    if proposal is not None and ticket.category_code in (None, proposal.category_code):
        return _sendable(city, as_proposed(ticket, proposal))
    best = next((way for way in ways if way.category == ticket.category_code), ways[0] if ways else None)
    filled = Typed(
        category=ticket.category_code or (best.category if best else "") or "",
        unit=(best.unit if best else "") or "",
        helpers=list(best.helpers) if best else [],
        request_type=_kind(ticket, proposal),
        urgency=ticket.urgency,
    )
    return _sendable(city, filled)


def _sendable(city: City, filled: Typed) -> Typed:
    """Without a unit to which no ticket is dispatched."""
    return filled if city.sends_to(filled.unit) else replace(filled, unit="")


def as_proposed(ticket: Ticket, proposal: Proposal) -> Typed:
    """The stored proposal, word for word; what the ticket itself says (type, urgency) stands above it."""
    return Typed(
        category=proposal.category_code or "",
        unit=proposal.unit_code or "",
        helpers=list(proposal.helpers),
        request_type=_kind(ticket, proposal),
        urgency=ticket.urgency,
    )


def typed(form: MultiDict[str, str], city: City) -> Typed:
    """Read the form. A category written in "another" wins over the chosen candidate."""
    other = form.get("category_other", "").strip()
    helpers = [
        *form.getlist("helpers"),
        *(unit_code(one, city) for one in BETWEEN.split(form.get("helper_more", "")) if one.strip()),
    ]
    return Typed(
        category=_category(other, city) if other else form.get("category", ""),
        unit=unit_code(form.get("unit", ""), city),
        helpers=list(dict.fromkeys(helpers)),
        request_type=_known(form.get("request_type", ""), REQUEST_TYPES),
        urgency=_known(form.get("urgency", "normal"), URGENCIES),
        note=form.get("note", ""),
        reason=form.get("reason", ""),
        unit_words=form.get("unit_words", ""),
    )


def rerouted(city: City, now: Typed, way: Candidate, before: Mapping[str, str]) -> Typed:
    """After another category, type or urgency: the catalogue's unit and helpers, unless a person had changed them.

    before: what the form had proposed (proposed_unit, proposed_helpers), to tell a person's choice from ours.
    """
    own_unit = now.unit and now.unit != before.get("proposed_unit", "")
    own_helpers = sorted(now.helpers) != sorted(h for h in before.get("proposed_helpers", "").split(",") if h)
    return Typed(
        category=way.category or now.category,
        unit=now.unit if own_unit else way.unit if way.unit and city.sends_to(way.unit) else "",
        helpers=now.helpers if own_helpers else list(way.helpers),
        request_type=now.request_type,
        urgency=now.urgency,
        note=now.note,
        reason=now.reason,
        unit_words=now.unit_words,
    )


def _category(text: str, city: City) -> str:
    """What no category is called stays as typed, so that the refusal can name it."""
    try:
        return category_of(text, city) or text
    except Refusal:
        return text


def _kind(ticket: Ticket, proposal: Proposal | None) -> str:
    stated = ticket.request_type
    return stated if stated != "help" or proposal is None else proposal.request_type or stated


def _known(value: str, codes: Mapping[str, str]) -> str:
    return value if value in codes else ""
