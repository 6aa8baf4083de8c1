"""The pull cursor: everything once, in one order, in bounded pages, for a token that was granted it and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from hotline.installation import Installation
from hotline.monitoring.stream import gather
from tests.support.doubles.machine import Call, Machine
from tests.support.life import Life


@pytest.fixture
def reader(machine: Machine) -> Call:
    return machine("monitor", "monitoring.read")


def look(installation: Installation, life: Life) -> None:
    life.db.commit()
    life.clock.forward(minutes=1)
    with installation.sessions() as db:
        gather(db, life.city, life.now)
        db.commit()


def read_all(reader: Call, limit: int, after: int = 0) -> tuple[list[dict[str, Any]], int]:
    told: list[dict[str, Any]] = []
    while True:
        page = reader("GET", f"/monitoring/events?after={after}&limit={limit}").get_json()
        assert len(page["events"]) <= limit
        if not page["events"]:
            return told, page["next"]
        told, after = told + page["events"], page["next"]


def test_pages_of_any_size_tell_the_same_stream(installation: Installation, life: Life, reader: Call) -> None:
    for _n in range(3):
        life.to("closed")
    look(installation, life)
    small, _end = read_all(reader, 7)
    large, end = read_all(reader, 200)
    assert small == large and len(small) > 40
    assert [one["id"] for one in small] == sorted({one["id"] for one in small})
    life.ticket()
    look(installation, life)
    more, _end = read_all(reader, 200, after=end)
    assert [one["what"] for one in more] == ["submit", "dispatch"], "nothing again, and what is new"


def test_nothing_in_it_is_about_a_person(installation: Installation, life: Life, reader: Call) -> None:
    life.ticket(name="王小明", words="王小明：文峰大道17号楼2单元漏水，电话13800001234。")
    look(installation, life)
    body = reader("GET", "/monitoring/events").get_data(as_text=True)
    for word in ("王小明", "13800001234", "17号楼", "漏水", '"an"'):
        assert word not in body
    assert "to_dispatch" in body


def test_a_token_without_the_scope_reads_nothing_and_this_one_reads_nothing_else(
    machine: Machine, reader: Call
) -> None:
    other = machine("partner", "tickets.read.all", "tickets.words", "figures.read")
    assert other("GET", "/monitoring/events").status_code == 403
    assert reader("GET", "/monitoring/events").status_code == 200
    assert reader("GET", "/tickets").status_code == 403


@pytest.mark.parametrize(
    "odd", ["after=-1", "after=x", "after=" + "9" * 30, "limit=0", "limit=100000", "before=3", "after=²"]
)
def test_odd_cursors_are_refused_with_a_sentence(reader: Call, odd: str) -> None:
    answer = reader("GET", f"/monitoring/events?{odd}")
    assert answer.status_code == 400 and answer.get_json()["detail"]


def test_the_rules_come_with_their_documents_and_clauses(reader: Call) -> None:
    rules = reader("GET", "/monitoring/rules").get_json()["rules"]
    assert len(rules) >= 15
    told = ("source", "body", "year", "read", "addresses", "clause", "says", "differs")
    assert all(one[name] for one in rules for name in told)
    assert {one["own"] for one in rules} == {True, False}, "this city's own, and others' that it follows"
