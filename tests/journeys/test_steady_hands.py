"""Slips hurt nobody: held and bouncing keys, Enter out of habit, a good reply in two keys, undo in one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from hotline.tickets import petitions
from hotline.tickets.act import lock
from hotline.tickets.reply_rules.known_facts import known_facts
from hotline.tickets.reply_rules.replies import last_reply
from tests.support.make import CHENGGUAN
from tests.support.town import PHONE, Town, go, press
from tests.support.windows import ready

SIZES = [{"width": 1440, "height": 900}, {"width": 1280, "height": 720}]


def good_reply(town: Town, rounds: int = 1) -> str:
    """A reply with everything on record, in this round."""
    number = town.has("handling")
    for n in range(1, rounds + 1):
        if n > 1:
            town.act(number, "ren", "redo", reasons=["R08"], note="请补充长期措施")
            town.act(number, "he", "sign")
        town.act(number, "he", "contact")
        news = {"public_answer": f"路灯线路已更换，现已恢复照明；第{n}次到场又加装{n * 2}盏灯。"} if n > 1 else {}
        town.act(number, "he", "reply", answered_citizen="yes", **news)
    return number


def test_a_good_reply_passes_in_two_keys(town: Town) -> None:
    """Found at the desks: R3."""
    number = good_reply(town)
    ren = town.enter("ren", f"/review/{number}")
    ren.keyboard.press("a")
    with ren.expect_navigation():
        ren.keyboard.press("Alt+p")
    assert town.ticket(number).state == "to_follow_up"


def test_what_the_records_speak_against_stays_open_and_wants_a_word(town: Town) -> None:
    """Found at the desks: R6."""
    number = town.has("to_review")
    ren = town.enter("ren", f"/review/{number}")
    ren.keyboard.press("a")
    ren.keyboard.press("Alt+p")
    assert town.ticket(number).state == "to_review"
    for check in ren.locator("[data-check]").all():
        if not check.locator("input:checked").count():
            check.locator(".check-yes").click()
    assert ren.locator("[data-pass]").is_disabled()
    ren.locator("#f-note").fill("已电话向市民核实")
    assert ren.locator("[data-pass]").is_enabled()


def test_core_questions_offer_no_third_answer(town: Town) -> None:
    """Found at the desks: R1."""
    number = good_reply(town)
    ren = town.enter("ren", f"/review/{number}")
    for item in town.installation.city.checklist:
        offered = ren.locator(f'input[name="checklist.{item.code}"][value="na"]').count()
        assert offered == item.na, item.code


@pytest.mark.parametrize("size", SIZES, ids=["1440x900", "1280x720"])
def test_request_reply_and_buttons_stand_on_one_screen(
    town: Town, keep: Callable[..., Any], size: dict[str, int]
) -> None:
    """Found at the desks: R4, R5."""
    number = good_reply(town, rounds=2)
    ren = town.enter("ren", f"/review/{number}", size)
    keep(ren, f"review-one-screen-{size['width']}")
    for place in (".words", "#diff", "[data-pass]", 'button[value="redo"]', "[data-rest]"):
        box = ren.locator(place).bounding_box()
        assert box and 0 <= box["y"] < size["height"] and box["x"] + box["width"] <= size["width"], (place, box)
    for place in ("[data-pass]", 'button[value="redo"]'):
        box = ren.locator(place).bounding_box()
        assert box and box["y"] + box["height"] <= size["height"], place
    assert "又加装" in ren.locator("#diff ins").first.inner_text() or ren.locator("#diff ins").count()


def test_the_sheet_on_a_phone_is_not_wider_than_it(town: Town, keep: Callable[..., Any]) -> None:
    number = good_reply(town, rounds=2)
    ren = town.enter("ren", f"/review/{number}", PHONE)
    assert ren.evaluate("() => document.documentElement.scrollWidth") <= 390
    keep(ren, "review-one-screen-390")


def waiting(town: Town, n: int) -> list[str]:
    return [town.has("to_dispatch") for _one in range(n)]


def test_a_second_press_does_not_dispatch_the_next_ticket(town: Town) -> None:
    """Found at the desks: W2."""
    numbers = waiting(town, 3)
    du = town.enter("du", f"/dispatch/{numbers[0]}")
    du.locator("#f-unit").fill(CHENGGUAN)
    with du.expect_navigation():
        du.keyboard.press("Alt+s")
    du.keyboard.press("Alt+s")
    du.keyboard.press("Alt+s")
    du.wait_for_timeout(300)
    assert [town.ticket(one).state for one in numbers].count("to_dispatch") == 2


def test_a_held_key_presses_once(town: Town) -> None:
    """Found at the desks: W2."""
    numbers = waiting(town, 3)
    du = town.enter("du", f"/dispatch/{numbers[0]}")
    du.locator("#f-unit").fill(CHENGGUAN)
    du.keyboard.down("Alt")
    for _press in range(6):
        du.keyboard.down("s")
        du.wait_for_timeout(150)
    du.keyboard.up("s")
    du.keyboard.up("Alt")
    du.wait_for_timeout(500)
    assert [town.ticket(one).state for one in numbers].count("to_dispatch") == 2


def test_enter_in_the_units_field_dispatches_nothing(town: Town) -> None:
    """Found at the desks: W2."""
    numbers = waiting(town, 2)
    du = town.enter("du", f"/dispatch/{numbers[0]}")
    du.locator("#f-unit").fill(CHENGGUAN)
    du.keyboard.press("Enter")
    du.wait_for_timeout(300)
    assert [town.ticket(one).state for one in numbers] == ["to_dispatch", "to_dispatch"]


def test_enter_in_a_field_beside_two_buttons_decides_nothing(town: Town) -> None:
    """Enter behind the number of days gave them: the browser presses the first of the two buttons."""
    number = town.has("handling")
    with town.installation.sessions() as db:
        ticket = lock(db, town.ticket(number).id)
        petitions.ask(
            db, town.installation.city, ticket, "extension", town.life.people["he"], town.life.now, {"reason": "等配件"}
        )
        db.commit()
    du = town.enter("du", "/dispatch?tab=petitions")
    du.locator("input[name=days]").first.fill("1")
    du.keyboard.press("Enter")
    du.wait_for_timeout(500)
    assert town.ticket(number).extensions == 0


def test_a_dispatch_is_taken_back_with_one_key(town: Town, keep: Callable[..., Any]) -> None:
    """Found at the desks: W3."""
    numbers = waiting(town, 2)
    du = town.enter("du", f"/dispatch/{numbers[0]}")
    du.locator("#f-unit").fill(CHENGGUAN)
    with du.expect_navigation():
        du.keyboard.press("Alt+s")
    ready(du)
    keep(du, "undo-bar")
    du.keyboard.press("Alt+z")
    du.wait_for_url(lambda url: numbers[0] in url)
    assert town.ticket(numbers[0]).state == "to_dispatch"
    assert "没有发出任何通知" in du.locator("main").inner_text()


def test_after_the_ten_seconds_one_key_on_the_ticket_opens_the_recall(town: Town) -> None:
    """The way back lay in the menu "more", without a key; now its letter stands on its button."""
    number = town.has("handling")
    du = town.enter("du", f"/tickets/{number}")
    button = du.locator("[data-key=r]")
    assert "撤回" in button.inner_text() and button.is_visible()
    assert "btn-primary" not in (button.get_attribute("class") or "")
    du.keyboard.press("r")
    du.wait_for_url("**/do/recall")
    ready(du)
    du.locator("#f-reason").fill("派错了单位。")
    press(du, "撤回", inside="#act")
    assert town.ticket(number).state == "to_dispatch"


def test_facts_of_a_reply_are_what_the_page_shows(town: Town) -> None:
    number = good_reply(town)
    with town.installation.readings() as db:
        ticket = town.ticket(number)
        facts = known_facts(db, town.installation.city, ticket, last_reply(db, ticket.id))
    ren = town.enter("ren", f"/review/{number}")
    go(ren, f"/review/{number}")
    shown = ren.locator(".check-fact").all_inner_texts()
    assert facts["contacted"].proof in shown and facts["signed_off"].proof in shown


def test_a_digit_too_many_leaves_no_form(town: Town) -> None:
    """On a form whose choices are digits, digits are nothing else: the buttons over it have the same."""
    number = town.has("handling")
    he = town.enter("he", f"/tickets/{number}/do/contact")
    for _press in range(4):
        he.keyboard.press("1")
    assert he.url.endswith("/do/contact")
    assert he.locator("input[name=reached][value=yes]").is_checked()
    assert he.locator("input[name=how][value=phone]").is_checked()


def test_a_closed_undo_bar_does_not_come_back_with_the_next_page(town: Town) -> None:
    numbers = waiting(town, 3)
    du = town.enter("du", f"/dispatch/{numbers[0]}")
    with du.expect_navigation():
        du.keyboard.press("Alt+s")
    ready(du)
    du.locator("#flashes").get_by_role("button", name="关闭").click()
    go(du, du.url)
    assert du.locator("form[data-undo]").count() == 0
    with du.expect_navigation():
        du.keyboard.press("Alt+s")
    ready(du)
    assert du.locator("form[data-undo]").is_visible(), "what is done next has its own bar"


def test_after_the_digits_tab_goes_on_to_the_field_behind_them(town: Town) -> None:
    he = town.enter("he", f"/tickets/{town.has('handling')}/do/contact")
    for key in ("1", "1", "Tab"):
        he.keyboard.press(key)
    he.keyboard.type("约定今晚到场。")
    assert he.locator("#f-note").input_value() == "约定今晚到场。"
