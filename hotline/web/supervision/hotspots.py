"""Many citizens, one matter: the live list of hot spots, their tickets, and putting those together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from hotline.errors import NotFound
from hotline.i18n import _
from hotline.tickets.act import act, attempt, lock
from hotline.tickets.guards import CANNOT_LEAD
from hotline.tickets.lifecycle import find_move
from hotline.tickets.lists import ticket_list
from hotline.tickets.lists.hotspot_list import ENDED_ORDERS, ORDERS, WATCHERS, Heated, hot_now, hot_of, hot_one
from hotline.tickets.lists.ticket_list import Wanted
from hotline.tickets.points import kept
from hotline.tickets.privacy.visibility import see, visible_to
from hotline.tickets.roles import Role
from hotline.tickets.states import State
from hotline.web.core.formatting import TicketRow, canonical_url, row_of
from hotline.web.core.permission import allow
from hotline.web.core.request_context import here
from hotline.web.core.sorting import asked_order, asked_page, named
from hotline.web.map.drawing import Dot, dot_of, drawing_of, shades
from hotline.web.map.words import point_words
from models import HotSpot, HotTicket, Ticket

pages = Blueprint("hot", __name__, url_prefix="/hot")
MOST_MERGED = 100
SPOT_ORDERS = ("created", "-created", "due", "-due")


@pages.record_once
def _globals(state: Any) -> None:
    state.app.jinja_env.globals.update(hot_of=hot_of_ticket)


@pages.get("/", strict_slashes=False)
@allow(WATCHERS)
def show() -> str:
    ended = request.args.get("ended") == "1"
    orders = ENDED_ORDERS if ended else ORDERS
    sort = asked_order(orders, next(iter(orders)))
    listed = hot_now(here.db, here.now, sort, ended=ended, **asked_page())
    return render_template(
        "supervision/hotspots.html",
        listed=listed,
        sort=sort,
        orders=named(orders),
        ended=ended,
        place=place_of,
        shade=shades(_by_area([hot.spot for hot in listed.rows])),
    )


@pages.get("/<key>")
@allow(WATCHERS)
def spot(key: str) -> str:
    return _page(key)


@pages.post("/<key>/merge")
@allow(Role.DISPATCHER)
def merge(key: str) -> ResponseReturnValue:
    """Merge the picked tickets into one of them; what cannot be merged is named with its reason."""
    found = _found(key)
    master, numbers = request.form.get("master", "").strip(), request.form.getlist("ticket")
    picked = [number for number in dict.fromkeys(numbers) if number != master][:MOST_MERGED]
    if not master or not picked:
        canonical_url("hot.spot", key=key)
        return _page(key, problem=_("请选一张主工单，并勾选要合并进去的工单。"), picked=numbers, master=master), 400
    refused = [(number, sentence) for number in picked if (sentence := _merge(found, number, master)) is not None]
    merged = len(picked) - len(refused)
    if merged:
        flash(_("%(n)s 张工单已并入 %(master)s，每位市民仍各自收到通知。", n=merged, master=master), "good")
    for number, sentence in refused:
        flash(f"{number} {sentence}", "warn")
    return redirect(url_for("hot.spot", key=key), 303)


def hot_of_ticket(ticket: Ticket) -> HotSpot | None:
    return hot_of(here.db, here.me, ticket.id)


def place_of(spot: HotSpot) -> str:
    return " ".join(part for part in (here.city.area_name(spot.area) if spot.area else "", spot.place) if part)


def _by_area(spots: list[HotSpot]) -> dict[str, float]:
    """District → tickets of its hot spots."""
    found: dict[str, float] = {}
    for spot in spots:
        if spot.area:
            found[spot.area] = found.get(spot.area, 0) + spot.count
    return found


def dots_of(spot: HotSpot) -> list[Dot]:
    """Where its tickets are, each in the middle of its square; without any point, roughly the district."""
    drawing = drawing_of(here.city.map)
    if drawing is None:
        return []
    ids = select(HotTicket.ticket_id).where(HotTicket.spot_id == spot.id)
    told = kept.points_of(here.db, here.db.scalars(select(Ticket.id).where(Ticket.id.in_(ids), visible_to(here.me))))
    if told:
        return [dot_of(drawing, one, point_words(one), exactly=False) for one in told.values()]
    about = here.city.map.about(spot.area)
    return [Dot(*drawing.at(about), 0, _("大致在%(area)s", area=here.city.area_name(spot.area)), True)] if about else []


def _found(key: str) -> Heated:
    found = hot_one(here.db, key, here.now)
    if found is None:
        raise NotFound(_("没有这个热点。"))
    return found


def _tickets(spot: HotSpot) -> Wanted:
    return Wanted(also=(Ticket.id.in_(select(HotTicket.ticket_id).where(HotTicket.spot_id == spot.id)),))


@dataclass(kw_only=True)
class SpotRow(TicketRow):
    """A ticket of a hot spot. mergeable: may be merged into another of them."""

    mergeable: bool


def _page(key: str, *, problem: str = "", picked: list[str] | None = None, master: str = "") -> str:
    found = _found(key)
    sort = asked_order(SPOT_ORDERS, "created")
    page = ticket_list.find(here.db, here.me, _tickets(found.spot), sort=sort, **asked_page())
    may_merge = here.me.is_(Role.DISPATCHER)
    rows = [
        row_of(SpotRow, one, mergeable=may_merge and find_move(one.state, "merge") is not None) for one in page.rows
    ]
    masters = [row for row in rows if State(row.state) not in CANNOT_LEAD] if may_merge else []
    return render_template(
        "supervision/hotspot.html",
        hot=found,
        spot=found.spot,
        rows=rows,
        page=page,
        sort=sort,
        masters=masters,
        place=place_of,
        can_merge=len(masters) > 1 and any(row.mergeable for row in rows),
        problem=problem,
        picked=picked or [],
        dots=dots_of(found.spot),
        master=master or (masters[0].number if masters else ""),
    )


def _merge(found: Heated, number: str, master: str) -> str | None:
    """Why it did not work; None when it did. One refusal does not hold up the others."""
    refused = attempt(
        here.db,
        lambda: act(
            here.db,
            here.city,
            lock(here.db, see(here.db, here.me, number).id),
            "merge",
            here.me,
            here.now,
            {"master": master},
        ),
    )
    return refused.problems.get("master", refused.sentence) if refused else None
