"""The call follows the agent from page to page (L2, L3), and two people on one ticket know of each other (L8)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from models import Call, Staff
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


def test_two_people_on_one_ticket_see_each_other(town: Town, keep: Callable[..., Any]) -> None:
    number = town.has("to_dispatch")
    town.enter("du", f"/tickets/{number}")
    tou = town.enter("tou", f"/tickets/{number}")
    tou.locator("#onlookers .tag", has_text="du").wait_for()
    keep(tou, "looks-1")
