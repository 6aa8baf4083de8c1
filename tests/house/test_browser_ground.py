"""The ground of the journeys: the browser opens pages, keeps pictures, and its complaints fail a test."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Flask

if TYPE_CHECKING:
    from playwright.sync_api import Page


def small_app() -> Flask:
    app = Flask(__name__)
    app.get("/")(lambda: "<!doctype html><title>热线</title><link rel=icon href='data:,'><h1>12345 政务热线</h1>")
    return app


def test_a_page_is_served_and_its_picture_kept(
    page: Page, serve: Callable[[Any], str], picture: Callable[[str], Path]
) -> None:
    page.goto(serve(small_app()))
    assert page.title() == "热线"
    assert picture("ground").stat().st_size > 1000


def test_the_browser_has_chinese_letters(page: Page) -> None:
    """Without a Chinese font every character has the same box, and pictures show nothing."""
    page.set_content("<span id=a style='font:40px sans-serif'>一</span><canvas id=c width=60 height=60></canvas>")
    drawn = """(letter) => { const c = document.getElementById('c').getContext('2d'); c.clearRect(0, 0, 60, 60);
      c.font = '40px sans-serif'; c.fillText(letter, 5, 45); return c.getImageData(0, 0, 60, 60).data.join() }"""
    assert page.evaluate(drawn, "热") != page.evaluate(drawn, "线")


def test_a_script_that_fails_is_noticed(browser: Any) -> None:
    from tests.support.windows import watch

    context = browser.new_context()
    opened = context.new_page()
    complaints = watch(opened)
    opened.set_content("<script>nobody.home()</script>")
    context.close()
    assert "nobody" in complaints[0]


def test_only_a_browser_that_stumbles_is_asked_again(request: Any, page: Page) -> None:
    """A test that fails for its own reasons fails at once; only the browser's own falls are played once more."""
    again = request.node.get_closest_marker("flaky").kwargs
    assert again["reruns"] == 1
    said = [
        "AssertionError: assert '不属实' == '属实'",
        "playwright._impl._errors.TimeoutError: Page.wait_for_url: Timeout 25000ms exceeded.",
        "playwright._impl._errors.Error: Page.goto: net::ERR_CONNECTION_REFUSED at http://127.0.0.1/desk",
    ]
    assert not [one for one in said for stumble in again["only_rerun"] if re.search(stumble, one)]
    fell = "playwright._impl._errors.Error: Page.goto: net::ERR_ABORTED at http://127.0.0.1/dispatch/"
    assert any(re.search(stumble, fell) for stumble in again["only_rerun"])
