"""One ticket from the first ring to the figures, each step by the person whose step it is, in their own window."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tests.support.town import Town, choose, go, press

if TYPE_CHECKING:
    from playwright.sync_api import Page

CALLER = "13800000001"
WORDS = "文峰大道与东工路交叉口的路灯坏了三天，晚上看不见路，请尽快修理。"


def test_a_call_becomes_a_ticket_is_sent_back_once_and_ends_in_the_figures(
    town: Town, keep: Callable[..., Any]
) -> None:
    caller = town.by_password("an", "/phone")
    go(caller, f"/phone?number={CALLER}")
    caller.get_by_role("button", name="拨打 12345").click()
    caller.get_by_text("正在呼叫 12345").wait_for()
    number = takes_the_call(town, keep)
    dispatches(town, number)
    answers_vaguely(town, number)
    sends_it_back_as_unclear(town, number, keep)
    answers_clearly(town, number)
    lets_it_pass(town, number, keep)
    town.drain()
    reads_the_question_and_answers_one(town, caller, keep)
    assert (town.ticket(number).state, town.ticket(number).round, town.ticket(number).close_kind) == (
        "closed",
        2,
        "rated",
    )
    stands_in_the_figures(town, number, keep)


def takes_the_call(town: Town, keep: Callable[..., Any]) -> str:
    an = town.enter("an", "/desk")
    an.locator("form[action='/duty'] button").first.click()
    an.get_by_role("button", name="接听").click()
    an.wait_for_url("**/desk?call=*")
    assert an.locator("#f-phone").input_value() == "138****0001", "the number stands there masked"
    an.locator("#f-body").fill(WORDS)
    an.locator(".ranked-one").first.wait_for()
    an.get_by_role("button", name="提交", exact=False).first.click()
    an.locator("#done").wait_for()
    keep(an, "life-1-taken-in")
    town.drain()
    assert any(town.ticket().number in text for text in town.sender.texts_to(CALLER)), "the caller got no number"
    return town.ticket().number


def dispatches(town: Town, number: str) -> None:
    du = town.enter("du", f"/dispatch/{number}")
    du.locator("#f-unit").fill("市城市管理局")
    press(du, "派单，下一张")
    assert (town.ticket(number).state, town.ticket(number).unit_code) == ("to_sign", "chengguan")


def signs(town: Town, number: str) -> Page:
    he = town.enter("he", "/unit")
    press(he, "签收", inside=f"#row-{number}")
    assert town.ticket(number).state == "handling"
    return he


def replies(town: Town, he: Page, number: str, facts: str, public: str) -> None:
    go(he, f"/tickets/{number}/do/reply")
    choose(he, "truth", "true")
    choose(he, "contacted", "yes")
    choose(he, "contact_how", "phone")
    he.locator("#f-contacted_at").fill("2026-03-04T09:30")
    he.locator("#f-facts").fill(facts)
    he.locator("#f-measures").fill("安排维修。")
    choose(he, "outcome", "solved")
    he.locator("#f-public_answer").fill(public)
    he.locator("#f-handler").fill("何建国")
    if town.ticket(number).round == 1:
        press(he, "提交答复")
    else:
        press(he, "送签发")
        leader = town.enter("hejt", "/unit/signing/")
        with leader.expect_navigation():
            leader.keyboard.press("Alt+s")
    assert town.ticket(number).state == "to_review"


def answers_vaguely(town: Town, number: str) -> None:
    he = signs(town, number)
    go(he, f"/tickets/{number}/do/contact")
    choose(he, "reached", "yes")
    choose(he, "how", "phone")
    he.locator("#f-note").fill("已电话联系，核实灯杆位置。")
    press(he, "先行联系")
    replies(town, he, number, "已安排人员查看。", "您反映的问题已安排处理，感谢监督。")


def sends_it_back_as_unclear(town: Town, number: str, keep: Callable[..., Any]) -> None:
    ren = town.enter("ren", f"/review/{number}")
    ren.locator(".reason", has_text="R01").click()
    ren.locator("#f-note").fill("没有写清楚修好没有、哪天修好。")
    keep(ren, "life-2-sent-back")
    press(ren, "退回重办")
    assert (town.ticket(number).state, town.ticket(number).round) == ("to_sign", 2)


def answers_clearly(town: Town, number: str) -> None:
    he = signs(town, number)
    go(he, f"/tickets/{number}/do/reply")
    assert "没有写清楚修好没有" in he.locator("#act").inner_text(), "the unit must see what was missing"
    replies(
        town,
        he,
        number,
        "当晚现场核查，电缆接头烧坏，七盏灯不亮。",
        "经核查，七盏路灯因电缆接头烧坏不亮，已于当晚更换接头，全部恢复照明。",
    )


def lets_it_pass(town: Town, number: str, keep: Callable[..., Any]) -> None:
    ren = town.enter("ren", f"/review/{number}")
    for check in ren.locator("[data-check]").all():
        check.locator(".check-yes").click()
    ren.locator("#f-note").fill("已电话向市民核实，单位来过，结果已经告诉市民。")
    keep(ren, "life-3-review")
    press(ren, "通过")
    assert town.ticket(number).state == "to_follow_up"


def reads_the_question_and_answers_one(town: Town, caller: Page, keep: Callable[..., Any]) -> None:
    town.life.clock.forward(seconds=11)
    town.drain()
    go(caller, f"/phone?number={CALLER}")
    caller.locator(".bubble-in", has_text="回复").first.wait_for()
    caller.locator("#sms-words").fill("1")
    caller.get_by_role("button", name="发送短信").click()
    caller.locator(".bubble-out", has_text="1").first.wait_for()
    keep(caller, "life-4-the-phone")
    town.drain()


def stands_in_the_figures(town: Town, number: str, keep: Callable[..., Any]) -> None:
    town.life.clock.at += timedelta(minutes=1)
    tou = town.enter("tou", "/overview/")
    keep(tou, "life-5-overview")
    go(tou, "/overview/tickets?metric=satisfied&part=hit&period=7d")
    assert number in tou.locator("main").inner_text()
