"""Danger to life stands red on every page of those who can act, until somebody has taken it, and on nobody else's."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from hotline.installation import Installation
from hotline.outbox.runner import drain
from models import Message, Ticket
from tests.support.life import Life

Browse = Callable[..., FlaskClient]
JUMPER = "有人站在中华路大桥栏杆外面要往下跳，快来人，我的电话13912345678"


def rung(life: Life, words: str) -> Ticket:
    ticket = life.ticket(words=words)
    life.db.commit()
    return ticket


@pytest.mark.parametrize("page", ["/dispatch/", "/notices/", "/search/", "/account"])
def test_the_bar_stands_on_every_page_with_the_words_masked(life: Life, browse: Browse, page: str) -> None:
    """The alarm for a fire was a grey toast of five seconds. Found at the desks: D3."""
    ticket = rung(life, JUMPER)
    text = browse(life.staff["du"]).get(page).text
    assert f'data-alarms="{ticket.number}"' in text and "中华路大桥栏杆外面" in text
    bar = text[text.index('id="alarms"') : text.index("</section>", text.index('id="alarms"'))]
    assert "13912345678" not in bar and f"/alarms/{ticket.number}/take" in bar


def test_nobody_sees_it_who_cannot_act(life: Life, browse: Browse) -> None:
    ticket = rung(life, JUMPER)
    assert 'id="alarms"' not in browse(life.staff["he"]).get("/unit/").text
    assert browse(life.staff["he"]).post(f"/alarms/{ticket.number}/take").status_code == 403


def test_taking_it_silences_it_everywhere_and_leads_to_the_ticket(life: Life, browse: Browse) -> None:
    ticket = rung(life, JUMPER)
    desk = browse(life.staff["du"])
    answer = desk.post(f"/alarms/{ticket.number}/take")
    assert answer.status_code == 303 and answer.location.endswith(f"/dispatch/{ticket.number}")
    assert 'data-alarms=""' in desk.get("/alarms/").text
    assert desk.post(f"/alarms/{ticket.number}/take").status_code == 400


def test_danger_and_what_a_person_must_dispatch_are_two_notices(life: Life, installation: Installation) -> None:
    """An informant was announced as danger to life. Found at the desks: D5."""
    rung(life, JUMPER)
    rung(life, "我实名举报村里的事，请为我保密，怕被打击报复。")
    rung(life, "表扬派出所民警热心帮助走失老人回家。")
    drain(installation)
    found = life.db.execute(select(Message.template_key, Message.role).where(Message.template_key.like("%_ring"))).all()
    life.db.commit()
    assert sorted((key, role) for key, role in found if key == "life_ring") == [
        ("life_ring", "dispatcher"),
        ("life_ring", "lead_agent"),
        ("life_ring", "supervisor"),
    ]
    assert [role for key, role in found if key == "safety_ring"] == ["dispatcher"]


def test_in_a_storm_every_danger_is_counted_and_the_newest_is_among_those_that_sound(
    life: Life, browse: Browse
) -> None:
    """The bar knew the oldest twenty only: it told of sixteen more where there were forty, and the twenty-first rang nobody."""
    numbers = [life.ticket(words=f"第{n}座桥上有人要往下跳，快来人").number for n in range(25)]
    life.db.commit()
    bar = browse(life.staff["du"]).get("/alarms/").text
    assert f'data-alarms="{" ".join(numbers)}"' in bar
    assert bar.count("/take") == 4 and "还有 21 件" in bar
