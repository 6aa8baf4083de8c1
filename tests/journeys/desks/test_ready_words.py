"""Ready words by one key: found by the first letters of their sounds, filled place by place, undone like typing, and never sent half open."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.support.town import Town


def test_an_agent_fills_a_form_from_ready_words(town: Town, keep: Callable[..., Any]) -> None:
    an = town.enter("an", "/desk")
    body = an.locator("#f-body")
    body.fill("来电人很着急。")
    body.press("Enter")
    an.keyboard.type("/")
    an.locator("dialog.ready-chooser[open] .palette-item").first.wait_for()
    an.keyboard.type("zsrm")
    an.locator(".ready-chooser .palette-item", has_text="噪声扰民").first.wait_for()
    keep(an, "ready-words-1-found")
    an.keyboard.press("Enter")
    assert body.input_value().startswith("来电人很着急。\n噪声来自【请填：声源】")
    an.keyboard.type("空调外机")
    an.keyboard.press("Tab")
    an.keyboard.type("22 点到 2 点")
    assert "噪声来自空调外机，一般在22 点到 2 点，影响【请填：影响了谁】" in body.input_value()
    an.keyboard.press("Alt+s")
    an.locator(".toast-one", has_text="没填的地方").first.wait_for()
    assert an.evaluate("document.activeElement.value.slice(document.activeElement.selectionStart)").startswith(
        "【请填：影响了谁】"
    )
    keep(an, "ready-words-2-open")


def test_what_was_put_in_is_undone_like_typing_and_escape_leaves_the_slash(town: Town) -> None:
    an = town.enter("an", "/desk")
    body = an.locator("#f-body")
    body.focus()
    an.keyboard.press("Alt+/")
    an.locator("dialog.ready-chooser[open] .palette-item").first.wait_for()
    an.keyboard.type("暖气")
    an.keyboard.press("Enter")
    assert body.input_value().startswith("室内温度约")
    an.keyboard.press("Control+z")
    assert body.input_value() == ""
    an.keyboard.type("/")
    an.locator("dialog.ready-chooser[open]").wait_for()
    an.keyboard.press("Escape")
    assert body.input_value() == "/"
    an.keyboard.type("2 号楼 1/2 单元")
    assert an.locator("dialog.ready-chooser[open]").count() == 0


def test_a_handlers_reply_takes_the_tickets_own_number(town: Town, keep: Callable[..., Any]) -> None:
    number = town.has("handling")
    he = town.enter("he", f"/tickets/{number}/do/interim")
    he.locator("#f-answer").focus()
    he.keyboard.press("Alt+/")
    he.locator("dialog.ready-chooser[open] .palette-item").first.wait_for()
    he.keyboard.type("qsmdh")
    he.keyboard.press("Enter")
    assert f"您的工单{number}由" in he.locator("#f-answer").input_value()
    keep(he, "ready-words-3-filled")
