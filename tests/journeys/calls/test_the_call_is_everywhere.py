"""The call follows the agent from page to page (L2, L3), and two people on one ticket know of each other (L8)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select, update

from models import Call, LoginSession, Staff
from tests.support.make import PASSWORD
from tests.support.town import PHONE, Town, go, ready

SID = "CA" + "7" * 32


def on_duty(town: Town) -> None:
    with town.installation.sessions() as db:
        db.scalars(select(Staff).where(Staff.login == "an")).one().on_duty = True
        db.commit()


def state(town: Town) -> str:
    with town.installation.readings() as db:
        return db.scalars(select(Call.state)).one()


def test_a_ring_is_answered_from_any_page_and_the_call_stays_in_sight(town: Town, keep: Callable[..., Any]) -> None:
    on_duty(town)
    an = town.enter("an", "/search")
    assert "☎" not in an.title()
    town.knock(town.phone().call(SID))
    an.wait_for_function("() => document.title.startsWith('☎')")
    an.locator(".call-bar [data-key='alt+a']").wait_for()
    keep(an, "call-1-rings-on-search")
    an.wait_for_function("() => !('unseen' in document.documentElement.dataset)")
    an.keyboard.press("Alt+a")
    an.wait_for_url("**/desk?call=*")
    ready(an)
    assert state(town) == "answered"
    go(an, "/search")
    an.locator(".call-bar .call-time").wait_for()
    before = an.locator(".call-time").inner_text()
    an.wait_for_function("was => document.querySelector('.call-time').textContent !== was", arg=before)
    keep(an, "call-2-runs-on-search")
    an.keyboard.press("Alt+6")
    an.locator("#line-110[open]").wait_for()
    keep(an, "call-3-110-on-search")
    an.keyboard.press("Escape")
    an.set_viewport_size(PHONE)
    keep(an, "call-4-phone")
    an.wait_for_function("() => !('unseen' in document.documentElement.dataset)")
    an.keyboard.press("Alt+g")
    an.locator(".call-bar[hidden]").wait_for(state="attached")
    assert state(town) == "ended"


def talking(town: Town) -> Any:
    """An agent on the phone, on a page that is no desk."""
    on_duty(town)
    an = town.enter("an", "/search")
    town.knock(town.phone().call(SID))
    an.locator(".call-bar [data-key='alt+a']").wait_for()
    ready(an)
    an.keyboard.press("Alt+a")
    an.wait_for_url("**/desk?call=*")
    go(an, "/search")
    return an


def test_a_hang_up_that_fails_is_tried_again_by_itself(town: Town) -> None:
    an = talking(town)
    refused = iter([503, 503])
    an.route("**/end*", lambda route: route.fulfill(status=code) if (code := next(refused, 0)) else route.continue_())
    an.keyboard.press("Alt+g")
    an.locator(".toast-one", has_text="还没有挂断").wait_for()
    an.locator(".call-bar[hidden]").wait_for(state="attached")
    assert state(town) == "ended"


def test_a_hang_up_that_stays_undone_is_told_and_its_key_works_again(town: Town) -> None:
    an = talking(town)
    an.route("**/end*", lambda route: route.abort())
    an.keyboard.press("Alt+g")
    an.locator(".toast-one.toast-bad", has_text="没有挂断").wait_for()
    assert state(town) == "answered"
    an.unroute_all()
    town.complaints.clear()
    an.keyboard.press("Alt+g")
    an.locator(".call-bar[hidden]").wait_for(state="attached")
    assert state(town) == "ended"


def new_session(an: Any) -> None:
    """Signs in again in another window of the same browser: the forms of the first page are of a session that is over."""
    other = an.context.new_page()
    other.goto("/login")
    other.locator("#f-login").fill("an")
    other.locator("#f-password").fill(PASSWORD)
    other.locator("#f-password").press("Enter")
    other.wait_for_url(lambda url: "/login" not in url)
    other.close()


def end_sessions(town: Town) -> None:
    with town.installation.sessions() as db:
        db.execute(update(LoginSession).values(ended_at=town.installation.clock.now()))
        db.commit()


def test_a_hang_up_with_the_token_of_another_session_renews_it_and_hangs_up(town: Town) -> None:
    an = talking(town)
    end_sessions(town)
    new_session(an)
    town.complaints.clear()
    an.keyboard.press("Alt+g")
    an.locator(".call-bar[hidden]").wait_for(state="attached")
    assert state(town) == "ended"


@pytest.mark.parametrize("locked", [False, True], ids=["pressed first", "pressed on the locked page"])
def test_a_hang_up_after_the_session_waits_for_the_sign_in_and_is_done_then(
    town: Town, keep: Callable[..., Any], locked: bool
) -> None:
    an = talking(town)
    end_sessions(town)
    if locked:
        an.locator("#dialog-expired[open]").wait_for()
    an.keyboard.press("Alt+g")
    an.locator("#dialog-expired[open]").wait_for()
    keep(an, "call-5-session-over")
    assert an.locator(".call-bar .call-mine").is_visible() and state(town) == "answered"
    new_session(an)
    an.locator(".call-bar[hidden]").wait_for(state="attached")
    town.complaints.clear()
    assert state(town) == "ended"


@pytest.mark.parametrize("when", ["readystatechange", "DOMContentLoaded"], ids=["before scripts", "before eyes"])
def test_a_key_that_comes_too_soon_is_told_and_works_when_pressed_again(town: Town, when: str) -> None:
    an = talking(town)
    key = "new KeyboardEvent('keydown', {key: 'g', code: 'KeyG', altKey: true, bubbles: true, cancelable: true})"
    later = "setTimeout(press, 50)" if when == "DOMContentLoaded" else "press()"
    an.context.add_init_script(
        f"document.addEventListener('{when}', () => {{ const press = () => document.body.dispatchEvent({key}); {later}; }}, {{once: true}})"
    )
    an.goto("/search")
    an.locator(".toast-one", has_text="刚才的按键没有起作用").wait_for()
    assert state(town) == "answered"
    ready(an)
    an.keyboard.press("Alt+g")
    an.locator(".call-bar[hidden]").wait_for(state="attached")
    assert state(town) == "ended"


def test_two_people_on_one_ticket_see_each_other(town: Town, keep: Callable[..., Any]) -> None:
    number = town.has("to_dispatch")
    town.enter("du", f"/tickets/{number}")
    tou = town.enter("tou", f"/tickets/{number}")
    tou.locator("#onlookers .tag", has_text="du").wait_for()
    keep(tou, "looks-1")
