"""Many people at once, on both engines: one wins, the others are told, and the story stays lawful."""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import pairwise
from secrets import token_hex

import pytest
from sqlalchemy import select

from hotline.app import create_app
from hotline.errors import OutOfTurn, TooMany
from hotline.installation import Installation
from hotline.intake.open_ticket import Contact, open_ticket
from hotline.staff.sign_in import second_factor
from hotline.tickets import petitions
from hotline.tickets.act import act, lock
from hotline.tickets.lifecycle import find_move
from hotline.tickets.privacy import reveal
from hotline.tickets.roles import SYSTEM
from hotline.tickets.search import person_search
from hotline.web.core.forms import draft_store
from models import Citizen, Draft, Petition, Receipt, SecondFactor, Staff, Ticket, TicketEvent
from tests.support.life import Life
from tests.support.together import at_once

EIGHT = ("dispatch", "answer_directly", "mark_hard", "decline", "transfer_out", "void", "dispatch", "decline")


def test_eight_different_buttons_at_once_one_wins_and_seven_are_told(installation: Installation, life: Life) -> None:
    """VH13."""
    ticket = life.ticket()
    life.db.commit()
    turn = ticket.move_count

    def press(action: str) -> Callable[[], str]:
        answers = dict(life.answers(action, ticket))

        def deed() -> str:
            with installation.sessions() as db:
                act(db, installation.city, lock(db, ticket.id), action, life.people["du"], life.now, answers, seen=turn)
                db.commit()
            return "won"

        return deed

    said = at_once(*(press(action) for action in EIGHT))
    assert sorted(said) == ["OutOfTurn"] * 7 + ["won"]
    _assert_lawful(installation, ticket.id)


def test_two_windows_that_are_refused_at_once_keep_one_draft(installation: Installation, life: Life) -> None:
    """VH13: the second was told that the program had broken."""
    life.db.commit()
    app, du = create_app(installation.settings, installation), life.people["du"].id or 0

    def keep(words: str) -> Callable[[], str]:
        def deed() -> str:
            with installation.sessions() as db, app.test_request_context():
                draft_store.keep(db, du, "pass:1", {"note": words})
                time.sleep(0.1)
                db.commit()
            return "kept"

        return deed

    assert at_once(*(keep(f"第{n}个窗口") for n in range(6))) == ["kept"] * 6
    with installation.sessions() as db:
        assert [draft.version for draft in db.scalars(select(Draft))] == [6]


def test_four_windows_that_set_up_a_second_factor_at_once_have_one(installation: Installation, life: Life) -> None:
    """VH13: three of them were told that the program had broken."""
    life.db.commit()
    du = life.people["du"].id

    def begin() -> str:
        with installation.sessions() as db:
            second_factor.begin(db, db.get_one(Staff, du), installation.settings, life.now)
            time.sleep(0.1)
            db.commit()
        return "begun"

    assert at_once(*[begin] * 4) == ["begun"] * 4
    with installation.sessions() as db:
        assert len(db.scalars(select(SecondFactor)).all()) == 1


def test_many_windows_of_one_person_open_no_more_than_the_hours_measure(
    installation: Installation, life: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(reveal.PEOPLE, "reveal", 3)
    monkeypatch.setattr(person_search, "MOST_OF_CALLED", 3)
    monkeypatch.setattr(draft_store, "MOST_A_DAY", 3)
    ticket = life.ticket()
    life.db.commit()
    du = life.people["du"]

    def lift() -> str:
        with installation.sessions() as db:
            reveal.reveal(db, du, db.get_one(Ticket, ticket.id), "phone", "contact", life.now, "::1")
            db.flush()
            time.sleep(0.1)
            db.commit()
        return "won"

    def look_for() -> str:
        with installation.sessions() as db:
            person_search.note(db, du, life.now, phone="13800001111")
            db.flush()
            time.sleep(0.1)
            db.commit()
        return "won"

    def keep_a_form() -> str:
        with installation.sessions() as db:
            if draft_store.is_full(db, du.id or 0, life.now):
                raise TooMany("")
            db.add(Draft(staff_id=du.id, key=token_hex(4), version=1, data={}, saved_at=life.now))
            db.flush()
            time.sleep(0.1)
            db.commit()
        return "won"

    for deed in (lift, look_for, keep_a_form):
        assert sorted(at_once(*[deed] * 8)) == ["TooMany"] * 5 + ["won"] * 3


def test_the_same_button_without_a_seen_turn_still_acts_once(installation: Installation, life: Life) -> None:
    ticket = life.to("to_sign")
    life.db.commit()

    def sign() -> str:
        with installation.sessions() as db:
            act(db, installation.city, lock(db, ticket.id), "sign", life.people["he"], life.now)
            db.commit()
        return "won"

    assert sorted(at_once(*[sign] * 8)) == ["OutOfTurn"] * 7 + ["won"]


def test_a_unit_that_signs_and_a_dispatcher_who_recalls_at_once_leave_a_lawful_story(
    installation: Installation, life: Life
) -> None:
    ticket = life.to("to_sign")
    life.db.commit()

    def deed(login: str, action: str) -> Callable[[], str]:
        def do() -> str:
            with installation.sessions() as db:
                act(
                    db,
                    installation.city,
                    lock(db, ticket.id),
                    action,
                    life.people[login],
                    life.now,
                    {"reason": "派错了"},
                    seen=ticket.move_count,
                )
                db.commit()
            return "won"

        return do

    assert sorted(at_once(deed("he", "sign"), deed("du", "recall"))) == ["OutOfTurn", "won"]
    _assert_lawful(installation, ticket.id)


def test_the_same_contact_told_eight_times_at_once_is_one_ticket(installation: Installation, life: Life) -> None:
    """VH13, VH9."""

    def tell() -> str:
        contact = Contact(
            body="路灯不亮", phone="13800004321", channel="national", outer_source="nation", outer_number="N-77"
        )
        with installation.sessions() as db:
            number = open_ticket(db, installation.city, contact, SYSTEM, life.now).number
            db.commit()
        return number

    life.db.commit()
    said = {one for one in at_once(*[tell] * 8) if one.isdigit()}
    with installation.readings() as db:
        assert len(db.scalars(select(Ticket.id).where(Ticket.outer_number == "N-77")).all()) == 1
        assert len(db.scalars(select(Receipt.id).where(Receipt.kind == "contact")).all()) == 1
        assert len(db.scalars(select(Citizen.id).where(Citizen.phone == "13800004321")).all()) == 1
    assert len(said) == 1


def test_eight_callers_at_once_get_eight_numbers(installation: Installation, life: Life) -> None:
    def call(n: int) -> Callable[[], str]:
        def deed() -> str:
            with installation.sessions() as db:
                number = open_ticket(
                    db, installation.city, Contact(body=f"第 {n} 件", phone=f"1380000{n:04d}"), SYSTEM, life.now
                ).number
                db.commit()
            return number

        return deed

    life.db.commit()
    assert len(set(at_once(*(call(n) for n in range(8))))) == 8


def test_of_two_deciders_at_once_one_decides(installation: Installation, life: Life) -> None:
    ticket = life.to("handling")
    asked = petitions.ask(life.db, life.city, ticket, "extension", life.people["he"], life.now, {"reason": "等配件"})
    life.db.commit()

    def decide(login: str, granted: bool) -> Callable[[], str]:
        def deed() -> str:
            with installation.sessions() as db:
                petitions.decide(db, installation.city, asked.id, granted, life.people[login], life.now, "看过了")
                db.commit()
            return "won"

        return deed

    assert sorted(at_once(decide("du", True), decide("du2", False))) == [OutOfTurn.__name__, "won"]
    with installation.readings() as db:
        assert db.scalars(select(Petition.state)).one() in ("granted", "refused")


def _assert_lawful(installation: Installation, ticket_id: int) -> None:
    """Every row of the story is a row of the table, and each begins where the one before ended."""
    with installation.readings() as db:
        story = db.scalars(select(TicketEvent).where(TicketEvent.ticket_id == ticket_id).order_by(TicketEvent.id)).all()
        assert all(find_move(e.from_state or "", e.action) for e in story)
        assert all(before.to_state == after.from_state for before, after in pairwise(story))
        assert db.get_one(Ticket, ticket_id).state == story[-1].to_state
