"""Citizens who write from an account are answered there: receipt, progress, result, question, and the thanks after it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from hotline.keys.codes import query_code
from models import Citizen, Message, Survey, Ticket
from tests.support.cities.partners import LI, MATTER, WORDS, Street
from tests.support.doubles.fakes import MemorySender

SAID = {"wechat": "content", "weibo": "text", "app": "text"}
TO = {"wechat": "touser", "weibo": "receiver_id", "app": "user"}
DEEDS = (("du", "dispatch"), ("he", "sign"), ("he", "reply"), ("ren", "pass"))


def sent_by(street: Street, name: str) -> list[str]:
    """The words that the channel took, oldest first; progress that the app shows itself is none."""
    told = [entry.content for entry in street.doubles[name].ledger if TO[name] in entry.content]
    assert {one[TO[name]] for one in told} <= {LI}
    return [one[SAID[name]] for one in told]


def test_the_question_goes_where_the_citizen_wrote_and_their_words_there_answer_it(street: Street) -> None:
    sender = street.installation.sender = MemorySender(at=street.now())
    street.connect(*WORDS)
    for name, words in WORDS.items():
        said = street.tell(name, words(1, MATTER), "words")
        assert said.status_code == 201, said.get_json()
        number = said.get_json()["ticket_number"]
        assert street.tell(name, words(1, MATTER), "words").get_json()["ticket_number"] == number, (
            "told twice it is one"
        )
        street.work()
        ticket = street.ticket(number)
        assert (ticket.channel, ticket.contact_phone) == (name, None)
        with street.installation.readings() as db:
            code = query_code(db, ticket)
        assert number in sent_by(street, name)[0] and code in sent_by(street, name)[0]
        street.lives(ticket, *DEEDS)
        asked = [one for one in sent_by(street, name) if "/s/" in one]
        assert len(asked) == 1, "the question, and no text beside it"
        answer = street.tell(name, words(2, "1"), "words")
        assert answer.status_code == 201, answer.get_json()
        street.work()
        assert street.ticket(number).state == "closed"
        street.pass_time(1)
        assert len(sent_by(street, name)) == len(set(sent_by(street, name)))
        rows = street.deliveries(name)
        assert {row.state for row in rows} == {"accepted"}
        assert [row.key for row in rows] == [entry.name for entry in street.doubles[name].ledger], "number by number"
    assert sender.sent == [], "nobody was texted"
    with street.installation.readings() as db:
        assert len(db.scalars(select(Citizen).where(Citizen.handle.is_not(None))).all()) == len(WORDS)
        assert {one.outcome for one in db.scalars(select(Survey))} == {"satisfied"}
        states = db.execute(
            select(Message.channel, Message.state).where(Message.channel != "desk", Message.direction == "out")
        )
        assert {state for channel, state in states if channel in WORDS} == {"sent"}


def test_more_words_go_to_the_matter_and_the_answer_is_in_the_response(street: Street) -> None:
    street.connect("wechat")
    number = street.tell("wechat", WORDS["wechat"](1, MATTER), "words").get_json()["ticket_number"]
    said = street.tell("wechat", WORDS["wechat"](2, f"{number} 就在邮局门口那一盏"), "words").get_json()
    assert said["ticket_number"] == number and number in said["reply"]
    assert "邮局门口" in str(street.story(number)[-1].data) and street.story(number)[-1].action == "add"


def test_a_long_story_by_an_account_is_kept_to_its_last_word(street: Street) -> None:
    street.connect("wechat")
    long = "小区的水管漏了又漏，物业说下周修。" * 500 + "在文源小区3号楼。"
    number = street.tell("wechat", WORDS["wechat"](1, long), "words").get_json()["ticket_number"]
    assert street.ticket(number).text.body == long
    more = f"{number} " + "还有四楼也漏。" * 1000 + "急。"
    assert street.tell("wechat", WORDS["wechat"](2, more), "words").get_json()["ticket_number"] == number
    assert "还有四楼也漏。急。" in str(street.story(number)[-1].data)


def test_pictures_come_with_the_words_and_are_fetched_from_the_channels_own_hosts(street: Street) -> None:
    street.connect("wechat", media=("mmbiz.qpic.cn",))
    pictures = ["https://mmbiz.qpic.cn/a.jpg", "https://evil.test/b.jpg"]
    number = street.tell("wechat", WORDS["wechat"](1, MATTER, MediaUrls=pictures), "words").get_json()["ticket_number"]
    rows: Any = street.ticket(number).text.extra["media"]
    assert [row["url"] for row in rows] == pictures
    street.tell(
        "wechat",
        WORDS["wechat"](2, f"{number} 再补两张", MediaUrls=["https://mmbiz.qpic.cn/c.jpg", pictures[0]]),
        "words",
    )
    assert [row["url"] for row in street.ticket(number).text.extra["media"]] == [
        *pictures,
        "https://mmbiz.qpic.cn/c.jpg",
    ]


def test_a_number_that_is_told_beside_an_account_opens_nothing_of_its_owner(street: Street) -> None:
    """Whoever tells a number has not proved that it is theirs."""
    street.connect("wechat")
    mine = street.life.ticket(phone="13800001234")
    street.life.db.commit()
    post = {"OrderNo": "P-1", "Content": "小区门口垃圾没有清运。", "FromUserName": "oStranger", "Mobile": "13800001234"}
    assert street.tell("wechat", post).status_code == 201
    said = street.tell(
        "wechat", WORDS["wechat"](3, f"{mine.number} 进度") | {"FromUserName": "oStranger"}, "words"
    ).get_json()
    assert mine.number not in said["reply"] and said["ticket_number"] != mine.number
    with street.installation.readings() as db:
        owner = db.scalars(select(Ticket.citizen_id).where(Ticket.number == mine.number)).one()
        assert db.scalars(select(Ticket.id).where(Ticket.citizen_id == owner)).all() == [mine.id]


def test_a_channel_that_is_not_connected_falls_back_to_the_number_that_was_left(street: Street) -> None:
    sender = street.installation.sender = MemorySender(at=street.now())
    street.connect("wechat")
    said = [
        street.tell(
            "wechat", {"OrderNo": f"P-{n}", "Content": f"{n} 号楼{MATTER}", "FromUserName": f"o{n}", "Mobile": phone}
        )
        for n, phone in enumerate(("13800001234", ""))
    ]
    numbers = [one.get_json()["ticket_number"] for one in said]
    from dataclasses import replace

    street.installation.settings = replace(street.installation.settings, partners={})
    street.work()
    assert [numbers[0] in text for text in sender.texts_to("13800001234")] == [True]
    with street.installation.readings() as db:
        failed = db.scalars(select(Message).where(Message.channel == "wechat")).all()
    assert [(one.state, bool(one.error)) for one in failed] == [("failed", True)]


def test_the_channels_receipt_moves_the_message_on(street: Street) -> None:
    street.connect("wechat")
    street.tell("wechat", WORDS["wechat"](1, MATTER), "words")
    street.work()
    (entry,) = street.doubles["wechat"].ledger
    for n, state in enumerate(("delivered", "read", "delivered")):
        said = {"event_id": entry.content["clientMsgId"], "state": state}
        assert street.tell("wechat", said, "receipts").status_code == 201, n
    with street.installation.readings() as db:
        assert db.scalars(
            select(Message.state).where(Message.channel == "wechat", Message.direction == "out")
        ).all() == ["read"]


def test_a_channels_receipt_says_nothing_of_a_message_that_went_by_another(street: Street) -> None:
    """V2: any partner could call every text to a citizen failed or delivered, by its number."""
    street.connect("wechat")
    street.life.ticket(phone="13800001234")
    street.life.db.commit()
    street.work()
    of_texts = select(Message.id, Message.provider_id, Message.state).where(Message.channel == "sms")
    with street.installation.readings() as db:
        before = db.execute(of_texts).all()
    for told in (f"wechat:m{before[0].id}", before[0].provider_id):
        assert street.tell("wechat", {"event_id": told, "state": "failed"}, "receipts").status_code == 201
        assert street.tell("wechat", {"event_id": told, "state": "read"}, "receipts").status_code == 201
    with street.installation.readings() as db:
        assert db.execute(of_texts).all() == before


def test_the_number_told_beside_an_account_stands_on_the_ticket_and_the_account_is_answered(street: Street) -> None:
    street.connect("wechat")
    number = street.tell("wechat", WORDS["wechat"](1, MATTER, Mobile="138 0000 1234"), "words").get_json()[
        "ticket_number"
    ]
    street.work()
    ticket = street.ticket(number)
    assert (ticket.contact_phone, ticket.channel) == ("13800001234", "wechat")
    assert len(sent_by(street, "wechat")) == 1
