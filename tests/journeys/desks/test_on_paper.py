"""A form on paper that is longer than a page: every page says whose it is and how many there are, and none is left nearly empty."""

from __future__ import annotations

import re
from math import ceil
from typing import TYPE_CHECKING

import pytest

from tests.support.town import Town

if TYPE_CHECKING:
    from playwright.sync_api import Page

LONG = "\n".join(
    f"第{n}项：文峰大道与东工路交叉口路灯不亮，" + "夜里行人看不见路面，请尽快修复并告知结果。" * 6
    for n in range(1, 17)
)

WIDTH = 627
"""What a page of A4 leaves between its margins, in the browser's dots."""

ROOM = 243
"""What it leaves from top to foot, in millimetres."""


def pages_of(page: Page) -> int:
    """How many sheets the printer takes."""
    return len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True)))


def long_one(town: Town) -> str:
    ticket = town.life.to("handling")
    ticket.text.body = LONG
    town.life.db.commit()
    town.drain()
    return ticket.number


def foot_rules(page: Page) -> list[str]:
    return page.evaluate(
        "() => [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules]).flatMap((rule) => [...(rule.cssRules ?? [])])"
        ".filter((rule) => rule instanceof CSSPageRule).map((rule) => rule.cssText)"
    )


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_of_a_long_form_says_whose_it_is_and_how_many_there_are(language: str, town: Town) -> None:
    """Page two onwards had no issuing body and no number, and the foot said "2 / 6"."""
    number = long_one(town)
    page = town.enter("du", f"/tickets/{number}/print/dispatch", language="" if language == "zh" else "en")
    page.emulate_media(media="print")
    run = page.locator(".sheet-run")
    assert run.evaluate("one => getComputedStyle(one).display") == "table-footer-group"
    assert number in run.text_content() and ("热线中心" in run.text_content() or language == "en")
    rules = " ".join(foot_rules(page))
    assert "第 " in rules and " 页 共 " in rules and "Page " in rules
    named = page.locator("body").evaluate("one => getComputedStyle(one).page")
    assert named == ("auto" if language == "zh" else "english")


def test_a_long_text_begins_on_the_page_it_stands_on_and_nobody_signs_an_empty_page(town: Town) -> None:
    page = town.enter("du", f"/tickets/{long_one(town)}/print/dispatch")
    short = town.enter("du", f"/tickets/{town.has('handling')}/print/dispatch")
    assert pages_of(short) == 1
    page.emulate_media(media="print")
    page.set_viewport_size({"width": WIDTH, "height": 900})
    height = page.locator(".sheet").evaluate("one => one.getBoundingClientRect().height / 96 * 25.4")
    assert pages_of(page) == ceil(height / ROOM), "no page is given away"
