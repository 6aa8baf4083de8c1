"""A figure is one number wherever it is read: worked out by hand, on the page, in its table, the workbook, the API and the open figures."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from hotline.clock import StoppedClock
from hotline.installation import Installation
from hotline.metrics.counting import DEFINITIONS
from hotline.public_board.figures import RATES, figures
from hotline.web.admin import tokens as machine_tokens
from tests.support.cities.months import ELSE, MIDNIGHT
from tests.support.cities.two_units import BY_UNIT, FIRST, SECOND, TwoUnits
from tests.support.doubles.machine import Call, caller
from tests.support.life import Life
from tests.support.make import CHENGGUAN
from tests.support.papers.overview import APRIL, MARCH, listed, printed

Browse = Callable[[Any], FlaskClient]
PERIODS = ((MARCH, 0), (APRIL, 30))


@pytest.fixture
def months(life: Life, clock: StoppedClock) -> TwoUnits:
    clock.at = MIDNIGHT
    return TwoUnits(life)


@pytest.fixture
def call(installation: Installation, app: Flask) -> Call:
    machine_tokens.forget_known()
    with installation.sessions() as db:
        secret = machine_tokens.issue(
            db, "大屏", "screen", ["figures.read"], installation.clock.now(), city=installation.city
        )
        db.commit()
    return caller(app, secret)


def asked_of_the_api(call: Call, first_day: int, **more: str) -> dict[str, tuple[float, int, int]]:
    start = MIDNIGHT + timedelta(days=first_day)
    query = {"from": start.isoformat(), "to": (start + timedelta(days=30)).isoformat(), **more}
    found = call("GET", "/figures", query_string=query).get_json()["figures"]
    return {one["key"]: (one["n"], one["of"], one["excluded"]) for one in found}


TILE = re.compile(r'stat-label">([^<]+)</span><span class="stat-value num">([^<]+)<.*?<p class="num">([^<]*)</p>', re.S)


def on_the_page(head: FlaskClient, query: str) -> dict[str, tuple[str, int, int]]:
    """What each tile shows, out of how many, and how many are left out."""
    page = head.get(f"/overview/?{query}").get_data(as_text=True)
    return {name: (value, _number("分母", how), _number("剔除", how)) for name, value, how in TILE.findall(page)}


def _number(of: str, how: str) -> int:
    found = re.search(rf"{of} (\d+)", how)
    return int(found[1]) if found else 0


def as_shown(n: float, of: int, value: str) -> str:
    """A percentage, or a count where they are few."""
    return f"{n:g} / {of}" if "/" in value else f"{n / of * 100:.1f}%"


def assert_the_same_everywhere(
    head: FlaskClient, call: Call, period: str, first_day: int, by_hand: dict[str, tuple[float, int, int]]
) -> None:
    told = asked_of_the_api(call, first_day)
    assert {key: told[key] for key in by_hand} == by_hand
    whole, _units = printed(head, period)
    tiles = on_the_page(head, period)
    seen = 0
    for key, (n, of, out) in by_hand.items():
        name = str(DEFINITIONS[key].name)
        assert whole.get(name, (n, of, out)) == (n, of, out), key
        assert listed(head, period, key, "of") == of, key
        if name in tiles and of:
            seen += 1
            value, *counted = tiles[name]
            assert (value, counted) == (as_shown(n, of, value), [of, out]), key
    assert seen >= 8, tiles


def test_two_months_of_two_units_are_one_number_on_every_surface_and_a_month_later(
    months: TwoUnits, browse: Browse, call: Call
) -> None:
    life = months.life
    for day in ("30.00", "60.00"):
        months.live_until(day)
        life.db.commit()
        head = browse(life.staff["tou"])
        assert_the_same_everywhere(head, call, MARCH, 0, FIRST)
        for key, held in BY_UNIT.items():
            for unit, number in zip((CHENGGUAN, ELSE), held, strict=True):
                assert asked_of_the_api(call, 0, unit=unit)[key][:2] == number, (day, unit, key)
                value, of, _out = on_the_page(head, f"{MARCH}&unit={unit}")[str(DEFINITIONS[key].name)]
                assert (value, of) == (as_shown(*number, value), number[1]), (day, unit, key)
    assert_the_same_everywhere(head, call, APRIL, 30, SECOND)
    few_are_told = replace(life.city, policy=replace(life.city.policy, few_answers=2))
    open_figures = figures(life.db, few_are_told, date(2026, 3, 1), life.now)
    told = {one.key: (one.n, one.of) for one in open_figures.rates}
    assert told == {key: FIRST[key][:2] for key in RATES}
