"""Notices reach the person, the unit or the role they are for, in the reader's language, and leave when read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, select

from hotline.installation import Installation
from hotline.jobs.schedule import ring
from hotline.messages.compose import tell_staff
from hotline.messages.notice_readings import count_unread
from hotline.outbox.runner import drain
from models import Message, Staff, Ticket
from tests.support.life import Life
from tests.support.make import CHENGGUAN, ELSEWHERE, make_staff
from tests.support.statements import statements

Browse = Callable[[Staff], FlaskClient]
KEY = "dispatched_unit"


def tell(life: Life, word: str, **to: Any) -> Message:
    filled = dict.fromkeys(life.city.texts[KEY].params, word)
    message = tell_staff(life.db, life.city, KEY, life.now, filled, **to)
    life.db.commit()
    return message


def unread(installation: Installation, life: Life, who: str = "he") -> int:
    with installation.readings() as db:
        return count_unread(db, life.people[who])


@pytest.mark.parametrize(
    ("to", "sees"),
    [
        ({"unit": CHENGGUAN}, True),
        ({"unit": ELSEWHERE}, False),
        ({"unit": CHENGGUAN, "role": "handler"}, True),
        ({"unit": CHENGGUAN, "role": "unit_leader"}, False),
        ({"role": "handler"}, True),
        ({"role": "supervisor"}, False),
    ],
)
def test_a_notice_is_for_its_unit_and_role(to: dict[str, str], sees: bool, life: Life, browse: Browse) -> None:
    tell(life, "甲", **to)
    assert ("甲" in browse(life.staff["he"]).get("/notices").text) is sees


def test_a_notice_to_one_person_is_not_the_whole_units(life: Life, browse: Browse) -> None:
    tell(life, "甲", staff_id=life.staff["he"].id, unit=CHENGGUAN)
    assert "甲" in browse(life.staff["he"]).get("/notices").text
    assert "甲" not in browse(life.staff["hejt"]).get("/notices").text


def test_english_readers_get_the_english_words(life: Life, browse: Browse) -> None:
    message = tell(life, "X7", unit=CHENGGUAN)
    client = browse(life.staff["he"])
    client.set_cookie("hotline_language", "en")
    page = client.get("/notices").text
    assert message.params["en"] in page.replace("&#39;", "'") and message.text not in page


def test_reading_one_leaves_the_others(life: Life, browse: Browse, installation: Installation) -> None:
    one, _two = tell(life, "甲", unit=CHENGGUAN), tell(life, "乙", unit=CHENGGUAN)
    client = browse(life.staff["he"])
    client.post("/notices/read", data={"notice": one.id})
    assert unread(installation, life) == 1
    page = client.get("/notices").text
    assert "乙" in page and "甲" not in page
    assert "甲" in client.get("/notices?show=all").text


def test_reading_all_touches_nobody_elses(life: Life, browse: Browse, installation: Installation) -> None:
    tell(life, "甲", unit=CHENGGUAN)
    tell(life, "乙", unit=ELSEWHERE)
    browse(life.staff["he"]).post("/notices/read", data={"all": "1"})
    assert (unread(installation, life), unread(installation, life, "chang")) == (0, 1)


def test_nobody_marks_a_notice_of_another_unit(life: Life, browse: Browse, installation: Installation) -> None:
    one = tell(life, "甲", unit=ELSEWHERE)
    browse(life.staff["he"]).post("/notices/read", data={"notice": one.id})
    assert unread(installation, life, "chang") == 1


def test_opening_marks_it_read_and_leads_to_the_ticket(life: Life, browse: Browse, installation: Installation) -> None:
    ticket = life.to("to_sign")
    one = tell(life, "甲", unit=CHENGGUAN, ticket=ticket)
    answer = browse(life.staff["he"]).post("/notices/read", data={"notice": one.id, "open": "1"})
    assert ticket.number in answer.headers["Location"]
    left = [
        one.text
        for one in life.db.scalars(select(Message).where(Message.unit_code == CHENGGUAN, Message.ended_at.is_(None)))
    ]
    assert unread(installation, life) == 0, left


def test_a_ticket_out_of_sight_is_not_linked(life: Life, browse: Browse) -> None:
    ticket = life.ticket()
    tell(life, "甲", unit=CHENGGUAN, ticket=ticket)
    assert f"/tickets/{ticket.number}" not in browse(life.staff["he"]).get("/notices").text


def test_the_bell_counts_no_further_than_it_shows_and_older_ones_are_a_page_away(life: Life, browse: Browse) -> None:
    for n in range(105):
        tell_staff(
            life.db, life.city, KEY, life.now, dict.fromkeys(life.city.texts[KEY].params, f"第{n}条"), unit=CHENGGUAN
        )
    life.db.commit()
    client = browse(life.staff["he"])
    page = client.get("/notices").text
    assert 'data-count="bell">99<' in page and "99+" in page and "第104条" in page and "第10条" not in page
    assert "after=" in page


def test_the_page_asks_as_often_with_many_notices_as_with_few(
    life: Life, browse: Browse, sqlite_engine: Engine
) -> None:
    client, counted = browse(life.staff["he"]), []
    for n in (1, 15):
        for _ in range(n):
            tell(life, "甲", unit=CHENGGUAN, ticket=None)
        with statements(sqlite_engine) as asked:
            client.get("/notices")
        counted.append(len(asked))
    assert counted[0] == counted[1]


def test_the_password_page_opens_and_says_what_is_wrong(life: Life, browse: Browse) -> None:
    client = browse(life.staff["he"])
    assert "修改密码" in client.get("/account").text
    answer = client.post("/account/password", data={"old": "wrong", "new": "x", "again": "x"})
    assert answer.status_code == 400 and "原密码不对" in answer.text


def test_who_must_change_the_password_sees_only_that(life: Life, browse: Browse) -> None:
    life.staff["he"].must_change = True
    life.db.commit()
    client = browse(life.staff["he"])
    assert client.get("/notices").headers["Location"] == "/account"
    assert "请先修改密码" in client.get("/account").text


def test_two_people_of_one_unit_read_a_shared_notice_each_for_themselves(
    life: Life, browse: Browse, installation: Installation
) -> None:
    one, two = tell(life, "甲", unit=CHENGGUAN), tell(life, "乙", unit=CHENGGUAN)
    browse(life.staff["he"]).post("/notices/read", data={"notice": one.id})
    assert (unread(installation, life, "he"), unread(installation, life, "hejt")) == (1, 2)
    browse(life.staff["hejt"]).post("/notices/read", data={"all": "1"})
    assert (unread(installation, life, "he"), unread(installation, life, "hejt")) == (1, 0)
    assert "乙" in browse(life.staff["he"]).get("/notices").text
    assert two.id > one.id


def test_what_was_told_before_somebody_came_is_not_theirs_to_read(
    life: Life, browse: Browse, installation: Installation
) -> None:
    tell(life, "甲", unit=CHENGGUAN)
    newcomer = make_staff(life.db, "xin", "新来", "handler", unit=CHENGGUAN)
    life.db.commit()
    client = browse(newcomer)
    assert "甲" not in client.get("/notices").text and "甲" in client.get("/notices?show=all").text
    assert unread(installation, life, "he") == 1


def test_the_bell_falls_when_the_work_is_done_and_a_ticket_is_one_row(
    life: Life, browse: Browse, installation: Installation
) -> None:
    """The bell only grew: doing the work read no notice, and half, 80 % and due of one clock were three rows. Found at the desks: L5."""
    ticket = life.to("to_sign")
    life.db.commit()
    drain(installation)
    began = unread(installation, life)
    assert began >= 1
    for _bell in range(3):
        life.clock.forward(hours=11)
        ring(installation, life.now)
        drain(installation)
    page = browse(life.staff["he"]).get("/notices/").text
    rows = [row for row in page.split('<li class="notice-row')[1:] if ticket.number in row]
    assert len(rows) == 1 and "这张工单还有" in rows[0], "the latest word, and how many stand behind it"
    with installation.sessions() as db:
        held = db.get_one(Ticket, ticket.id)
        assert held.state in ("to_sign", "handling")
    life.db.expire_all()
    if ticket.state == "to_sign":
        life.do(ticket, "he", "sign")
    life.do(ticket, "he", "contact")
    life.do(ticket, "he", "reply", answered_citizen="yes")
    life.db.commit()
    drain(installation)
    left = [
        one.text
        for one in life.db.scalars(select(Message).where(Message.unit_code == CHENGGUAN, Message.ended_at.is_(None)))
    ]
    assert unread(installation, life) == 0, left
