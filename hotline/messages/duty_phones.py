"""A unit hears of urgent work where it is: its duty phone is texted, and the next person when nobody has opened the ticket."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import String, cast, select
from sqlalchemy.orm import Session

from hotline import outbox
from hotline.city.schema import City, Unit
from hotline.i18n import _, speaking
from hotline.tickets.names import JobName
from hotline.tickets.names import NoticeName as Tell
from hotline.tickets.roles import Role
from hotline.tickets.states import State
from hotline.tickets.vocabulary import URGENCIES
from models import Message, Staff, Ticket, TicketLook
from webhooks.numbers import can_be_texted

FOR = frozenset({Tell.DISPATCHED_UNIT, Tell.RULED_UNIT, Tell.REDO_UNIT})
"""News that a unit must hear of although nobody looks at the screen."""


def text_first(db: Session, city: City, ticket: Ticket, now: datetime) -> Message | None:
    """Text the first duty phone, when the unit wants to be texted at this hour about something this urgent."""
    unit = city.units.get(ticket.desk_code or ticket.unit_code or "")
    if unit is None or not unit.duty.phones or not is_wanted(city, unit, ticket.urgency, now):
        return None
    phones = _phones(db, unit, ticket)
    return _text(db, city, ticket, unit, phones, 0, now) if phones else None


def text_next(
    db: Session, city: City, ticket: Ticket, unit_code: str, turn: int, since: datetime, now: datetime
) -> Message | None:
    """The next person, unless somebody of the unit has signed or opened the ticket, or it has gone elsewhere."""
    unit = city.units.get(unit_code)
    gone = ticket.state != State.TO_SIGN or unit_code not in (ticket.desk_code, ticket.unit_code)
    if unit is None or gone or _opened(db, ticket, unit, since):
        return None
    phones = _phones(db, unit, ticket)
    return _text(db, city, ticket, unit, phones, turn, now) if turn < len(phones) else None


def _phones(db: Session, unit: Unit, ticket: Ticket) -> tuple[str, ...]:
    """The unit's own, which whoever is on duty carries; of a sealed matter only its leaders', for nobody else may open it."""
    if ticket.privacy != "sealed":
        return unit.duty.phones
    leads = cast(Staff.roles, String).contains(f'"{Role.UNIT_LEADER}"', autoescape=True)
    told = select(Staff.phone).where(Staff.unit_code == unit.code, Staff.active.is_(True), leads).order_by(Staff.id)
    return tuple(one for one in db.scalars(told) if one and can_be_texted(one))


def is_wanted(city: City, unit: Unit, urgency: str, now: datetime) -> bool:
    """By the unit's own line in units.yaml, one for working hours and one for the rest."""
    least = unit.duty.by_day if city.calendar.opening(now) == now else unit.duty.by_night
    order = list(URGENCIES)
    return least in order and urgency in order and order.index(urgency) >= order.index(least)


def _text(
    db: Session, city: City, ticket: Ticket, unit: Unit, phones: tuple[str, ...], turn: int, now: datetime
) -> Message:
    """Nothing of the matter travels: number, urgency and when it must be signed."""
    due = ticket.due_at.astimezone(ZoneInfo(city.timezone)).strftime("%m-%d %H:%M") if ticket.due_at else ""
    with speaking("zh"):
        said = {"number": ticket.number, "urgency": _(URGENCIES[ticket.urgency]), "due": due}
    message = Message(
        ticket_id=ticket.id,
        unit_code=unit.code,
        direction="out",
        channel="sms",
        phone=phones[turn],
        template_key="duty_new",
        params=said,
        text=city.texts["duty_new"].fill("zh", **said),
        state="queued",
        created_at=now,
    )
    db.add(message)
    db.flush()
    outbox.enqueue(db, JobName.SEND, key=f"send:duty:{message.id}", now=now, ticket_id=ticket.id, message_id=message.id)
    outbox.enqueue(
        db,
        JobName.DUTY_NEXT,
        key=f"duty:{message.id}",
        now=now,
        at=now + timedelta(minutes=city.policy.duty_minutes),
        ticket_id=ticket.id,
        unit=unit.code,
        turn=turn + 1,
        since=now.isoformat(),
    )
    return message


def _opened(db: Session, ticket: Ticket, unit: Unit, since: datetime) -> bool:
    """Whether a page of somebody of the unit showed the ticket since it was texted."""
    looked = (
        select(TicketLook.staff_id)
        .join(Staff, Staff.id == TicketLook.staff_id)
        .where(TicketLook.ticket_id == ticket.id, TicketLook.at >= since, Staff.unit_code == unit.code)
    )
    return db.scalar(looked.limit(1)) is not None
