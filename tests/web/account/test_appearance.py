"""Light, dark or as the system: the choice follows the account, and the browser before signing in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from hotline.web.core.appearance import COOKIE, DARK_SHEET
from models import Staff
from tests.support.life import Life

Browse = Callable[[Any], FlaskClient]


def dark_sheet(client: FlaskClient, path: str = "/account") -> str:
    """When the dark palette counts on this page; empty when it never does."""
    page = client.get(path).get_data(as_text=True)
    links = [line for line in page.splitlines() if "data-dark" in line]
    return links[0].split('media="')[1].split('"')[0] if links else ""


@pytest.mark.parametrize("code", ["light", "dark", "system"])
def test_the_choice_follows_the_person_to_another_machine(browse: Browse, life: Life, code: str) -> None:
    life.db.commit()
    here, elsewhere = browse(life.people["an"]), browse(life.people["an"])
    assert here.post("/appearance", data={"code": code, "next": "/account"}).location == "/account"
    assert dark_sheet(here) == dark_sheet(elsewhere) == DARK_SHEET.get(code, "")
    assert life.db.scalars(select(Staff.appearance).where(Staff.login == "an")).one() == code


def test_before_signing_in_the_browser_remembers(app: Flask, life: Life) -> None:
    browser = app.test_client()
    assert dark_sheet(browser, "/login") == DARK_SHEET["system"]
    browser.post("/appearance", data={"code": "dark", "next": "/login"})
    assert dark_sheet(browser, "/login") == dark_sheet(browser, "/c") == DARK_SHEET["dark"]


@pytest.mark.parametrize("code", ["", "purple", "dark'><script>"])
def test_what_is_no_choice_is_the_systems(browse: Browse, life: Life, code: str) -> None:
    life.db.commit()
    client = browse(life.people["an"])
    client.post("/appearance", data={"code": code})
    client.set_cookie(COOKIE, code)
    assert dark_sheet(client) == DARK_SHEET["system"]


def test_paper_is_never_dark() -> None:
    assert all(media.startswith("screen") for media in DARK_SHEET.values())
