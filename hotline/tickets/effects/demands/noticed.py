"""Notices to staff end with the matter they tell of: what is done waits for nobody's eye any more."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from hotline.i18n import _, speaking
from hotline.tickets.context import ActionContext
from hotline.tickets.names import ClockName
from hotline.tickets.states import ENDED, State
from models import Message, Ticket

MOVE, URGE = "move", "urge"
"""What ends a notice: the ticket goes on; somebody does something about it."""


def clock_key(clock: str) -> str:
    return f"clock:{clock}"


def petition_key(petition_id: int) -> str:
    return f"petition:{petition_id}"


def directive_key(directive_id: int) -> str:
    """The demand itself, which waits for the unit."""
    return f"directive:{directive_id}"


def answer_key(directive_id: int) -> str:
    """The unit's answer, which waits for those who gave the demand."""
    return f"answer:{directive_id}"


def end_notices(db: Session, ticket_id: int, keys: Collection[str] | None, now: datetime) -> None:
    """End the ticket's notices of these matters; None: of every one."""
    open_ones = (Message.ticket_id == ticket_id, Message.channel == "desk", Message.ended_at.is_(None))
    named = () if keys is None else (Message.ends_with.in_(sorted(keys)),)
    db.execute(update(Message).where(*open_ones, *named).values(ended_at=now))


def end_by_move(context: ActionContext, to: State | None, stopped: Collection[ClockName]) -> None:
    """What the act itself has ended; an ended ticket has no open notice."""
    keys = {clock_key(clock) for clock in stopped} | ({MOVE, URGE} if to is not None else set())
    if to in ENDED:
        end_notices(context.db, context.ticket.id, None, context.now)
    elif keys:
        end_notices(context.db, context.ticket.id, keys, context.now)


def unsay(db: Session, ticket: Ticket) -> None:
    """What notices said of a ticket before it was sealed is no longer read in them; that there is something to do remains."""
    said = {code: _said_of_sealed(code, ticket.number) for code in ("zh", "en")}
    for notice in db.scalars(select(Message).where(Message.ticket_id == ticket.id, Message.channel == "desk")):
        notice.text, notice.params = said["zh"], {"en": said["en"]}


def _said_of_sealed(code: str, number: str) -> str:
    with speaking(code):
        return _("工单%(number)s已改为保密，请打开工单查看。", number=number)
