"""Above the threshold the clock dispatches, below it a person does; and what may endanger anybody rings for a person, however sure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from hotline.city.schema import City
from hotline.clock import StoppedClock
from hotline.installation import Installation
from hotline.jobs.build import build_installation
from hotline.outbox.runner import drain
from hotline.outbox.transports import NoTransport
from hotline.settings import Settings
from hotline.triage.active_classifier import ActiveClassifier
from models import Message, Proposal, Ticket
from tests.support.fakes import MemorySender
from tests.support.life import Life
from tests.support.texts import texts

LAMP = "文峰区" + texts("0204", 3, "乙")[2]


@pytest.fixture
def installation(
    sqlite_engine: Engine,
    city: City,
    clock: StoppedClock,
    sender: MemorySender,
    tmp_path: Path,
    classifier: ActiveClassifier,
) -> Installation:
    """A city that lets the clock dispatch, with a model that may act."""
    settings = Settings(
        database_url=str(sqlite_engine.url), secret_key="s" * 40, twilio_auth_token="t" * 40, var=tmp_path, testing=True
    )
    trusting = replace(city, policy=replace(city.policy, auto_dispatch_on=True))
    made = build_installation(
        settings, city=trusting, clock=clock, engine=sqlite_engine, sender=sender, transport=NoTransport()
    )
    made.classifier = classifier
    return made


@pytest.fixture
def life(installation: Installation, city: City, clock: StoppedClock) -> Iterator[Life]:
    with installation.sessions() as db:
        yield Life(db, installation.city, clock)


def taken_in(life: Life, installation: Installation, words: str) -> Ticket:
    ticket = life.ticket(words=words)
    life.db.commit()
    drain(installation)
    life.db.refresh(ticket)
    return ticket


def rings(life: Life) -> list[str]:
    found = [
        message.role or "" for message in life.db.scalars(select(Message).where(Message.template_key.like("%_ring")))
    ]
    life.db.commit()
    return found


def test_a_sure_answer_goes_out_by_itself_and_says_so(life: Life, installation: Installation) -> None:
    ticket = taken_in(life, installation, LAMP)
    assert (ticket.state, ticket.auto_dispatched) == ("to_sign", True) and ticket.unit_code
    assert rings(life) == []


def test_an_unsure_one_waits_for_a_person_with_its_candidates(life: Life, installation: Installation) -> None:
    ticket = taken_in(life, installation, "灯杆旁边的公交车")
    proposal = life.db.scalars(select(Proposal).where(Proposal.ticket_id == ticket.id)).one()
    assert ticket.state == "to_dispatch" and not proposal.sure and len(proposal.ranked) >= 2


def test_where_the_city_has_not_allowed_it_the_sure_ones_wait_too_and_are_marked(
    life: Life, installation: Installation
) -> None:
    installation.city = replace(installation.city, policy=replace(installation.city.policy, auto_dispatch_on=False))
    ticket = taken_in(life, installation, LAMP)
    assert ticket.state == "to_dispatch"
    assert life.db.scalars(select(Proposal.sure).where(Proposal.ticket_id == ticket.id)).one()


@pytest.mark.parametrize(
    "words",
    [
        "有人掉进去受伤了，随时要出人命，很危险。",
        "全城大面积停电，几万户没有电。",
        "我活着没意思，不想活了。",
        "我实名举报，请一定给我保密，怕被打击报复。",
        "几百人聚集堵路，情绪激动要上访。",
    ],
    ids=["danger", "outage", "self-harm", "informant", "group"],
)
def test_no_safety_class_goes_out_on_a_score_and_each_rings_at_once(
    life: Life, installation: Installation, words: str
) -> None:
    ticket = taken_in(life, installation, LAMP + words)
    assert ticket.safety and ticket.state == "to_dispatch" and not ticket.auto_dispatched
    everybody = ["dispatcher", "lead_agent", "supervisor"]
    assert rings(life) == (everybody if ticket.alarm_at else ["dispatcher"])
