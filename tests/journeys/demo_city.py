"""The demo's city with what a quiet demo has none of, made once, and windows that look at its pages."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

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
from hotline.outbox.runner import drain
from hotline.outbox.transports import NoTransport
from hotline.province import registry
from hotline.province.take import take
from hotline.settings import Settings
from hotline.tickets.roles import CLOCK, SYSTEM, actor_of
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
from tests.journeys.looking import NOW, SIZES
from tests.support.cities.practised import mentor, practise
from tests.support.desks.citizens_codes import token_of
from tests.support.doubles.fakes import MemorySender
from tests.support.doubles.identity import setting
from tests.support.papers.scanned import letter
from tests.support.services import LiveServer, SqliteTests
from webhooks.cells.forms import Report

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
OLD_FILE = "编号,诉求内容,联系电话,状态\nA1,路灯不亮,13800010001,办理中\nA2,,13800010002,已办结\n".encode()
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
    """What a quiet demo has none of: an arrival that was refused, a scanned letter, and a file."""
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
        _plan_a_session(installation, db)
        _hear_of_cities(db)
        runs.start(db, installation.settings.var, "旧系统.csv", io.BytesIO(OLD_FILE), {"texts": "none"}, CLOCK, NOW)
        db.commit()
    drain(installation)


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
        mark = str(db.scalars(select(NuisanceMark.id).where(NuisanceMark.state == "proposed").limit(1)).one())
        dispatcher = db.scalars(select(Staff.id).where(Staff.login == "demo-dispatch")).one()
        with_a_number = db.scalars(select(Ticket.number).where(Ticket.contact_phone != "").limit(1)).first() or ""
        newcomer = db.scalars(select(Staff.id).where(Staff.learns_from.is_not(None)).limit(1)).one()
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
        "dispatcher": str(dispatcher),
        "newcomer": str(newcomer),
        "consented": consented,
        **knowledge,
        **scores,
        "with_a_number": with_a_number,
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
