"""What stands in the places of ready words for one ticket, as this reader may see it: no mask is lifted by it."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from hotline.city.ready.places import filled
from hotline.city.schema import City
from hotline.tickets.roles import Actor
from models import Ticket

_HAN = re.compile("[\u4e00-\u9fff]")


def places_of(city: City, actor: Actor, ticket: Ticket | None, now: datetime) -> dict[str, str]:
    """Place → words; what is not known is left out, and stays open."""
    today = city.calendar.day_of(now)
    told = {
        "今天": f"{today:%-m月%-d日}",
        "明天": f"{today + timedelta(days=1):%-m月%-d日}",
        "本人": actor.name,
        "热线": city.hotline_number,
    }
    return told | (_of_ticket(city, ticket) if ticket is not None else {})


def fill(body: str, city: City, actor: Actor, ticket: Ticket | None, now: datetime) -> str:
    """The words for this ticket, with what is not known marked as open."""
    return filled(body, places_of(city, actor, ticket, now))


def _of_ticket(city: City, ticket: Ticket) -> dict[str, str]:
    told = {
        "工单号": ticket.number or "",
        "单位": city.unit_name(ticket.unit_code) if ticket.unit_code else "",
        "类别": city.category_name(ticket.category_code) if ticket.category_code else "",
        "市民称呼": _called(ticket),
    }
    if ticket.due_at is not None:
        due = ticket.due_at.astimezone(ZoneInfo(city.timezone))
        told["期限"] = f"{due:%-m月%-d日 %H:%M}"
    return {name: words for name, words in told.items() if words}


def _called(ticket: Ticket) -> str:
    """The family name, as pages show it; Mr or Ms is for the person to fill. An informant is only ever "您"."""
    name = (ticket.contact_name or "").strip()
    if ticket.privacy == "sealed":
        return "您"
    return filled(f"{name[0]}{{女士或先生}}", {}) if name and _HAN.match(name) else ""
