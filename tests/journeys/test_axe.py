"""axe-core finds nothing serious or critical on any page of any role, in both languages, with a city full of tickets."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from hotline.app import create_app
from hotline.city.schema import City
from hotline.clock import StoppedClock
from hotline.demo import seed
from hotline.house import House
from hotline.jobs.build import build_house
from hotline.jobs.carriers import NoCarrier
from hotline.settings import Settings
from hotline.web import sessions
from models import Staff, Survey, Ticket
from tests.conftest import keep_picture
from tests.fakes import MemorySender
from tests.services import LiveServer, SqliteTests

if TYPE_CHECKING:
    from playwright.sync_api import Browser

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
RUN = """async () => (await axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'], resultTypes: ['violations']}))
  .violations.filter((one) => ['serious', 'critical'].includes(one.impact))
  .map((one) => `${one.impact} ${one.id}: ${one.nodes.slice(0, 4).map((node) => node.html.slice(0, 160)).join(' | ')}`)"""
NOW = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)
PAGES: dict[str, tuple[str, ...]] = {
    "": ("/c", "/c/new", "/c/track", "/c/times", "/s/{survey}", "/login"),
    "demo-agent": ("/desk", "/notices", "/account", "/phone", "/search", "/search?q=路灯&open=1", "/tickets/{to_dispatch}"),
    "demo-lead": ("/desk", "/supervision", "/overview", "/tickets/{handling}"),
    "demo-dispatch": ("/dispatch", "/dispatch/{to_dispatch}", "/dispatch/{in_objection}", "/dispatch/{in_dispute}", "/dispatch?tab=petitions",
                      "/tickets/{to_dispatch}/do/merge"),
    "demo-unit": ("/unit", "/unit?tab=handling", "/unit?tab=closed", "/tickets/{mine}", "/tickets/{mine}/do/reply",
                  "/tickets/{mine}/petitions/extension", "/search?q=路"),
    "demo-leader": ("/unit", "/overview"),
    "demo-review": ("/review", "/review/{to_review}"),
    "demo-followup": ("/followup", "/followup/{to_follow_up}", "/followup?part=answered"),
    "demo-supervisor": ("/supervision", "/supervision?tab=petitions", "/supervision?tab=load", "/tickets/{closed}", "/tickets/{closed}/do/redo",
                        "/search/export?open=1"),
    "demo-head": ("/overview", "/overview/tickets?metric=satisfied&part=of&period=30d", "/overview/open?state=handling", "/supervision"),
    "demo-leader-city": ("/supervision?tab=instructions", "/overview"),
    "demo-discipline": ("/supervision", "/search"),
    "demo-media": ("/supervision",),
    "demo-quality": ("/overview", "/search"),
    "demo-admin": ("/admin/", "/admin/staff", "/admin/staff/new", "/admin/staff/1", "/admin/roles", "/admin/sessions", "/admin/units",
                   "/admin/calendar", "/admin/limits", "/admin/texts", "/admin/promises", "/admin/messages", "/admin/inbound", "/admin/tokens",
                   "/admin/audit"),
}
IN_ENGLISH = {"": 6, "demo-agent": 2, "demo-dispatch": 3, "demo-unit": 5, "demo-review": 2, "demo-followup": 2, "demo-supervisor": 2,
              "demo-head": 2, "demo-admin": 4}
"""The first so many pages of these people are looked at in English too: the rest differs from these by its words alone."""


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory, sqlite_tests: SqliteTests, city: City) -> Iterator[tuple[House, str, dict[str, str]]]:
    """The demo's city of tickets, made once: the house, its address, and one number for every state."""
    folder = tmp_path_factory.mktemp("axe")
    engine = sqlite_tests.apart(folder / "demo.db")
    settings = Settings(secret_key="k" * 40, twilio_auth_token="t" * 40, var=folder, testing=True)
    house = build_house(settings, city=city, clock=StoppedClock(NOW), engine=engine, sender=MemorySender(at=NOW), carrier=NoCarrier())
    seed(house)
    app = create_app(settings, house)
    server = LiveServer(app).start()
    yield house, server.url, examples(house)
    server.stop()
    if "watcher" in app.extensions:
        app.extensions["watcher"].stop()
    engine.dispose()


def examples(house: House) -> dict[str, str]:
    with house.readings() as db:
        rows = db.execute(select(Ticket.state, Ticket.number, Ticket.unit_code).order_by(Ticket.id)).all()
        home = db.scalars(select(Staff.unit_code).where(Staff.login == "demo-unit")).one()
        survey = db.scalars(select(Survey.token).order_by(Survey.id.desc()).limit(1)).one()
    return {**{state: number for state, number, _unit in rows}, "survey": survey,
            "mine": next(number for state, number, unit in rows if unit == home and state == "handling")}


def seen(browser: Browser, demo: tuple[House, str, dict[str, str]], login: str, paths: tuple[str, ...], language: str,
         size: dict[str, int]) -> list[str]:
    """What axe finds on these pages for this person."""
    house, url, numbers = demo
    context = browser.new_context(viewport=size, base_url=url, locale="zh-CN", timezone_id="Asia/Shanghai",  # type: ignore[arg-type]
                                  reduced_motion="reduce")
    context.set_default_timeout(25_000)
    context.clock.set_system_time(NOW)
    cookies = [{"name": sessions.LANGUAGE_COOKIE, "value": language, "url": url}]
    if login:
        with house.sessions() as db:
            person = db.scalars(select(Staff).where(Staff.login == login)).one()
            cookies.append({"name": sessions.COOKIE, "value": sessions.begin(db, person, NOW, "127.0.0.1", "axe"), "url": url})
            db.commit()
    context.add_cookies(cookies)  # type: ignore[arg-type]
    page, found = context.new_page(), []
    for path in paths:
        answer = page.goto(path.format(**numbers))
        assert answer is not None
        assert answer.status == 200, f"{login} {path}: {answer.status}"
        page.evaluate(AXE)
        found += [f"{login or 'citizen'} {path} ({language}, {size['width']}): {one}" for one in page.evaluate(RUN)]
        if language == "zh":
            keep_picture(page, f"demo-{login or 'citizen'}-{path.split('?')[0].replace('{', '').replace('}', '')}-{size['width']}")
    context.close()
    return found


@pytest.mark.parametrize("login", PAGES)
def test_no_page_of_this_person_has_a_serious_violation(browser: Browser, demo: Any, login: str) -> None:
    assert seen(browser, demo, login, PAGES[login], "zh", {"width": 1440, "height": 900}) == []


@pytest.mark.parametrize("login", IN_ENGLISH)
def test_nor_in_english_on_a_phone(browser: Browser, demo: Any, login: str) -> None:
    assert seen(browser, demo, login, PAGES[login][:IN_ENGLISH[login]], "en", {"width": 390, "height": 844}) == []
