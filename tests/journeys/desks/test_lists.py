"""Lists beside work in progress: they are ordered and turned without touching what is being written."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tests.support.town import Town

if TYPE_CHECKING:
    from playwright.sync_api import Page


def numbers(window: Page) -> list[str]:
    return window.locator("#today .ticket-number").all_inner_texts()


def test_the_days_tickets_are_ordered_and_turned_while_the_form_keeps_its_words(town: Town) -> None:
    made = [town.life.ticket(phone=f"1380000{n:04}") for n in range(10)]
    for n, one in enumerate(made):
        one.due_at = town.life.now + timedelta(hours=n * 7 % 10 + 1)
    town.life.db.commit()
    wanted = [one.number for one in sorted(made, key=lambda one: str(one.due_at))]
    an = town.enter("an", "/desk")
    an.fill("#f-body", "小区门口的井盖松了")
    an.locator("#today").get_by_role("link", name="期限").click()
    an.wait_for_url("**/desk?sort=due")
    assert numbers(an) == wanted[:8]
    an.locator("#today").get_by_role("link", name="下一页").click()
    an.wait_for_url("**/desk?sort=due&after=*")
    assert numbers(an) == wanted[8:] and an.input_value("#f-body") == "小区门口的井盖松了"
    an.locator("#today .ticket-link").first.click()
    an.wait_for_url("**/tickets/*")
    an.go_back()
    an.wait_for_url("**/desk?sort=due&after=*")
    assert numbers(an) == wanted[8:]


def test_the_dispatchers_queue_keeps_its_order_from_ticket_to_ticket(town: Town) -> None:
    made = [town.life.ticket(phone=f"1380000{n:04}") for n in range(4)]
    for n, one in enumerate(made):
        one.created_at, one.due_at = (
            town.life.now - timedelta(minutes=n * 3 % 4 + 1),
            town.life.now + timedelta(hours=n + 1),
        )
    town.life.db.commit()
    newest = [one.number for one in sorted(made, key=lambda one: one.created_at, reverse=True)]
    du = town.enter("du", "/dispatch/")
    du.get_by_role("link", name="新受理的在前").click()
    du.wait_for_url("**/dispatch/?sort=-created")
    assert du.locator("#queue .ticket-number").all_inner_texts() == newest
    du.locator(f"#row-{newest[1]} .ticket-link").click()
    du.wait_for_url(f"**/dispatch/{newest[1]}?*sort=-created")
    du.keyboard.press("Alt+n")
    du.wait_for_url(f"**/dispatch/{newest[2]}?*sort=-created")
    du.locator(f"#row-{newest[2]}.is-open").wait_for()
    town.life.ticket(phone="13800000099").created_at = town.life.now - timedelta(hours=1)
    town.life.db.commit()
    du.locator("#queue .ticket-number").nth(4).wait_for()
    assert du.locator("#queue .ticket-number").all_inner_texts()[:4] == newest
