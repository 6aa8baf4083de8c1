"""Everything a reviewer needs to judge one reply: the request, the reply, and what was missing in earlier rounds."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from classifier.text.known import Known
from classifier.text.mask import ANSWER, personal_spans
from hotline.city.schema import City
from hotline.i18n import _
from hotline.tickets.display import timeline
from hotline.tickets.display.rounds import Round, rounds_of
from hotline.tickets.privacy import redact
from hotline.tickets.privacy.attachments import of_ticket
from hotline.tickets.roles import Actor
from hotline.tickets.vocabulary import CONTACT_WAYS, OUTCOMES
from hotline.web.core.formatting import local
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


@dataclass(frozen=True)
class ReviewSheet:
    """facts: reason code → (what the reply says to that point, tone). missing: what the last send-back asked for."""

    reply: Reply | None
    interims: list[Reply]
    earlier: list[Round]
    missing: Review | None
    entries: list[timeline.TimelineEntry]
    citizen_files: list[dict[str, Any]]
    reply_files: dict[int, list[dict[str, Any]]]
    facts: dict[str, tuple[str, str]]
    own: bool


def read_sheet(db: Session, city: City, actor: Actor, ticket: Ticket) -> ReviewSheet:
    """Read it with five statements whatever the number of rounds. The ticket must have come through `visible.see`."""
    replies, reviews, surveys = (_rows(db, table, ticket) for table in (Reply, Review, Survey))
    finals = [reply for reply in replies if reply.kind == "final"]
    reply = next((one for one in reversed(finals) if one.round == ticket.round), None)
    attached = of_ticket(db, ticket.id)
    by_reply: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for one in attached:
        if one.reply_id is not None:
            by_reply[one.reply_id].append(file_row(one))
    contacted = _events(db, ticket)
    return ReviewSheet(
        reply=reply,
        interims=[one for one in replies if one.kind == "interim" and one.round == ticket.round],
        earlier=[one for one in rounds_of(finals, reviews, surveys) if one.number < ticket.round],
        missing=_missing(ticket, reviews),
        entries=list(reversed(timeline.tell(contacted, city, hide=partial(redact.starred, ticket)))),
        citizen_files=[file_row(one) for one in attached if one.reply_id is None],
        reply_files=dict(by_reply),
        facts=_facts(reply, len(by_reply.get(reply.id, ())) if reply else 0, contacted, redact.person_of(ticket)),
        own=reply is not None and reply.author_id is not None and reply.author_id == actor.id,
    )


def _rows(db: Session, table: Any, ticket: Ticket) -> list[Any]:
    return list(db.scalars(select(table).where(table.ticket_id == ticket.id).order_by(table.id)))


def _events(db: Session, ticket: Ticket) -> list[TicketEvent]:
    rows = db.scalars(
        select(TicketEvent)
        .where(TicketEvent.ticket_id == ticket.id, TicketEvent.action.in_(SHOWN))
        .order_by(TicketEvent.id.desc())
        .limit(MOST_EVENTS)
    )
    return list(rows)[::-1]


def _missing(ticket: Ticket, reviews: list[Review]) -> Review | None:
    return next((one for one in reversed(reviews) if one.verdict == "redo" and one.round == ticket.round - 1), None)


def _facts(reply: Reply | None, files: int, events: list[TicketEvent], person: Known) -> dict[str, tuple[str, str]]:
    """Beside each question of the checklist stands what the reply itself says to it, by the reason the question proposes."""
    if reply is None:
        return {}
    outcome = _(OUTCOMES.get(reply.outcome or "", "")) if reply.outcome else ""
    leaks = [reply.public_answer[s.start : s.end] for s in personal_spans(reply.public_answer or "", person, ANSWER)]
    noted = any(event.action == "contact" for event in events)
    return {
        "R01": (outcome or _("没有写解决情况"), "" if reply.outcome else "bad"),
        "R03": (_contact(reply, noted), "" if reply.contacted and noted else "warn"),
        "R04": (_told(reply), "" if reply.answered_citizen else "warn"),
        "R05": (_("%(n)d 个文件", n=files) if files else _("没有附件"), "" if files else "warn"),
        "R06": (reply.legal_basis or _("没有写依据"), ""),
        "R09": (reply.outcome_reason or "", ""),
        "R12": (_("公开答复里像有个人信息：%(what)s", what="、".join(leaks[:2])), "bad") if leaks else ("", ""),
        "R14": (_("签发人：%(name)s", name=reply.signed_off_by) if reply.signed_off_by else _("没有签发人"), ""),
    }


def _told(reply: Reply) -> str:
    if not reply.answered_citizen:
        return _("没有写明已告知市民")
    return (
        _("单位写明 %(at)s 已告知", at=local(reply.answered_at, "short")) if reply.answered_at else _("单位写明已告知")
    )


def _contact(reply: Reply, noted: bool) -> str:
    if not reply.contacted:
        return _("没有联系：%(why)s", why=reply.no_contact_reason or "—")
    how = _(CONTACT_WAYS.get(reply.contact_how or "", "")) if reply.contact_how else ""
    said = _("称已联系：%(how)s %(at)s", how=how, at=local(reply.contacted_at, "short"))
    return said if noted else _("%(said)s，但没有先行联系的记录", said=said)
