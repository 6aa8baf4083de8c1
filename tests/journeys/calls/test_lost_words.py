"""Nobody types anything twice. Twelve ways to lose words are tried in a browser, each numbered, and what a copy may not do besides."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from models import Draft
from tests.support.make import PASSWORD
from tests.support.town import CITIZEN, PHONE, Town, choose, go, press, typed_copy
from tests.support.windows import ready

if TYPE_CHECKING:
    from playwright.sync_api import Page

LONG = "现场核查情况如下：" + "第一，灯杆线路断开；第二，电缆接头烧坏。" * 40


def facts(page: Page) -> str:
    return page.locator("#f-facts").input_value()


def writes_a_reply(town: Town, number: str) -> Page:
    he = town.enter("he", f"/tickets/{number}/do/reply")
    choose(he, "truth", "true")
    he.locator("#f-facts").fill(LONG)
    return he


def all_is_kept(page: Page) -> None:
    """The sign beside the button is green."""
    page.wait_for_function("() => document.querySelector('[data-draft-state]').dataset.kind === 'good'")


def take_back(page: Page) -> None:
    """The words are in their place, or one press of a button puts them there."""
    page.wait_for_function(
        "() => document.querySelector('.draft-bar') || document.querySelector('#f-facts').value.length > 500"
    )
    if page.locator(".draft-bar").count():
        page.locator(".draft-bar").get_by_role("button", name="恢复").click()


def test_a_long_reply_comes_back_after_the_session_has_ended(town: Town, keep: Callable[..., Any]) -> None:
    """Way 1 to lose words."""
    number = town.has("handling")
    he = writes_a_reply(town, number)
    for name, words in (
        ("measures", "更换接头。"),
        ("helpers_note", "协办的部分已电话核实。"),
        ("public_answer", "已修复。"),
        ("handler", "何建国"),
        ("no_contact_reason", "未留电话"),
    ):
        if name == "no_contact_reason":
            choose(he, "contacted", "no")
        he.locator(f"#f-{name}").fill(words)
    with he.expect_response("**/check"):  # what is typed is looked at once more
        choose(he, "outcome", "solved")
    all_is_kept(he)  # and saved; after that nobody touches the page for hours
    town.life.clock.at += timedelta(hours=5)
    press(he, "提交答复")
    assert "/login" in he.url
    he.locator("#f-login").fill("he")
    he.locator("#f-password").fill(PASSWORD)
    press(he, "登录")
    assert f"/tickets/{number}" in he.url, he.url
    take_back(he)
    keep(he, "lost-words-after-login")
    assert facts(he) == LONG
    assert he.locator("#f-measures").input_value() == "更换接头。"
    press(he, "提交答复")
    assert town.ticket(number).state == "to_review"


def test_the_second_of_two_tabs_is_told_that_the_ticket_has_moved_on(town: Town, keep: Callable[..., Any]) -> None:
    """Way 2 to lose words."""
    number = town.has("to_sign")
    first = town.enter("he", f"/tickets/{number}/do/object")
    first.locator("#f-reason").fill("这条路的路灯由物业管理，不属本单位。")
    first.locator("#f-basis").fill("安编〔2019〕12 号")
    second = first.context.new_page()
    go(second, f"/tickets/{number}")
    press(second, "签收", inside="main")
    assert town.ticket(number).state == "handling"
    press(first, "退单", inside="#act")
    said = first.locator("main").inner_text()
    keep(first, "lost-words-moved-on")
    assert "这张工单已经变化" in said
    assert "这条路的路灯由物业管理，不属本单位。" in said
    assert town.ticket(number).state == "handling"


def test_the_back_button_brings_the_words_back(town: Town) -> None:
    """Way 3 to lose words."""
    number = town.has("handling")
    he = writes_a_reply(town, number)
    all_is_kept(he)
    he.on("dialog", lambda asked: asked.accept())
    go(he, "/unit")
    he.go_back()
    ready(he)
    take_back(he)
    assert facts(he) == LONG


def test_another_device_offers_what_was_typed_on_this_one(town: Town) -> None:
    """Way 4 to lose words."""
    number = town.has("handling")
    he = writes_a_reply(town, number)
    all_is_kept(he)
    other = town.enter("he", f"/tickets/{number}/do/reply", PHONE)
    take_back(other)
    assert facts(other) == LONG


def test_a_double_click_makes_one_ticket(town: Town) -> None:
    an = town.enter("an", "/desk")
    an.locator("#f-body").fill("井盖丢了，很危险。")
    with an.expect_navigation():
        an.get_by_role("button", name="提交", exact=False).first.dblclick()
    an.locator("#done").wait_for()
    assert town.count() == 1


def test_going_back_after_handing_in_shows_an_empty_form(town: Town) -> None:
    page = town.window(PHONE)
    go(page, "/c/new")
    page.locator("#f-body").fill("井盖丢了，很危险。")
    page.locator("#f-phone").fill(CITIZEN)
    page.locator("input[name=consent]").check()
    press(page, "提交", exact=True)
    page.go_back()
    ready(page)
    assert page.locator("#f-body").input_value() == ""
    page.reload()
    assert town.count() == 1


def test_news_about_the_ticket_never_replaces_a_form_being_typed_in(town: Town, keep: Callable[..., Any]) -> None:
    """Way 5 to lose words."""
    number = town.has("handling")
    he = writes_a_reply(town, number)
    town.act(number, "du", "note", text="市民又来电话了。")
    he.get_by_text("内容有更新").wait_for()
    keep(he, "lost-words-news-while-typing")
    assert facts(he) == LONG
    assert "市民又来电话了" not in he.locator("#story").inner_text()


def test_two_windows_on_one_reply_do_not_overwrite_each_other_silently(town: Town) -> None:
    """Way 6 to lose words."""
    number = town.has("handling")
    first = writes_a_reply(town, number)
    second = first.context.new_page()
    go(second, f"/tickets/{number}/do/reply")
    first.wait_for_function("() => document.querySelector('[data-draft-state]').dataset.kind === 'good'")
    second.locator("#f-facts").fill("另一个窗口写的。")
    second.locator(".draft-bar").wait_for()
    assert facts(first) == LONG
    assert facts(second) == "另一个窗口写的。"


def copies(page: Page) -> list[str]:
    return page.evaluate(
        "() => Object.keys(sessionStorage).filter((key) => key.startsWith('hotline:typed:')).map((key) => sessionStorage.getItem(key))"
    )


def test_without_a_line_the_form_stays_and_goes_out_once_when_it_is_back(town: Town) -> None:
    """Way 7 to lose words. Found at the desks: W5."""
    an = town.enter("an", "/desk")
    an.locator("#f-body").fill("井盖丢了，很危险。")
    an.context.set_offline(True)
    an.keyboard.press("Alt+s")
    an.keyboard.press("Alt+s")
    an.get_by_text("网络断了").first.wait_for()
    assert an.locator("#f-body").input_value() == "井盖丢了，很危险。" and town.count() == 0
    with an.expect_navigation():
        an.context.set_offline(False)
    an.locator("#done").wait_for()
    assert town.count() == 1
    assert an.locator("#f-body").input_value() == ""


def test_what_never_arrived_is_there_when_the_page_is_opened_again(town: Town) -> None:
    """Way 8 to lose words."""
    an = town.enter("an", "/desk")
    an.locator("#f-body").fill("井盖丢了，很危险。")
    an.route("**/desk", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    an.keyboard.press("Alt+s")
    an.wait_for_timeout(500)
    an.unroute("**/desk")
    an.on("dialog", lambda asked: asked.accept())
    an.goto("/desk?blank=1")
    ready(an)
    an.wait_for_function("() => document.querySelector('#f-body').value || document.querySelector('.draft-bar')")
    if an.locator(".draft-bar").count():
        an.locator(".draft-bar .btn-primary").click()
    assert an.locator("#f-body").input_value() == "井盖丢了，很危险。"


def test_the_newest_words_are_there_after_signing_in_again(town: Town) -> None:
    """Way 9 to lose words. Found at the desks: W4."""
    number = town.has("handling")
    he = writes_a_reply(town, number)
    all_is_kept(he)
    newest = LONG + "最后一句。"
    town.life.clock.at += timedelta(hours=5)
    he.locator("#f-facts").fill(newest)
    he.locator("#dialog-expired[open]").wait_for()
    he.on("dialog", lambda asked: asked.accept())
    he.locator("#dialog-expired-login").click()
    he.locator("#f-login").fill("he")
    he.locator("#f-password").fill(PASSWORD)
    press(he, "登录")
    he.wait_for_function("() => document.querySelector('#f-facts').value.length > 500")
    assert facts(he) == newest
    press(he, "提交答复")
    assert "/login" not in he.url and facts(he) == newest


def test_signed_in_again_in_another_window_the_locked_page_goes_on(town: Town) -> None:
    """Way 10 to lose words."""
    number = town.has("handling")
    he = writes_a_reply(town, number)
    town.life.clock.at += timedelta(hours=5)
    he.locator("#f-facts").fill(LONG + "又一句。")
    he.locator("#dialog-expired[open]").wait_for()
    other = he.context.new_page()
    other.goto("/login")
    other.locator("#f-login").fill("he")
    other.locator("#f-password").fill(PASSWORD)
    press(other, "登录")
    he.bring_to_front()
    he.locator("#dialog-expired[open]").wait_for(state="detached")
    assert facts(he) == LONG + "又一句。"
    all_is_kept(he)


def test_no_bar_is_shown_over_words_that_are_there_already(town: Town) -> None:
    """Found at the desks: W8."""
    an = town.enter("an", "/desk")
    an.locator("#f-body").fill("井盖丢了，很危险。")
    an.wait_for_function("() => document.querySelector('[data-draft-state]').dataset.kind === 'good'")
    an.on("dialog", lambda asked: asked.accept())
    go(an, "/search")
    an.go_back()
    ready(an)
    an.wait_for_timeout(400)
    same = an.locator("#f-body").input_value() == "井盖丢了，很危险。"
    assert an.locator(".draft-bar").count() == (0 if same else 1)


def test_a_line_that_came_back_is_not_called_an_ended_login(town: Town) -> None:
    """Found at the desks: W6."""
    number = town.has("handling")
    he = writes_a_reply(town, number)
    he.route("**/drafts/**", lambda route: route.abort())
    he.locator("#f-facts").fill(LONG + "断网时写的。")
    typed_copy(he)
    he.unroute("**/drafts/**")
    he.on("dialog", lambda asked: asked.accept())
    he.reload()
    ready(he)
    he.wait_for_function("() => document.querySelector('#f-facts').value.length > 500")
    assert facts(he).endswith("断网时写的。")
    assert "登录已过期" not in he.locator("#toasts").inner_text()


def test_a_citizen_who_taps_an_answer_is_not_told_of_a_login(town: Town) -> None:
    """Found at the desks: W6."""
    town.has("to_follow_up")
    path = next(link for link in town.links_to() if link.startswith("/s/"))
    page = town.window(PHONE)
    go(page, path)
    with page.expect_navigation():
        page.locator("main form button").first.click()
    ready(page)
    page.wait_for_timeout(300)
    assert "登录已过期" not in page.locator("body").inner_text()


def test_a_slip_onto_reload_loses_nothing(town: Town) -> None:
    """Way 11 to lose words."""
    number = town.has("handling")
    he = writes_a_reply(town, number)
    all_is_kept(he)
    he.keyboard.press("F5")
    ready(he)
    take_back(he)
    assert facts(he) == LONG


def test_a_browser_that_died_gives_the_words_back(town: Town) -> None:
    """Way 12 to lose words. The window is gone without a word of farewell; the person opens the form in a new one."""
    number = town.has("handling")
    he = writes_a_reply(town, number)
    all_is_kept(he)
    he.context.close()
    again = town.enter("he", f"/tickets/{number}/do/reply")
    take_back(again)
    assert facts(again) == LONG


def saved(town: Town, number: str) -> str:
    with town.installation.readings() as db:
        draft = db.scalar(select(Draft).where(Draft.key == f"reply:{number}"))
        return str(draft.data["facts"]) if draft is not None else ""


def is_saved(town: Town, number: str, page: Page, words: str) -> bool:
    """Soon: on a busy machine a request takes its time."""
    for _n in range(50):
        if saved(town, number).endswith(words):
            return True
        page.wait_for_timeout(100)
    return False


REMEMBER = """() => {
  const send = window.fetch
  document.addEventListener('input', () => { window.lastTyped = performance.now() }, true)
  window.fetch = (where, how) => {
    if (String(where).includes('/drafts/')) window.waited = performance.now() - window.lastTyped
    return send(where, how)
  }
}"""
"""Milliseconds between the last key and the save that was sent last."""


def test_what_was_typed_is_kept_at_the_first_pause(town: Town) -> None:
    """It took more than a second: whoever typed a line and closed the lid had typed it for nothing."""
    number = town.has("handling")
    he = town.enter("he", f"/tickets/{number}/do/reply")
    he.evaluate(REMEMBER)
    he.locator("#f-facts").press_sequentially("断线已接好", delay=20)
    assert is_saved(town, number, he, "断线已接好")
    assert he.evaluate("() => window.waited") < 900


def test_a_page_that_is_left_in_the_middle_of_a_word_keeps_it(town: Town) -> None:
    """The last words are sent while the page goes, also when a save is under way."""
    number = town.has("handling")
    he = town.enter("he", f"/tickets/{number}/do/reply")
    he.on("dialog", lambda asked: asked.accept())
    he.locator("#f-facts").press_sequentially("断线已接好", delay=20)
    assert is_saved(town, number, he, "断线已接好")
    he.locator("#f-facts").press_sequentially("，灯亮了", delay=20)
    he.goto("/unit/")
    assert is_saved(town, number, he, "断线已接好，灯亮了")


def test_whoever_types_on_saves_once_a_second_at_most(town: Town) -> None:
    number = town.has("handling")
    he = town.enter("he", f"/tickets/{number}/do/reply")
    sent: list[str] = []
    he.on("request", lambda request: sent.append(request.url) if request.method == "PUT" else None)
    began = time.monotonic()
    he.locator("#f-facts").press_sequentially("第一，灯杆线路断开；第二，电缆接头烧坏。" * 4, delay=70)
    assert is_saved(town, number, he, "电缆接头烧坏。")
    assert 2 <= len(sent) <= 2 + time.monotonic() - began


def test_words_typed_while_a_save_is_under_way_are_not_called_saved(town: Town) -> None:
    """The sign stayed green over words that nobody had kept: whoever trusted it and went lost them."""
    number = town.has("handling")
    he = writes_a_reply(town, number)
    all_is_kept(he)
    he.locator("#f-facts").press_sequentially("又")
    assert he.locator("[data-draft-state]").first.get_attribute("data-kind") == ""
