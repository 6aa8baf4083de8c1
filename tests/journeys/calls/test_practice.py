"""A newcomer's day in the practice room: a mistake that teaches, the same caller again, an examination, and the certificate."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from hotline.city.practice.schema import Matter, Script
from hotline.practice import scripts
from models import Message, PracticeExam, PracticeRun, Ticket
from tests.support.town import Town
from tests.support.windows import ready

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


def ask(an: Page, town: Town, code: str) -> None:
    """A question by its button; the call answers beside the form."""
    words = town.installation.city.practice.questions[code].ask
    before = an.locator("#talk-lines li").count()
    an.get_by_role("button", name=words, exact=True).click()
    an.wait_for_function("(n) => document.querySelectorAll('#talk-lines li').length === n + 2", arg=before)


def write(an: Page, script: Script, matter: Matter) -> None:
    facts = "，".join(one.any[0] for one in matter.facts)
    place = " ".join(matter.place)
    an.fill("#f-body", f"{script.name}。{facts}。{place}")
    an.fill("#f-title", "一件诉求")
    an.fill("#f-place", place)
    if matter.categories:
        an.fill("#f-category", matter.categories[0])
    for name, wanted in (
        ("area", matter.area),
        ("urgency", next(iter(matter.urgency), "")),
        ("privacy", next(iter(matter.privacy), "masked")),
        ("request_type", next(iter(matter.types), "")),
    ):
        an.select_option(f"#f-{name}", wanted)


def serve(an: Page, town: Town) -> None:
    """The call on the page, served as its key says."""
    with town.installation.sessions() as db:
        run_id = int(an.url.rsplit("/", 1)[1])
        script = scripts.read(db.get_one(PracticeRun, run_id).script)
    for code in dict.fromkeys([*([script.first] if script.first else []), *script.key.asks]):
        ask(an, town, code)
    end = script.key.ends[0]
    if script.key.matters and end != "none":
        write(an, script, script.key.matters[0])
    button = {"transfer": f"transfer:{script.key.to}"}.get(end, end)
    with an.expect_navigation():
        an.locator(f'button[name="then"][value="{button}"]').click()
    ready(an)


def test_a_newcomers_day(town: Town, keep: Callable[..., Any]) -> None:
    an = town.enter("an", "/practice")
    keep(an, "practice-1-room")
    an.select_option("#f-script", "gas-smell")
    with an.expect_navigation():
        an.get_by_role("button", name="接这一通").click()
    ready(an)
    an.keyboard.press("Alt+v")
    an.keyboard.type("您在哪个小区？")
    an.keyboard.press("Enter")
    an.get_by_text("文峰区平原路教育新村").wait_for()
    an.wait_for_function("() => document.activeElement.id === 'f-say'")
    an.fill("#f-body", "平原路教育新村三号楼二单元楼道里有煤气味，请派人来看。")
    an.locator("#proposal .side-facts").wait_for()
    keep(an, "practice-2-call")
    with an.expect_navigation():
        an.keyboard.press("Alt+s")
    an.get_by_text("应是119").wait_for()
    assert an.locator(".practice-score.is-bad").count() == 1
    keep(an, "practice-3-missed")
    with an.expect_navigation():
        an.get_by_role("button", name="这一通重来").click()
    ready(an)
    serve(an, town)
    assert an.locator(".practice-score.is-good").count() == 1
    keep(an, "practice-4-right")
    _sits(an, town)
    keep(an, "practice-5-passed")
    an.get_by_role("link", name="打印合格证").click()
    an.get_by_text("成绩合格，特发此证").wait_for()
    number = an.locator(".sheet-number").inner_text()
    with town.installation.sessions() as db:
        exam = db.scalars(select(PracticeExam)).one()
        assert (exam.passed, exam.points, exam.number) == (True, 100.0, exam.number)
        assert exam.number and exam.number in number
        assert [db.scalar(select(func.count()).select_from(table)) for table in (Ticket, Message)] == [0, 0]


def _sits(an: Page, town: Town) -> None:
    """The examination in emergency calls, from its first call to its last."""
    an.goto(an.url.split("/practice/")[0] + "/practice")
    ready(an)
    card = an.locator(".practice-exam", has_text="紧急来电专项考试")
    card.get_by_role("button", name="开始考试").click()
    with an.expect_navigation():
        an.locator("dialog[open]").get_by_role("button", name="开始", exact=True).click()
    ready(an)
    for _n in range(6):
        with an.expect_navigation():
            an.keyboard.press("Alt+a")
        ready(an)
        serve(an, town)
    with an.expect_navigation():
        an.get_by_role("button", name="交卷").click()
    ready(an)
    an.locator(".practice-score.is-good").wait_for()
