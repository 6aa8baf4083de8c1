"""Turning pages by key on both engines, with equal values, without values, and with some rows ahead of all others."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import case, select

from hotline.tickets.lists.dispatch_queue import ORDERS
from hotline.tickets.lists.paging import Order, Rank, following, paginate
from hotline.tickets.lists.ticket_list import SORTS
from models import HotSpot, Ticket
from tests.support.life import Life

SEVERE_LAST = Order(
    Ticket.due_at,
    Ticket.id,
    falling=True,
    rank=Rank(case((Ticket.round > 1, 0), else_=1), lambda ticket: int(ticket.round <= 1)),
)
EVERY = {**SORTS, **ORDERS, "redo, latest due": SEVERE_LAST}


def fill(life: Life) -> list[int]:
    for n in range(13):
        one = life.ticket(phone=f"1380000{n:04}")
        one.due_at = None if n % 5 == 3 else life.now + timedelta(hours=n * 3 % 4)
        one.urgency = ("normal", "urgent", "normal", "critical")[n % 4]
        one.created_at, one.safety, one.round = life.now - timedelta(hours=n % 3), n % 4 == 1, 1 + (n % 6 == 2)
    life.db.flush()
    return list(life.db.scalars(select(Ticket.id)))


@pytest.mark.parametrize("name", EVERY)
def test_pages_forth_and_back_are_the_whole_list_in_its_order(life: Life, name: str) -> None:
    fill(life)
    order, query = EVERY[name], select(Ticket)
    whole = [one.id for one in life.db.scalars(query.order_by(*order.by()))]
    page = paginate(life.db, query, order, size=4)
    pages = [page]
    while page.next:
        pages.append(page := paginate(life.db, query, order, after=page.next, size=4))
    assert [one.id for each in pages for one in each.rows] == whole and len(pages) == 4
    for earlier in reversed(pages[:-1]):
        assert page.back
        page = paginate(life.db, query, order, before=page.back, size=4)
        assert [one.id for one in page.rows] == [one.id for one in earlier.rows]
    assert page.back is None


@pytest.mark.parametrize("name", EVERY)
def test_from_each_row_the_next_one_follows_and_after_the_last_the_first(life: Life, name: str) -> None:
    fill(life)
    order = EVERY[name]
    whole = list(life.db.scalars(select(Ticket).order_by(*order.by())))
    for one, after in zip(whole, [*whole[1:], whole[0]], strict=True):
        assert following(life.db, select(Ticket.id), order, one) == after.id


@pytest.mark.parametrize(
    "key", ["", "~", "x", "1", "1~", "2026-03-04~", "~9999999999999999999", "1~never~3", "0001-01-01T00:00:00+14:00~1"]
)
def test_a_broken_key_starts_at_the_beginning(life: Life, key: str) -> None:
    fill(life)
    for order in (SORTS["number"], SORTS["created"], ORDERS["urgent"]):
        assert len(paginate(life.db, select(Ticket), order, after=key, size=20).rows) == 13


def test_heat_turns_its_pages_to_the_last_decimal(life: Life) -> None:
    life.db.add_all(
        HotSpot(
            key=f"k{n}",
            title="停水",
            first_at=life.now,
            last_at=life.now,
            count=5,
            people=5,
            heat=(n % 4) / 7 + 0.1,
            trend=1.0,
            looked_at=life.now,
        )
        for n in range(9)
    )
    life.db.flush()
    order, seen, after = Order(HotSpot.heat, HotSpot.id, falling=True), [], None
    while True:
        page = paginate(life.db, select(HotSpot), order, after=after, size=2)
        seen += [one.id for one in page.rows]
        if (after := page.next) is None:
            break
    assert seen == list(life.db.scalars(select(HotSpot.id).order_by(*order.by())))
