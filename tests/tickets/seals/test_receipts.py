"""A citizen's receipt is checked without asking us, and shows afterwards whether the story was changed."""

from __future__ import annotations

import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from hotline.cli.operations import check_receipt
from hotline.errors import NotFound, Refusal
from hotline.installation import Installation
from hotline.tickets.seals import chain, receipts
from hotline.tickets.seals.receipts import CHECK_BY_HAND, check
from hotline.tickets.seals.seal_files import (
    NEWEST,
    NIGHTLY,
    publish_head,
    read_heads,
    read_roots,
    receipt_of,
    seal_books,
    verify,
    verify_here,
)
from models import Ticket
from tests.support.life import Life


def night(installation: Installation, life: Life) -> None:
    """What was written is settled and sealed, and the head and the root are told."""
    life.db.commit()
    life.clock.forward(hours=12)
    seal_books(installation, life.now)
    publish_head(installation, life.now)


@pytest.fixture
def told(installation: Installation, life: Life) -> tuple[list[Ticket], Path]:
    tickets = [life.ticket(phone=f"1380000000{n}") for n in range(5)]
    life.do(tickets[0], "du", "dispatch")
    night(installation, life)
    return tickets, installation.settings.var / NIGHTLY


def test_every_ticket_has_a_receipt_that_leads_to_the_root_that_was_told(
    installation: Installation, life: Life, told: tuple[list[Ticket], Path]
) -> None:
    tickets, heads = told
    for ticket in tickets:
        made = receipt_of(life.db, installation.settings, ticket)
        read = check(made.text(), read_roots(heads))
        assert (read, read.number) == (made, ticket.number)
    assert len(receipt_of(life.db, installation.settings, tickets[0]).story) > 2
    assert "1380000000" not in receipt_of(life.db, installation.settings, tickets[0]).text()


def test_the_shells_own_tools_come_to_the_same(
    installation: Installation, life: Life, told: tuple[list[Ticket], Path], tmp_path: Path
) -> None:
    tickets, heads = told
    (tmp_path / "heads.jsonl").write_text(heads.read_text())
    for ticket, change, said in [
        *((one, ("", ""), "OK") for one in tickets),
        (tickets[1], ("submit", "void"), "CHANGED"),
    ]:
        made = receipt_of(life.db, installation.settings, ticket).text().replace(*change) if change[0] else None
        (tmp_path / "receipt.txt").write_text(made or receipt_of(life.db, installation.settings, ticket).text())
        answer = subprocess.run(["sh", "-c", CHECK_BY_HAND], cwd=tmp_path, capture_output=True, text=True, check=True)
        assert answer.stdout.strip() == said


def test_a_receipt_that_was_changed_or_a_root_that_was_not_told_is_refused(
    installation: Installation, life: Life, told: tuple[list[Ticket], Path]
) -> None:
    tickets, heads = told
    made = receipt_of(life.db, installation.settings, tickets[2]).text()
    for spoilt, code in (
        (made.replace("submit", "void"), "receipt_was_changed"),
        (made.replace(tickets[2].number, tickets[3].number), "receipt_was_changed"),
        (made.replace("day 2026-03-04", "day 2026-03-05"), "root_was_not_told"),
        ("hello", "no_receipt"),
    ):
        with pytest.raises(Refusal) as refused:
            check(spoilt, read_roots(heads))
        assert refused.value.code == code


def test_a_story_that_is_changed_later_gives_no_receipt_and_fits_none(
    installation: Installation, life: Life, told: tuple[list[Ticket], Path]
) -> None:
    """Even somebody with the key, who makes the chain anew, cannot make the root that others keep."""
    tickets, heads = told
    kept = receipt_of(life.db, installation.settings, tickets[0])
    if life.db.get_bind().dialect.name == "postgresql":
        life.db.execute(text("ALTER TABLE ticket_event DISABLE TRIGGER ticket_event_grows_only"))
    else:
        life.db.execute(text("DROP TRIGGER ticket_event_no_update"))
    life.db.execute(text("UPDATE ticket_event SET actor_name = '别人' WHERE ticket_id = :id"), {"id": tickets[0].id})
    life.db.flush()
    with pytest.raises(Refusal) as refused:
        receipt_of(life.db, installation.settings, tickets[0])
    assert refused.value.code == "story_was_changed"
    assert check(kept.text(), read_roots(heads)) == kept


def test_the_next_night_tells_only_of_what_went_on_and_a_night_that_is_tried_again_says_the_same(
    installation: Installation, life: Life, told: tuple[list[Ticket], Path]
) -> None:
    tickets, heads = told
    with pytest.raises(NotFound):
        receipt_of(life.db, installation.settings, life.ticket(phone="13911112222"))
    life.clock.forward(hours=12)
    life.do(tickets[1], "du", "dispatch")
    night(installation, life)
    first = heads.read_text()
    publish_head(installation, life.now + timedelta(minutes=1))
    assert heads.read_text() == first and len(read_roots(heads)) == 2
    days = [receipt_of(life.db, installation.settings, one).day for one in tickets]
    assert days[1] > days[0] == days[4]
    newest = sorted((installation.settings.var / receipts.FOLDER).glob("*.leaves"))[-1]
    assert len(newest.read_text().splitlines()) == 3


def test_the_command_says_what_it_found(
    installation: Installation, life: Life, told: tuple[list[Ticket], Path], tmp_path: Path
) -> None:
    from click.testing import CliRunner

    tickets, heads = told
    file = tmp_path / "kept.txt"
    file.write_text(receipt_of(life.db, installation.settings, tickets[0]).text())
    answer = CliRunner().invoke(check_receipt, [str(file), "--heads", str(heads)])
    assert answer.exit_code == 0 and tickets[0].number in answer.output


@pytest.mark.parametrize("name", [NEWEST, NIGHTLY])
def test_a_file_of_heads_that_is_taken_away_alone_is_missed(
    installation: Installation, life: Life, told: tuple[list[Ticket], Path], name: str
) -> None:
    """V7: whoever cuts the chain takes the file away first that would show it."""
    settings = installation.settings
    assert verify(life.db, settings).problems == []
    (settings.var / name).unlink()
    (said,) = verify(life.db, settings).problems
    assert name in said
    if name == NIGHTLY:
        (settings.var / NIGHTLY).write_text("")
        assert "2026-" in verify(life.db, settings).problems[0]


def test_a_newest_head_that_is_taken_away_before_the_first_night_is_missed(
    installation: Installation, life: Life
) -> None:
    """V7: until then no other file says that it was there; that something was sealed does."""
    life.to("closed")
    life.db.commit()
    assert verify_here(life.db, installation.settings).problems == []
    life.db.commit()
    life.clock.forward(minutes=5)
    seal_books(installation, life.now)
    assert verify_here(life.db, installation.settings).problems == []
    (installation.settings.var / NEWEST).unlink()
    (said,) = verify_here(life.db, installation.settings).problems
    assert NEWEST in said


@pytest.mark.parametrize("broken", ['{"at": "2026-03', "null", "[]", '{"links": 1}', "\x00\xff", "[" * 5000])
def test_a_line_of_heads_that_was_changed_or_not_written_to_its_end_is_named_and_stops_no_night(
    installation: Installation, life: Life, told: tuple[list[Ticket], Path], broken: str
) -> None:
    """V7: the check ended in a stack trace, and no head was told any more."""
    settings = installation.settings
    with (settings.var / NIGHTLY).open("a") as file:
        file.write(broken)
    number = len((settings.var / NIGHTLY).read_text().splitlines())
    said = "".join(verify(life.db, settings).problems)
    assert NIGHTLY in said and f"第 {number} 行读不出" in said
    life.clock.forward(days=1)
    publish_head(installation, life.now)
    assert read_heads(settings.var / NIGHTLY)[-1] == chain.head_of(life.db)
    (settings.var / NEWEST).write_text(broken)
    assert NEWEST in "".join(verify(life.db, settings).problems)
