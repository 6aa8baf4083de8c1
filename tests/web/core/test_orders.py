"""Every list orders its rows as it says, and turning its pages shows each of them once."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine

from models import Assignment, Staff
from tests.support.life import Life
from tests.support.make import CHENGGUAN
from tests.support.statements import statements
from tests.web.core.ordered_lists import LISTS, MANY, Row, of_one_spot, tickets, units

Browse = Callable[[Staff], FlaskClient]


def links(page: str, pattern: str) -> list[str]:
    return [html.unescape(href) for href in re.findall(pattern, page)]


def order_links(page: str) -> dict[str, str]:
    """Order → where it leads, of every order offered on this page."""
    hrefs = links(page, r'class="sort[^"]*"\s+href="([^"]+)"')
    for line in re.findall(r'<p class="list-orders">(.*?)</p>', page):
        hrefs += links(line, r'href="([^"]+)"')
    return {parse_qs(urlsplit(href).query).get("sort", [""])[0]: href for href in hrefs}


def offered(client: FlaskClient, url: str) -> dict[str, str]:
    """All orders that pressing heads and orders leads to; "" is the list's own where it has a link back."""
    found: dict[str, str] = {}
    ahead = [url]
    while ahead:
        for order, href in order_links(client.get(ahead.pop()).text).items():
            if order not in found:
                found[order] = href
                ahead.append(href)
    return found


def turned(client: FlaskClient, url: str, names: str, rel: str = "next") -> Iterator[tuple[str, list[str]]]:
    """Page after page: its address and its rows."""
    for _turn in range(2 * MANY):
        page = client.get(url).text
        yield url, re.findall(names, page)
        if not (onward := links(page, rf'rel="{rel}"[^>]*? href="([^"]+)"')):
            return
        url = onward[0]


def expected(found: list[Row], order: str) -> list[str]:
    """As SQLite orders them: without a value comes first, ties by number."""
    if order in ("urgent", "redo"):
        return [one.seen for one in sorted(found, key=lambda one: (not one.ahead, *_place(one, "due")))]
    return [
        one.seen for one in sorted(found, key=lambda one: _place(one, order.lstrip("-")), reverse=order.startswith("-"))
    ]


def _place(row: Row, name: str) -> tuple[bool, Any, Any]:
    value = row.values[name]
    return value is not None, value if value is not None else 0, row.tie or row.id


@pytest.mark.parametrize("which", LISTS)
def test_each_order_orders_and_its_pages_show_every_row_once(which: str, life: Life, browse: Browse) -> None:
    one = LISTS[which]
    found = one.fill(life)
    life.db.commit()
    client = browse(life.staff[one.login])
    choices = offered(client, one.url)
    assert set(choices) - {""} == set(one.orders), choices
    for order, url in {**choices, one.own: one.url}.items():
        pages = list(turned(client, url, one.names))
        assert len(pages) > 1
        assert [name for _url, names in pages for name in names] == expected(found, order or one.own), order
        back = list(turned(client, pages[-1][0], one.names, "prev"))
        assert [names for _url, names in reversed(back)] == [names for _url, names in pages], order
        asked = order if order in one.orders else ""
        live = links(client.get(pages[1][0]).text, r'id="(?:desk|queue|list|hot|today|notices)"[^>]*? hx-get="([^"]+)"')
        for address in live:
            assert parse_qs(urlsplit(address).query).get("sort", [""])[0] == asked or order == one.own
        assert bool(live) == one.live


def plans(engine: Engine, sent: list[str]) -> list[str]:
    """How SQLite would find the rows of each list it was asked for."""
    lists = [sql for sql in sent if "ORDER BY" in sql and "LIMIT" in sql]
    with engine.connect() as connection:
        asked = [
            connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", (None,) * sql.count("?")).all() for sql in lists
        ]
    return [" | ".join(str(step[-1]) for step in steps) for steps in asked]


@pytest.mark.parametrize("which", [name for name, one in LISTS.items() if one.fill is not units])
def test_no_order_reads_all_tickets(which: str, life: Life, browse: Browse, sqlite_engine: Engine) -> None:
    """The open ones, those of a few days or of one person are looked at, never the closed ones of all years."""
    one = LISTS[which]
    if which == "one spot":
        of_one_spot(life)
        life.db.commit()
    client = browse(life.staff[one.login])
    for order in (one.own, *one.orders):
        with statements(sqlite_engine) as sent:
            client.get(f"{one.url}{'&' if '?' in one.url else '?'}sort={order}")
        found = plans(sqlite_engine, sent)
        assert found and not [
            plan for plan in found if re.search(r"SCAN (ticket|petition|survey|call|message)\b", plan)
        ], order


def test_dispatching_goes_on_in_the_order_the_queue_was_read_in(life: Life, browse: Browse) -> None:
    first, second, third = (life.ticket(phone=f"1380000000{n}") for n in range(3))
    for n, one in enumerate((second, third, first)):
        one.created_at, one.due_at = life.now - timedelta(minutes=n), life.now + timedelta(hours=n + 1)
    life.db.commit()
    client = browse(life.staff["du"])
    opened = client.get(f"/dispatch/{third.number}?sort=created").text
    assert f"/dispatch/{second.number}?tab=todo&amp;sort=created" in opened
    typed = {
        "unit": life.city.unit_name(CHENGGUAN),
        "category": "",
        "seen": third.move_count,
        "tab": "todo",
        "sort": "created",
    }
    gone = client.post(f"/dispatch/{third.number}/dispatch", data=typed)
    assert gone.status_code == 303 and gone.location == f"/dispatch/{second.number}?tab=todo&sort=created"


def test_the_lists_beside_a_refused_form_lead_to_pages_that_open(life: Life, browse: Browse) -> None:
    ticket = tickets(life)[0]
    life.db.commit()
    client = browse(life.staff["du"])
    refused = client.post(
        f"/dispatch/{ticket.number}/dispatch",
        data={"unit": "没有这个单位", "seen": ticket.move_count, "sort": "created"},
    )
    assert refused.status_code == 400
    queue = links(refused.text, r'id="queue" hx-get="([^"]+)"')
    leads = [*queue, *order_links(refused.text).values(), *links(refused.text, r'rel="next"[^>]*? href="([^"]+)"')]
    assert len(leads) == 6 and "sort=created" in queue[0]
    assert {client.get(one).status_code for one in leads} == {200}


def test_a_filter_keeps_the_order(life: Life, browse: Browse) -> None:
    page = browse(life.staff["tou"]).get("/admin/units?sort=-staff").text
    assert '<input type="hidden" name="sort" value="-staff">' in page


def test_a_leader_orders_the_units_by_what_they_have_to_do(life: Life, browse: Browse) -> None:
    for n, one in enumerate(tickets(life, "to_sign")[:12]):
        one.unit_code = CHENGGUAN
        one.desk_code = life.below() if n % 3 else CHENGGUAN
        life.db.add(Assignment(ticket_id=one.id, unit_code=CHENGGUAN, part="lead", round=1, started_at=life.now))
    life.db.commit()
    client, names = browse(life.staff["hejt"]), r'<th scope="row"><a href="/unit/\?unit=(\w[\w-]*)'
    assert re.findall(names, client.get("/unit/?by=-to_sign").text) == [life.below(), CHENGGUAN]
    assert re.findall(names, client.get("/unit/?by=to_sign&tab=handling").text) == [CHENGGUAN, life.below()]
