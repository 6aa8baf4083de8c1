"""Whoever photographs, prints, copies or exports what is sealed takes their own name along, seen and unseen."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from hotline.installation import Installation
from hotline.tickets.privacy import watermark
from hotline.tickets.privacy.watermark import Read, mark, on_page, read
from models import Ticket
from tests.support.life import Life

Browse = Callable[[Any], FlaskClient]
WORDS = "举报执法队长倒卖罚没沙石。他们夜里装车，请核查。"
KEY = "k" * 40


@pytest.fixture
def sealed(life: Life) -> Ticket:
    ticket = life.ticket(words=WORDS, privacy="sealed")
    life.do(ticket, "du", "dispatch", helpers=[])
    life.db.commit()
    return ticket


def readers(text: str, life: Life) -> set[tuple[int, int]]:
    """Whose marks stand there, and how many minutes ago they read it."""
    return {(one.staff_id, int((life.now - one.at).total_seconds() // 60)) for one in read(text, KEY)}


@pytest.mark.parametrize(
    ("login", "path"),
    [
        ("du", "/tickets/{n}"),
        ("hejt", "/tickets/{n}"),
        ("du", "/tickets/{n}/do/note"),
        ("du", "/tickets/{n}/print/dispatch"),
        ("tou", "/tickets/{n}"),
    ],
)
def test_a_sealed_page_and_its_print_tell_who_read_them(
    sealed: Ticket, life: Life, browse: Browse, login: str, path: str
) -> None:
    number, person = sealed.number, life.staff[login].id
    life.db.rollback()
    page = browse(life.staff[login]).get(path.format(n=number)).text
    assert page.count(f"<span>{login} 2026-03-04 10:00</span>") == watermark.TILES and 'class="watermark"' in page
    assert readers(page, life) == {(person, 0)}


def test_one_copied_sentence_is_enough_and_the_words_are_the_same_words(
    sealed: Ticket, life: Life, browse: Browse
) -> None:
    number = sealed.number
    life.db.rollback()
    page = unescape(browse(life.staff["du"]).get(f"/tickets/{number}").text)
    at = page.index("倒卖罚没沙石。")
    assert readers(page[at : at + 7 + watermark.LENGTH], life) == {(life.staff["du"].id, 0)}
    assert WORDS in re.sub(f"[{watermark.SIGNS}]", "", page)


def test_an_ordinary_ticket_carries_no_mark(life: Life, browse: Browse) -> None:
    ticket = life.to("handling")
    life.db.commit()
    page = browse(life.staff["du"]).get(f"/tickets/{ticket.number}").text
    assert 'class="watermark"' not in page and readers(page, life) == set()


def test_what_is_typed_and_sent_holds_no_mark() -> None:
    page = (
        "<body><p>他们夜里装车。</p><textarea>他们夜里装车。</textarea><button>送出去吧好</button>"
        "<select><option>执法大队长</option></select><script>let x = '他们夜里装车。'</script><input value='他们夜里装车。'></body>"
    )
    marked = on_page(page, "MARK", "安 10:00")
    assert marked.count("MARK") == 1 and "<p>他们夜里装车。MARK</p>" in marked
    assert marked.index("watermark") > marked.index("value=") and marked.endswith("</div></body>")


def test_nobody_puts_a_mark_under_a_colleagues_name(life: Life) -> None:
    theirs = mark(7, life.now, "another key")
    assert list(read(f"沙石。{theirs}", KEY)) == []
    ours = mark(7, life.now + timedelta(minutes=3), KEY)
    found = [*read(f"话{ours}话{ours}", KEY)]
    assert found == [Read(7, (life.now + timedelta(minutes=3)).replace(second=0, microsecond=0))]
    changed = ours[:4] + ("\u200b" if ours[4] != "\u200b" else "\u200c") + ours[5:]
    assert list(read(changed, KEY)) == []


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_an_export_tells_unseen_who_took_it(
    kind: str, life: Life, browse: Browse, tmp_path: Path, installation: Installation
) -> None:
    life.to("handling")
    life.db.commit()
    answer = browse(life.staff["du"]).post("/search/export", data={"q": "路灯", "format": kind, "reason": "核对"})
    file = tmp_path / f"export.{kind}"
    file.write_bytes(answer.get_data())
    assert readers(watermark.words_of(file), life) == {(life.staff["du"].id, 0)}
