"""Each night every record that has changed is looked at; what was found and no longer stands goes, unless a person has judged it."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import Session, joinedload

from classifier.suggestion import Classifier
from hotline.city.schema import City
from hotline.installation import Installation
from hotline.quality.checks.faults import faults_of
from hotline.quality.checks.kinds import Kind
from hotline.quality.checks.promises import still_due
from hotline.quality.checks.record import Record, Spoken
from hotline.tickets.names import ActionName as Do
from hotline.tickets.states import State
from models import Call, RecordFinding, RecordLook, Reply, Ticket, TicketEvent
from models.store.rows import insert_once

BACK = timedelta(days=35)
AT_ONCE, MOST = 200, 100_000
SPOKE = (Do.CONTACT, Do.RECORD, Do.CLOSE_JUDGED)
"""Deeds by which somebody of ours has spoken with the citizen."""


def look_at_records(installation: Installation, now: datetime) -> int:
    """What moved since it was looked at, or where a promise fell due meanwhile; the oldest first. Returns how many."""
    with installation.readings() as db:
        ids = waiting(db, now)
    for at in range(0, len(ids), AT_ONCE):
        with installation.sessions() as db:
            some = select(Ticket).where(Ticket.id.in_(ids[at : at + AT_ONCE])).options(joinedload(Ticket.text))
            for ticket in db.scalars(some.order_by(Ticket.id)):
                look_at(db, installation.city, installation.classifier, ticket, now)
            db.commit()
    return len(ids)


def waiting(db: Session, now: datetime) -> list[int]:
    looked = select(Ticket.id).join(RecordLook, RecordLook.ticket_id == Ticket.id, isouter=True)
    noted = exists().where(
        TicketEvent.ticket_id == Ticket.id, TicketEvent.action == Do.NOTE, TicketEvent.at > RecordLook.at
    )
    changed = or_(RecordLook.at.is_(None), RecordLook.at < Ticket.moved_at, noted)
    moved = and_(Ticket.moved_at > now - BACK, changed)
    wanted = (Ticket.submitted_at.is_not(None), Ticket.quiet.is_(False), or_(moved, RecordLook.again_at <= now))
    return list(db.scalars(looked.where(*wanted).order_by(Ticket.moved_at, Ticket.id).limit(MOST)))


def look_at(db: Session, city: City, classifier: Classifier, ticket: Ticket, now: datetime) -> list[Kind]:
    """The kinds that stand against this record now; a void one, a silent call say, tells of no matter. Commits nothing."""
    record = record_of(db, ticket)
    found = {} if ticket.state == State.VOID else faults_of(city, classifier, record, now)
    held = {row.kind: row for row in db.scalars(select(RecordFinding).where(RecordFinding.ticket_id == ticket.id))}
    for row in (one for kind, one in held.items() if kind not in found and one.verdict is None):
        db.delete(row)
    for kind, fault in found.items():
        if kind not in held:
            row = RecordFinding(ticket_id=ticket.id, agent_id=ticket.agent_id, kind=kind.value, found_at=now)
            row.place, row.shown = fault.where, fault.words[:120] or None
            db.add(row)
    _note_look(db, ticket, now, still_due(city, record, now))
    db.flush()
    return sorted(found)


def record_of(db: Session, ticket: Ticket) -> Record:
    """The ticket as the checks read it."""
    text = ticket.text
    call = db.get(Call, ticket.call_id) if ticket.call_id else None
    events = db.scalars(select(TicketEvent).where(TicketEvent.ticket_id == ticket.id).order_by(TicketEvent.id)).all()
    notes = [one for one in events if one.action == Do.NOTE and one.actor_kind == "staff"]
    return Record(
        ticket.title,
        text.body,
        ticket.submitted_at or ticket.created_at,
        place=text.place or "",
        area=ticket.area,
        category=ticket.category_code,
        request_type=ticket.request_type,
        urgency=ticket.urgency,
        sealed=ticket.privacy == "sealed",
        phone=ticket.contact_phone,
        others=frozenset((text.other_phones or "").split()),
        caller=call.from_phone if call and call.direction == "in" else None,
        spoken=tuple(Spoken(one.at, str(one.data.get("text", ""))) for one in notes),
        reached=(*(one.at for one in events if one.action in SPOKE), *_calls(db, ticket), *_told(db, ticket)),
        answer=_direct_answer(db, ticket),
        by_agent=ticket.agent_id is not None and ticket.outer_source is None,
    )


def _calls(db: Session, ticket: Ticket) -> list[datetime]:
    """Calls of ours that were answered."""
    about = Call.ticket_id == ticket.id
    if ticket.contact_phone:
        about = or_(about, Call.from_phone == ticket.contact_phone)
    ours = select(Call.started_at).where(about, Call.direction == "out", Call.answered_at.is_not(None))
    return list(db.scalars(ours))


def _told(db: Session, ticket: Ticket) -> list[datetime]:
    """When the citizen was told a result."""
    told = select(Reply.answered_at).where(Reply.ticket_id == ticket.id, Reply.answered_at.is_not(None))
    return [at for at in db.scalars(told) if at is not None]


def _direct_answer(db: Session, ticket: Ticket) -> str | None:
    if ticket.close_kind != "direct":
        return None
    last = select(Reply.public_answer).where(Reply.ticket_id == ticket.id, Reply.kind == "direct")
    return db.scalar(last.order_by(Reply.id.desc()).limit(1))


def _note_look(db: Session, ticket: Ticket, now: datetime, again_at: datetime | None) -> None:
    insert_once(db, RecordLook, ["ticket_id"], ticket_id=ticket.id, agent_id=ticket.agent_id, at=now)
    look = db.get_one(RecordLook, ticket.id)
    look.at, look.again_at, look.agent_id = now, again_at, ticket.agent_id
