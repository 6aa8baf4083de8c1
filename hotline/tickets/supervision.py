"""Supervision that the rules themselves open: redo rounds used up, or a limit overrun."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from models import Petition, Ticket


def open_supervision(db: Session, ticket: Ticket, cause: str, now: datetime) -> bool:
    """Open a case and say whether it is new: a second one beside an open one is not needed.

    cause: R<round>, or red (the first overdue day of the unit's limit).
    """
    if ticket.supervised:
        return False
    ticket.supervised = True
    why = "办理期限逾期" if cause == "red" else f"退回重办，进入第{ticket.round}轮"
    db.add(
        Petition(
            ticket_id=ticket.id,
            kind="supervision",
            state="granted",
            round=ticket.round,
            unit_code=ticket.unit_code,
            asked_by_name="系统",
            asked_at=now,
            reason=why,
            decided_by_name="系统",
            decided_at=now,
            data={"cause": cause},
        )
    )
    return True
