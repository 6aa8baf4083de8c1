"""What another city of the province reads of a matter that is handed to it, beside the facts that every partner can read."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session, object_session

from hotline.i18n import _
from hotline.partners.facts import FACTS, Case, Facts
from hotline.tickets.names import ActionName
from models import Attachment, Ticket, TicketEvent


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
    """Files stay with us, and are asked for by telephone."""
    wanted = select(func.count(Attachment.id)).where(Attachment.ticket_id == case.ticket.id)
    many = _session(case.ticket).scalar(wanted)
    return _("%(n)d 个附件在%(city)s12345", n=many, city=case.city.name) if many else ""


def _outcome(case: Case) -> str:
    """What came of it, in one text: the answer, else the reason, else where it stands."""
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
