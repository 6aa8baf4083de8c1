"""What a form holds before anybody has typed: the proposal for a dispatcher, the last round's words for a unit."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import request
from sqlalchemy import select

from hotline.i18n import _, language
from hotline.interviews.questions import answer_for
from hotline.tickets.directives import rules as directives
from hotline.tickets.lifecycle import Move
from hotline.tickets.lists.clocks import first_ending
from hotline.tickets.petitions import PetitionKind
from hotline.tickets.privacy import redact
from hotline.tickets.reply_rules.signers import SIGN_OFF
from hotline.tickets.roles import Actor
from hotline.triage.candidates import candidates
from hotline.triage.doubts import missing
from hotline.web.core.forms.action_forms import name_of
from hotline.web.core.request_context import here
from hotline.web.ticket.details import TicketDetails
from models import Interview, Reply, ReplyPromise

CARRIED = ("truth", "facts", "measures", "legal_basis", "public_answer", "outcome", "outcome_reason")


def default_values(asker: Move | PetitionKind, details: TicketDetails, me: Actor) -> dict[str, Any]:
    """Values by field name; fields that nobody can guess are left out."""
    guess = (GUESSES if isinstance(asker, Move) else PETITION_GUESSES).get(name_of(asker))
    guessed = guess(details, me) if guess else {}
    return guessed if isinstance(asker, Move) else guessed | _asked_before(asker, details)


def _asked_before(asker: PetitionKind, details: TicketDetails) -> dict[str, Any]:
    """What was refused or taken back is mended, not written anew."""
    back = details.came_back(asker.name)
    return {**back.data, "reason": back.reason} if back else {}


def _facts(details: TicketDetails, me: Actor) -> dict[str, Any]:
    ticket = details.ticket
    return {
        "category": ticket.category_code,
        "request_type": ticket.request_type,
        "urgency": ticket.urgency,
        "area": ticket.area,
        "privacy": ticket.privacy,
        "title": ticket.title if redact.starred(ticket, ticket.title) == ticket.title else None,
    }


def _dispatch(details: TicketDetails, me: Actor) -> dict[str, Any]:
    """The proposal fills what the ticket does not say yet."""
    ticket, proposal = details.ticket, details.proposal
    values: dict[str, Any] = {
        "category": ticket.category_code,
        "request_type": ticket.request_type,
        "urgency": ticket.urgency,
    }
    if ticket.privacy == "sealed":
        values["unit_words"] = redact.unit_words(ticket)
    if (said := answer_for(here.db, ticket)) is not None:
        values["unit"] = said[0].guest_unit
    elif proposal is not None:
        values |= {
            "unit": proposal.unit_code,
            "helpers": list(proposal.helpers),
            "category": ticket.category_code or proposal.category_code,
        }
    return values


def _ask_more(details: TicketDetails, me: Actor) -> dict[str, Any]:
    """The fact that is missing before it can be dispatched."""
    ticket, proposal = details.ticket, details.proposal
    if ticket.state != "to_dispatch":
        return {}
    return {"question": " ".join(missing(here.city, ticket, proposal, candidates(here.city, ticket, proposal)))}


def _direct(details: TicketDetails, me: Actor) -> dict[str, Any]:
    return {"category": details.ticket.category_code}


def _reply(details: TicketDetails, me: Actor) -> dict[str, Any]:
    values: dict[str, Any] = {"handler": me.name}
    if (last := details.last_reply) is not None:
        values |= {name: getattr(last, name) for name in CARRIED} | _contact_of(last)
    elif (said := answer_for(here.db, details.ticket)) is not None:
        values |= _said_live(*said)
    contact = next(
        (e for e in reversed(details.events) if e.action == "contact" and e.data.get("reached") is not False), None
    )
    if contact is not None:
        at = contact.at.astimezone(ZoneInfo(here.city.timezone)).strftime("%Y-%m-%dT%H:%M")
        values |= {"contacted": "yes", "contact_how": contact.data.get("how"), "contacted_at": at}
    if (back := details.came_back(SIGN_OFF)) is not None:
        values |= {name: _as_typed(value) for name, value in back.data["answers"].items()}
    return {name: value for name, value in values.items() if value is not None}


def _as_typed(value: str) -> str:
    """A moment as the field shows it, in the city's time; all else as it was said."""
    try:
        moment = datetime.fromisoformat(value) if "T" in value else None
    except ValueError:
        return value
    return moment.astimezone(ZoneInfo(here.city.timezone)).strftime("%Y-%m-%dT%H:%M") if moment else value


def _said_live(interview: Interview, words: str) -> dict[str, Any]:
    """What the guest said live is where the unit's reply begins; the unit checks it and answers for it."""
    day = (interview.started_at or interview.starts_at).astimezone(ZoneInfo(here.city.timezone)).date()
    facts = _("%(day)s 在线访谈“%(theme)s”现场答复。", day=day.isoformat(), theme=interview.theme)
    return {"facts": facts, "public_answer": words}


def _contact_of(last: Reply) -> dict[str, Any]:
    at = (
        last.contacted_at.astimezone(ZoneInfo(here.city.timezone)).strftime("%Y-%m-%dT%H:%M")
        if last.contacted_at
        else None
    )
    return {
        "contacted": last.contacted,
        "contact_how": last.contact_how,
        "contacted_at": at,
        "no_contact_reason": last.no_contact_reason,
        "answered_citizen": last.answered_citizen,
    }


def _wait(details: TicketDetails, me: Actor) -> dict[str, Any]:
    """The day that was promised: asked for by the link beside the reply, else the nearest one of the last interim answer."""
    asked = request.args.get("until", "")
    if re.fullmatch(r"\d{4}-\d\d-\d\d", asked):
        return {"until": asked}
    held = here.db.scalar(
        select(ReplyPromise)
        .where(
            ReplyPromise.ticket_id == details.ticket.id,
            ReplyPromise.due_at > here.now,
            ReplyPromise.kept_at.is_(None),
            ReplyPromise.moved_at.is_(None),
        )
        .order_by(ReplyPromise.due_at)
        .limit(1)
    )
    if held is None:
        return {}
    last_day = here.city.calendar.day_of(held.due_at - timedelta(minutes=1))
    return {"until": last_day.isoformat(), "reason": held.deed}


def _mend(details: TicketDetails, me: Actor) -> dict[str, Any]:
    return {"public_answer": details.last_reply.public_answer} if details.last_reply else {}


def _demand(kind: str) -> Callable[[TicketDetails, Actor], dict[str, Any]]:
    """The city's ready words and day for a demand from above; of an urge those for the clock that is late or nearest."""

    def ready(details: TicketDetails, me: Actor) -> dict[str, Any]:
        due_at = directives.due_by_default(here.city, kind, here.now).astimezone(ZoneInfo(here.city.timezone))
        until = due_at.strftime("%Y-%m-%dT%H:%M")
        if kind == "instruction":
            return {"until": until, "readers": list(directives.NAMED_BY_DEFAULT)}
        clock = first_ending(here.db, [details.ticket.id])[details.ticket.id]
        text = directives.ready_words(here.city, kind, clock, language())
        return {"text": text, "until": until}

    return ready


GUESSES: dict[str, Callable[[TicketDetails, Actor], dict[str, Any]]] = {
    "dispatch": _dispatch,
    "rule": _dispatch,
    "ask_more": _ask_more,
    "answer_directly": _direct,
    "split": _direct,
    "reply": _reply,
    "mend": _mend,
    "correct": _facts,
    "wait": _wait,
    **{action: _demand(kind) for action, kind in directives.GIVEN_BY.items()},
}
PETITION_GUESSES = {"wait": _wait}
