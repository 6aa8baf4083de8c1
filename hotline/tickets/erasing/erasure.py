"""What the city forgets, and when: one rule for old tickets and for a person who asks.

An erased ticket still counts in every figure: what it was about, where roughly, who handled it and how it ended stay.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import unquote_plus

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session, joinedload

from classifier.text.masking.known import Known, all_known, known_spans
from classifier.text.masking.mask import mask
from classifier.text.normalise import plain
from hotline.city.schema import City
from hotline.errors import NotFound, Refusal
from hotline.i18n import _
from hotline.keys import second_place
from hotline.settings import Settings
from hotline.tickets.points import kept
from hotline.tickets.privacy import audit, mentions, redact
from hotline.tickets.privacy.story import ERASED
from hotline.tickets.roles import SYSTEM, Actor
from hotline.tickets.search import full_text, indexing
from hotline.tickets.states import ENDED
from models import (
    Attachment,
    Call,
    Citizen,
    ExactSpot,
    Inbound,
    InterviewQuestion,
    LetterScan,
    Message,
    NoticeReading,
    NuisanceMark,
    OwnListCode,
    PictureHash,
    Proposal,
    Publication,
    QualityScore,
    QualityTask,
    RecordFinding,
    ReplyFinding,
    Ticket,
    TicketText,
    Violation,
)

AT_ONCE, MOST_READ = 100, 500
SPENT = timedelta(hours=1)
"""Since when a code for all own matters opens nothing any more, whoever asked for it."""

Hide = Callable[[str], str]


@dataclass(frozen=True)
class Erased:
    """files: names of stored files whose rows are gone; their bytes go with `remove_files` after the commit."""

    tickets: int = 0
    files: tuple[str, ...] = ()


# --- retention ---------------------------------------------------------------------------------------------------------


def too_old(db: Session, city: City, now: datetime, most: int = 20_000) -> list[int]:
    """Ended tickets older than the city keeps personal data, not erased yet; the oldest first."""
    ended = [state.value for state in ENDED]
    erased = TicketText.extra[ERASED].as_string()
    return list(
        db.scalars(
            select(Ticket.id)
            .join(Ticket.text)
            .where(
                Ticket.closed_at < now - timedelta(days=city.policy.retention_days),
                Ticket.state.in_(ended),
                erased.is_(None),
            )
            .order_by(Ticket.closed_at)
            .limit(most)
        )
    )


def erase_tickets(
    db: Session, ids: Sequence[int], now: datetime, actor: Actor = SYSTEM, reason: str = "retention"
) -> Erased:
    """Take the personal data out of these tickets and everything that hangs on them, in the caller's transaction."""
    tickets = db.scalars(select(Ticket).where(Ticket.id.in_(ids)).options(joinedload(Ticket.text))).all()
    if not tickets:
        return Erased()
    found = [ticket.id for ticket in tickets]
    known = {ticket.id: redact.known_of(ticket) for ticket in tickets}
    hides = {found_id: partial(_hidden, known=one) for found_id, one in known.items()}
    for ticket in tickets:
        _star_ticket(ticket, hides[ticket.id], now)
        audit.record(db, "erase", actor, now, ticket_id=ticket.id, subject=ticket.number, reason=mask(reason)[:200])
    mentions.star_beside(db, {ticket.id: known[ticket.id] for ticket in tickets})
    db.execute(update(Proposal).where(Proposal.ticket_id.in_(found)).values(place={}))
    db.execute(update(ExactSpot).where(ExactSpot.ticket_id.in_(found)).values(key="", sound="", houses="", fine=False))
    db.execute(update(ReplyFinding).where(ReplyFinding.ticket_id.in_(found)).values(words=None))
    spoken = {"appeal_words": None, "decision_words": None, "coached_words": None}
    db.execute(update(QualityTask).where(QualityTask.ticket_id.in_(found)).values(**spoken))
    db.execute(update(RecordFinding).where(RecordFinding.ticket_id.in_(found)).values(shown=None, words=None))
    db.execute(update(QualityScore).where(QualityScore.ticket_id.in_(found)).values(comment=None))
    spoken_live = update(InterviewQuestion).where(InterviewQuestion.ticket_id.in_(found))
    db.execute(spoken_live.values(answer=None))
    db.execute(update(Violation).where(Violation.ticket_id.in_(found)).values(reason=None))
    kept.forget(db, found)
    db.execute(delete(PictureHash).where(PictureHash.ticket_id.in_(found)))
    db.execute(delete(Publication).where(Publication.ticket_id.in_(found)))
    db.execute(delete(LetterScan).where(LetterScan.ticket_id.in_(found)))
    _star_messages(db, hides, Message.ticket_id.in_(found))
    calls = [ticket.call_id for ticket in tickets if ticket.call_id]
    db.execute(update(Call).where(or_(Call.ticket_id.in_(found), Call.id.in_(calls))).values(from_phone=""))
    files = tuple(db.scalars(delete(Attachment).where(Attachment.ticket_id.in_(found)).returning(Attachment.stored_as)))
    db.flush()
    full_text.forget_all(db, found)
    indexing.index_anew(db, found)
    _forget_people(db, {ticket.citizen_id for ticket in tickets if ticket.citizen_id}, now)
    return Erased(len(tickets), files)


def erase_loose(db: Session, city: City, now: datetime) -> None:
    """What belongs to no ticket and is as old: calls, texts, marks on numbers, notices on screens with who read them, and what
    providers and partners sent us word by word."""
    before = now - timedelta(days=city.policy.retention_days)
    db.execute(
        update(Call)
        .where(Call.started_at < before, Call.from_phone != "", Call.ticket_id.is_(None))
        .values(from_phone="")
    )
    _star_messages(
        db,
        {},
        Message.created_at < before,
        Message.ticket_id.is_(None),
        Message.channel != "desk",
        or_(Message.phone.is_not(None), Message.citizen_id.is_not(None)),
        Message.text != "",
    )
    db.execute(delete(Inbound).where(Inbound.received_at < before))
    db.execute(delete(NuisanceMark).where(func.coalesce(NuisanceMark.until_at, NuisanceMark.proposed_at) < before))
    old_notices = (Message.state == "delivered", Message.created_at < before, Message.channel == "desk")
    db.execute(delete(NoticeReading).where(NoticeReading.message_id.in_(select(Message.id).where(*old_notices))))
    db.execute(delete(Message).where(*old_notices))


def remove_files(settings: Settings, erased: Erased) -> None:
    """The bytes, after the commit and from every place; what a crash leaves behind here, `remove_strays` finds."""
    for folder in settings.file_places:
        for name in erased.files:
            (folder / name).unlink(missing_ok=True)


def remove_strays(db: Session, settings: Settings, now: datetime) -> int:
    """Stored files without a row, a day old at least: an upload that was taken back, or an erasure that was cut short."""
    known = {*db.scalars(select(Attachment.stored_as)), *second_place.OURS}
    before = (now - timedelta(days=1)).timestamp()
    strays = [
        file
        for folder in _places(settings)
        for file in folder.iterdir()
        if file.name not in known and file.is_file() and file.stat().st_mtime < before
    ]
    for file in strays:
        file.unlink(missing_ok=True)
    return len(strays)


def _places(settings: Settings) -> list[Path]:
    """The first, and the second where it is ours: files of others are left alone."""
    second = [settings.second_place] if settings.second_place is not None and second_place.stands(settings) else []
    return [folder for folder in (settings.attachments, *second) if folder.is_dir()]


# --- one person, on request --------------------------------------------------------------------------------------------


def erase_person(
    db: Session, phone: str, reason: str, actor: Actor, now: datetime, *, even_open: bool = False
) -> Erased:
    """Forget one person now. Raises NotFound, or Refusal naming the tickets that are still open.

    even_open: they were erased before, in a database that was lost since.
    """
    if not reason.strip():
        raise Refusal(_("请写明理由"))
    citizen = db.scalar(select(Citizen).where(or_(Citizen.phone == phone, Citizen.handle == phone)))
    theirs = (
        or_(Ticket.contact_phone == phone, Ticket.citizen_id == citizen.id)
        if citizen
        else Ticket.contact_phone == phone
    )
    tickets = db.execute(
        select(Ticket.id, Ticket.number, Ticket.state, theirs.label("own"))
        .where(or_(theirs, Ticket.id.in_(mentions.tickets_told_in_extra(db, phone))))
        .order_by(Ticket.id)
    ).all()
    calls = db.scalars(select(Call.id).where(Call.from_phone == phone).limit(1)).all()
    calls = calls or db.scalars(select(NuisanceMark.id).where(NuisanceMark.phone == phone).limit(1)).all()
    beside = TicketText.other_phones.contains(phone)
    besides = set(db.scalars(select(TicketText.ticket_id).where(beside)))
    if not (citizen or tickets or calls or besides or mentions.is_told(db, phone)):
        raise NotFound(_("没有这个号码的记录。"))
    ended = {one.value for one in ENDED}
    still = [ticket.number for ticket in tickets if ticket.state not in ended]
    if still and not even_open:
        raise Refusal(_("还有没办结的工单，不能删除个人信息：%(numbers)s", numbers=_("、").join(still)))
    person, erased = _known_of(db, [ticket.id for ticket in tickets if ticket.own], citizen), Erased()
    for at in range(0, len(tickets), AT_ONCE):
        part = erase_tickets(db, [ticket.id for ticket in tickets[at : at + AT_ONCE]], now, actor, reason)
        erased = Erased(erased.tickets + part.tickets, erased.files + part.files)
    db.execute(update(Call).where(Call.from_phone == phone).values(from_phone=""))
    db.execute(delete(NuisanceMark).where(NuisanceMark.phone == phone))
    db.execute(delete(OwnListCode).where(or_(OwnListCode.phone == phone, OwnListCode.asked_at < now - SPENT)))
    _star_messages(db, {}, Message.phone == phone)
    _empty_letters(db, _as_networks_write(phone))
    db.execute(update(TicketText).where(beside).values(phone_told=None, other_phones=None))
    if citizen is not None:
        _forget(citizen, now)
    db.flush()
    _index_again(db, besides | mentions.star_mentions(db, phone, person))
    audit.record(
        db,
        "erase_person",
        actor,
        now,
        subject=f"citizen {citizen.id}" if citizen else None,
        reason=mask(reason)[:200],
        tickets=erased.tickets,
        files=len(erased.files),
    )
    db.flush()
    return erased


def _empty_letters(db: Session, phone: str) -> None:
    """What was sent to us from this number word by word; few letters are not emptied yet."""
    written = Known(numbers=(phone,))
    for letter in db.scalars(select(Inbound).where(Inbound.body != "")):
        if phone in letter.body or any(known_spans(plain(unquote_plus(letter.body)), written)):
            letter.body = ""


def _known_of(db: Session, ids: Sequence[int], citizen: Citizen | None) -> Known:
    """Names, homes and further numbers by which the person's own tickets, their own words there, and their own row tell of them."""
    fields = select(Ticket.contact_name, TicketText.place).join(TicketText).where(Ticket.id.in_(ids[-MOST_READ:]))
    told = [*db.execute(fields).all(), *([(citizen.name, citizen.address)] if citizen else ())]
    names, places = ({row[at].strip() for row in told if row[at] and row[at].strip()} for at in (0, 1))
    tickets = db.scalars(select(Ticket).where(Ticket.id.in_(ids[-MOST_READ:])).options(joinedload(Ticket.text)))
    words = all_known(redact.writer_of(ticket) for ticket in tickets)
    return words | Known(names=tuple(sorted(names)), places=tuple(sorted(places)))


def _hidden(words: str, known: Known) -> str:
    return mask(redact.without_homes(words, known), known=known)


# --- steps -------------------------------------------------------------------------------------------------------------


def _star_ticket(ticket: Ticket, hide: Hide, now: datetime) -> None:
    text = ticket.text
    ticket.contact_name = ticket.contact_phone = None
    ticket.title = hide(ticket.title)
    text.body = text.public_body or hide(text.body)
    text.place = text.phone_told = text.other_phones = None
    text.extra = {ERASED: now.isoformat()}
    _star(text, ("public_title", "public_body", "public_answer", "unit_words", "unit_title"), hide)


def _star(row: Any, names: Iterable[str], hide: Hide) -> None:
    for name in names:
        if value := getattr(row, name):
            setattr(row, name, hide(value))


def _star_messages(db: Session, hides: Mapping[int, Hide], *which: Any) -> None:
    for message in db.scalars(select(Message).where(*which)):
        hide = hides.get(message.ticket_id or 0, mask)
        message.phone, message.params, message.text = None, {}, hide(message.text)


def _index_again(db: Session, ids: set[int]) -> None:
    """The search forgets what the words no longer say."""
    db.expire_all()
    full_text.forget_all(db, sorted(ids))
    indexing.index_anew(db, sorted(ids))


def _as_networks_write(phone: str) -> str:
    """The part of a number that stands in every writing of it: no trunk 0, no plus sign, no extension."""
    return phone.partition("-")[0].lstrip("+0") or phone


def _forget_people(db: Session, ids: set[int], now: datetime) -> None:
    """A person all of whose tickets are erased; the row stays as a number, for figures of who came back."""
    known = (
        select(Ticket.citizen_id)
        .join(Ticket.text)
        .where(Ticket.citizen_id.in_(ids), TicketText.extra[ERASED].as_string().is_(None))
    )
    for citizen in db.scalars(select(Citizen).where(Citizen.id.in_(ids), Citizen.id.not_in(known))):
        _forget(citizen, now)


def _forget(citizen: Citizen, now: datetime) -> None:
    citizen.phone = citizen.handle = citizen.name = citizen.address = citizen.note = None
    citizen.erased_at = now
