"""The meeting about a dispute on the desks, on the unit's page and on paper."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from models import Ticket, TicketEvent
from tests.support.life import Life
from tests.support.make import CHENGGUAN

Browse = Callable[..., FlaskClient]


@pytest.fixture
def disputed(life: Life) -> Ticket:
    """城管 and the unit of 常 are asked for their views."""
    ticket = life.to("in_dispute")
    life.do(ticket, "du", "ask_views")
    life.db.commit()
    return ticket


def test_desk_unit_and_paper_show_who_said_what_and_what_was_agreed(
    life: Life, disputed: Ticket, browse: Browse
) -> None:
    """Found at the desks: U11."""
    chang, du = browse(life.staff["chang"]), browse(life.staff["du"])
    life.db.commit()
    assert disputed.number in chang.get("/unit/?tab=objecting").text
    assert _post(chang, disputed, "state_view", text="灯杆归建设单位", suggested_unit=life.city.unit_name(CHENGGUAN))
    assert _post(du, disputed, "keep_minutes", **life.answers("keep_minutes", disputed))
    desk = du.get(f"/dispatch/{disputed.number}?tab=dispute").text
    for words in ("灯杆归建设单位", "由城管先行维修", f'data-value="{life.city.unit_name(CHENGGUAN)}"', "等陈述"):
        assert words in desk
    for reader in (chang, du):
        sheet = reader.get(f"/tickets/{disputed.number}/print/minutes").text
        assert all(
            words in sheet for words in ("灯杆归建设单位", "城管局、住建局各一人", "由城管先行维修", "参加单位代表")
        )
    assert "由城管先行维修" in chang.get(f"/tickets/{disputed.number}").text
    assert browse(life.staff["xie"]).get(f"/tickets/{disputed.number}").status_code == 404


def _post(client: FlaskClient, ticket: Ticket, action: str, **form: Any) -> bool:
    answer = client.post(f"/tickets/{ticket.number}/do/{action}", data={"seen": ticket.move_count, **form})
    return answer.status_code == 303


def test_the_units_form_keeps_its_words_when_the_meeting_is_over(life: Life, disputed: Ticket, browse: Browse) -> None:
    life.do(disputed, "du2", "rule")
    life.db.commit()
    chang = browse(life.staff["chang"])
    answer = chang.post(f"/tickets/{disputed.number}/do/state_view", data={"seen": 1, "text": "我们认为不归我们"})
    assert answer.status_code == 409 and "我们认为不归我们" in answer.text
    assert not life.db.scalars(select(TicketEvent).where(TicketEvent.action == "state_view")).all()
