"""The demo: people for every desk, and tickets in every state that have lived lawfully on the way there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, func, select

from classifier.text.extract import personal_spans
from hotline.city.loader import load_city
from hotline.city.schema import City
from hotline.city.sync import sync
from hotline.cli.main import cli
from hotline.clock import StoppedClock
from hotline.demo import seed
from hotline.demo.doubtful import DOUBTFUL
from hotline.demo.ended import ENDED
from hotline.demo.life import Demo
from hotline.demo.open import OPEN
from hotline.demo.people import PEOPLE
from hotline.installation import Installation
from hotline.jobs.build import build_installation
from hotline.settings import Settings
from hotline.staff.sign_in.passwords import DEMO_PASSWORD, hasher
from hotline.tickets.lifecycle import find_move
from hotline.tickets.roles import Role
from hotline.tickets.seals import row_seals, seal_files
from hotline.tickets.states import State
from models import (
    Call,
    DutyTime,
    HotSpot,
    HotTicket,
    Job,
    Message,
    NuisanceMark,
    Proposal,
    Review,
    Staff,
    Survey,
    Ticket,
    TicketEvent,
    Unit,
)
from tests.support.services import SqliteTests
from webhooks.sender import Sent

pytestmark = pytest.mark.slow

MONDAY_MORNING = datetime(2026, 3, 9, 1, 30, tzinfo=UTC)
NIGHT_OF_THE_SPRING_FESTIVAL = datetime(2026, 2, 19, 18, 40, tzinfo=UTC)
TINYTOWN = Path(__file__).parent / "city" / "tinytown"


class WatchedSender:
    """Remembers what it was asked to send."""

    name = "watched"

    def __init__(self) -> None:
        self.asked: list[str] = []

    def send(self, to: str, template_key: str, params: Mapping[str, str], text: str, out_id: str) -> str:
        self.asked.append(text)
        return out_id

    def find(self, to: str, since: datetime) -> list[Sent]:
        return []


def house_at(engine: Engine, city: City, at: datetime, folder: Path) -> Installation:
    settings = Settings(secret_key="k" * 40, twilio_auth_token="t" * 40, var=folder, testing=True)
    installation = build_installation(
        settings, city=city, clock=StoppedClock(at), engine=engine, sender=WatchedSender()
    )
    with installation.sessions() as db:
        sync(db, city, at)
        db.commit()
    return installation


@pytest.fixture(scope="module")
def engine_of_demo(sqlite_tests: SqliteTests, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A database that the tests of this file only read."""
    file = tmp_path_factory.mktemp("demo") / "demo.db"
    engine = sqlite_tests.apart(file)
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def installation(engine_of_demo: Engine, city: Any, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    return house_at(engine_of_demo, city, MONDAY_MORNING, tmp_path_factory.mktemp("var"))


@pytest.fixture(scope="module")
def demo(installation: Installation) -> Demo:
    made = seed(installation)
    assert made is not None
    return made


def states(installation: Installation) -> dict[str, int]:
    with installation.readings() as db:
        return {state: int(n) for state, n in db.execute(select(Ticket.state, func.count()).group_by(Ticket.state))}


def test_there_is_a_ticket_in_every_state(demo: Demo, installation: Installation) -> None:
    assert set(states(installation)) == {state.value for state in State}


def test_the_demo_s_rows_are_sealed_like_all_others(demo: Demo, installation: Installation) -> None:
    """V7: else the first thing done after it would make every row of the demo one that was slipped in."""
    with installation.readings() as db:
        assert row_seals.is_watched(db) and seal_files.verify(db, installation.settings).problems == []


def test_no_life_was_cut_short_by_a_rule(demo: Demo) -> None:
    assert demo.cut_short == []


def test_every_step_of_every_ticket_is_a_row_of_the_table(demo: Demo, installation: Installation) -> None:
    with installation.readings() as db:
        events = db.scalars(select(TicketEvent).order_by(TicketEvent.ticket_id, TicketEvent.id)).all()
    stands: dict[int, str] = {}
    for event in events:
        assert event.from_state == stands.get(event.ticket_id, "draft")
        stands[event.ticket_id] = event.to_state
        move = find_move(event.from_state, event.action)
        assert event.action.startswith("petition_") or (
            move is not None and event.to_state in (move.to, event.from_state)
        )
    with installation.readings() as db:
        assert stands == {t.id: t.state for t in db.scalars(select(Ticket)) if t.id in stands}


def test_everything_happened_in_the_last_weeks_and_in_order(demo: Demo, installation: Installation) -> None:
    with installation.readings() as db:
        created = db.scalars(select(Ticket.created_at).order_by(Ticket.id)).all()
        last = db.scalar(select(func.max(TicketEvent.at)))
    assert created == sorted(created)
    assert created[0] > MONDAY_MORNING - timedelta(days=40)
    assert last is not None and last <= MONDAY_MORNING


def test_nothing_was_sent_and_no_promise_is_open_or_failed(demo: Demo, installation: Installation) -> None:
    assert installation.sender.asked == []  # type: ignore[attr-defined]
    with installation.readings() as db:
        assert db.scalars(select(Job.error).where(Job.error.is_not(None))).all() == []
        assert db.scalars(select(Job.name).where(Job.done_at.is_(None), Job.run_at <= MONDAY_MORNING)).all() == []
        assert db.scalar(select(func.count()).where(Message.state == "sent")) > 100  # type: ignore[operator]


def test_there_is_somebody_with_every_role_who_can_sign_in(demo: Demo, installation: Installation) -> None:
    with installation.readings() as db:
        people = db.scalars(select(Staff).where(Staff.login.like("demo-%"))).all()
    assert {role for one in people for role in one.roles} == set(Role)
    assert len(people) == len(PEOPLE)
    assert all(hasher.verify(one.password_hash, DEMO_PASSWORD) and not one.must_change for one in people[:2])


def test_what_needs_another_supervisor_can_be_decided_in_the_demo(demo: Demo, installation: Installation) -> None:
    """An appeal against a mark is decided by whoever neither proposed nor decided it; one such appeal has been, another waits."""
    with installation.readings() as db:
        deciders = db.scalars(select(Staff).where(Staff.login.like("demo-supervisor%"))).all()
        appealed = db.scalars(select(NuisanceMark).where(NuisanceMark.appeal_at.is_not(None))).all()
        settled = {one.appeal_decided_by_name for one in appealed} - {None}
    assert all(any(person.id != one.decided_by_id for person in deciders) for one in appealed)
    assert settled and not settled & {one.decided_by_name for one in appealed}
    assert any(one.appeal_decided_at is None for one in appealed)


def test_the_demos_handler_has_work_in_every_state_of_a_unit(demo: Demo, installation: Installation) -> None:
    unit = demo.cast.actors["demo-unit"].unit_code
    with installation.readings() as db:
        mine = set(db.scalars(select(Ticket.state).where(Ticket.unit_code == unit)))
    assert {"to_sign", "in_objection", "handling", "waiting", "to_review", "to_follow_up", "closed"} <= mine


def test_every_ticket_that_was_handed_in_has_a_proposal(demo: Demo, installation: Installation) -> None:
    with installation.readings() as db:
        without = db.scalars(
            select(Ticket.number).where(Ticket.state != "draft", Ticket.id.not_in(select(Proposal.ticket_id)))
        ).all()
    # what was ended before the worker came round needs none
    assert len(without) == 0


def test_citizens_answered_in_every_way_and_rated_their_calls(demo: Demo, installation: Installation) -> None:
    with installation.readings() as db:
        assert set(db.scalars(select(Survey.outcome))) == {
            "satisfied",
            "partly",
            "dissatisfied",
            "in_doubt",
            "no_answer",
            "asked",
        }
        assert set(db.scalars(select(Call.rating))) >= {5, 4, 3, None}
        assert set(db.scalars(select(Call.state))) == {"ended", "missed"}
        assert set(db.scalars(select(Review.verdict))) == {"pass", "redo"}


def test_a_third_round_is_supervised_and_on_the_list_of_discipline(demo: Demo, installation: Installation) -> None:
    with installation.readings() as db:
        thirds = db.scalars(select(Ticket).where(Ticket.round >= 3)).all()
    assert thirds
    assert all(ticket.supervised and ticket.for_discipline for ticket in thirds)


def test_a_newcomer_finds_a_hot_spot_of_five_people(demo: Demo, installation: Installation) -> None:
    """Found at the desks: X4."""
    with installation.readings() as db:
        spots = db.scalars(select(HotSpot)).all()
        held = db.scalar(select(func.count()).select_from(HotTicket))
    assert [spot for spot in spots if "梅园庄" in spot.title or "暖" in spot.title] and (held or 0) >= 5


def test_a_part_that_was_split_off_has_words_of_its_own(demo: Demo, installation: Installation) -> None:
    """Found at the desks: X4."""
    with installation.readings() as db:
        parts = db.scalars(select(Ticket).where(Ticket.split_from_id.is_not(None))).all()
        assert parts and all(len(part.text.body) > 10 and "垃圾桶" in part.text.body for part in parts)


def test_numbers_that_called_in_vain_are_marked_appealed_and_waiting(demo: Demo, installation: Installation) -> None:
    """Each mark stands on void calls alone, and was decided by somebody else than who proposed it."""
    with installation.readings() as db:
        marks = db.scalars(select(NuisanceMark)).all()
        proofs = {number for one in marks for number in one.proofs}
        states = set(db.scalars(select(Ticket.state).where(Ticket.number.in_(proofs))))
    assert {"proposed", "standing"} <= {one.state for one in marks} and any(one.appeal_at for one in marks)
    assert states == {"void"}
    assert all(one.proposed_by_id != one.decided_by_id for one in marks)


def test_those_alone_who_take_calls_are_on_duty(demo: Demo, installation: Installation) -> None:
    """A minute later, without a page open, each of them is taken off duty, and the lead and the supervisor hear of it."""
    with installation.sessions() as db:
        logins = set(db.scalars(select(Staff.login).where(Staff.on_duty)))
        running = db.scalar(select(func.count(DutyTime.id)).where(DutyTime.ended_at.is_(None)))
    assert (logins, running) == ({"demo-agent", "demo-lead"}, 2)


def test_a_second_seeding_changes_nothing(demo: Demo, installation: Installation) -> None:
    before = states(installation)
    assert seed(installation) is None
    assert states(installation) == before


def test_no_demo_text_holds_anybodys_number() -> None:
    for matter in (*ENDED, *OPEN, *DOUBTFUL):
        assert not personal_spans(f"{matter.says}{matter.found}{matter.done}"), matter.says


def test_no_matter_is_told_twice() -> None:
    said = [matter.says for matter in (*ENDED, *OPEN, *DOUBTFUL)]
    assert len(said) == len(set(said)) >= 75


def test_the_demo_also_comes_up_in_the_night_of_a_long_holiday(
    sqlite_engine: Engine, city: Any, tmp_path: Path
) -> None:
    installation = house_at(sqlite_engine, city, NIGHT_OF_THE_SPRING_FESTIVAL, tmp_path)
    made = seed(installation)
    assert made is not None
    assert set(states(installation)) >= {state.value for state in State} - {"waiting"}


def test_what_is_merged_comes_while_the_other_is_handled_whatever_the_day(
    sqlite_engine: Engine, city: Any, tmp_path: Path
) -> None:
    made = seed(house_at(sqlite_engine, city, datetime(2026, 11, 24, 1, 16, tzinfo=UTC), tmp_path))
    assert made is not None
    assert made.cut_short == []


def test_another_city_gets_a_demo_with_units_of_its_own(sqlite_engine: Engine, city: Any, tmp_path: Path) -> None:
    tiny = load_city(TINYTOWN)
    town = replace(tiny, texts=city.texts)
    installation = house_at(sqlite_engine, town, MONDAY_MORNING, tmp_path)
    made = seed(installation)
    assert made is not None
    assert len(states(installation)) > 10
    with installation.readings() as db:
        assert set(db.scalars(select(Ticket.unit_code))) - {None} <= set(town.units)


def test_a_seeding_that_breaks_leaves_nothing_behind(sqlite_engine: Engine, city: Any, tmp_path: Path) -> None:
    installation = house_at(sqlite_engine, city, MONDAY_MORNING, tmp_path)
    with pytest.raises(KeyboardInterrupt):
        seed(replace(installation, classifier=Broken()))
    with installation.readings() as db:
        assert db.scalar(select(func.count(Staff.id))) == 0
        assert db.scalar(select(func.count(Ticket.id))) == 0


class Broken:
    """Stops everything in the middle, as Ctrl-C would."""

    name = "broken"

    def suggest(self, text: str) -> Any:
        raise KeyboardInterrupt

    def suggest_many(self, texts: Any) -> Any:
        raise KeyboardInterrupt


def test_the_demo_needs_nothing_but_tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its people work in units, so the city's files are loaded before they are hired."""
    units: list[int] = []

    def counted(installation: Installation) -> None:
        with installation.readings() as db:
            units.append(len(db.scalars(select(Unit)).all()))

    monkeypatch.setenv("HOTLINE_VAR", str(tmp_path))
    monkeypatch.setattr("hotline.demo.seed", counted)
    assert CliRunner().invoke(cli, ["migrate"]).exit_code == 0
    assert CliRunner().invoke(cli, ["demo"]).exit_code == 0
    assert units and units[0] > 10
