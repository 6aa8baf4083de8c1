"""Above the threshold the clock dispatches, below it a person does; and what may endanger anybody rings for a person, however sure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from shutil import copytree

import pytest
from sqlalchemy import Engine, select

from hotline.city.schema import City
from hotline.clock import StoppedClock
from hotline.installation import Installation
from hotline.jobs.build import build_installation
from hotline.outbox import enqueue
from hotline.outbox.runner import drain
from hotline.outbox.transports import NoTransport
from hotline.settings import Settings
from hotline.triage.active_classifier import OWN_TO_ACT, ActiveClassifier, keyword_classifier, parents_of
from hotline.triage.model_registry import ModelRegistry
from models import HotSpot, HotTicket, Message, Proposal, Ticket
from tests.support.doubles.fakes import MemorySender
from tests.support.life import Life
from tests.support.make import ELSEWHERE
from tests.support.papers.texts import texts

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


@pytest.mark.parametrize("code", ["0204", "0701", "1001"])
@pytest.mark.parametrize("n", [0, 1])
def test_what_the_model_is_sure_of_goes_to_the_unit_the_catalogue_names(
    life: Life, installation: Installation, code: str, n: int
) -> None:
    ticket = taken_in(life, installation, "文峰区" + texts(code, 4, "丙")[n])
    proposal = life.db.scalars(select(Proposal).where(Proposal.ticket_id == ticket.id)).one()
    assert (ticket.state, ticket.auto_dispatched, ticket.category_code) == ("to_sign", True, code)
    assert ticket.unit_code == proposal.unit_code


@pytest.mark.parametrize(
    "more",
    [{"category": "0204"}, {"category": "1001"}, {"urgency": "critical"}, {"privacy": "sealed"}],
    ids=["typed", "typed-otherwise", "critical", "sealed"],
)
def test_what_a_person_has_marked_waits_for_a_person(
    life: Life, installation: Installation, more: dict[str, str]
) -> None:
    """A category that somebody typed makes the proposal sure for the eye, never for the clock."""
    ticket = life.ticket(words=LAMP, **more)
    life.db.commit()
    drain(installation)
    life.db.refresh(ticket)
    assert (ticket.state, ticket.auto_dispatched, ticket.unit_code) == ("to_dispatch", False, None)
    assert life.db.scalars(select(Proposal).where(Proposal.ticket_id == ticket.id)).one()


def test_part_of_a_hot_matter_waits_for_a_person(life: Life, installation: Installation) -> None:
    ticket = life.ticket(words=LAMP)
    spot = HotSpot(
        key="k",
        title="路灯",
        first_at=life.now,
        last_at=life.now,
        looked_at=life.now,
        count=3,
        people=3,
        heat=1.0,
        trend=1.0,
    )
    life.db.add(spot)
    life.db.flush()
    life.db.add(HotTicket(spot_id=spot.id, ticket_id=ticket.id))
    life.db.commit()
    drain(installation)
    life.db.refresh(ticket)
    assert (ticket.state, ticket.auto_dispatched) == ("to_dispatch", False)


def test_the_clock_acts_once_however_often_the_job_is_run(life: Life, installation: Installation) -> None:
    ticket = taken_in(life, installation, LAMP)
    moves = ticket.move_count
    life.db.commit()
    with installation.sessions() as db:
        enqueue(db, "classify", key="classify again", now=installation.clock.now(), ticket_id=ticket.id)
        db.commit()
    drain(installation)
    life.db.refresh(ticket)
    assert ticket.move_count == moves
    assert len(life.db.scalars(select(Proposal).where(Proposal.ticket_id == ticket.id)).all()) == 1


def test_a_ticket_that_a_person_dispatched_meanwhile_is_left_alone(life: Life, installation: Installation) -> None:
    ticket = life.ticket(words=LAMP)
    life.do(ticket, "du", "dispatch", unit=ELSEWHERE, helpers=[])
    life.db.commit()
    drain(installation)
    life.db.refresh(ticket)
    assert (ticket.unit_code, ticket.auto_dispatched) == (ELSEWHERE, False)


def test_without_a_model_nothing_goes_out_and_a_proposal_stands_all_the_same(
    life: Life, installation: Installation, tmp_path: Path
) -> None:
    city = installation.city
    installation.classifier = ActiveClassifier(
        keyword_classifier(city), ModelRegistry(tmp_path / "none"), parents_of(city), at_once=True
    )
    ticket = taken_in(life, installation, "路灯不亮，路灯坏了，路灯一直不亮。")
    proposal = life.db.scalars(select(Proposal).where(Proposal.ticket_id == ticket.id)).one()
    assert ticket.state == "to_dispatch" and not proposal.sure and proposal.unit_code


@pytest.mark.parametrize("how", ["altered", "missing", "pointer"])
def test_a_model_that_was_tampered_with_dispatches_nothing(
    life: Life, installation: Installation, trained: Path, tmp_path: Path, how: str
) -> None:
    registry = ModelRegistry(copytree(trained, tmp_path / "tampered"))
    pointer = registry.current()
    assert pointer
    file = registry.folder / pointer.file
    if how == "altered":
        file.write_bytes(file.read_bytes()[:-1] + b"x")
    elif how == "missing":
        file.unlink()
    else:
        (registry.folder / "current.json").write_text('{"file": "../../etc/passwd", "sha256": ""}')
    city = installation.city
    installation.classifier = ActiveClassifier(keyword_classifier(city), registry, parents_of(city), at_once=True)
    ticket = taken_in(life, installation, LAMP)
    assert ticket.state == "to_dispatch" and not ticket.auto_dispatched


@pytest.mark.parametrize("own", [0, 1, OWN_TO_ACT - 1])
def test_a_model_with_few_own_examples_dispatches_nothing(
    life: Life, installation: Installation, trained: Path, own: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    city = installation.city
    young = ActiveClassifier(keyword_classifier(city), ModelRegistry(trained), parents_of(city), at_once=True)
    young.look()
    monkeypatch.setitem(young._taken.model.about, "own", own)
    installation.classifier = young
    assert taken_in(life, installation, LAMP).state == "to_dispatch"


@pytest.mark.parametrize("words", ["你好。", "123456", "……", "喂，听得到吗？", "请帮我转接一下人工。", "🙂🙂🙂"])
def test_what_says_nothing_goes_nowhere_by_itself(life: Life, installation: Installation, words: str) -> None:
    ticket = taken_in(life, installation, words)
    assert ticket.state == "to_dispatch" and not ticket.auto_dispatched
