"""Back and reload onto a page that answered a form: nothing is sent twice, no word is lost, and never the browser's own error page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from hotline.tickets import petitions
from models import Staff
from tests.support.make import make_staff
from tests.support.town import Town, go, press
from tests.support.windows import ready

if TYPE_CHECKING:
    from playwright.sync_api import Page


def sent_by(page: Page) -> list[str]:
    """How each page of this window was asked for from now on."""
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.method) if one.resource_type == "document" else None)
    return asked


def there(page: Page, field: str, words: str) -> None:
    page.wait_for_function("([f, w]) => document.querySelector(f)?.value === w", arg=[field, words])


def refuse_a_reply(town: Town) -> tuple[Page, str, str]:
    page = town.enter("he", f"/tickets/{town.has('handling')}/do/reply")
    page.locator("#f-facts").fill("现场查看，灯杆线路断开")
    press(page, "提交答复")
    return page, "#f-facts", "现场查看，灯杆线路断开"


def refuse_to_sign(town: Town) -> Page:
    """The leader sends a reply back and forgets to say why."""
    life, ticket = town.life, town.life.to("handling")
    ticket.urgency = "urgent"
    petitions.ask(life.db, life.city, ticket, "sign_off", life.people["he"], life.now, life.answers("reply", ticket))
    life.db.commit()
    page = town.enter("hejt", "/unit/signing/")
    press(page, "退回修改")
    return page


def refuse_a_hire(town: Town) -> tuple[Page, str, str]:
    make_staff(town.life.db, "guan", "管", "administrator", unit="hotline")
    town.life.db.commit()
    page = town.enter("guan", "/admin/staff/new")
    page.locator("#f-name").fill("新来的人")
    press(page, "建立账号")
    return page, "#f-name", "新来的人"


@pytest.mark.parametrize("refuse", [refuse_a_reply, refuse_a_hire])
def test_a_refused_form_is_read_again_and_holds_its_words(refuse: object, town: Town) -> None:
    page, field, words = refuse(town)  # type: ignore[operator]
    ready(page)
    assert page.locator(".problems, .has-error").count()
    there(page, field, words)
    asked = sent_by(page)
    page.reload()
    there(page, field, words)
    go(page, "/account")
    page.go_back()
    there(page, field, words)
    assert asked == ["GET"] * len(asked)


def test_an_account_is_made_once_however_often_its_page_is_read_again(town: Town) -> None:
    """Reloading the page with the new password sent the form again; the way back led to the browser's own error page."""
    page, _field, _words = refuse_a_hire(town)
    ready(page)
    page.locator("#f-login").fill("xinlai")
    page.get_by_label("话务员").check()
    press(page, "建立账号")
    page.get_by_text("xinlai").first.wait_for()
    asked = sent_by(page)
    page.reload()
    page.go_back()
    ready(page)
    assert asked == ["GET"] * len(asked) and page.locator("#f-login").count()
    assert town.life.db.scalar(select(func.count(Staff.id)).where(Staff.login == "xinlai")) == 1


def test_a_page_under_an_address_that_only_takes_forms_becomes_the_page_the_form_stood_on(town: Town) -> None:
    """Reloading sent the form again, and the switch of languages led to an address that no page has."""
    page = refuse_to_sign(town)
    page.get_by_text("请写明理由").first.wait_for()
    asked = sent_by(page)
    page.reload()
    assert asked == ["GET"] and page.url.endswith("/unit/signing/")
    press(page, "退回修改")
    page.get_by_text("请写明理由").first.wait_for()
    page.locator(".language-button").click()
    page.locator("html[lang=en]").wait_for()
    assert page.url.endswith("/unit/signing/") and page.locator(".signing-answer").count()
