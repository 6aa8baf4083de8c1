"""One place is one place however its address is written, and two are two."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import combinations

import pytest
from flask import Flask

from hotline.app import create_app
from hotline.installation import Installation
from hotline.settings import Settings
from hotline.web.account import guessing, views
from hotline.web.account.guessing import NETWORK, SITE, Measure
from hotline.web.core.limits.rate_limits import address, limited, limiter, network_of, site_of, ticket_and_address
from tests.support.life import Life

SAME = [
    ("198.51.100.7", "::ffff:198.51.100.7", "::ffff:c633:6407", "::FFFF:C633:6407"),
    ("2001:db8:0:1::1", "2001:db8:0:1:ffff::9", "2001:0db8:0000:0001::2"),
    ("198.51.100.7", "2002:c633:6407::1", "2002:c633:6407:ffff::1"),
    ("198.51.100.7", "64:ff9b::198.51.100.7", "64:ff9b::c633:6407"),
    ("198.51.100.7", "2001:0:cb00:7101:0:1234:39cc:9bf8", "2001:0:cb00:7102:8000:ffff:39cc:9bf8"),
]


@pytest.mark.parametrize("written", SAME)
def test_one_place_counts_as_one(written: tuple[str, ...]) -> None:
    assert len({network_of(one) for one in written}) == 1


def test_who_may_change_between_networks_is_one_site() -> None:
    assert site_of("2001:db8:7:1::1") == site_of("2001:db8:7:ffff::1") != site_of("2001:db8:8:1::1")
    assert site_of("::ffff:198.51.100.7") == site_of("198.51.100.200") != site_of("198.51.101.7")
    assert site_of("2002:c633:6407:1::1") == site_of("2002:c633:64ff:2::1") == site_of("64:ff9b::198.51.100.9")


@pytest.fixture
def strict(settings: Settings, installation: Installation, life: Life) -> Iterator[Callable[..., int]]:
    """`strict(path, address, **form)` posts as a new browser, where limits count as in the city."""
    app = create_app(replace(settings, testing=False), installation)
    app.config["WTF_CSRF_ENABLED"] = False
    limiter.reset()

    def post(path: str, place: str, **form: str) -> int:
        return app.test_client().post(path, data=form, environ_base={"REMOTE_ADDR": place}).status_code

    yield post
    limiter.enabled = False


MANY_NETWORKS = [("2001:db8:7:{:x}::1", "2001:db8:8:1::1"), ("198.51.100.{}", "198.51.101.1")]


@pytest.mark.parametrize(("many", "neighbour"), MANY_NETWORKS, ids=["IPv6", "IPv4"])
def test_a_code_is_not_guessed_from_the_many_networks_of_one_customer(
    many: str, neighbour: str, strict: Callable[..., int]
) -> None:
    """V14."""
    told = [strict("/c/track", many.format(n), number="260304000001", code=f"AAAA{n:02d}") for n in range(30)]
    assert (told.count(400), told.count(429)) == (20, 10)
    assert strict("/c/track", neighbour, number="260304000001", code="AAAA22") == 400


@pytest.mark.parametrize(
    "written", ["{}请查", "x{}y", "{0}/{0}", "26 03 04-00 00 01", "２６０３０４０００００１", "查{}" + " " * 250 + "9"]
)
def test_a_ticket_is_guessed_at_under_one_number_however_it_is_written(
    written: str, strict: Callable[..., int]
) -> None:
    """V14: each decoration of the number was a count of its own, and the ticket was the same."""
    for n in range(10):
        assert strict("/c/track", "198.51.100.7", number="260304000001", code=f"AAAA{n:02d}") == 400
    number = written.format("260304000001")
    assert strict("/c/track", "198.51.100.7", number=number, code="AAAA22") == 429


@pytest.mark.parametrize(
    "written", ["{}", "+86 {}", "{}" + " " * 80 + "x", "{}" + " " * 80 + "手机13900000001", "我的号码{}"]
)
def test_one_phone_is_texted_three_codes_an_hour_however_it_is_written(
    written: str, strict: Callable[..., int]
) -> None:
    """V14: what was counted was not what was read, so that a stranger could be texted a hundred codes."""
    for n in range(3):
        assert strict("/c/mine", f"198.51.{n}.7", phone="13812340001") == 303
    told = strict("/c/mine", "203.0.113.7", phone=written.format("13812340001"))
    assert told in (400, 429), "counted with the others, or texted to nobody"


def test_a_deed_is_counted_at_the_ticket_of_its_address(app: Flask) -> None:
    """V14: a field that no form has moved each deed to a count of its own."""
    with app.test_request_context("/p/260304000001/urge", method="POST", data={"number": "9"}):
        assert ticket_and_address() == "ticket:260304000001:127.0.0.1"


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """The measures of signing in, a twentieth of what they are, and no hash to wait for."""
    monkeypatch.setattr(guessing, "NETWORK", Measure(5, 50, 1))
    monkeypatch.setattr(guessing, "SITE", Measure(15, 150, 3))
    monkeypatch.setattr(views, "is_right", lambda hashed, password: False)


@pytest.mark.parametrize(("many", "neighbour"), MANY_NETWORKS, ids=["IPv6", "IPv4"])
def test_passwords_are_not_tried_from_the_many_networks_of_one_line(
    many: str, neighbour: str, strict: Callable[..., int], few: None
) -> None:
    """V14: one try from each network, at a new account each time."""
    told = [strict("/login", many.format(n), login=f"nobody{n}", password="x") for n in range(18)]
    assert told == [401] * 15 + [429] * 3
    assert strict("/login", neighbour, login="nobody1", password="x") == 401


def test_one_network_never_shuts_the_others_of_its_site(strict: Callable[..., int], few: None) -> None:
    """V14: a scanner in one office, and the office beside it."""
    told = [strict("/login", "2001:db8:7:1::1", login=f"nobody{n}", password="x") for n in range(20)]
    assert told == [401] * 5 + [429] * 15
    assert strict("/login", "2001:db8:7:2::1", login="du", password="x") == 401
    assert NETWORK.per_minute < SITE.per_minute and NETWORK.in_an_hour + 60 * NETWORK.slow < SITE.in_an_hour


def test_a_refused_network_costs_the_account_nothing(strict: Callable[..., int], few: None) -> None:
    told = [strict("/login", "198.51.100.7", login="du", password="x") for _ in range(30)]
    assert told == [401] * 5 + [429] * 25
    assert strict("/login", "203.0.113.9", login="du", password="x") == 401


def test_what_one_address_may_five_neighbours_may(strict: Callable[..., int], installation: Installation) -> None:
    """V14: texts with codes, forms, questions, whatever is limited by the address."""
    app = Flask("door")
    app.extensions["installation"] = installation
    app.config.update(RATELIMIT_STORAGE_URI="memory://")
    app.get("/")(limited(("2 per hour", address, None))(lambda: "in"))
    limiter.init_app(app)
    client = app.test_client()
    ask = [f"2001:db8:7:{n:x}::1" for n in range(12)] + ["2001:db8:8::1"]
    told = [client.get("/", environ_base={"REMOTE_ADDR": one}).status_code for one in ask]
    assert told == [200] * 10 + [429] * 2 + [200]


def test_two_places_are_two() -> None:
    """All of IPv4 behind a socket of both kinds would else be one network, which one person could shut for everybody."""
    places = (
        "198.51.100.7",
        "::ffff:198.51.100.8",
        "2001:db8:0:2::1",
        "2002:c633:6409::1",
        "64:ff9b::198.51.100.10",
        "2001:0:cb00:7101:0:1234:39cc:9bf3",
        "::1",
        "not an address",
        "::ffff:0:1",
    )
    assert all(network_of(one) != network_of(other) for one, other in combinations(places, 2))
