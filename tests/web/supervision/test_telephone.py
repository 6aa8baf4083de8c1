"""The telephone on the supervision desk: who waits, whose telephone rings, who is on duty, and no key to take a call."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.support.desks.ringing import ring
from tests.support.life import Life
from tests.web.supervision.watched import Browse


def on_duty(life: Life, *logins: str) -> None:
    for login in logins:
        life.staff[login].on_duty = True
        life.staff[login].desk_at = life.now
    life.db.commit()


@pytest.mark.parametrize("login", ["du2", "tou", "班"])
def test_whoever_leads_sees_who_waits_whose_telephone_rings_and_who_is_on_duty(
    life: Life, browse: Browse, login: str
) -> None:
    on_duty(life, "an")
    ring(life)
    page = browse(life.staff[login]).get("/supervision/").text
    strip = page[page.index('id="telephone"') :].split("</section>")[0]
    assert "138****1234" in strip and f"正在响{life.staff['an'].name}" in strip, "who waits, and for whom it rings"
    assert "线路有人接听" in strip and "13800001234" not in strip
    assert "<form" not in strip, "whoever watches takes no call"


def test_a_line_that_nobody_answers_says_so_with_its_waiting_and_missed_calls(life: Life, desk: FlaskClient) -> None:
    call = ring(life)
    ring(life, "13900005678", "CA2").state = "missed"
    life.db.commit()
    strip = desk.get("/supervision/telephone").text
    assert "来电无人接听" in strip and "线路有人接听" not in strip
    assert "138****1234" in strip and "139****5678" in strip and f"/desk/calls/{call.id}/answer" not in strip


def test_a_call_that_begins_to_ring_is_news_on_the_supervisors_open_page(
    life: Life, desk: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = desk.get("/live/poll").get_json()
    ring(life)
    assert "calls" in desk.get("/live/poll", query_string={"since": start["id"]}).get_json()["topics"]


@pytest.mark.parametrize("login", ["shi", "ji", "mei"])
def test_those_who_read_lists_only_see_no_callers(life: Life, browse: Browse, login: str) -> None:
    ring(life)
    client = browse(life.staff[login])
    assert 'id="telephone"' not in client.get("/supervision/").text
    assert client.get("/supervision/telephone").status_code == 403
