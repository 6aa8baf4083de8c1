"""Those who watch: late tickets, third rounds, petitions, an instruction from above, and lists for discipline and media."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from hotline.jobs.schedule import ring as ring_clock
from tests.support.desks.ringing import ring
from tests.support.town import DESK, PHONE, Town, press


def test_a_late_ticket_is_seen_and_under_supervision(town: Town, keep: Callable[..., Any]) -> None:
    number = town.has("handling")
    town.life.clock.at += timedelta(days=40)
    ring_clock(town.installation, town.life.clock.now())
    town.drain()
    du2 = town.enter("du2", "/supervision/")
    assert number in du2.locator("main").inner_text()
    assert town.ticket(number).supervised, "the red card asks nobody"
    keep(du2, "supervision-1-late")


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize(("login", "path"), [("du2", "/supervision/"), ("班", "/desk")])
def test_the_lists_of_the_telephone_open_inside_the_screen(town: Town, login: str, path: str, width: int) -> None:
    """On a telephone who is on duty and who was missed hung out over the right edge."""
    for n in range(5):
        ring(town.life, f"1390000567{n}", f"CA{n}").state = "ringing" if n else "missed"
    town.life.db.commit()
    page = town.enter(login, path)
    page.set_viewport_size({"width": width, "height": 844})
    for listed in page.locator("details.calls-missed").all():
        listed.locator("summary").click()
        box = listed.locator("ul").bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= width


def test_an_overdue_ticket_is_urged_with_two_keys(town: Town, keep: Callable[..., Any]) -> None:
    """The list opens on what is overdue: 1 opens the ready form for the first row, Alt+S sends it. Found at the desks: U12."""
    number = town.has("handling")
    town.life.clock.at += timedelta(days=9)
    du2 = town.enter("du2", "/supervision/")
    du2.locator(f"#row-{number}").wait_for()
    du2.keyboard.press("1")
    du2.wait_for_url("**/search/bulk**")
    du2.wait_for_timeout(700)  # a key acts only on what has stood on the screen
    du2.keyboard.press("Alt+s")
    du2.wait_for_url("**/supervision/**")
    assert "已催办" in du2.locator(f"#row-{number}").inner_text()
    keep(du2, "supervision-3-urged")
    assert "请立即联系市民" in town.enter("he", f"/tickets/{number}").locator("#demands").inner_text()


@pytest.mark.parametrize("path", ["/search/?state=handling", "/overview/open?state=handling"])
def test_a_ticket_behind_a_figure_or_a_search_is_urged_with_two_keys(
    town: Town, keep: Callable[..., Any], path: str
) -> None:
    """The same 1 and Alt+S as on the supervision desk, and back to the list it was seen in."""
    number = town.has("handling")
    town.life.clock.at += timedelta(days=9)
    du2 = town.enter("du2", path)
    keep(du2, f"acts-in-{path[1:7]}")
    du2.keyboard.press("1")
    du2.wait_for_url("**/search/bulk**")
    du2.wait_for_timeout(700)  # a key acts only on what has stood on the screen
    du2.keyboard.press("Alt+s")
    du2.wait_for_url(f"**{path.partition('?')[0].rstrip('/')}**state=handling**")
    assert "请立即联系市民" in town.enter("he", f"/tickets/{number}").locator("#demands").inner_text()


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_a_press_on_a_head_sorts_the_list_and_a_second_one_turns_it(
    town: Town, keep: Callable[..., Any], size: dict[str, int]
) -> None:
    first, second = town.has("handling"), town.has("handling")
    town.life.clock.at += timedelta(days=40)
    ring_clock(town.installation, town.life.clock.now())
    du2 = town.enter("du2", "/supervision/?tab=late", size)

    def press_head() -> list[str]:
        with du2.expect_navigation():
            du2.get_by_role("link", name="受理时间").click()
        return du2.locator(".ticket-number").all_inner_texts()

    assert press_head() == [first, second]
    assert press_head() == [second, first]
    keep(du2, f"supervision-sorted-{size['width']}")
    assert du2.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_a_reviewer_asks_for_supervision_and_the_supervisor_grants_it(town: Town) -> None:
    number = town.has("handling")
    ren = town.enter("ren", f"/tickets/{number}/petitions/supervision")
    ren.locator("main textarea").first.fill("涉及多户，请介入督办。")
    press(ren, "申请督办", inside="#act")
    du2 = town.enter("du2", "/supervision/?tab=petitions")
    assert "涉及多户" in du2.locator("main").inner_text()
    press(du2, "同意", inside="main", exact=True)
    assert town.ticket(number).supervised


def test_a_city_leader_writes_an_instruction_that_the_unit_reads(town: Town) -> None:
    number = town.has("handling")
    shi = town.enter("shi", "/supervision/?tab=instructions")
    shi.locator("#f-number").fill(number)
    shi.locator("#f-text").fill("请本周内办结并向市民说明。")
    press(shi, "发出批示")
    assert "请本周内办结并向市民说明。" in shi.locator("main").inner_text()
    assert "请本周内办结并向市民说明。" in town.enter("he", f"/tickets/{number}").locator("#story").inner_text()


def test_an_instruction_for_a_ticket_that_does_not_exist_keeps_its_words(town: Town) -> None:
    shi = town.enter("shi", "/supervision/?tab=instructions")
    shi.locator("#f-number").fill("260304999999")
    shi.locator("#f-text").fill("请本周内办结。")
    press(shi, "发出批示")
    assert shi.locator("#f-text").input_value() == "请本周内办结。"
    assert "260304999999" in shi.locator("main").inner_text()


def test_a_third_round_and_a_send_back_after_closing(town: Town) -> None:
    number = town.has("closed")
    du2 = town.enter("du2", f"/tickets/{number}/do/redo")
    du2.locator("#act input[type=checkbox]").first.check()
    du2.locator("#f-note").fill("抽查发现路灯仍不亮。")
    press(du2, "退回重办", inside="#act")
    assert (town.ticket(number).state, town.ticket(number).round) == ("to_sign", 2)


def test_discipline_and_media_have_desks_of_their_own(town: Town) -> None:
    for login in ("ji", "mei", "tou", "shi", "班"):
        page = town.enter(login, "/supervision/")
        assert page.locator("main h1, header h1").first.inner_text() == "督办台"
