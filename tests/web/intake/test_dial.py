"""The button beside a citizen's number dials it, shows what comes of it, and shows nobody the number."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from hotline.installation import Installation
from hotline.outbox.runner import drain
from models import Call, Staff, Ticket
from tests.support.doubles.fakes import MemoryCalls
from tests.support.life import Life

Browse = Callable[[Staff], FlaskClient]
HTMX = {"HX-Request": "true"}
PHONE = "13800001234"


@pytest.fixture
def line(installation: Installation) -> MemoryCalls:
    installation.calls = MemoryCalls()
    return installation.calls


def in_state(life: Life, state: str) -> str:
    number = life.to(state).number
    life.db.commit()
    return number


@pytest.mark.parametrize(
    ("login", "state", "purpose"),
    [("he", "handling", "contact"), ("hui", "to_follow_up", "follow_up"), ("an", "handling", "talk")],
)
def test_whoever_works_on_a_ticket_dials_for_what_they_do_with_it(
    login: str, state: str, purpose: str, life: Life, installation: Installation, line: MemoryCalls, browse: Browse
) -> None:
    number = in_state(life, state)
    person = browse(life.staff[login])
    strip = person.post(f"/tickets/{number}/dial", headers=HTMX).text
    drain(installation)
    with installation.readings() as db:
        assert db.scalars(select(Call.purpose)).one() == purpose
    assert "正在接通您的电话" in strip and PHONE not in strip
    assert line.rung[0][1].number == f"+86{PHONE}"


def test_the_page_of_the_ticket_offers_the_call_without_the_number(life: Life, browse: Browse) -> None:
    page = browse(life.staff["he"]).get(f"/tickets/{in_state(life, 'handling')}").text
    assert "拨打市民电话" in page and PHONE not in page


def test_the_follow_up_page_offers_it_too(life: Life, browse: Browse) -> None:
    assert "拨打市民电话" in browse(life.staff["hui"]).get(f"/followup/{in_state(life, 'to_follow_up')}").text


def test_pressing_it_in_two_windows_dials_once(
    life: Life, installation: Installation, line: MemoryCalls, browse: Browse
) -> None:
    number, person = in_state(life, "handling"), browse(life.staff["he"])
    for _window in range(2):
        person.post(f"/tickets/{number}/dial", headers=HTMX)
    drain(installation)
    assert len(line.rung) == 1


def test_hanging_up_writes_down_what_came_of_it(
    life: Life, installation: Installation, line: MemoryCalls, browse: Browse
) -> None:
    number, person = in_state(life, "handling"), browse(life.staff["he"])
    person.post(f"/tickets/{number}/dial")
    drain(installation)
    assert "本方电话没有接起" in person.post(f"/tickets/{number}/dial/end", headers=HTMX).text
    assert "系统拨打市民电话" in person.get(f"/tickets/{number}").text


def test_a_try_that_was_written_down_does_not_outdate_the_form_that_is_open(
    life: Life, installation: Installation, line: MemoryCalls, browse: Browse
) -> None:
    number, person = in_state(life, "to_follow_up"), browse(life.staff["hui"])
    with installation.readings() as db:
        seen = db.scalars(select(Ticket.move_count).where(Ticket.number == number)).one()
    person.post(f"/tickets/{number}/dial")
    drain(installation)
    person.post(f"/tickets/{number}/dial/end")
    answer = person.post(f"/followup/{number}/answer", data={"solved": "yes", "result": "5", "seen": str(seen)})
    assert answer.status_code == 303


def test_a_stranger_sees_no_such_ticket(life: Life, line: MemoryCalls, browse: Browse) -> None:
    assert browse(life.staff["chang"]).post(f"/tickets/{in_state(life, 'handling')}/dial").status_code == 404


def test_where_nobody_dials_for_us_there_is_no_button(
    life: Life, installation: Installation, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(installation, "settings", replace(installation.settings, demo=False))
    assert "拨打市民电话" not in browse(life.staff["he"]).get(f"/tickets/{in_state(life, 'handling')}").text


def test_a_person_without_a_telephone_is_told_what_to_do(
    life: Life, installation: Installation, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(installation, "settings", replace(installation.settings, twilio_account_sid="AC1"))
    number = in_state(life, "handling")
    assert "没有登记电话" in browse(life.staff["he"]).get(f"/tickets/{number}").text
    life.staff["he"].phone = "03722525252"
    life.db.commit()
    assert "拨打市民电话" in browse(life.staff["he"]).get(f"/tickets/{number}").text
