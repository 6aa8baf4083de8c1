"""Several sure proposals go out together by keys alone: looked over, sent, and taken back with one key before anybody is told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hotline.tickets.lists import dispatch_queue
from tests.support.make import CHENGGUAN
from tests.support.town import Town, press
from tests.support.windows import ready

CONTRAST = """() => {
  const light = (colour) => colour.match(/[\\d.]+/g).slice(0, 3).map((one) => one / 255)
    .map((one) => one <= 0.03928 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4)
    .reduce((sum, one, n) => sum + one * [0.2126, 0.7152, 0.0722][n], 0);
  const back = light(getComputedStyle(document.querySelector(".bulk-bar")).backgroundColor);
  return [...document.querySelectorAll(".bulk-bar .btn-quiet")].map((one) => light(getComputedStyle(one).color))
    .map((ink) => (Math.max(ink, back) + 0.05) / (Math.min(ink, back) + 0.05));
}"""
"""How clearly each quiet button of the bar over ticked rows is told from the bar."""


def sure_ones(town: Town, how_many: int) -> list[str]:
    """Waiting tickets whose proposals reached the threshold."""
    numbers = [town.has("to_dispatch") for _n in range(how_many)]
    db = town.life.db
    tickets = [town.ticket(number).id for number in numbers]
    for proposal in dispatch_queue.newest_proposals(db, tickets).values():
        proposal.sure, proposal.unit_code = True, CHENGGUAN
    db.commit()
    return numbers


def test_three_are_ticked_sent_together_and_all_come_back_with_one_key(town: Town, keep: Callable[..., Any]) -> None:
    numbers = sure_ones(town, 3)
    texts = len(town.sender.sent)
    du = town.enter("du", "/dispatch/")
    du.locator("[data-pick-all]").check()
    keep(du, "bulk-1-ticked")
    clear = du.evaluate(CONTRAST)
    assert clear and min(clear) >= 4.5, clear
    press(du, "按建议批量派单…")
    keep(du, "bulk-2-look")
    assert [town.ticket(one).state for one in numbers] == ["to_dispatch"] * 3, "looking sends nothing"
    with du.expect_navigation():
        du.keyboard.press("Alt+s")
    ready(du)
    keep(du, "bulk-3-sent")
    assert [town.ticket(one).state for one in numbers] == ["to_sign"] * 3
    with du.expect_navigation():
        du.keyboard.press("Alt+z")
    ready(du)
    keep(du, "bulk-4-back")
    assert [town.ticket(one).state for one in numbers] == ["to_dispatch"] * 3
    town.life.clock.forward(minutes=1)
    town.drain()
    assert len(town.sender.sent) == texts, "nobody was told of what was taken back"
