"""The same matter is found by caller, place and words among the open tickets, and nothing else is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from hotline.clock import StoppedClock
from hotline.intake.duplicates import MOST, Sought, candidates, likely_duplicates
from models import Ticket, TicketText
from models.store.db import make_sessions
from tests.support.life import WORDS, Life

CATEGORY = "0301"
PHONE = "13800001234"


@pytest.fixture
def life(engine: Engine, city: Any, clock: StoppedClock) -> Iterator[Life]:
    with make_sessions(engine)() as db:
        yield Life(db, city, clock)


def sought(life: Life, **more: Any) -> Sought:
    return Sought(**{"text": WORDS, "categories": (CATEGORY,), **more})


def found(life: Life, **more: Any) -> list[Any]:
    return likely_duplicates(life.db, life.city, life.people["an"], sought(life, **more), life.now)


def test_nearly_the_same_words_of_another_caller_are_found(life: Life) -> None:
    ticket = life.ticket(phone="13900005678", category=CATEGORY)
    (one,) = found(life)
    assert one.ticket.id == ticket.id and one.score > 0.9 and "内容几乎相同" in one.reasons and not one.same_caller


def test_the_same_caller_and_category_is_worth_a_look_with_other_words(life: Life) -> None:
    life.ticket(phone=PHONE, category=CATEGORY, words="那件事怎么还没有人管，等了很久。")
    (one,) = found(life, phone=PHONE)
    assert "同一来电号码" in one.reasons


def test_the_same_street_and_category_is_worth_a_look(life: Life) -> None:
    area = next(iter(life.city.areas))
    life.ticket(phone="13900005678", category=CATEGORY, area=area, street="东风路", words="这里一到晚上就漆黑一片。")
    (one,) = found(life, area=area, street="东风路")
    assert "同一地点：东风路" in one.reasons


def test_another_matter_of_the_category_is_not(life: Life) -> None:
    life.ticket(phone="13900005678", category=CATEGORY, words="公园里的健身器材断了，老人差点摔倒。")
    assert found(life) == []


def test_closed_old_and_unsubmitted_tickets_are_not(life: Life) -> None:
    closed = life.ticket(phone=PHONE, category=CATEGORY)
    life.do(closed, "du", "answer_directly")
    life.ticket(phone=PHONE, category=CATEGORY)
    life.clock.forward(days=31)
    assert found(life, phone=PHONE) == []


def test_sealed_tickets_stay_sealed(life: Life) -> None:
    ticket = life.ticket(phone="13900005678", category=CATEGORY, privacy="sealed")
    ticket.agent_id = None
    life.db.flush()
    assert found(life) == []


@pytest.mark.parametrize("words", ["", "   ", "灯"])
def test_nothing_said_finds_nothing(words: str, life: Life) -> None:
    life.ticket(phone=PHONE, category=CATEGORY)
    assert found(life, text=words, phone=PHONE) == []


def test_the_ticket_itself_is_left_out(life: Life) -> None:
    ticket = life.ticket(category=CATEGORY)
    assert likely_duplicates(life.db, life.city, life.people["an"], sought(life), life.now, except_id=ticket.id) == []


def test_never_more_than_a_fixed_number_of_candidates_is_read(life: Life) -> None:
    area = next(iter(life.city.areas))
    fill(life, 400, area)
    rows = candidates(life.db, life.people["an"], sought(life, phone=PHONE, area=area, street="东风路"), life.now)
    assert 100 < len(rows) <= MOST


def test_the_candidates_come_from_indexes(sqlite_engine: Engine, city: Any, clock: StoppedClock) -> None:
    """No query of the search walks the table (asked of SQLite's own planner)."""
    from hotline.intake.duplicates import _queries

    with make_sessions(sqlite_engine)() as db:
        life = Life(db, city, clock)
        for query in _queries(sought(life, phone=PHONE, area="wenfeng", street="东风路"), life.now):
            written = query.compile(db.get_bind(), compile_kwargs={"literal_binds": True})
            plan = [row[3] for row in db.execute(text(f"EXPLAIN QUERY PLAN {written}"))]
            assert all("SEARCH" in step or "TEMP B-TREE" in step for step in plan), plan


def fill(life: Life, n: int, area: str) -> None:
    """Open tickets, written plainly: only what the search reads. The newest are due first, so that no two queries bring the same."""
    db: Session = life.db
    for number in range(1, n + 1):
        at = life.now - timedelta(minutes=number)
        ticket = Ticket(
            id=number,
            number=f"t{number}",
            state="to_dispatch",
            channel="hotline",
            title="路灯",
            request_type="help",
            category_code=CATEGORY,
            area=area,
            street="东风路",
            contact_phone=PHONE,
            created_at=at,
            moved_at=at,
            due_at=life.now + timedelta(minutes=number),
        )
        ticket.text = TicketText(body=f"{WORDS}{number}")
        db.add(ticket)
    db.flush()
