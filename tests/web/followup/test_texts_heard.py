"""Texts as the network brings them: pictures, parts, machines, and what we said back, which is on record."""

from __future__ import annotations

import itertools
import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from hotline.clock import StoppedClock
from hotline.followup.ask import ask_citizens
from hotline.followup.parts import part_of
from hotline.installation import Installation
from hotline.outbox.runner import drain
from hotline.settings import Settings
from models import Message, Survey, Ticket, TicketEvent
from tests.support.desks.citizens_codes import code_of, token_of
from tests.support.life import HATS, Life
from webhooks.simulator import SignedRequest, TwilioPhone

PHONE = "13800001234"
PARTS = (
    "（1/3）北关区洹滨路夜市油烟很大，每天到半夜，",
    "（2/3）老人孩子都睡不好，打过两次电话没有人来，",
    "（3/3）请环保部门来看看。",
)
WHOLE = "北关区洹滨路夜市油烟很大，每天到半夜，老人孩子都睡不好，打过两次电话没有人来，请环保部门来看看。"


@pytest.fixture
def phone(settings: Settings) -> TwilioPhone:
    return TwilioPhone(settings.twilio_auth_token, settings.public_url, f"+86{PHONE}", "+8612345")


def knock(app: Flask, one: SignedRequest) -> str:
    answer = app.test_client().post(one.path, data=one.body, headers=one.headers)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def bodies(installation: Installation) -> list[str]:
    with installation.readings() as db:
        return [ticket.text.body for ticket in db.scalars(select(Ticket).order_by(Ticket.id))]


def messages(installation: Installation, direction: str) -> list[Message]:
    with installation.readings() as db:
        return list(
            db.scalars(
                select(Message).where(Message.direction == direction, Message.channel == "sms").order_by(Message.id)
            )
        )


def pictures(phone: TwilioPhone, sid: str, words: str, n: int = 1) -> SignedRequest:
    return phone.text(sid, words, media=[(f"https://api.twilio.com/media/{sid}/{i}", "image/jpeg") for i in range(n)])


def test_a_picture_without_words_is_kept_and_asked_about(
    app: Flask, installation: Installation, life: Life, phone: TwilioPhone
) -> None:
    """Found outside: T5."""
    assert "图片2张" in knock(app, pictures(phone, "MM1", "", 2))
    (kept,) = messages(installation, "in")
    assert [one["url"] for one in kept.params["media"]] == [
        f"https://api.twilio.com/media/MM1/{i}" for i in range(2)
    ] and bodies(installation) == []


def test_the_words_that_follow_a_picture_take_it_along(
    app: Flask, installation: Installation, life: Life, phone: TwilioPhone, clock: StoppedClock
) -> None:
    knock(app, pictures(phone, "MM1", ""))
    clock.forward(minutes=3)
    knock(app, phone.text("SM2", "文峰大道东工路口的井盖破了一半，请更换"))
    with installation.readings() as db:
        ticket = db.scalars(select(Ticket)).one()
    assert [one.ticket_id for one in messages(installation, "in")] == [ticket.id, ticket.id]


def test_a_picture_with_words_stays_with_their_ticket(
    app: Flask, installation: Installation, life: Life, phone: TwilioPhone
) -> None:
    """Found outside: T5."""
    knock(app, pictures(phone, "MM1", "文峰大道东工路口的井盖破了一半，请更换"))
    with installation.readings() as db:
        ticket = db.scalars(select(Ticket)).one()
    (kept,) = messages(installation, "in")
    assert kept.ticket_id == ticket.id and kept.params["media"][0]["type"] == "image/jpeg"


@pytest.mark.parametrize("order", list(itertools.permutations(range(3)))[1:])
def test_the_parts_of_a_long_text_are_joined_in_whatever_order_they_come(
    app: Flask, installation: Installation, life: Life, phone: TwilioPhone, clock: StoppedClock, order: tuple[int, ...]
) -> None:
    """Found outside: T12."""
    for n in order:
        knock(app, phone.text(f"SM{n}", PARTS[n]))
        clock.forward(seconds=5)
    assert bodies(installation) == [WHOLE]
    with installation.readings() as db:
        assert "/3" not in db.scalars(select(Ticket)).one().title


@pytest.mark.parametrize(
    "mark",
    [
        "（2/3）",
        "[2/3]",
        "2/3 ",
        "第2条/共3条：",
        "(2 of 3) ",
        "Part 2 of 3: ",
        "part 2/3 ",
        "【2/3】",
        "(Part 2 of 3)",
    ],
)
def test_a_part_is_known_by_the_mark_that_telephones_write(mark: str) -> None:
    """Found outside: T12."""
    part = part_of(Message(text=f"{mark}路面都结冰了", params={}))
    assert part is not None and (part.at, part.of, part.words.lstrip(" :：")) == (2, 3, "路面都结冰了")


def test_parts_that_do_not_come_are_not_waited_for_for_ever(
    app: Flask, installation: Installation, life: Life, phone: TwilioPhone, clock: StoppedClock
) -> None:
    knock(app, phone.text("SM3", "3/3 请尽快派人来修"))
    knock(app, phone.text("SM1", "1/3 中华路路灯不亮，"))
    assert bodies(installation) == []
    clock.forward(minutes=2)
    drain(installation)
    assert bodies(installation) == ["中华路路灯不亮，请尽快派人来修"]


def test_one_of_two_alone_is_an_answer_and_no_part(
    app: Flask, installation: Installation, life: Life, phone: TwilioPhone
) -> None:
    knock(app, phone.text("SM1", "1/2"))
    assert "waits" not in messages(installation, "in")[0].params


def test_two_machines_do_not_talk_for_ever(
    app: Flask, installation: Installation, life: Life, phone: TwilioPhone, clock: StoppedClock
) -> None:
    """Found outside: T7."""
    said: list[str] = []
    for n in range(12):
        said.append(knock(app, phone.text(f"SM{n}", f"您好，本店营业时间为早八点到晚十点，欢迎光临，编号{n}")))
        clock.forward(seconds=20)
    assert sum("<Message>" in one for one in said) <= 5 and len(bodies(installation)) == 1


def test_what_the_response_says_back_is_a_message_like_every_other(
    app: Flask, installation: Installation, life: Life, phone: TwilioPhone
) -> None:
    knock(app, phone.text("SM1", "文峰大道东工路口的井盖破了一半，请更换"))
    drain(installation)
    answer = knock(app, phone.text("SM2", "在邮局门口那一边"))
    (back,) = [one for one in messages(installation, "out") if one.template_key == "sms_added"]
    assert back.text in answer and (back.state, back.phone) == ("sent", PHONE)


def test_the_answer_to_late_parts_goes_out_as_a_text(
    app: Flask, installation: Installation, life: Life, phone: TwilioPhone, clock: StoppedClock
) -> None:
    knock(app, phone.text("SM1", "文峰大道东工路口的井盖破了一半，请更换"))
    clock.forward(minutes=2)
    drain(installation)
    knock(app, phone.text("SM2", "(1/2) 补充一下，在邮局门口"))
    clock.forward(minutes=2)
    drain(installation)
    with installation.readings() as db:
        added = db.scalars(select(TicketEvent).where(TicketEvent.action == "add")).one()
    (back,) = [one for one in messages(installation, "out") if one.template_key == "sms_added"]
    assert added.data["text"] == "补充一下，在邮局门口" and back.provider_id


@pytest.mark.parametrize("tail", ["评价。", "或拨打12345。", "，谢谢", "）", "/", "/。", "，谢谢/再见", "/?x=1"])
def test_a_progress_link_opens_with_what_the_phone_glued_to_it(app: Flask, life: Life, tail: str) -> None:
    """Found outside: T8."""
    ticket = life.ticket()
    life.db.commit()
    client = app.test_client()
    client.post("/c/track", data={"number": ticket.number, "code": code_of(ticket)})
    page = client.get(f"/p/{ticket.number}{tail}", follow_redirects=True)
    assert page.status_code == 200 and ticket.title in page.get_data(as_text=True)


@pytest.mark.parametrize("tail", ["", "/", "。", "，谢谢/再见", "/评价", ")"])
def test_a_rating_link_opens_with_what_the_phone_glued_to_it(app: Flask, life: Life, tail: str) -> None:
    """Found outside: T8."""
    ticket = life.to("to_follow_up")
    ask_citizens(life.db, life.city, ticket, life.now, "https://12345.example")
    survey = life.db.scalars(select(Survey).where(Survey.ticket_id == ticket.id)).one()
    life.db.commit()
    page = app.test_client().get(f"/s/{token_of(survey)}{tail}", follow_redirects=True)
    assert page.status_code == 200 and 'name="tap"' in page.get_data(as_text=True)


def test_the_desk_reads_a_doubtful_text_and_says_what_it_means(
    app: Flask, installation: Installation, life: Life, browse: Any, phone: TwilioPhone
) -> None:
    ticket = life.to("to_follow_up")
    life.db.commit()
    drain(installation)
    knock(app, phone.text("SM1", "1位师傅来看了看就走了"))
    client = browse(life.staff["hui"])
    queue = client.get("/followup/?tab=read").get_data(as_text=True)
    assert "1位师傅来看了看就走了" in queue and "看不准" in queue
    sheet = client.get(f"/followup/{ticket.number}").get_data(as_text=True)
    assert "1位师傅来看了看就走了" in sheet and "这句话的意思是" in sheet
    with installation.readings() as db:
        number = db.scalars(select(Survey.id)).one()
    assert client.post(f"/followup/{ticket.number}/read", data={"survey": number, "means": "no"}).status_code == 303
    life.db.expire_all()
    assert ticket.dissatisfied and ticket.state == "to_follow_up"
    life.db.commit()
    assert client.post(f"/followup/{ticket.number}/read", data={"survey": number, "means": "yes"}).status_code == 409


@pytest.mark.parametrize("login", HATS)
def test_whoever_sees_the_queue_of_doubts_can_settle_them_and_is_offered_nothing_else(
    app: Flask, installation: Installation, life: Life, browse: Any, phone: TwilioPhone, login: str
) -> None:
    ticket = life.to("to_follow_up")
    life.db.commit()
    drain(installation)
    knock(app, phone.text("SM1", "1位师傅来看了看就走了"))
    client = browse(life.staff[login])
    if client.get("/followup/?tab=read").status_code == 403:
        assert client.get(f"/followup/{ticket.number}").status_code == 403
        return
    sheet = client.get(f"/followup/{ticket.number}").get_data(as_text=True)
    offered = set(re.findall(r'action="(/followup/[^"]+)"', sheet))
    assert f"/followup/{ticket.number}/read" in offered
    assert {
        address: client.post(address).status_code for address in offered if client.post(address).status_code == 403
    } == {}
    with installation.readings() as db:
        number = db.scalars(select(Survey.id)).one()
    answer = client.post(f"/followup/{ticket.number}/read", data={"survey": number, "means": "yes"})
    assert answer.status_code == 303 and client.get(answer.headers["Location"]).status_code == 200
    life.db.expire_all()
    assert ticket.state == "closed"
