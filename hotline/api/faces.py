"""How a ticket looks to machines: facts to everybody who may see it; words, story, replies and ratings where a scope says so."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.city.schema import City
from hotline.tickets.act import possible
from hotline.tickets.display import timeline
from hotline.tickets.privacy.redact import ANSWER, starred
from hotline.tickets.roles import Actor, helper, unit
from models import Attachment, Reply, Survey, Ticket, TicketEvent

API = "/api/v1"
MOST_EVENTS = 400
HIDDEN_EXTRA = frozenset({"told", "media", "category_hint", "erased_at"})


def face(ticket: Ticket) -> dict[str, Any]:
    """No name, no phone, no words of the citizen."""
    return {
        "number": ticket.number,
        "state": ticket.state,
        "turn": ticket.move_count,
        "round": ticket.round,
        "channel": ticket.channel,
        "request_type": ticket.request_type,
        "urgency": ticket.urgency,
        "category": ticket.category_code,
        "area": ticket.area,
        "town_code": ticket.town_code,
        "unit": ticket.unit_code,
        "outer_number": ticket.outer_number,
        "created_at": ticket.created_at.isoformat(),
        "updated_at": ticket.moved_at.isoformat(),
        "due_at": _moment(ticket.due_at),
        "closed_at": _moment(ticket.closed_at),
        "close_kind": ticket.close_kind,
        "url": f"{API}/tickets/{ticket.number}",
    }


def actions(ticket: Ticket, actor: Actor) -> list[str]:
    """What this machine could do to the ticket now."""
    return list(dict.fromkeys(move.action for move in possible(ticket, actor)))


def words(ticket: Ticket) -> dict[str, Any]:
    """What the citizen said, personal data starred."""
    text = ticket.text
    return {
        "title": starred(ticket, ticket.title),
        "body": starred(ticket, text.body),
        "place": starred(ticket, text.place) or None,
        "extra": _starred(ticket, {name: value for name, value in text.extra.items() if name not in HIDDEN_EXTRA}),
    }


def whole(ticket: Ticket) -> dict[str, Any]:
    """Everything as told: for whoever must contact the citizen, who says why."""
    text = ticket.text
    told = [one["text"] for one in text.extra.get("told", ())]
    return {
        "name": ticket.contact_name,
        "phone": ticket.contact_phone,
        "place": text.place,
        "body": text.body,
        "told_later": told,
    }


def told(db: Session, city: City, ticket: Ticket, actor: Actor) -> list[dict[str, Any]]:
    """The story, oldest first; internal notes only to the units at work."""
    events = db.scalars(
        select(TicketEvent).where(TicketEvent.ticket_id == ticket.id).order_by(TicketEvent.id.desc()).limit(MOST_EVENTS)
    )
    entries = timeline.tell(timeline.readable(list(events)[::-1], actor, ticket), city)
    return [
        {
            "at": one.at.isoformat(),
            "action": one.action,
            "title": one.title,
            "who": one.who,
            "unit": one.unit or None,
            "text": one.text,
            "facts": [list(fact) for fact in one.facts],
            "round": one.round,
        }
        for one in entries
        if not one.internal or _at_work(ticket, actor)
    ]


def replies(db: Session, ticket: Ticket, actor: Actor) -> list[dict[str, Any]]:
    """Every reply to the units at work; to others what the citizen was told."""
    rows = db.scalars(select(Reply).where(Reply.ticket_id == ticket.id).order_by(Reply.id))
    if _at_work(ticket, actor):
        return [
            _reply(ticket, row)
            | {
                "truth": row.truth,
                "facts": starred(ticket, row.facts, ANSWER) or None,
                "measures": starred(ticket, row.measures, ANSWER) or None,
                "outcome_reason": starred(ticket, row.outcome_reason, ANSWER) or None,
                "legal_basis": row.legal_basis,
            }
            for row in rows
        ]
    return [
        _reply(ticket, row) for row in rows if row.kind != "final" or row.public_answer == ticket.text.public_answer
    ]


def ratings(db: Session, ticket: Ticket) -> list[dict[str, Any]]:
    """What citizens answered; silence is no rating."""
    rows = db.scalars(
        select(Survey).where(Survey.ticket_id == ticket.id, Survey.answered_at.is_not(None)).order_by(Survey.id)
    )
    return [
        {
            "round": row.round,
            "answered_at": _moment(row.answered_at),
            "solved": row.solved,
            "result": row.result,
            "attitude": row.attitude,
            "contacted": row.contacted,
            "outcome": row.outcome,
            "comment": starred(ticket, row.comment) or None,
        }
        for row in rows
    ]


def file(ticket: Ticket, attachment: Attachment) -> dict[str, Any]:
    """A file without the name its sender gave it."""
    return {
        "id": attachment.id,
        "media_type": attachment.media_type,
        "size": attachment.size,
        "sha256": attachment.sha256,
        "side": attachment.side,
        "added_at": attachment.added_at.isoformat(),
        "checked": attachment.checked,
        "url": f"{API}/tickets/{ticket.number}/files/{attachment.id}",
    }


def _reply(ticket: Ticket, row: Reply) -> dict[str, Any]:
    return {
        "round": row.round,
        "kind": row.kind,
        "unit": row.unit_code,
        "at": row.at.isoformat(),
        "outcome": row.outcome,
        "public_answer": starred(ticket, row.public_answer, ANSWER) or None,
    }


def _at_work(ticket: Ticket, actor: Actor) -> bool:
    return unit(actor, ticket) or helper(actor, ticket)


def _starred(ticket: Ticket, value: Any) -> Any:
    if isinstance(value, str):
        return starred(ticket, value)
    if isinstance(value, dict):
        return {name: _starred(ticket, one) for name, one in value.items()}
    return [_starred(ticket, one) for one in value] if isinstance(value, list) else value


def _moment(at: Any) -> str | None:
    return at.isoformat() if at else None
