"""The reviewer's assistant: it names to the unit what an unclear reply lacks, stands in nobody's way, and is held to account."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.support.town import DESK, PHONE, Town, choose, press

UNCLEAR = {
    "facts": "情况已了解。",
    "measures": "将高度重视。",
    "public_answer": "您好，您反映的问题已收悉，我局高度重视，将尽快研究处理，感谢您的支持。",
}
CLEAR = {
    "facts": "3月3日晚派员查看，文峰大道与东工路交叉口的路灯因电缆老化断开。",
    "measures": "3月4日更换电缆30米，修复路灯4盏。",
    "public_answer": "经查，文峰大道与东工路交叉口的路灯因电缆老化断开。我局照明所已于3月4日更换电缆30米，修复路灯4盏，现已恢复照明。",
}


def write(page: Any, said: dict[str, str]) -> None:
    for name, text in said.items():
        page.locator(f"#f-{name}").fill(text)


def test_an_unclear_reply_is_flagged_to_the_unit_with_the_missing_item_named(
    town: Town, keep: Callable[..., Any]
) -> None:
    number = town.has("handling")
    he = town.enter("he", f"/tickets/{number}/do/reply")
    write(he, UNCLEAR)
    check = he.locator("#check")
    check.get_by_text("很可能被退回").wait_for()
    said = check.inner_text()
    assert "还缺" in said and "办理结果或调查结论" in said and "完成时间或下一步的日期" in said
    assert "R01 结果不明确" in said and "没有找到对应的答复" in said
    assert "清单会问：是否写明解决、部分解决或未解决？" in said and "请写明是否解决" in said
    keep(he, "assistant-1-unclear")
    write(he, CLEAR)
    check.get_by_text("看起来清楚").wait_for()
    assert "还缺" not in check.inner_text()
    keep(he, "assistant-2-clear")


def test_an_unclear_reply_may_be_sent_and_the_reviewer_sees_the_same_words(
    town: Town, keep: Callable[..., Any]
) -> None:
    number = town.has("handling")
    he = town.enter("he", f"/tickets/{number}/do/reply")
    choose(he, "truth", "true")
    choose(he, "contacted", "no")
    he.locator("#f-no_contact_reason").fill("市民未留电话。")
    choose(he, "outcome", "solved")
    write(he, UNCLEAR)
    he.locator("#f-helpers_note").fill("协办的部分已电话核实。")
    he.locator("#f-handler").fill("何建国")
    press(he, "提交答复")
    ren = town.enter("ren", f"/review/{number}")
    advice = ren.locator(".advice").inner_text()
    assert "很可能被退回" in advice and "办理结果或调查结论" in advice
    assert ren.locator(".reason.is-suggested input[value='R01']").count() == 1
    assert ren.locator("input[name='reasons']:checked").count() == 0
    keep(ren, "assistant-3-reviewer")


def test_supervisors_see_how_often_reviewers_judge_as_advised(town: Town, keep: Callable[..., Any]) -> None:
    for said, verdict in ((UNCLEAR, "redo"), (CLEAR, "pass"), (CLEAR, "redo")):
        number = town.has("handling")
        town.act(number, "he", "reply", **said)
        town.act(number, "ren", verdict)
    du = town.enter("du2", "/", DESK)
    du.get_by_role("link", name="审核助手").first.click()
    du.get_by_role("heading", name="各审核员").wait_for()
    row = du.locator("tr", has_text="ren").inner_text().split()
    assert row[-4:] == ["3", "67%", "1", "0"]
    assert "内置规则" in du.locator("main").inner_text()
    keep(du, "assistant-4-supervisor")


def test_the_check_and_the_account_fit_a_phone(town: Town, keep: Callable[..., Any]) -> None:
    number = town.has("handling")
    he = town.enter("he", f"/tickets/{number}/do/reply", PHONE)
    write(he, UNCLEAR)
    he.locator("#check").get_by_text("很可能被退回").wait_for()
    assert he.evaluate("() => document.documentElement.scrollWidth") <= 390
    keep(he, "phone-size-assistant-unit")
    du = town.enter("du2", "/review/assistant", PHONE)
    assert du.evaluate("() => document.documentElement.scrollWidth") <= 390
    keep(du, "phone-size-assistant-supervisor")
