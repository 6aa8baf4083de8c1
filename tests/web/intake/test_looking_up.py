"""A number typed at the desk is a search for a person: counted and noted once, and no way round the measure of the search."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from hotline.installation import Installation
from hotline.tickets.search import person_search
from models import Audit
from tests.support.life import Life
from tests.web.intake.desk import ring

Browse = Callable[[Any], FlaskClient]


def noted(installation: Installation) -> list[str | None]:
    with installation.readings() as db:
        return list(db.scalars(select(Audit.subject).where(Audit.action == "search_person").order_by(Audit.id)))


def beside(desk: FlaskClient, phone: str, **more: Any) -> str:
    return desk.post("/desk/beside", data={"body": "路灯", "phone": phone, "draft_key": "desk", **more}).text


def test_a_typed_number_is_in_the_book_once_however_often_the_form_asks(
    life: Life, browse: Browse, installation: Installation
) -> None:
    """V4: the desk told of any number's matters, uncounted, while the search box counted."""
    number = life.ticket(phone="13812340001").number
    life.db.commit()
    desk = browse(life.staff["an"])
    assert all(number in beside(desk, written) for written in ("13812340001", "138 1234 0001", "13812340001"))
    assert noted(installation) == ["138****0001"]
    for typed in ("13812340002", "1381234", "138123400"):
        beside(desk, typed)
    assert len(noted(installation)) == 2, "half a number is none"


def test_beyond_an_hours_measure_nothing_is_told_of_another_number(
    life: Life, browse: Browse, installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(person_search, "MOST_OF_CALLED", 3)
    number = life.ticket(phone="13812340001").number
    life.db.commit()
    desk = browse(life.staff["an"])
    for n in range(5):
        beside(desk, f"1390000000{n}")
    assert number not in beside(desk, "13812340001") and len(noted(installation)) == 3


def test_whoever_is_on_the_line_is_no_search(life: Life, browse: Browse, installation: Installation) -> None:
    number, agent = life.ticket(phone="13812340001").number, life.staff["an"]
    call_id = ring(life, "13812340001", agent_id=agent.id).id
    life.db.commit()
    assert number in beside(browse(agent), "13812340001", call=str(call_id))
    assert noted(installation) == []
