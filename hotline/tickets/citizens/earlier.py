"""Of two tickets that become one a matter that is late leads: merged away, its lateness would go with its clock."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.i18n import _
from hotline.tickets.context import ActionContext
from hotline.tickets.deadlines import running
from hotline.tickets.names import ClockName as Clock
from hotline.tickets.states import WITH_UNIT, State
from models import Ticket

OF_THE_WORK = (Clock.REPLY, Clock.REDO)
CAN_FOLLOW = WITH_UNIT | {State.TO_DISPATCH, State.IN_DISPUTE, State.IN_OBJECTION}
"""Where a ticket may itself be put into another one, so that the two can be turned round."""


def is_late(context: ActionContext) -> str | None:
    """Refused where the two can be turned round; a master that has answered already, or leads others, keeps its clock."""
    master = context.db.scalar(select(Ticket).where(Ticket.number == context.answer("master")))
    mine = _ends(context.db, context.ticket.id)
    if (
        master is None
        or mine is None
        or mine > context.now
        or State(master.state) not in CAN_FOLLOW
        or _leads(context.db, master.id)
    ):
        return None
    theirs = _ends(context.db, master.id)
    if theirs is not None and theirs <= mine:
        return None
    return _("这张工单已经超期，并入后期限会变晚。请对调：以它为主工单。")


def _ends(db: Session, ticket_id: int) -> datetime | None:
    """When the citizen was promised the answer; nothing before a unit has the matter."""
    return min((held.due_at for held in running(db, ticket_id) if held.clock in OF_THE_WORK), default=None)


def _leads(db: Session, ticket_id: int) -> bool:
    others = select(Ticket.id).where(Ticket.merged_into_id == ticket_id, Ticket.state == State.MERGED).limit(1)
    return db.scalar(others) is not None
