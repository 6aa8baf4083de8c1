"""A unit that says it is not theirs: objection, ruling by the dispatcher, dispute, and a ruling that binds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.support.town import Town, go


def test_an_objection_is_upheld_and_the_ticket_goes_elsewhere(town: Town, keep: Callable[..., Any]) -> None:
    number = town.has("to_sign")
    he = town.enter("he", f"/tickets/{number}/do/object")
    he.locator("#f-reason").fill("该路灯产权属于小区物业，不在本单位管辖范围。")
    he.locator("#f-basis").fill("安编〔2019〕12 号")
    he.locator("#f-suggested_unit").fill("市教育局")
    keep(he, "objection-1-the-unit-objects")
    he.get_by_role("button", name="退单").last.click()
    he.wait_for_url(lambda url: "/do/" not in url)
    assert town.ticket(number).state == "in_objection"

    du = town.enter("du", f"/dispatch/{number}?tab=objection")
    assert "产权属于小区物业" in du.locator("main").inner_text()
    du.locator("#f-reason").fill("退单成立，改派。")
    keep(du, "objection-2-the-dispatcher-judges")
    du.get_by_role("button", name="同意，重新派单").click()
    du.wait_for_url("**tab=todo*")
    assert town.ticket(number).state == "to_dispatch"
    du.locator("#f-unit").fill("市教育局")
    du.get_by_role("button", name="派单，下一张").click()
    du.wait_for_url(lambda url: number not in url)
    assert town.ticket(number).unit_code == "education"
    chang = town.enter("chang", "/unit")
    assert number in chang.locator("main").inner_text()
    assert number not in town.enter("he", "/unit").locator("main").inner_text()


def test_an_objection_is_overruled_and_the_unit_must_sign(town: Town) -> None:
    number = town.has("in_objection")
    du = town.enter("du", f"/dispatch/{number}?tab=objection")
    du.locator("#f-reason").fill("按三定方案属你单位职责。")
    du.get_by_role("button", name="不同意，须签收").click()
    du.wait_for_url(lambda url: number not in url)
    assert town.ticket(number).must_sign
    he = town.enter("he", f"/tickets/{number}")
    assert "必须签收" in he.locator("header, main").first.inner_text() + he.locator("main").inner_text()
    assert he.get_by_role("link", name="退单").count() == 0


def test_a_judgement_without_a_reason_is_refused_and_nothing_moves(town: Town) -> None:
    number = town.has("in_objection")
    du = town.enter("du", f"/dispatch/{number}?tab=objection")
    du.locator("#f-reason").fill("   ")
    du.get_by_role("button", name="同意，重新派单").click()
    du.get_by_text("请填写").first.wait_for()
    assert town.ticket(number).state == "in_objection"


def test_a_ruling_binds_and_is_kept_as_a_precedent(town: Town, keep: Callable[..., Any]) -> None:
    number = town.has("in_dispute")
    du = town.enter("du", f"/dispatch/{number}?tab=dispute")
    du.locator("#f-unit").fill("市城市管理局")
    du.locator("#f-reason").fill("市政道路路灯由城管部门管理。")
    keep(du, "objection-3-the-ruling")
    du.get_by_role("button", name="裁定，下一张").click()
    if du.locator("dialog[open]").count():
        du.locator("dialog[open]").get_by_role("button", name="确定").click()
    du.wait_for_url(lambda url: number not in url)
    assert (town.ticket(number).binding, town.ticket(number).unit_code) == (True, "chengguan")
    he = town.enter("he", f"/tickets/{number}")
    assert "会商裁定" in he.locator("body").inner_text()
    go(he, f"/tickets/{number}/do/object")
    assert town.ticket(number).state == "to_sign"
