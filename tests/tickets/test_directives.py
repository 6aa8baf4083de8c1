"""Demands from above: a number, a time, an answer and an end; and only those named read an instruction (U15, U16)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from hotline.errors import NotAllowed, Refusal
from hotline.installation import Installation
from hotline.jobs.schedule import ring_directives
from hotline.messages.notices import NOTICES, Notice, tell
from hotline.tickets import petitions
from hotline.tickets.directives import rules as directives
from hotline.tickets.directives.listing import directives as listed
from hotline.tickets.display import timeline
from hotline.tickets.lists.ticket_list import Wanted, find
from models import Directive, Message, Ticket, TicketEvent
from tests.support.life import Life
from tests.support.make import CHENGGUAN


def code_of(deed: Callable[[], object]) -> str:
    with pytest.raises(Refusal) as caught:
        deed()
    return caught.value.code


def demands(life: Life, ticket: Ticket, *kinds: str) -> list[Directive]:
    rows = life.db.scalars(select(Directive).where(Directive.ticket_id == ticket.id).order_by(Directive.id))
    return [row for row in rows if not kinds or row.kind in kinds]


def notices(life: Life, ticket: Ticket, event: TicketEvent, name: str) -> list[Message]:
    before = set(life.db.scalars(select(Message.id)))
    tell(life.db, life.city, ticket, event, name, life.now, "http://127.0.0.1")
    life.db.flush()
    return [one for one in life.db.scalars(select(Message).order_by(Message.id)) if one.id not in before]


def test_a_supervision_is_an_order_with_number_demand_deadline_answer_and_end(life: Life) -> None:
    ticket = life.to("handling")
    life.do(ticket, "du2", "supervise", text="三日内报送整改", until=(life.now + timedelta(days=3)).isoformat())
    (order,) = demands(life, ticket)
    assert order.number and order.number.startswith("督〔20") and order.asked == "三日内报送整改"
    assert (order.due_at, order.state, ticket.supervised) == (life.now + timedelta(days=3), "open", True)
    life.do(ticket, "he", "answer_directive", text="灯已修好，每周巡查")
    assert (order.state, order.answer, order.answered_by_name) == ("answered", "灯已修好，每周巡查", "he")
    life.do(ticket, "du2", "return_directive", text="请写明巡查人")
    assert (order.state, order.returned) == ("open", 1)
    life.do(ticket, "he", "answer_directive", text="由张工每周巡查")
    life.do(ticket, "du2", "end_directive", text="整改到位")
    assert (order.state, order.result, ticket.supervised) == ("closed", "整改到位", False)
    story = select(TicketEvent.action).where(TicketEvent.ticket_id == ticket.id).order_by(TicketEvent.id)
    told = list(life.db.scalars(story))
    assert told[-5:] == ["supervise", "answer_directive", "return_directive", "answer_directive", "end_directive"]


@pytest.mark.parametrize("how", ["petition", "red card", "third round"])
def test_every_supervision_has_its_order_however_it_was_opened(life: Life, how: str) -> None:
    ticket = life.to("to_review" if how == "third round" else "handling")
    if how == "petition":
        asked = petitions.ask(
            life.db, life.city, ticket, "supervision", life.people["ren"], life.now, {"reason": "久拖不决"}
        )
        petitions.decide(life.db, life.city, asked.id, True, life.people["du2"], life.now, None)
    elif how == "red card":
        life.do(ticket, "clock", "red_card")
    else:
        ticket.round = 2
        life.do(ticket, "ren", "redo")
    (order,) = demands(life, ticket)
    assert order.kind == "supervision" and ticket.supervised and order.due_at > life.now
    assert how != "petition" or order.asked == "久拖不决"
    assert code_of(lambda: life.do(ticket, "du2", "supervise")) == "is_supervised"


@pytest.mark.parametrize("deed", ["contact", "interim", "reply"])
def test_an_urge_ends_with_the_next_deed_of_the_unit(life: Life, deed: str) -> None:
    ticket = life.to("handling")
    life.do(ticket, "du2", "urge_unit")
    (urge,) = demands(life, ticket)
    assert urge.state == "open" and ticket.urges == 0, "the citizen's urges are the citizen's"
    assert code_of(lambda: life.do(ticket, "he", "answer_directive", directive=urge.id)) == "ends_by_itself"
    life.do(ticket, "he", deed)
    life.db.expire(urge)
    assert urge.state == "closed"


def test_a_ticket_at_a_desk_of_the_hotline_is_urged_there(life: Life) -> None:
    ticket = life.ticket()
    event = life.do(ticket, "du2", "urge_unit")
    assert [one.role for one in notices(life, ticket, event, "urged_from_above")] == ["dispatcher"]


def test_discipline_asks_for_an_explanation_and_records_the_result(life: Life) -> None:
    ticket = life.to("handling")
    with pytest.raises(NotAllowed):
        life.do(ticket, "ji", "ask_explanation")
    ticket.for_discipline = True
    event = life.do(ticket, "ji", "ask_explanation", text="为何两次逾期")
    assert {one.unit_code for one in notices(life, ticket, event, "explanation_asked")} == {CHENGGUAN}
    (asked,) = demands(life, ticket)
    life.do(ticket, "hejt", "answer_directive", text="配件缺货，已约谈供货商")
    assert code_of(lambda: life.do(ticket, "du2", "end_directive", directive=asked.id)) == "not_yours_to_end"
    life.do(ticket, "ji", "end_directive", text="提醒谈话")
    assert (asked.state, asked.result) == ("closed", "提醒谈话")


def test_discipline_has_nobody_to_ask_where_no_unit_ever_had_it(life: Life) -> None:
    ticket = life.ticket()
    ticket.for_discipline = True
    life.do(ticket, "an", "answer_directly")
    assert code_of(lambda: life.do(ticket, "ji", "ask_explanation")) == "nobody_to_explain"


READS: dict[str, set[str]] = {
    "named": {"du2", "he", "hejt", "tou", "shi"},
    "head only": {"tou", "shi"},
    "discipline": {"ji", "shi"},
}


@pytest.mark.parametrize(("readers", "may"), [((), "named"), (("head",), "head only"), (("discipline",), "discipline")])
def test_only_those_named_read_an_instruction_and_media_never(life: Life, readers: tuple[str, ...], may: str) -> None:
    ticket = life.to("handling")
    ticket.for_media = ticket.for_discipline = True
    life.do(ticket, "shi", "instruct", text="琥珀街要三日修好", **({"readers": list(readers)} if readers else {}))
    events = life.db.scalars(select(TicketEvent).where(TicketEvent.ticket_id == ticket.id)).all()
    reads = {
        login
        for login in ("shi", "tou", "du2", "du", "ren", "hui", "he", "hejt", "ji", "mei", "an", "chang")
        if any(e.action == "instruct" for e in timeline.readable(events, life.people[login], ticket))
    }
    assert reads == READS[may]
    on_page = {login for login in reads | {"mei", "du"} if directives.of_ticket(life.db, life.people[login], ticket)}
    assert on_page == reads
    for login in ("mei", "du", "ren"):
        assert find(life.db, life.people[login], Wanted(words="琥珀街")).rows == [], "nobody finds it by asking"
        assert list(life.db.execute(listed(life.people[login], ("instruction",)))) == []


def test_what_is_said_about_an_instruction_is_read_by_the_same_people(life: Life) -> None:
    ticket = life.to("handling")
    ticket.for_media = True
    life.do(ticket, "shi", "instruct", text="请三日修好")
    life.do(ticket, "he", "answer_directive", text="已修好")
    events = life.db.scalars(select(TicketEvent).where(TicketEvent.ticket_id == ticket.id)).all()
    told = timeline.tell(timeline.readable(events, life.people["mei"], ticket), life.city)
    assert not {"instruct", "answer_directive"} & {one.action for one in told}
    assert all(row.to.__name__ != "supervisors" for row in NOTICES["instructed"] if isinstance(row, Notice))


def test_an_instruction_from_before_readers_were_named_is_hidden_from_media(life: Life) -> None:
    old: dict[str, Any] = {"text": "尽快办"}
    ticket = life.to("handling")
    ticket.for_media = True
    assert not directives.may_read_event(life.people["mei"], ticket, "instruct", old, None)
    assert directives.may_read_event(life.people["du2"], ticket, "instruct", old, None)


def test_a_demand_says_once_that_it_is_nearly_due_and_once_that_it_is_late(
    life: Life, installation: Installation
) -> None:
    ticket = life.to("handling")
    life.do(ticket, "du2", "supervise", until=(life.now + timedelta(hours=10)).isoformat())
    life.db.commit()
    rung = []
    for hours in (7, 2, 1, 1, 1):
        life.clock.forward(hours=hours)
        rung.append(ring_directives(installation, life.now))
    assert rung == [0, 1, 1, 0, 0]
    keys = life.db.scalars(select(Message.template_key).where(Message.ticket_id == ticket.id)).all()
    assert keys.count("directive_soon") == 1 and keys.count("directive_late") == 2, "late: the unit and who gave it"
