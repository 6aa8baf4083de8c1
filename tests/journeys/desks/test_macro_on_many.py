"""A dispatcher ticks tickets in a list and has one macro done on each of them: looked over, done, and taken back with one key."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hotline.ready import macros
from hotline.ready.macros import Plan, Step
from tests.support.make import CHENGGUAN
from tests.support.town import Town, press


def test_ticked_tickets_are_dispatched_with_a_note_and_come_back(town: Town, keep: Callable[..., Any]) -> None:
    life = town.life
    steps = (Step("dispatch", {"unit": CHENGGUAN}), Step("note", {"text": "请{单位}先联系市民"}))
    macros.write(life.db, life.city, life.people["du"], Plan("派给城管并交代", "dispatch", steps), life.now)
    life.db.commit()
    numbers = [town.has("to_dispatch") for _n in range(3)]
    du = town.enter("du", "/search?state=to_dispatch")
    for number in numbers[:2]:
        du.locator(f"input[name=ticket][value='{number}']").check()
    press(du, "连办…")
    keep(du, "macro-many-1-choose")
    press(du, "派给城管并交代")
    keep(du, "macro-many-2-look")
    assert du.locator("text=秒内可以撤销").count() == 1
    press(du, "对选中的工单办这 2 步")
    assert [town.ticket(one).state for one in numbers] == ["to_sign", "to_sign", "to_dispatch"]
    press(du, "撤销", inside="form.undo")
    keep(du, "macro-many-3-undone")
    assert du.locator(".notice", has_text="已撤销 2 件").count() == 1
    assert town.ticket(numbers[0]).state == "to_dispatch"
