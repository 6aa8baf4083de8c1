"""What platforms above demand is done by the life-cycle's own rows, once, and only on matters that are theirs."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import select

from models import Deadline, Directive, Message, Ticket
from tests.support.cities.partners import Street, key_of

MATTER = {"workOrderNo": "SJ-1", "content": "文峰大道路灯坏了三天。", "limitTime": "2026-03-09 18:00:00"}
WORKED = (("du", "dispatch"), ("he", "sign"), ("he", "reply"), ("ren", "pass"))


def demanded(street: Street, what: str, n: int = 1, **more: str) -> dict[str, str]:
    return {
        "superviseNo": f"DB-{n}",
        "workOrderNo": "SJ-1",
        "superviseType": what,
        "superviseContent": "请抓紧办理",
        **more,
    }


@pytest.fixture
def number(street: Street) -> str:
    street.connect("province", "national")
    said = street.tell("province", MATTER)
    street.work()
    return str(said.get_json()["ticket_number"])


def test_an_urge_is_a_directive_that_the_next_deed_ends_told_twice_it_is_one(street: Street, number: str) -> None:
    street.lives(street.ticket(number), ("du", "dispatch"))
    first, again = (street.tell("province", demanded(street, "1"), "demands") for _time in range(2))
    assert (first.status_code, again.headers["Idempotent-Replayed"]) == (201, "true")
    with street.installation.readings() as db:
        (urge,) = db.scalars(select(Directive)).all()
        assert (urge.kind, urge.given_by_name, urge.asked) == ("urge", "省政务服务平台", "请抓紧办理")
    street.lives(street.ticket(number), ("he", "sign"))
    with street.installation.readings() as db:
        assert db.scalars(select(Directive.state)).all() == ["closed"]


def test_a_return_starts_a_new_round_where_the_answer_went_out_and_is_supervision_where_work_goes_on(
    street: Street, number: str
) -> None:
    street.lives(street.ticket(number), ("du", "dispatch"), ("he", "sign"))
    assert street.tell("province", demanded(street, "2"), "demands").status_code == 201
    with street.installation.readings() as db:
        assert db.scalars(select(Directive.kind)).all() == ["supervision"]
    street.lives(street.ticket(number), ("he", "reply"), ("ren", "pass"))
    said = street.tell("province", demanded(street, "2", 2, superviseContent="没有说修没修好"), "demands").get_json()
    assert said["state"] == "to_sign" and street.ticket(number).round == 2
    last = street.story(number)[-1]
    assert (last.action, last.actor_name, last.data["note"]) == ("redo", "省政务服务平台", "没有说修没修好")


def test_a_return_of_a_closed_matter_and_of_a_declined_one(street: Street, number: str) -> None:
    street.lives(street.ticket(number), *WORKED, ("citizen", "record"))
    assert street.tell("province", demanded(street, "2"), "demands").get_json()["state"] == "to_sign"
    other = street.tell("province", {**MATTER, "workOrderNo": "SJ-2"}).get_json()["ticket_number"]
    street.lives(street.ticket(other), ("du", "decline"))
    said = street.tell("province", {**demanded(street, "2", 2), "workOrderNo": "SJ-2"}, "demands")
    assert (said.get_json()["ticket_number"], said.get_json()["state"]) == (other, "to_dispatch")


def test_the_outer_deadline_is_the_tickets_own_and_moves_when_the_platform_says_so(street: Street, number: str) -> None:
    def outer() -> str:
        with street.installation.readings() as db:
            clock = select(Deadline.due_at).where(Deadline.clock == "outer", Deadline.stopped_at.is_(None))
            return db.scalars(clock).one().isoformat()

    assert outer() == "2026-03-09T10:00:00+00:00", "as the platform's own clock shows it"
    assert street.tell("province", demanded(street, "4"), "demands").status_code == 422
    said = street.tell("province", demanded(street, "4", 2, superviseLimit="2026-03-16 18:00:00"), "demands")
    assert said.status_code == 201 and outer() == "2026-03-16T10:00:00+00:00"
    assert street.ticket(number).outer_due_at.isoformat() == outer()  # type: ignore[union-attr]


def test_nobody_speaks_of_matters_of_others_and_no_door_opens_without_its_signature(
    street: Street, number: str
) -> None:
    theirs = {"urgeId": "U-1", "appealNo": "SJ-1", "ticket_number": number, "urgeType": "催办", "urgeContent": "快"}
    assert street.tell("national", theirs, "demands").status_code == 404
    assert street.tell("province", {**demanded(street, "1"), "superviseType": "9"}, "demands").status_code == 422
    for door in ("posts", "words", "demands", "results", "receipts"):
        content = demanded(street, "1", 9)
        assert street.tell("province", content, door, key=key_of("national")).status_code == 403, door
        first = street.tell("province", content, door, nonce=f"nonce-{door}-0001").status_code
        assert first != 403 and street.tell("province", content, door, nonce=f"nonce-{door}-0001").status_code == 403, (
            door
        )


def test_extensions_are_pushed_and_a_merged_matter_hears_of_its_master(street: Street, number: str) -> None:
    from hotline.tickets.petitions import ask, decide

    life, clock = street.life, street.clock
    master = life.ticket(phone="13800009999")
    life.db.commit()
    life.do(street.ticket(number), "du", "merge", master=master.number)
    life.db.commit()
    street.lives(master, ("du", "dispatch"), ("he", "sign"))
    held = life.db.merge(street.ticket(master.number))
    asked = ask(
        life.db,
        life.city,
        held,
        "extension",
        life.people["he"],
        clock.now(),
        {"days": "3", "reason": "配件未到", "plan": "三日内更换"},
    )
    decide(life.db, life.city, asked.id, True, life.people["du"], clock.now(), None)
    life.db.commit()
    street.lives(master, ("he", "reply"), ("ren", "pass"))
    told = [(row.kind, row.ticket_id == street.ticket(number).id) for row in street.deliveries("province")]
    assert told == [("ACCEPT", True), ("TRANSFER", True), ("EXTENSION", True), ("RESULT", True)]
    assert set(street.doubles["province"].told("workOrderNo")) == {"SJ-1"}
    with street.installation.readings() as db:
        wanted = select(Deadline.due_at).where(Deadline.ticket_id == master.id, Deadline.clock == "reply")
        limit = db.scalars(wanted).one()
    (told_limit,) = filter(None, street.doubles["province"].told("newLimit"))
    assert datetime.fromisoformat(told_limit) == limit, "the day of the answer, whatever nearer clock runs"
    assert street.doubles["province"].told("handleResult")[-1] == "路灯线路已于今日更换，现已恢复照明。"


def test_110_gets_place_and_words_and_its_own_number_comes_back_by_itself(street: Street) -> None:
    street.connect("110")
    life = street.life
    ticket = life.ticket(
        phone="13800001234", words="邻居打架，有人受伤，在文峰大道 12 号。", place="文峰大道 12 号", name="张三"
    )
    life.db.commit()
    street.lives(ticket, ("du", "transfer_out"))
    (entry,) = street.doubles["110"].ledger
    assert {name: entry.content[name] for name in ("hotlineNo", "callerTel", "callerName", "place")} == {
        "hotlineNo": ticket.number, "callerTel": "13800001234", "callerName": "张三", "place": "文峰大道 12 号",
    }  # fmt: skip
    assert "有人受伤" in entry.content["content"]
    results = [one for one in street.story(ticket.number) if one.action == "transfer_result"]
    assert [one.data["reference"] for one in results] == [entry.number], "nobody typed it"
    back = {"feedbackId": "F-1", "hotlineNo": ticket.number, "reference": entry.number, "feedback": "已出警，双方调解"}
    assert street.tell("110", back, "results").status_code == 201
    street.work()
    story = street.story(ticket.number)
    assert [one.action for one in story][-1] == "note" and "已出警" in story[-1].data["text"]
    with street.installation.readings() as db:
        assert "hand_over_heard" in db.scalars(select(Message.template_key).where(Message.role == "dispatcher")).all()
        texts = " ".join(db.scalars(select(Message.text).where(Message.channel == "sms")))
    assert entry.number in texts and "双方调解" not in texts, (
        "what they wrote goes to no citizen before somebody has read it"
    )


def test_a_number_in_other_letters_is_the_same_matter_and_other_words_are_another(street: Street, number: str) -> None:
    for told in ("sj-1", " ＳＪ－１", "SJ -1"):
        again = street.tell("province", {**MATTER, "workOrderNo": told})
        assert (again.status_code, again.get_json()["ticket_number"]) == (201, number)
        assert street.tell("province", demanded(street, "1", workOrderNo=told), "demands").status_code == 201
    other = street.tell("province", {"workOrderNo": "sj-1", "content": "东工路井盖丢了。"})
    assert other.status_code == 201 and other.get_json()["ticket_number"] != number, (
        "a system that counts by small letters"
    )
    with street.installation.readings() as db:
        assert db.scalars(select(Ticket.outer_number).order_by(Ticket.id)).all() == ["SJ-1", "sj-1"]
    mixed = street.tell("province", {"workOrderNo": "Sj-2a", "content": "文明大道积水。"}).get_json()["ticket_number"]
    for told in ("SJ-2A", "sj-2a", "sJ-2A"):
        again = street.tell("province", {"workOrderNo": told, "content": "文明大道积水。"})
        assert again.get_json()["ticket_number"] == mixed
        assert street.tell("province", demanded(street, "1", 5, workOrderNo=told), "demands").status_code == 201
