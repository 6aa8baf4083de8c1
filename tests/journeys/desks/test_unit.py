"""A unit's day: sign, first contact, interim word, hand to a sub-unit, agree a day, ask for time, reply with a photograph."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from models import Deadline, Ticket
from tests.support.town import PHONE, Town, choose, go, press
from tests.support.windows import ready


def photograph(folder: Path) -> Path:
    """A real, tiny PNG."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    path = folder / "灯杆.png"
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0))
        + chunk(b"IDAT", zlib.compress(b"\x00\xff\x00\x00"))
        + chunk(b"IEND", b"")
    )
    return path


def test_several_tickets_are_signed_at_once(town: Town, keep: Callable[..., Any]) -> None:
    numbers = [town.has("to_sign") for _ in range(3)]
    he = town.enter("he", "/unit?tab=sign")
    keep(he, "unit-1-desk")
    he.locator("[data-pick-all]").check()
    assert he.locator("[data-bulk-count]").inner_text() == "3"
    press(he, "签收选中的工单")
    assert {town.ticket(number).state for number in numbers} == {"handling"}


def test_a_reply_goes_in_with_its_photograph(town: Town, keep: Callable[..., Any], tmp_path: Path) -> None:
    number = town.has("handling")
    he = town.enter("he", f"/tickets/{number}/do/reply")
    choose(he, "truth", "true")
    choose(he, "contacted", "no")
    he.locator("#f-no_contact_reason").fill("市民未留电话。")
    he.locator("#f-facts").fill("现场核查，灯杆线路断开。")
    he.locator("#f-measures").fill("当晚更换线路。")
    choose(he, "outcome", "partly")
    he.locator("#f-outcome_reason").fill("另一盏灯的配件下周到。")
    he.locator("#act #f-files").set_input_files(photograph(tmp_path))
    he.locator("#act [data-files] a", has_text="灯杆.png").wait_for()
    he.locator("#f-public_answer").fill("路灯线路已更换，另一盏灯下周修复。")
    he.locator("#f-helpers_note").fill("协办单位已电话确认断电配合。")
    he.locator("#f-handler").fill("何建国")
    keep(he, "unit-2-reply")
    he.keyboard.press("Alt+s")
    he.wait_for_url(lambda url: "/do/" not in url)
    assert town.ticket(number).state == "to_review"
    assert "灯杆.png" in he.locator("main").inner_text()


def test_a_reply_that_names_a_phone_number_is_refused_and_kept(town: Town) -> None:
    number = town.has("handling")
    he = town.enter("he", f"/tickets/{number}/do/reply")
    choose(he, "truth", "true")
    choose(he, "contacted", "no")
    he.locator("#f-no_contact_reason").fill("未留电话")
    he.locator("#f-facts").fill("现场核查属实，详细经过如下。")
    he.locator("#f-measures").fill("已更换。")
    choose(he, "outcome", "solved")
    he.locator("#f-public_answer").fill("已修好，有事请打 13912345678。")
    he.locator("#f-handler").fill("何建国")
    he.get_by_role("button", name="提交答复").click()
    he.get_by_text("给市民看的文字里有个人信息").first.wait_for()
    assert he.locator("#f-facts").input_value() == "现场核查属实，详细经过如下。"
    assert town.ticket(number).state == "handling"


def test_first_contact_interim_word_and_an_agreed_day(town: Town) -> None:
    number = town.has("handling")
    he = town.enter("he", f"/tickets/{number}/do/contact")
    choose(he, "reached", "yes")
    choose(he, "how", "phone")
    he.locator("#f-note").fill("已与市民通话，约定明天到现场。")
    press(he, "先行联系")
    go(he, f"/tickets/{number}/do/interim")
    he.locator("#f-answer").fill("已到现场查看，正在备料。")
    press(he, "阶段反馈")
    go(he, f"/tickets/{number}/do/wait")
    he.locator("#f-until").fill("2026-03-10")
    he.locator("#f-reason").fill("配件十日到货，由维修班更换。")
    press(he, "约定跟进")
    assert town.ticket(number).state == "waiting"
    town.drain()
    assert any("正在备料" in text for text in town.sender.texts_to("13800001234"))


def test_a_sub_unit_gets_the_work_and_gives_it_back(town: Town) -> None:
    number = town.has("handling")
    below = town.life.below()
    he = town.enter("hejt", f"/tickets/{number}/do/delegate")
    he.locator("#f-unit").select_option(below)
    press(he, "转下级")
    assert (town.ticket(number).desk_code, town.ticket(number).unit_code) == (below, "chengguan")
    go(he, f"/tickets/{number}/do/take_back")
    press(he, "收回")
    assert town.ticket(number).desk_code == "chengguan"


def test_more_time_is_asked_for_and_granted(town: Town) -> None:
    number = town.has("handling")
    due = reply_due(town, number)
    he = town.enter("he", f"/tickets/{number}/petitions/extension")
    he.locator("textarea").first.fill("需要开挖道路，已申请占道许可。")
    press(he, "申请延期")
    du = town.enter("du", "/dispatch?tab=petitions")
    du.get_by_text("需要开挖道路").first.wait_for()
    press(du, "同意", exact=True)
    assert (town.ticket(number).extensions, reply_due(town, number) > due) == (1, True)


def reply_due(town: Town, number: str) -> datetime:
    with town.installation.readings() as db:
        return db.scalars(
            select(Deadline.due_at)
            .join(Ticket, Ticket.id == Deadline.ticket_id)
            .where(Ticket.number == number, Deadline.clock == "reply")
        ).one()


def test_a_helper_reports_to_the_lead_unit(town: Town) -> None:
    number = town.has("handling")
    xie = town.enter("xie", "/unit?tab=helping")
    assert number in xie.locator("main").inner_text()
    go(xie, f"/tickets/{number}/do/report")
    xie.locator("#f-report").fill("已配合断电。")
    press(xie, "协办反馈")
    assert "已配合断电" in town.enter("he", f"/tickets/{number}").locator("main").inner_text()


def test_a_unit_never_sees_what_is_another_unit_s(town: Town) -> None:
    number = town.has("handling")
    chang = town.enter("chang", "/unit")
    assert number not in chang.locator("body").inner_text()
    answer = chang.goto(f"/tickets/{number}")
    assert answer is not None
    assert answer.status == 404


def test_the_unit_desk_on_a_phone(town: Town, keep: Callable[..., Any]) -> None:
    number = town.has("to_sign")
    he = town.enter("he", "/unit", PHONE)
    assert he.locator(".row-acts kbd").first.is_hidden(), "a telephone has no keys"
    press(he, "签收", inside=f"#row-{number}")
    assert town.ticket(number).state == "handling"
    assert he.evaluate("document.documentElement.scrollWidth") <= 390
    keep(he, "phone-size-unit-desk")


ZOOMED = [{"width": 960, "height": 600}, {"width": 720, "height": 450}]
"""A screen of 1440 × 900 at 150 % and at 200 %."""


@pytest.mark.parametrize("size", ZOOMED, ids=["150%", "200%"])
def test_at_a_zoom_every_action_of_a_row_stays_on_the_screen(
    town: Town, keep: Callable[..., Any], size: dict[str, int]
) -> None:
    """The column of actions left the screen at 150 %: widths had been tried at two sizes only. Found at the desks: U1, X10."""
    town.has("handling")
    he = town.enter("he", "/unit?tab=handling", size)
    keep(he, f"unit-zoom-{size['width']}")
    buttons = he.locator(".row-acts :is(.btn, summary):visible").all()
    assert buttons
    for button in buttons:
        box = button.bounding_box()
        assert box and box["x"] >= 0 and box["x"] + box["width"] <= size["width"], button.inner_text()
    assert he.evaluate("() => document.documentElement.scrollWidth") <= size["width"]


def test_whoever_goes_down_the_list_goes_on_where_it_was_left(town: Town) -> None:
    for _one in range(4):
        town.has("to_sign")
    he = town.enter("he", "/unit/?tab=sign")
    rows = he.locator("[data-row-link]").all_inner_texts()
    numbers = he.locator(".ticket-number").all_inner_texts()
    assert len(rows) == 4
    for key in ("j", "j"):
        he.keyboard.press(key)
    with he.expect_navigation():
        he.keyboard.press("1")
    ready(he)
    assert town.ticket(numbers[1]).state == "handling"
    he.keyboard.press("j")
    assert he.evaluate("document.activeElement.closest('tr').innerText").count(numbers[2]) == 1
