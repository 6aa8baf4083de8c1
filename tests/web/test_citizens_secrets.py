"""What proves a citizen stays the citizen's: no page of staff holds a code or a link, and the code alone rates nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from hotline.followup.ask import ask_citizens
from hotline.installation import Installation
from hotline.jobs.tidying import empty_letters
from hotline.keys import codes
from hotline.staff.openings import tell_openings
from hotline.tickets.privacy import attachments, reveal
from hotline.tickets.privacy.query_codes import hide_codes
from hotline.tickets.privacy.raw_words import read_raw, starred_raw
from hotline.tickets.roles import Actor
from models import Audit, Inbound, LoginSession, Message, Staff, Survey, Ticket
from tests.support.desks.citizens_codes import code_of, token_of
from tests.support.life import Life
from tests.support.make import make_staff

Browse = Callable[[Any], FlaskClient]


def settle(life: Life) -> None:
    """Let go of the database; what was read stays as it was read."""
    life.db.expunge_all()
    life.db.rollback()


CODE = "Q7K9MZ"


@pytest.fixture
def asked(life: Life) -> tuple[Ticket, Survey]:
    """A ticket whose citizen was texted the question, and a code that nobody meets by chance."""
    ticket = life.to("to_follow_up")
    ticket.former_code = codes.former_code(life.db, ticket.id, CODE)
    ask_citizens(life.db, life.city, ticket, life.now, "https://12345.example")
    survey = life.db.scalars(select(Survey).where(Survey.ticket_id == ticket.id)).one()
    for key, params, text in (
        (
            "received",
            {"query_code": CODE, "link": "https://12345.example/p/1"},
            f"工单号{ticket.number}，查询码{CODE}。",
        ),
        ("received", {}, f"Ticket {ticket.number}, query code {CODE}."),
        ("survey", {}, f"请评价 https://12345.example/s/{token_of(survey)} 谢谢"),
    ):
        life.db.add(
            Message(
                ticket_id=ticket.id, direction="out", channel="sms", phone="13800001234", template_key=key, params=params,
                text=text, state="sent", created_at=life.now,
            )
        )  # fmt: skip
    for state in ("refused", "settled"):
        said = quote(f"我的查询码{CODE}，链接https://12345.example/s/{token_of(survey)}")
        raw = f"From=%2B8613800001234&Body={said}"
        life.db.add(Inbound(provider="twilio", kind="sms", received_at=life.now, body=raw, state=state, error="x"))
    make_staff(life.db, "guan", "管", "administrator")
    life.db.commit()
    return ticket, survey


def test_no_page_of_staff_holds_a_code_or_a_link(
    app: Flask, life: Life, browse: Browse, asked: tuple[Ticket, Survey]
) -> None:
    """V3, VC7."""
    ticket, survey = asked
    people, link, code = list(life.db.scalars(select(Staff))), token_of(survey), code_of(ticket)
    settle(life)
    plain = [rule.rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ()) and not rule.arguments]
    paths = [path for path in plain if not path.startswith(("/static", "/live", "/logout", "/phone", "/c/"))]
    paths += [f"/tickets/{ticket.number}", f"/followup/{ticket.number}", f"/review/{ticket.number}"]
    paths += [f"/admin/messages?tab={tab}" for tab in ("queued", "sent")]
    paths += ["/admin/inbound/1", "/admin/inbound/2", f"/desk?done={ticket.number}&did=submit"]
    for person in people:
        client = browse(person)
        for path in paths:
            page = client.get(path).text
            assert not {one for one in (CODE, code, link) if one in page}, f"{person.login} {path}"


@pytest.mark.parametrize(
    "text",
    [
        f"查询码{CODE}", f"查询码：{CODE.lower()}。", f"query code {CODE}", f'{{"query_code":"{CODE}"}}',
        f"<查询码>{CODE}</查询码>", f"查询码【{CODE}】", f"查询码（{CODE}）", f"query_code -> {CODE}", "https://x.cn/s/abcdefghijklmnop-_12",
        "%2Fs%2Fabcdefghijklmnop-_12", "见 /s/abcdefghijklmnopqrstuv",
    ],
)  # fmt: skip
def test_codes_and_links_are_taken_out_of_any_words(text: str) -> None:
    hidden = hide_codes(text)
    assert CODE.lower() not in hidden.lower() and "abcdefghijkl" not in hidden


@pytest.mark.parametrize(
    "body", [f'{{"query_code":"{CODE}","text":"x"}}', f"Body=%E6%9F%A5%E8%AF%A2%E7%A0%81{CODE}", f"query_code={CODE}"]
)
def test_a_code_in_a_letter_that_was_refused_is_not_shown(body: str) -> None:
    """V3, V5: taken apart, a code may stand alone under its heading."""
    shown = starred_raw(read_raw(body))
    assert shown and CODE not in str(shown)


def test_the_code_alone_does_not_rate(app: Flask, life: Life, asked: tuple[Ticket, Survey]) -> None:
    """V3, VC7."""
    ticket, survey = asked
    client = app.test_client()
    assert client.post("/c/track", data={"number": ticket.number, "code": CODE}).status_code == 303
    page = client.get(f"/p/{ticket.number}").text
    assert token_of(survey) not in page and "点短信里的链接" in page


def test_an_answer_by_the_link_says_so_and_one_from_staff_is_flagged_and_told(
    app: Flask, life: Life, browse: Browse, asked: tuple[Ticket, Survey], installation: Installation
) -> None:
    """V3."""
    ticket, survey = asked
    answer = browse(life.staff["an"]).post(f"/s/{token_of(survey)}", data={"tap": "1"})
    assert answer.status_code == 303, answer.text[-1500:]
    settle(life)
    held = life.db.get_one(Survey, survey.id, populate_existing=True)
    assert (held.answered_by, held.flagged, held.result) == ("page", "session", 4)
    assert "rating_flagged" in life.db.scalars(select(Audit.action)).all()
    told = life.db.scalars(select(Message).where(Message.template_key == "rating_flagged")).one()
    assert told.role == "supervisor" and ticket.number in told.text


@pytest.mark.parametrize(
    ("theirs", "at_work", "flagged"),
    [("same", True, "telephone"), ("same", False, None), ("13912340000", True, None), (None, True, None)],
)
def test_a_rating_from_a_telephone_of_our_own_people_is_flagged_and_told(
    app: Flask, life: Life, asked: tuple[Ticket, Survey], theirs: str | None, at_work: bool, flagged: str | None
) -> None:
    ticket, survey = asked
    someone = life.db.get_one(Staff, life.staff["an"].id)
    someone.phone, someone.active = (ticket.contact_phone if theirs == "same" else theirs), at_work
    life.db.commit()
    app.test_client().post(f"/s/{token_of(survey)}", data={"tap": "1"})
    settle(life)
    held = life.db.get_one(Survey, survey.id, populate_existing=True)
    assert (held.result, held.flagged) == (4, flagged)
    told = life.db.scalars(select(Message.role).where(Message.template_key == "rating_flagged")).all()
    assert told == (["supervisor"] if flagged else [])


@pytest.mark.parametrize(("address", "flagged"), [("203.0.113.9", "address"), ("203.0.113.10", None)])
def test_a_rating_from_a_network_that_staff_work_from_is_flagged(
    app: Flask, life: Life, browse: Browse, asked: tuple[Ticket, Survey], address: str, flagged: str | None
) -> None:
    _ticket, survey = asked
    browse(life.staff["an"])
    held = life.db.scalars(select(LoginSession)).first()
    assert held
    held.address = "203.0.113.9"
    life.db.commit()
    citizen = app.test_client()
    citizen.post(f"/s/{token_of(survey)}", data={"tap": "1"}, environ_base={"REMOTE_ADDR": address})
    settle(life)
    assert life.db.scalars(select(Survey.flagged).where(Survey.id == survey.id)).one() == flagged


SEALED = "举报：我叫周九十，身份证411123199001011238，家住人民大道66号2号楼1单元302室，手机13812340005，请保密"


@pytest.mark.parametrize(
    "raw",
    [
        f"From=%2B8613812340005&Body={quote(SEALED)}",
        json.dumps({"phone": "13812340005", "body": SEALED}),
        json.dumps({"phone": "13812340005", "more": [{"body": SEALED}]}, ensure_ascii=False),
    ],
)
@pytest.mark.parametrize("state", ["stored", "refused", "settled", "handled"])
def test_a_letter_is_read_only_by_those_who_may_see_such_a_ticket(
    life: Life, browse: Browse, raw: str, state: str
) -> None:
    """V5, VC10."""
    boss = make_staff(life.db, "guan", "管", "administrator")
    life.db.add(Inbound(provider="x", kind="sms", received_at=life.now, body=raw, state=state, error="x"))
    life.db.commit()
    for reader in (boss, life.staff["tou"]):
        page = browse(reader).get("/admin/inbound/1").text
        for secret in ("411123199001011238", "302室", "13812340005", quote("周九十"), "\\u5468"):
            assert secret not in page
        assert ("河" in page) is False
    settle(life)
    looks = life.db.scalars(select(Audit).where(Audit.action == "inbound_read")).all()
    assert [one.detail["shown"] for one in looks] == ([] if state == "handled" else [False, True])


def test_letters_are_emptied_when_handled_or_after_thirty_days(life: Life) -> None:
    """V5, VT7."""
    for days, state in ((31, "refused"), (29, "refused"), (1, "handled")):
        at = life.now - timedelta(days=days)
        life.db.add(Inbound(provider="x", kind="sms", received_at=at, body="words", state=state))
    life.db.flush()
    assert empty_letters(life.db, life.now) == 2
    rows = life.db.scalars(select(Inbound).order_by(Inbound.id)).all()
    assert [one.body for one in rows] == ["", "words", ""] and rows[0].digest and len(rows[0].digest) == 64


def test_each_look_at_a_sealed_ticket_is_in_the_book(life: Life, browse: Browse) -> None:
    """V21, VC2."""
    ticket = life.ticket(privacy="sealed")
    life.db.commit()
    client = browse(life.staff["du"])
    client.get(f"/tickets/{ticket.number}")
    client.get(f"/tickets/{ticket.number}", headers={"HX-Request": "true"})
    settle(life)
    looks = life.db.scalars(select(Audit).where(Audit.action == "view_sealed")).all()
    assert [(one.actor_id, one.ticket_id) for one in looks] == [(life.staff["du"].id, ticket.id)]


@pytest.mark.parametrize(
    "reason",
    [
        "",
        "1",
        "11",
        "。。",
        "aaa",
        "  核  ",
        "想看看",
        "呵呵呵呵",
        "contact me"[:3],
        "asdf",
        "ABCD efgh",
        "qwer1234",
        "zxcvb",
    ],
)
def test_what_says_nothing_is_no_reason_to_lift_a_mask(life: Life, browse: Browse, reason: str) -> None:
    """V17."""
    ticket = life.ticket()
    life.db.commit()
    form = {"field": "phone", "reason": reason}
    assert browse(life.staff["du"]).post(f"/tickets/{ticket.number}/reveal", data=form).status_code == 400


def test_after_thirty_masks_in_an_hour_the_next_stays_and_the_supervisor_knows(life: Life, browse: Browse) -> None:
    """V17."""
    ticket = life.ticket()
    life.db.commit()
    client, form = browse(life.staff["du"]), {"field": "phone", "reason": "核实情况"}
    codes = [client.post(f"/tickets/{ticket.number}/reveal", data=form).status_code for _ in range(31)]
    assert codes == [200] * 30 + [429]
    settle(life)
    assert life.db.scalars(select(Message.role).where(Message.template_key == "reveals_many")).all() == ["supervisor"]


def test_a_reason_is_chosen_and_the_book_keeps_it_in_words(life: Life, browse: Browse) -> None:
    """V17."""
    ticket = life.ticket()
    life.db.commit()
    client = browse(life.staff["du"])
    assert '<option value="visit">' in client.get(f"/tickets/{ticket.number}").text
    client.post(f"/tickets/{ticket.number}/reveal", data={"field": "phone", "reason": "visit"})
    settle(life)
    (row,) = life.db.scalars(select(Audit).where(Audit.action == "reveal"))
    assert row.detail["reason"] == "上门处理需要地址"


def test_beyond_an_hours_files_the_next_stays_shut_and_the_supervisor_knows(
    life: Life, browse: Browse, installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """V17: a picture that a page shows again and again counts once."""
    monkeypatch.setitem(reveal.PEOPLE, "view_file", 2)
    ticket = life.ticket()
    li, folder = Actor("citizen", ticket.citizen_id, "李"), installation.settings.attachments
    shown = [
        attachments.store(
            life.db, folder, BytesIO(b"%PDF-1.7 x"), f"{n}.pdf", li, life.now, most_mb=1, ticket=ticket
        ).stored_as
        for n in range(3)
    ]
    life.db.commit()
    client = browse(life.staff["du"])
    codes = [client.get(f"/files/{shown[n]}").status_code for n in (0, 0, 0, 1, 2)]
    assert codes == [200, 200, 200, 200, 429]
    settle(life)
    assert life.db.scalars(select(Message.role).where(Message.template_key == "reveals_many")).all() == ["supervisor"]


def test_each_morning_the_watchers_read_what_was_opened_the_day_before(
    life: Life, browse: Browse, installation: Installation
) -> None:
    """V17: nothing is told of a day on which nothing was opened."""
    ticket = life.ticket()
    life.db.commit()
    client = browse(life.staff["du"])
    for _n in range(3):
        client.post(f"/tickets/{ticket.number}/reveal", data={"field": "phone", "reason": "contact"})
    tell_openings(installation, life.now + timedelta(days=1))
    tell_openings(installation, life.now + timedelta(days=2))
    settle(life)
    told = life.db.scalars(select(Message).where(Message.template_key == "opened_yesterday")).all()
    assert sorted(one.role or "" for one in told) == ["discipline", "supervisor"]
    assert "查看完整信息3次" in told[0].text and f"较多的：{life.staff['du'].name} 3。" in told[0].text


@pytest.mark.parametrize(
    "hostile",
    [
        "https://evil.example/",
        "javascript:alert(1)",
        "/\\evil.example/x",
        "//evil.example",
        "/\t/evil.example",
        "http://[x",
    ],
)
def test_every_address_we_offer_is_a_path_of_this_site(life: Life, browse: Browse, hostile: str) -> None:
    """V26, VH8."""
    ticket = life.ticket()
    life.db.commit()
    client = browse(life.staff["du"])
    page = client.get("/tickets/none", headers={"Referer": hostile}).text
    assert "evil.example" not in page and "javascript:" not in page
    moved = client.post(
        f"/tickets/{ticket.number}/do/note",
        data={"text": "记一笔", "next": hostile},
        headers={"HX-Request": "true"},
    )
    assert "evil" not in str(moved.headers)
