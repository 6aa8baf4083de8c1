"""The phone on the screen: a newcomer dials, is answered, rates the call, and texts, all through the signed webhooks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.support.town import PHONE, Town, go, press

NUMBER = "13800000002"


def test_a_call_is_rung_answered_ended_and_rated(town: Town, keep: Callable[..., Any]) -> None:
    town.life.staff["an"].on_duty = True
    town.life.db.commit()
    phone = town.enter("du", f"/phone?number={NUMBER}", PHONE)
    phone.get_by_role("button", name="拨打 12345").tap()
    phone.get_by_text("正在呼叫 12345").wait_for()
    an = town.enter("an", "/desk")
    press(an, "接听")
    an.keyboard.press("Alt+g")
    an.get_by_text("没有等待的来电").wait_for()
    phone.get_by_text("请评价本次服务").wait_for()
    keep(phone, "phone-1-rate-the-call")
    phone.locator(".handset-key").first.tap()
    phone.get_by_text("感谢您的评价").first.wait_for()


def test_a_text_becomes_a_ticket_and_its_number_comes_back(town: Town, keep: Callable[..., Any]) -> None:
    phone = town.enter("du", f"/phone?number={NUMBER}")
    phone.locator("#sms-words").fill("文峰大道路灯不亮，请来修。")
    press(phone, "发送短信")
    town.drain()
    ticket = town.ticket()
    assert (ticket.channel, ticket.contact_phone) == ("sms", NUMBER)
    go(phone, f"/phone?number={NUMBER}")
    phone.locator(".bubble-in", has_text=ticket.number).first.wait_for()
    keep(phone, "phone-2-texts")


def test_an_unsigned_call_is_refused(town: Town) -> None:
    knock = town.phone().call("CA" + "9" * 32)
    headers = {name: value for name, value in knock.headers.items() if "Signature" not in name}
    assert town.app.test_client().post(knock.path, data=knock.body, headers=headers).status_code == 403


def test_a_newcomer_plays_110_and_sees_the_desk_follow(town: Town, keep: Callable[..., Any]) -> None:
    town.life.staff["an"].on_duty = True
    town.life.db.commit()
    phone = town.enter("du", f"/phone?number={NUMBER}")
    phone.get_by_role("button", name="拨打 12345").click()
    an = town.enter("an", "/desk")
    press(an, "接听")
    an.keyboard.press("Alt+6")
    an.locator("dialog[open]").wait_for()
    an.wait_for_timeout(400)
    an.keyboard.press("Alt+6")
    an.locator(".leg-calling").wait_for()
    town.drain()
    phone.locator(".other").get_by_text("110报警服务台").wait_for()
    keep(phone, "phone-3-110-rings")
    phone.locator(".other").get_by_role("button", name="接听").click()
    an.locator(".leg-connected").wait_for()
    keep(an, "phone-4-three-way")
    an.keyboard.press("Alt+g")
    an.get_by_text("没有等待的来电").wait_for()
    phone.get_by_text("已转接到 110").wait_for()


def test_a_newcomer_is_called_back(town: Town, keep: Callable[..., Any]) -> None:
    town.life.staff["an"].on_duty = True
    town.life.db.commit()
    phone = town.enter("du", f"/phone?number={NUMBER}")
    press(phone, "拨打 12345")
    press(phone, "挂断")
    an = town.enter("an", "/desk")
    an.locator(".calls-missed summary", has_text="未接来电").click()
    press(an, "回拨")
    town.drain()
    phone.locator(".other").get_by_text("李先生").wait_for()
    an.get_by_text("正在呼叫市民").wait_for()
    phone.locator(".other").get_by_role("button", name="接听").click()
    an.locator(".call-mine").get_by_text("通话中").wait_for()
    keep(an, "phone-5-called-back")
    phone.locator(".other").get_by_role("button", name="挂断").click()
    an.get_by_text("没有等待的来电").wait_for()
