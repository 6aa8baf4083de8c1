"""Many citizens, one matter: the list grows under the supervisor's eyes, and the warning comes once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select

from hotline.jobs.schedule import watch_hot
from models import Message, Ticket
from tests.support.town import PHONE, Town, go
from tests.support.windows import ready

WARNED = 2
"""The dispatchers and the supervisors, once each."""

WAYS = (
    "锦绣花园从早上开始停水，家里没有水用。",
    "我住锦绣花园，停水三个小时了，什么时候来水？",
    "锦绣花园停水没有通知，老人孩子没法做饭。",
    "锦绣花园二期停水，打物业电话没人接。",
    "锦绣花园整个小区停水，自来水公司说不知道。",
)


def calls(town: Town, first: int, last: int) -> None:
    """A call every two minutes, each followed by the minute clock and the workers, and three quiet minutes."""
    for number in range(first, last):
        town.life.ticket(phone=f"1380000{number:04}", words=WAYS[number % len(WAYS)])
        town.life.db.commit()
        pass_by(town, 2)
    pass_by(town, 3)


def pass_by(town: Town, minutes: int) -> None:
    town.life.clock.forward(minutes=minutes)
    watch_hot(town.installation, town.life.now)
    town.drain()


def everybody(town: Town) -> list[Ticket]:
    with town.installation.readings() as db:
        return list(db.scalars(select(Ticket)))


def warnings(town: Town) -> int:
    with town.installation.readings() as db:
        return db.scalar(select(func.count()).where(Message.template_key == "hot_matter")) or 0


@pytest.mark.parametrize("width", [1280, 1440])
def test_the_tickets_of_a_hot_spot_stand_in_view_with_all_their_columns(town: Town, width: int) -> None:
    """Beside the bars of its growth the table lost its last column at 1280."""
    calls(town, 0, 8)
    page = town.enter("班", "/hot")
    page.set_viewport_size({"width": width, "height": 800})
    page.locator(".hot-row a").first.click()
    page.wait_for_url("**/hot/**")
    box = page.locator("table").first.evaluate("one => [one.scrollWidth, one.parentElement.clientWidth]")
    assert box[0] <= box[1]


def test_twenty_calls_in_an_hour_are_one_line_that_grows_and_one_warning_for_each_of_two(
    town: Town, keep: Callable[..., Any]
) -> None:
    calls(town, 0, 4)
    du2 = town.enter("du2", "/hot")
    du2.get_by_text("现在没有多人同诉的事").wait_for()
    calls(town, 4, 8)
    du2.locator(".hot-row").wait_for()
    assert warnings(town) == WARNED
    go(du2, "/hot")
    calls(town, 8, 20)
    du2.wait_for_function("() => document.querySelector('.hot-numbers dd')?.textContent.trim() === '20'")
    row = du2.locator(".hot-row")
    said = row.inner_text()
    assert row.count() == 1 and "锦绣花园" in said and "还在增长" in said and "→" in said
    keep(du2, "hot-1-list")
    assert warnings(town) == WARNED
    go(du2, "/notices")
    assert du2.locator("main").get_by_text("热点预警").count() == 1
    keep(du2, "hot-2-one-warning")


def test_the_dispatcher_puts_the_callers_together_and_everybody_keeps_their_own_ticket(
    town: Town, keep: Callable[..., Any]
) -> None:
    calls(town, 0, 6)
    du = town.enter("du", "/hot")
    du.locator(".hot-row a").first.click()
    du.locator("#f-master").wait_for()
    keep(du, "hot-3-matter")
    du.locator("[data-pick-all]").check()
    du.get_by_role("button", name="把勾选的并进去").click()
    with du.expect_navigation():
        du.locator("dialog[open]").get_by_role("button").last.click()
    du.get_by_text("5 张工单已并入").wait_for()
    master, *others = sorted(everybody(town), key=lambda ticket: ticket.state == "merged")
    assert (
        master.state == "to_dispatch"
        and [(own.state, own.merged_into_id) for own in others] == [("merged", master.id)] * 5
    )
    assert len({own.number for own in (master, *others)}) == 6


def test_the_list_fits_a_phone(town: Town, keep: Callable[..., Any]) -> None:
    calls(town, 0, 6)
    du2 = town.enter("du2", "/hot", PHONE)
    du2.locator(".hot-row").wait_for()
    keep(du2, "phone-size-hot")
    assert du2.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_dispatcher_merges_the_same_matter_with_one_key(town: Town, keep: Callable[..., Any]) -> None:
    first = town.life.ticket(phone="13800000001", words=WAYS[0])
    second = town.life.ticket(phone="13800000002", words=WAYS[0])
    town.life.db.commit()
    town.drain()
    du = town.enter("du", f"/dispatch/{second.number}")
    du.get_by_text("可能是同一件事").wait_for()
    keep(du, "hot-4-same-matter")
    ready(du)
    with du.expect_navigation():
        du.keyboard.press("Alt+i")
    merged = town.ticket(second.number)
    assert (merged.state, merged.merged_into_id) == ("merged", first.id)


def test_an_agent_takes_in_a_second_caller_and_merges_with_one_key(town: Town) -> None:
    town.life.staff["an"].on_duty = True
    master = town.life.ticket(phone="13800000001", words=WAYS[0])
    town.life.db.commit()
    an = town.enter("an", "/desk")
    an.locator("#f-phone").fill("13800000002")
    an.locator("#f-body").press_sequentially(WAYS[0])
    an.locator("#likely").wait_for()
    assert "内容几乎相同" in an.locator("#likely").inner_text()
    ready(an)
    with an.expect_navigation():
        an.keyboard.press("Alt+i")
    an.get_by_text("已受理并合并", exact=True).wait_for()
    assert (town.count(), town.ticket().state, town.ticket().merged_into_id) == (2, "merged", master.id)
