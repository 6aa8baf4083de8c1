"""Once a night: what has served its time goes, and personal data that the city no longer keeps."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import and_, delete, or_, select, update
from sqlalchemy.orm import Session

from hotline.installation import Installation
from hotline.keys import codes
from hotline.keys.rotation import begin_period
from hotline.messages.told_secrets import forget_spent
from hotline.tickets.erasing import erased_list, erasure
from hotline.tickets.search import full_text
from models import (
    Attachment,
    Draft,
    DutyTime,
    Inbound,
    Job,
    LetterScan,
    LoginSession,
    OwnListCode,
    Receipt,
)

KEPT_JOBS, KEPT_LETTERS = timedelta(days=30), timedelta(days=30)
KEPT_DRAFTS, KEPT_WAITING = timedelta(days=14), timedelta(days=1)


def tidy(installation: Installation, now: datetime) -> None:
    """Once a day: jobs that were run, old drafts, answers of forms, ended sessions, spent codes and files that no ticket claimed go."""
    with installation.sessions() as db:
        db.execute(delete(Job).where(Job.done_at < now - KEPT_JOBS))
        db.execute(delete(Draft).where(Draft.saved_at < now - KEPT_DRAFTS))
        db.execute(delete(Receipt).where(Receipt.answer.is_not(None), Receipt.received_at < now - KEPT_WAITING))
        db.execute(delete(OwnListCode).where(OwnListCode.asked_at < now - KEPT_WAITING))
        _forget_sessions(db, now - timedelta(days=90))
        empty_letters(db, now)
        if not installation.settings.demo:  # the demo's telephones show the texts that were sent
            forget_spent(db, now)
        orphans = db.scalars(
            select(Attachment).where(
                Attachment.ticket_id.is_(None),
                Attachment.id.not_in(select(LetterScan.attachment_id)),
                or_(
                    Attachment.added_at < now - KEPT_DRAFTS,
                    and_(Attachment.side == "citizen", Attachment.added_at < now - KEPT_WAITING),
                ),
            )
        ).all()
        for orphan in orphans:
            for folder in installation.settings.file_places:
                (folder / orphan.stored_as).unlink(missing_ok=True)
            db.delete(orphan)
        db.commit()


def change_data_key(installation: Installation, now: datetime) -> None:
    """Once a month words are written with a new key."""
    with installation.sessions() as db:
        begin_period(db.connection(), installation.settings, now)
        db.commit()


def _forget_sessions(db: Session, before: datetime) -> None:
    """Sessions go; of people who take calls the times stay, because staffing is counted from them, without the place."""
    on_duty = select(DutyTime.staff_id)
    old = LoginSession.seen_at < before
    db.execute(delete(LoginSession).where(old, LoginSession.staff_id.not_in(on_duty)))
    db.execute(update(LoginSession).where(old, LoginSession.address.is_not(None)).values(address=None, browser=None))


def empty_letters(db: Session, now: datetime) -> int:
    """What came in and was handled, or lies too long, keeps its time, its reason and its digest; the words go."""
    kept = or_(Inbound.received_at < now - KEPT_LETTERS, Inbound.state == "handled")
    rows = db.scalars(select(Inbound).where(Inbound.body != "", kept).limit(10_000)).all()
    for row in rows:
        row.digest, row.body = codes.of_letter(db, row.body), ""
    return len(rows)


def forget_old(installation: Installation, now: datetime) -> int:
    """Personal data that the city no longer keeps goes, a hundred tickets to a transaction. Returns how many tickets."""
    with installation.readings() as db:
        ids = erasure.too_old(db, installation.city, now)
    for at in range(0, len(ids), erasure.AT_ONCE):
        with installation.sessions() as db:
            erased = erasure.erase_tickets(db, ids[at : at + erasure.AT_ONCE], now)
            db.commit()
        erasure.remove_files(installation.settings, erased)
        erased_list.note_tickets(installation.settings, ids[at : at + erasure.AT_ONCE], now)
    with installation.sessions() as db:
        erasure.erase_loose(db, installation.city, now)
        if ids:
            full_text.forget_for_good(db)
        db.commit()
    with installation.readings() as db:
        erasure.remove_strays(db, installation.settings, now)
    return len(ids)
