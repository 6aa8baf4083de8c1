"""The review desk: request and reply side by side, the checklist by keys, back as unclear, and never one's own reply."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.support.town import PHONE, Town, go, press
from tests.support.windows import ready


def test_a_reply_passes_by_keys_alone(town: Town) -> None:
    number = town.has("to_review")
    ren = town.enter("ren", "/review")
    ren.keyboard.press("Alt+n")
    ren.wait_for_url(f"**/review/{number}*")
    ready(ren)
    for _item in town.installation.city.checklist:
        ren.keyboard.press("y")
    ren.locator("#f-note").fill("已电话向市民核实。")
    ren.locator("[data-pass]").focus()
    with ren.expect_navigation():
        ren.keyboard.press("Alt+p")
    assert town.ticket(number).state == "to_follow_up"


def test_one_no_proposes_its_reason_and_closes_the_way_to_pass(town: Town, keep: Callable[..., Any]) -> None:
    number = town.has("to_review")
    ren = town.enter("ren", f"/review/{number}")
    checks = ren.locator("[data-check]")
    for check in checks.all():
        check.locator(".check-yes").click()
    checks.first.locator(".check-no").click()
    reason = checks.first.get_attribute("data-reason")
    assert ren.locator(f'input[name="reasons"][value="{reason}"]').is_checked()
    keep(ren, "review-1-one-no")
    ren.locator("#f-note").fill("请写明查了什么、修好没有。")
    press(ren, "退回重办")
    assert (town.ticket(number).state, town.ticket(number).round) == ("to_sign", 2)
    assert "请写明查了什么" in town.enter("he", "/unit").locator(f"#row-{number}").inner_text()


def test_one_key_for_the_rest_leaves_what_the_assistant_doubts_to_an_answer_of_its_own(town: Town) -> None:
    number = town.has("handling")
    hollow = {
        "facts": "已派人到现场",
        "measures": "已安排",
        "public_answer": "您好，您反映的问题我局高度重视，已安排处理。",
    }
    town.act(number, "he", "reply", **hollow)
    ren = town.enter("ren", f"/review/{number}")
    ready(ren)
    ren.keyboard.press("a")
    doubted = ren.locator("[data-doubted]")
    assert doubted.count() >= 1
    assert all(one.locator("input:checked").count() == 0 for one in doubted.all())
    ren.keyboard.press("Alt+p")
    ren.wait_for_timeout(500)
    assert town.ticket(number).state == "to_review"
    for check in ren.locator("[data-check]").all():
        if check.locator("input:checked").count() == 0:
            check.locator(".check-yes").click()
    ren.locator("#f-note").fill("已电话核实，确已补好。")
    assert ren.locator("[data-pass]").is_enabled(), "the person decides"


def test_a_pass_without_the_checklist_is_refused_and_the_note_stays(town: Town) -> None:
    number = town.has("to_review")
    ren = town.enter("ren", f"/review/{number}")
    ren.locator("#f-note").fill("写得很清楚。")
    ren.evaluate("() => document.querySelector('#judge').setAttribute('novalidate', '')")
    passes = ren.locator("[data-pass]")
    if passes.is_enabled() and passes.get_attribute("aria-disabled") != "true":
        passes.click()
        ren.get_by_text("审核清单还有").first.wait_for()
    assert ren.locator("#f-note").input_value() == "写得很清楚。"
    assert town.ticket(number).state == "to_review"


def test_the_wording_is_mended_and_the_original_stays_in_the_story(town: Town) -> None:
    number = town.has("to_review")
    ren = town.enter("ren", f"/review/{number}")
    ren.keyboard.press("Alt+y")
    ren.locator("dialog[open] #f-public_answer").fill("路灯线路已更换，恢复照明。")
    press(ren, "保存文字")
    assert "路灯线路已更换，恢复照明。" in ren.locator("main").inner_text()
    go(ren, f"/tickets/{number}")
    assert "现已恢复照明" in ren.locator("#story").inner_text()


def test_the_review_desk_on_a_phone(town: Town, keep: Callable[..., Any]) -> None:
    number = town.has("to_review")
    ren = town.enter("ren", f"/review/{number}", PHONE)
    assert ren.evaluate("() => document.documentElement.scrollWidth") <= 390
    keep(ren, "phone-size-review")


def test_sending_back_without_a_word_puts_the_cursor_where_the_word_belongs(town: Town) -> None:
    number = town.has("to_review")
    ren = town.enter("ren", f"/review/{number}")
    ready(ren)
    ren.keyboard.press("1")
    ren.keyboard.press("n")
    ren.keyboard.press("Alt+r")
    ren.wait_for_function("document.activeElement?.id === 'f-note'")
    ren.keyboard.insert_text("请写明修好没有。")
    with ren.expect_navigation():
        ren.keyboard.press("Alt+r")
    assert (town.ticket(number).state, town.ticket(number).round) == ("to_sign", 2)
