"""What the outside tells us, through the signed webhooks, and what it becomes."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from hotline.app import create_app
from hotline.clock import StoppedClock
from hotline.installation import Installation
from hotline.outbox.runner import drain
from hotline.settings import PartnerSetting, Settings
from models import Call, Inbound, Job, Message, Proposal, Receipt, Survey, Ticket
from tests.support.doubles.partner_post import partner_post
from tests.support.life import Life
from webhooks.simulator import SignedRequest, TwilioPhone

PHONE = "13800001234"
KEY = "k" * 32


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(
        settings,
        partner_keys={"national": (KEY,), "110": (KEY,), "azt": (KEY,), "other": (KEY,)},
        partners={"azt": PartnerSetting("town", "wenfeng-dongguan")},
    )


@pytest.fixture
def app(settings: Settings, installation: Installation) -> Flask:
    return create_app(settings, installation)


@pytest.fixture
def phone(settings: Settings) -> TwilioPhone:
    return TwilioPhone(settings.twilio_auth_token, settings.public_url, f"+86{PHONE}", "+8612345")


def knock(app: Flask, one: SignedRequest) -> Any:
    return app.test_client().post(one.path, data=one.body, headers=one.headers)


def test_a_call_rings_is_answered_ends_and_is_rated(
    app: Flask, installation: Installation, life: Life, phone: TwilioPhone
) -> None:
    assert knock(app, phone.call("CA1")).status_code == 200
    knock(app, phone.answered("CA1", "CA2", "an"))
    knock(app, phone.agent_left("CA1", "CA2", seconds=40))
    knock(app, phone.press("CA1", "1"))
    knock(app, phone.ended("CA1", seconds=60))
    with installation.readings() as db:
        call = db.scalars(select(Call)).one()
    assert (call.state, call.rating, call.from_phone, call.agent_id) == ("ended", 5, PHONE, life.staff["an"].id)


def test_the_same_ring_told_twice_is_one_call(app: Flask, installation: Installation, phone: TwilioPhone) -> None:
    ring = phone.call("CA1")
    assert knock(app, ring).data == knock(app, ring).data
    with installation.readings() as db:
        assert db.scalar(select(func.count()).select_from(Call)) == 1


def test_a_call_nobody_takes_is_missed(app: Flask, installation: Installation, phone: TwilioPhone) -> None:
    knock(app, phone.call("CA1"))
    knock(app, phone.ended("CA1", status="no-answer"))
    with installation.readings() as db:
        assert db.scalars(select(Call.state)).one() == "missed"


def test_a_forged_ring_changes_nothing(app: Flask, installation: Installation, phone: TwilioPhone) -> None:
    forged = phone.call("CA1")
    answer = app.test_client().post(
        forged.path, data=forged.body, headers={**forged.headers, "X-Twilio-Signature": "bm8="}
    )
    assert answer.status_code == 403
    with installation.readings() as db:
        assert db.scalar(select(func.count()).select_from(Call)) == 0
        assert db.scalar(select(func.count()).select_from(Inbound)) == 0


def test_a_text_out_of_the_blue_becomes_a_ticket_and_is_kept_raw(
    app: Flask, installation: Installation, phone: TwilioPhone
) -> None:
    text = phone.text("SM1", "文峰大道的路灯不亮，请修")
    knock(app, text)
    knock(app, text)
    with installation.readings() as db:
        ticket = db.scalars(select(Ticket)).one()
        assert (ticket.channel, ticket.contact_phone, ticket.state) == ("sms", PHONE, "to_dispatch")
        assert {row.state for row in db.scalars(select(Inbound))} == {"handled"}
        assert db.scalar(select(func.count()).select_from(Receipt).where(Receipt.kind == "sms")) == 1


def test_a_second_text_is_added_to_the_open_ticket(
    app: Flask, installation: Installation, life: Life, phone: TwilioPhone
) -> None:
    ticket = life.to("handling")
    life.db.commit()
    knock(app, phone.text("SM1", "补充一下，在邮局门口那一盏"))
    with installation.readings() as db:
        assert db.scalar(select(func.count()).select_from(Ticket)) == 1
    life.db.refresh(ticket)
    assert ticket.state == "handling"


def test_a_merged_citizens_text_opens_no_second_ticket(
    app: Flask, installation: Installation, life: Life, phone: TwilioPhone
) -> None:
    own = life.to("merged")
    life.db.commit()
    before = life.db.scalar(select(func.count()).select_from(Ticket))
    life.db.commit()
    answers = [
        knock(app, phone.text(f"SM{n}", words)).text
        for n, words in enumerate(("补充一下，在邮局门口那一盏", "怎么还没有人来？"))
    ]
    assert all(own.number in one for one in answers)
    life.db.expire_all()
    assert life.db.scalar(select(func.count()).select_from(Ticket)) == before
    assert life.db.get_one(Ticket, own.merged_into_id).urges == 1


@pytest.mark.parametrize(
    ("words", "state", "outcome"),
    [
        ("1", "closed", "satisfied"),
        ("１ 谢谢", "closed", "satisfied"),
        ("2", "to_follow_up", "partly"),
        ("3 还是不亮", "to_follow_up", "dissatisfied"),
        ("没有解决", "to_follow_up", "dissatisfied"),
        ("已经解决了，满意", "closed", "satisfied"),
    ],
)
def test_the_answer_to_the_survey_moves_the_ticket(
    app: Flask, installation: Installation, life: Life, phone: TwilioPhone, words: str, state: str, outcome: str
) -> None:
    ticket = life.to("to_follow_up")
    life.db.commit()
    drain(installation)
    knock(app, phone.text("SM9", words))
    life.db.expire_all()
    assert (ticket.state, life.db.scalars(select(Survey.outcome)).one()) == (state, outcome)


def test_an_answer_that_cannot_be_understood_is_asked_again_and_closes_nothing(
    app: Flask, installation: Installation, life: Life, phone: TwilioPhone
) -> None:
    ticket = life.to("to_follow_up")
    life.db.commit()
    drain(installation)
    answer = knock(app, phone.text("SM9", "啊？"))
    assert "<Message>" in answer.text
    life.db.refresh(ticket)
    assert ticket.state == "to_follow_up"


def test_who_does_not_want_texts_gets_none(
    app: Flask, installation: Installation, life: Life, phone: TwilioPhone
) -> None:
    knock(app, phone.text("SM1", "TD"))
    life.ticket(phone=PHONE)
    life.db.commit()
    drain(installation)
    with installation.readings() as db:
        assert db.scalars(select(Message.id).where(Message.channel == "sms", Message.direction == "out")).all() == []


def test_receipts_of_texts_move_forward_whatever_their_order(
    app: Flask, installation: Installation, life: Life, phone: TwilioPhone
) -> None:
    life.ticket(phone=PHONE)
    life.db.commit()
    drain(installation)
    with installation.readings() as db:
        sent = db.scalars(select(Message).where(Message.channel == "sms")).one()
    for status in ("delivered", "sent"):
        knock(app, phone.text_status(sent.provider_id or "", status, out_id=f"m{sent.id}"))
    with installation.readings() as db:
        assert db.get_one(Message, sent.id).state == "delivered"


def test_a_partners_post_is_one_ticket_with_its_own_number_and_deadline(
    app: Flask, installation: Installation, settings: Settings, clock: StoppedClock
) -> None:
    body = {
        "outer_number": "G-2026-1",
        "text": "国家平台转来：办事窗口中午无人值守。",
        "outer_due_at": "2026-03-10T10:00:00+08:00",
    }
    answers = []
    for nonce in ("nonce-0000000001", "nonce-0000000002"):
        post = partner_post(KEY, settings.public_url, "national", body, clock.now(), nonce=nonce)
        answers.append(knock(app, post))
    assert [a.status_code for a in answers] == [201, 201]
    assert [a.headers.get("Idempotent-Replayed") for a in answers] == [None, "true"]
    assert answers[0].get_json()["ticket_number"] == answers[1].get_json()["ticket_number"]
    with installation.readings() as db:
        ticket = db.scalars(select(Ticket)).one()
        assert (ticket.outer_source, ticket.outer_number, ticket.channel) == ("national", "G-2026-1", "national")
        assert ticket.outer_due_at is not None


def test_a_replayed_post_is_refused(app: Flask, settings: Settings, clock: StoppedClock) -> None:
    post = partner_post(
        KEY,
        settings.public_url,
        "national",
        {"outer_number": "G-1", "text": "窗口无人值守。"},
        clock.now(),
        nonce="nonce-0000000003",
    )
    assert knock(app, post).status_code == 201
    assert knock(app, post).status_code in (401, 403, 409)


def test_a_post_with_a_wrong_field_says_which(
    app: Flask, installation: Installation, settings: Settings, clock: StoppedClock
) -> None:
    post = partner_post(KEY, settings.public_url, "110", {"outer_number": "A-1"}, clock.now(), nonce="nonce-0000000004")
    answer = knock(app, post)
    assert answer.status_code in (400, 422) and "content" in json.dumps(answer.get_json(), ensure_ascii=False)
    with installation.readings() as db:
        assert db.scalar(select(func.count()).select_from(Ticket)) == 0


def posted(app: Flask, clock: StoppedClock, name: str, **content: Any) -> Any:
    return knock(
        app,
        partner_post(
            KEY,
            "http://127.0.0.1:8000",
            name,
            {"outer_number": "X1", "text": "门口垃圾没人清运。", **content},
            clock.now(),
        ),
    )


def test_a_towns_own_page_counts_as_its_channel_and_lies_in_its_town(
    app: Flask, installation: Installation, clock: StoppedClock, browse: Any, life: Life
) -> None:
    """Found outside: P1."""
    assert posted(app, clock, "azt").status_code == 201
    drain(installation)
    with installation.readings() as db:
        ticket = db.scalars(select(Ticket)).one()
    assert (ticket.channel, ticket.town_code, ticket.area, ticket.street) == (
        "town",
        "wenfeng-dongguan",
        "wenfeng",
        "东关街道",
    )
    page = browse(life.staff["du"]).get(f"/tickets/{ticket.number}").text
    assert "东关街道" in page and "没有认出所在区县" not in page


def test_a_town_is_sent_with_the_post_and_checked(app: Flask, installation: Installation, clock: StoppedClock) -> None:
    """Found outside: P1."""
    assert (
        posted(
            app,
            clock,
            "other",
            town_code="linzhou-kaiyuan" if "linzhou-kaiyuan" in installation.city.units else "wenfeng-nanguan",
        ).status_code
        == 201
    )
    refused = posted(app, clock, "other", outer_number="X2", town_code="no-such-town-xyz")
    assert refused.status_code == 422 and refused.get_json()["errors"][0]["field"] == "town_code"


def test_a_post_from_the_future_is_taken_and_dated_by_nobody(
    app: Flask, installation: Installation, clock: StoppedClock
) -> None:
    told = "2099-01-01T00:00:00+08:00"
    assert posted(app, clock, "national", posted_at=told).status_code == 201
    with installation.readings() as db:
        assert db.scalars(select(Ticket)).one().text.extra == {"posted_at": told}


@pytest.mark.parametrize("nothing", [" \u200b\u3000 ", "\ufeff\u200d", "\u2060\u00ad"])
def test_words_that_nobody_can_see_are_no_matter(app: Flask, clock: StoppedClock, nothing: str) -> None:
    assert posted(app, clock, "national", text=nothing).status_code == 422


def test_facts_that_have_no_field_are_kept_and_found(
    app: Flask, installation: Installation, clock: StoppedClock, browse: Any, life: Life
) -> None:
    """Found outside: P2."""
    answer = posted(
        app,
        clock,
        "national",
        likes=731,
        sender={"id": "wx-77", "nick": "琥珀"},
        tags=["百姓呼声"],
        nul="a\x00b",
        category="没有这一类",
    )
    assert answer.status_code == 201
    with installation.readings() as db:
        extra = db.scalars(select(Ticket)).one().text.extra
    assert extra == {
        "likes": 731,
        "sender": {"id": "wx-77", "nick": "琥珀"},
        "tags": ["百姓呼声"],
        "nul": "ab",
        "category": "没有这一类",
    }
    assert answer.get_json()["ticket_number"] in browse(life.staff["du"]).get("/search/?q=百姓呼声").text


def test_pictures_of_a_post_are_promised(app: Flask, installation: Installation, clock: StoppedClock) -> None:
    """Found outside: P2."""
    posted(app, clock, "national", media=["https://img.example.cn/1.jpg", "https://img.example.cn/2.jpg"])
    with installation.readings() as db:
        assert len(db.scalars(select(Job).where(Job.name == "fetch_media")).all()) == 2


def test_another_text_under_a_number_that_was_posted_is_a_conflict_that_somebody_sees(
    app: Flask, installation: Installation, clock: StoppedClock
) -> None:
    """Found outside: I2."""
    first = posted(app, clock, "national")
    again = posted(app, clock, "national", likes=9)
    other = posted(app, clock, "national", text="井盖丢了。")
    assert [a.status_code for a in (first, again, other)] == [201, 201, 409]
    assert (
        again.headers["Idempotent-Replayed"] == "true"
        and first.get_json()["ticket_number"] in other.get_json()["detail"]
    )
    with installation.readings() as db:
        assert db.scalars(select(Inbound.state).order_by(Inbound.id)).all()[-1] == "refused"
        assert db.scalar(select(func.count()).select_from(Ticket)) == 1


def test_a_partners_category_is_a_hint(app: Flask, installation: Installation, clock: StoppedClock) -> None:
    known = next(code for code, one in installation.city.categories.items() if one.level == 2)
    posted(app, clock, "national", text="就是那个事", category=installation.city.categories[known].name)
    drain(installation)
    with installation.readings() as db:
        proposal = db.scalars(select(Proposal)).one()
    assert proposal.category_code == known and not proposal.sure
