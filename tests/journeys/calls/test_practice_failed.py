"""The practice room on a telephone and in the dark: a call that was lost, an examination that was not passed, and eyes that look on."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from models import Message, PracticeExam, Ticket
from tests.support.town import PHONE, Town
from tests.support.windows import ready

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
DESK_WIDE = {"width": 1440, "height": 900}


def _seen(page: Page, keep: Callable[..., Any], name: str) -> None:
    """In both sizes, by day and by night, and nothing reaches beyond the window."""
    for size in (DESK_WIDE, PHONE):
        page.set_viewport_size(size)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            keep(page, f"{name}-{size['width']}-{scheme}")
        assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(DESK_WIDE)


def _hangs_up(an: Page) -> None:
    with an.expect_navigation():
        an.get_by_role("button", name="不留记录，结束通话").click()
    ready(an)


def test_danger_that_is_hung_up_on_fails_the_call_and_the_examination(town: Town, keep: Callable[..., Any]) -> None:
    an = town.enter("an", "/practice")
    an.select_option("#f-script", "gas-smell")
    with an.expect_navigation():
        an.get_by_role("button", name="接这一通").click()
    ready(an)
    _hangs_up(an)
    assert an.locator(".practice-score.is-bad").count() == 1
    _seen(an, keep, "practice-lost")
    an.goto(an.url.split("/practice/")[0] + "/practice")
    ready(an)
    an.locator(".practice-exam", has_text="紧急来电专项考试").get_by_role("button", name="开始考试").click()
    with an.expect_navigation():
        an.locator("dialog[open]").get_by_role("button", name="开始", exact=True).click()
    ready(an)
    for _n in range(6):
        with an.expect_navigation():
            an.keyboard.press("Alt+a")
        ready(an)
        _hangs_up(an)
    with an.expect_navigation():
        an.get_by_role("button", name="交卷").click()
    ready(an)
    assert an.locator(".practice-score.is-bad").count() == 1
    assert an.get_by_role("link", name="打印合格证").count() == 0
    _seen(an, keep, "practice-failed")
    with town.installation.sessions() as db:
        exam = db.scalars(select(PracticeExam)).one()
        assert (exam.passed, exam.number) == (False, None)
        assert [db.scalar(select(func.count()).select_from(table)) for table in (Ticket, Message)] == [0, 0]
