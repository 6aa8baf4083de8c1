"""Quality control reads a sample of the quick passes again, and says what it found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from flask.testing import FlaskClient
from sqlalchemy import select

from hotline.web.core import sessions
from models import Review, Staff, Ticket
from tests.support.desks.english import still_chinese
from tests.support.life import Life
from tests.support.make import HOTLINE, make_staff

Browse = Callable[[Staff], FlaskClient]


def drawn(life: Life) -> tuple[Ticket, int]:
    """A quick pass that was drawn for the second reading."""
    city, life.city = life.city, replace(life.city, policy=replace(life.city.policy, reread_share=1.0))
    ticket = life.to("to_review")
    life.do(ticket, "ren", "pass", at_once="8")
    life.city = city
    number = life.db.scalars(select(Review.id).where(Review.ticket_id == ticket.id, Review.reread.is_(True))).one()
    life.db.commit()
    return ticket, number


def reader(life: Life) -> Staff:
    person = make_staff(life.db, "zhi", "质检员", "quality", unit=HOTLINE)
    life.db.commit()
    return person


def test_a_drawn_pass_waits_for_its_second_reader_and_leaves_with_the_verdict(life: Life, browse: Browse) -> None:
    ticket, number = drawn(life)
    zhi = browse(reader(life))
    assert ticket.number in zhi.get("/rereading").get_data(as_text=True)
    assert zhi.post(f"/rereading/{number}", data={"verdict": "differs", "words": ""}).status_code == 400
    assert zhi.post(f"/rereading/{number}", data={"verdict": "differs", "words": "没有附件"}).status_code == 303
    assert zhi.post(f"/rereading/{number}", data={"verdict": "agrees"}).status_code == 409
    review = life.db.get_one(Review, number)
    assert (review.reread_agrees, review.reread_words) == (False, "没有附件")
    assert ticket.number not in zhi.get("/rereading").get_data(as_text=True)


def test_only_those_who_control_quality_read_again(life: Life, browse: Browse) -> None:
    _ticket, number = drawn(life)
    ren, he = browse(life.staff["ren"]), browse(life.staff["he"])
    for person in (ren, he):
        assert person.get("/rereading").status_code == 403
        assert person.post(f"/rereading/{number}", data={"verdict": "agrees"}).status_code == 403


def test_the_page_is_complete_in_english(life: Life, browse: Browse) -> None:
    drawn(life)
    zhi = browse(reader(life))
    zhi.set_cookie(sessions.LANGUAGE_COOKIE, "en")
    assert still_chinese(zhi.get("/rereading").get_data(as_text=True), "review") == []
