"""Files are looked into for viruses after they came in: what is found is sealed, told and noted; what could not be told is asked again.

Nobody waits for it: a file that nothing is known of is handed out, and says so. One in which something was found is handed out to
nobody; its bytes stay hidden for a month, are looked into again each night (scanners err, and learn), and then go.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.city.schema import City
from hotline.errors import Refusal
from hotline.i18n import _
from hotline.installation import Installation
from hotline.keys import hidden_files
from hotline.messages.compose import tell_staff
from hotline.tickets.privacy import audit
from hotline.tickets.roles import SYSTEM, Role
from models import Attachment, Ticket
from models.store.hidden import NoKey, Ring, ring_of
from models.tickets.attachment import CLEAN, FAILED, INFECTED, UNCHECKED
from webhooks import clamd
from webhooks.clamd import Verdict

KEPT = timedelta(days=30)
"""So long the bytes of an infected file are kept, hidden and opened to nobody."""

PIECE = 1 << 16


def look_into(address: str, path: Path, ring: Ring) -> Verdict:
    """What the scanner says of one stored file."""

    def pieces() -> Iterator[bytes]:
        with hidden_files.opened(path, ring) as file:
            yield from iter(lambda: file.read(PIECE), b"")

    try:
        return clamd.ask(address, pieces())
    except NoKey:
        return Verdict(None, "unreadable")


def state_of(verdict: Verdict) -> str:
    return FAILED if verdict.infected is None else INFECTED if verdict.infected else CLEAN


def check(installation: Installation, attachment_id: int) -> None:
    """Look into one attachment, holding nothing meanwhile; one that went or was written anew meanwhile is left alone."""
    settings, ring = installation.settings, ring_of(installation.engine)
    with installation.readings() as db:
        held = db.get(Attachment, attachment_id)
        if held is None or held.checked == CLEAN:
            return
        name = held.stored_as
    verdict = look_into(settings.clamd, settings.attachments / name, ring)
    with installation.sessions() as db:
        held = db.get(Attachment, attachment_id, with_for_update=True)
        if held is not None and held.stored_as == name:
            _write(db, installation.city, held, verdict, installation.clock.now())
            db.commit()


def _write(db: Session, city: City, held: Attachment, verdict: Verdict, now: datetime) -> None:
    was, state = held.checked, state_of(verdict)
    if was == INFECTED and state != CLEAN:
        return
    held.checked, held.checked_at, held.found = state, now, verdict.said or None
    if state == INFECTED:
        ticket = db.get(Ticket, held.ticket_id) if held.ticket_id else None
        where = _("工单 %(number)s", number=ticket.number) if ticket is not None else _("还没有随表单提交的上传")
        tell(db, city, verdict.said, f"{where} · {held.id}", now, held.stored_as, held.ticket_id)
    elif was == INFECTED:
        audit.record(db, "file_cleared", SYSTEM, now, ticket_id=held.ticket_id, subject=held.stored_as)


def tell(
    db: Session, city: City, virus: str, where: str, now: datetime, subject: str, ticket_id: int | None = None
) -> None:
    """The auditor hears of it, and the book has it."""
    audit.record(db, "file_infected", SYSTEM, now, ticket_id=ticket_id, subject=subject[:120], virus=virus)
    tell_staff(db, city, "file_infected", now, {"virus": virus, "file": where}, role=Role.AUDITOR.value)


def read_before(installation: Installation, path: Path, where: str, subject: str) -> str:
    """What the scanner says of a file that a program of ours is about to read. Raises Refusal, and keeps nothing, of an infected one."""
    address = installation.settings.clamd
    if not address or not path.is_file():
        return UNCHECKED
    verdict = look_into(address, path, ring_of(installation.engine))
    if state_of(verdict) != INFECTED:
        return state_of(verdict)
    with installation.sessions() as db:
        tell(db, installation.city, verdict.said, where, installation.clock.now(), subject)
        db.commit()
    path.unlink(missing_ok=True)
    raise Refusal(
        _("这个文件查出病毒（%(virus)s），没有读入，已从服务器删除。安全审计员已经知道。", virus=verdict.said)
    )


def settle_infected(installation: Installation, now: datetime) -> None:
    """Once a night: what was found a month ago goes, with its name in the audit; younger ones are looked into once more."""
    settings = installation.settings
    with installation.sessions() as db:
        held = db.scalars(select(Attachment).where(Attachment.checked == INFECTED)).all()
        old = [one for one in held if one.checked_at is not None and one.checked_at < now - KEPT]
        gone = [path for one in old for folder in settings.file_places if (path := folder / one.stored_as).is_file()]
        for name in sorted({path.name for path in gone}):
            audit.record(db, "infected_deleted", SYSTEM, now, subject=name)
        db.commit()
    for path in gone:
        path.unlink(missing_ok=True)
    if settings.clamd and clamd.answers(settings.clamd):
        for one in held:
            if one not in old:
                check(installation, one.id)
