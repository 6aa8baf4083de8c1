"""Intake without a mouse: the phone rings, and from there every step is a key."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.journeys.conftest import CITIZEN, PHONE, Town, go


@pytest.fixture(autouse=True)
def on_duty(town: Town) -> None:
    town.life.staff["an"].on_duty = True
    town.life.db.commit()


def test_a_ringing_call_becomes_a_ticket_by_keys_alone(town: Town, keep: Callable[..., Any]) -> None:
    an = town.enter("an", "/desk")
    town.knock(town.phone().call("CA" + "1" * 32))
    an.locator("#calls .call-rings").wait_for()
    an.keyboard.press("Alt+a")
    an.wait_for_url("**/desk?call=*")
    an.wait_for_function("() => document.activeElement.id === 'f-body'")
    an.keyboard.type("文峰大道与东工路交叉口的路灯坏了三天，晚上看不见路。")
    an.locator(".ranked-one").first.wait_for()
    keep(an, "keyboard-1-proposal")
    an.keyboard.press("Alt+1")
    an.wait_for_function("() => document.getElementById('f-category').value !== ''")
    an.keyboard.press("Alt+s")
    an.locator("#done").wait_for()
    keep(an, "keyboard-2-done")
    ticket = town.ticket()
    said = an.locator("#done").inner_text()
    assert ticket.number in said
    assert ticket.query_code in said
    assert (ticket.state, ticket.contact_phone, ticket.category_code is not None) == ("to_dispatch", CITIZEN, True)


def test_the_screen_tells_of_a_call_wherever_the_agent_is(town: Town) -> None:
    an = town.enter("an", "/notices")
    town.knock(town.phone().call("CA" + "2" * 32))
    an.get_by_text("138****1234 来电").first.wait_for()


def test_fields_follow_each_other_by_tab_and_a_caller_who_calls_again_can_urge(town: Town) -> None:
    number = town.has("handling")
    town.knock(town.phone().call("CA" + "3" * 32))
    an = town.enter("an", "/desk")
    an.keyboard.press("Alt+a")
    an.wait_for_url("**/desk?call=*")
    an.locator("#beside").get_by_text(number).first.wait_for()
    an.keyboard.press("Alt+p")
    seen = []
    for _step in range(5):
        seen.append(an.evaluate("document.activeElement.name"))
        an.keyboard.press("Tab")
    assert seen == ["phone", "name", "channel", "body", "category"]


def test_the_help_shows_every_key_of_the_desk(town: Town) -> None:
    an = town.enter("an", "/desk")
    an.evaluate("document.activeElement.blur()")
    an.keyboard.press("?")
    assert "提交" in an.locator("dialog[open]").inner_text()
    an.keyboard.press("Escape")
    an.locator("dialog[open]").wait_for(state="detached")


def test_the_desk_works_on_a_phone_too(town: Town, keep: Callable[..., Any]) -> None:
    an = town.enter("an", "/desk", PHONE)
    an.locator("#f-body").fill("小区门口的井盖丢了，很危险。")
    an.get_by_role("button", name="提交", exact=False).first.tap()
    an.locator("#done").wait_for()
    keep(an, "phone-size-agent-desk")
    assert an.evaluate("document.documentElement.scrollWidth") <= 390
    assert town.count() == 1


def test_the_same_caller_has_two_matters(town: Town) -> None:
    an = town.enter("an", "/desk")
    an.locator("#f-phone").fill(CITIZEN)
    an.locator("#f-body").fill("小区门口的井盖丢了。")
    an.keyboard.press("Alt+m")
    an.wait_for_url("**again=*")
    an.locator("#f-body").fill("楼道里的灯也不亮。")
    an.keyboard.press("Alt+s")
    an.wait_for_url("**did=submit")
    assert (town.count(), town.ticket().contact_phone) == (2, CITIZEN)


def test_an_empty_form_says_what_is_missing_and_keeps_the_rest(town: Town) -> None:
    an = town.enter("an", "/desk")
    an.locator("#f-phone").fill("没有号码")
    an.locator("#f-body").fill("井盖丢了。")
    an.keyboard.press("Alt+s")
    an.get_by_text("请只写数字").first.wait_for()
    assert an.locator("#f-body").input_value() == "井盖丢了。"
    assert town.count() == 0
    go(an, "/desk")
