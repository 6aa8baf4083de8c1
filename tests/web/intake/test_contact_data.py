"""Contact data never refuse a matter, at whichever door it comes in; what cannot be called or texted is marked so."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from hotline.clock import StoppedClock
from hotline.errors import NotFound, Refusal
from hotline.installation import Installation
from hotline.intake.importing.take import import_file
from hotline.intake.importing.wish import Wish
from hotline.outbox.runner import drain
from hotline.settings import Settings
from hotline.tickets.erasing.erase_person import erase_person_now
from hotline.web.admin import tokens as machine_tokens
from models import Attachment, Call, Citizen, Inbound, Message, Staff, Ticket, TicketText
from tests.support.doubles.partner_post import partner_post
from tests.support.life import Life
from tests.support.make import make_staff
from webhooks.simulator import SignedRequest, TwilioPhone

KEY = "k" * 32
WORDS = "文峰大道的路灯连着三晚不亮，请修。"
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 64

# what was told, the number that is read (Anyang's area code is 0372), and whether the words are kept beside it
TOLD = (
    ("13800010001", "13800010001", False),
    ("+86 138-0001-0001", "13800010001", False),
    ("\u202d138 0001 0001\u202c", "13800010001", False),
    ("13800010001/13900010002", "13800010001", True),
    ("手机：13800010001", "13800010001", True),
    ("13800010001（李女士）", "13800010001", True),
    ("2525252", "03722525252", True),
    ("0372-2525252转801", "03722525252-801", False),
    ("０３７２－２５２５２５２", "03722525252", False),
    ("+852 9123 4567", "+85291234567", False),
    ("+12025550123", "+12025550123", False),
    ("110", "110", False),
    ("95598", "95598", False),
    ("10086", "10086", False),
    ("匿名", None, True),
    ("NULL", None, True),
    ("138****0001", None, True),
    ("1.38E+10", None, True),
    ("不方便留，找门卫老王", None, True),
    ("00000000000", None, True),
    ("1" * 300, None, True),
)
TEXTED = {"13800010001"}


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return Settings(**{**settings.__dict__, "partner_keys": {"national": (KEY,)}})


@pytest.fixture
def agent(life: Life, browse: Callable[[Staff], FlaskClient]) -> FlaskClient:
    life.staff["an"].on_duty = True
    life.db.commit()
    return browse(life.staff["an"])


def knock(app: Flask, one: SignedRequest) -> Any:
    return app.test_client().post(one.path, data=one.body, headers=one.headers)


def only(installation: Installation) -> tuple[Ticket, TicketText]:
    with installation.readings() as db:
        ticket = db.scalars(select(Ticket)).one()
        return ticket, ticket.text


def texted(installation: Installation) -> set[str | None]:
    """The numbers to which anything was sent once all jobs are done."""
    drain(installation)
    with installation.readings() as db:
        return set(db.scalars(select(Message.phone).where(Message.channel == "sms", Message.direction == "out")))


def as_read(installation: Installation, told: str, number: str | None, kept: bool) -> None:
    ticket, text = only(installation)
    assert ticket.contact_phone == number
    assert text.phone_told == (told.strip()[:200] if kept else None)


@pytest.mark.parametrize(("told", "number", "kept"), TOLD)
def test_the_public_form_takes_the_matter_with_its_photo_whatever_stands_as_the_number(
    app: Flask, installation: Installation, life: Life, told: str, number: str | None, kept: bool
) -> None:
    """Found outside: N1."""
    life.db.commit()
    form = {"body": WORDS, "phone": told, "consent": "1", "sheet": "k1", "files": (io.BytesIO(PNG), "路灯.png")}
    assert app.test_client().post("/c/new", data=form).status_code == 303
    as_read(installation, told, number, kept)
    with installation.readings() as db:
        assert db.scalars(select(Attachment.name)).all() == ["路灯.png"]
    assert texted(installation) <= TEXTED


@pytest.mark.parametrize(("told", "number", "kept"), TOLD)
def test_the_desk_takes_the_matter_whatever_is_typed_as_the_number(
    agent: FlaskClient, installation: Installation, told: str, number: str | None, kept: bool
) -> None:
    """Found outside: N1."""
    assert (
        agent.post("/desk", data={"body": WORDS, "phone": told, "channel": "hotline", "once": "k" * 32}).status_code
        == 303
    )
    as_read(installation, told, number, kept)


@pytest.mark.parametrize(("told", "number", "kept"), TOLD)
def test_the_api_takes_the_matter_whatever_is_sent_as_the_number(
    app: Flask, installation: Installation, life: Life, told: str, number: str | None, kept: bool
) -> None:
    machine_tokens.forget_known()
    secret = machine_tokens.issue(life.db, "平台", "partner", list(machine_tokens.SCOPES), life.now)
    life.db.commit()
    answer = app.test_client().post(
        "/api/v1/tickets", json={"body": WORDS, "phone": told}, headers={"Authorization": f"Bearer {secret}"}
    )
    assert answer.status_code == 201, answer.text
    as_read(installation, told, number, kept)


@pytest.mark.parametrize("value", [13800010001, 13800010001.0, None, ["13800010001", "13900010002"], True])
def test_a_number_that_is_no_text_is_taken_by_the_api_and_by_a_partners_post(
    app: Flask, installation: Installation, life: Life, settings: Settings, clock: StoppedClock, value: object
) -> None:
    machine_tokens.forget_known()
    secret = machine_tokens.issue(life.db, "平台", "partner", list(machine_tokens.SCOPES), life.now)
    life.db.commit()
    sent = {"body": WORDS, "phone": value, "name": None}
    assert (
        app.test_client().post("/api/v1/tickets", json=sent, headers={"Authorization": f"Bearer {secret}"}).status_code
        == 201
    )
    post = partner_post(
        KEY,
        settings.public_url,
        "national",
        {"outer_number": "G-1", "text": WORDS, "phone": value, "name": None},
        clock.now(),
        nonce="nonce-0000000001",
    )
    assert knock(app, post).status_code == 201
    with installation.readings() as db:
        assert set(db.scalars(select(Ticket.contact_phone))) <= {"13800010001", None}


@pytest.mark.parametrize(("told", "number", "kept"), TOLD)
def test_a_partners_post_is_taken_whatever_number_it_brings(
    app: Flask,
    installation: Installation,
    life: Life,
    settings: Settings,
    clock: StoppedClock,
    told: str,
    number: str | None,
    kept: bool,
) -> None:
    life.db.commit()
    post = partner_post(
        KEY,
        settings.public_url,
        "national",
        {"outer_number": "G-1", "text": WORDS, "phone": told},
        clock.now(),
        nonce="nonce-0000000001",
    )
    assert knock(app, post).status_code == 201
    as_read(installation, told, number, kept)


def test_a_file_of_odd_numbers_comes_in_whole_and_only_good_mobile_numbers_are_texted(
    installation: Installation, life: Life, tmp_path: Path
) -> None:
    """Found outside: N1."""
    life.db.commit()
    path = tmp_path / "phones.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["编号", "诉求内容", "联系电话"])
        rows.writerows([f"P{n}", f"第{n}件：路灯不亮", told] for n, (told, _number, _kept) in enumerate(TOLD))
    outcome = import_file(installation, Wish(path, source="phones", texts="all"))
    assert (outcome.read, outcome.new, outcome.rejected) == (len(TOLD), len(TOLD), 0)
    with installation.readings() as db:
        found = db.execute(select(Ticket.contact_phone).order_by(Ticket.id)).scalars().all()
    assert found == [number for _told, number, _kept in TOLD]
    assert texted(installation) <= TEXTED


@pytest.mark.parametrize(
    "caller", ["+85291234567", "+12025550123", "110", "95598", "10086", "2525252", "03722525252", "+266696687", ""]
)
def test_a_call_from_any_number_becomes_a_ticket(
    app: Flask, agent: FlaskClient, installation: Installation, life: Life, settings: Settings, caller: str
) -> None:
    """Found outside: N1."""
    phone = TwilioPhone(settings.twilio_auth_token, settings.public_url, caller, "+8612345")
    assert knock(app, phone.call("CA" + "1" * 32)).status_code == 200
    with installation.readings() as db:
        call = db.scalars(select(Call)).one()
    assert agent.post(f"/desk/calls/{call.id}/answer").status_code < 400
    page = agent.get("/desk").text
    shown = (
        page.partition('id="f-phone"')[2].partition('value="')[2].partition('"')[0] if 'id="f-phone"' in page else ""
    )
    answer = agent.post(
        "/desk", data={"body": WORDS, "phone": shown, "channel": "hotline", "once": "k" * 32, "call": str(call.id)}
    )
    assert answer.status_code == 303, answer.text
    assert only(installation)[0].contact_phone == (call.from_phone or None)


@pytest.mark.parametrize(
    ("writer", "number"),
    [
        ("+85291234567", "+85291234567"),
        ("+12025550123", "+12025550123"),
        ("10086", "10086"),
        ("106912345678", "106912345678"),
        ("anonymous", None),
        ("ALIPAY", None),
        ("+266696687", None),
        ("2525252", "03722525252"),
        ("+8613800010001", "13800010001"),
    ],
)
def test_a_text_from_any_number_becomes_a_ticket(
    app: Flask, installation: Installation, life: Life, settings: Settings, writer: str, number: str | None
) -> None:
    """Found outside: N2."""
    life.db.commit()
    phone = TwilioPhone(settings.twilio_auth_token, settings.public_url, writer, "+8612345")
    answer = knock(app, phone.text("SM" + "1" * 32, WORDS))
    assert (answer.status_code, answer.mimetype) == (200, "text/xml")
    ticket, text = only(installation)
    assert (ticket.contact_phone, ticket.channel, text.body) == (number, "sms", WORDS)
    assert text.phone_told == (None if number else writer)
    assert texted(installation) <= {"13800010001"}


def test_two_texts_from_a_switchboard_are_two_matters_of_nobody(
    app: Flask, installation: Installation, life: Life, settings: Settings
) -> None:
    life.db.commit()
    phone = TwilioPhone(settings.twilio_auth_token, settings.public_url, "10086", "+8612345")
    for n, words in enumerate((WORDS, "梅园庄小区停水两天了，没有人管。")):
        knock(app, phone.text(f"SM{n:032x}", words))
    with installation.readings() as db:
        assert len(db.scalars(select(Ticket.id)).all()) == 2
        assert db.scalars(select(Citizen.id)).all() == []


@pytest.mark.parametrize(
    "path", ["/webhooks/twilio/sms", "/webhooks/twilio/voice", "/webhooks/no-such-thing", "/webhooks/partners/x/posts"]
)
def test_a_webhook_never_answers_with_a_page_for_people(app: Flask, life: Life, path: str) -> None:
    """Found outside: N2."""
    life.db.commit()
    for answer in (app.test_client().post(path, data={"a": "b"}), app.test_client().get(path)):
        assert answer.status_code >= 400 and answer.mimetype == "application/problem+json"


def test_refused_inbound_is_counted_on_the_administrators_home_until_somebody_has_seen_to_it(
    life: Life, browse: Callable[[Staff], FlaskClient], installation: Installation
) -> None:
    """Found outside: N2."""
    boss = make_staff(life.db, "guan", "管", "administrator", unit="hotline")
    life.db.add(
        Inbound(provider="twilio", kind="sms", received_at=life.now, body="From=%2B1", state="refused", error="太长")
    )
    life.db.commit()
    admin = browse(boss)
    home = admin.get("/admin/").text
    assert "有 1 件来件被拒收" in home and "/admin/inbound" in home
    with installation.readings() as db:
        held = db.scalars(select(Inbound)).one()
    assert admin.post(f"/admin/inbound/{held.id}/settle").status_code == 303
    assert "件来件被拒收" not in admin.get("/admin/").text
    assert admin.post(f"/admin/inbound/{held.id}/settle").status_code == 409
    assert str(held.id) in admin.get("/admin/inbound?tab=settled").text


@pytest.mark.parametrize(
    ("phone", "note"),
    [
        ("+852 9123 4567", "境外号码，收不到短信"),
        ("2525252", "座机，收不到短信"),
        ("110", "短号或总机，收不到短信"),
        ("13800010001/13900010002", "另留了 1 个号码"),
        ("匿名", "没有认出号码，可查看原话"),
        ("1380001000", "号码不规范"),
    ],
)
def test_the_ticket_and_the_desk_say_what_cannot_be_called_or_texted(
    agent: FlaskClient, installation: Installation, phone: str, note: str
) -> None:
    answer = agent.post("/desk", data={"body": WORDS, "phone": phone, "channel": "hotline", "once": "k" * 32})
    page = agent.get(f"/tickets/{only(installation)[0].number}").text
    assert note in page and "13900010002" not in page and "91234567" not in page
    if "/" not in phone:
        assert note in agent.get(answer.headers["Location"]).text


def test_what_was_told_is_shown_for_a_reason_and_forgotten_with_the_rest(
    agent: FlaskClient, installation: Installation, life: Life
) -> None:
    agent.post(
        "/desk", data={"body": WORDS, "phone": "13800010001/139 0001 0002", "channel": "hotline", "once": "k" * 32}
    )
    number = only(installation)[0].number
    shown = agent.post(f"/tickets/{number}/reveal", data={"field": "phone", "reason": "contact"}).get_json()["value"]
    assert "13800010001" in shown and "139 0001 0002" in shown
    erase_person_now(installation, "139-0001-0002", "本人要求")
    ticket, text = only(installation)
    assert (ticket.contact_phone, text.phone_told, text.other_phones) == ("13800010001", None, None)


@pytest.mark.parametrize("written", ["+85291234567", "+852 9123-4567", "0085291234567"])
def test_who_called_from_abroad_can_be_forgotten(installation: Installation, life: Life, written: str) -> None:
    """Found outside: N1."""
    life.ticket(phone="+85291234567")
    life.db.commit()
    with pytest.raises(Refusal, match="还有没办结"):
        erase_person_now(installation, written, "本人要求")
    life.db.add(Citizen(phone="+12025550123", language="en", created_at=life.now))
    life.db.add(
        Inbound(
            provider="twilio", kind="sms", received_at=life.now, body="From=%2B12025550123&Body=hi", state="handled"
        )
    )
    life.db.commit()
    erase_person_now(installation, "+1 (202) 555-0123", "asked by mail")
    with installation.readings() as db:
        assert "+12025550123" not in set(db.scalars(select(Citizen.phone)))
        assert db.scalars(select(Inbound.body)).all() == [""]
    with pytest.raises(NotFound):
        erase_person_now(installation, "13900099999", "没有这个人")
    with pytest.raises(Refusal):
        erase_person_now(installation, "匿名", "没有号码")


def test_a_draft_keeps_what_was_told_with_its_number(agent: FlaskClient, installation: Installation) -> None:
    agent.post(
        "/desk",
        data={
            "body": WORDS,
            "phone": "13800010001/13900010002",
            "channel": "hotline",
            "once": "k" * 32,
            "then": "draft",
        },
    )
    number = only(installation)[0].number
    page = agent.get(f"/desk?draft={number}").text
    assert "138****0001" in page
    agent.post(
        "/desk", data={"body": WORDS, "phone": "138****0001", "channel": "hotline", "once": "j" * 32, "draft": number}
    )
    ticket, text = only(installation)
    assert (ticket.state, ticket.contact_phone) == ("to_dispatch", "13800010001")
    assert (text.phone_told, text.other_phones) == ("13800010001/13900010002", "13900010002")
