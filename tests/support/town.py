"""A running hotline, a window of a real browser for everybody who takes part, and what people do in a window."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from flask import Flask
from sqlalchemy import Engine, select
from werkzeug.test import Client
from werkzeug.wrappers import Response

from hotline.app import create_app
from hotline.city.schema import City
from hotline.clock import StoppedClock
from hotline.installation import Installation
from hotline.jobs.build import build_installation
from hotline.outbox.runner import drain
from hotline.outbox.transports import NoTransport
from hotline.settings import Settings
from hotline.web.core import sessions
from models import Staff, Ticket
from tests.support.doubles.fakes import MemorySender
from tests.support.life import Life
from tests.support.make import PASSWORD
from tests.support.windows import is_complaint, ready
from webhooks.simulator import SignedRequest, TwilioPhone

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

TOKEN = "t" * 40
PUBLIC_URL = "http://hotline.test"
DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
CITIZEN = "13800001234"


@dataclass
class Town:
    """A running hotline. `enter` opens a window for a person; `drain` does what the workers would do by now."""

    app: Flask
    installation: Installation
    life: Life
    sender: MemorySender
    url: str
    browser: Browser
    windows: list[BrowserContext] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def window(self, size: dict[str, int] = DESK, language: str = "", zone: str = "Asia/Shanghai") -> Page:
        """A window in which nobody has signed in, on a computer whose clock stands in this zone."""
        context = self.browser.new_context(
            viewport=size,
            locale="zh-CN",
            timezone_id=zone,
            has_touch=size is PHONE,  # type: ignore[arg-type]
            base_url=self.url,
            reduced_motion="reduce",
        )
        context.set_default_timeout(25_000)
        context.clock.set_system_time(self.installation.clock.now())
        if language:
            context.add_cookies([{"name": sessions.LANGUAGE_COOKIE, "value": language, "url": self.url}])
        self.windows.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        page.on(
            "console", lambda said: self.complaints.append(f"{page.url}: {said.text}") if is_complaint(said) else None
        )
        return page

    def enter(
        self, login: str, path: str = "/", size: dict[str, int] = DESK, language: str = "", zone: str = "Asia/Shanghai"
    ) -> Page:
        """A window in which this person has signed in, on this page."""
        page = self.window(size, language, zone)
        page.context.add_cookies([{"name": sessions.COOKIE, "value": self.secret(login), "url": self.url}])
        go(page, path)
        return page

    def secret(self, login: str) -> str:
        with self.installation.sessions() as db:
            person = db.scalars(select(Staff).where(Staff.login == login)).one()
            secret = sessions.begin(db, person, self.installation.clock.now(), "127.0.0.1", "journey")
            db.commit()
        return secret

    def by_password(self, login: str, path: str = "/") -> Page:
        """The same through the login page, as people do."""
        page = self.window()
        page.goto(f"/login?next={path}")
        page.keyboard.type(login)
        page.locator("#f-password").fill(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: urlsplit(url).path != "/login")
        ready(page)
        return page

    def drain(self) -> None:
        drain(self.installation)

    def ticket(self, number: str = "") -> Ticket:
        """How this ticket stands, or the newest."""
        with self.installation.readings() as db:
            wanted = (
                select(Ticket).where(Ticket.number == number)
                if number
                else select(Ticket).order_by(Ticket.id.desc()).limit(1)
            )
            return db.scalars(wanted).one()

    def count(self) -> int:
        with self.installation.readings() as db:
            return len(db.scalars(select(Ticket.id)).all())

    def has(self, state: str, **more: Any) -> str:
        """The number of a new ticket that has lawfully come to this state, its texts sent."""
        number = self.life.to(state).number
        self.life.db.commit()
        self.drain()
        return number

    def act(self, number: str, login: str, action: str, **answers: Any) -> None:
        """Something that happens elsewhere while the journey goes on."""
        with self.installation.sessions() as db:
            life, self.life.db = self.life.db, db
            try:
                self.life.do(db.scalars(select(Ticket).where(Ticket.number == number)).one(), login, action, **answers)
                db.commit()
            finally:
                self.life.db = life
        self.drain()

    def knock(self, knock: SignedRequest) -> str:
        """The telephone network tells us something, signed; returns what we answer."""
        answer = Client(self.app.wsgi_app, Response).post(
            knock.path, data=knock.body, headers=list(knock.headers.items())
        )
        assert answer.status_code < 300, answer.get_data(as_text=True)
        return answer.get_data(as_text=True)

    def phone(self, number: str = CITIZEN) -> TwilioPhone:
        return TwilioPhone(token=TOKEN, public_url=PUBLIC_URL, from_number=f"+86{number}", to_number="+8612345")

    def links_to(self, number: str = CITIZEN) -> list[str]:
        """The addresses on this hotline that this phone was sent, oldest first."""
        return [
            urlsplit(link).path
            for text in self.sender.texts_to(number)
            for link in re.findall(r"https?://[A-Za-z0-9\-._/?=&%]+", text)
        ]


def open_town(
    engine: Engine, city: City, clock: StoppedClock, var: Path, browser: Browser, serve: Callable[[Any], str]
) -> Town:
    """A hotline over this clean database, served; its people are there, and nothing has happened yet. Close `life.db` at the end."""
    settings = Settings(secret_key="k" * 40, twilio_auth_token=TOKEN, public_url=PUBLIC_URL, var=var, testing=True)
    sender = MemorySender(at=clock.now())
    installation = build_installation(
        settings, city=city, clock=clock, engine=engine, sender=sender, transport=NoTransport()
    )
    app = create_app(settings, installation)
    life = Life(installation.sessions(), city, clock)
    life.db.commit()
    return Town(app, installation, life, sender, serve(app), browser)


def close_town(town: Town) -> None:
    for window in town.windows:
        window.close()
    town.life.db.close()


def go(page: Page, path: str) -> None:
    """Open a page and wait until its scripts listen."""
    page.goto(path)
    ready(page)


def press(page: Page, name: str, inside: str = "body", exact: bool = False) -> None:
    """Press the last button of this name and wait for the page it leads to."""
    with page.expect_navigation():
        page.locator(inside).get_by_role("button", name=name, exact=exact).last.click()
    ready(page)


def typed_copy(page: Page) -> None:
    """Wait until this window has its own copy of what was typed."""
    page.wait_for_function("() => Object.keys(sessionStorage).some((key) => key.startsWith('hotline:typed:'))")


def choose(page: Page, name: str, value: str) -> None:
    """A radio or tick as people choose it: by its label."""
    page.locator(f'input[name="{name}"][value="{value}"]').check()
