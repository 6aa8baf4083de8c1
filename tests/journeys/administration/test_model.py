"""The model in daily life: it suggests as the agent types, learns from a correction, and a bad one is refused and rolled back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from classifier.category import store
from classifier.category.train import Example, train
from hotline.training.comparison import compare
from hotline.training.nightly import learn, settle
from hotline.training.progress import alone, noting
from hotline.triage.model_registry import ModelRegistry
from tests.support.make import make_staff
from tests.support.papers.texts import FOUR, texts
from tests.support.town import PHONE, Town, go, press

if TYPE_CHECKING:
    from playwright.sync_api import Page

STRANGE = "桥头那排杆子晚上像萤火虫，眼神不好的人要摔。"
LAMP, BUS, WAGES = (texts(code, 3, "乙")[1] for code in ("0204", "0701", "1001"))


@pytest.fixture(autouse=True)
def learning(town: Town, tmp_path: Path) -> None:
    """A city whose starter texts are few, with a first model, an agent on duty and an administrator."""
    examples = tmp_path / "city" / "examples"
    examples.mkdir(parents=True)
    lines = [f"{code}\thelp\tnormal\t{text}" for code in FOUR for text in texts(code, 24)]
    (examples / "01.txt").write_text("\n".join(lines), encoding="utf-8")
    town.installation.settings = replace(town.installation.settings, city_dir=tmp_path / "city")
    town.life.staff["an"].on_duty = True
    make_staff(town.life.db, "guan", "管", "administrator", unit="hotline")
    town.life.db.commit()
    learn(town.installation)


def registry(town: Town) -> ModelRegistry:
    return ModelRegistry(town.installation.settings.models)


def type_in(page: Page, words: str) -> None:
    page.locator("#f-body").fill("")
    page.locator("#f-body").press_sequentially(words)


def suggests(page: Page, category: str) -> None:
    """Wait until this category stands first beside the form."""
    page.locator(".ranked-one b").first.get_by_text(category, exact=True).wait_for()


def test_the_suggestion_follows_the_words_as_they_are_typed(town: Town, keep: Callable[..., Any]) -> None:
    an = town.enter("an", "/desk")
    type_in(an, "文峰区" + LAMP)
    suggests(an, "路灯")
    first = an.locator(".ranked-one").first
    assert first.locator(".num").inner_text().endswith("%") and "灯" in first.locator(".ranked-words").inner_text()
    assert "文峰区城市管理局" in an.locator("#proposal .side-facts").inner_text()
    type_in(an, "文峰区" + WAGES)
    suggests(an, "拖欠工资")
    assert "文峰区人力资源和社会保障局" in an.locator("#proposal .side-facts").inner_text()
    keep(an, "model-1-suggestion")


def test_a_correction_teaches_and_the_same_words_are_right_afterwards(town: Town, keep: Callable[..., Any]) -> None:
    an = town.enter("an", "/desk")
    type_in(an, STRANGE)
    an.locator("#proposal").get_by_text("没有认出类别，请从列表选一个").wait_for()
    right = "公交"
    an.keyboard.press("Alt+s")
    an.locator("#done").wait_for()
    town.drain()
    du = town.enter("du", f"/dispatch/{town.ticket().number}")
    assert du.locator(".way").count() in (2, 3)
    du.locator("#f-category_other").fill(right)
    du.locator("#f-category_other").press("Tab")
    du.wait_for_function("() => document.querySelector('#f-unit').value !== ''")
    press(du, "派单，下一张")
    assert town.ticket().state == "to_sign"
    guan = town.enter("guan", "/admin/model")
    press(guan, "现在训练")
    guan.locator("progress").wait_for()
    keep(guan, "model-2-training")
    town.drain()
    guan.locator("progress").wait_for(state="detached")
    guan.get_by_text("人工改判 1").wait_for()
    keep(guan, "model-3-learned")
    go(an, "/desk")
    type_in(an, STRANGE)
    suggests(an, right)


def test_a_bad_model_is_refused_and_one_taken_by_mistake_is_rolled_back(town: Town, keep: Callable[..., Any]) -> None:
    pointer = registry(town).current()
    assert pointer
    present = store.load(registry(town).folder / pointer.file, pointer.sha256)
    bad = train([Example(text, FOUR[(at + 1) % 4]) for at, code in enumerate(FOUR) for text in texts(code, 40)])
    judged = [Example(text, code) for code in FOUR for text in texts(code, 10, "丙")]
    settle(
        town.installation, registry(town), bad, present, compare(bad, present, judged, judged), "clock", at_once=False
    )
    guan, an = town.enter("guan", "/admin/model"), town.enter("an", "/desk")
    refused = guan.locator("tr", has_text="未采用")
    assert "候选 0.0 %，现用 100.0 %，共 40 件" in " ".join(refused.inner_text().split())
    type_in(an, LAMP)
    suggests(an, "路灯")
    confirmed(guan, refused, "启用")
    type_in(an, LAMP)
    suggests(an, "物业服务与收费")
    keep(guan, "model-4-taken-by-mistake")
    confirmed(guan, guan.locator("tr", has_text=pointer.file), "换回")
    assert registry(town).current().file == pointer.file  # type: ignore[union-attr]
    type_in(an, LAMP)
    suggests(an, "路灯")


def test_a_damaged_model_is_announced_and_the_keywords_answer_in_its_place(
    town: Town, keep: Callable[..., Any]
) -> None:
    (registry(town).folder / registry(town).current().file).write_bytes(b"broken")  # type: ignore[union-attr]
    registry(town).choose_anew({"category": []})
    guan, an = town.enter("guan", "/admin/model"), town.enter("an", "/desk")
    guan.get_by_text("选定的模型没有在用").wait_for()
    keep(guan, "model-5-damaged")
    type_in(an, "路灯不亮，晚上看不见路。")
    suggests(an, "路灯")
    assert "由关键词规则给出" in an.locator("#proposal").inner_text()


def test_whoever_waits_for_a_training_sees_how_far_it_is(town: Town, keep: Callable[..., Any]) -> None:
    guan = town.enter("guan", "/admin/model", PHONE)
    with alone(registry(town)):
        noting(registry(town))("fold 2", 0.42)
        go(guan, "/admin/model")
        assert guan.locator("progress").get_attribute("value") == "42"
        noting(registry(town))("fold 4", 0.84)
        guan.locator("progress[value='84']").wait_for()
        keep(guan, "phone-size-model-training")
        assert guan.evaluate("document.documentElement.scrollWidth") <= 390
    guan.locator("progress").wait_for(state="detached")


def confirmed(page: Page, row: Any, name: str) -> None:
    """Press a button of this row and say yes."""
    row.get_by_role("button", name=name).first.click()
    with page.expect_navigation():
        page.locator("dialog[open]").get_by_role("button").last.click()
