"""Everything a reviewer needs to judge one reply: the request, the reply, and what was missing in earlier rounds."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.city.schema import City
from hotline.i18n import N_
from hotline.tickets.display import timeline
from hotline.tickets.display.rounds import Round, rounds_of
from hotline.tickets.display.word_diff import PartDiff, word_diff
from hotline.tickets.privacy import redact
from hotline.tickets.privacy.attachments import of_ticket
from hotline.tickets.reply_rules.known_facts import KnownFact, known_facts
from hotline.tickets.roles import Actor
from hotline.web.ticket.details import file_row
from models import Reply, Review, Survey, Ticket, TicketEvent

SHOWN = (
    "add",
    "urge",
    "ask_more",
    "contact",
    "interim",
    "wait",
    "report",
    "note_dissatisfied",
    "merged_dissatisfied",
    "note_partly",
    "merged_partly",
    "instruct",
)
"""What happened meanwhile and bears on the judgement."""

MOST_EVENTS = 60

COMPARED = {
    "public_answer": N_("公开答复（市民看到的）"),
    "facts": N_("调查事实与现场核查"),
    "measures": N_("采取的措施"),
    "outcome_reason": N_("未解决或部分解决的原因"),
    "legal_basis": N_("文件依据"),
}
"""The parts of the form that are laid beside those of the round before."""


@dataclass(frozen=True)
class ReviewSheet:
    """facts: question → what the program knows about it. missing: what the last send-back asked for.

    changed: each part of the form beside that of the round that was sent back; empty in the first round.
    """

    reply: Reply | None
    interims: list[Reply]
    earlier: list[Round]
    missing: Review | None
    entries: list[timeline.TimelineEntry]
    citizen_files: list[dict[str, Any]]
    reply_files: dict[int, list[dict[str, Any]]]
    facts: dict[str, KnownFact]
    changed: list[PartDiff]
    own: bool


def read_sheet(db: Session, city: City, actor: Actor, ticket: Ticket) -> ReviewSheet:
    """Read it with eight statements whatever the number of rounds. The ticket must have come through `visible.see`."""
    replies, reviews, surveys = (_rows(db, table, ticket) for table in (Reply, Review, Survey))
    finals = [reply for reply in replies if reply.kind == "final"]
    reply = next((one for one in reversed(finals) if one.round == ticket.round), None)
    attached = of_ticket(db, ticket.id)
    by_reply: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for one in attached:
        if one.reply_id is not None:
            by_reply[one.reply_id].append(file_row(one, ticket=ticket))
    earlier = [one for one in rounds_of(finals, reviews, surveys) if one.number < ticket.round]
    return ReviewSheet(
        reply=reply,
        interims=[one for one in replies if one.kind == "interim" and one.round == ticket.round],
        earlier=earlier,
        missing=_missing(ticket, reviews),
        entries=list(reversed(timeline.tell(_events(db, ticket, actor), city, hide=partial(redact.starred, ticket)))),
        citizen_files=[file_row(one, ticket=ticket) for one in attached if one.reply_id is None],
        reply_files=dict(by_reply),
        facts=known_facts(db, city, ticket, reply),
        changed=_changed(earlier, reply),
        own=reply is not None and reply.author_id is not None and reply.author_id == actor.id,
    )


def _rows(db: Session, table: Any, ticket: Ticket) -> list[Any]:
    return list(db.scalars(select(table).where(table.ticket_id == ticket.id).order_by(table.id)))


def _events(db: Session, ticket: Ticket, actor: Actor) -> list[TicketEvent]:
    rows = db.scalars(
        select(TicketEvent)
        .where(TicketEvent.ticket_id == ticket.id, TicketEvent.action.in_(SHOWN))
        .order_by(TicketEvent.id.desc())
        .limit(MOST_EVENTS)
    )
    return timeline.readable(list(rows)[::-1], actor, ticket)


def _missing(ticket: Ticket, reviews: list[Review]) -> Review | None:
    return next((one for one in reversed(reviews) if one.verdict == "redo" and one.round == ticket.round - 1), None)


def _changed(earlier: list[Round], reply: Reply | None) -> list[PartDiff]:
    before = next((one.replies[-1] for one in earlier if one.replies), None)
    if before is None or reply is None:
        return []
    texts = ((label, getattr(before, name) or "", getattr(reply, name) or "") for name, label in COMPARED.items())
    return [PartDiff(label, word_diff(old, new)) for label, old, new in texts if old or new]
