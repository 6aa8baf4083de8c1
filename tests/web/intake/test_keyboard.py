"""An agent in her seventh hour never reaches for the mouse: a whole call by keyboard, in a real browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from hotline.installation import Installation
from hotline.web.core import sessions
from models import Call, Staff, Ticket
from tests.support.life import Life
from tests.support.windows import ready

if TYPE_CHECKING:
    from playwright.sync_api import Page


@pytest.fixture
def desk(page: Page, app: Any, life: Life, installation: Installation, serve: Callable[[Any], str]) -> Iterator[Page]:
    life.staff["an"].on_duty = True
    life.ticket(phone="13800001234")
    life.db.add(
        Call(
            provider="twilio",
            provider_id="CA1",
            from_phone="13800001234",
            to_phone="12345",
            state="ringing",
            started_at=life.now,
        )
    )
    with installation.sessions() as db:
        life.db.commit()
        secret = sessions.begin(
            db, db.get_one(Staff, life.staff["an"].id), installation.clock.now(), "127.0.0.1", "test"
        )
        db.commit()
    url = serve(app)
    page.context.add_cookies([{"name": sessions.COOKIE, "value": secret, "url": url}])
    page.goto(f"{url}/desk")
    ready(page)
    yield page
    app.extensions["watcher"].stop()


def test_a_call_is_answered_written_down_and_submitted_by_keyboard(
    desk: Page, installation: Installation, picture: Callable[[str], Path]
) -> None:
    desk.keyboard.press("Alt+a")
    desk.wait_for_url("**/desk?call=*")
    desk.wait_for_function("document.activeElement.id === 'f-body'")
    desk.keyboard.type("文峰区东风路路灯不亮已经三天了")
    desk.locator(".ranked-one").first.wait_for()
    picture("agent-desk-proposal")
    desk.keyboard.press("Alt+1")
    desk.wait_for_function("document.getElementById('f-category').value !== ''")
    desk.keyboard.press("Alt+s")
    desk.locator("#done").wait_for()
    picture("agent-desk-done")
    with installation.readings() as db:
        newest = db.scalars(select(Ticket).order_by(Ticket.id.desc()).limit(1)).one()
    assert newest.number in desk.locator("#done").inner_text()
    assert (newest.state, newest.contact_phone, newest.category_code is not None) == (
        "to_dispatch",
        "13800001234",
        True,
    )
    assert desk.evaluate("document.documentElement.scrollWidth") <= 1440


def test_enter_goes_to_the_next_field_and_submits_nothing(desk: Page, installation: Installation) -> None:
    desk.keyboard.press("Alt+p")
    desk.keyboard.type("13900001111")
    desk.keyboard.press("Enter")
    assert desk.evaluate("document.activeElement.id") == "f-name"
    with installation.readings() as db:
        assert len(db.scalars(select(Ticket.id)).all()) == 1
    desk.wait_for_timeout(900)  # lets the last proposal arrive before the window closes


def test_the_direct_answer_key_asks_for_the_answer_first(desk: Page) -> None:
    desk.keyboard.press("Alt+b")
    desk.keyboard.type("请问医保缴费截止到哪天")
    desk.keyboard.press("Alt+d")
    assert desk.evaluate("document.activeElement.id") == "f-answer"
    desk.keyboard.type("截止到十二月三十一日。")
    desk.keyboard.press("Alt+d")
    desk.locator("#done").wait_for()
    assert "直接答复" in desk.locator("#done").inner_text()


def test_the_caller_urges_by_one_key(desk: Page, installation: Installation) -> None:
    desk.keyboard.press("Alt+a")
    desk.wait_for_url("**/desk?call=*")
    ready(desk)
    desk.keyboard.press("Alt+u")
    desk.locator("#done").wait_for()
    with installation.readings() as db:
        assert db.scalars(select(Ticket.urges)).one() == 1
