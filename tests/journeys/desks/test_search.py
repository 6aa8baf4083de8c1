"""Finding: words inside sentences, numbers, phones, filters, a kept search, and one deed for many tickets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.support.town import PHONE, Town, go, press


def with_tickets(town: Town) -> list[str]:
    """A lamp, a manhole and noise."""
    words = (
        "文峰大道的路灯坏了三天，晚上看不见路。",
        "小区门口的井盖丢了，很危险。",
        "楼下烧烤店半夜噪音太大，无法休息。",
    )
    numbers = [town.life.ticket(phone=f"1380000100{n}", words=text).number for n, text in enumerate(words)]
    town.life.db.commit()
    town.drain()
    return numbers


def test_two_letters_inside_a_sentence_are_found_while_typing(town: Town, keep: Callable[..., Any]) -> None:
    lamp, manhole, _noise = with_tickets(town)
    du = town.enter("du", "/search")
    du.locator("#f-q").fill("井盖")
    du.locator(f"#row-{manhole}").wait_for()
    assert du.locator(f"#row-{lamp}").count() == 0
    keep(du, "search-1-words")
    du.locator("#f-q").fill("从没有人说过的话")
    du.get_by_text("没有找到符合的工单").wait_for()


def test_a_number_leads_to_its_ticket_from_anywhere_by_keys(town: Town) -> None:
    lamp, _manhole, _noise = with_tickets(town)
    du = town.enter("du", "/notices")
    du.keyboard.press("/")
    du.keyboard.type(lamp)
    with du.expect_navigation():
        du.keyboard.press("Enter")
    assert lamp in du.locator("main").inner_text()


def test_a_search_is_kept_and_opened_again(town: Town) -> None:
    with_tickets(town)
    du2 = town.enter("du2", "/search?q=路灯&open=1")
    du2.locator(".found-save summary").click()
    du2.locator("#f-view_name").fill("在办路灯")
    press(du2, "保存", inside=".found-save-box", exact=True)
    go(du2, "/search")
    with du2.expect_navigation():
        du2.get_by_role("link", name="在办路灯").click()
    assert du2.locator("#f-q").input_value() == "路灯"


def test_many_tickets_get_one_deed_and_each_its_own_outcome(town: Town, keep: Callable[..., Any]) -> None:
    numbers = with_tickets(town)
    du = town.enter("du", "/search?open=1")
    du.locator("#found [data-pick-all]").check()
    assert du.locator("[data-bulk-count]").inner_text() == "3"
    deed = du.locator(".bulk-bar button[name=deed]").first
    with du.expect_navigation():
        deed.click()
    assert all(number in du.locator("main").inner_text() for number in numbers)
    keep(du, "search-2-bulk")


def test_a_unit_finds_only_its_own(town: Town) -> None:
    number = town.has("handling")
    assert number in town.enter("he", "/search?q=路灯").locator("#found").inner_text()
    assert number not in town.enter("chang", "/search?q=路灯").locator("#found").inner_text()


def test_search_on_a_phone(town: Town, keep: Callable[..., Any]) -> None:
    with_tickets(town)
    du = town.enter("du", "/search?q=路灯", PHONE)
    assert du.evaluate("() => document.documentElement.scrollWidth") <= 390
    keep(du, "phone-size-search")
