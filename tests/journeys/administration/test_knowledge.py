"""From the caller's question to the sent answer: the answer stands beside the form, and two keys send it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from models import Article, Message
from tests.support.knowledge_book import Keepers
from tests.support.town import PHONE, Town
from tests.support.windows import ready

if TYPE_CHECKING:
    from playwright.sync_api import Page

ASKED = "来电人问，家里暖气片摸着冰凉怎么办"


def _asks(page: Page, words: str) -> None:
    """The number, which has the desk read what it needs for its first answer, and then the words."""
    with page.expect_response("**/desk/beside"):
        page.locator("#f-phone").fill("13800001234")
    page.locator("#f-body").fill(words)


def test_from_the_question_to_the_sent_answer_in_two_keys(town: Town) -> None:
    keepers = Keepers(town.life.db, town.life.city)
    article = keepers.released(town.life)
    page = town.enter("an", "/desk")
    _asks(page, ASKED)
    page.wait_for_selector("#answers")
    ready(page)
    page.keyboard.press("Alt+4")
    page.wait_for_function("() => document.querySelector('#f-answer').value.includes('（依据：')")
    with page.expect_navigation():
        page.keyboard.press("Alt+d")
    assert town.ticket().state == "closed"
    town.life.clock.forward(seconds=11)  # the seconds in which it could be taken back
    town.drain()
    assert any("先放气" in text for text in town.sender.texts_to("13800001234"))
    with town.installation.readings() as db:
        assert db.scalar(select(Article.uses).where(Article.id == article.id)) == 1


def test_one_key_texts_it_to_the_caller_and_a_second_press_sends_nothing(town: Town) -> None:
    Keepers(town.life.db, town.life.city).released(town.life)
    page = town.enter("an", "/desk")
    _asks(page, ASKED)
    page.wait_for_selector("#answers")
    ready(page)
    page.keyboard.press("Alt+Enter")
    page.wait_for_selector(".answer-told-good")
    with page.expect_response("**/desk/beside"):
        page.locator("#f-body").press_sequentially("？")
    assert page.locator(".answer-told-good").is_visible(), "what was sent stays said while more is written"
    ready(page)
    page.keyboard.press("Alt+Enter")
    page.wait_for_selector(".answer-told-bad")
    town.drain()
    assert len(town.sender.texts_to("13800001234")) == 1
    with town.installation.readings() as db:
        assert db.scalars(select(Message.template_key).where(Message.channel == "sms")).all() == ["knowledge_answer"]


def test_a_citizen_reads_the_answer_before_sending(town: Town) -> None:
    Keepers(town.life.db, town.life.city).released(town.life)
    page = town.window(PHONE)
    page.goto("/c/new")
    ready(page)
    page.locator("#f-body").press_sequentially("我家暖气片冰凉怎么办")
    page.wait_for_selector(".may-answer")
    page.locator(".may-answer summary").first.click()
    assert page.get_by_text("先放气").is_visible()
    assert town.count() == 0


def test_a_guess_is_opened_before_it_goes_into_the_answer(town: Town) -> None:
    """The same key twice: the first opens what may answer, and only what was opened can be taken or sent."""
    keepers = Keepers(town.life.db, town.life.city)
    keepers.released(town.life)
    page = town.enter("an", "/desk")
    _asks(page, "来电人问，暖气片能不能自己换成地暖，要办什么手续")
    page.wait_for_selector("#answers summary")
    ready(page)
    assert page.get_by_text("展开核对后再用").is_visible()
    page.keyboard.press("Alt+Enter")
    with page.expect_response("**/desk/beside"):
        page.keyboard.press("Alt+4")
    page.wait_for_selector("#answers details[open] .answer-say")
    assert page.locator("#f-answer").input_value() == ""
    page.keyboard.press("Alt+4")
    page.wait_for_function("() => document.querySelector('#f-answer').value.includes('（依据：')")
    town.drain()
    assert not town.sender.texts_to("13800001234")


def test_what_was_withdrawn_while_it_stood_on_the_screen_is_taken_out_of_the_answer_again(town: Town) -> None:
    article = Keepers(town.life.db, town.life.city).released(town.life)
    page = town.enter("an", "/desk")
    _asks(page, ASKED)
    page.wait_for_selector("#answers")
    ready(page)
    article.withdrawn_at = town.life.now
    town.life.db.commit()
    page.keyboard.press("Alt+4")
    page.get_by_text("已经撤下或过期").wait_for()
    assert page.locator("#f-answer").input_value() == ""
