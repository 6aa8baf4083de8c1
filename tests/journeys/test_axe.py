"""Every page of every role, in both languages: axe-core finds nothing serious, nothing sticks out of a phone, nothing is left untranslated.
The same page is then asked for its dark palette, and read again. KEEP_PICTURES=1 keeps what every page looks like in both."""

from __future__ import annotations

import io
import json
import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound
from werkzeug.routing import RequestRedirect

from hotline.app import create_app
from hotline.city.schema import City
from hotline.clock import StoppedClock
from hotline.demo import seed
from hotline.installation import Installation
from hotline.intake.importing import runs
from hotline.intake.open_ticket import Contact, open_ticket
from hotline.interviews import planning, questions
from hotline.jobs.build import build_installation
from hotline.letters import scans
from hotline.nuisance.marks import may_prove, propose
from hotline.outbox.runner import drain
from hotline.outbox.transports import NoTransport
from hotline.province import registry
from hotline.province.take import take
from hotline.settings import Settings
from hotline.tickets.roles import CLOCK, SYSTEM, actor_of
from hotline.web.citizen.access import KEY
from hotline.web.core import sessions
from models import (
    Article,
    Base,
    HotSpot,
    ImportRun,
    Inbound,
    InterviewQuestion,
    LetterScan,
    Macro,
    NuisanceMark,
    PracticeExam,
    PracticeRun,
    Publication,
    QualityTask,
    ReadyWord,
    Staff,
    Survey,
    Ticket,
)
from tests.support.citizens_codes import token_of
from tests.support.fakes import MemorySender
from tests.support.identity import setting
from tests.support.practised import mentor, practise
from tests.support.scanned import letter
from tests.support.services import LiveServer, SqliteTests
from tests.support.windows import keep_picture
from webhooks.cells.forms import Report

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
RUN = """async (rules) => (await axe.run({runOnly: rules, resultTypes: ['violations'], preload: false, selectors: false}))
  .violations.filter((one) => ['serious', 'critical'].includes(one.impact))
  .map((one) => `${one.impact} ${one.id}: ${one.nodes.slice(0, 4).map((node) => node.html.slice(0, 160)).join(' | ')}`)"""
EVERYTHING, CONTRAST = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"], ["color-contrast"]
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
NOW = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)
SIZES = {"zh": {"width": 1440, "height": 900}, "en": {"width": 390, "height": 844}}
PAGES: dict[str, tuple[str, ...]] = {
    "": (
        "/c",
        "/c/new",
        "/c/track",
        "/c/times",
        "/c/accessibility",
        "/c/receipts",
        "/c/questions?q=暖气不热",
        "/c/questions/{matter}",
        "/c/mine",
        "/c/mine/code",
        "/c/board",
        "/c/figures",
        "/c/board?q=路灯&kind=02",
        "/c/board/{published}",
        "/c/interviews",
        "/c/interviews/{talk}",
        "/s/{survey}",
        "/login",
        "/account/oidc/left",
        "/p/{closed}",
        "/c/received/{closed}",
        "/nowhere",
    ),
    "demo-agent": (
        "/letters",
        "/letters/{scan}",
        "/desk",
        "/notices",
        "/account",
        "/phone",
        "/search",
        "/search?q=路灯&open=1",
        "/tickets/{to_dispatch}",
        "/quality/mine",
        "/quality/tickets/{my_score}",
        "/nuisance",
        "/nuisance/new/{to_dispatch}",
        "/nuisance/{mark}",
        "/nuisance/heard/2026-03/calls",
        "/nuisance/heard/2026-03/tickets",
        "/ready",
        "/ready/new",
        "/ready/{ready}",
        "/practice",
        "/practice/runs",
        "/practice/runs/{my_call}",
        "/practice/runs/{my_result}",
        "/practice/progress",
        "/practice/exams",
        "/practice/exams/{my_exam}",
        "/practice/exams/{my_exam}/certificate",
        "/quality/mine/findings",
    ),
    "demo-lead": (
        "/quality",
        "/practice/people",
        "/practice/looks",
        "/practice/looks?tab=after",
        "/practice/looks/{to_look}",
        "/practice/newcomers",
        "/practice/exams?number=P2026-00001",
        "/desk",
        "/supervision",
        "/hot",
        "/hot/{hot}",
        "/tickets/{handling}",
        "/ready/macros",
        "/ready/macros/new",
        "/ready/macros/{macro}",
        "/ready/macros/on/{to_dispatch}",
        "/ready/macros/{macro}/on/{to_dispatch}",
    ),
    "demo-dispatch": (
        "/dispatch",
        "/dispatch/{to_dispatch}",
        "/dispatch/{in_objection}",
        "/dispatch/{in_dispute}",
        "/dispatch?tab=petitions",
        "/dispatch/rules",
        "/tickets/{to_dispatch}/do/merge",
        "/tickets/{to_dispatch}/merge",
        "/tickets/{to_dispatch}/split",
    ),
    "demo-unit": (
        "/unit",
        "/unit?tab=handling",
        "/unit?tab=closed",
        "/tickets/{mine}",
        "/tickets/{mine}/do/reply",
        "/tickets/{mine}/petitions/extension",
        "/search?q=路",
        "/admin/staff",
    ),
    "demo-leader": ("/unit", "/overview", "/unit/signing/"),
    "demo-review": (
        "/review",
        "/review/{to_review}",
        "/review/assistant",
        "/publishing",
        "/publishing?tab=published",
        "/publishing/{consented}",
    ),
    "demo-followup": ("/followup", "/followup/{to_follow_up}", "/followup?part=answered"),
    "demo-supervisor": (
        "/supervision",
        "/supervision?tab=petitions",
        "/supervision?tab=load",
        "/tickets/{closed}",
        "/tickets/{closed}/do/redo",
        "/tickets/{closed}/print/letter",
        "/search/export?open=1",
        "/rereading",
        "/evidence",
        "/back",
        "/back?view=kind",
        "/back?view=causes",
        "/monitoring",
        "/monitoring/violations",
        "/monitoring/print",
        "/interviews",
        "/interviews/{talk}",
        "/interviews/{talk}/edit",
        "/interviews/{talk}/questions/{asked}",
    ),
    "demo-head": (
        "/overview",
        "/overview/tickets?metric=satisfied&part=of&period=30d",
        "/overview/open?state=handling",
        "/overview/people?desk=dispatchers",
        "/overview/doors?period=30d",
        "/overview/districts?period=30d",
        "/province",
        "/province/cities/hebi",
    ),
    "demo-knowledge": (
        "/knowledge",
        "/knowledge/{article}",
        "/knowledge/{matter}",
        "/knowledge/{article}/versions/2",
        "/knowledge/{matter}/edit",
        "/knowledge/new",
        "/knowledge/ask?q=暖气不热",
        "/knowledge/feedback",
        "/knowledge/unanswered",
        "/knowledge/ending",
        "/knowledge/imports",
        "/knowledge/imports/{knowledge}",
    ),
    "demo-quality": (
        "/quality",
        "/quality?tab=differs",
        "/quality?tab=told",
        "/quality/plans",
        "/quality/trends",
        "/quality/trends?by=unit",
        "/quality/agreement",
        "/quality/findings",
        "/quality/findings?state=all&kind=no_place",
        "/quality/tickets/{to_score}",
        "/quality/tickets/{scored}",
    ),
    "demo-leader-city": ("/supervision?tab=instructions",),
    "demo-discipline": ("/supervision", "/search", "/account/second"),
    "demo-auditor": ("/admin/audit",),
    "demo-media": ("/supervision",),
    "demo-admin": (
        "/admin/",
        "/admin/roles/composed",
        "/admin/roles/composed/edit?base=reviewer&base=follow_up",
        "/admin/staff",
        "/admin/staff/new",
        "/admin/staff/1",
        "/admin/roles",
        "/admin/sessions",
        "/admin/city",
        "/admin/city/change?what=text:merged:zh",
        "/admin/units",
        "/admin/units?tab=categories",
        "/admin/calendar",
        "/admin/limits",
        "/admin/texts",
        "/admin/model",
        "/admin/jobs",
        "/admin/messages",
        "/admin/partners",
        "/admin/partners/province",
        "/admin/inbound",
        "/admin/inbound/{inbound}",
        "/admin/tokens",
        "/admin/cells",
        "/admin/cells/hebi",
        "/admin/imports",
        "/admin/imports/{run}",
    ),
}
OLD_FILE = "编号,诉求内容,联系电话,状态\nA1,路灯不亮,13800010001,办理中\nA2,,13800010002,已办结\n".encode()
NO_PAGES = {
    "static",
    "home",
    "operations.healthz",
    "operations.metrics",
    "live.poll",
    "live.stream",
    "drafts.read",
    "files.show",
    "citizen.progress.file",
    "review.begin",
    "desk.calls.show",
    "desk.dial.show",
    "dispatch.routing",
    "dispatch.moved",
    "admin.training",
    "admin.import_progress",
    "admin.former_address",
    "alarms.show",
    "knowledge.import_rejects",
    "knowledge.template",
    "sign_on.begin",
    "sign_on.back",
    "citizen.heads",
    "citizen.progress.receipt",
    "board.feed",
    "letters.picture",
    "open_figures.table",
    "security_txt.show",
    "citizen.progress.glued",
    "citizen.survey.glued",
    "palette.destinations",
    "palette.letters",
    "palette.tickets",
    "ready.offered",
    "maps.tile",
}
"""Answers that are no page: files, data, parts of a page, doors to another page."""
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
CITY_TABLES = {"unit", "category", "city_release"}


def _hear_of_cities(db: Session) -> None:
    """One city is silent, of the other a head of its seals does not follow."""
    for name in ("hebi", "puyang"):
        registry.register(db, name, f"{name}市", name.title(), f"https://{name}.example.cn", NOW - timedelta(days=1))
    day = {"day": f"{NOW.date()}", "revision": 1, "figures": {"taken": [9], "on_time": [8, 9, 0], "warmth": [1]}}
    for seal, proof in ((5, None), (6, {"seal_id": 5, "hash": "b" * 64})):
        told = {"version": 1, "days": [day], "head": {"links": 5, "seal_id": seal, "hash": "a" * 64}, "proof": proof}
        take(db, registry.get(db, "hebi"), Report.model_validate(told), NOW)


@pytest.fixture(scope="module")
def demo(
    tmp_path_factory: pytest.TempPathFactory, sqlite_tests: SqliteTests, city: City
) -> Iterator[tuple[Installation, Flask, str]]:
    """The demo's city of tickets, made once: the installation, the application and its address."""
    folder = tmp_path_factory.mktemp("axe")
    engine = sqlite_tests.apart(folder / "demo.db")
    provider = setting("http://127.0.0.1:9")
    settings = Settings(secret_key="k" * 40, twilio_auth_token="t" * 40, var=folder, testing=True, oidc=provider)
    installation = build_installation(
        settings,
        city=city,
        clock=StoppedClock(NOW),
        engine=engine,
        sender=MemorySender(at=NOW),
        transport=NoTransport(),
    )
    seed(installation)
    _add_the_rare(installation)
    app = create_app(settings, installation)
    server = LiveServer(app).start()
    yield installation, app, server.url
    server.stop()
    if "watcher" in app.extensions:
        app.extensions["watcher"].stop()
    engine.dispose()


def _add_the_rare(installation: Installation) -> None:
    """What a quiet demo has none of: an arrival that was refused, a scanned letter, a number to be marked, and a file."""
    with installation.sessions() as db:
        db.add(
            Inbound(
                provider="upper", kind="post", received_at=NOW, body="{}", state="refused", error="-", handled_at=NOW
            )
        )
        agent = actor_of(db.scalars(select(Staff).where(Staff.login == "demo-agent")).one(), installation.city)
        picture = io.BytesIO(letter(1, "print").picture)
        scans.take_in(db, installation.settings.attachments, picture, "来信.jpg", agent, NOW, 20)
        practise(db, installation.city, agent, NOW)
        mentor(db, installation.city, NOW)
        proofs = may_prove(db, agent, phone := _any_phone(db))
        propose(db, installation.city, agent, phone, "empty", "一天二十次", [proofs[0].number], NOW)
        _plan_a_session(installation, db)
        _hear_of_cities(db)
        runs.start(db, installation.settings.var, "旧系统.csv", io.BytesIO(OLD_FILE), {"texts": "none"}, CLOCK, NOW)
        db.commit()
    drain(installation)


def _any_phone(db: Session) -> str:
    """The number of a calm ticket."""
    calm = (Ticket.contact_phone.is_not(None), Ticket.safety.is_(False), Ticket.privacy != "sealed")
    return str(db.scalars(select(Ticket.contact_phone).where(*calm, Ticket.state == "to_dispatch").limit(1)).one())


def _plan_a_session(installation: Installation, db: Session) -> None:
    """A live session that takes questions, with one."""
    head = actor_of(db.scalars(select(Staff).where(Staff.login == "demo-head")).one(), installation.city)
    moments = {
        name: (NOW + timedelta(hours=hours)).isoformat()
        for name, hours in (("opens_at", -1), ("starts_at", 1), ("ends_at", 3))
    }
    typed = {
        "theme": "城市照明",
        "guest_unit": "chengguan",
        "guest_name": "何",
        "guest_post": "副局长",
        "code_word": "访谈照明",
    }
    one = planning.plan(db, installation.city, head, {**typed, **moments}, NOW)
    ticket = open_ticket(db, installation.city, Contact(body="路灯什么时候修？", channel="interview"), SYSTEM, NOW)
    questions.file(db, one, ticket, "page", NOW)


@pytest.fixture(scope="module")
def numbers(demo: tuple[Installation, Flask, str]) -> dict[str, str]:
    """One number for every state, and the other keys that addresses ask for."""
    with demo[0].readings() as db:
        rows = db.execute(select(Ticket.state, Ticket.number, Ticket.unit_code).order_by(Ticket.id)).all()
        home = db.scalars(select(Staff.unit_code).where(Staff.login == "demo-unit")).one()
        survey = token_of(db.scalars(select(Survey).order_by(Survey.id.desc()).limit(1)).one())
        hot = db.scalars(select(HotSpot.key).limit(1)).one()
        inbound = db.scalars(select(Inbound.id).where(Inbound.state == "refused")).one()
        run = db.scalars(select(ImportRun.id)).one()
        scores = _scores(db)
        scan = str(db.scalars(select(LetterScan.id)).one())
        ready = str(db.scalars(select(ReadyWord.id).where(ReadyWord.owner_id.is_(None))).first())
        called = {
            bool(one.ended_at): str(one.id)
            for one in db.scalars(select(PracticeRun).where(PracticeRun.exam_id.is_(None)))
        }
        exam = str(db.scalars(select(PracticeExam.id)).one())
        to_look = db.scalars(select(Ticket.number).where(Ticket.second_look == "waits")).one()
        macro = str(db.scalars(select(Macro.id).where(Macro.code == "mc-unclear")).one())
        mark = str(db.scalars(select(NuisanceMark.id)).one())
        published, consented = (
            str(db.scalars(select(Publication.id).where(Publication.state == state).limit(1)).one())
            for state in ("published", "waiting")
        )
        knowledge = {
            kind: str(db.scalars(select(Article.id).where(Article.kind == kind).order_by(Article.id).limit(1)).one())
            for kind in ("article", "matter")
        }
        talk, asked = db.execute(select(InterviewQuestion.interview_id, InterviewQuestion.id)).one()
    return {
        **{state: number for state, number, _unit in rows},
        "talk": str(talk),
        "asked": str(asked),
        "survey": survey,
        "hot": hot,
        "inbound": str(inbound),
        "run": str(run),
        "knowledge": "1",
        "published": published,
        "scan": scan,
        "ready": ready,
        "my_call": called[False],
        "my_result": called[True],
        "my_exam": exam,
        "to_look": to_look,
        "macro": macro,
        "mark": mark,
        "consented": consented,
        **knowledge,
        **scores,
        "mine": next(number for state, number, unit in rows if unit == home and state == "handling"),
    }


def _scores(db: Session) -> dict[str, str]:
    """The addresses of a sheet to fill in, of one that was told, and of the agent's own."""
    tasks = select(Ticket.number, QualityTask.id, QualityTask.state, Staff.login).join(
        Ticket, Ticket.id == QualityTask.ticket_id
    )
    rows = db.execute(
        tasks.join(Staff, Staff.id == QualityTask.scored_id).where(Ticket.privacy != "sealed").order_by(QualityTask.id)
    ).all()
    return {
        "to_score": next(f"{one.number}/{one.id}" for one in rows if one.state == "open"),
        "scored": next(f"{one.number}/{one.id}" for one in rows if one.state == "told"),
        "my_score": next(f"{one.number}/{one.id}" for one in rows if one.state == "told" and one.login == "demo-agent"),
    }


@pytest.fixture(scope="module")
def windows(browser: Browser, demo: tuple[Installation, Flask, str]) -> Iterator[dict[str, Page]]:
    """One window for each language, used by one person after the other."""
    opened = {language: _window(browser, demo[2], language) for language in SIZES}
    yield opened
    for page in opened.values():
        page.context.close()


def _window(browser: Browser, url: str, language: str) -> Page:
    context = browser.new_context(
        viewport=SIZES[language],
        base_url=url,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",  # type: ignore[arg-type]
        reduced_motion="reduce",
    )
    context.set_default_timeout(25_000)
    context.clock.set_system_time(NOW)
    context.add_init_script(AXE)
    return context.new_page()


@pytest.fixture(scope="module")
def own_words(demo: tuple[Installation, Flask, str]) -> str:
    """Everything that people wrote, their names, and the papers that rules come from: this stays as it was said."""
    city = demo[0].city
    laws = "\n".join([*city.sources.values(), *(question.source for question in city.checklist)])
    with demo[0].readings() as db:
        return laws + "\n".join(
            json.dumps(
                [str(value) if not isinstance(value, dict | list) else value for value in row], ensure_ascii=False
            )
            for table in Base.metadata.sorted_tables
            if table.name not in CITY_TABLES
            for row in db.execute(select(table))
        )


def _sign_in(page: Page, demo: tuple[Installation, Flask, str], login: str, language: str, number: str) -> None:
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


def _seen(page: Page, address: str, language: str, own_words: str) -> list[str]:
    """What is wrong with this page."""
    answer = page.goto(address)
    assert answer is not None
    assert answer.status < 500, f"{address}: {answer.status}"
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


@pytest.mark.parametrize("login", PAGES)
@pytest.mark.parametrize("language", SIZES)
def test_no_page_of_this_person_is_out_of_reach_for_anybody(
    windows: dict[str, Page],
    demo: tuple[Installation, Flask, str],
    numbers: dict[str, str],
    own_words: str,
    login: str,
    language: str,
) -> None:
    page = windows[language]
    _sign_in(page, demo, login, language, numbers["closed"])
    wrong = {
        path: found for path in PAGES[login] if (found := _seen(page, path.format(**numbers), language, own_words))
    }
    assert wrong == {}


def _endpoint(app: Flask, address: str) -> str:
    try:
        return str(app.url_map.bind("localhost").match(address)[0])
    except RequestRedirect:
        return _endpoint(app, address + "/")
    except NotFound:
        return ""


def test_no_page_is_left_out(demo: tuple[Installation, Flask, str], numbers: dict[str, str]) -> None:
    app = demo[1]
    looked_at = {_endpoint(app, path.format(**numbers).split("?")[0]) for paths in PAGES.values() for path in paths}
    asked = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and not re.match(r"/(api|open311|webhooks)\b", rule.rule)
    }
    assert asked - looked_at == NO_PAGES
