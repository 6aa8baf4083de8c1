"""The map as people meet it: tapped by a citizen and at the desk, seen on the ticket, in hot spots, in search and on the overview."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from hotline.city import load_city
from hotline.intake.open_ticket import Contact, open_ticket
from hotline.tickets.points import kept
from hotline.tickets.points.told import ToldPoint
from hotline.tickets.roles import SYSTEM
from hotline.web.map.drawing import dot_of, drawing_of, shades
from models import HotSpot, HotTicket, Staff, Ticket, TicketPoint
from routing.outlines import Point
from tests.support.life import Life

LAMP = "小区门口的路灯坏了三天，请尽快修。"
FORM = {"body": LAMP, "phone": "13800001234", "consent": "1", "sheet": "k1"}
SHADED = re.compile(r'<path class="map-area[^"]* map-shade-(\d)"')
RUINS = "36.127000 114.313000"
DESK = {"body": LAMP, "channel": "hotline", "privacy": "masked", "then": "submit", "once": "o1"}


def marked(life: Life, lat: float = 36.127, lon: float = 114.313, **more: Any) -> Ticket:
    told = ToldPoint(Point(lat, lon), "phone", 20)
    ticket = open_ticket(life.db, life.city, Contact(body=LAMP, point=told, **more), SYSTEM, life.now)
    life.db.commit()
    return ticket


@pytest.fixture
def dispatcher(browse: Callable[[Staff], FlaskClient], life: Life) -> FlaskClient:
    return browse(life.staff["du"])


def made(life: Life, answer: Any) -> Ticket:
    assert answer.status_code == 303, answer.text
    life.db.expire_all()
    return life.db.scalars(select(Ticket).order_by(Ticket.id.desc()).limit(1)).one()


# --- how a point comes in ------------------------------------------------------------------------------------------------


def test_a_citizens_telephone_tells_the_place(app: Flask, life: Life) -> None:
    browser = app.test_client()
    page = browser.get("/c/new").text
    assert "data-locate" in page and 'name="point"' in page and "殷都区" in page
    answer = browser.post("/c/new", data=FORM | {"point": RUINS, "point_how": "phone", "accuracy": "18.2"})
    ticket = made(life, answer)
    assert ticket.area == "yindu"
    assert kept.point_of(life.db, ticket.id) == ToldPoint(Point(36.127, 114.313), "phone", 18)


def test_the_browser_may_ask_for_a_position_on_our_own_pages_only(app: Flask) -> None:
    assert "geolocation=(self)" in app.test_client().get("/c/new").headers["Permissions-Policy"]


def test_a_form_without_a_point_is_taken_as_ever_and_a_district_may_be_chosen(app: Flask, life: Life) -> None:
    ticket = made(life, app.test_client().post("/c/new", data=FORM | {"area": "gaoxin", "point": ""}))
    assert ticket.area == "gaoxin" and life.db.scalars(select(TicketPoint)).all() == []


def test_a_position_outside_comes_back_with_a_sentence_and_every_word(app: Flask, life: Life) -> None:
    answer = app.test_client().post("/c/new", data=FORM | {"point": "34.75 113.6", "point_how": "phone"})
    assert answer.status_code == 400 and "不在安阳市范围内" in answer.text and LAMP in answer.text


def test_an_informants_position_is_not_kept(app: Flask, life: Life) -> None:
    ticket = made(life, app.test_client().post("/c/new", data=FORM | {"sealed": "1", "point": RUINS}))
    assert (ticket.privacy, ticket.area) == ("sealed", "yindu")
    assert life.db.scalars(select(TicketPoint)).all() == []


def test_the_agent_taps_the_map_and_the_draft_keeps_the_point(
    browse: Callable[[Staff], FlaskClient], life: Life
) -> None:
    life.db.commit()
    agent = browse(life.staff["an"])
    draft = made(life, agent.post("/desk", data=DESK | {"point": RUINS, "point_how": "map", "then": "draft"}))
    assert kept.point_of(life.db, draft.id) is not None
    life.db.commit()
    assert RUINS in agent.get(f"/desk?draft={draft.number}").text
    again = DESK | {"draft": draft.number, "point": "", "once": "o2"}
    assert agent.post("/desk", data=again).status_code == 303
    life.db.expire_all()
    assert kept.point_of(life.db, draft.id) is None


def test_beside_the_form_the_point_decides_which_districts_are_asked_for(
    browse: Callable[[Staff], FlaskClient], life: Life
) -> None:
    life.db.commit()
    agent = browse(life.staff["an"])
    typed = DESK | {"category": "0204"}
    asked = agent.post("/desk/beside", data=typed | {"point": "36.0977 114.3453"}).text
    offered = [code for code in life.city.areas if f'data-value="{code}">' in asked]
    assert offered == ["wenfeng", "gaoxin"]
    sure = agent.post("/desk/beside", data=typed | {"point": RUINS}).text
    assert "区县：殷都区" in sure and "没有认出所在区县" not in sure
    assert "请问在哪个区县" not in agent.post("/desk/beside", data=typed | {"point": RUINS}).text


# --- where it is seen ----------------------------------------------------------------------------------------------------


def test_the_ticket_shows_its_square_and_the_point_only_for_a_reason(dispatcher: FlaskClient, life: Life) -> None:
    ticket = marked(life)
    page = dispatcher.get(f"/tickets/{ticket.number}").text
    assert "手机定位，约 20 米以内" in page and "map-dot" in page and "36.127" not in page and "114.313" not in page
    answer = dispatcher.post(f"/tickets/{ticket.number}/reveal", data={"field": "point", "reason": "visit"})
    assert answer.json["value"] == RUINS


def test_a_ticket_without_a_point_shows_roughly_its_district_and_says_so(dispatcher: FlaskClient, life: Life) -> None:
    ticket = life.ticket(area="linzhou")
    life.db.commit()
    page = dispatcher.get(f"/tickets/{ticket.number}").text
    assert "大致在林州市" in page and "is-rough" in page


def test_a_point_that_contradicts_the_district_is_pointed_out(dispatcher: FlaskClient, life: Life) -> None:
    ticket = marked(life, area="huaxian")
    assert "点在殷都区，与填写的区县不同" in dispatcher.get(f"/tickets/{ticket.number}").text


def test_the_dispatcher_corrects_the_point(dispatcher: FlaskClient, life: Life) -> None:
    ticket = marked(life)
    answer = dispatcher.post(f"/tickets/{ticket.number}/do/correct", data={"point": "36.08 113.82"})
    assert answer.status_code == 303
    life.db.expire_all()
    told = kept.point_of(life.db, ticket.id)
    assert told is not None and told.point == Point(36.08, 113.82) and told.how == "map"


def test_search_finds_what_is_near_a_ticket(dispatcher: FlaskClient, life: Life) -> None:
    first, close, far = marked(life), marked(life, lat=36.131), marked(life, lat=36.08, lon=113.82)
    page = dispatcher.get(f"/search?near={first.number}").text
    assert first.number in page and close.number in page and far.number not in page and "附近" in page


def test_near_a_ticket_without_a_point_nothing_is_found_and_it_is_said(dispatcher: FlaskClient, life: Life) -> None:
    ticket = life.ticket()
    marked(life)
    page = dispatcher.get(f"/search?near={ticket.number}").text
    assert f"工单 {ticket.number} 没有在地图上标点" in page


def test_the_overview_shades_the_districts_and_gives_the_figures_as_a_table(
    dispatcher: FlaskClient, life: Life
) -> None:
    for area in ("yindu", "yindu", "huaxian", None):
        life.ticket(area=area)
    life.db.commit()
    life.clock.forward(minutes=1)
    page = dispatcher.get("/overview/districts?period=7d").text
    rows = {row.split("</a>")[0].rsplit(">", 1)[1]: row for row in page.split("<tr>")[2:]}
    assert next(iter(rows)) == "殷都区" and "50.0%" in rows["殷都区"] and "25.0%" in rows["滑县"]
    assert "25.0%" in rows["没有写明"] and "0.0%" in rows["高新区"]
    assert {"5", "3"} <= set(SHADED.findall(page)) and "MIT" in page
    assert "殷都区" in dispatcher.get("/overview/districts?period=7d&category=01").text


def test_points_make_a_heat_map_by_squares_whose_tickets_are_one_click_away(
    dispatcher: FlaskClient, life: Life
) -> None:
    full = [marked(life, lat=36.121 + n / 1000, once=f"a{n}") for n in range(4)]
    other = marked(life, lat=36.055, lon=114.405, once="b", channel="web")
    marked(life, lat=36.121, once="c", privacy="sealed")
    life.clock.forward(minutes=1)
    page = dispatcher.get("/overview/districts?period=7d").text
    heats = re.findall(r'<circle class="map-heat"[^>]* r="(\d+)"><title>([^<]+)</title>', page)
    assert heats == [("12", "文峰区/高新区 36.055 114.405 · 1"), ("21", "殷都区 36.125 114.315 · 4")], (
        "the fullest lies on top, and an informant's point is nowhere"
    )
    named = page.split('<ol class="map-squares">')[1].split("</ol>")[0]
    links = [one.replace("&amp;", "&") for one in re.findall(r'href="([^"]+)"', named)]
    for link, inside in zip(links, (full, [other]), strict=True):
        found = dispatcher.get(link).text
        assert all(one.number in found for one in inside) and found.count("ticket-title") == len(inside)
    assert 'r="21"' in dispatcher.get("/overview/districts?period=7d&channel=web").text, "the only one is the fullest"


def test_a_hot_spot_shows_where_its_tickets_are(browse: Callable[[Staff], FlaskClient], life: Life) -> None:
    tickets = [marked(life), marked(life, lat=36.131)]
    spot = HotSpot(
        key="abc",
        title="路灯不亮",
        area="yindu",
        first_at=life.now,
        last_at=life.now,
        count=2,
        people=2,
        heat=1.0,
        trend=1.0,
        looked_at=life.now,
    )
    life.db.add(spot)
    life.db.flush()
    life.db.add_all(HotTicket(ticket_id=ticket.id, spot_id=spot.id) for ticket in tickets)
    life.db.commit()
    watcher = browse(life.staff["du2"])
    page = watcher.get("/hot/abc").text
    assert page.count("map-dot") == 2 and "2 件标了位置" in page and "36.131" not in page
    assert "5" in SHADED.findall(watcher.get("/hot").text)


# --- drawing -------------------------------------------------------------------------------------------------------------


def test_a_point_is_drawn_where_it_is_and_read_back_from_there(life: Life) -> None:
    drawn = drawing_of(life.city.map)
    assert drawn is not None and len(drawn.shapes) == len(life.city.map.outlines)
    x, y = drawn.at(Point(36.127, 114.313))
    assert 0 < x < 1000 and 0 < y < drawn.height
    assert drawn.north_west.lat - y * drawn.lat_step == pytest.approx(36.127, abs=0.001)
    assert drawn.north_west.lon + x * drawn.lon_step == pytest.approx(114.313, abs=0.001)


def test_who_may_not_know_the_address_is_shown_the_same_dot_for_the_whole_square(life: Life) -> None:
    drawn = drawing_of(life.city.map)
    assert drawn is not None
    dots = {
        dot_of(drawn, ToldPoint(Point(lat, 114.313), "phone", 20), "", exactly=False)
        for lat in (36.121, 36.127, 36.129)
    }
    assert len(dots) == 1


def test_the_fullest_district_has_the_deepest_shade_and_an_empty_one_none() -> None:
    assert shades({"a": 100, "b": 41, "c": 1, "d": 0}) == {"a": 5, "b": 3, "c": 1, "d": 0}
    assert shades({}) == {}


def test_a_city_without_a_map_has_no_drawing() -> None:
    assert drawing_of(load_city(Path("tests/city/tinytown")).map) is None
