"""What waits for a unit, as a letter of each working morning: numbers and dates, nothing of anybody.

Many read a unit's mailbox: of sealed matters its leader is told on the screen alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline import outbox
from hotline.city.schema import City, Unit
from hotline.i18n import _, speaking
from hotline.tickets.names import JobName
from hotline.tickets.states import STATES, WITH_UNIT, State
from hotline.tickets.vocabulary import URGENCIES
from models import Ticket

FROM = time(8, 30)
MOST = 50


def enqueue_digests(db: Session, city: City, now: datetime) -> int:
    """Once a working day for each unit with an address; asked every minute, it enqueues the first time only."""
    local = now.astimezone(ZoneInfo(city.timezone))
    if local.time() < FROM or city.calendar.opening(now) != now:
        return 0
    wanted = [unit.code for unit in city.units.values() if unit.duty.email]
    keys = [f"digest:{code}:{local:%Y%m%d}" for code in wanted]
    return sum(
        outbox.enqueue(db, JobName.MAIL_DIGEST, key=key, now=now, unit=code)
        for code, key in zip(wanted, keys, strict=True)
    )


def letter(db: Session, city: City, unit: Unit, now: datetime) -> tuple[str, str] | None:
    """Subject and text; None when nothing waits."""
    rows = db.scalars(
        select(Ticket)
        .where(Ticket.desk_code == unit.code, Ticket.state.in_(WITH_UNIT), Ticket.privacy != "sealed")
        .order_by(Ticket.due_at, Ticket.id)
        .limit(MOST)
    ).all()
    if not rows:
        return None
    with speaking("zh"):
        late = sum(one.due_at is not None and one.due_at < now for one in rows)
        subject = _("12345 待办：%(unit)s %(n)d 件，已超期 %(late)d 件", unit=unit.name, n=len(rows), late=late)
        return subject, "\n".join(_lines(city, unit, rows, now))


def _lines(city: City, unit: Unit, rows: Sequence[Ticket], now: datetime) -> list[str]:
    zone = ZoneInfo(city.timezone)
    found = [_("%(unit)s 现有待办工单（最多列 %(n)d 件），内容请登录查看：", unit=unit.name, n=MOST), ""]
    for one in rows:
        due = one.due_at.astimezone(zone).strftime("%m-%d %H:%M") if one.due_at else "—"
        words = [one.number, _(URGENCIES[one.urgency]), _(STATES[State(one.state)].name), _("期限 %(due)s", due=due)]
        if one.due_at is not None and one.due_at < now:
            words.append(_("已超期"))
        found.append("  ".join(words))
    return found
