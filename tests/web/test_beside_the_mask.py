"""What is hidden in one place is not told by what stands beside it: files, letters, relations, headers, texts that were sent."""

from __future__ import annotations

import base64
import io
import json
import quopri
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from hotline.installation import Installation
from hotline.messages import deliver
from hotline.messages.told_secrets import forget_spent
from hotline.tickets.privacy import attachments
from hotline.tickets.privacy.raw_words import read_raw, starred_raw
from hotline.web.admin import tokens as machine_tokens
from models import Attachment, Audit, Message, Ticket
from tests.support.doubles.fakes import MemorySender
from tests.support.life import ROADS, Life
from tests.support.make import make_staff

Browse = Callable[[Any], FlaskClient]
NAME, PHONE = "尉迟恒", "13733330007"
TOLD = f"我叫{NAME}，手机{PHONE}，请回电"


def settle(life: Life) -> None:
    life.db.expunge_all()
    life.db.rollback()


@pytest.fixture
def both(life: Life) -> tuple[Ticket, Ticket]:
    """An informant's sealed matter and an everyday one of the same person, both at the accused unit."""
    sealed = life.ticket(phone=PHONE, name=NAME, words=f"举报科长收钱，{TOLD}", privacy="sealed")
    life.do(sealed, "du", "dispatch", helpers=[])
    plain = life.ticket(phone=PHONE, name=NAME, words=f"楼下垃圾没人清运，{TOLD}")
    life.do(plain, "du", "dispatch", helpers=[])
    life.db.commit()
    return sealed, plain


def test_an_everyday_matter_of_the_same_person_does_not_name_the_informant(
    life: Life, browse: Browse, both: tuple[Ticket, Ticket]
) -> None:
    """V4: its name may be revealed by the unit, so the sealed number beside it would tell who wrote."""
    sealed, plain = both
    plain.split_from_id = sealed.id
    life.db.commit()
    unit, centre = browse(life.staff["hejt"]), browse(life.staff["du"])
    assert sealed.number not in unit.get(f"/tickets/{plain.number}").text
    assert plain.number not in unit.get(f"/tickets/{sealed.number}").text
    assert sealed.number in centre.get(f"/tickets/{plain.number}").text


@pytest.mark.parametrize(
    ("login", "road", "path"),
    [
        ("du", "to_dispatch", "/dispatch/{n}"),
        ("du", "to_dispatch", "/tickets/{n}/do/void"),
        ("ren", "to_review", "/review/{n}"),
    ],
)
def test_every_page_of_a_sealed_ticket_is_a_look(life: Life, browse: Browse, login: str, road: str, path: str) -> None:
    """V21, V2: by whichever address, and whatever the browser says of itself; once for a page that refreshes itself."""
    ticket = life.ticket(privacy="sealed")
    for who, action in ROADS[road]:
        life.do(ticket, "hejt" if who == "he" else who, action)
    life.db.commit()
    client = browse(life.staff[login])
    for _again in range(2):
        answer = client.get(path.format(n=ticket.number), headers={"HX-Request": "true"})
        assert answer.status_code in (200, 409)
    assert looks(life) == [(life.staff[login].id, ticket.id)]


def test_a_refused_form_that_shows_a_sealed_ticket_is_a_look_and_an_open_one_is_none(
    life: Life, browse: Browse
) -> None:
    """V21."""
    sealed, plain = life.ticket(privacy="sealed"), life.ticket(phone="13800007777")
    life.db.commit()
    client = browse(life.staff["du"])
    for ticket in (sealed, plain):
        assert client.post(f"/tickets/{ticket.number}/do/note", data={"text": ""}).status_code == 400
    assert looks(life) == [(life.staff["du"].id, sealed.id)]


def looks(life: Life) -> list[tuple[int | None, int | None]]:
    settle(life)
    rows = life.db.scalars(select(Audit).where(Audit.action == "view_sealed"))
    found = [(one.actor_id, one.ticket_id) for one in rows]
    settle(life)
    return found


def test_a_citizens_file_is_closed_to_who_may_not_reveal_and_nameless_to_the_others(
    life: Life, browse: Browse, both: tuple[Ticket, Ticket], installation: Installation
) -> None:
    """V11: the name people give their files says who they are; the citizen alone reads it again."""
    _sealed, plain = both
    plain.for_discipline = plain.for_media = True
    held = life.db.get_one(Ticket, plain.id)
    folder = installation.settings.attachments
    for who, name in (("citizen", f"{NAME}的身份证{PHONE}.pdf"), ("he", f"{NAME} {PHONE} 现场.pdf")):
        pages = io.BytesIO(b"%PDF-1.7 " + who.encode())
        attachments.store(life.db, folder, pages, name, life.who(who, held), life.now, most_mb=5, ticket=held)
    life.db.commit()
    theirs, ours = [one.stored_as for one in life.db.scalars(select(Attachment).order_by(Attachment.id))]
    settle(life)
    for login, opens in (("du", 200), ("he", 200), ("shi", 404), ("ji", 404), ("mei", 404)):
        client = browse(life.staff[login])
        page, answer, other = (
            client.get(path) for path in (f"/tickets/{plain.number}", f"/files/{theirs}", f"/files/{ours}")
        )
        assert (answer.status_code, other.status_code) == (opens, 200), login
        for told in (page.text, *(str(one.headers) for one in (answer, other))):
            assert NAME not in told and quote(NAME) not in told and PHONE not in told, login
        assert ("市民文件" in page.text) is (opens == 200), login
    settle(life)
    rows = life.db.scalars(select(Audit).where(Audit.action == "view_file")).all()
    assert {one.actor_id for one in rows} == {life.staff[login].id for login in ("du", "he")}
    assert not [one for one in rows if NAME in f"{one.subject}{one.detail}"]


WRAPPED = {
    "form": "Body=" + quote(TOLD), "form of an old system": "Body=" + quote(TOLD.encode("gbk")), "twice": "Body=" + quote(quote(TOLD)),
    "json": json.dumps({"data": [{"text": TOLD}]}), "json in json": json.dumps({"a": json.dumps({"b": TOLD})}), "a heading": json.dumps({TOLD: 1}),
    "fields": json.dumps({"phone": PHONE, "name": NAME, "other": f"{NAME}来电"}), "a number": json.dumps({"mobile": int(PHONE), "caller": NAME}),
    "pieces": json.dumps({"手机": ["137", "3333", "0007"], "联系人": NAME}), "a number as heading": f"{PHONE}={quote(NAME)}",
    "base64": base64.b64encode(TOLD.encode()).decode(), "base64 of an old system": base64.b64encode(TOLD.encode("gbk")).decode(),
    "hexadecimal": TOLD.encode().hex(), "entities": "<x>" + "".join(f"&#{ord(one)};" for one in TOLD) + "</x>",
    "entities in a form": "Body=" + "".join(f"&#x{ord(one):x};" for one in TOLD), "escapes": r"{\x31\x3373333\u0030\u0030\u0030\u0037} " + TOLD[:6],
    "quoted-printable": quopri.encodestring(TOLD.encode()).decode(), "quoted-printable of an old system": quopri.encodestring(TOLD.encode("gbk")).decode(),
    "bytes apart": TOLD.encode().hex(" "), "octal": "".join(f"\\{one:o}" for one in TOLD.encode()), "tags": "<b>" + "</b><b>".join(TOLD) + "</b>",
    "script": "".join(f"%u{ord(one):04x}" for one in TOLD), "long escapes": "".join(f"\\U{ord(one):08x}" for one in TOLD),
    "braces": "".join(f"\\u{{{ord(one):x}}}" for one in TOLD), "names of signs": "".join(f"U+{ord(one):04X} " for one in TOLD),
    "thrice in json": json.dumps(json.dumps(json.dumps({"a": TOLD}))), "five times": quote(quote(quote(quote(quote(TOLD))))),
    "sign by sign": json.dumps(list(TOLD)), "a fraction": json.dumps({"a": float(PHONE), "联系人": NAME}), "western letters": TOLD.encode().decode("latin-1"),
    "unreadable": "x=" + base64.b64encode(bytes(range(200, 256)) + PHONE.encode()).decode(),
}  # fmt: skip


@pytest.mark.parametrize("kind", WRAPPED)
def test_a_letter_is_taken_apart_before_it_is_starred_however_it_was_wrapped(kind: str) -> None:
    """V5, VC10."""
    shown = str(starred_raw(read_raw(WRAPPED[kind])))
    wrapped = (
        quote(NAME),
        quote(PHONE),
        base64.b64encode(PHONE.encode()).decode()[:12],
        NAME.encode().hex(),
        f"&#{ord(NAME[0])}",
    )
    assert not [one for one in (NAME, PHONE, "33330007", "3333 0007", *wrapped) if one in shown], shown


@pytest.mark.parametrize("reason", ["11", "。。", "aaa", "  核 "])
def test_a_machine_lifts_no_mask_for_a_reason_that_says_nothing(app: Flask, life: Life, reason: str) -> None:
    """V17: one rule at every door."""
    ticket = life.ticket(phone=PHONE, name=NAME)
    ticket.outer_source = "one"
    machine_tokens.forget_known()
    secret = machine_tokens.issue(life.db, "平台", "one", ["tickets.contact"], life.now)
    life.db.commit()
    asked = {"headers": {"Authorization": f"Bearer {secret}"}, "query_string": {"reason": reason}}
    assert app.test_client().get(f"/api/v1/tickets/{ticket.number}/contact", **asked).status_code == 400


def test_how_many_rows_an_export_took_away_is_in_the_book(life: Life, browse: Browse) -> None:
    """V17, V21."""
    for n in range(3):
        life.ticket(phone=f"1380000111{n}", words=f"第{n}处路灯不亮")
    life.db.commit()
    form = {"q": "路灯", "format": "csv", "reason": "月报核对"}
    assert browse(life.staff["du"]).post("/search/export", data=form).status_code == 200
    settle(life)
    assert [one.detail["rows"] for one in life.db.scalars(select(Audit).where(Audit.action == "exported"))] == [3]


def text(life: Life, state: str, days: int, **params: str) -> Message:
    said = "，".join(f"{'查询码' if name == 'query_code' else ''}{value}" for name, value in params.items())
    made = Message(
        direction="out", channel="sms", phone=PHONE, template_key="x", params=params, text=said, state=state, created_at=life.now - timedelta(days=days)
    )  # fmt: skip
    life.db.add(made)
    life.db.flush()
    return made


def test_what_opens_something_goes_out_of_a_text_that_has_arrived(life: Life, browse: Browse) -> None:
    """V3: a dump of the table, or a curious administrator, finds no password of a text that is over."""
    secret = "kettle-roof-97"
    over = [text(life, state, days, password=secret) for state, days in (("delivered", 0), ("sent", 2), ("failed", 8))]
    held = [text(life, state, days, password=secret) for state, days in (("queued", 9), ("sent", 0), ("failed", 6))]
    assert forget_spent(life.db, life.now) == 3 and forget_spent(life.db, life.now) == 0
    assert not [one for one in over if secret in f"{one.text}{one.params}"]
    assert all(secret in one.text for one in held)
    boss = make_staff(life.db, "guan", "管", "administrator")
    life.db.commit()
    assert browse(boss).post(f"/admin/messages/{over[2].id}/resend").status_code == 409
    settle(life)
    assert life.db.get_one(Message, over[2].id).state == "failed"


@pytest.mark.parametrize("way", ["sent", "found out later"])
def test_a_new_password_leaves_the_database_with_the_text(
    life: Life, installation: Installation, sender: MemorySender, way: str
) -> None:
    """V3, V8: no row keeps it once it is on its way, also when the sending was cut short."""
    message = text(life, "sending", 0, password="kettle-roof-97")
    message.claimed_at = life.now - timedelta(minutes=5)
    life.db.commit()
    if way == "sent":
        deliver.send(installation.sessions, sender, deliver.written(life.db, message), life.now)
    else:
        sender.send(PHONE, "x", {}, message.text, out_id=f"m{message.id}")
        deliver.reconcile(installation.sessions, sender, life.now)
    settle(life)
    kept = life.db.get_one(Message, message.id)
    assert kept.state == "sent" and "kettle" not in f"{kept.text}{kept.params}"
    assert "kettle-roof-97" in str(sender.__dict__)


TORN = "联系人尉 迟 恒，电话 1373 333 0007"
"""As people write it: only who knows the name finds it."""


def test_the_assistant_stars_what_it_quotes(life: Life, browse: Browse) -> None:
    """V12, V22: each request and each sentence is shown apart, and stays the words of that ticket."""
    ticket = life.ticket(phone=PHONE, name=NAME, words=f"小区门口垃圾成堆没人清运，{TORN}")
    life.do(ticket, "du", "dispatch", helpers=[])
    life.do(ticket, "he", "sign")
    life.do(ticket, "he", "contact", reached="yes", how="phone", note="已联系")
    said = {"facts": f"垃圾成堆，经向{TORN}核实，已清运", "measures": "尉 迟 恒家门口垃圾已清运"}
    life.db.commit()
    check = browse(life.staff["he"]).post(
        f"/tickets/{ticket.number}/check", data={**said, "outcome": "solved", "contacted": "yes"}
    )
    life.do(ticket, "he", "reply", **said)
    life.db.commit()
    sheet = browse(life.staff["ren"]).get(f"/review/{ticket.number}")
    for page in (check.text, sheet.text):
        assert "advice-pairs" in page and "尉 迟 恒" not in page and "1373 333" not in page


def test_the_place_of_a_ticket_is_starred_beside_another(life: Life, browse: Browse) -> None:
    """V22."""
    one = life.ticket(words="路灯不亮。", place="人民大道辅路12号院")
    other = life.ticket(words="路灯一直不亮。", place="人民大道辅路12号院3号楼2单元501室")
    life.db.commit()
    page = browse(life.staff["du"]).get(f"/tickets/{one.number}/merge?master={other.number}").text
    assert "人民大道" in page and "12号" not in page and "501" not in page


def test_the_texts_that_were_sent_are_starred_by_their_ticket(life: Life, browse: Browse) -> None:
    """V22: an administrator sees that a text arrived, not whom it was about."""
    ticket = life.ticket(phone=PHONE, name=NAME)
    life.db.add(
        Message(
            ticket_id=ticket.id, direction="out", channel="sms", phone=PHONE, template_key="replied", params={},
            text=f"【安阳12345】{NAME}您好，您反映的问题已办结，{TORN}。", state="sent", created_at=life.now,
        )
    )  # fmt: skip
    admin = make_staff(life.db, "guan", "管", "administrator")
    life.db.commit()
    page = browse(admin).get("/admin/messages?tab=sent").text
    assert "已办结" in page and NAME not in page and "尉 迟 恒" not in page


@pytest.mark.parametrize("wanted", ["/／evil.example", "/search/?q=路灯", "/\u2028/x"])
def test_an_address_of_other_letters_is_a_path_of_this_site_too(life: Life, browse: Browse, wanted: str) -> None:
    """V26: the note is kept, and the browser is sent on."""
    ticket = life.ticket()
    life.db.commit()
    data = {"text": "记一笔", "next": wanted, "once": "k" * 32, "seen": ticket.move_count}
    answer = browse(life.staff["du"]).post(
        f"/tickets/{ticket.number}/do/note", data=data, headers={"HX-Request": "true"}
    )
    assert answer.status_code == 204 and answer.headers["HX-Redirect"] == quote(wanted, safe="/?=")
