"""What is wrong with a page: for a screen reader, on a small screen, in the dark, in another language."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from sqlalchemy import select

from hotline.installation import Installation
from hotline.web.citizen.access import KEY
from hotline.web.core import sessions
from models import (
    Staff,
    Ticket,
)
from tests.support.windows import keep_picture

if TYPE_CHECKING:
    from playwright.sync_api import Page


NOW = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)
SIZES = {"zh": {"width": 1440, "height": 900}, "en": {"width": 390, "height": 844}}
RUN = """async (rules) => (await axe.run({runOnly: rules, resultTypes: ['violations'], preload: false, selectors: false}))
  .violations.filter((one) => ['serious', 'critical'].includes(one.impact))
  .map((one) => `${one.impact} ${one.id}: ${one.nodes.slice(0, 4).map((node) => node.html.slice(0, 160)).join(' | ')}`)"""
EVERYTHING, CONTRAST = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"], ["color-contrast"]
STATUS = {"/nowhere": 404}
"""What a page is answered with that is meant to be something else than shown."""
PICTURES = os.environ.get("KEEP_PICTURES") == "1"
WIDTH = """() => {
  const seen = document.documentElement.clientWidth, out = document.documentElement.scrollWidth - seen;
  if (out <= 1) return '';
  const rolls = (one) => one !== document.body && (getComputedStyle(one).overflowX !== 'visible' || rolls(one.parentElement));
  const wide = [...document.body.querySelectorAll('*')].filter((one) => one.getBoundingClientRect().right > seen + 1 && !rolls(one.parentElement));
  return `sticks out by ${out} px: ` + wide.slice(-3).map((one) => one.outerHTML.slice(0, 160)).join(' | ');
}"""
CHINESE_ON_IT = """() => {
  const nodes = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), said = [];
  while (nodes.nextNode()) if (!nodes.currentNode.parentElement.closest('script, datalist, [lang^=zh]')) said.push(nodes.currentNode.data);
  for (const one of document.querySelectorAll('[title], [placeholder], [aria-label], [data-confirm]'))
    if (!one.closest('[lang^=zh]')) said.push(one.title, one.placeholder, one.ariaLabel, one.dataset.confirm);
  return said.filter(Boolean).join('\\n').match(/[\\u4e00-\\u9fff]+/g) ?? [];
}"""
EXAMPLES = {
    "中文",
    "路灯",
    "东工路",
    "路灯坏了",
    "问",
    "答",
    "依据",
    "个工作日",
    "当场办结",
    "工作日",
    "暖气不热",
}
"""Chinese that an English page means: the name of the other language, and words to look for."""


def sign_in(page: Page, demo: tuple[Installation, Flask, str], login: str, language: str, number: str) -> None:
    """As this person; as nobody one has proved the query code of this number."""
    installation, app, url = demo
    with installation.sessions() as db:
        if login:
            person = db.scalars(select(Staff).where(Staff.login == login)).one()
            name, secret = sessions.COOKIE, sessions.begin(db, person, NOW, "127.0.0.1", "axe")
            db.commit()
        else:
            proved = {str(db.scalars(select(Ticket.id).where(Ticket.number == number)).one()): NOW.isoformat()}
            name, secret = (
                app.config["SESSION_COOKIE_NAME"],
                SecureCookieSessionInterface().get_signing_serializer(app).dumps({KEY: proved}),
            )  # type: ignore[union-attr]
    page.context.clear_cookies()
    page.context.add_cookies(
        [{"name": sessions.LANGUAGE_COOKIE, "value": language, "url": url}, {"name": name, "value": secret, "url": url}]
    )


def open_page(page: Page, address: str) -> None:
    """The page itself: a refusal or a page that is not there looks well too, and nobody would notice."""
    answer = page.goto(address)
    assert answer is not None
    assert answer.status == STATUS.get(address, 200), f"{address}: {answer.status}"


def wrong_with(page: Page, address: str, language: str, own_words: str) -> list[str]:
    """What is wrong with this page."""
    open_page(page, address)
    found: list[str] = page.evaluate(RUN, EVERYTHING)
    if wide := page.evaluate(WIDTH):
        found.append(wide)
    if language == "en":
        found += [
            f"not in English: {words}"
            for words in dict.fromkeys(page.evaluate(CHINESE_ON_IT))
            if words not in own_words and words not in EXAMPLES
        ]
    if found or PICTURES:
        keep_picture(page, f"{'wrong' if found else 'light'}-{language}-{address}")
    if language == "zh" or PICTURES:  # both languages have one palette
        found += _seen_in_the_dark(page, address, language)
    return found


def _seen_in_the_dark(page: Page, address: str, language: str) -> list[str]:
    """What nobody can read when the system asks for dark: the page that stands there, without another load."""
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    found = [f"dark: {one}" for one in page.evaluate(RUN, CONTRAST)]
    if found or PICTURES:
        keep_picture(page, f"{'wrong-' if found else ''}dark-{language}-{address}")
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    return found
