"""The story is readable: every action has a sentence in both languages, and nobody's phone stands in it."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from hotline.i18n import english, speaking
from hotline.tickets.display import timeline, timeline_words
from hotline.tickets.lifecycle import ACTIONS
from models import Ticket, TicketEvent
from tests.support.life import ROADS, Life

CHINESE = re.compile(r"[\u3400-\u9fff]")
BLANK = re.compile(r"%\(\w+\)s")


def events_of(life: Life, ticket: Ticket) -> list[TicketEvent]:
    life.db.flush()
    return list(life.db.scalars(select(TicketEvent).where(TicketEvent.ticket_id == ticket.id).order_by(TicketEvent.id)))


@pytest.mark.parametrize("state", list(ROADS))
def test_every_step_of_every_road_is_told_in_one_sentence(life: Life, state: str) -> None:
    ticket = life.to(state)
    for entry in timeline.tell(events_of(life, ticket), life.city):
        assert entry.title
        assert not BLANK.search(entry.title), entry.title
        assert entry.icon


def test_every_sentence_of_the_story_has_its_english_with_the_same_places() -> None:
    for sentence in timeline_words.SENTENCES.values():
        translated = english().get(sentence, "")
        assert translated, sentence
        assert set(BLANK.findall(translated)) == set(BLANK.findall(sentence)), sentence


def test_the_story_is_told_in_english_to_those_who_read_english(life: Life) -> None:
    ticket = life.to("to_sign")
    with speaking("en"):
        told = timeline.tell(events_of(life, ticket), life.city)
    assert [CHINESE.findall(entry.title) for entry in told] == [[], []]
    assert life.city.units["chengguan"].name_en in told[-1].title


def test_every_action_has_an_icon() -> None:
    assert set(ACTIONS) - set(timeline_words.ICONS) == set()


def test_a_dispatch_names_its_unit_once(life: Life) -> None:
    ticket = life.to("to_sign")
    entry = timeline.tell(events_of(life, ticket), life.city)[-1]
    lead = life.city.unit_name(ticket.unit_code)
    assert lead in entry.title
    assert lead not in str(entry.facts)


def test_a_phone_in_a_note_is_starred_and_the_note_is_marked_internal(life: Life) -> None:
    ticket = life.to("handling")
    life.do(ticket, "he", "note", text="他的电话是 13912345678")
    entry = timeline.tell(events_of(life, ticket), life.city)[-1]
    assert entry.internal
    assert "13912345678" not in entry.text
    assert "139" in entry.text


def test_a_correction_says_what_it_was_before(life: Life) -> None:
    ticket = life.to("to_dispatch")
    life.do(ticket, "du", "correct", urgency="urgent", area=None)
    entry = timeline.tell(events_of(life, ticket), life.city)[-1]
    assert ("紧急程度", "紧急") in entry.facts
    assert ("原紧急程度", "一般") in entry.facts


def test_a_send_back_names_its_reasons_in_words(life: Life) -> None:
    ticket = life.to("to_review")
    life.do(ticket, "ren", "redo", reasons=["R01", "R05"])
    entry = timeline.tell(events_of(life, ticket), life.city)[-1]
    assert "第 2 轮" in entry.title
    assert life.city.reason_name("R05") in str(entry.facts)


def test_the_time_since_the_move_before_skips_what_moved_nothing(life: Life) -> None:
    ticket = life.to("to_sign")
    life.clock.forward(hours=1)
    life.do(ticket, "an", "note", text="市民来电询问")
    life.clock.forward(hours=1)
    life.do(ticket, "he", "sign")
    *_rest, note, signed = timeline.tell(events_of(life, ticket), life.city)
    assert note.took is None
    assert signed.took == 7200


def test_what_happened_since_a_page_was_opened_includes_the_notes_between(life: Life) -> None:
    ticket = life.to("to_sign")
    seen = ticket.move_count
    life.do(ticket, "he", "sign")
    life.do(ticket, "he", "note", text="已安排")
    life.do(ticket, "he", "reply")
    events = events_of(life, ticket)
    assert [e.action for e in timeline.since(events, ticket.move_count - seen)] == ["sign", "note", "reply"]
    assert timeline.since(events, 0) == []
