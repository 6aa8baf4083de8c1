"""Whatever is sent: a clear sentence, a status 4xx, nothing lost, nothing run; and strange letters come back whole."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select

from hotline.api.tokens import issue
from hotline.app import create_app
from hotline.city.schema import City
from hotline.clock import StoppedClock
from hotline.installation import Installation
from hotline.jobs.build import build_installation
from hotline.outbox.runner import drain
from hotline.outbox.transports import NoTransport
from hotline.settings import Settings
from hotline.web.core import sessions
from models import Attachment, Staff, Ticket
from tests.support.desks.citizens_codes import code_of
from tests.support.doubles.fakes import MemorySender
from tests.support.life import Life

HTML = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'><b>粗</b>{{ 7 * 7 }}"
SQL = "'; DROP TABLE tickets; -- \" OR 1=1 %_\\"
RARE = "𠮷野家门口🚦红灯👨‍👩‍👧坏了，㐂囍龘，العربية，e\u0301"
REPLY = {
    "truth": "true",
    "contacted": "no",
    "no_contact_reason": "未留电话",
    "facts": "现场查看",
    "measures": "更换线路",
    "outcome": "solved",
    "handler": "何",
    "public_answer": "路灯已修复。",
}


class Desk:
    """The hotline by HTTP, without a browser: who asks, and what was said."""

    def __init__(self, app: Flask, installation: Installation, life: Life):
        self.app, self.installation, self.life = app, installation, life

    def by(self, login: str = "") -> FlaskClient:
        client = self.app.test_client()
        if login:
            with self.installation.sessions() as db:
                person = db.scalars(select(Staff).where(Staff.login == login)).one()
                client.set_cookie(
                    sessions.COOKIE, sessions.begin(db, person, self.installation.clock.now(), "127.0.0.1", "test")
                )
                db.commit()
        return client

    def tickets(self) -> list[Ticket]:
        with self.installation.readings() as db:
            return list(db.scalars(select(Ticket).order_by(Ticket.id)))

    def has(self, state: str) -> str:
        number = self.life.to(state).number
        self.life.db.commit()
        return number


@pytest.fixture
def desk(sqlite_engine: Engine, city: City, clock: StoppedClock, tmp_path: Any) -> Iterator[Desk]:
    settings = Settings(secret_key="k" * 40, twilio_auth_token="t" * 40, var=tmp_path / "var", testing=True)
    installation = build_installation(
        settings,
        city=city,
        clock=clock,
        engine=sqlite_engine,
        sender=MemorySender(at=clock.now()),
        transport=NoTransport(),
    )
    app = create_app(settings, installation)
    app.config["WTF_CSRF_ENABLED"] = False
    with installation.sessions() as db:
        life = Life(db, city, clock)
        db.commit()
        yield Desk(app, installation, life)


def says(answer: Any, *sentences: str) -> None:
    """Refused with 4xx, in words a person understands."""
    text = answer.get_data(as_text=True)
    assert 400 <= answer.status_code < 500, answer.status_code
    assert "Traceback" not in text
    for sentence in sentences:
        assert sentence in text, f"{sentence!r} is not said"


def intake(**more: str) -> dict[str, str]:
    return {
        "body": "路灯不亮。",
        "phone": "13800001234",
        "channel": "hotline",
        "urgency": "normal",
        "privacy": "masked",
        "then": "submit",
        **more,
    }


@pytest.mark.parametrize("body", ["", "   \n\t ", "\u3000\n"])
def test_an_empty_body_is_refused_at_every_door(desk: Desk, body: str) -> None:
    says(desk.by("an").post("/desk", data=intake(body=body, title="留着")), "请写下诉求内容", "留着")
    says(
        desk.by().post("/c/new", data={"body": body, "phone": "13800001234", "consent": "1", "place": "东工路"}),
        "请写下诉求内容",
        "东工路",
    )
    assert desk.tickets() == []


def test_a_body_of_100000_letters_is_refused_with_its_length_and_kept(desk: Desk) -> None:
    long = "路" * 100_000
    for answer in (
        desk.by("an").post("/desk", data=intake(body=long)),
        desk.by().post("/c/new", data={"body": long, "consent": "1"}),
    ):
        says(answer, "最多 50000 个字，现在是 100000 个字", long)
    assert desk.tickets() == []


def test_a_reply_of_100000_letters_is_refused_and_kept(desk: Desk) -> None:
    number, long = desk.has("handling"), "查" * 100_000
    answer = desk.by("he").post(f"/tickets/{number}/do/reply", data={**REPLY, "facts": long})
    says(answer, "最多 20000 个字，现在是 100000 个字", long, "更换线路")
    assert desk.tickets()[0].state == "handling"


def test_rare_letters_and_emoji_come_back_whole(desk: Desk) -> None:
    desk.by("an").post("/desk", data=intake(body=RARE, place="𠮷祥里", name="𠮷女士"))
    drain(desk.installation)
    ticket = desk.tickets()[0]
    page = desk.by("du").get(f"/tickets/{ticket.number}").get_data(as_text=True)
    assert RARE in page
    assert "𠮷祥里" in page
    assert ticket.number in desk.by("du").get("/search/?q=𠮷野").get_data(as_text=True)


@pytest.mark.parametrize("poison", [HTML, SQL])
def test_html_and_sql_in_every_field_are_words_and_nothing_else(desk: Desk, poison: str) -> None:
    other = SQL if poison is HTML else HTML  # an answer that repeats the citizen's own name would be refused for that
    desk.by("an").post("/desk", data=intake(body=poison, title=poison[:150], place=poison, name=other[:60]))
    assert len(desk.tickets()) == 1
    number = desk.tickets()[0].number
    drain(desk.installation)
    life = desk.life
    life.db.rollback()
    ticket = life.db.scalars(select(Ticket).where(Ticket.number == number)).one()
    life.do(ticket, "citizen", "add", text=poison)
    life.do(ticket, "du", "dispatch", helpers=[], note=poison)
    life.do(ticket, "he", "sign")
    life.do(ticket, "he", "contact", note=poison)
    life.do(ticket, "he", "reply", facts=poison, measures=poison, handler=poison[:60], public_answer=poison)
    life.do(ticket, "ren", "redo", note=poison)
    life.do(ticket, "he", "sign")
    again = "又到现场查看，三处都已更换。" + poison
    life.do(ticket, "he", "reply", facts=again, measures=again, public_answer=again)
    life.db.commit()
    desk.by("du2").post("/search/views", data={"q": "路灯", "view_name": poison[:30]})
    drain(desk.installation)
    code = code_of(ticket, desk.installation)
    citizen = desk.by()
    citizen.post("/c/track", data={"number": number, "code": code})
    shown = {
        "du": (f"/tickets/{number}", "/search/?q=" + poison[:12], "/notices/", "/search/"),
        "ren": (f"/review/{number}", "/review/"),
        "he": (f"/tickets/{number}", "/unit?tab=review", "/notices/"),
        "an": ("/desk", f"/desk?done={number}&did=submit"),
        "du2": ("/supervision/", "/search/"),
        "hui": ("/followup/",),
    }
    pages = [desk.by(login).get(path, follow_redirects=True) for login, paths in shown.items() for path in paths] + [
        citizen.get(f"/p/{number}")
    ]
    for answer in pages:
        text = answer.get_data(as_text=True)
        assert answer.status_code == 200
        assert "<script>alert" not in text
        assert "<img src=x" not in text
        assert not re.search(r"=\"[^\"]*\"'><b>", text)
    assert len(desk.tickets()) == 1


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("空.png", b"", "空文件"),
        ("病毒.exe", b"MZ" + b"\0" * 90, "不是可以上传的类型"),
        ("网页.png", b"<html><script>alert(1)</script>", "不是可以上传的类型"),
        ("图.svg", b"<svg onload='alert(1)'/>", "不是可以上传的类型"),
    ],
)
def test_wrong_files_are_refused_and_the_citizen_s_words_stay(
    desk: Desk, name: str, content: bytes, sentence: str
) -> None:
    answer = desk.by().post(
        "/c/new", data={"body": "路灯不亮，请看照片。", "consent": "1", "files": (io.BytesIO(content), name)}
    )
    says(answer, sentence, "路灯不亮，请看照片。")
    assert desk.tickets() == []


def test_a_file_of_50_mb_is_refused_and_nothing_is_left_behind(desk: Desk) -> None:
    number = desk.has("handling")
    big = b"\xff\xd8\xff" + bytes(50 * 1024 * 1024)
    says(
        desk.by("he").post(
            f"/tickets/{number}/files",
            data={"file": (io.BytesIO(big), "大.jpg")},
            headers={"Accept": "application/json"},
        ),
        "MB",
    )
    with desk.installation.readings() as db:
        assert db.scalar(select(Attachment.id)) is None


@pytest.mark.parametrize("until", ["2026-02-30", "昨天", "0000-00-00", "99999-01-01", "2020-01-01", "2026-13-01"])
def test_impossible_dates_are_refused(desk: Desk, until: str) -> None:
    number = desk.has("handling")
    answer = desk.by("he").post(f"/tickets/{number}/do/wait", data={"until": until, "reason": "等配件到货再办"})
    says(answer, "日期", "等配件到货再办")
    assert desk.tickets()[0].state == "handling"


@pytest.mark.parametrize("moment", ["2026-02-30T10:00", "25:61", "2126-01-01T10:00"])
@pytest.mark.parametrize(
    "asked",
    [{"contacted": "yes", "contact_how": "phone", "contacted_at": ""}, {"answered_citizen": "yes", "answered_at": ""}],
)
def test_impossible_moments_are_refused_and_the_reply_is_kept(desk: Desk, asked: dict[str, str], moment: str) -> None:
    number = desk.has("handling")
    typed = REPLY | {name: value or moment for name, value in asked.items()}
    answer = desk.by("he").post(f"/tickets/{number}/do/reply", data=typed)
    says(
        answer,
        "时间",
        *(typed[name] for name in ("no_contact_reason", "facts", "measures", "handler", "public_answer")),
    )
    assert desk.tickets()[0].state == "handling"


@pytest.mark.parametrize("unit", ["", "没有这个局", "110", "hotline", "'; --", "chengguan\x00"])
def test_unknown_units_are_refused(desk: Desk, unit: str) -> None:
    number = desk.has("to_dispatch")
    says(
        desk.by("du").post(f"/dispatch/{number}/dispatch", data={"unit": unit, "note": "请尽快办理此件"}),
        "请尽快办理此件",
    )
    assert desk.tickets()[0].state == "to_dispatch"


@pytest.mark.parametrize("phone", ["1380000ABCD", "打我手机", "138", "1" * 30, "<b>1</b>"])
def test_a_phone_with_letters_keeps_no_matter_out(desk: Desk, phone: str) -> None:
    assert desk.by("an").post("/desk", data=intake(phone=phone)).status_code == 303
    assert desk.by().post("/c/new", data={"body": "路灯不亮。", "phone": phone, "consent": "1"}).status_code == 303
    assert [one.state for one in desk.tickets()] == ["to_dispatch", "to_dispatch"]
    assert {one.contact_phone for one in desk.tickets()} <= {None, "138"}


def test_choices_that_do_not_exist_are_refused(desk: Desk) -> None:
    for name, value in (
        ("channel", "鸽子"),
        ("urgency", "九级"),
        ("privacy", "全公开"),
        ("area", "火星"),
        ("category", "没有这一类"),
    ):
        says(desk.by("an").post("/desk", data=intake(**{name: value})), "路灯不亮。")
    assert desk.tickets() == []


@pytest.mark.parametrize(
    "path",
    [
        "/tickets/没有",
        "/tickets/260304999999",
        "/tickets/260304000001/do/explode",
        "/review/x",
        "/followup/9",
        "/dispatch/0",
        "/p/" + "9" * 200,
        "/s/nothing",
        "/files/..%2f..%2fetc%2fpasswd",
        "/search/?after=x&before=y",
        "/search/?from=2026-99-99",
        "/overview/?period=never",
        "/overview/?from=2026-02-30&to=x&period=own",
        "/supervision/?tab=secret",
        "/unit?tab=<b>",
        "/admin/staff/99999999999999999999",
    ],
)
def test_addresses_by_hand_never_break_the_hotline(desk: Desk, path: str) -> None:
    for login in ("", "an", "du", "he", "ren", "hui", "tou"):
        assert desk.by(login).get(path, follow_redirects=True).status_code < 500, (login, path)


def test_one_form_sent_twice_is_one_ticket(desk: Desk) -> None:
    an, form = desk.by("an"), intake(once="k" * 32)
    assert [an.post("/desk", data=form).status_code for _ in range(2)] == [303, 303]
    citizen, sheet = desk.by(), {"body": "井盖丢了。", "consent": "1", "sheet": "a-sheet-of-its-own"}
    assert [citizen.post("/c/new", data=sheet).status_code for _ in range(2)] == [303, 303]
    assert len(desk.tickets()) == 2


def test_the_api_says_which_field_is_wrong(desk: Desk) -> None:
    with desk.installation.sessions() as db:
        token = issue(db, "journey", "province", ["tickets.create"], desk.installation.clock.now())
        db.commit()
    client, head = desk.by(), {"Authorization": f"Bearer {token}"}
    for sent in ({}, {"body": ""}, {"body": "路" * 100_000}, {"body": "路灯", "nonsense": 1}, ["路灯"]):
        answer = client.post("/api/v1/tickets", json=sent, headers=head)
        assert 400 <= answer.status_code < 500, (sent, answer.status_code)
        assert answer.get_json()["detail"]
    assert 400 <= client.post("/api/v1/tickets", data=b"\xff\xfe{", headers=head).status_code < 500
    assert desk.tickets() == []
