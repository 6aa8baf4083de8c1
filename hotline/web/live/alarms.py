"""The red bar: where somebody may be dying and nobody has taken it, on every page of those who can act, until somebody does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from hotline.i18n import _
from hotline.tickets.act import act, lock
from hotline.tickets.names import ActionName
from hotline.tickets.privacy import redact
from hotline.tickets.privacy.visibility import see, visible_to
from hotline.tickets.roles import Role
from hotline.web.core.permission import allow
from hotline.web.core.request_context import here
from models import Ticket

pages = Blueprint("alarms", __name__, url_prefix="/alarms")
WHO = frozenset({Role.DISPATCHER, Role.LEAD_AGENT, Role.SUPERVISOR})
"""Those who can act on it."""

SHOWN = 4
"""So many stand in words; of the others the bar says how many they are."""
FIRST_WORDS = 48


@dataclass(frozen=True)
class Alarm:
    """One ticket in the bar: its first words without the person behind them, and where it is, as far as it is told."""

    number: str
    words: str
    place: str
    since: datetime
    url: str


@dataclass(frozen=True)
class Alarms:
    """What the bar says. numbers: of all that stand, so that each new one sounds however many there are; first: the oldest, in words."""

    numbers: list[str]
    first: list[Alarm]


NO_ALARMS = Alarms([], [])


def alarms_for_me() -> Alarms:
    """Those that stand now, the oldest first; nothing for people who cannot act on them."""
    me = here.me_or_none
    if me is None or not me.roles & WHO:
        return NO_ALARMS
    stands = (Ticket.alarm_at.is_not(None), visible_to(me))
    numbers = here.db.scalars(select(Ticket.number).where(*stands).order_by(Ticket.alarm_at, Ticket.id)).all()
    if not numbers:
        return NO_ALARMS
    oldest = select(Ticket).where(*stands).order_by(Ticket.alarm_at, Ticket.id).limit(SHOWN)
    return Alarms(list(numbers), [_alarm(one) for one in here.db.scalars(oldest)])


def _alarm(ticket: Ticket) -> Alarm:
    words = redact.title_for(here.me, ticket)
    place = redact.starred(ticket, ticket.text.place) if redact.may_read(here.me, ticket) else ""
    area = here.city.area_name(ticket.area) if ticket.area else ""
    return Alarm(
        number=ticket.number,
        words=words if len(words) <= FIRST_WORDS else words[: FIRST_WORDS - 1] + "…",
        place=" ".join(part for part in (area, ticket.street or "", place) if part)[:60],
        since=ticket.alarm_at or ticket.created_at,
        url=_url_of(ticket),
    )


def _url_of(ticket: Ticket) -> str:
    if here.me.is_(Role.DISPATCHER) and ticket.state == "to_dispatch":
        return url_for("dispatch.ticket", number=ticket.number)
    return url_for("tickets.show", number=ticket.number)


@pages.get("/", strict_slashes=False)
@allow(WHO)
def show() -> str:
    """The bar alone, asked again whenever a ticket changes."""
    return render_template("live/_alarms.html", alarms=alarms_for_me())


@pages.post("/<number>/take")
@allow(WHO)
def take(number: str) -> ResponseReturnValue:
    """I look after it: silent for everybody, on record, and on to the ticket. The second of two people is told."""
    ticket = lock(here.db, see(here.db, here.me, number).id)
    act(here.db, here.city, ticket, ActionName.TAKE_ALARM, here.me, here.now)
    flash(_("工单 %(number)s 由您接手，提醒已停止。请马上处理。", number=number), "warn")
    return redirect(_url_of(ticket), 303)
