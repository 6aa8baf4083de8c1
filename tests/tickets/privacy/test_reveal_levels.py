"""What each level of privacy asks of who lifts a mask: open no reason, masked a reason, sealed the few; the audit has every one (VC1)."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from hotline.errors import NotAllowed, Refusal
from hotline.tickets.guards import machine_unseals, opened_without_reason
from hotline.tickets.lifecycle import Do, find_move
from hotline.tickets.privacy.reveal import may_reveal, reveal
from models import Audit, Ticket
from tests.support.life import Life
from tests.support.refusals import refused


def lift(life: Life, ticket: Ticket, who: str, reason: str) -> str:
    return reveal(life.db, life.people[who], ticket, "phone", reason, life.now, "127.0.0.1")


def test_an_open_matter_asks_no_reason_a_masked_one_does_and_both_are_in_the_audit(life: Life) -> None:
    masked, known = life.ticket(), life.ticket(privacy="open")
    with pytest.raises(Refusal):
        lift(life, masked, "ren", "")
    assert lift(life, masked, "ren", "核对号码") == lift(life, known, "ren", "") == "13800001234"
    rows = life.db.scalars(select(Audit).where(Audit.action == "reveal").order_by(Audit.id)).all()
    assert [(row.ticket_id, row.detail["reason"]) for row in rows] == [
        (masked.id, "核对号码"),
        (known.id, "本人同意公开"),
    ]


def test_open_is_open_to_who_is_at_work_and_to_nobody_else(life: Life) -> None:
    known, sealed = life.ticket(privacy="open"), life.ticket(privacy="sealed")
    assert not may_reveal(life.people["shi"], known) and not may_reveal(life.people["chang"], known)
    assert not may_reveal(life.people["hui"], sealed) and may_reveal(life.people["du"], sealed)
    with pytest.raises(NotAllowed):
        lift(life, known, "mei", "")


def test_a_matter_is_opened_by_people_only_and_with_words_of_the_consent(life: Life) -> None:
    ticket = life.ticket()
    with refused(opened_without_reason):
        life.do(ticket, "du", "correct", privacy="open", reason=" ")
    life.do(ticket, "du", "correct", privacy="open", reason="3 月 4 日来电同意单位直接联系")
    assert ticket.privacy == "open"
    life.do(ticket, "du", "correct", privacy="masked")
    assert ticket.privacy == "masked", "back under the mask nobody has to explain"
    move = find_move(ticket.state, Do.CORRECT)
    assert move and {machine_unseals, opened_without_reason} <= set(move.unless)
