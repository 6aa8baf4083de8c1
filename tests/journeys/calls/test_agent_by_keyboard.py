"""Intake without a mouse: the phone rings, and from there every step is a key."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.support.desks.citizens_codes import code_of
from tests.support.town import CITIZEN, PHONE, Town, go
from tests.support.windows import ready


@pytest.fixture(autouse=True)
def on_duty(town: Town) -> None:
    town.life.staff["an"].on_duty = True
    town.life.db.commit()


def test_a_ringing_call_becomes_a_ticket_by_keys_alone(town: Town, keep: Callable[..., Any]) -> None:
    an = town.enter("an", "/desk")
    town.knock(town.phone().call("CA" + "1" * 32))
    an.locator("#calls .call-rings").wait_for()
    ready(an)
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
    assert code_of(ticket, town.installation) in said
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
    ready(an)
    an.locator("#f-body").fill("楼道里的灯也不亮。")
    an.keyboard.press("Alt+s")
    an.wait_for_url("**did=submit")
    assert (town.count(), town.ticket().contact_phone) == (2, CITIZEN)


def test_a_caller_without_a_number_is_taken_in_all_the_same(town: Town) -> None:
    an = town.enter("an", "/desk")
    an.locator("#f-phone").fill("没有号码")
    an.locator("#f-body").fill("井盖丢了。")
    an.keyboard.press("Alt+s")
    an.wait_for_url("**did=submit")
    an.get_by_text("没有认出号码").first.wait_for()
    assert (town.count(), town.ticket().contact_phone) == (1, None)
    go(an, "/desk")


def answered(town: Town, an: Any, sid: str = "5", number: str = CITIZEN) -> None:
    """A call rings and this agent takes it by key; the cursor stands in the request."""
    town.knock(town.phone(number).call("CA" + sid * 32))
    an.locator("#calls .call-rings").wait_for()
    ready(an)
    an.keyboard.press("Alt+a")
    an.wait_for_url("**/desk?call=*")
    ready(an)
    an.wait_for_function("() => document.activeElement.id === 'f-body'")


def here(an: Any) -> tuple[str, str]:
    """Where the cursor stands, and what has been written."""
    return an.evaluate("document.activeElement.id"), an.locator("#f-body").input_value()


def test_110_joins_by_the_same_key_twice_while_the_agent_goes_on_typing(town: Town, keep: Callable[..., Any]) -> None:
    an = town.enter("an", "/desk")
    answered(town, an)
    an.keyboard.type("有人落水，")
    an.keyboard.press("Alt+6")
    an.locator("dialog[open]").wait_for()
    keep(an, "three-way-1-asks")
    an.wait_for_timeout(400)
    an.keyboard.press("Alt+6")
    an.locator(".leg[data-leg='110']").wait_for()
    an.wait_for_function("() => document.activeElement.id === 'f-body'")
    an.keyboard.type("在洹河桥下。")
    assert here(an) == ("f-body", "有人落水，在洹河桥下。")
    town.drain()
    an.locator(".leg-ringing").wait_for()
    keep(an, "three-way-2-rings")


@pytest.mark.parametrize("fumble", ["enter", "bounce", "held", "escape"])
def test_a_fumbled_key_rings_nobody(town: Town, fumble: str) -> None:
    an = town.enter("an", "/desk")
    answered(town, an)
    an.keyboard.down("Alt")
    an.keyboard.down("6")
    if fumble in ("bounce", "held"):
        if fumble == "held":
            an.wait_for_timeout(400)
        else:
            an.keyboard.up("6")
        an.keyboard.down("6")
    an.keyboard.up("6")
    an.keyboard.up("Alt")
    an.locator("dialog[open]").wait_for()
    if fumble in ("enter", "escape"):
        an.wait_for_timeout(400)
        an.keyboard.press(fumble.capitalize())
    an.wait_for_timeout(300)
    assert an.locator(".leg").count() == 0
    if fumble == "escape":
        assert here(an)[0] == "f-body", "the cursor is back where the words are"


def test_after_hanging_up_by_key_the_cursor_stands_in_the_request(town: Town) -> None:
    an = town.enter("an", "/desk")
    answered(town, an)
    an.keyboard.type("楼道灯不亮")
    an.keyboard.press("Alt+g")
    an.locator(".call-mine").wait_for(state="detached")
    an.wait_for_function("() => document.activeElement.id === 'f-body'")
    an.keyboard.type("，请修。")
    assert here(an) == ("f-body", "楼道灯不亮，请修。")


def test_a_second_call_takes_no_word_of_the_first_form(town: Town, keep: Callable[..., Any]) -> None:
    an = town.enter("an", "/desk")
    answered(town, an)
    an.keyboard.type("路口井盖响，夜里睡不着。")
    town.knock(town.phone("13900000009").call("CA" + "6" * 32))
    an.keyboard.press("Alt+g")
    an.get_by_text("139****0009").first.wait_for()
    an.locator(".call-mine").wait_for(state="detached")
    an.keyboard.type("已经一周")
    ready(an)
    an.keyboard.press("Alt+a")
    an.wait_for_url(lambda url: url.endswith("call=2"))
    an.locator(".unsent").get_by_text("路口井盖响").wait_for()
    keep(an, "second-call-first-unsent")
    an.keyboard.press("Alt+w")
    an.wait_for_url(lambda url: "call=1" in url)
    an.wait_for_function("() => document.getElementById('f-body').value !== ''")
    assert here(an)[1] == "路口井盖响，夜里睡不着。已经一周"


def test_going_back_to_a_form_that_was_handed_in_makes_no_second_ticket(town: Town) -> None:
    an = town.enter("an", "/desk")
    an.locator("#f-body").fill("井盖丢了一个。")
    an.keyboard.press("Alt+s")
    an.locator("#done").wait_for()
    an.go_back()
    an.wait_for_function("() => document.getElementById('f-body')?.value === ''")
    an.get_by_text("上次填写的内容已经提交").first.wait_for()
    an.keyboard.press("Alt+s")
    an.wait_for_timeout(500)
    assert town.count() == 1


def test_without_a_call_nobody_is_rung_in_and_the_dialog_says_so(town: Town, keep: Callable[..., Any]) -> None:
    an = town.enter("an", "/desk")
    assert an.get_by_role("button", name="其他线路").is_disabled()
    an.keyboard.press("Alt+6")
    asking = an.locator("#line-110[open]")
    asking.get_by_text("现在没有通话").wait_for()
    assert asking.get_by_role("button", name="三方通话 110").is_disabled()
    assert asking.get_by_role("button", name="直接转出").count() == 0, "there is nobody to hand on"
    keep(an, "no-call-1-nobody-is-rung-in")
    an.wait_for_timeout(400)
    an.keyboard.press("Alt+0")
    an.get_by_text("请先写下诉求内容").wait_for()
    assert here(an)[0] == "f-body" and asking.count() == 0
    assert town.count() == 0


def test_what_was_put_through_in_another_way_is_recorded_without_a_call(town: Town) -> None:
    an = town.enter("an", "/desk")
    an.locator("#f-body").fill("有人在人民公园门口打架，已请来电人打 110。")
    an.keyboard.press("Alt+6")
    an.locator("#line-110[open]").wait_for()
    an.wait_for_timeout(400)
    an.keyboard.press("Alt+0")
    an.locator("#done").wait_for()
    assert town.ticket().state == "transferred"


def test_the_dialog_becomes_live_with_the_call_and_ends_with_it(town: Town, keep: Callable[..., Any]) -> None:
    an = town.enter("an", "/desk")
    answered(town, an)
    assert an.get_by_role("button", name="其他线路").is_enabled()
    an.keyboard.press("Alt+6")
    three = an.locator("#line-110[open]").get_by_role("button", name="三方通话 110")
    assert three.is_enabled() and not an.get_by_text("现在没有通话").first.is_visible()
    town.knock(town.phone().ended("CA" + "5" * 32, seconds=20))
    an.locator("#line-110[open]").get_by_text("现在没有通话").wait_for()
    assert three.is_disabled(), "the dialog that stands open follows the call"
    keep(an, "no-call-2-the-caller-has-hung-up")


def test_an_unsent_text_is_dated_in_the_citys_time_wherever_the_computer_stands(
    town: Town, keep: Callable[..., Any]
) -> None:
    an = town.enter("an", "/desk", zone="America/New_York")
    an.locator("#f-body").fill("楼道灯不亮")
    saved = an.locator("[data-draft-state][data-kind=good]")
    saved.wait_for()
    now = town.life.clock.now().astimezone(ZoneInfo(town.installation.city.timezone))
    assert f"{now:%H:%M}" in saved.inner_text()
    go(an, "/desk")
    assert f"{now:%H:%M}" in an.locator(".draft-bar").inner_text()
    keep(an, "draft-in-the-citys-time")
    town.life.clock.at += timedelta(days=1)
    an = town.enter("an", "/desk", zone="America/New_York")
    assert f"{now:%m-%d %H:%M}" in an.locator(".draft-bar").inner_text()


def test_an_english_message_finds_its_category_or_says_what_helps(town: Town, keep: Callable[..., Any]) -> None:
    an = town.enter("an", "/desk", language="en")
    an.locator("#f-body").fill("The street lamp at the crossing has been out for three days")
    an.locator(".ranked-one").get_by_text("Street lights").wait_for()
    an.get_by_text("judged by a few common words").wait_for()
    keep(an, "english-1-known")
    an.keyboard.press("Alt+1")
    an.wait_for_function("() => document.getElementById('f-category').value.startsWith('0204')")
    an.locator("#f-category").fill("")
    an.locator("#f-body").fill("Hello, can somebody come tomorrow?")
    an.get_by_text("Add one sentence in Chinese").wait_for()
    keep(an, "english-2-unknown")


def test_on_a_phone_the_question_about_110_fits_the_screen(town: Town, keep: Callable[..., Any]) -> None:
    an = town.enter("an", "/desk", PHONE)
    an.get_by_role("button", name="转接 110").tap()
    an.locator("dialog[open]").wait_for()
    keep(an, "phone-size-three-way")
    box = an.locator("dialog[open]").bounding_box()
    assert box is not None and box["x"] >= 0 and box["x"] + box["width"] <= 390
