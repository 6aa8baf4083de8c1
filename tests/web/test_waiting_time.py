"""Where people read how long matters like this took: beside the intake form, on the citizen's page, on the model page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from hotline.waiting_time.coverage import check
from hotline.waiting_time.nightly import tell
from hotline.waiting_time.ranges import Kind, Range
from tests.support.desks.citizen_pages import opened
from tests.support.life import WORDS, Life
from tests.support.make import make_staff
from tests.support.planted.waits import closed_ticket
from tests.support.statements import statements

TOLD = "10 件中有 8 件在 3 到 9 个工作日内办结"
NINE = Range(3, 9, 0.83, 57)
Browse = Callable[[Any], FlaskClient]


@pytest.fixture
def told(life: Life) -> Life:
    """Of street lamps it is known how long they took."""
    tell(life.db, {Kind("0601"): NINE}, life.now - timedelta(days=60))
    life.db.commit()
    return life


def lamp(life: Life, road: str = "handling", **more: Any) -> Any:
    ticket = life.to(road)
    ticket.category_code = "0601"
    for name, value in more.items():
        setattr(ticket, name, value)
    life.db.commit()
    return ticket


def test_the_citizen_reads_what_was_and_no_promise(app: Flask, told: Life) -> None:
    ticket = lamp(told)

    page = opened(app.test_client(), ticket)
    assert TOLD in page and "57 件" in page and "不是承诺" in page and "用时已经更长" not in page
    told.clock.forward(days=30)
    assert "您这一件用时已经更长" in opened(app.test_client(), ticket)


def test_nothing_is_said_of_sealed_matters_danger_second_rounds_and_what_has_an_answer(app: Flask, told: Life) -> None:
    for more in ({"privacy": "sealed"}, {"safety": True}, {"urgency": "critical"}, {"round": 2}):
        assert "以往同类" not in opened(app.test_client(), lamp(told, **more)), more
    assert "以往同类" not in opened(app.test_client(), lamp(told, "to_follow_up"))
    assert "以往同类" not in opened(app.test_client(), lamp(told, "closed"))


def test_nothing_is_said_where_too_few_are_known(app: Flask, told: Life) -> None:
    assert "以往同类" not in opened(app.test_client(), lamp(told, category_code="0102"))


def test_the_agent_can_tell_the_caller_once_the_category_is_known(
    told: Life, browse: Browse, sqlite_engine: Any
) -> None:
    agent = browse(told.staff["an"])
    label = f"0601 {told.city.category_name('0601')}"
    with statements(sqlite_engine) as sent:
        page = agent.post("/desk/beside", data={"body": WORDS, "category": label}).text
    assert TOLD in page and "可以告诉来电人" in page
    assert len([one for one in sent if "FROM waiting_time" in one]) == 1
    assert "以往同类" not in agent.post("/desk/beside", data={"body": "嗯嗯嗯，您好您好"}).text
    assert "以往同类" not in agent.post("/desk/beside", data={"body": f"{WORDS}我不想活了", "category": label}).text


def test_the_model_page_shows_how_often_it_came_true(life: Life, browse: Browse) -> None:
    boss = make_staff(life.db, "guan", "管", "administrator", unit="hotline")
    life.db.commit()
    assert "还没有可比的" in browse(boss).get("/admin/model").text
    tell(life.db, {Kind("0601"): Range(2, 4, 0.8, 30)}, life.now - timedelta(days=20))
    for _ in range(40):
        closed_ticket(life.db, life.now - timedelta(days=14), life.now - timedelta(days=2))
    check(life.db, life.city, life.now)
    life.db.commit()
    page = browse(boss).get("/admin/model").text
    assert "说得太窄，常常不准" in page and "80.0 %" in page and life.city.category_name("06") in page
