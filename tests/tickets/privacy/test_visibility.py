"""Who may see which ticket: lists, searches and single pages ask the same rule."""

from __future__ import annotations

import pytest

from hotline.errors import NotFound
from hotline.intake.open_ticket import Contact, open_ticket
from hotline.tickets.lists.ticket_list import Wanted, count, find
from hotline.tickets.privacy.visibility import may_see, see
from models import Ticket
from tests.support.life import HATS, Life


def sees(life: Life, login: str, ticket: Ticket) -> bool:
    """As every way of asking says; they must agree."""
    actor = life.people[login]
    listed = ticket.id in [row.id for row in find(life.db, actor, Wanted(number=ticket.number), sort="number").rows]
    counted = count(life.db, actor, Wanted(ids=(ticket.id,))) == 1
    alone = may_see(life.db, actor, ticket.id)
    try:
        opened = see(life.db, actor, ticket.number).id == ticket.id
    except NotFound:
        opened = False
    assert listed == counted == alone == opened, (login, listed, counted, alone, opened)
    return alone


def test_a_unit_sees_its_own_tickets_and_no_others(life: Life) -> None:
    """VH1."""
    ticket = life.to("handling")
    seen = {login for login in HATS if sees(life, login, ticket)}
    assert seen == {"an", "班", "du", "he", "hejt", "xie", "ren", "hui", "du2", "tou", "shi"}


def test_before_dispatch_no_unit_sees_it(life: Life) -> None:
    ticket = life.ticket()
    assert not any(sees(life, login, ticket) for login in ("he", "hejt", "chang", "xie"))


def test_a_sealed_ticket_is_for_those_who_must_act_on_it(life: Life) -> None:
    """VH1."""
    ticket = life.to("handling")
    life.do(ticket, "du", "correct", privacy="sealed")
    seen = {login for login in HATS if sees(life, login, ticket)}
    assert seen == {"an", "du", "hejt", "ren", "du2", "tou"}


def test_discipline_and_media_see_their_lists_only(life: Life) -> None:
    ticket = life.to("handling")
    ticket.for_discipline = ticket.for_media = True
    life.db.flush()
    assert sees(life, "ji", ticket) and sees(life, "mei", ticket)
    ticket.privacy = "sealed"
    life.db.flush()
    assert sees(life, "ji", ticket) and not sees(life, "mei", ticket)


def test_a_ticket_that_does_not_exist_and_one_that_is_not_mine_sound_the_same(life: Life) -> None:
    ticket = life.to("handling")
    sentences = []
    for number in (ticket.number, "999999999999"):
        with pytest.raises(NotFound) as refused:
            see(life.db, life.people["chang"], number)
        sentences.append(refused.value.sentence.replace(number, "…"))
    assert sentences[0] == sentences[1]


def test_pages_by_key_show_every_ticket_once_in_both_directions(life: Life) -> None:
    made = {life.ticket(phone=f"1380000{n:04d}").id for n in range(20)}
    drafts = [Contact(body=f"没写完 {n}") for n in range(3)]
    made |= {open_ticket(life.db, life.city, draft, life.people["an"], life.now, submit=False).id for draft in drafts}
    for sort in ("due", "-created", "number", "-moved"):
        seen: list[int] = []
        page = find(life.db, life.people["班"], Wanted(open=True), sort=sort, size=5)
        seen += [row.id for row in page.rows]
        while page.next:
            page = find(life.db, life.people["班"], Wanted(open=True), sort=sort, size=5, after=page.next)
            seen += [row.id for row in page.rows]
        assert len(seen) == 23 and set(seen) == made, sort
        assert page.back
        before = find(life.db, life.people["班"], Wanted(open=True), sort=sort, size=5, before=page.back)
        assert [row.id for row in before.rows] == seen[15:20]


def test_a_draft_is_its_writers_and_the_shift_leaders(life: Life) -> None:
    """V22."""
    ticket = open_ticket(life.db, life.city, Contact(body="路灯没写完"), life.people["an"], life.now, submit=False)
    assert {login for login in HATS if sees(life, login, ticket)} == {"an", "班"}


def test_counting_stops_at_its_limit(life: Life) -> None:
    for n in range(7):
        life.ticket(phone=f"1380000{n:04d}")
    assert count(life.db, life.people["du"], Wanted(open=True), most=4) == 5
