"""What a person told of themself in one place is known in every other: nothing of it enters the story, and all of it is forgotten."""

from __future__ import annotations

import json

from sqlalchemy import select

from hotline.clock import StoppedClock
from hotline.installation import Installation
from hotline.tickets.act import lock
from hotline.tickets.erasing.erase_person import erase_person_now
from models import Draft, Message, Ticket, TicketEvent, TicketText
from tests.support.life import Life

NAME, PHONE, SECOND, CHAT = "亓官慕白", "18937299415", "0372-3918264", "muboqg1987"
HOME = "龙安区彰德路仓巷西段7号附3"
WORDS = f"我是{NAME}，电话{PHONE}，备用{SECOND}，住{HOME}，微信{CHAT}。楼上漏水，三次没人管。"


def handed_in(life: Life) -> int:
    ticket = life.ticket(PHONE, WORDS, name=NAME, place=HOME)
    number = ticket.id
    life.db.commit()
    life.db.expunge_all()  # as another process meets it
    return number


def test_a_question_enters_the_story_without_the_home_that_stands_in_the_ticket(life: Life) -> None:
    """V6, V12: its words were not read yet when the answer of the form was starred, and the story is for ever."""
    held = lock(life.db, handed_in(life))
    life.do(held, "du", "ask_more", question=f"{NAME}您好，{HOME}几楼？")
    life.db.commit()
    told = json.dumps([row.data for row in life.db.scalars(select(TicketEvent))], ensure_ascii=False)
    assert NAME not in told and HOME not in told and "7号附3" not in told


def test_who_asks_is_forgotten_with_the_numbers_that_only_their_own_words_tell(
    life: Life, installation: Installation, clock: StoppedClock
) -> None:
    """V6: a draft at another desk kept the second number and the account; the ticket and its texts kept the street."""
    number = handed_in(life)
    life.do(lock(life.db, number), "du", "ask_more", question=f"{NAME}您好，{HOME}几楼？")
    draft = {"staff_id": life.staff["an"].id, "key": "desk", "saved_at": life.now, "version": 1}
    life.db.add(Draft(**draft, data={"body": WORDS, "phone": PHONE}))
    life.do(lock(life.db, number), "du", "void", reason="重复登记")
    life.db.commit()
    erase_person_now(installation, PHONE, "本人要求")
    life.db.expire_all()
    left = [
        *(json.dumps(row.data, ensure_ascii=False) for row in life.db.scalars(select(Draft))),
        *(f"{row.text}{row.params}" for row in life.db.scalars(select(Message))),
        *(row.body for row in life.db.scalars(select(TicketText))),
        *(row.title for row in life.db.scalars(select(Ticket))),
    ]
    for trace in (NAME, "慕白", PHONE, "3918264", CHAT, "仓巷西段"):
        assert not [one for one in left if trace in one], trace
