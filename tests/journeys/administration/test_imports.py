"""An administrator moves an old system in: uploads its workbook, checks the columns, watches the bar, fetches what did not come in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from hotline.intake.importing import runs
from tests.support.make import make_staff
from tests.support.papers import books
from tests.support.town import PHONE, Town, go, press

if TYPE_CHECKING:
    from playwright.sync_api import Page


def workbook(path: Path) -> Path:
    heads = [
        "序号",
        "工单编号",
        "来电时间",
        "来电人",
        "来电人电话",
        "主要内容",
        "承办单位",
        "办理情况",
        "办结时间",
        "是否满意",
        "工单状态",
        "网格员",
    ]
    rows = [
        [
            n,
            f"JX-{n:03d}",
            f"2026-02-{n % 27 + 1:02d} 09:30",
            "张某某",
            f"138{n:08d}",
            f"人民大道第 {n} 号路灯连续三晚不亮，请尽快派人维修",
            "市城市管理局",
            "已更换灯具并试亮" if n % 2 else None,
            f"2026-02-{n % 27 + 1:02d} 17:00" if n % 2 else None,
            "满意" if n % 4 == 1 else None,
            "已办结" if n % 2 else "办理中",
            "李网格",
        ]
        for n in range(1, 41)
    ]
    rows += [
        [41, "JX-001", "2026-02-03 09:30", "", "", "另一件完全不同的事", "", None, None, None, "办理中", ""],
        [42, "JX-042", "三月的一天", "", "", "停水", "", None, None, None, "", ""],
        ["合计", 42],
    ]
    return books.write(path, {"2月": books.sheet([["某市 12345 热线 2 月台账"], heads, *rows], dimension="A1")})


@pytest.fixture
def admin(town: Town) -> Page:
    make_staff(town.life.db, "root", "管理员", "administrator")
    town.life.db.commit()
    return town.enter("root", "/admin/imports")


def test_an_old_systems_workbook_comes_in_whole(
    town: Town, admin: Page, tmp_path: Path, keep: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "PIECE", 15)
    monkeypatch.setattr(runs, "LONGEST", 60)
    keep(admin, "imports-1-list")
    admin.locator("#f-file").set_input_files(workbook(tmp_path / "2月台账.xlsx"))
    admin.locator("#f-source").fill("old-hotline")
    press(admin, "上传并检查")
    address = admin.url
    admin.get_by_text("正在检查整个文件").wait_for()
    town.drain()
    admin.get_by_role("button", name="读入 41 行").wait_for()
    keep(admin, "imports-2-understood")
    said = admin.locator("main").inner_text()
    assert "标题在第 2 行" in said and "诉求内容←主要内容" in said and "读不了 2 行" in said and "网格员" in said
    assert admin.locator("#f-column_body").input_value() == "主要内容"
    assert "13800000001" not in admin.content()
    admin.locator("#f-column_name").select_option("")
    press(admin, "按这样再检查")
    town.drain()
    admin.get_by_role("button", name="读入 41 行").wait_for()
    assert admin.locator("#f-column_name").input_value() == ""
    press(admin, "读入 41 行")
    with town.installation.sessions() as db:
        runs.take_piece(db, town.installation, 1, 0)
        db.commit()
    admin.get_by_text("15 / 43 行").wait_for()
    assert admin.locator("progress").get_attribute("value") == "34"
    keep(admin, "imports-3-running")
    town.drain()
    admin.get_by_text("读到 43 行：新建 40，已有 0，冲突 1，退回 2").wait_for()
    keep(admin, "imports-4-done")
    with admin.expect_download() as fetched:
        admin.get_by_role("button", name="下载没有读入的行").click()
    assert "JX-042" in Path(fetched.value.path()).read_text(encoding="utf-8-sig")
    assert town.count() == 40
    phone = town.enter("root", address.replace(town.url, ""), PHONE)
    keep(phone, "imports-5-phone")
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth + 1")
    go(phone, "/admin/imports")
    keep(phone, "imports-6-phone-list")
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth + 1")


def test_a_file_in_doubt_is_settled_on_a_phone(
    town: Town, admin: Page, tmp_path: Path, keep: Callable[..., Any]
) -> None:
    (tmp_path / "表.csv").write_text("甲,乙\n1,平原路路灯连续五晚不亮孩子放学看不见路\n", encoding="utf-8")
    phone = town.enter("root", "/admin/imports", PHONE)
    phone.locator("#f-file").set_input_files(tmp_path / "表.csv")
    press(phone, "上传并检查")
    town.drain()
    phone.get_by_text("没有读入，请指明后再检查").wait_for()
    keep(phone, "imports-7-phone-doubt")
    phone.locator("#f-column_body").select_option("乙")
    press(phone, "按这样再检查")
    town.drain()
    phone.get_by_role("button", name="读入 1 行").wait_for()
    keep(phone, "imports-8-phone-mapped")
    press(phone, "读入 1 行")
    town.drain()
    phone.get_by_text("每一行都有了着落").wait_for()
    assert town.count() == 1
