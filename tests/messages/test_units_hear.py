"""Units hear of work where they are: by text, by mail, and the next person when nobody opens it (L6)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from hotline.city.schema import City, Duty
from hotline.installation import Installation
from hotline.jobs.schedule import write_digests
from hotline.messages import digest
from hotline.outbox.runner import drain
from hotline.settings import Settings
from models import Message, Ticket, TicketLook
from tests.support.doubles.fakes import MemorySender
from tests.support.doubles.mail_server import mail_server
from tests.support.life import Life
from tests.support.make import CHENGGUAN

FIRST, SECOND = "13900000001", "13900000002"
OFFICE, NIGHT = datetime(2026, 3, 4, 2, 0, tzinfo=UTC), datetime(2026, 3, 4, 18, 0, tzinfo=UTC)


@pytest.fixture
def with_duty(installation: Installation, life: Life) -> Callable[[Duty], None]:
    """The unit's line in the city's file, for this test."""

    def give(duty: Duty) -> None:
        city = installation.city
        units = {**city.units, CHENGGUAN: replace(city.units[CHENGGUAN], duty=duty)}
        changed: City = replace(city, units=units)
        installation.city = life.city = changed

    return give


def dispatched(life: Life, installation: Installation, urgency: str, at: datetime, privacy: str = "masked") -> Ticket:
    life.clock.at = at
    ticket = life.ticket(privacy=privacy)
    life.do(ticket, "du", "dispatch", urgency=urgency)
    life.db.commit()
    drain(installation)
    return ticket


@pytest.mark.parametrize(
    ("urgency", "at", "duty", "texted"),
    [
        ("urgent", NIGHT, Duty((FIRST,)), True),
        ("normal", NIGHT, Duty((FIRST,)), False),
        ("urgent", NIGHT, Duty((FIRST,), by_night="critical"), False),
        ("critical", NIGHT, Duty((FIRST,), by_night="critical"), True),
        ("normal", OFFICE, Duty((FIRST,), by_day="normal"), True),
        ("critical", OFFICE, Duty((FIRST,), by_day="never"), False),
    ],
)
def test_the_duty_phone_is_texted_by_urgency_and_hour(
    urgency: str,
    at: datetime,
    duty: Duty,
    texted: bool,
    installation: Installation,
    life: Life,
    sender: MemorySender,
    with_duty: Callable[[Duty], None],
) -> None:
    """Found at the desks: L6."""
    with_duty(duty)
    ticket = dispatched(life, installation, urgency, at)
    texts = sender.texts_to(FIRST)
    assert bool(texts) is texted
    assert all(ticket.number in one and "路灯" not in one for one in texts), "nothing of the matter travels"


@pytest.mark.parametrize("opened", [False, True])
def test_the_next_person_is_texted_when_nobody_has_opened_it(
    opened: bool, installation: Installation, life: Life, sender: MemorySender, with_duty: Callable[[Duty], None]
) -> None:
    with_duty(Duty((FIRST, SECOND)))
    ticket = dispatched(life, installation, "urgent", NIGHT)
    life.clock.forward(minutes=5)
    if opened:
        life.db.add(TicketLook(ticket_id=ticket.id, staff_id=life.staff["he"].id, at=life.now, typed_at=None))
        life.db.commit()
    life.clock.forward(minutes=6)
    drain(installation)
    assert bool(sender.texts_to(SECOND)) is not opened
    kept = sorted(life.db.scalars(select(Message.phone).where(Message.template_key == "duty_new")))
    assert kept == ([FIRST] if opened else [FIRST, SECOND]), "what was sent is on record with the ticket"


def test_a_signed_ticket_wakes_nobody_else(
    installation: Installation, life: Life, sender: MemorySender, with_duty: Callable[[Duty], None]
) -> None:
    with_duty(Duty((FIRST, SECOND)))
    ticket = dispatched(life, installation, "urgent", NIGHT)
    life.do(ticket, "he", "sign")
    life.db.commit()
    life.clock.forward(minutes=11)
    drain(installation)
    assert sender.texts_to(SECOND) == []


def test_each_working_morning_a_letter_says_what_waits_once(
    installation: Installation, life: Life, with_duty: Callable[[Duty], None]
) -> None:
    with_duty(Duty(email="duty@chengguan.test"))
    ticket = dispatched(life, installation, "normal", OFFICE)
    with mail_server() as server:
        told = {**installation.settings.__dict__, "smtp_url": server.url, "mail_from": "hotline@city.test"}
        installation.settings = Settings(**told)
        for minutes in (0, 30, 600):
            life.clock.forward(minutes=minutes)
            write_digests(installation, life.now)
            drain(installation)
        (letter,) = server.letters
    assert letter["To"] == "duty@chengguan.test" and "1 件" in letter["Subject"]
    text = letter.get_content()
    assert ticket.number in text and "路灯" not in text and "13800001234" not in text


def test_of_a_sealed_matter_the_leaders_own_telephone_is_texted_and_no_letter_goes_to_the_units_mailbox(
    installation: Installation, life: Life, sender: MemorySender, with_duty: Callable[[Duty], None]
) -> None:
    """Whoever carries the duty phone or reads the mailbox learnt that there was a report against the unit, and when."""
    with_duty(Duty((FIRST, SECOND), by_night="normal", email="duty@chengguan.test"))
    life.staff["hejt"].phone, life.staff["he"].phone = "13900000007", "13900000008"
    life.db.commit()
    ticket = dispatched(life, installation, "urgent", NIGHT, privacy="sealed")
    life.clock.forward(minutes=30)
    drain(installation)
    told = list(life.db.scalars(select(Message.phone).where(Message.template_key == "duty_new")))
    assert told == ["13900000007"] and ticket.number in sender.texts_to("13900000007")[0]
    unit = installation.city.units[CHENGGUAN]
    assert digest.letter(life.db, installation.city, unit, life.now) is None


def test_a_unit_whose_leader_has_no_telephone_is_not_texted_of_a_sealed_matter(
    installation: Installation, life: Life, sender: MemorySender, with_duty: Callable[[Duty], None]
) -> None:
    with_duty(Duty((FIRST,), by_night="normal"))
    dispatched(life, installation, "urgent", NIGHT, privacy="sealed")
    assert sender.texts_to(FIRST) == []
