"""Who has shown the query code in this browser, for a while: a signed cookie, no account."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask import render_template, request, session, url_for

from hotline.errors import NotAllowed
from hotline.i18n import _
from hotline.tickets.display.citizen_view import find
from hotline.web.core.request_context import here
from models import Ticket

LASTS = timedelta(hours=2)
MOST = 12
KEY = "proved"


def remember(ticket: Ticket) -> None:
    """This browser may open this ticket's page for two hours."""
    proved = {**_proved(), str(ticket.id): here.now.isoformat()}
    session[KEY] = dict(list(proved.items())[-MOST:])


def forget_all() -> None:
    session.pop(KEY, None)


def proved_ticket(number: str) -> Ticket | None:
    """The ticket, when this browser has proved its code; None for everybody else, whether it exists or not."""
    ticket = find(here.db, number)
    if ticket is None or str(ticket.id) not in _proved():
        return None
    return ticket


def need(number: str) -> Ticket:
    """As `proved_ticket`. Raises NotAllowed with what to do."""
    ticket = proved_ticket(number)
    if ticket is None:
        raise NotAllowed(_("请先输入工单号和查询码，再办这件事。您填写的内容在下面，可以复制。"))
    return ticket


def _proved() -> dict[str, str]:
    given: Any = session.get(KEY)
    held = given if isinstance(given, dict) else {}
    return {key: at for key, at in held.items() if here.now - datetime.fromisoformat(at) < LASTS}


def public_page(template: str, **values: Any) -> str:
    """A citizens' page with its few links."""
    links = (
        ("citizen.home", _("首页")),
        ("citizen.new", _("提诉求")),
        ("citizen.track", _("查进度")),
        ("board.show", _("公开答复")),
        ("sessions_public.show", _("在线访谈")),
        ("questions.show", _("常见问题")),
        ("citizen.times", _("办理时限")),
    )
    nav = [{"url": url_for(endpoint), "label": label, "active": _is_there(endpoint)} for endpoint, label in links]
    return render_template(template, public_nav=nav, **values)


def _is_there(endpoint: str) -> bool:
    """This very page, or one page of a room that has a link of its own."""
    room = endpoint.partition(".")[0]
    return request.endpoint == endpoint or (room != "citizen" and request.blueprint == room)
