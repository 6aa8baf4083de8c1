"""Two web processes over one PostgreSQL: what is done through one is seen through the other with its next answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from hotline.app import create_app
from hotline.clock import StoppedClock
from hotline.installation import Installation
from hotline.jobs.build import build_installation
from hotline.settings import Settings
from hotline.web.core import sessions
from models import Call, Staff, make_engine
from tests.support.life import Life
from tests.support.make import CHENGGUAN
from tests.support.services import with_keys

JUMPER = "有人站在中华路大桥栏杆外面要往下跳，快来人"


@pytest.fixture
def installation(settings: Settings, postgres_engine: Engine, city: Any, clock: StoppedClock) -> Installation:
    return build_installation(settings, city=city, clock=clock, engine=postgres_engine)


@pytest.fixture
def other(settings: Settings, postgres_engine: Engine, city: Any, clock: StoppedClock) -> Iterator[Flask]:
    """A second process: its own connections, its own memory, the same secrets."""
    engine = with_keys(make_engine(postgres_engine.url.render_as_string(hide_password=False)))
    made = create_app(settings, build_installation(settings, city=city, clock=clock, engine=engine))
    made.config["WTF_CSRF_ENABLED"] = False
    yield made
    engine.dispose()


@dataclass
class Both:
    """One person's browser, whose requests are answered now by the one process, now by the other."""

    here: FlaskClient
    there: FlaskClient

    def moves_over(self) -> FlaskClient:
        """The same browser, answered by the other process from now on."""
        for name in (sessions.COOKIE, "session"):
            if cookie := self.here.get_cookie(name):
                self.there.set_cookie(name, cookie.value)
        return self.there


@pytest.fixture
def both(browse: Callable[[Staff], FlaskClient], other: Flask, life: Life) -> Callable[[str], Both]:
    return lambda login: Both(browse(life.staff[login]), other.test_client())


def test_the_danger_bar_comes_up_and_goes_down_at_both(life: Life, both: Callable[[str], Both]) -> None:
    takes, sees = both("du"), both("du")
    ticket = life.ticket(words=JUMPER)
    life.db.commit()
    assert f'data-alarms="{ticket.number}"' in sees.moves_over().get("/dispatch/").text
    assert takes.here.post(f"/alarms/{ticket.number}/take").status_code == 303
    assert 'data-alarms=""' in sees.there.get("/dispatch/").text


def test_who_else_looks_is_seen_across(life: Life, both: Callable[[str], Both]) -> None:
    du, tou, path = both("du"), both("tou"), f"/tickets/{life.to('to_dispatch').number}/look"
    life.db.commit()
    du.here.post(path, data={"typing": "1"})
    assert "du 正在填写" in tou.moves_over().post(path).text


def test_a_call_rings_at_both(life: Life, both: Callable[[str], Both]) -> None:
    life.staff["an"].on_duty = True
    now = life.clock.now()
    life.db.add(
        Call(provider="t", provider_id="1", from_phone="13800001234", to_phone="12345", state="ringing", started_at=now)
    )
    life.db.commit()
    an = both("an")
    for page in (an.here.get("/search/").text, an.moves_over().get("/search/").text):
        assert re.search(r"/desk/calls/\d+/answer", page)


def test_an_act_of_the_one_is_taken_back_at_the_other(life: Life, both: Callable[[str], Both]) -> None:
    ticket, du = life.to("to_dispatch"), both("du")
    life.db.commit()
    du.here.post(f"/tickets/{ticket.number}/do/dispatch", data={"seen": ticket.move_count, "unit": CHENGGUAN})
    there = du.moves_over()
    form = re.search(r'<form class="undo".*?</form>', there.get("/dispatch/").text, re.S)
    assert form
    there.post("/undo", data=dict(re.findall(r'name="(events|back)" value="([^"]*)"', form.group())))
    life.db.expire_all()
    assert ticket.state == "to_dispatch"


def test_who_signs_out_at_the_one_is_out_at_the_other(life: Life, both: Callable[[str], Both]) -> None:
    du = both("du")
    there = du.moves_over()
    assert there.get("/dispatch/").status_code == 200
    du.here.post("/logout")
    assert "/login" in there.get("/dispatch/").location
