"""The same form twice is one matter; what the citizen chose otherwise the second time is honoured, whatever it is."""

from __future__ import annotations

import io

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from hotline.public_board.consent import publication_of
from models import Attachment, Ticket
from tests.support.life import Life
from tests.web.citizen.handing import FORM, PNG, handed_in


def sent(name: str, more: bytes = b"") -> tuple[io.BytesIO, str]:
    return io.BytesIO(PNG + more), name


def many(life: Life) -> int:
    found = life.db.scalar(select(func.count()).select_from(Ticket)) or 0
    life.db.commit()
    return found


def may_be_shown(life: Life, ticket: Ticket) -> bool:
    life.db.expire_all()
    found = publication_of(life.db, ticket) is not None
    life.db.commit()
    return found


def files_of(life: Life, ticket: Ticket) -> list[str]:
    life.db.expire_all()
    found = select(Attachment.name).where(Attachment.ticket_id == ticket.id).order_by(Attachment.id)
    names = list(life.db.scalars(found))
    life.db.commit()
    return names


def test_a_wish_to_be_public_that_is_said_the_second_time_is_noted_and_one_that_is_not_repeated_is_taken_back(
    anybody: FlaskClient, life: Life
) -> None:
    numbers, shown = set(), []
    for wish in ({}, {"public": "1"}, {}):
        ticket = handed_in(anybody, life, **wish)
        numbers.add(ticket.number)
        shown.append(may_be_shown(life, ticket))
    assert len(numbers) == 1
    assert shown == [False, True, False]


@pytest.mark.parametrize(
    "said",
    [
        {"area": "yindu"},
        {"point": "36.100120 114.392300", "point_how": "map"},
        {"door": "wechat"},
        {"sealed": "1"},
        {"name": "逄啸天"},
        {"phone": "13800005678"},
        {"place": "北关区人民大道"},
        {"body": "小区门口的路灯坏了四天，请尽快修。"},
    ],
    ids=lambda said: next(iter(said)),
)
def test_who_goes_back_and_says_anything_otherwise_has_said_another_thing(
    anybody: FlaskClient, life: Life, said: dict[str, str]
) -> None:
    numbers = [handed_in(anybody, life, join="no", **one).number for one in ({}, said, said)]
    assert len(set(numbers)) == many(life) == 2
    assert numbers[1] == numbers[2]


def test_files_that_go_out_twice_are_there_once_and_another_one_is_added(anybody: FlaskClient, life: Life) -> None:
    for _time in range(2):
        ticket = handed_in(anybody, life, files=sent("路灯.png"))
    page = f"/p/{ticket.number}/add"
    assert files_of(life, ticket) == ["路灯.png"]
    handed_in(anybody, life, files=[sent("路灯.png"), sent("近景.png", b"1")])
    assert files_of(life, ticket) == ["路灯.png", "近景.png"]
    for _time in range(2):
        answer = anybody.post(page, data={"text": "", "files": sent("三.png", b"2")})
        assert answer.status_code == 303
    assert files_of(life, ticket) == ["路灯.png", "近景.png", "三.png"]


def test_who_joined_and_then_says_that_it_is_another_matter_has_a_ticket_alone(
    anybody: FlaskClient, life: Life
) -> None:
    life.ticket("13900000000", FORM["body"], place=FORM["place"])
    life.db.commit()
    life.clock.forward(minutes=5)
    joined = handed_in(anybody, life, asks="1", join="yes")
    assert joined.merged_into_id is not None
    alone = [handed_in(anybody, life, asks="1", join="no") for _time in range(2)]
    assert {one.merged_into_id for one in alone} == {None}
    assert len({one.number for one in (joined, *alone)}) == 2
