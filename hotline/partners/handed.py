"""What another city of the province reads of a matter that is handed to it, beside the facts that every partner can read."""

from __future__ import annotations

import base64
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, object_session

from hotline.i18n import _
from hotline.installation import Installation
from hotline.keys import hidden_files
from hotline.partners.facts import FACTS, Case, Facts
from hotline.tickets.names import ActionName
from hotline.tickets.privacy import attachments
from hotline.tickets.privacy.redact import ANSWER, starred
from models import Attachment, Ticket, TicketEvent
from models.store.hidden import ring_of
from models.tickets.attachment import INFECTED


def _number(case: Case) -> str:
    """Our number; handed over once more it is another matter there, and says so by its number."""
    same = [one for one in _events(case, ActionName.TRANSFER_OUT) if one.data.get("body") == case.said("body")]
    times = sum(1 for one in same if case.event is None or one.id <= case.event.id)
    return case.ticket.number if times < 2 else f"{case.ticket.number}-{times}"


def _confidential(case: Case) -> str:
    return YES if case.sealed else ""


def _note(case: Case) -> str:
    """What the dispatcher wrote for whoever takes it over."""
    return case.said("note")


def _supplements(case: Case) -> str:
    """What the citizen added so far; of a sealed matter the version for others is all."""
    if case.sealed:
        return ""
    return "\n".join(str(one.data.get("text") or "") for one in _events(case, ActionName.ADD))


def _files(case: Case) -> str:
    """They follow, each by itself; those of a sealed matter stay with us, and are asked for by telephone."""
    many = len(attachments.of_ticket(_session(case.ticket), case.ticket.id))
    if not many:
        return ""
    if case.sealed:
        return _("%(n)d 个附件在%(city)s12345", n=many, city=case.city.name)
    return _("%(n)d 个附件随后送到", n=many)


def enclosed(installation: Installation, case: Case) -> dict[str, str] | None:
    """One file as the other city's door takes it, read from the disk when it is posted; None for one that is gone or sealed."""
    session, held = _session(case.ticket), case.delivery
    file = session.get(Attachment, held.attachment_id)
    if file is None or file.removed_at is not None or file.checked == INFECTED or case.sealed:
        return None
    path = installation.settings.attachments / file.stored_as
    with hidden_files.opened(path, ring_of(session.get_bind())) as opened:
        data = base64.b64encode(opened.read()).decode()
    return {"event_id": held.key, "outer_number": _number(case), "name": file.name, "data": data}


def _outcome(case: Case) -> str:
    """What came of it, in one text: to whom it went on and what was heard from there, else the answer, the reason, or where it
    stands."""
    action = case.event.action if case.event is not None else ""
    if action == ActionName.TRANSFER_OUT:
        return _("已转交%(body)s", body=FACTS["unit"](case))
    if action == ActionName.TRANSFER_RESULT:
        return starred(case.ticket, case.said("text"), ANSWER)
    return next(filter(None, (FACTS[name](case) for name in ("answer", "reason", "state"))), "")


YES = "yes"
HANDED: Facts = {
    **FACTS,
    "confidential": _confidential,
    "files": _files,
    "handed_number": _number,
    "note": _note,
    "outcome": _outcome,
    "supplements": _supplements,
}


def _events(case: Case, action: ActionName) -> Sequence[TicketEvent]:
    wanted = select(TicketEvent).where(TicketEvent.ticket_id == case.ticket.id, TicketEvent.action == action)
    return _session(case.ticket).scalars(wanted.order_by(TicketEvent.id)).all()


def _session(ticket: Ticket) -> Session:
    found = object_session(ticket)
    assert found is not None
    return found
