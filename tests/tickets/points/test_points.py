"""A point on the map: told with a matter, as hidden as its address, gone with a seal and with the person."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select, text

from hotline.errors import NotFound, Refusal
from hotline.intake.duplicates import Sought, likely_duplicates
from hotline.intake.open_ticket import Contact, open_ticket
from hotline.tickets.erasing.erasure import erase_tickets
from hotline.tickets.points import kept
from hotline.tickets.points.nearness import metres_between
from hotline.tickets.points.told import ToldPoint, degrees, read_told
from hotline.tickets.privacy.reveal import reveal
from hotline.tickets.roles import SYSTEM
from models import Ticket, TicketPoint
from routing.facts import Facts
from routing.outlines import Point
from routing.rules import decide
from tests.support.life import Life

RUINS = Point(36.1270, 114.3130)
"""In Yindu, far from every border."""

TOWER = Point(36.0977, 114.3453)
"""On ground of Wenfeng that may as well be of the high-tech zone."""

LAMP = "路灯坏了三天，晚上看不见路，请尽快修理。"


def told(point: Point = RUINS, how: str = "map", accuracy: int | None = None) -> ToldPoint:
    return ToldPoint(point, how, accuracy)


def taken(life: Life, point: ToldPoint | None, **more: Any) -> Ticket:
    contact = Contact(body=LAMP, phone=more.pop("phone", "13800001234"), point=point, **more)
    return open_ticket(life.db, life.city, contact, SYSTEM, life.now)


def test_a_point_comes_with_its_ticket_and_tells_the_district(life: Life) -> None:
    ticket = taken(life, told(how="phone", accuracy=25))
    assert kept.point_of(life.db, ticket.id) == told(how="phone", accuracy=25)
    assert ticket.area == "yindu"


def test_where_two_districts_are_possible_nobody_is_told(life: Life) -> None:
    assert taken(life, told(TOWER)).area is None
    assert taken(life, told(accuracy=30_000)).area is None


def test_a_district_that_was_told_stands(life: Life) -> None:
    assert taken(life, told(TOWER), area="gaoxin").area == "gaoxin"


def test_routing_takes_the_district_of_the_point_as_told(life: Life) -> None:
    facts = Facts(text=LAMP, category="0204", area=taken(life, told()).area)
    decided = decide(life.city.rules, facts, life.city.directory)
    assert decided.lead.startswith("yindu")


def test_a_point_outside_the_city_is_refused_with_a_sentence(life: Life) -> None:
    with pytest.raises(Refusal, match="不在安阳市范围内") as refused:
        taken(life, told(Point(34.75, 113.6)))
    assert list(refused.value.problems) == ["place"]


def test_an_informants_point_is_not_kept_only_its_district(life: Life) -> None:
    ticket = taken(life, told(), privacy="sealed")
    assert ticket.area == "yindu" and life.db.scalars(select(TicketPoint)).all() == []


def test_sealing_a_ticket_takes_its_point_away(life: Life) -> None:
    ticket = taken(life, told())
    life.do(ticket, "du", "correct", privacy="sealed")
    assert kept.point_of(life.db, ticket.id) is None
    with pytest.raises(Refusal, match="保密工单不在地图上标点"):
        life.do(ticket, "du", "correct", point="36.127 114.313")


def test_a_changed_point_is_a_row_of_the_story_that_does_not_tell_it(life: Life) -> None:
    ticket = taken(life, told())
    event = life.do(ticket, "du", "correct", point="36.0977 114.3453")
    assert kept.point_of(life.db, ticket.id) == told(TOWER)
    assert event.action == "correct" and event.data["point"] == "***"


@pytest.mark.parametrize("written", ["somewhere", "91 114", "36.1", "nan 114", "36.1 999"])
def test_what_is_no_point_is_refused(life: Life, written: str) -> None:
    ticket = taken(life, None)
    with pytest.raises(Refusal):
        life.do(ticket, "du", "correct", point=written)


def test_the_database_holds_it_hidden(life: Life, engine: Engine) -> None:
    taken(life, told())
    life.db.commit()
    with engine.connect() as connection:
        (stored,) = connection.scalars(text("SELECT point FROM ticket_point"))
    assert stored.startswith("enc") and "36.1" not in stored


def test_it_is_shown_whole_for_a_reason_and_the_book_knows(life: Life) -> None:
    ticket = taken(life, told())
    shown = reveal(life.db, life.people["du"], ticket, "point", "visit", life.now, "127.0.0.1")
    assert shown == "36.127000 114.313000"
    with pytest.raises(NotFound):
        reveal(life.db, life.people["du"], taken(life, None), "point", "visit", life.now, "127.0.0.1")


def test_an_erased_ticket_has_no_point(life: Life) -> None:
    ticket = taken(life, told())
    life.db.flush()
    erase_tickets(life.db, [ticket.id], life.now)
    assert kept.point_of(life.db, ticket.id) is None


@pytest.mark.parametrize(("north", "found"), [(0.0, True), (0.008, True), (0.03, False)])
def test_what_is_near_is_found_by_squares_and_what_is_far_is_not(life: Life, north: float, found: bool) -> None:
    ticket = taken(life, told(Point(RUINS.lat + north, RUINS.lon)))
    life.db.flush()
    near = life.db.scalars(select(TicketPoint.ticket_id).where(kept.around(RUINS))).all()
    assert (ticket.id in near) is found


@pytest.mark.parametrize(("metres", "same"), [(80, True), (6000, False)])
def test_the_same_words_are_one_matter_near_by_and_two_far_apart(life: Life, metres: int, same: bool) -> None:
    ticket = taken(life, told(Point(RUINS.lat + metres / 111_195, RUINS.lon)), phone="13800009999", category="0204")
    life.db.flush()
    sought = Sought(LAMP, categories=("0204",), kinds=("0204",), point=told())
    found = likely_duplicates(life.db, life.city, SYSTEM, sought, life.now + timedelta(hours=1))
    assert [one.same for one in found if one.ticket.id == ticket.id] == [same]
    if same:
        assert "相距约 80 米" in found[0].reasons


def test_a_point_that_nobody_knows_exactly_says_nothing_of_distance() -> None:
    assert metres_between(told(), None) is None
    assert metres_between(told(accuracy=2000), told()) is None
    assert metres_between(told(accuracy=20), told()) == 0


def test_a_form_tells_a_point_or_nothing() -> None:
    assert read_told("", "", "") is None
    assert read_told("36.1 114.3", "phone", "17.6") == ToldPoint(Point(36.1, 114.3), "phone", 18)
    assert read_told("36.1 114.3", "guessed", "-4") == ToldPoint(Point(36.1, 114.3), "map", None)
    with pytest.raises(Refusal, match="经纬度"):
        degrees("north", "114")
