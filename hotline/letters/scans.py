"""Scans from the letter tray to the ticket: taken in, read, and registered by a person with what they corrected."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import IO

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from hotline import outbox
from hotline.city.schema import City
from hotline.errors import NotFound, OutOfTurn, Refusal
from hotline.i18n import _
from hotline.installation import Installation
from hotline.intake.open_ticket import Contact, open_ticket
from hotline.keys import hidden_files
from hotline.letters import reader
from hotline.tickets.act import act, lock
from hotline.tickets.names import JobName
from hotline.tickets.privacy.attachments import UNKNOWN_KIND, store
from hotline.tickets.roles import Actor, Role
from models import Attachment, Job, LetterScan, Ticket
from models.store.db import changed
from models.store.hidden import ring_of
from models.tickets.attachment import INFECTED

READERS = frozenset({Role.AGENT, Role.LEAD_AGENT})
PICTURES = ("image/jpeg", "image/png", "image/webp")
KEY = "scan"
"""The draft key of scans that are no ticket's yet."""

LOST = timedelta(minutes=10)
"""A reading takes four minutes at most (`reader.PATIENCE_S`): whoever has said nothing for so long is dead."""

MOST_TRIES = 2
"""A letter that two workers could not finish is typed by a person."""

CALMER = timedelta(minutes=10)
"""Until a reading that the machine had no time for is tried again."""


def take_in(
    db: Session, folder: Path, file: IO[bytes], name: str, me: Actor, now: datetime, most_mb: int
) -> LetterScan:
    """Raises Refusal for what is no picture."""
    try:
        held = store(db, folder, file, name, me, now, most_mb=most_mb, draft_key=KEY)
    except Refusal as refusal:
        raise _no_picture(name) if refusal.code == UNKNOWN_KIND else refusal from None
    if held.media_type not in PICTURES:
        (folder / held.stored_as).unlink(missing_ok=True)
        raise _no_picture(held.name)
    scan = LetterScan(attachment_id=held.id, taken_at=now, taken_by_id=me.id, state="waiting")
    db.add(scan)
    db.flush()
    ask_reading(db, scan, now)
    return scan


def _no_picture(name: str) -> Refusal:
    return Refusal(_("“%(name)s”不是 JPG 或 PNG 图片：请扫描成 JPG 或 PNG，一页一张。", name=name[-80:]), field="files")


def ask_reading(db: Session, scan: LetterScan, now: datetime) -> None:
    """By a person's wish it is tried as often as if it were new."""
    scan.state, scan.tries = "waiting", 0
    _enqueue(db, scan, now, now)


def find_lost(installation: Installation, now: datetime) -> None:
    """Scans whose worker died over them."""
    since = LetterScan.state == "waiting", LetterScan.ticket_id.is_(None), LetterScan.reading_since < now - LOST
    with installation.sessions() as db:
        for scan in db.scalars(select(LetterScan).where(*since)).all():
            _once_more(db, scan, now, now)
        db.commit()


def _once_more(db: Session, scan: LetterScan, now: datetime, at: datetime) -> None:
    """What was not read to its end is tried once more, then it waits to be typed."""
    if scan.tries < MOST_TRIES:
        _enqueue(db, scan, now, at)
    else:
        scan.state, scan.reading_since = "unfinished", None


def _enqueue(db: Session, scan: LetterScan, now: datetime, at: datetime) -> None:
    scan.reading_since, key = None, f"read_scan:{scan.id}:{at.isoformat()}"
    outbox.enqueue(db, JobName.READ_SCAN, key=key, now=now, at=at, scan_id=scan.id)


def read_scan(installation: Installation, db: Session, job: Job) -> Callable[[], object] | None:
    """The reading holds no transaction; where there is no reader the letter waits to be typed, and says so."""
    scan = db.get(LetterScan, int(job.args["scan_id"]))
    if scan is None or scan.ticket_id is not None:
        return None
    if not reader.is_there():
        scan.state = "absent"
        return None
    scan.reading_since, scan.tries = installation.clock.now(), scan.tries + 1
    return partial(_read, installation, scan.id)


def _read(installation: Installation, scan_id: int) -> None:
    with installation.readings() as db:
        scan = db.get(LetterScan, scan_id)
        held = db.get(Attachment, scan.attachment_id) if scan is not None else None
        if held is None or held.checked == INFECTED:
            return
        with hidden_files.opened(installation.settings.attachments / held.stored_as, ring_of(db.get_bind())) as file:
            picture = file.read()
    began = time.monotonic()
    try:
        text = reader.read_apart(picture)
    except reader.TooSlow:
        _put_off(installation, scan_id)
        return
    with installation.sessions() as db:
        scan = db.get(LetterScan, scan_id)
        if scan is not None and scan.ticket_id is None:
            scan.text, scan.state = text, "read" if text else "unreadable"
            scan.reading_since = None
            scan.seconds, scan.read_at = round(time.monotonic() - began, 1), installation.clock.now()
        db.commit()


def _put_off(installation: Installation, scan_id: int) -> None:
    now = installation.clock.now()
    with installation.sessions() as db:
        scan = db.get(LetterScan, scan_id)
        if scan is not None and scan.ticket_id is None:
            _once_more(db, scan, now, now + CALMER)
        db.commit()


def waiting(db: Session) -> list[tuple[LetterScan, Attachment]]:
    """Scans that are no ticket's yet, the oldest first."""
    rows = select(LetterScan, Attachment).join(Attachment, Attachment.id == LetterScan.attachment_id)
    return [(row[0], row[1]) for row in db.execute(rows.where(LetterScan.ticket_id.is_(None)).order_by(LetterScan.id))]


def find(db: Session, scan_id: int) -> tuple[LetterScan, Attachment]:
    """Raises NotFound for what was registered or thrown away meanwhile."""
    found = next((row for row in waiting(db) if row[0].id == scan_id), None)
    if found is None:
        raise NotFound(_("这封信已经登记，或者已经删除。"))
    return found


def find_pages(db: Session, first: int, others: Sequence[int]) -> list[tuple[LetterScan, Attachment]]:
    """The pages of one letter, the first before the others. Raises NotFound when one of them was registered meanwhile."""
    return [find(db, one) for one in dict.fromkeys((first, *others))]


def register(
    db: Session, city: City, me: Actor, pages: Sequence[LetterScan], contact: Contact, now: datetime
) -> Ticket:
    """The letter as a ticket, with the scans of its pages. Raises OutOfTurn for the second of two who register it."""
    ticket = open_ticket(db, city, contact, me, now)
    free = LetterScan.id.in_([one.id for one in pages]), LetterScan.ticket_id.is_(None)
    if changed(db, update(LetterScan).where(*free).values(ticket_id=ticket.id)) != len(pages):
        raise OutOfTurn(_("别人刚刚登记了这封信。"), code="overtaken")
    for scan in pages:
        held = db.get_one(Attachment, scan.attachment_id)
        held.ticket_id, held.draft_key, held.side = ticket.id, None, "internal"
    act(db, city, lock(db, ticket.id), "attach", me, now)
    return ticket


def throw_away(db: Session, folder: Path, scan: LetterScan, held: Attachment) -> None:
    """Scanned twice, or no letter: the picture goes too."""
    db.delete(scan)
    db.flush()
    db.delete(held)
    db.flush()
    (folder / held.stored_as).unlink(missing_ok=True)
