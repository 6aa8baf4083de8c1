"""The stage: a hotline of its own on a free port, the network's phone, a clock in our hands, and the people of the demo."""

from __future__ import annotations

import json
import logging
import re
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from werkzeug.serving import make_server

from hotline.api.tokens import issue
from hotline.app import create_app
from hotline.city.sync import sync
from hotline.clock import Clock, StoppedClock
from hotline.demo.people import Cast, hire_all
from hotline.demo_story.browser import Browser, WentWrong, said_on
from hotline.i18n import _
from hotline.installation import Installation
from hotline.jobs.build import build_installation
from hotline.jobs.schedule import ring
from hotline.keys import master_key
from hotline.messages.values import clock_name
from hotline.outbox.runner import drain
from hotline.settings import Settings, read_settings
from hotline.staff.sign_in.passwords import DEMO_PASSWORD
from hotline.tickets import deadlines
from hotline.tickets.search.full_text import create_search
from hotline.tickets.states import STATES, State
from models import Deadline, Ticket
from models.store.migrate import upgrade
from routing.spans import Span
from webhooks.simulator import SignedRequest

NOISY = ("werkzeug", "webhooks")
"""Loggers that would talk between the story's lines."""


@dataclass
class Stage:
    """The running hotline, the network's phone, and how to tell what happens."""

    installation: Installation
    clock: StoppedClock
    url: str
    cast: Cast
    token: str
    tell: Callable[[str], None]
    number: str = ""
    step: int = 0

    def who(self, login: str) -> Browser:
        """Somebody signs in; each deed begins at the login page, for hours pass between them."""
        browser = Browser(self.url)
        browser.submit("/login", "/login", login=login, password=DEMO_PASSWORD)
        return browser

    def unit(self) -> str:
        """The login of a handler of the unit that has the ticket."""
        with self.installation.readings() as db:
            code = db.scalars(select(Ticket.unit_code).where(Ticket.number == self.number)).one()
        login = next((p for p in ("demo-unit", "demo-other") if self.cast.actors[p].unit_code == code), "")
        if not login:
            raise WentWrong(_("单位 %(unit)s 没有演示用户。", unit=code))
        return login

    def do(self, login: str, action: str, **answers: Any) -> None:
        """One action of the life cycle by its page, and nobody takes it back."""
        path = f"/tickets/{self.number}/do/{action}"
        self.who(login).submit(path, path, **answers)
        self.clock.at += timedelta(seconds=self.installation.city.policy.undo_seconds)
        self.work()

    def work(self) -> None:
        """What the workers and the minute clock would do by now."""
        ring(self.installation, self.clock.now())
        drain(self.installation)

    def later(self, **delta: float) -> None:
        """Time passes, with bells and jobs on the way; the story works by day."""
        self.work()
        self.clock.at = self.installation.city.calendar.add(self.clock.at, Span(delta["hours"], "wh"))
        self.work()

    def knock(self, knock: SignedRequest) -> str:
        """The network tells us something, signed; returns what we answer."""
        status, text, _to = Browser(self.url).open(knock.path, knock.body, knock.headers)
        if status >= 300:
            raise WentWrong(
                _("网络的请求 %(path)s 得到 %(status)d：%(text)s", path=knock.path, status=status, text=said_on(text))
            )
        return " ".join(re.findall(r"<(?:Say|Message)[^>]*>([^<]+)<", text))

    def ask_api(self) -> dict[str, Any]:
        status, text, _to = Browser(self.url).open(
            f"/api/v1/tickets/{self.number}", headers={"Authorization": f"Bearer {self.token}"}
        )
        if status != 200:
            raise WentWrong(_("接口 %(path)s 得到 %(status)d", path=f"/api/v1/tickets/{self.number}", status=status))
        return dict(json.loads(text))

    def happened(self, who: str, what: str, expected: State | None, said: str = "") -> None:
        """Tell one step, and check the state the API shows."""
        self.step += 1
        self.tell(f"{self.step:>2}. {self.clock.at.astimezone(zone(self)):%m-%d %H:%M}  {who}：{what}")
        if said:
            self.tell(f"      {said}")
        if expected is None:
            return
        face = self.ask_api()
        unit = self.installation.city.unit_name(face["unit"]) or "–"
        self.tell(
            f"      → {_(STATES[State(face['state'])].name)} · {_('第 %(n)d 轮', n=face['round'])} · {unit} · {_clocks(self)}"
        )
        if face["state"] != expected.value:
            raise WentWrong(
                _(
                    "应为“%(expected)s”，接口说是“%(state)s”。",
                    expected=_(STATES[expected].name),
                    state=_(STATES[State(face["state"])].name),
                )
            )


@contextmanager
def a_stage(folder: Path, say: Callable[[str], None]) -> Iterator[Stage]:
    """A hotline of its own on a free port, with the demo's people and no tickets, on the next working morning."""
    settings = Settings(
        city_dir=read_settings().city_dir,
        database_url=f"sqlite:///{folder / 'story.db'}",
        var=folder,
        secret_key=secrets.token_hex(32),
        twilio_auth_token=secrets.token_hex(16),
        testing=True,
    )
    clock = StoppedClock(datetime(2000, 1, 1, tzinfo=UTC))
    installation = build_installation(settings, clock=clock)
    clock.at = installation.city.calendar.opening(Clock().now())
    upgrade(installation.engine, (create_search,))
    master_key.prepare(installation.engine, settings, clock.now())
    with installation.sessions() as db:
        sync(db, installation.city, clock.now())
        cast = hire_all(db, installation.city, clock.now() - timedelta(days=1))
        token = issue(db, "story", "story", ["tickets.read.all"], clock.now())
        db.commit()
    before = {name: logging.getLogger(name).level for name in NOISY}
    for name in NOISY:
        logging.getLogger(name).setLevel(logging.WARNING)
    server = make_server("127.0.0.1", 0, create_app(settings, installation), threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield Stage(installation, clock, f"http://127.0.0.1:{server.server_port}", cast, token, say)
    finally:
        server.shutdown()
        installation.engine.dispose()
        for name, level in before.items():
            logging.getLogger(name).setLevel(level)


def zone(stage: Stage) -> ZoneInfo:
    return ZoneInfo(stage.installation.city.timezone)


def _clocks(stage: Stage) -> str:
    """The running clocks of the ticket, each with its deadline."""
    with stage.installation.readings() as db:
        ticket_id = db.scalars(select(Ticket.id).where(Ticket.number == stage.number)).one()
        running = deadlines.running(db, ticket_id)
    return "，".join(_clock(stage, one) for one in running) or _("没有计时")


def _clock(stage: Stage, one: Deadline) -> str:
    return _(
        "%(clock)s %(due)s 到期",
        clock=clock_name(one.clock),
        due=one.due_at.astimezone(zone(stage)).strftime("%m-%d %H:%M"),
    )
