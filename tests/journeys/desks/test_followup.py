"""After the reply: the citizen is dissatisfied and a person judges; answers by telephone are keyed in as what they are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.support.town import CITIZEN, Town, choose, press


def test_a_dissatisfied_text_is_judged_and_goes_back_to_the_unit(town: Town, keep: Callable[..., Any]) -> None:
    number = town.has("to_follow_up")
    town.knock(town.phone().text("SM" + "1" * 32, "3 灯还是不亮"))
    town.drain()
    assert (town.ticket(number).state, town.ticket(number).dissatisfied) == ("to_follow_up", True)
    hui = town.enter("hui", "/followup")
    hui.get_by_text(number).first.wait_for()
    hui.goto(f"/followup/{number}")
    assert "灯还是不亮" in hui.locator("main").inner_text()
    hui.locator(".reason").first.click()
    hui.locator("#f-note").fill("市民说灯仍不亮，请到现场核实并修好。")
    keep(hui, "followup-1-judge")
    press(hui, "退回重办")
    ticket = town.ticket(number)
    assert (ticket.state, ticket.round, ticket.dissatisfied) == ("to_sign", 2, False)
    town.drain()
    assert any("重新" in text or "重办" in text for text in town.sender.texts_to(CITIZEN)), "the citizen is told"


def test_a_dissatisfied_answer_may_be_closed_with_a_reason_and_still_counts(town: Town) -> None:
    number = town.has("to_follow_up")
    town.act(number, "citizen", "note_dissatisfied")
    hui = town.enter("hui", f"/followup/{number}")
    hui.locator("#f-reason").fill("按规划该路段明年改造，已当面说明。")
    press(hui, "办结，保留评价")
    ticket = town.ticket(number)
    assert (ticket.state, ticket.close_kind) == ("closed", "rated")


def test_an_answer_by_telephone_is_keyed_in(town: Town, keep: Callable[..., Any]) -> None:
    """Found at the desks: U29."""
    number = town.has("to_follow_up")
    hui = town.enter("hui", f"/followup/{number}")
    choose(hui, "solved", "yes")
    choose(hui, "result", "4")
    choose(hui, "attitude", "5")
    choose(hui, "contacted", "yes")
    hui.locator("#f-comment").fill("修好了，谢谢。")
    keep(hui, "followup-2-by-telephone")
    press(hui, "记下回答")
    assert town.ticket(number).state == "closed"


def test_nobody_picks_up_and_that_is_noted(town: Town) -> None:
    number = town.has("to_follow_up")
    hui = town.enter("hui", f"/followup/{number}")
    hui.keyboard.press("Alt+x")
    hui.locator("dialog[open] #f-note").fill("无人接听")
    press(hui, "记下", inside="dialog[open]")
    assert town.ticket(number).state == "to_follow_up"
    hui.goto(f"/followup/{number}")
    assert "未接通 1 次" in hui.locator("main").inner_text()
