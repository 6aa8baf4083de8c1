"""What agents do all day: answer, log, answer directly, urge, link three, look up."""

from __future__ import annotations

from tests.support.desks.hand import Hand, task
from tests.support.make import CHENGGUAN
from tests.support.town import Town, ready

LAMP = "文峰大道与东工路交叉口的路灯坏了三天，晚上看不见路。"
NUMBERS = iter(range(1, 10**6))


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
    """What was handed in is over with the call: a blank form is loaded for the next matter."""
    hand.key("Alt+g")
    hand.page.wait_for_url("**/desk?blank=1")
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


@task("Agent: with a category picked", (4, 0, 2), 4)
def log_with_a_category(town: Town) -> Hand:
    hand = _answers(town)
    hand.write(LAMP)
    hand.page.locator("[data-key='alt+1']:visible").first.wait_for()
    hand.key("Alt+1")
    hand.key_and_load("Alt+s")
    _hangs_up(hand)
    assert town.ticket().category_code
    return hand


@task("Agent: the urgency that is proposed", (7, 0, 0), 3)
def urgent_by_its_words(town: Town) -> Hand:
    """Nothing is pressed for it: the three keys are those of any call."""
    hand = _answers(town)
    hand.write("文峰大道变压器着火了，里面还有人被困。")
    hand.key_and_load("Alt+s")
    _hangs_up(hand)
    town.drain()
    assert town.ticket().urgency == "critical"
    return hand


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


@task("Agent: answer while on another page", (1, 1, 2), 1)
def answer_elsewhere(town: Town) -> Hand:
    town.life.staff["an"].on_duty = True
    town.life.db.commit()
    an = town.enter("an", "/search")
    _rings(town)
    an.locator(".call-bar [data-key='alt+a']").wait_for()
    hand = Hand(an)
    hand.key_and_load("Alt+a")
    hand.stands_in("f-body")
    return hand
