"""Two people at two browsers on one ticket: each sees the other, nobody's words are lost, and who took it is known."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tests.support.town import PHONE, Town, choose, go, press
from tests.support.windows import ready

if TYPE_CHECKING:
    from playwright.sync_api import Page

HIS = "现场核查：灯杆线路断开，电缆接头烧坏，已联系电工。"


def writes(town: Town, number: str) -> Page:
    he = town.enter("he", f"/tickets/{number}/do/reply")
    choose(he, "truth", "true")
    he.locator("#f-facts").fill(HIS)
    return he


def is_saved(page: Page) -> None:
    page.wait_for_function("() => document.querySelector('[data-draft-state]').dataset.kind === 'good'")


def test_of_one_persons_two_browsers_the_newest_words_win_and_both_are_shown(town: Town) -> None:
    number = town.has("handling")
    desk = writes(town, number)
    is_saved(desk)
    phone = town.enter("he", f"/tickets/{number}/do/reply", PHONE)
    phone.wait_for_function(
        "() => document.querySelector('.draft-bar') || document.querySelector('#f-facts').value.length > 10"
    )
    if phone.locator(".draft-bar").count():
        phone.locator(".draft-bar").get_by_role("button", name="恢复").click()
    assert phone.locator("#f-facts").input_value() == HIS
    phone.locator("#f-facts").fill(HIS + "手机上又补一句。")
    is_saved(phone)
    desk.locator("#f-facts").fill(HIS + "电脑上另写一句。")
    desk.locator(".draft-bar").wait_for()
    assert desk.locator("#f-facts").input_value().endswith("电脑上另写一句。"), "nothing is replaced under the hand"
    assert "手机上又补一句" in desk.locator(".draft-bar").inner_text(), "and the other words stand beside it"
    desk.locator(".draft-bar").get_by_role("button").nth(1).click()
    assert desk.locator("#f-facts").input_value().endswith("手机上又补一句。")
    desk.locator(".draft-bar").get_by_role("button").first.click()
    assert desk.locator("#f-facts").input_value().endswith("电脑上另写一句。"), "the way back from the other copy too"


def test_one_takes_the_ticket_while_the_other_writes(town: Town, keep: Callable[..., Any]) -> None:
    number = town.has("handling")
    he = writes(town, number)
    town.act(number, "hejt", "take_on")
    he.get_by_text("内容有更新").wait_for()
    keep(he, "two-people-taken")
    assert he.locator("#f-facts").input_value() == HIS, "a form that is being written in is never replaced"
    he.on("dialog", lambda asked: asked.accept())
    go(he, f"/tickets/{number}")
    assert "hejt" in he.locator("main").inner_text()
    assert town.ticket(number).handler_id == town.life.staff["hejt"].id


def test_what_one_has_sent_the_other_cannot_send_again_and_keeps_the_words(town: Town) -> None:
    number = town.has("to_dispatch")
    first = town.enter("du", f"/dispatch/{number}")
    second = town.enter("du", f"/tickets/{number}/do/mark_hard")
    second.locator("#f-reason").fill("住建和城管职责交叉，建议会商。")
    first.locator("#f-unit").fill("chengguan")
    with first.expect_navigation():
        first.keyboard.press("Alt+s")
    ready(first)
    press(second, "转疑难会商", inside="#act")
    said = second.locator("main").inner_text()
    assert town.ticket(number).state == "to_sign"
    assert "这张工单已经变化" in said and "住建和城管职责交叉" in said


def test_who_else_is_looking_and_who_is_writing_is_shown_to_both(town: Town, keep: Callable[..., Any]) -> None:
    number = town.has("handling")
    he = writes(town, number)
    leader = town.enter("hejt", f"/tickets/{number}")
    leader.locator("#onlookers .tag", has_text="he").wait_for()
    leader.locator("#onlookers", has_text="正在填写").wait_for()
    he.locator("#f-facts").fill(HIS)
    he.locator("#onlookers .tag", has_text="hejt").wait_for(timeout=40_000)
    keep(leader, "two-people-look")
    assert he.locator("#f-facts").input_value() == HIS
    he.on("dialog", lambda asked: asked.accept())
    go(he, "/unit/")
    leader.reload()
    leader.wait_for_timeout(1000)
    assert "正在填写" not in leader.locator("main").inner_text(), "the page was left, and the others know it at once"
