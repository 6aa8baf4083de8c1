"""A search goes back in time window by window, finds on its way what a search of everything finds, and stops when its page is full."""

from __future__ import annotations

import json
from collections.abc import Iterable
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from hotline.tickets.lists.ticket_list import Wanted, conditions, count, count_lately, find
from hotline.tickets.search import full_text, matching, windows
from hotline.tickets.search.full_text import Written
from hotline.tickets.search.indexing import WITHOUT_WINDOWS, index_when_outdated
from models import Ticket, make_sessions
from tests.support.life import Life
from tests.support.statements import statements

NUMBERS = (
    7,
    900,
    4_094,
    4_095,
    4_096,
    8_191,
    30_000,
    65_535,
    65_536,
    131_072,
    900_000,
    1_048_575,
    1_048_576,
    3_300_000,
)
"""Numbers of tickets on both sides of every width's edges."""

EVERY_WORD = Wanted(words="附近")


def numbered(life: Life, numbers: Iterable[int]) -> list[int]:
    """Tickets with these numbers beside the first, every one of which says 附近."""
    first = life.ticket(words="文峰大道附近的路灯不亮").id
    life.db.flush()
    copied = sorted(numbers)
    life.db.execute(_COPY, [{"first": first, "id": one, "number": f"x{one}"} for one in copied])
    full_text.index_all(life.db, [Written(one, ["文峰大道附近的路灯不亮"]) for one in copied])
    return [first, *copied]


_COLUMNS = {one.name: f'"{one.name}"' for one in Ticket.__table__.columns}
_NAMES = ", ".join(_COLUMNS.values())
_COPY = text(
    f"INSERT INTO ticket ({_NAMES}) SELECT {', '.join((_COLUMNS | {'id': ':id', 'number': ':number'}).values())} "
    "FROM ticket WHERE id = :first"
)


@given(st.integers(0, 5_000_000))
def test_the_windows_hold_every_number_once_and_never_widen_suddenly(newest: int) -> None:
    down, up = list(windows.falling(newest)), list(windows.rising(0, newest))
    for each in (list(reversed(down)), up):
        assert each[0].start == 0 and each[-1].stop > newest
        assert all(a.stop == b.start and len(a) for a, b in pairwise(each))
    for each in (down, up):
        read = len(each[0])
        for one in each[1:]:
            assert len(one) <= 32 * read
            read += len(one)


@given(st.integers(0, 5_000_000), st.integers(0, 5_000_000))
def test_a_window_asks_for_the_words_of_its_own_tickets_alone(newest: int, ticket: int) -> None:
    carried = set(windows.as_tsvector(ticket).split())
    for window in windows.falling(newest):
        asked = windows.as_tsquery(window).split(" | ")
        assert len(asked) < 40
        assert bool(carried & set(asked)) == (ticket in window)


@pytest.mark.parametrize("sort", ["number", "-number"])
def test_pages_of_a_common_word_are_the_whole_list_forth_and_back(life: Life, sort: str) -> None:
    whole = numbered(life, NUMBERS)
    whole = whole if sort == "number" else whole[::-1]
    du = life.people["du"]
    pages = [page := find(life.db, du, EVERY_WORD, sort=sort, size=3)]
    while page.next:
        pages.append(page := find(life.db, du, EVERY_WORD, sort=sort, size=3, after=page.next))
    assert [one.id for each in pages for one in each.rows] == whole
    for earlier in reversed(pages[:-1]):
        page = find(life.db, du, EVERY_WORD, sort=sort, size=3, before=page.back)
        assert [one.id for one in page.rows] == [one.id for one in earlier.rows]


def test_a_count_of_words_stops_at_its_limit_and_is_exact_below_it(life: Life) -> None:
    numbered(life, NUMBERS)
    du = life.people["du"]
    assert count(life.db, du, EVERY_WORD) == len(NUMBERS) + 1
    assert count(life.db, du, EVERY_WORD, most=5) == 6
    assert count(life.db, du, Wanted(words="没有这几个字")) == 0


def test_other_conditions_and_other_orders_find_the_same_tickets(life: Life) -> None:
    numbered(life, NUMBERS)
    du = life.people["du"]
    for wanted in (Wanted(words="附近", open=True), Wanted(words="附近", open=False), Wanted(words="附近 路灯")):
        whole = set(life.db.scalars(select(Ticket.id).where(*conditions(life.db, du, wanted))))
        for sort in ("number", "-number", "created", "urgent"):
            assert {one.id for one in find(life.db, du, wanted, sort=sort).rows} == whole


def test_an_index_without_windows_gets_them_and_finds_what_it_held(life: Life, engine: Engine) -> None:
    whole = numbered(life, NUMBERS[:6])
    du = life.people["du"]
    if engine.dialect.name == "postgresql":
        life.db.execute(text("UPDATE ticket_search SET terms = ts_filter(setweight(terms, 'A'), '{a}')"))
        assert not find(life.db, du, EVERY_WORD, sort="number").rows
    full_text.set_layout(life.db, WITHOUT_WINDOWS)
    life.db.commit()
    assert index_when_outdated(make_sessions(engine)) == max(whole)
    assert index_when_outdated(make_sessions(engine)) == 0
    assert full_text.layout(life.db) == full_text.LAYOUT
    assert [one.id for one in find(life.db, du, EVERY_WORD, sort="number").rows] == whole


MANY = 25_000


@pytest.mark.postgres
def test_a_page_of_a_common_word_reads_no_more_than_its_window(life_on_postgres: Life, postgres_engine: Engine) -> None:
    """Every ticket has the word; the index hands out the first window alone. (So small a table the planner would rather walk.)"""
    life = life_on_postgres
    _multiplied(life.db, numbered(life, [2])[-1])
    with statements(postgres_engine) as sent:
        page = find(life.db, life.people["du"], EVERY_WORD, sort="-number")
    assert [one.id for one in page.rows] == list(range(MANY, MANY - 50, -1))
    asked = [one for one in sent if "ticket_search" in one]
    assert len(asked) == 1
    plan = _plan(life.db, next(windows.falling(MANY)))
    read = [one for one in _nodes(plan) if one["Node Type"] == "Bitmap Index Scan" or "Relation Name" in one]
    assert {one.get("Index Name") for one in read} >= {"ix_ticket_search_terms"}
    assert max(one["Actual Rows"] * one["Actual Loops"] for one in read) <= 2 * windows.SPANS["a"]


@pytest.fixture
def life_on_postgres(postgres_engine: Engine, city: Any, clock: Any) -> Any:
    with make_sessions(postgres_engine)() as db:
        yield Life(db, city, clock)


def _multiplied(db: Session, first: int) -> None:
    """Copies of a ticket and of its row in the index, with all numbers up to MANY."""
    told = ", ".join((_COLUMNS | {"id": "n", "number": "'x' || n"}).values())
    others = f"generate_series({first + 1}, {MANY}) n"
    db.execute(
        text(f"INSERT INTO ticket ({_NAMES}) SELECT {told} FROM ticket, {others} WHERE id = :first"), {"first": first}
    )
    marks = windows.in_sql("n")
    db.execute(
        text(
            f"INSERT INTO ticket_search (id, terms) SELECT n * {full_text.PARTS}::bigint, "
            f"ts_filter(setweight(terms, 'A'), '{{a}}') || CAST({marks} AS tsvector) "
            f"FROM ticket_search, {others} WHERE id = :first"
        ),
        {"first": first * full_text.PARTS},
    )
    db.execute(text("ANALYZE ticket"))
    db.execute(text("ANALYZE ticket_search"))


def _plan(db: Session, window: range) -> dict[str, Any]:
    words = matching.matches(db, EVERY_WORD.words, ids=window)
    assert words is not None
    db.execute(text("SET LOCAL enable_seqscan = off"))
    query = select(Ticket.id).where(words, Ticket.id >= window.start, Ticket.id < window.stop)
    query = query.order_by(Ticket.id.desc()).limit(51)
    told = query.compile(db.get_bind(), compile_kwargs={"literal_binds": True})
    found = db.connection().exec_driver_sql("EXPLAIN (ANALYZE, FORMAT JSON) " + str(told)).scalar()
    plan: dict[str, Any] = (json.loads(found) if isinstance(found, str) else found or [])[0]["Plan"]
    return plan


def _nodes(plan: dict[str, Any]) -> Any:
    yield plan
    for below in plan.get("Plans", ()):
        yield from _nodes(below)


@given(st.integers(0, 5_000_000), st.integers(0, 5_000_000))
def test_the_windows_of_several_words_hold_every_number_once_too(newest: int, ticket: int) -> None:
    down, up = list(windows.falling(newest, windows.SEVERAL)), list(windows.rising(0, newest, windows.SEVERAL))
    for each in (list(reversed(down)), up):
        assert each[0].start == 0 and each[-1].stop > newest
        assert all(a.stop == b.start and len(a) for a, b in pairwise(each))
    carried = set(windows.as_tsvector(ticket).split())
    for one in down:
        assert bool(carried & set(windows.as_tsquery(one).split(" | "))) == (ticket in one)


def test_a_full_page_of_two_words_asks_no_older_window(life: Life) -> None:
    numbered(life, [*range(900_000, 900_060), 30_000])
    with statements(life.db.get_bind()) as asked:
        page = find(life.db, life.people["du"], Wanted(words="附近 路灯"), sort="-number")
    assert len(page.rows) == 50
    windows_asked = [one for one in asked if "ticket_search" in one]
    assert 0 < len(windows_asked) <= 3


def test_two_words_are_counted_in_the_newest_tickets_and_one_word_in_all(life: Life) -> None:
    numbered(life, [*range(900_000, 900_060), 30_000])
    du = life.people["du"]
    assert count_lately(life.db, du, Wanted(words="附近 路灯")) == (60, True)
    assert count_lately(life.db, du, EVERY_WORD) == (62, False)
    assert count(life.db, du, Wanted(words="附近 路灯")) == 62
