"""Single sign-on: to a certified provider and back, as what its groups say; and nothing of what no honest provider would say."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from hotline.app import create_app
from hotline.clock import StoppedClock
from hotline.errors import Misconfigured
from hotline.installation import Installation
from hotline.settings import Settings, read_settings
from models import LoginSession, Message, SignInIdentity, Staff, StaffChange
from tests.support.doubles.identity import HOTLINE, Certified, Liar, certified, settle
from tests.support.life import Life
from tests.support.make import PASSWORD, make_staff
from tests.web.account.sign_on import deeds, roles_of, sessions_of


@pytest.fixture(scope="module")
def provider() -> Iterator[Certified]:
    with certified(HOTLINE) as running:
        yield running


@pytest.fixture
def app(application: Callable[..., Flask], provider: Certified, clock: StoppedClock) -> Flask:
    """A hotline beside the certified provider, at the provider's time."""
    clock.at = datetime.now(UTC)
    return application(provider.issuer)


def go(client: FlaskClient, provider: Certified, target: str = "/") -> TestResponse:
    """To the provider and back, as far as the hotline's answer."""
    there = client.get(f"/account/oidc/begin?next={target}")
    assert there.status_code == 302
    return client.get(provider.visit(there.location))


def test_an_agent_signs_in_through_the_provider_and_lands_where_they_wanted(
    app: Flask, provider: Certified, life: Life
) -> None:
    provider.say("p-an", preferred_username="AN", groups=["agents", "something else"])
    client = app.test_client()
    assert "统一身份认证" in client.get("/login").text
    answer = go(client, provider, "/desk%3Fcall=1")
    assert (answer.status_code, answer.location) == (302, "/desk?call=1")
    assert client.get("/desk").status_code == 200
    assert deeds(life) == [("sign_on_linked", "an"), ("login", None)]
    assert life.db.scalars(select(LoginSession.way)).all() == ["oidc"]


def test_after_signing_in_nobody_is_sent_to_another_site(app: Flask, provider: Certified) -> None:
    provider.say("p-an", preferred_username="an", groups=["agents"])
    for target in (
        "https://evil.example/",
        "//evil.example",
        "/%5Cevil.example",
        "javascript:alert(1)",
        "%2F%09%2Fevil",
    ):
        where = urlsplit(go(app.test_client(), provider, target).location)
        assert not where.netloc and not where.scheme and where.path.startswith("/"), target


def test_whoever_is_powerful_still_shows_the_second_factor_unless_the_provider_says_it_was_shown(
    app: Flask, provider: Certified, life: Life
) -> None:
    for amr, lands in ((["pwd"], "/account/second"), (None, "/account/second"), (["pwd", "otp"], "/dispatch/")):
        provider.say("p-du", preferred_username="du", groups=["dispatch"], amr=amr)
        client = app.test_client()
        assert go(client, provider, "/dispatch/").location.startswith(lands)
        assert (client.get("/dispatch/").status_code == 200) is (lands == "/dispatch/")


def test_a_stranger_is_refused_with_a_sentence_and_nobody_is_made(app: Flask, provider: Certified, life: Life) -> None:
    provider.say("p-xin", preferred_username="xin", groups=["agents"])
    client = app.test_client()
    answer = go(client, provider)
    assert answer.status_code == 403 and "xin" in answer.text and client.get("/desk").status_code == 302
    assert deeds(life) == [("login_oidc_failed", "sign_on_unknown")]
    assert roles_of(life, "xin") is None


def test_a_stranger_is_made_where_the_city_wants_it_so_and_power_waits_for_a_second_person(
    application: Callable[..., Flask], provider: Certified, life: Life, clock: StoppedClock
) -> None:
    clock.at = datetime.now(UTC)
    app = application(provider.issuer, makes=True)
    provider.say("p-xin", preferred_username="xin", name="辛", groups=["rubbish"])
    assert go(app.test_client(), provider).status_code == 302
    settle(life)
    made = life.db.scalars(select(Staff).where(Staff.login == "xin")).one()
    assert (made.name, made.roles, made.unit_code, made.must_change) == ("辛", ["handler"], "chengguan", False)
    settle(life)
    provider.say("p-boss", preferred_username="boss", groups=["admins"], amr=["otp"])
    for _again in range(2):
        assert go(app.test_client(), provider).status_code == 403
    settle(life)
    asked = life.db.scalars(select(StaffChange)).all()
    settle(life)
    assert [(one.kind, one.data, one.state) for one in asked] == [("roles", {"roles": ["administrator"]}, "asked")]
    wish = asked[0].id
    head = sessions_of(app, life.staff["tou"])
    assert head.post(f"/admin/staff/changes/{wish}", data={"answer": "agree"}).status_code == 303
    assert go(app.test_client(), provider, "/admin/").location == "/admin/"


def test_a_leaver_loses_the_roles_and_every_session_at_the_next_sign_in(
    app: Flask, provider: Certified, life: Life
) -> None:
    provider.say("p-an", preferred_username="an", groups=["agents"])
    before = app.test_client()
    go(before, provider)
    for groups in (["somebody elses"], [], None):
        provider.say("p-an", preferred_username="an", groups=groups)
        answer = go(app.test_client(), provider)
        assert answer.status_code == 403
        assert roles_of(life, "an") == []
        assert before.get("/desk").status_code == 302
    assert ("login_oidc_failed", "sign_on_no_roles") in deeds(life)
    provider.say("p-an", preferred_username="an", groups=["agents"])
    assert go(app.test_client(), provider).status_code == 302 and roles_of(life, "an") == ["agent"]


def test_who_was_put_out_of_work_here_does_not_come_in_by_the_provider(
    app: Flask, provider: Certified, life: Life
) -> None:
    life.db.get_one(Staff, life.staff["an"].id).active = False
    life.db.commit()
    provider.say("p-an", preferred_username="an", groups=["agents"])
    assert go(app.test_client(), provider).status_code == 403
    assert deeds(life) == [("login_oidc_failed", "sign_on_ended")]


def test_one_account_is_one_person_whoever_gets_the_login_later(app: Flask, provider: Certified, life: Life) -> None:
    provider.say("p-an", preferred_username="an", groups=["agents"])
    go(app.test_client(), provider)
    for sub, login in (("p-other", "an"), ("p-an", "hui")):
        provider.say(sub, preferred_username=login, groups=["agents"])
        assert go(app.test_client(), provider).status_code == 403, (sub, login)
    assert deeds(life)[-2:] == [("login_oidc_failed", "sign_on_another")] * 2
    boss = make_staff(life.db, "guan", "管", "administrator")
    life.db.get_one(Staff, boss.id).second_at = datetime.now(UTC)
    life.db.commit()
    settle(life)
    with_both = sessions_of(app, boss)
    assert with_both.post(f"/admin/staff/{life.staff['an'].id}/unlink").status_code == 303
    settle(life)
    assert life.db.scalars(select(SignInIdentity)).all() == []
    told = life.db.scalars(select(Message.template_key).where(Message.template_key.like("sign_on%"))).all()
    assert sorted(told) == ["sign_on_unlinked", "sign_on_unlinked_of", "sign_on_unlinked_of"]
    settle(life)
    provider.say("p-other", preferred_username="an", groups=["agents"])
    assert go(app.test_client(), provider).status_code == 302


def test_groups_that_do_not_go_together_or_name_no_role_open_nothing(
    app: Flask, provider: Certified, life: Life
) -> None:
    for groups in (["agents", "admins"], ["misspelt"]):
        provider.say("p-an", preferred_username="an", groups=groups)
        assert go(app.test_client(), provider).status_code == 403
    assert [subject for action, subject in deeds(life) if action == "login_oidc_failed"] == [
        "sign_on_roles_conflict"
    ] * 2
    assert roles_of(life, "an") == ["agent"]


def test_an_answer_that_this_browser_did_not_ask_for_opens_nothing(app: Flask, provider: Certified, life: Life) -> None:
    """A forged state, another browser's answer, an answer to an older question, one used twice, and no state at all."""
    provider.say("p-an", preferred_username="an", groups=["agents"])
    mine, other = app.test_client(), app.test_client()
    back = provider.visit(mine.get("/account/oidc/begin").location)
    assert other.get(back).status_code == 403
    other.get("/account/oidc/begin")
    assert other.get(back).status_code == 403
    forged = back.replace("state=", "state=x")
    assert mine.get(forged).status_code == 403
    mine.get("/account/oidc/begin")
    assert mine.get(back).status_code == 403
    back = provider.visit(mine.get("/account/oidc/begin").location)
    assert mine.get(back).status_code == 302
    assert mine.get(back).status_code == 403, "the browser forgot what it asked"
    assert app.test_client().get("/account/oidc/back?code=x&state=").status_code == 403


def test_a_code_is_worth_something_once_and_only_to_who_can_prove_the_question(
    app: Flask, provider: Certified, life: Life
) -> None:
    """The very cookie and answer again: the provider gives nothing for a used code, nor for one of another verifier."""
    provider.say("p-an", preferred_username="an", groups=["agents"])
    client, thief = app.test_client(), app.test_client()
    there = client.get("/account/oidc/begin").location
    kept = client.get_cookie("hotline_sign_on", path="/account/oidc")
    assert kept and parse_qs(urlsplit(there).query)["code_challenge_method"] == ["S256"]
    back = provider.visit(there)
    assert client.get(back).status_code == 302
    thief.set_cookie("hotline_sign_on", kept.value, path="/account/oidc")
    assert thief.get(back).status_code == 403 and thief.get("/desk").status_code == 302
    stolen = parse_qs(urlsplit(provider.visit(client.get("/account/oidc/begin").location)).query)["code"][0]
    own = parse_qs(urlsplit(provider.visit(thief.get("/account/oidc/begin").location)).query)
    assert thief.get(f"/account/oidc/back?code={stolen}&state={own['state'][0]}&iss={own['iss'][0]}").status_code == 403
    assert {subject for action, subject in deeds(life) if action == "login_oidc_failed"} == {"code"}


def test_the_question_is_forgotten_after_ten_minutes(
    app: Flask, provider: Certified, monkeypatch: pytest.MonkeyPatch
) -> None:
    from hotline.web.account import single_sign_on

    provider.say("p-an", preferred_username="an", groups=["agents"])
    client = app.test_client()
    back = provider.visit(client.get("/account/oidc/begin").location)
    monkeypatch.setattr(single_sign_on, "LASTS", -1)
    assert client.get(back).status_code == 403


def test_somebody_whom_the_provider_refuses_stays_outside(app: Flask, provider: Certified, life: Life) -> None:
    provider.say("")
    assert go(app.test_client(), provider).status_code == 403
    assert deeds(life) == [("login_oidc_failed", "denied")]


def test_signing_out_leads_to_the_providers_own_door(app: Flask, provider: Certified) -> None:
    provider.say("p-an", preferred_username="an", groups=["agents"])
    client = app.test_client()
    go(client, provider)
    assert client.post("/logout").location == "/account/oidc/left"
    page = client.get("/account/oidc/left").text
    assert f"{provider.issuer}/session/end?client_id=hotline" in page
    assert client.get("/desk").status_code == 302
    by_password = app.test_client()
    by_password.post("/login", data={"login": "an", "password": PASSWORD})
    assert by_password.post("/logout").location == "/login"


def test_while_the_provider_is_away_the_password_opens_and_a_sentence_says_so(
    application: Callable[..., Flask], forger: Liar, life: Life
) -> None:
    """Away, answering nonsense, speaking for somebody else, or going away between question and answer."""
    app = application(forger.issuer)
    for about, down in (
        ({}, True),
        ({"issuer": "https://evil.example"}, False),
        ({"jwks_uri": None, "issuer": None}, False),
    ):
        forger.about, forger.down = about, down
        app = application(forger.issuer)
        client = app.test_client()
        answer = client.get("/account/oidc/begin")
        assert answer.status_code == 503 and "账号和密码" in answer.text
        assert client.post("/login", data={"login": "an", "password": PASSWORD}).status_code == 302
        assert client.get("/desk").status_code == 200
    forger.about, forger.down = {}, False
    app = application(forger.issuer)
    client = app.test_client()
    there = client.get("/account/oidc/begin").location
    forger.down = True
    assert client.get(forger.back(there)).status_code == 503
    assert client.get("/account/oidc/left").status_code == 200


def test_without_settings_there_is_no_such_door_and_half_told_ones_do_not_start(
    settings: Settings, installation: Installation, life: Life, tmp_path: Any
) -> None:
    client = create_app(settings, installation).test_client()
    assert client.get("/account/oidc/begin").status_code == client.get("/account/oidc/back").status_code == 404
    assert "oidc" not in client.get("/login").text
    told = {"HOTLINE_VAR": str(tmp_path), "OIDC_ISSUER": "https://id.example", "OIDC_CLIENT_ID": "hotline"}
    with pytest.raises(Misconfigured, match="OIDC_CLIENT_SECRET"):
        read_settings(told)
    told["OIDC_CLIENT_SECRET"] = "geheim"
    assert read_settings(told).oidc
    for issuer in ("http://id.example", "https://id.example/?x", "ftp://id.example", "https://a@b.example"):
        with pytest.raises(Misconfigured, match="OIDC_ISSUER"):
            read_settings({**told, "OIDC_ISSUER": issuer})
