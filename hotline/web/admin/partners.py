"""How each partner is, and its dead letters: looked at, tried again, or given up with a reason."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select

from hotline.city.partners.subscription import PERSONAL, SEALED
from hotline.errors import NotFound, Refusal
from hotline.i18n import N_, _
from hotline.partners import deliver, health
from hotline.tickets.privacy.visibility import visible_to
from hotline.tickets.roles import Role
from hotline.web.admin.pages import READERS, page, pages, record
from hotline.web.core.permission import allow
from hotline.web.core.request_context import here
from hotline.web.core.sorting import sorted_page
from models import Delivery, Ticket

TABS = {
    "failed": N_("死信"),
    "waiting": N_("等候中"),
    "accepted": N_("已收下"),
    "given_up": N_("已放弃"),
    "withheld": N_("未送出"),
}
STATES = {
    "off": N_("没有接通"),
    "dead": N_("有死信"),
    "down": N_("对方没有应答"),
    "asks": N_("对方让过一会儿再送"),
    "unwilling": N_("对方有应答，没有收下"),
    "late": N_("积压"),
    "well": N_("正常"),
}


@pages.get("/partners")
@allow(READERS)
def partners() -> str:
    """Every partner at a glance."""
    found = health.look(here.installation, here.db, here.now)
    return page("partners", found=found, states=STATES, personal=PERSONAL, sealed=SEALED)


@pages.get("/partners/<name>")
@allow(READERS)
def partner(name: str) -> str:
    """One partner's tellings by their state; the dead first, for they wait for a person."""
    known = next(
        (one for one in health.look(here.installation, here.db, here.now) if one.subscription.name == name), None
    )
    if known is None:
        raise NotFound(_("没有这个平台。"))
    tab = request.args.get("tab", "failed")
    tab, sort = (tab if tab in TABS else "failed"), request.args.get("sort", "-created")
    turned = sorted_page(
        here.db,
        select(Delivery).where(Delivery.partner == name, Delivery.state == tab),
        Delivery.created_at,
        Delivery.id,
        rising=not sort.startswith("-"),
        after=request.args.get("after"),
        before=request.args.get("before"),
    )
    tabs = [
        (_(label), url_for("admin.partner", name=name, tab=one), one == tab, _count(name, one))
        for one, label in TABS.items()
    ]
    numbers = _numbers(turned.rows)
    return page("partner", one=known, states=STATES, turned=turned, tab=tab, sort=sort, tabs_=tabs, numbers=numbers)


@pages.post("/partners/<name>/<int:delivery_id>/retry")
@allow(Role.ADMINISTRATOR)
def retry_delivery(name: str, delivery_id: int) -> ResponseReturnValue:
    deliver.retry(here.db, _held(name, delivery_id), here.now)
    record("delivery_retried", str(delivery_id), partner=name)
    flash(_("已重新投递，对方收下后这里不再显示。"), "good")
    return redirect(url_for("admin.partner", name=name), 303)


@pages.post("/partners/<name>/<int:delivery_id>/give-up")
@allow(Role.ADMINISTRATOR)
def give_up_delivery(name: str, delivery_id: int) -> ResponseReturnValue:
    """The reason is kept with the telling and in the book."""
    reason = request.form.get(f"reason_{delivery_id}", "").strip()[:300]
    if not reason:
        raise Refusal(_("请写明为什么不再投递。"), code="give_up_needs_reason", field=f"reason_{delivery_id}")
    deliver.give_up(here.db, _held(name, delivery_id), here.me.name, reason, here.now)
    record("delivery_given_up", str(delivery_id), partner=name, reason=reason)
    flash(_("已放弃这一条，同一工单后面的继续投递。"), "good")
    return redirect(url_for("admin.partner", name=name), 303)


def _held(name: str, delivery_id: int) -> Delivery:
    held = here.db.scalar(
        select(Delivery).where(Delivery.id == delivery_id, Delivery.partner == name).with_for_update()
    )
    if held is None:
        raise NotFound(_("没有这一条。"))
    return held


def _count(name: str, state: str) -> int | None:
    if state == "accepted":
        return None
    return here.db.scalar(select(func.count()).where(Delivery.partner == name, Delivery.state == state))


def _numbers(rows: Any) -> dict[int, str]:
    """The numbers of the tickets; of a sealed one only for those who may see it."""
    ids = {row.ticket_id for row in rows if row.ticket_id}
    seen = select(Ticket.id, Ticket.number).where(Ticket.id.in_(ids), Ticket.privacy != "sealed")
    if here.me.is_(Role.HEAD):
        seen = select(Ticket.id, Ticket.number).where(Ticket.id.in_(ids), visible_to(here.me))
    return {row.id: row.number for row in here.db.execute(seen)}
