"""A newcomer's first matters are seen by a second pair of eyes, until a supervisor lets them go: four people, four windows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.support.town import Town
from tests.support.windows import ready

if TYPE_CHECKING:
    from playwright.sync_api import Page

LAMP = "文峰大道与东工路交叉口的路灯坏了三天，晚上看不见路。"
SMOKE = "永明路小区楼下烧烤摊油烟大，一直到凌晨两点，投诉三次没人管。"


def _takes_in(agent: Page, words: str) -> None:
    agent.goto("/desk?blank=1")
    agent.locator("#f-body").fill(words)
    ready(agent)
    agent.keyboard.press("Alt+s")
    agent.locator("#done").wait_for()


def test_a_newcomer_is_looked_after_and_then_released(town: Town) -> None:
    supervisor = town.enter("du2", "/practice/newcomers")
    supervisor.locator("#f-person").select_option(label="an")
    supervisor.locator("[name=days]").fill("14")
    supervisor.get_by_role("button", name="开始带教").click()
    supervisor.get_by_text("an进入带教期").wait_for()

    agent = town.enter("an", "/desk")
    _takes_in(agent, LAMP)
    _takes_in(agent, SMOKE)

    lead = town.enter("班", "/practice/looks")
    lead.get_by_role("link", name="更正").first.click()
    lead.get_by_text("看过，通过").wait_for()
    ready(lead)
    lead.keyboard.press("Alt+s")  # the lamp is right as it stands, and the next one opens by itself
    lead.get_by_text("已看过，可以派单").wait_for()
    lead.locator("main [name=title]").fill("永明路小区烧烤油烟扰民")
    ready(lead)
    lead.keyboard.press("Alt+y")
    lead.get_by_text("请写一句给受理的同事").first.wait_for()
    assert lead.locator("main [name=title]").input_value() == "永明路小区烧烤油烟扰民", "nothing typed is lost"
    lead.locator("main [name=note]").fill("标题写清在哪里、什么事。")
    ready(lead)
    lead.keyboard.press("Alt+y")
    lead.get_by_text("没有等着看的工单").wait_for()
    assert (town.ticket().second_look, town.ticket().title) == ("corrected", "永明路小区烧烤油烟扰民")

    agent.goto(f"/tickets/{town.ticket().number}")
    assert agent.get_by_text("标题写清在哪里、什么事。").first.is_visible()

    supervisor.goto("/practice/newcomers")
    supervisor.get_by_role("button", name="放单").click()
    supervisor.get_by_text("请写明理由").wait_for()
    supervisor.locator("main [name=why]").fill("两件都看过，做得好")
    supervisor.get_by_role("button", name="放单").click()
    supervisor.get_by_text("an已放单").wait_for()
    _takes_in(agent, LAMP)
    assert town.ticket().second_look is None, "who was released is waited for by nobody"
