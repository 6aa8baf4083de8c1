"""Filters find what they say, and pages of what was found lose nothing."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from hotline.installation import Installation
from hotline.tickets.lists import ticket_list
from hotline.tickets.lists.ticket_list import Wanted
from models import Ticket
from tests.support.life import Life
from tests.support.make import CHENGGUAN
from tests.support.statements import statements
from tests.web.search.found import made, numbers


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("open=1", {"handling", "to_dispatch"}),
        ("open=0", {"closed"}),
        ("state=handling", {"handling"}),
        ("state=handling&state=closed", {"handling", "closed"}),
        (f"unit={CHENGGUAN}", {"handling", "closed"}),
        ("unit=市城市管理局", {"handling", "closed"}),
        ("unit=education", set()),
        ("urgency=critical", set()),
        ("fact=supervised", {"handling"}),
        ("card=red", {"handling"}),
        ("round=2", set()),
        ("close=rated", {"closed"}),
        ("from=2026-03-04&to=2026-03-04", {"handling", "closed", "to_dispatch"}),
        ("to=2026-03-03", set()),
        ("from=2026-03-05", set()),
        ("channel=weibo", set()),
        ("urges=1", {"to_dispatch"}),
        ("lead=education", set()),
        ("type=complaint", set()),
    ],
)
def test_filters_find_what_they_say(life: Life, desk: FlaskClient, query: str, found: set[str]) -> None:
    tickets = {state: life.to(state) for state in ("handling", "closed", "to_dispatch")}
    for one in tickets.values():
        one.urges = 0
    tickets["handling"].supervised, tickets["handling"].card = True, "red"
    tickets["to_dispatch"].urges = 1
    life.db.commit()
    assert set(numbers(desk.get(f"/search/?{query}"))) == {tickets[state].number for state in found}


def test_overdue_and_due_soon_never_list_what_is_closed(life: Life, desk: FlaskClient) -> None:
    late, soon, closed = life.to("handling"), life.to("handling"), life.to("closed")
    for ticket, hours in ((late, -1), (soon, 3), (closed, -1)):
        life.due(ticket, life.now + timedelta(hours=hours))
    life.db.commit()
    assert numbers(desk.get("/search/?overdue=1")) == [late.number]
    assert numbers(desk.get("/search/?soon=4")) == [soon.number]


def test_each_chip_takes_its_own_condition_away(life: Life, desk: FlaskClient) -> None:
    life.ticket()
    life.db.commit()
    page = desk.get("/search/?q=路灯&open=1&state=handling&state=to_dispatch").text
    chips = [address.replace("&amp;", "&") for address in re.findall(r'class="chip" href="([^"]+)"', page)]
    assert len(chips) == 3
    assert sum("state=handling" in one for one in chips) == 2 and sum("open=1" in one for one in chips) == 2


@pytest.mark.parametrize(
    "query",
    [
        "q=%E2%81%B4",
        "from=2026-13-99",
        "from=0001-01-01",
        "to=9999-12-31",
        "to=x",
        "unit=没有这个",
        "category=没有这个",
        "round=x",
        "after=~~",
        "before=x~y",
        "sort=zz",
        "agent=0x1",
        "soon=-3",
        "state=none",
        "q=" + "长" * 500,
        "q='%22%3B--",
        "q=*",
        'q="a" OR b',
        "urges=99999999999",
    ],
)
def test_a_broken_address_is_no_error(life: Life, desk: FlaskClient, query: str) -> None:
    life.ticket()
    life.db.commit()
    assert desk.get(f"/search/?{query}").status_code == 200


def test_paging_by_deadline_loses_no_ticket_that_has_none(life: Life) -> None:
    made(life, *(f"路灯{n}" for n in range(9)))
    for one in life.db.scalars(select(Ticket)):
        if one.id % 2:
            one.due_at = None
    life.db.flush()
    for sort in ("due", "-due"):
        seen: list[int] = []
        after = None
        while True:
            page = ticket_list.find(life.db, life.people["du"], Wanted(open=True), sort=sort, after=after, size=2)
            seen += [one.id for one in page.rows]
            after = page.next
            if after is None:
                break
        assert len(seen) == len(set(seen)) == 9, sort
        last = ticket_list.find(life.db, life.people["du"], Wanted(open=True), sort=sort, size=8)
        assert last.next is not None
        rest = ticket_list.find(life.db, life.people["du"], Wanted(open=True), sort=sort, after=last.next, size=8)
        assert rest.back is not None
        back = ticket_list.find(life.db, life.people["du"], Wanted(open=True), sort=sort, before=rest.back, size=8)
        assert [one.id for one in back.rows] == seen[:8], sort


def test_the_open_list_is_read_from_the_index_of_open_work(life: Life, installation: Installation) -> None:
    query = (
        select(Ticket.id)
        .where(*ticket_list.conditions(life.db, life.people["du"], Wanted(open=True)))
        .order_by(Ticket.due_at, Ticket.id)
        .limit(51)
    )
    literal = str(
        query.compile(installation.engine, compile_kwargs={"literal_binds": True, "render_postcompile": True})
    )
    plan = " ".join(str(row) for row in life.db.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {literal}"))
    with statements(installation.engine) as sent:
        life.db.scalars(query).all()
    assert "ix_ticket_open_due" in plan and "'archived'" in sent[-1]
