"""Somebody's first minutes: a language they read, an account at one press, a complaint that goes once it is mended."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from hotline.staff.sign_in.passwords import DEMO_PASSWORD, hasher
from models import Staff
from tests.support.town import DESK, PHONE, Town, go
from tests.support.windows import ready


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_a_demo_account_is_entered_by_one_press_in_either_language(
    town: Town, keep: Callable[..., Any], size: dict[str, int]
) -> None:
    """Found at the desks: X6."""
    with town.installation.sessions() as db:
        an = db.scalars(select(Staff).where(Staff.login == "an")).one()
        an.login, an.password_hash, an.demo = "demo-agent", hasher.hash(DEMO_PASSWORD), True
        db.commit()
    page = town.window(size)
    go(page, "/login")
    page.get_by_role("button", name="EN", exact=True).click()
    page.get_by_role("button", name="Log in").wait_for()
    page.get_by_role("button", name="demo-agent").click()
    keep(page, f"newcomer-login-{size['width']}")
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk")
    ready(page)
    page.get_by_role("button", name="Submit").first.wait_for()


def test_an_installation_in_earnest_shows_no_account_and_no_password(town: Town) -> None:
    town.installation.settings = replace(town.installation.settings, demo=False)
    page = town.window()
    go(page, "/login")
    assert DEMO_PASSWORD not in page.content()


def test_staff_find_their_door_on_the_citizens_page(town: Town) -> None:
    page = town.window(PHONE)
    go(page, "/")
    page.get_by_role("link", name="工作人员登录").tap()
    page.wait_for_url("**/login")


def test_a_complaint_goes_away_while_its_field_is_mended(town: Town, keep: Callable[..., Any]) -> None:
    number = town.has("handling")
    he = town.enter("he", f"/tickets/{number}/do/interim")
    he.keyboard.press("Alt+s")
    wrong = he.locator("#act .has-error")
    wrong.first.wait_for()
    keep(he, "newcomer-complaint-1")
    wrong.first.locator("textarea, input").first.fill("已派人到现场查看。")
    he.wait_for_function("() => !document.querySelector('#act .has-error')")
    assert not he.locator("#act .field-error").first.is_visible()
    keep(he, "newcomer-complaint-2")
