"""Live sessions for tests: one that takes questions now, and questions with tickets of their own."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from hotline.intake.open_ticket import Contact, open_ticket
from hotline.interviews import planning, questions
from hotline.tickets.roles import SYSTEM
from models import Interview, InterviewQuestion
from tests.support.life import Life
from tests.support.make import CHENGGUAN

FIRST = "锦绣花园小区的电梯坏了三天，物业不修。我是王建国。"
AGAIN = "锦秀花园天天爬楼，物业公司收了物业费却不管电梯。"
"""One matter in two people's words."""


def a_session(life: Life, **changed: str) -> Interview:
    """Open for questions, begins in an hour."""
    values = {
        "theme": "城市照明和环卫",
        "about": "城管局负责人在线答复。",
        "guest_unit": CHENGGUAN,
        "guest_name": "何建国",
        "guest_post": "副局长",
        "code_word": "访谈城管",
        "opens_at": (life.now - timedelta(days=1)).isoformat(),
        "starts_at": (life.now + timedelta(hours=1)).isoformat(),
        "ends_at": (life.now + timedelta(hours=3)).isoformat(),
    }
    return planning.plan(life.db, life.city, life.people["du2"], {**values, **changed}, life.now)


def ask(life: Life, one: Interview, words: str, door: str = "page", phone: str = "") -> InterviewQuestion:
    """A question that came by this door."""
    contact = Contact(body=words, channel=one.channel, phone=phone)
    ticket = open_ticket(life.db, life.city, contact, SYSTEM, life.now)
    questions.file(life.db, one, ticket, door, life.now)
    return life.db.scalars(select(InterviewQuestion).where(InterviewQuestion.ticket_id == ticket.id)).one()
