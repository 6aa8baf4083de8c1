"""The books are append-only, and tampering shows."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from hotline.clock import StoppedClock
from hotline.intake.open_ticket import Contact, open_ticket
from hotline.settings import Settings
from hotline.tickets.privacy import audit
from hotline.tickets.seals import chain, seal_files
from models import Audit, Seal, TicketEvent
from tests.support.doubles.tampering import tamper
from tests.support.life import Life


def sealed(life: Life, clock: StoppedClock) -> None:
    life.to("closed")
    for n in range(5):
        audit.record(life.db, "reveal", life.people["an"], life.now, subject=f"phone {n}", reason="核实")
    life.db.commit()
    clock.forward(minutes=5)
    chain.seal(life.db, clock.now())
    life.db.commit()


def test_a_whole_book_verifies(life: Life, clock: StoppedClock) -> None:
    sealed(life, clock)
    verdict = chain.verify(life.db)
    assert verdict.problems == [] and verdict.links == 2
    assert verdict.rows == len(life.db.scalars(select(Audit.id)).all()) + len(
        life.db.scalars(select(TicketEvent.id)).all()
    )


def test_sealing_again_adds_nothing_and_young_rows_wait(life: Life, clock: StoppedClock) -> None:
    sealed(life, clock)
    audit.record(life.db, "login", life.people["an"], clock.now())
    assert chain.seal(life.db, clock.now()) == 0
    clock.forward(minutes=3)
    assert chain.seal(life.db, clock.now()) == 1


@pytest.mark.parametrize(
    ("statement", "word"),
    [
        ("UPDATE ticket_event SET actor_name = '别人' WHERE id = 3", "改动"),
        ("DELETE FROM audit WHERE id = 2", "应有"),
        ("UPDATE seal SET digest = 'x' WHERE id = 1", "接不上"),
        ("DELETE FROM seal WHERE id = 1", "接不上"),
    ],
)
def test_tampering_is_found(life: Life, clock: StoppedClock, statement: str, word: str) -> None:
    """VH16."""
    sealed(life, clock)
    tamper(life.db, statement)
    assert any(word in problem for problem in chain.verify(life.db).problems)


@pytest.mark.parametrize(
    "statement", ["UPDATE ticket_event SET actor_name = 'x'", "DELETE FROM audit", "DELETE FROM seal"]
)
def test_the_books_refuse_changes(life: Life, clock: StoppedClock, statement: str) -> None:
    """VH16."""
    sealed(life, clock)
    with pytest.raises(DatabaseError):
        life.db.execute(text(statement))
    life.db.rollback()
    assert life.db.scalars(select(Seal.id)).all()


KEY = b"the key that lies in the safe"


def keyed(life: Life, clock: StoppedClock) -> list[chain.Head]:
    """A book under two keyed links of each log, and the heads that were told outside."""
    heads = []
    life.to("closed")
    for n in range(6):
        audit.record(life.db, "reveal", life.people["an"], life.now, subject=f"phone {n}", reason="核实")
        if n % 3 == 2:
            life.db.commit()
            clock.forward(minutes=5)
            chain.seal(life.db, clock.now(), key=KEY)
            life.db.commit()
            heads.append(chain.head_of(life.db))
    return [head for head in heads if head]


def recompute(life: Life, key: bytes) -> None:
    """As whoever has the program and the database: every link made anew over what stands there now."""
    if life.db.get_bind().dialect.name == "postgresql":
        life.db.execute(text("SET LOCAL session_replication_role = replica"))
    previous = chain.FIRST
    for link in list(life.db.scalars(select(Seal).order_by(Seal.id))):
        found = chain.summed(life.db, link.log, link.first_id, link.last_id, key)
        link.rows, link.digest, link.previous = len(found.marks), found.digest, previous
        link.marks = ",".join(f"{row}:{mark}" for row, mark in found.marks.items())
        link.version = chain.KEYED if key else chain.PLAIN
        link.hash = previous = chain._link_hash(link, link.previous, key)
    life.db.commit()


def test_a_whole_keyed_book_verifies_also_behind_links_of_an_earlier_release(life: Life, clock: StoppedClock) -> None:
    sealed(life, clock)
    audit.record(life.db, "login", life.people["an"], clock.now())
    clock.forward(minutes=5)
    chain.seal(life.db, clock.now(), key=KEY)
    life.db.commit()
    verdict = chain.verify(life.db, KEY, [head] if (head := chain.head_of(life.db)) else [])
    assert verdict.problems == [] and verdict.links == 3


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("UPDATE audit SET actor_name = '别人' WHERE id = 2", "第 2 行"),
        ("DELETE FROM audit WHERE id = 5", "第 5 行"),
        ("DELETE FROM ticket_event WHERE id = 3", "第 3 行"),
    ],
)
def test_it_is_said_which_row_was_changed(life: Life, clock: StoppedClock, statement: str, named: str) -> None:
    heads = keyed(life, clock)
    tamper(life.db, statement)
    assert any(named in problem for problem in chain.verify(life.db, KEY, heads).problems)


@pytest.mark.parametrize(
    "statements",
    [
        ("DELETE FROM audit WHERE id > 3", "DELETE FROM seal WHERE id > 2"),
        ("DELETE FROM seal",),
        ("DELETE FROM audit", "DELETE FROM ticket_event", "DELETE FROM seal"),
    ],
)
def test_a_book_that_was_cut_off_or_emptied_is_a_broken_book(
    life: Life, clock: StoppedClock, statements: tuple[str, ...]
) -> None:
    """VC9."""
    heads = keyed(life, clock)
    for statement in statements:
        tamper(life.db, statement)
    assert chain.verify(life.db, KEY, heads).problems


def test_an_emptied_story_is_found_without_any_head(life: Life, clock: StoppedClock) -> None:
    keyed(life, clock)
    for log in ("audit", "ticket_event", "seal"):
        tamper(life.db, f"DELETE FROM {log}")
    assert any("没有任何办理记录" in problem for problem in chain.verify(life.db, KEY).problems)


@pytest.mark.parametrize("forged_with", [b"", b"another key"])
def test_a_chain_made_anew_without_the_key_is_found(life: Life, clock: StoppedClock, forged_with: bytes) -> None:
    heads = keyed(life, clock)
    tamper(life.db, "UPDATE audit SET actor_name = '别人' WHERE id = 2")
    recompute(life, forged_with)
    assert chain.verify(life.db, KEY, heads).problems
    if forged_with:
        assert chain.verify(life.db, KEY).problems


def test_the_heads_lie_in_files_that_only_their_owner_reads(life: Life, clock: StoppedClock, tmp_path: Path) -> None:
    """VH18."""
    settings = Settings(var=tmp_path, secret_key="s" * 40)
    keyed(life, clock)
    assert seal_files.verify(life.db, settings).problems, "another key than it was sealed with"
    (tmp_path / seal_files.KEY).write_text(KEY.decode())
    assert seal_files.verify(life.db, settings).problems == []
    copy = tmp_path / "elsewhere.jsonl"
    copy.write_text(seal_files._line(chain.head_of(life.db), clock.now()))
    assert seal_files.verify(life.db, settings, copy).problems == []
    tamper(life.db, "DELETE FROM seal WHERE id > 2")
    assert seal_files.verify(life.db, settings, copy).problems


def test_a_draft_that_has_no_story_yet_is_no_deleted_one(life: Life) -> None:
    open_ticket(life.db, life.city, Contact(body="路灯没写完"), life.people["an"], life.now, submit=False)
    life.db.commit()
    assert chain.verify(life.db, KEY).problems == []
