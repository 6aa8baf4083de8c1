"""The administrator: hires, resets, gives out a token, checks the seals; and the head of the hotline only reads."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from hotline.tickets.privacy import audit
from hotline.tickets.roles import SYSTEM
from tests.support.make import make_staff
from tests.support.town import PHONE, Town, go, press

if TYPE_CHECKING:
    from playwright.sync_api import Page

SMALL_DESK = {"width": 1280, "height": 720}


@pytest.fixture
def admin(town: Town) -> Page:
    make_staff(town.life.db, "root", "管理员", "administrator")
    town.life.db.commit()
    return town.enter("root", "/admin/")


def test_a_new_agent_is_hired_and_must_change_the_first_password(
    town: Town, admin: Page, keep: Callable[..., Any]
) -> None:
    keep(admin, "admin-1-system")
    go(admin, "/admin/staff/new")
    admin.locator("#f-login").fill("xin.ren")
    admin.locator("#f-name").fill("新人")
    admin.locator("input[name=roles][value=agent]").check()
    press(admin, "建立账号")
    secret = admin.locator(".secret").inner_text().split()[0]
    newcomer = town.window()
    go(newcomer, "/login")
    newcomer.locator("#f-login").fill("xin.ren")
    newcomer.locator("#f-password").fill(secret)
    press(newcomer, "登录", exact=True)
    assert "/account" in newcomer.url
    newcomer.locator("input[name=old]").fill(secret)
    newcomer.locator("input[name=new]").fill("Qing-shan-7421-lu")
    newcomer.locator("input[name=again]").fill("Qing-shan-7421-lu")
    press(newcomer, "修改密码", inside="main")
    go(newcomer, "/")
    assert newcomer.url.endswith("/desk")


def test_a_wrong_entry_is_said_beside_its_field(admin: Page) -> None:
    go(admin, "/admin/staff/new")
    admin.locator("#f-login").fill("大写 LOGIN")
    admin.locator("#f-name").fill("新人")
    admin.locator("input[name=roles][value=agent]").check()
    press(admin, "建立账号")
    assert "登录名用小写字母" in admin.locator("main").inner_text()
    assert admin.locator("#f-name").input_value() == "新人"


def test_a_token_is_shown_once_and_the_seals_hold(town: Town, admin: Page) -> None:
    go(admin, "/admin/tokens")
    admin.locator("#f-name").fill("省平台对接")
    admin.locator("#f-source").fill("province")
    admin.locator("input[name=scopes]").first.check()
    press(admin, "发出令牌")
    assert admin.locator(".secret").inner_text()
    go(admin, "/admin/tokens")
    assert admin.locator(".secret").count() == 0
    tou = town.enter("tou", "/admin/audit")
    press(tou, "核验封条链")
    assert "封条链完整" in tou.locator("main").inner_text()


def test_the_head_reads_and_changes_nothing(town: Town) -> None:
    tou = town.enter("tou", "/admin/staff")
    assert tou.get_by_role("link", name="新增人员").count() == 0
    answer = tou.goto("/admin/staff/new")
    assert answer is not None
    assert answer.status == 403


@pytest.mark.parametrize(("path", "login"), [("roles", "root"), ("staff", "root"), ("audit", "tou")])
@pytest.mark.parametrize("size", [PHONE, SMALL_DESK], ids=["390", "1280"])
def test_no_column_hides_beyond_the_right_edge(
    town: Town, admin: Page, keep: Callable[..., Any], path: str, login: str, size: dict[str, int]
) -> None:
    audit.record(town.life.db, "reveal", SYSTEM, town.life.now, subject="phone", reason="核对门牌")
    town.life.db.commit()
    page = town.enter(login, f"/admin/{path}", size)
    keep(page, f"admin-wide-{path}-{size['width']}")
    wide = "() => [...document.querySelectorAll('.table-wrap')].filter((one) => one.scrollWidth > one.clientWidth + 1).length"
    assert page.locator(".table-wrap").count()
    assert page.evaluate(wide) == 0


def test_the_number_beside_a_role_says_what_it_counts(town: Town, admin: Page) -> None:
    go(admin, "/admin/roles")
    assert "派单员 · 1 人" in admin.locator("thead").first.inner_text()
    admin.get_by_text("角色旁的人数是现在在用的账号里担任它的").wait_for()
