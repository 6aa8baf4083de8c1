"""A citizen with a phone in the hand: hand in, look up, add, urge, rate, and nobody else sees a word."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tests.support.desks.citizens_codes import code_of
from tests.support.town import CITIZEN, PHONE, Town, go, typed_copy

if TYPE_CHECKING:
    from playwright.sync_api import Page

WORDS = "文峰大道与东工路口的路灯坏了三天，晚上看不见路。𠮷祥小区门口。"


def hands_in(town: Town, page: Page, phone: str = CITIZEN) -> tuple[str, str]:
    go(page, "/c/new")
    page.locator("#f-body").fill(WORDS)
    page.locator("#f-place").fill("文峰区文峰大道")
    page.locator("#f-phone").fill(phone)
    page.locator("input[name=consent]").check()
    page.get_by_role("button", name="提交", exact=True).tap()
    page.wait_for_url("**/c/received/*")
    town.drain()
    ticket = town.ticket()
    return ticket.number, code_of(ticket, town.installation)


def fits(page: Page) -> bool:
    """Nothing sticks out on the right."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def test_a_matter_is_handed_in_and_looked_up_by_number_and_code(town: Town, keep: Callable[..., Any]) -> None:
    page = town.window(PHONE)
    go(page, "/c")
    keep(page, "citizen-1-home")
    number, code = hands_in(town, page)
    said = page.locator("main").inner_text()
    assert number in said
    assert code in said
    assert fits(page)
    keep(page, "citizen-2-received")
    assert any(number in text and code in text for text in town.sender.texts_to(CITIZEN))

    other = town.window(PHONE)
    go(other, f"/p/{number}")
    assert WORDS[:10] not in other.locator("body").inner_text(), "without the code nothing is shown"
    other.locator("#f-code").fill("WRONG1")
    other.get_by_role("button", name="查进度").tap()
    other.get_by_text("工单号或查询码不对").first.wait_for()
    other.locator("#f-code").fill(code.lower())
    other.get_by_role("button", name="查进度").tap()
    other.get_by_text("经过").first.wait_for()
    assert "𠮷祥小区" in other.locator("body").inner_text()
    assert fits(other)
    keep(other, "citizen-3-progress")


def test_words_and_an_urge_reach_the_unit(town: Town) -> None:
    page = town.window(PHONE)
    number, _code = hands_in(town, page)
    town.act(number, "du", "dispatch")
    town.act(number, "he", "sign")
    go(page, f"/p/{number}")
    page.locator("#f-text").fill("今晚又有人摔倒了。")
    page.get_by_role("button", name="补充", exact=True).tap()
    page.get_by_text("您补充的内容已记入工单").wait_for()
    page.get_by_role("button", name="催一下").tap()
    page.get_by_text("已催办").first.wait_for()
    page.get_by_role("button", name="催一下").tap()
    page.get_by_text("刚刚已经催办过").wait_for()
    assert town.ticket(number).urges == 1
    he = town.enter("he", "/unit?tab=handling")
    row = he.locator(f"#row-{number}").inner_text()
    assert "市民催办" in row or "今晚又有人摔倒了" in row
    assert "今晚又有人摔倒了" in town.enter("he", f"/tickets/{number}").locator("#story").inner_text()


def test_one_tap_on_the_link_in_the_text_closes_the_matter(town: Town, keep: Callable[..., Any]) -> None:
    number = town.has("to_follow_up")
    page = town.window(PHONE)
    go(page, next(path for path in reversed(town.links_to()) if path.startswith("/s/")))
    assert town.ticket(number).state == "to_follow_up", "looking alone decides nothing"
    keep(page, "citizen-4-rate")
    page.get_by_role("button", name="解决了，满意").tap()
    page.get_by_text("谢谢您的评价").first.wait_for()
    assert (town.ticket(number).state, town.ticket(number).close_kind) == ("closed", "rated")
    assert fits(page)


def test_a_dissatisfied_tap_closes_nothing_and_asks_for_more(town: Town) -> None:
    number = town.has("to_follow_up")
    page = town.window(PHONE)
    go(page, next(path for path in reversed(town.links_to()) if path.startswith("/s/")))
    page.get_by_role("button", name="没有解决").tap()
    page.get_by_text("热线中心会核实").first.wait_for()
    page.locator("#f-comment").fill("灯还是不亮。")
    page.get_by_role("button", name="补上").tap()
    page.get_by_text("已记下，谢谢您").wait_for()
    assert (town.ticket(number).state, town.ticket(number).dissatisfied) == ("to_follow_up", True)


def test_a_matter_taken_back_is_closed_and_says_so(town: Town) -> None:
    page = town.window(PHONE)
    number, _code = hands_in(town, page)
    go(page, f"/p/{number}")
    page.get_by_role("button", name="不用办了，撤回").tap()
    page.locator("dialog[open]").get_by_role("button", name="撤回").tap()
    page.get_by_role("heading", name="已按您的意愿撤回").wait_for()
    assert (town.ticket(number).state, town.ticket(number).close_kind) == ("closed", "withdrawn")


def test_a_number_that_nobody_can_read_does_not_keep_the_matter_out(town: Town) -> None:
    page = town.window(PHONE)
    go(page, "/c/new")
    page.locator("#f-body").fill(WORDS)
    page.locator("#f-phone").fill("号码不告诉你")
    page.locator("input[name=consent]").check()
    page.get_by_role("button", name="提交", exact=True).tap()
    page.wait_for_url("**/c/received/**")
    assert (town.count(), town.ticket().contact_phone) == (1, None)


def test_a_closed_browser_does_not_lose_the_words(town: Town) -> None:
    page = town.window(PHONE)
    go(page, "/c/new")
    page.locator("#f-body").fill(WORDS)
    typed_copy(page)
    page.on("dialog", lambda asked: asked.accept())
    page.reload()
    page.wait_for_function("() => document.querySelector('#f-body').value !== ''")
    assert page.locator("#f-body").input_value() == WORDS


def test_a_citizen_reads_english(town: Town) -> None:
    page = town.window(PHONE, "en")
    go(page, "/c/new")
    assert "What is it about?" in page.locator("main").inner_text()
    go(page, "/c/times")
    assert fits(page)


def test_a_district_that_the_map_filled_in_goes_with_its_point_and_a_chosen_one_stays(town: Town) -> None:
    page = town.window(PHONE)
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation({"latitude": 36.0985, "longitude": 114.37})
    go(page, "/c/new")
    page.locator("details:has([data-map-fields]) > summary").tap()
    area, point = page.locator("#f-area"), page.locator("input[name=point]")

    def tapped(code: str) -> None:
        page.locator(f'[data-areas="{code}"]').first.scroll_into_view_if_needed()
        page.locator(f'[data-areas="{code}"]').first.tap()

    tapped("huaxian")
    assert area.input_value() == "huaxian" and point.input_value()
    page.locator("[data-locate]").tap()
    page.wait_for_function("() => document.querySelector('input[name=point_how]').value === 'phone'")
    assert area.input_value() == "", "the telephone stands somewhere else"
    tapped("huaxian")
    page.locator("[data-map-clear]").tap()
    assert (area.input_value(), point.input_value()) == ("", "")
    area.select_option("wenfeng")
    page.locator("[data-locate]").tap()
    page.wait_for_function("() => document.querySelector('input[name=point_how]').value === 'phone'")
    assert area.input_value() == "wenfeng"
