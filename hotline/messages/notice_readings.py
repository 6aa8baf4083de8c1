"""Notices are shared and reading is each person's own: whose a notice is, what this person has not read, and that it is read.

What a person has read stands in one number, `Staff.notices_read_to`, and in rows for what was read beyond it, so that a
count looks only at notices that are newer than the oldest unread one.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, delete, exists, func, or_, select, update
from sqlalchemy.orm import Session

from hotline.tickets.privacy.visibility import visible_to
from hotline.tickets.roles import Actor
from models import Message, NoticeReading, Staff, Ticket
from models.store.rows import insert_all_once

COUNT_LIMIT = 99
SETTLED = timedelta(minutes=5)
"""Below this age a notice with a smaller number may still be on its way into the database: the number does not pass it."""


def mine(me: Actor, beyond: Any = None) -> ColumnElement[bool]:
    """Notices to this person, to their unit (to everybody there, or to a role they have), or to a role of theirs.

    beyond: only notices after this number. Each branch begins with a column that has an index ending in id; of the few
    notices to one person the number is compared as a sum, or SQLite would rather read all newer notices of everybody.
    """
    roles = sorted(role.value for role in me.roles)
    further = [] if beyond is None else [Message.id > beyond]
    branches = [and_(Message.staff_id == me.id, *([] if beyond is None else [Message.id + 0 > beyond]))]
    if me.unit_code:
        branches.append(
            and_(
                Message.unit_code == me.unit_code,
                Message.staff_id.is_(None),
                or_(Message.role.is_(None), Message.role.in_(roles)),
                *further,
            )
        )
    if roles:
        branches.append(
            and_(Message.role.in_(roles), Message.unit_code.is_(None), Message.staff_id.is_(None), *further)
        )
    return and_(Message.channel == "desk", or_(*branches), ~_closed_to(me))


def _closed_to(me: Actor) -> ColumnElement[bool]:
    """About a matter that was sealed since, or always was, and that this person may not open."""
    sealed = exists().where(Ticket.id == Message.ticket_id, Ticket.privacy == "sealed", ~visible_to(me))
    return sealed.correlate(Message)


def is_mine(me: Actor, staff_id: int | None, unit_code: str | None, role: str | None) -> bool:
    """The same rule for one row that is already known."""
    if staff_id is not None:
        return staff_id == me.id
    if unit_code is not None and unit_code != me.unit_code:
        return False
    return (unit_code is not None and role is None) or role in {one.value for one in me.roles}


def unread(me: Actor) -> ColumnElement[bool]:
    """Mine, not read by me, and of a matter that has not ended."""
    read = exists().where(NoticeReading.staff_id == me.id, NoticeReading.message_id == Message.id)
    return and_(mine(me, _read_to(me)), Message.ended_at.is_(None), ~read)


DANGER = ("life_ring",)
"""Notices that stand apart, before all others."""

IS_DANGER = case((Message.template_key.in_(DANGER), 0), else_=1)
MATTER = func.coalesce(Message.ticket_id, -Message.id)
"""What a notice is about: its ticket, or itself."""


def rows_of_matters(me: Actor) -> Any:
    """(the notice that stands for it, how many there are) of each matter that waits for me: its danger if there is one, else
    its latest word."""
    danger = func.max(case((Message.template_key.in_(DANGER), Message.id)))
    shown = func.coalesce(danger, func.max(Message.id)).label("shown")
    return select(shown, func.count().label("many")).where(unread(me)).group_by(MATTER).subquery()


def count_unread(db: Session, me: Actor) -> int:
    """How many matters wait for me, a ticket being one however much is said of it; counted no further than the badge shows."""
    inner = select(MATTER).where(unread(me)).distinct().limit(COUNT_LIMIT).subquery()
    return db.scalar(select(func.count()).select_from(inner)) or 0


def read(db: Session, me: Actor, now: datetime, ids: Sequence[int] | None = None) -> int:
    """This person alone has read these notices and what else their tickets say (None: all of theirs). Returns how many."""
    wanted = select(Message.id).where(unread(me))
    if ids is not None:
        tickets = select(Message.ticket_id).where(Message.id.in_(ids), Message.ticket_id.is_not(None))
        wanted = wanted.where(or_(Message.id.in_(ids), Message.ticket_id.in_(tickets)))
    found = db.scalars(wanted).all()
    if found:
        rows = [{"staff_id": me.id, "message_id": one, "read_at": now} for one in found]
        insert_all_once(db, NoticeReading, ["staff_id", "message_id"], rows)
        _move_number(db, me, now)
    return len(found)


def _move_number(db: Session, me: Actor, now: datetime) -> None:
    """Up to the oldest unread notice; the rows below are no longer needed."""
    beyond = mine(me, _read_to(me))
    settled = db.scalar(select(func.max(Message.id)).where(beyond, Message.created_at < now - SETTLED))
    if settled is None:
        return
    oldest = db.scalar(select(func.min(Message.id)).where(unread(me)))
    to = settled if oldest is None else min(settled, oldest - 1)
    db.execute(update(Staff).where(Staff.id == me.id, Staff.notices_read_to < to).values(notices_read_to=to))
    db.execute(delete(NoticeReading).where(NoticeReading.staff_id == me.id, NoticeReading.message_id <= to))


def _read_to(me: Actor) -> Any:
    return select(Staff.notices_read_to).where(Staff.id == me.id).scalar_subquery()
