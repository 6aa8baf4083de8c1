"""Ctrl+K from any page: to another page by the first letters of its sounds, to what this page offers, and to a ticket by its number."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.support.town import Town


def test_every_page_is_four_keys_away(town: Town, keep: Callable[..., Any]) -> None:
    number = town.has("to_dispatch")
    du = town.enter("du", "/dispatch/")
    du.keyboard.press("Control+k")
    du.keyboard.type("tj")
    du.locator(".palette-item", has_text="统计").first.wait_for()
    keep(du, "palette-1-by-sound")
    du.keyboard.press("Enter")
    du.wait_for_url("**/overview/**")
    du.keyboard.press("Control+k")
    du.keyboard.type(number)
    du.locator(".palette-item", has_text=number).first.wait_for()
    keep(du, "palette-2-by-number")
    du.keyboard.press("Enter")
    du.wait_for_url(f"**/tickets/{number}")


def test_what_the_page_offers_is_done_from_the_palette(town: Town, keep: Callable[..., Any]) -> None:
    number = town.has("to_dispatch")
    du = town.enter("du", f"/tickets/{number}")
    du.keyboard.press("Control+k")
    du.keyboard.type("备注")
    du.locator(".palette-item", has_text="备注").first.wait_for()
    keep(du, "palette-3-here")
    du.keyboard.press("Enter")
    du.wait_for_url(f"**/tickets/{number}/do/note**")
    du.keyboard.press("Control+k")
    du.keyboard.type(f"{number} 合并")
    du.locator(".palette-item", has_text="合并").first.wait_for()
    du.keyboard.press("Enter")
    du.wait_for_url("**/merge**")


def test_escape_closes_it_and_what_is_not_found_is_searched_for(town: Town) -> None:
    an = town.enter("an", "/desk")
    an.keyboard.press("Control+k")
    an.keyboard.type("没有这种页面")
    an.locator(".palette-none").wait_for()
    an.keyboard.press("Escape")
    assert an.locator("dialog.palette[open]").count() == 0
    an.keyboard.press("Control+k")
    an.keyboard.type("没有这种页面")
    an.keyboard.press("Enter")
    an.wait_for_url("**/search**")


def test_an_agent_goes_on_duty_without_the_mouse(town: Town) -> None:
    an = town.enter("an", "/desk")
    an.keyboard.press("Control+k")
    an.keyboard.type("在岗")
    an.locator(".palette-item", has_text="切换为在岗").wait_for()
    an.keyboard.press("Enter")
    an.locator(".duty-button.is-on").wait_for()
