"""What dispatchers, units, reviewers, follow-up, supervisors, leaders and citizens do all day."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from hotline.jobs.schedule import ring
from models import Survey, TicketEvent
from tests.support.desks.agents_tasks import LAMP
from tests.support.desks.hand import Hand, task
from tests.support.town import PHONE, Town, press


@task("Dispatcher: recognised ticket", (1, 0, 1), 1)
def dispatch_recognised(town: Town) -> Hand:
    number = town.has("to_dispatch")
    du = town.enter("du", f"/dispatch/{number}")
    assert du.locator("#f-unit").input_value(), "the unit is proposed"
    hand = Hand(du)
    hand.key_and_load("Alt+s")
    assert town.ticket(number).state == "to_sign"
    return hand


@task("Dispatcher: unrecognised ticket", (3, 0, 1), 3)
def dispatch_unrecognised(town: Town) -> Hand:
    """The unit is named at once; by way of the category it is a key more."""
    number = town.life.ticket(words="那个事还是老样子，你们看着办吧。").number
    town.life.db.commit()
    town.drain()
    hand = Hand(town.enter("du", f"/dispatch/{number}"))
    assert not hand.page.locator("#f-unit").input_value()
    hand.key("Alt+u")
    hand.stands_in("f-unit")
    hand.write("市城市管理局")
    hand.key_and_load("Alt+s")
    assert town.ticket(number).state == "to_sign"
    return hand


@task("Dispatcher: ask the citizen, split, merge: open each", (1, 1, 2), 1)
def beside_dispatching(town: Town) -> Hand:
    """One key opens each form; counted for one of them, tried for all."""
    number = town.has("to_dispatch")
    for letter, action in (("c", "/do/ask_more"), ("f", "/split"), ("g", "/merge")):
        hand = Hand(town.enter("du", f"/dispatch/{number}"))
        assert hand.page.locator(f"[data-key='{letter}']").is_visible()
        hand.key_and_load(letter)
        assert action in hand.page.url, hand.page.url
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


@task("Unit: first contact", (1, 3, 2), 6)
def first_contact(town: Town) -> Hand:
    number = town.has("handling")
    hand = Hand(town.enter("he", "/unit?tab=handling"))
    hand.key("j")
    hand.key_and_load("2")
    assert hand.page.url.split("?")[0].endswith(f"/tickets/{number}/do/contact"), hand.page.url
    hand.key("1")
    hand.key("1")
    hand.key("Tab")
    hand.stands_in("f-note")
    hand.write("已与市民通话，约定明天到现场。")
    hand.key_and_load("Alt+s")
    with town.installation.readings() as db:
        assert "contact" in db.scalars(select(TicketEvent.action)).all()
    return hand


@task("Unit: reply, typed in four fields", (1, 8, 2), 5, 4)
def reply(town: Town) -> Hand:
    """The choices are digits, the fields are clicked into."""
    number = town.has("handling")
    town.act(number, "he", "contact")
    hand = Hand(town.enter("he", f"/tickets/{number}/do/reply"))
    for digit in ("1", "1", "1", "2"):
        hand.key(digit)
    for field, words in (
        ("facts", "现场核查属实，灯杆线路断开。"),
        ("measures", "当晚更换线路，已恢复照明。"),
        ("helpers_note", "协办单位已电话确认断电配合。"),
        ("public_answer", "路灯线路已于今日更换，现已恢复照明。"),
    ):
        hand.click(hand.page.locator(f"#f-{field}"))
        hand.write(words)
    hand.key_and_load("Alt+s")
    assert town.ticket(number).state == "to_review"
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


@task("Follow-up: judge a dissatisfied answer", (1, 1, 1), 2, 1)
def judge(town: Town) -> Hand:
    number = town.has("to_follow_up")
    town.act(number, "citizen", "note_dissatisfied")
    hand = Hand(town.enter("hui", f"/followup/{number}"))
    hand.click(hand.page.locator(".reason").first)
    hand.page.locator("#f-note").fill("市民说灯仍不亮，请到现场核实并修好。")
    hand.key_and_load("Alt+r")
    assert town.ticket(number).round == 2
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


@task("Supervisor: decide a petition", (0, 1, 1), 0, 1)
def decide_a_petition(town: Town) -> Hand:
    number = town.has("handling")
    he = town.enter("he", f"/tickets/{number}/petitions/extension")
    he.locator("textarea").first.fill("需要开挖道路，已申请占道许可。")
    press(he, "申请延期")
    hand = Hand(town.enter("du2", "/supervision/?tab=petitions"))
    hand.click_and_load(hand.page.get_by_role("button", name="同意", exact=True).first)
    assert town.ticket(number).extensions == 1
    return hand


@task("City leader: instruct from a list", (1, 1, 2), 2)
def instruct(town: Town) -> Hand:
    number = overdue(town)
    hand = Hand(town.enter("shi", "/supervision/?tab=late"))
    hand.key_and_load("1")
    if hand.page.locator("#f-text").count() and not hand.page.locator("#f-text").input_value():
        hand.page.locator("#f-text").fill("请抓紧办理。")
    hand.key_and_load("Alt+s")
    with town.installation.readings() as db:
        told = db.scalars(select(TicketEvent.action).where(TicketEvent.ticket_id == town.ticket(number).id)).all()
    assert told[-1] == "instruct", told[-3:]
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


@task("Citizen (phone): rate", (0, 2, 1), 0, 2)
def citizen_rates(town: Town) -> Hand:
    number = town.has("to_follow_up")
    page = town.window(PHONE)
    page.goto(next(path for path in reversed(town.links_to()) if path.startswith("/s/")))
    hand = Hand(page)
    assert page.locator("details.what-answered[open]").is_visible(), "the answer is read first"
    hand.click_and_load(page.get_by_role("button", name="解决了，满意"))
    assert town.ticket(number).state == "closed"
    return hand
