"""A simulated city stands apart: it goes into an empty database only, is marked for ever, and says nothing outside."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, func, select

from hotline.app import create_app
from hotline.city.schema import City
from hotline.cli.main import cli
from hotline.errors import Refusal
from hotline.ops import simulated
from hotline.settings import Settings
from hotline.settings.environment import OidcSetting, ProvinceSetting
from hotline.simulate import rates
from hotline.simulate.book import book_of
from hotline.simulate.making import check, make
from hotline.simulate.plan import Plan
from models import Call, Message, Ticket, make_engine, make_sessions
from tests.support.cities.simulated import SINCE_MID_AUTUMN, installation_on
from tests.support.life import Life
from webhooks.signature import sign_twilio

SMALL = replace(SINCE_MID_AUTUMN, contacts=500, days=20, book=8)


def plan_of(city: City, seed: int, contacts: int = 330_000) -> Plan:
    since, until = datetime(2026, 1, 5, tzinfo=UTC), datetime(2026, 3, 2, tzinfo=UTC)
    return Plan(city, seed, book_of(city, seed, 300), contacts, since, until)


def test_it_refuses_where_a_real_matter_is(life: Life, engine: Engine, city: City, tmp_path: Path) -> None:
    life.ticket()
    life.db.commit()
    with pytest.raises(Refusal) as refused:
        make(installation_on(engine, city, tmp_path), SMALL, 1)
    assert refused.value.code == "real_matters"


def test_once_simulated_it_is_marked_full_and_cut_off(sqlite_engine: Engine, city: City, tmp_path: Path) -> None:
    installation = installation_on(sqlite_engine, city, tmp_path)
    make(installation, SMALL, 1)
    assert simulated.is_simulated(sqlite_engine, tmp_path)
    with pytest.raises(Refusal) as refused:
        make(installation, SMALL, 1)
    assert refused.value.code == "simulated_already"
    again = installation_on(sqlite_engine, city, tmp_path)
    assert (again.settings.senders, again.settings.smtp_url, again.settings.partners) == ((), "", {})
    away = make_engine(f"sqlite:///{tmp_path / 'nowhere' / 'city.db'}")
    assert simulated.is_simulated(away, tmp_path) and not simulated.is_simulated(away, tmp_path / "elsewhere")
    with installation.readings() as db:
        providers = set(
            db.scalars(select(Message.provider).where(Message.channel == "sms", Message.direction == "out"))
        )
    assert providers <= {"demo", None}


def test_every_way_out_is_closed_by_the_mark() -> None:
    open_ = Settings(
        twilio_account_sid="AC1",
        gateway_url="https://sms",
        gateway_keys=("k" * 16,),
        smtp_url="smtp://m",
        imap_url="imap://m",
        twilio_auth_token="t" * 40,
        oidc=OidcSetting("https://sso.example.gov.cn", "hotline", "s" * 40),
        province=ProvinceSetting("https://province.example.gov.cn", ("k" * 40,)),
    )
    closed = simulated.cut_off(open_)
    assert closed.senders == ()
    assert (closed.smtp_url, closed.imap_url, closed.heads_mail) == ("", "", ())
    assert (closed.oidc, closed.province) == (None, None)
    assert closed.twilio_auth_token not in ("", open_.twilio_auth_token)


def test_whoever_comes_to_a_simulated_city_is_told_so_and_no_door_leads_there_from_outside(
    sqlite_engine: Engine, city: City, tmp_path: Path
) -> None:
    """A matter that somebody means is not left where nobody works: each page says what it is, to people and to machines."""
    real = replace(
        installation_on(sqlite_engine, city, tmp_path).settings,
        twilio_auth_token="t" * 40,
        oidc=OidcSetting("https://sso.example.gov.cn", "hotline", "s" * 40),
        secret_key="k" * 40,
        testing=True,
    )
    said = {}
    for simulated_city in (False, True):
        if simulated_city:
            with make_sessions(sqlite_engine)() as db:
                simulated.mark(db, tmp_path, datetime(2026, 3, 4, tzinfo=UTC), until=datetime(2026, 3, 4, tzinfo=UTC))
                db.commit()
        app = create_app(real)
        signed = sign_twilio("t" * 40, f"{real.public_url}/webhooks/twilio/sms", {"From": "+8613800001234"})
        client = app.test_client()
        pages = [client.get(path) for path in ("/c", "/c/new", "/c/times", "/login")]
        said[simulated_city] = (
            client.post(
                "/webhooks/twilio/sms", data={"From": "+8613800001234"}, headers={"X-Twilio-Signature": signed}
            ).status_code,
            ["模拟" in page.text for page in pages],
            ["X-Hotline-Simulated" in page.headers for page in pages],
            client.get("/account/oidc/begin").status_code,
        )
    assert said[False][0] != 403 and said[False][1:3] == ([False] * 4, [False] * 4)
    assert said[True] == (403, [True] * 4, [True] * 4, 404)


def test_the_same_seed_is_the_same_plan_and_another_is_another(anyang: City) -> None:
    first, again, other = (list(plan_of(anyang, seed).weeks()) for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_a_year_has_as_many_contacts_as_was_asked_for(anyang: City) -> None:
    plan = plan_of(anyang, 4)
    told = sum(len(living.phones) for _monday, livings in plan.weeks() for living in livings)
    weeks = (plan.until - plan.since).days / 7
    assert told == pytest.approx(330_000 / rates.WEEKS_A_YEAR * weeks, rel=0.15)


def test_heating_comes_in_winter_and_water_in_summer() -> None:
    winter, summer = datetime(2026, 1, 5).date(), datetime(2026, 7, 6).date()
    assert rates.season("暖气不热", winter) > 10 * rates.season("暖气不热", summer)
    assert rates.season("小区停水", summer) > 2 * rates.season("小区停水", winter)


def test_days_and_nights_weekends_and_holidays_are_as_busy_as_they_should_be(anyang: City) -> None:
    begun = [living.begins.astimezone() for _monday, some in plan_of(anyang, 6).weeks() for living in some]
    local = [(at.astimezone(UTC).timestamp() // 3600 + 8) % 24 for at in begun]
    assert sum(8 <= hour < 18 for hour in local) > 3 * sum(hour < 6 for hour in local)
    spring = sum(1 for at in begun if datetime(2026, 2, 17, tzinfo=UTC) <= at < datetime(2026, 2, 22, tzinfo=UTC))
    before = sum(1 for at in begun if datetime(2026, 1, 13, tzinfo=UTC) <= at < datetime(2026, 1, 18, tzinfo=UTC))
    assert spring < 0.85 * before


def test_a_storm_is_one_matter_on_one_day(anyang: City) -> None:
    since, until = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 12, 28, tzinfo=UTC)
    plan = Plan(anyang, 1, book_of(anyang, 1, 20), 33_000, since, until)
    storms = [one for _monday, some in plan.weeks() for one in some if one.family.storm]
    days = {(one.family.number, one.begins.date()) for one in storms}
    assert len(days) == rates.STORMS_A_YEAR
    assert len(storms) >= 0.9 * rates.STORMS_A_YEAR * rates.STORM / 10


def test_the_command_loads_and_makes_a_city_says_how_fast_and_checks_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOTLINE_VAR", str(tmp_path))
    run = CliRunner()
    assert run.invoke(cli, ["migrate"]).exit_code == 0
    words = ["simulate", "--contacts", "600", "--days", "15", "--matters", "8", "--until", "2026-06-01"]
    made = run.invoke(cli, words)
    assert made.exit_code == 0, made.output
    assert "每秒" in made.output and "0 条不成立" in made.output
    again = run.invoke(cli, words)
    assert again.exit_code == 0 and "只作检查" in again.output


@pytest.mark.postgres
def test_two_processes_make_one_city_that_breaks_nothing(postgres_engine: Engine, city: City, tmp_path: Path) -> None:
    installation = installation_on(postgres_engine, city, tmp_path)
    told = make(installation, SMALL, 2)
    assert told.made.stopped == []
    assert check(installation) == []
    with installation.readings() as db:
        numbers = list(db.scalars(select(Ticket.id).order_by(Ticket.created_at, Ticket.id)))
    assert numbers == list(range(1, told.made.contacts + 1))


def test_calls_are_answered_and_belong_to_their_tickets(sqlite_engine: Engine, city: City, tmp_path: Path) -> None:
    installation = installation_on(sqlite_engine, city, tmp_path)
    make(installation, SMALL, 1)
    with installation.readings() as db:
        calls = db.scalar(select(func.count()).where(Call.answered_at.is_not(None), Call.agent_id.is_not(None)))
        tickets = db.scalar(select(func.count()).where(Ticket.channel == "hotline"))
    assert calls == tickets > 0
