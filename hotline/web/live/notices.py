"""The notices on a person's screen: what happened to the tickets of theirs, of their unit, of their role."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import and_, literal, select
from werkzeug.datastructures import MultiDict

from hotline.i18n import N_, _, language
from hotline.messages import notice_readings
from hotline.messages.notice_readings import count_unread
from hotline.staff.wearing import names, worn
from hotline.tickets.lists import paging
from hotline.tickets.lists.paging import Order, Rank
from hotline.tickets.privacy.visibility import visible_to
from hotline.tickets.roles import Actor, Role
from hotline.web.core.limits.edge import whole_numbers
from hotline.web.core.permission import EVERYBODY, allow
from hotline.web.core.request_context import here
from hotline.web.core.sorting import asked_order, asked_page, named
from models import Message, Staff, Ticket

pages = Blueprint("notices", __name__, url_prefix="/notices")
PAGE_SIZE = 40
RANK = Rank(notice_readings.IS_DANGER, lambda one: int(one.template_key not in notice_readings.DANGER))
ORDERS = {
    "-at": Order(Message.id, Message.id, falling=True, rank=RANK),
    "at": Order(Message.id, Message.id, rank=RANK),
}
"""Danger before everything else."""

ALL_ORDERS = {name: replace(order, rank=None) for name, order in ORDERS.items()}
MATTERS = {"hot_matter": ("hot.show", N_("看多人同诉")), "model_drift": ("admin.model", N_("看分类模型"))}
"""Notices of no single ticket: the page that tells more, and what its link says."""

DUTY_ROLES = frozenset({Role.AGENT, Role.LEAD_AGENT})


def me_for_pages() -> dict[str, Any]:
    """The signed-in person as the frame of every page shows them."""
    staff: Staff = g.staff
    roles = [Role(role) for role in staff.roles if role in Role.__members__.values()]
    return {
        "name": staff.name,
        "login": staff.login,
        "unit_name": here.city.unit_name(staff.unit_code),
        "roles": roles,
        "role_words": names(here.db, worn(staff)),
        "has_duty": bool(DUTY_ROLES & set(roles)),
        "on_duty": staff.on_duty,
        "by_phone": staff.reach_by_phone,
        "has_phone": bool(staff.phone),
    }


def unread_count() -> int:
    """How many notices wait for me, counted no further than the badge shows; asked once per request."""
    if "unread_notices" not in g:
        g.unread_notices = count_unread(here.db, here.me)
    return int(g.unread_notices)


@pages.get("/", strict_slashes=False)
@allow(EVERYBODY)
def show() -> str:
    only_unread = request.args.get("show") != "all"
    sort = asked_order(ORDERS, "-at")
    order = (ORDERS if only_unread else ALL_ORDERS)[sort]
    page = paging.paginate(here.db, _wanted(here.me, only_unread), order, size=PAGE_SIZE, **asked_page())
    return render_template(
        "live/notices.html",
        notices=[_shown(*row) for row in page.rows],
        page=page,
        sort=sort,
        orders=named(ORDERS),
        only_unread=only_unread,
        unread=unread_count(),
    )


@pages.post("/read")
@allow(EVERYBODY)
def read() -> ResponseReturnValue:
    """Mark the ticked notices, one notice, or all of them as read, for this person alone."""
    given = _ids(request.form)
    done = notice_readings.read(here.db, here.me, here.now, None if "all" in request.form else given)
    if request.form.get("open") and given:
        return redirect(_ticket_url(given[0]), 303)
    flash(_("已把 %(n)d 条通知标为已读。", n=done), "good")
    return redirect(url_for("notices.show"), 303)


def _wanted(me: Actor, only_unread: bool) -> Any:
    """What waits for me, a row for each ticket; or all that was ever said, word by word."""
    with_number = and_(Ticket.id == Message.ticket_id, visible_to(me))
    if only_unread:
        matters = notice_readings.rows_of_matters(me)
        found = select(Message, Ticket.number, literal(True), matters.c.many).join(
            matters, matters.c.shown == Message.id
        )
        return found.outerjoin(Ticket, with_number)
    found = select(Message, Ticket.number, notice_readings.unread(me).label("unread"), literal(1))
    return found.outerjoin(Ticket, with_number).where(notice_readings.mine(me))


def _shown(message: Message, number: str | None, unread: bool, many: int) -> dict[str, Any]:
    """The notice in the reader's language, with a link only to a ticket the reader may open. more: how much else is said of it."""
    english = message.params.get("en") if language() == "en" else None
    return {
        "id": message.id,
        "text": english or message.text,
        "at": message.created_at,
        "read": not unread,
        "more": many - 1,
        "danger": message.template_key in notice_readings.DANGER,
        "ended": message.ended_at,
        "number": number,
        "url": url_for("tickets.show", number=number) if number else "",
        "shared": message.staff_id is None,
        "kind": _kind(message.template_key or ""),
        "matter": MATTERS.get(message.template_key or ""),
    }


def _kind(key: str) -> tuple[str, str]:
    """The icon and the tone of a notice."""
    if key.startswith("bell_") or key in ("directive_soon", "directive_late"):
        late = key in ("bell_due", "bell_red", "directive_late")
        return ("alarm", "bad" if late else "warn")
    return {
        "life_ring": ("exclamation-octagon", "bad"),
        "safety_ring": ("shield-exclamation", "warn"),
        "redo_unit": ("arrow-counterclockwise", "warn"),
        "urged_unit": ("megaphone", "warn"),
        "dispatched_unit": ("inbox", "info"),
        "instructed": ("pin-angle", "warn"),
        "urged_from_above": ("megaphone", "warn"),
        "supervision_opened": ("eye", "warn"),
        "explanation_asked": ("question-diamond", "bad"),
        "directive_answered": ("reply", "info"),
        "directive_returned": ("arrow-return-left", "bad"),
        "directive_ended": ("check-circle", "info"),
        "judge_dissatisfied": ("emoji-frown", "warn"),
        "judge_answer": ("chat-left-text", "warn"),
        "direct_unsettled": ("emoji-frown", "warn"),
        "hot_matter": ("fire", "warn"),
        "model_drift": ("speedometer2", "warn"),
    }.get(key, ("bell", "info"))


def _ids(form: MultiDict[str, str]) -> list[int]:
    return whole_numbers(form.getlist("notice"))[:200]


def _ticket_url(notice_id: int) -> str:
    number = here.db.scalar(
        select(Ticket.number)
        .join(Message, Message.ticket_id == Ticket.id)
        .where(Message.id == notice_id, notice_readings.mine(here.me), visible_to(here.me))
    )
    return url_for("tickets.show", number=number) if number else url_for("notices.show")
