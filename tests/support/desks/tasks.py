"""The daily tasks of every desk, done by a hand that counts its keys, clicks and page loads in a real browser.

`before` is what the task took when it was first measured (keys, clicks, loads); `most` is what it may take now. A key is a
combination beyond typing the words (Alt+S is one); a load is a full page. Each task proves at its end that it was done.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from hotline.jobs.schedule import ring
from models import Survey, TicketEvent
from tests.support.make import CHENGGUAN
from tests.support.town import PHONE, Town, ready

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

LAMP = "文峰大道与东工路交叉口的路灯坏了三天，晚上看不见路。"
NUMBERS = iter(range(1, 10**6))


@dataclass
class Hand:
    """Does what a person does in this window, and counts."""

    page: Page
    keys: int = 0
    clicks: int = 0
    loads: int = field(default=0)

    def __post_init__(self) -> None:
        self.page.on("domcontentloaded", self._loaded)

    def _loaded(self, _page: object) -> None:
        self.loads += 1

    def key(self, combo: str) -> None:
        ready(self.page)
        self.page.keyboard.press(combo)
        self.keys += 1

    def key_and_load(self, combo: str) -> None:
        ready(self.page)
        with self.page.expect_navigation():
            self.page.keyboard.press(combo)
        self.keys += 1
        ready(self.page)

    def click(self, place: Locator) -> None:
        place.click()
        self.clicks += 1

    def click_and_load(self, place: Locator) -> None:
        with self.page.expect_navigation():
            place.click()
        self.clicks += 1
        ready(self.page)

    def write(self, words: str) -> None:
        """Words are typed where the cursor stands; they cost no key here."""
        self.page.keyboard.insert_text(words)

    def stands_in(self, field_id: str) -> None:
        """The cursor is there by itself."""
        self.page.wait_for_function("id => document.activeElement?.id === id", arg=field_id)


@dataclass(frozen=True)
class Task:
    """One row of the table. before: keys, clicks, loads; None where the task could not be done at all."""

    name: str
    before: tuple[int, int, int] | None
    most: tuple[int, int]
    do: Callable[[Town], Hand]


TASKS: list[Task] = []


def task(
    name: str, before: tuple[int, int, int] | None, keys: int, clicks: int = 0
) -> Callable[[Callable[[Town], Hand]], Callable[[Town], Hand]]:
    def keep(do: Callable[[Town], Hand]) -> Callable[[Town], Hand]:
        TASKS.append(Task(name, before, (keys, clicks), do))
        return do

    return keep


def _rings(town: Town) -> str:
    sid = f"CA{next(NUMBERS):032d}"
    town.knock(town.phone().call(sid))
    return sid


def _answers(town: Town) -> Hand:
    """An agent at the desk takes the call that rings; the cursor stands in the request."""
    town.life.staff["an"].on_duty = True
    town.life.db.commit()
    an = town.enter("an", "/desk")
    _rings(town)
    an.locator("[data-key='alt+a']:visible").first.wait_for()
    hand = Hand(an)
    hand.key_and_load("Alt+a")
    hand.stands_in("f-body")
    return hand


def _hangs_up(hand: Hand) -> None:
    hand.key("Alt+g")
    hand.page.locator(".call-mine").wait_for(state="detached")
    ready(hand.page)


@task("Agent: answer, log, submit, hang up", (3, 0, 2), 3)
def log_a_call(town: Town) -> Hand:
    hand = _answers(town)
    hand.write(LAMP)
    hand.key_and_load("Alt+s")
    _hangs_up(hand)
    assert town.ticket().state == "to_dispatch"
    return hand


@task("… and the dispatcher sends it on", (4, 0, 3), 4)
def log_and_dispatch(town: Town) -> Hand:
    agent = log_a_call(town)
    number = town.ticket().number
    town.drain()
    du = town.enter("du", f"/dispatch/{number}")
    if not du.locator("#f-unit").input_value():
        du.locator("#f-unit").fill(CHENGGUAN)
    hand = Hand(du)
    hand.key_and_load("Alt+s")
    assert town.ticket(number).unit_code
    return Hand(agent.page, agent.keys + hand.keys, agent.clicks + hand.clicks, agent.loads + hand.loads)


@task("Agent: direct answer", (4, 0, 2), 4)
def answer_directly(town: Town) -> Hand:
    hand = _answers(town)
    hand.write("请问老年证怎么办？")
    hand.key("Alt+d")
    hand.stands_in("f-answer")
    hand.write("带身份证到社区服务中心，当场可办。")
    hand.key_and_load("Alt+d")
    _hangs_up(hand)
    assert town.ticket().close_kind == "direct"
    return hand


@task("Agent: the caller urges an old ticket", (3, 0, 2), 3)
def urge_an_old_one(town: Town) -> Hand:
    number = town.has("handling")
    hand = _answers(town)
    hand.page.locator("[data-key='alt+u']:visible").first.wait_for()
    hand.key_and_load("Alt+u")
    _hangs_up(hand)
    assert town.ticket(number).urges == 1
    return hand


@task("Agent: two matters in one call", (4, 0, 3), 4)
def two_matters(town: Town) -> Hand:
    before = town.count()
    hand = _answers(town)
    hand.write(LAMP)
    hand.key_and_load("Alt+m")
    hand.stands_in("f-body")
    hand.write("小区门口的井盖也坏了，走路要绕开。")
    hand.key_and_load("Alt+s")
    _hangs_up(hand)
    assert town.count() == before + 2
    return hand


@task("Agent: three-way call to 110", (5, 0, 2), 5)
def three_way(town: Town) -> Hand:
    hand = _answers(town)
    hand.write("有人在路口打架。")
    hand.key("Alt+6")
    hand.page.locator("#line-110[open]").wait_for()
    hand.page.wait_for_timeout(450)
    hand.key("Alt+6")
    hand.page.locator(".leg[data-leg='110']").wait_for()
    hand.key_and_load("Alt+s")
    hand.key("Alt+g")
    assert town.count() == 1
    return hand


@task("Agent: keep as a draft", (2, 0, 2), 2)
def keep_a_draft(town: Town) -> Hand:
    hand = _answers(town)
    hand.write("来电人说到一半挂断了。")
    hand.key_and_load("Alt+k")
    assert town.ticket().state == "draft"
    return hand


@task("Dispatcher: recognised ticket", (1, 0, 1), 1)
def dispatch_recognised(town: Town) -> Hand:
    number = town.has("to_dispatch")
    du = town.enter("du", f"/dispatch/{number}")
    assert du.locator("#f-unit").input_value(), "the unit is proposed"
    hand = Hand(du)
    hand.key_and_load("Alt+s")
    assert town.ticket(number).state == "to_sign"
    return hand


@task("Dispatcher: take back a wrong dispatch", (5, 2, 5), 1)
def take_back(town: Town) -> Hand:
    dispatched = dispatch_recognised(town)
    number = town.ticket().number
    hand = Hand(dispatched.page)
    hand.key_and_load("Alt+z")
    assert town.ticket(number).state == "to_dispatch"
    return hand


@task("Unit: sign several", (1, 3, 1), 1, 1)
def sign_several(town: Town) -> Hand:
    numbers = [town.has("to_sign") for _one in range(3)]
    hand = Hand(town.enter("he", "/unit?tab=sign"))
    hand.click(hand.page.locator("[data-pick-all]"))
    hand.key_and_load("Alt+s")
    assert {town.ticket(number).state for number in numbers} == {"handling"}
    return hand


def good_reply(town: Town) -> str:
    """A reply with everything on record."""
    number = town.has("handling")
    town.act(number, "he", "contact")
    town.act(number, "he", "reply", answered_citizen="yes")
    return number


@task("Reviewer: pass a good reply", (15, 0, 1), 3)
def pass_a_good_reply(town: Town) -> Hand:
    number = good_reply(town)
    hand = Hand(town.enter("ren", f"/review/{number}"))
    hand.key("a")
    hand.key_and_load("Alt+p")
    assert town.ticket(number).state == "to_follow_up"
    return hand


@task("Reviewer: send back", (4, 0, 1), 4)
def send_back(town: Town) -> Hand:
    number = good_reply(town)
    hand = Hand(town.enter("ren", f"/review/{number}"))
    hand.key("1")
    hand.key("n")
    hand.key("Alt+b")
    hand.stands_in("f-note")
    hand.write("请写明查到了什么、修好没有。")
    hand.key_and_load("Alt+r")
    assert town.ticket(number).round == 2
    return hand


@task("Follow-up: record an answer by telephone", (2, 4, 1), 5)
def record_an_answer(town: Town) -> Hand:
    number = town.has("to_follow_up")
    hand = Hand(town.enter("hui", f"/followup/{number}"))
    for digit in ("1", "1", "2", "1"):
        hand.key(digit)
    hand.key_and_load("Alt+s")
    with town.installation.readings() as db:
        survey = db.scalars(select(Survey).order_by(Survey.id.desc()).limit(1)).one()
    assert (town.ticket(number).state, survey.solved, survey.result, survey.attitude) == ("closed", "yes", 5, 4)
    return hand


def overdue(town: Town) -> str:
    number = town.has("handling")
    town.life.clock.at += timedelta(days=40)
    ring(town.installation, town.life.clock.now())
    town.drain()
    return number


@task("Anybody: open a ticket by its whole number", (4, 0, 2), 2)
def open_by_number(town: Town) -> Hand:
    number = town.has("handling")
    hand = Hand(town.enter("du2", "/supervision"))
    hand.key("/")
    hand.write(number)
    hand.key_and_load("Enter")
    assert hand.page.url.endswith(f"/tickets/{number}")
    return hand


@task("Agent: look something up during a call", (3, 1, 2), 4)
def look_up(town: Town) -> Hand:
    number = town.has("handling")
    hand = _answers(town)
    hand.key("Escape")
    hand.key("/")
    hand.write(number)
    hand.key_and_load("Enter")
    assert hand.page.url.endswith(f"/tickets/{number}")
    return hand


@task("Supervisor: urge an overdue ticket from the list", None, 2)
def urge_overdue(town: Town) -> Hand:
    number = overdue(town)
    hand = Hand(town.enter("du2", "/supervision/?tab=late"))
    hand.key_and_load("1")
    hand.key_and_load("Alt+s")
    with town.installation.readings() as db:
        told = db.scalars(select(TicketEvent.action).where(TicketEvent.ticket_id == town.ticket(number).id)).all()
    assert told[-1] == "urge_unit", told[-3:]
    return hand


@task("Citizen (phone): send a request, consent ticked", (0, 2, 2), 0, 3)
def citizen_sends(town: Town) -> Hand:
    page = town.window(PHONE)
    page.goto("/c")
    hand = Hand(page)
    before = town.count()
    hand.click_and_load(page.get_by_role("link", name="提交诉求").first)
    page.locator("#f-body").fill(LAMP)
    page.locator("#f-phone").fill("13800001234")
    hand.click(page.locator("#f-consent label"))
    hand.click_and_load(page.get_by_role("button", name="提交", exact=True))
    assert town.count() == before + 1
    return hand


def table(rows: list[tuple[Task, Hand | None]]) -> str:
    """The measured tasks beside what they took before, as Markdown."""
    lines = [
        "| task | keys | clicks | loads | before: keys, clicks, loads |",
        "|---|---:|---:|---:|---|",
    ]
    for one, hand in rows:
        now: tuple[Any, Any, Any] = (hand.keys, hand.clicks, hand.loads) if hand else ("–", "–", "–")
        before = ", ".join(map(str, one.before)) if one.before else "impossible"
        lines.append(f"| {one.name} | {now[0]} | {now[1]} | {now[2]} | {before} |")
    return "\n".join(lines)
