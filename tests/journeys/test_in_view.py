"""What is needed most is in view and under a key: the dispatcher's moves, the self-check, the answer before the faces."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.support.town import PHONE, Town, go
from tests.support.windows import ready

LAPTOPS = [{"width": 1440, "height": 900}, {"width": 1280, "height": 720}]


def below(page: Any, place: str) -> float:
    """Where the lower edge of the first of these stands in the window."""
    box = page.locator(place).first.bounding_box()
    assert box, place
    return float(box["y"] + box["height"])


@pytest.mark.parametrize("size", LAPTOPS, ids=["1440x900", "1280x720"])
def test_every_move_of_the_dispatcher_is_in_view_and_has_its_key(
    town: Town, keep: Callable[..., Any], size: dict[str, int]
) -> None:
    """Found at the desks: U5."""
    number = town.has("to_dispatch")
    du = town.enter("du", f"/dispatch/{number}", size)
    keep(du, f"dispatch-moves-{size['width']}")
    assert below(du, ".panel-more") <= size["height"]
    keys = du.locator(".panel-more a").evaluate_all("all => all.map(one => one.dataset.key)")
    assert all(keys) and len(set(keys)) == len(keys)
    asks = du.locator(".panel-more a", has_text="请市民补充")
    du.keyboard.press("Escape")
    with du.expect_navigation():
        du.keyboard.press(str(asks.get_attribute("data-key")))
    assert "/do/ask_more" in du.url


@pytest.mark.parametrize("dangers", [1, 3])
def test_the_button_stays_in_view_below_the_red_bar(town: Town, keep: Callable[..., Any], dangers: int) -> None:
    for n in range(dangers):
        town.life.ticket(phone=f"1380000777{n}", words="有人站在中华路大桥栏杆外面要往下跳，快来人")
    number = town.has("to_dispatch")
    du = town.enter("du", f"/dispatch/{number}")
    assert du.locator(".alarm").count() == dangers
    keep(du, f"dispatch-below-{dangers}-alarms")
    box = du.get_by_role("button", name="派单，下一张").bounding_box()
    assert box and box["y"] + box["height"] <= 900
    ren = town.enter("ren", f"/review/{town.has('to_review')}")
    box = ren.locator("[data-pass]").bounding_box()
    assert box and box["y"] + box["height"] <= 900


@pytest.mark.parametrize("size", LAPTOPS, ids=["1440x900", "1280x720"])
def test_the_button_stays_in_view_however_many_told_the_same(
    town: Town, keep: Callable[..., Any], size: dict[str, int]
) -> None:
    """One of those that may be the same is shown, the others behind one line; a red bar takes its room as well."""
    town.life.ticket(phone="13800007770", words="有人站在中华路大桥栏杆外面要往下跳，快来人")
    for n in range(5):
        number = town.life.ticket(
            phone=f"1380000888{n}", words=f"锦绣花园小区3号楼电梯停了{n + 2}天，老人下不了楼"
        ).number
    town.life.db.commit()
    town.drain()
    du = town.enter("du", f"/dispatch/{number}", size)
    keep(du, f"dispatch-alike-{size['width']}")
    assert du.get_by_text("张可能相同").count() == 1
    box = du.get_by_role("button", name="派单，下一张").bounding_box()
    assert box and box["y"] + box["height"] <= size["height"]
    du.get_by_text("张可能相同").click()
    assert du.locator("details .panel-lines li").count() >= 2


def test_the_meeting_is_called_and_kept_from_the_dispute_by_keys(town: Town, keep: Callable[..., Any]) -> None:
    """Found at the desks: U11."""
    number = town.has("in_dispute")
    town.act(number, "du", "ask_views")
    town.act(number, "chang", "state_view", text="灯杆归建设单位，尚未移交")
    du = town.enter("du", f"/dispatch/{number}?tab=dispute")
    assert "灯杆归建设单位" in du.locator("main").inner_text()
    keep(du, "dispute-views")
    minutes = du.locator(".panel-more a", has_text="会商纪要")
    du.keyboard.press("Escape")
    with du.expect_navigation():
        du.keyboard.press(str(minutes.get_attribute("data-key")))
    assert "/do/keep_minutes" in du.url


def test_the_self_check_stays_beside_the_reply_while_it_is_written_and_choices_are_digits(town: Town) -> None:
    """Found at the desks: U2."""
    number = town.has("handling")
    he = town.enter("he", f"/tickets/{number}/do/reply")
    he.keyboard.press("Escape")
    he.keyboard.press("1")
    assert he.locator("#reply-form fieldset").first.locator("input:checked").count() == 1
    for field in ("#f-facts", "#f-public_answer"):
        he.locator(field).scroll_into_view_if_needed()
        he.locator(field).focus()
        box = he.locator("#check").bounding_box()
        assert box and 0 <= box["y"] < 900, field


def test_a_citizen_reads_the_answer_before_the_faces(town: Town) -> None:
    """Found at the desks: X12."""
    town.has("to_follow_up")
    page = town.window(PHONE)
    go(page, next(path for path in reversed(town.links_to()) if path.startswith("/s/")))
    ready(page)
    answer = page.get_by_text("现已恢复照明")
    assert answer.is_visible()
    assert below(page, "details.what-answered") <= float(page.locator(".taps").bounding_box()["y"])  # type: ignore[index]


def test_the_dot_before_a_reason_stands_clear_of_its_words(town: Town, keep: Callable[..., Any]) -> None:
    agent = town.enter("an", "/desk", LAPTOPS[0])
    ready(agent)
    agent.fill("#f-body", "文峰区东关街道路灯坏了好几天，晚上看不见路")
    agent.wait_for_selector(".side-reasons li")
    keep(agent, "desk-reasons")
    gap = agent.locator(".side-reasons li").first.evaluate(
        "li => { const dot = getComputedStyle(li, '::before');"
        " return parseFloat(getComputedStyle(li).paddingLeft) - parseFloat(dot.left) - parseFloat(dot.width); }"
    )
    assert gap >= 4
