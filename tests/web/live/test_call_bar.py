"""The call is on every page of those who take calls, and a ticket says who else has it open (L2, L3, L7, L8, L10)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from hotline.clock import StoppedClock
from hotline.intake.citizens import find_or_make_citizen
from models import Call, Staff, Ticket
from tests.support.life import Life

Browse = Callable[[Staff], FlaskClient]
PAGES = ("/search", "/notices", "/account", "/tickets/{number}")


def call(life: Life, state: str, **more: object) -> Call:
    citizen = find_or_make_citizen(life.db, "13800001234", life.now)
    assert citizen is not None
    citizen.name = "王女士"
    made = Call(
        provider="t",
        provider_id=f"CA-{state}",
        from_phone="13800001234",
        to_phone="12345",
        state=state,
        citizen_id=citizen.id,
        started_at=life.now - timedelta(seconds=95),
        **more,
    )
    life.db.add(made)
    life.db.commit()
    return made


@pytest.fixture
def ticket(life: Life) -> Ticket:
    life.staff["an"].on_duty = True
    made = life.ticket()
    life.db.commit()
    return made


@pytest.mark.parametrize("path", PAGES)
def test_a_running_call_stands_on_every_page_with_its_caller_and_the_way_out(
    path: str, life: Life, browse: Browse, ticket: Ticket
) -> None:
    """Found at the desks: L3."""
    call(life, "answered", agent_id=life.staff["an"].id, answered_at=life.now - timedelta(seconds=90))
    page = browse(life.staff["an"]).get(path.format(number=ticket.number)).text
    assert "王女士" in page and "在办 1 件" in page and ">01:30</time>" in page
    assert 'data-key="alt+g"' in page and 'data-open="line-110"' in page and 'id="line-110"' in page


@pytest.mark.parametrize("path", PAGES)
def test_a_ring_can_be_answered_by_one_key_on_every_page_and_says_who_it_is(
    path: str, life: Life, browse: Browse, ticket: Ticket
) -> None:
    """Found at the desks: L2."""
    rings = call(life, "ringing")
    page = browse(life.staff["an"]).get(path.format(number=ticket.number)).text
    assert f'data-ring="{rings.id}"' in page and 'data-key="alt+a"' in page
    assert "王女士" in page and "13800001234" not in page


def test_nobody_else_is_shown_the_call(life: Life, browse: Browse, ticket: Ticket) -> None:
    call(life, "ringing")
    assert 'id="calls"' not in browse(life.staff["du"]).get(f"/tickets/{ticket.number}").text


def test_the_bar_hangs_up_without_leaving_the_page(life: Life, browse: Browse, ticket: Ticket) -> None:
    running = call(life, "answered", agent_id=life.staff["an"].id, answered_at=life.now)
    answer = browse(life.staff["an"]).post(f"/desk/calls/{running.id}/end?bar=1", headers={"HX-Request": "true"})
    assert answer.status_code == 200 and 'class="call-bar"' in answer.text and "hidden" in answer.text
    life.db.expire_all()
    assert life.db.get_one(Call, running.id).state == "ended"


def test_head_buttons_and_body_of_a_ticket_are_fetched_as_one(life: Life, browse: Browse, ticket: Ticket) -> None:
    """Found at the desks: L7."""
    page = browse(life.staff["du"]).get(f"/tickets/{ticket.number}").text
    part = page[page.index('<div id="ticket"') :]
    assert 'hx-select="#ticket"' in part
    assert "待派单" in part and "page-header" in part and 'data-key="1"' in part


def test_two_people_on_one_ticket_know_of_each_other_and_of_who_writes(
    life: Life, browse: Browse, ticket: Ticket, clock: StoppedClock
) -> None:
    """Found at the desks: L8."""
    du, tou = browse(life.staff["du"]), browse(life.staff["tou"])
    path = f"/tickets/{ticket.number}/look"
    assert "也在看" not in du.post(path).text
    assert "du 也在看" in tou.post(path, data={"typing": "1"}).text
    assert "tou 正在填写" in du.post(path).text
    clock.forward(seconds=60)
    assert "tou" not in du.post(path).text, "a page that gives no sign has been closed"


def test_whoever_has_done_the_deed_or_left_the_page_is_not_said_to_write_there_any_more(
    life: Life, browse: Browse, ticket: Ticket
) -> None:
    """For up to fifty seconds after the dispatch the others read "正在填写" and waited for nobody."""
    du, tou = browse(life.staff["du"]), browse(life.staff["tou"])
    path = f"/tickets/{ticket.number}/look"
    tou.post(path, data={"typing": "1"})
    assert "tou 正在填写" in du.post(path).text
    assert tou.post(path, data={"left": "1"}).status_code == 204
    assert "tou" not in du.post(path).text
    tou.post(path, data={"typing": "1"})
    assert "tou 正在填写" in du.post(path).text, "whoever comes back is there again"
    life.do(ticket, "tou", "note")
    life.db.commit()
    assert "tou" not in du.post(path).text
    assert "tou 也在看" in (tou.post(path), du.post(path))[1].text, "looking on is not writing on"


def test_the_sign_carries_its_own_token(life: Life, browse: Browse, ticket: Ticket) -> None:
    """It is sent while the page still loads, before any script could add one."""
    page = browse(life.staff["du"]).get(f"/tickets/{ticket.number}").text
    form = page[page.index('id="onlookers"') :]
    assert 'name="csrf_token"' in form[: form.index("</form>")]


@pytest.mark.parametrize("login", ["ji", "shi"])
def test_whoever_reads_for_discipline_or_the_city_is_not_shown(
    login: str, life: Life, browse: Browse, ticket: Ticket
) -> None:
    ticket.for_discipline = True
    life.db.commit()
    browse(life.staff[login]).post(f"/tickets/{ticket.number}/look")
    assert "也在看" not in browse(life.staff["du"]).post(f"/tickets/{ticket.number}/look").text


def test_looking_keeps_nobody_signed_in(life: Life, browse: Browse, ticket: Ticket, clock: StoppedClock) -> None:
    du = browse(life.staff["du"])
    for _minute in range(35):
        clock.forward(minutes=1)
        last = du.post(f"/tickets/{ticket.number}/look")
    assert last.status_code in (302, 401)


@pytest.mark.parametrize(
    ("rating", "words"),
    [(5, "非常满意"), (2, "不满意"), (None, "2 分 5 秒")],
    ids=["L10 best", "L10 bad", "L10 unrated"],
)
def test_a_ticket_shows_its_call(rating: int | None, words: str, life: Life, browse: Browse, ticket: Ticket) -> None:
    """Found at the desks: L10."""
    call(
        life,
        "ended",
        agent_id=life.staff["an"].id,
        ticket_id=ticket.id,
        answered_at=life.now,
        ended_at=life.now + timedelta(seconds=125),
        rating=rating,
    )
    page = browse(life.staff["du"]).get(f"/tickets/{ticket.number}").text
    assert "市民来电" in page and "an · 通话 2 分 5 秒" in page and words in page
