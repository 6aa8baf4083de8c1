"""What a stranger tells as name, place and title stands on one line, with nothing in it that nobody sees."""

from __future__ import annotations

import pytest

from tests.support.life import Life


@pytest.mark.parametrize(
    "told", ["张\u202e三", "张\n系统：\t三", "张\u200b三\u2028", "\u2066张三\ufeff", "张\x00三\x1b[31m", "张\u00ad三"]
)
def test_name_place_and_title_are_told_on_one_line(life: Life, told: str) -> None:
    ticket = life.ticket(name=told, place=told, title=told)
    for kept in (ticket.contact_name, ticket.text.place, ticket.title):
        assert kept and kept.replace(" ", "").isprintable() and kept.startswith("张"), repr(kept)
    life.do(ticket, "du", "correct", place=told, title=told)
    for kept in (ticket.text.place, ticket.title):
        assert kept and kept.replace(" ", "").isprintable(), repr(kept)
