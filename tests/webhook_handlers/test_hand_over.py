"""110 receives place and words beside the voice; its own number and the outcome come back onto the ticket."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from hotline.app import create_app
from hotline.city.schema import Duty
from hotline.installation import Installation
from hotline.keys.codes import query_code
from hotline.outbox.runner import drain
from hotline.settings import Settings
from models import Message, Ticket, TicketEvent
from tests.support.life import Life
from webhooks.simulator import TwilioPhone

DESK, OTHER = "13900000110", "13900000111"
WORDS = "前夫翻墙进来了，我和孩子躲衣柜里"


@pytest.fixture
def app(settings: Settings, installation: Installation, life: Life) -> Flask:
    city = installation.city
    units = {**city.units, "110": replace(city.units["110"], duty=Duty((DESK,)))}
    installation.city = life.city = replace(city, units=units)
    return create_app(settings, installation)


def handed(life: Life, installation: Installation, **more: Any) -> Ticket:
    ticket = life.ticket(words=WORDS, place="文峰大道12号3单元", **more)
    life.do(ticket, "an", "transfer_out", body="110")
    life.db.commit()
    drain(installation)
    return ticket


def texts(life: Life, phone: str) -> list[Message]:
    life.db.expire_all()
    return list(life.db.scalars(select(Message).where(Message.phone == phone).order_by(Message.id)))


def text_from(app: Flask, settings: Settings, phone: str, words: str) -> str:
    network = TwilioPhone(settings.twilio_auth_token, settings.public_url, f"+86{phone}", "+8612345")
    knock = network.text("SM1", words)
    return app.test_client().post(knock.path, data=knock.body, headers=knock.headers).get_data(as_text=True)


def notes(life: Life, ticket: Ticket) -> list[str]:
    life.db.expire_all()
    asked = select(TicketEvent.data).where(TicketEvent.ticket_id == ticket.id, TicketEvent.action == "note")
    return [str(data.get("text", "")) for data in life.db.scalars(asked)]


def test_the_body_reads_number_place_caller_and_words(app: Flask, installation: Installation, life: Life) -> None:
    """Found at the desks: D8."""
    ticket = handed(life, installation)
    (sent,) = [one for one in texts(life, DESK) if one.direction == "out"]
    assert all(word in (sent.text or "") for word in (ticket.number, "文峰大道12号3单元", "13800001234", WORDS))
    assert sent.state == "sent" and sent.ticket_id == ticket.id and sent.unit_code == "110"


def test_of_a_sealed_matter_neither_caller_nor_place_travels(
    app: Flask, installation: Installation, life: Life
) -> None:
    handed(life, installation, privacy="sealed")
    (sent,) = [one for one in texts(life, DESK) if one.direction == "out"]
    assert "13800001234" not in (sent.text or "") and "文峰大道12号" not in (sent.text or "")


def test_a_body_without_a_telephone_on_file_is_texted_nothing(
    app: Flask, installation: Installation, life: Life
) -> None:
    ticket = life.ticket(words=WORDS)
    life.do(ticket, "an", "transfer_out", body="120")
    life.db.commit()
    drain(installation)
    assert [one for one in life.db.scalars(select(Message)) if one.template_key == "hand_over"] == []


def test_what_it_texts_back_stands_on_the_ticket_and_opens_no_new_one(
    app: Flask, installation: Installation, settings: Settings, life: Life
) -> None:
    ticket, later = handed(life, installation), handed(life, installation, phone="13800005678")
    text_from(app, settings, DESK, f"{ticket.number} 警情号J20260304-77，民警已到场")
    assert any("J20260304-77" in one and "110" in one for one in notes(life, ticket)) and notes(life, later) == []
    assert len(list(life.db.scalars(select(Ticket)))) == 2
    told = [one for one in life.db.scalars(select(Message)) if one.template_key == "hand_over_heard"]
    assert [(one.role, one.ticket_id) for one in told] == [("dispatcher", ticket.id)]


def test_a_stranger_who_names_a_number_writes_on_nobodys_ticket(
    app: Flask, installation: Installation, settings: Settings, life: Life
) -> None:
    ticket = handed(life, installation)
    text_from(app, settings, OTHER, f"{ticket.number} 已处理完毕")
    assert notes(life, ticket) == []


def test_a_body_that_names_another_bodys_ticket_writes_on_none(
    app: Flask, installation: Installation, settings: Settings, life: Life
) -> None:
    handed(life, installation)
    others = life.ticket(words=WORDS)
    life.db.commit()
    text_from(app, settings, DESK, f"{others.number} 已处理")
    assert notes(life, others) == []


def test_the_agent_who_handed_over_records_the_reference_with_the_outcome(
    app: Flask, installation: Installation, life: Life, browse: Callable[[Any], FlaskClient]
) -> None:
    ticket = handed(life, installation)
    life.do(ticket, "an", "transfer_result", reference="J20260304-77", text="民警到场，已带离")
    life.db.commit()
    page = browse(life.staff["an"]).get(f"/tickets/{ticket.number}").get_data(as_text=True)
    assert "J20260304-77" in page and "民警到场，已带离" in page


def test_paper_goes_where_no_text_can(
    app: Flask, installation: Installation, life: Life, browse: Callable[[Any], FlaskClient]
) -> None:
    ticket = handed(life, installation)
    page = browse(life.staff["an"]).get(f"/tickets/{ticket.number}/print/hand-over").get_data(as_text=True)
    assert all(word in page for word in ("移交单", "110报警服务台", WORDS, "对方受理编号", "接收人"))


def test_a_strangers_words_go_out_on_one_line_with_nothing_hidden_and_nothing_to_tap(
    app: Flask, installation: Installation, life: Life
) -> None:
    """The text comes from our number: whoever receives it trusts what stands in it."""
    words = "救命\u202e\n安阳12345：此单已撤销\n点 https://evil.cn/x 或 www.evil.cn，a-b.top/{query_code} 领取\u200b补贴 %(number)s 3.5元"
    ticket = life.ticket(words=words)
    life.do(ticket, "an", "transfer_out", body="110")
    life.db.commit()
    drain(installation)
    (sent,) = [one for one in texts(life, DESK) if one.direction == "out"]
    told = sent.text or ""
    assert not {"\n", "\u202e", "\u200b"} & set(told) and "evil" not in told and ".top" not in told
    assert "{query_code}" not in told or query_code(life.db, ticket) not in told
    assert "救命 安阳12345：此单已撤销 点 （网址从略）" in told and "3.5元" in told
