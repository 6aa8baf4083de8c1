"""Administration: the head reads, administrators act, everything is written down, and nobody locks the last one out."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from dataclasses import fields
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from hotline.city.policy import Policy
from hotline.installation import Installation
from hotline.messages.values import clock_name
from hotline.web.admin.city import ROOMS, room_of
from hotline.web.admin.words import AUDIT_ACTIONS, POLICY, browser_words
from models import ApiToken, Audit, Inbound, Job, LoginSession, Message, Staff
from routing.limits import CLOCKS
from tests.support.life import Life
from tests.support.make import make_staff

Browse = Callable[[Any], FlaskClient]
PAGES = (
    "/admin/",
    "/admin/staff",
    "/admin/roles",
    "/admin/sessions",
    "/admin/units",
    "/admin/units?tab=categories",
    "/admin/calendar",
    "/admin/calendar?year=2027",
    "/admin/limits",
    "/admin/texts",
    "/admin/jobs",
    "/admin/jobs?tab=late",
    "/admin/jobs?tab=kept",
    "/admin/messages",
    "/admin/messages?tab=sent",
    "/admin/inbound",
    "/admin/tokens",
    "/admin/audit",
)


@pytest.fixture
def boss(life: Life) -> Staff:
    made = make_staff(life.db, "guan", "管", "administrator", unit="hotline")
    life.db.commit()
    return made


@pytest.fixture
def admin(boss: Staff, browse: Browse) -> FlaskClient:
    return browse(boss)


@pytest.fixture
def auditor(life: Life, browse: Browse) -> FlaskClient:
    made = make_staff(life.db, "shen", "沈", "auditor")
    life.db.commit()
    return browse(made)


def deeds(life: Life) -> list[str]:
    life.db.rollback()
    return list(life.db.scalars(select(Audit.action).order_by(Audit.id)))


@pytest.mark.parametrize("path", PAGES)
def test_administrators_and_the_head_read_every_page_and_others_none(
    admin: FlaskClient, life: Life, browse: Browse, path: str
) -> None:
    assert admin.get(path).status_code == (403 if path == "/admin/audit" else 200)
    assert browse(life.staff["tou"]).get(path).status_code == 200
    assert browse(life.staff["du"]).get(path).status_code == 403


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_english_for_an_english_reader(admin: FlaskClient, path: str) -> None:
    admin.set_cookie("hotline_language", "en")
    page = re.sub(r"<(script|style).*?</\1>", "", admin.get(path).text, flags=re.S)
    heading = re.search(r"<h1>.*?</h1>", page, flags=re.S)
    assert heading and not re.search(r"[\u3400-\u9fff]", heading[0])


def test_the_head_changes_nothing(life: Life, browse: Browse, boss: Staff) -> None:
    head, one = browse(life.staff["tou"]), life.staff["an"].id
    for path in (
        f"/admin/staff/{one}",
        f"/admin/staff/{one}/password",
        f"/admin/staff/{one}/sessions",
        "/admin/staff/new",
        "/admin/tokens",
        "/admin/jobs/retry",
        "/admin/jobs/1/retry",
        "/admin/messages/1/resend",
        "/admin/tokens/1/revoke",
    ):
        assert head.post(path, data={}).status_code == 403, path


def test_a_new_person_gets_a_password_once_and_must_change_it(admin: FlaskClient, life: Life, app: Flask) -> None:
    form = {"login": "Wang.Li", "name": "王丽", "roles": ["agent"], "unit_code": "hotline", "language": "zh"}
    answer = admin.post("/admin/staff/new", data=form)
    assert answer.status_code == 200
    password = re.search(r"[a-z2-9]{4}(?:-[a-z2-9]{4}){3}", answer.text)
    assert life.db.scalars(select(Staff.must_change).where(Staff.login == "wang.li")).one()
    life.db.rollback()
    assert password
    client = app.test_client()
    assert client.post("/login", data={"login": "wang.li", "password": password[0]}).status_code == 302
    assert client.get("/desk/").headers["Location"].endswith("/account")
    assert deeds(life)[0] == "staff_added"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"login": "an"}, "已有人使用"),
        ({"login": "王"}, "登录名用小写字母"),
        ({"name": ""}, "请填写姓名"),
        ({"roles": []}, "至少选择一个角色"),
        ({"roles": ["handler"], "unit_code": ""}, "必须有单位"),
        ({"unit_code": "mars"}, "没有单位“mars”"),
        ({"roles": ["emperor"]}, "没有这些角色：emperor"),
        ({"name": "长" * 65}, "最多 64 个字"),
    ],
)
def test_a_wrong_form_comes_back_with_a_sentence_and_everything_typed(
    admin: FlaskClient, typed: dict[str, Any], sentence: str
) -> None:
    form = {
        "login": "new",
        "name": "新来的",
        "roles": ["agent"],
        "unit_code": "hotline",
        "language": "zh",
        "extension": "8021",
        **typed,
    }
    answer = admin.post("/admin/staff/new", data=form)
    assert answer.status_code == 400
    assert sentence in answer.text
    assert 'value="8021"' in answer.text


def test_the_last_administrator_can_neither_be_deactivated_nor_lose_the_hat(
    admin: FlaskClient, boss: Staff, life: Life
) -> None:
    form = {"name": "管", "unit_code": "hotline", "language": "zh", "roles": ["agent"], "active": "1"}
    refused = admin.post(f"/admin/staff/{boss.id}", data=form)
    assert refused.status_code == 400
    assert "最后一位" in refused.text
    make_staff(life.db, "guan2", "管二", "administrator", active=False)
    life.db.commit()
    assert admin.post(f"/admin/staff/{boss.id}", data=form).status_code == 400, "a deactivated administrator is none"
    other = make_staff(life.db, "guan3", "管三", "administrator")
    life.db.commit()
    assert admin.post(f"/admin/staff/{other.id}", data={**form, "name": "管三"}).status_code == 303
    assert admin.post(f"/admin/staff/{boss.id}", data=form).status_code == 400


def test_a_change_of_roles_works_at_once_and_is_written_down_with_before_and_after(
    admin: FlaskClient, life: Life, browse: Browse
) -> None:
    du = life.staff["du"]
    client = browse(du)
    assert client.get("/dispatch/").status_code == 200
    admin.post(
        f"/admin/staff/{du.id}",
        data={"name": "du", "unit_code": "hotline", "language": "zh", "roles": ["agent"], "active": "1"},
    )
    assert client.get("/dispatch/").status_code == 302, "the old session has ended"
    life.db.rollback()
    written = life.db.scalars(select(Audit).where(Audit.action == "staff_changed")).one()
    assert written.detail["roles"] == [["dispatcher"], ["agent"]]


def test_a_reset_password_ends_the_sessions_and_the_old_password(
    admin: FlaskClient, life: Life, browse: Browse, app: Flask
) -> None:
    an = life.staff["an"]
    life.db.get_one(Staff, an.id).phone = "13900002222"
    life.db.commit()
    client = browse(an)
    assert admin.post(f"/admin/staff/{an.id}/password").status_code == 303
    assert client.get("/desk/").status_code == 302
    assert app.test_client().post("/login", data={"login": "an", "password": "anyang-12345"}).status_code == 401
    assert "password_reset" in deeds(life)


def test_one_session_or_all_of_a_person_can_be_ended(admin: FlaskClient, life: Life, browse: Browse) -> None:
    first, second, du = browse(life.staff["an"]), browse(life.staff["du"]), life.staff["du"].id
    held = life.db.scalars(select(LoginSession.id).where(LoginSession.staff_id == life.staff["an"].id)).one()
    life.db.rollback()
    assert admin.post(f"/admin/sessions/{held}/end").status_code == 303
    assert first.get("/desk/").status_code == 302
    admin.post(f"/admin/staff/{du}/sessions")
    assert second.get("/dispatch/").status_code == 302
    assert deeds(life)[-2:] == ["session_ended", "sessions_ended"]


def late_job(life: Life, key: str, **more: Any) -> Job:
    made = Job(
        name="tell",
        key=key,
        enqueued_at=life.now - timedelta(hours=2),
        run_at=life.now - timedelta(hours=1),
        attempts=8,
        **more,
    )
    life.db.add(made)
    life.db.commit()
    return made


def test_jobs_late_and_given_up_are_shown_and_retried_one_or_all(admin: FlaskClient, life: Life) -> None:
    broken = late_job(life, "a", failed_at=life.now, error="Traceback …\nValueError: 13812345678 没有回应")
    also = late_job(life, "b", failed_at=life.now, error="没有这张工单")
    late_job(life, "c")
    shown = admin.get("/admin/jobs?tab=failed").text
    assert "13812345678" not in shown, "an error may quote a citizen"
    assert "没有这张工单" in shown
    assert "1 小时" in admin.get("/admin/").text
    assert admin.post(f"/admin/jobs/{broken.id}/retry").status_code == 303
    assert admin.post("/admin/jobs/retry", data={"tab": "failed", "name": "tell"}).status_code == 303
    life.db.expire_all()
    assert [(job.failed_at, job.attempts) for job in (broken, also)] == [(None, 0), (None, 0)]
    assert deeds(life)[-2:] == ["job_retried", "jobs_retried"]
    broken.done_at = life.now
    life.db.commit()
    assert admin.post(f"/admin/jobs/{broken.id}/retry").status_code == 409


def test_a_failed_text_is_sent_again_once(admin: FlaskClient, life: Life) -> None:
    text = Message(
        direction="out",
        channel="sms",
        phone="13812345678",
        template_key="survey",
        text="请评价 13812345678",
        state="failed",
        error="30003",
        created_at=life.now,
    )
    life.db.add(text)
    life.db.commit()
    assert "13812345678" not in admin.get("/admin/messages").text
    assert admin.post(f"/admin/messages/{text.id}/resend").status_code == 303
    assert admin.post(f"/admin/messages/{text.id}/resend").status_code == 409
    life.db.expire_all()
    assert text.state == "queued"
    assert life.db.scalars(select(Job.args).where(Job.name == "send")).all() == [{"message_id": text.id}]


def test_what_was_refused_from_outside_is_kept_raw_and_shown_masked(admin: FlaskClient, life: Life) -> None:
    raw = Inbound(
        provider="110",
        kind="post",
        received_at=life.now,
        body='{"phone": "13812345678", "x": "<script>"}',
        state="refused",
        error="没有类别",
    )
    life.db.add(raw)
    life.db.commit()
    assert "没有类别" in admin.get("/admin/inbound").text
    one = admin.get(f"/admin/inbound/{raw.id}").text
    assert "13812345678" not in one
    assert '<script>"' not in one


def test_a_token_is_shown_once_works_and_stops_when_revoked(admin: FlaskClient, life: Life, app: Flask) -> None:
    issued = admin.post("/admin/tokens", data={"name": "省平台", "source": "province", "scopes": ["tickets.create"]})
    secret = re.search(r"hl_[\w-]{30,}", issued.text)
    assert secret
    assert secret[0] not in admin.get("/admin/tokens").text
    machine = app.test_client()
    call = {"headers": {"Authorization": f"Bearer {secret[0]}"}, "json": {"body": ""}}
    assert machine.post("/api/v1/tickets", **call).status_code != 401
    token = life.db.scalars(select(ApiToken.id)).one()
    life.db.rollback()
    assert admin.post(f"/admin/tokens/{token}/revoke").status_code == 303
    assert machine.post("/api/v1/tickets", **call).status_code == 401
    assert admin.post("/admin/tokens", data={"name": "", "scopes": ["everything"]}).status_code == 400
    assert {"token_issued", "token_revoked"} <= set(deeds(life))


def test_a_token_is_narrowed_ended_and_changed_on_the_page(admin: FlaskClient, life: Life) -> None:
    given = {
        "name": "城管系统",
        "source": "oa",
        "scopes": ["tickets.read", "tickets.act.sign"],
        "units": "chengguan",
        "addresses": "10.1.0.0/16， 192.0.2.7",
        "expires": "2026-12-31",
    }
    assert re.search(r"hl_[\w-]{30,}", admin.post("/admin/tokens", data=given).text)
    token = life.db.scalars(select(ApiToken)).one()
    assert (token.units, token.addresses, token.towns) == (
        ["chengguan"],
        ["10.1.0.0/16", "192.0.2.7"],
        [],
    ) and token.expires_at
    number = token.id
    life.db.rollback()
    page = admin.get("/admin/tokens").text
    assert "市城市管理局" in page and "10.1.0.0/16" in page
    assert re.search(r"hl_[\w-]{30,}", admin.post(f"/admin/tokens/{number}/rotate").text)
    for field, value in (
        ("units", "no-such"),
        ("towns", "no-such"),
        ("addresses", "here"),
        ("expires", "2020-01-01"),
        ("expires", "someday"),
    ):
        assert admin.post("/admin/tokens", data={**given, field: value}).status_code == 400, field
    assert {"token_issued", "token_rotated"} <= set(deeds(life))


def test_the_chain_is_verified_by_a_button_and_a_changed_row_is_told(
    auditor: FlaskClient, life: Life, installation: Installation
) -> None:
    from hotline.tickets.privacy import audit
    from hotline.tickets.seals import chain

    audit.record(life.db, "login", life.people["an"], life.now - timedelta(hours=1))
    chain.seal(life.db, life.now)
    life.db.commit()
    assert "封条链完整" in auditor.post("/admin/audit/verify").text
    connection = life.db.connection()
    connection.exec_driver_sql("DROP TRIGGER audit_no_update")
    connection.exec_driver_sql("UPDATE audit SET actor_name = '别人' WHERE action = 'login'")
    life.db.commit()
    assert "被改动过" in auditor.post("/admin/audit/verify").text


def test_the_audit_is_searched_by_deed_person_and_day(auditor: FlaskClient, life: Life) -> None:
    from hotline.tickets.privacy import audit

    audit.record(life.db, "reveal", life.people["an"], life.now, subject="phone", reason="核对门牌")
    audit.record(life.db, "login", life.people["du"], life.now - timedelta(days=9))
    life.db.commit()
    table = "/admin/audit?"
    assert "核对门牌" in auditor.get(table + "action=reveal").text
    assert "核对门牌" not in auditor.get(table + "action=login").text
    assert "核对门牌" in auditor.get(table + "who=an&from=2026-03-04&to=2026-03-04").text
    assert "核对门牌" not in auditor.get(table + "to=2026-03-01").text
    assert auditor.get(table + "from=rubbish&after=~~&ticket='%22").status_code == 200


def test_staff_are_found_filtered_and_paged(admin: FlaskClient, life: Life) -> None:
    for n in range(60):
        make_staff(life.db, f"clerk{n:02d}", f"职员{n:02d}", "agent")
    life.db.commit()
    first = admin.get("/admin/staff?who=clerk&sort=-login").text
    assert "clerk59" in first
    assert "clerk05" not in first
    onward = re.search(r'rel="next" data-key="\]" href="([^"]+)"', first)
    assert onward
    second = admin.get(onward[1].replace("&amp;", "&")).text
    assert "clerk05" in second
    assert "clerk59" not in second
    assert "没有符合条件的人员" in admin.get("/admin/staff?who=%25").text


def test_a_year_without_its_notice_is_said_and_counted_by_weekdays(admin: FlaskClient) -> None:
    assert "2027 年的放假通知还没有录入" in admin.get("/admin/calendar?year=2027").text
    known = admin.get("/admin/calendar?year=2026").text
    assert "还没有录入" not in known
    assert "调休上班" in known


def test_every_number_of_the_city_and_every_deed_has_words() -> None:
    assert set(POLICY) == {one.name for one in fields(Policy)}
    deeds = re.compile(r'(?:(?<![\w.])record\(|record\(\s*(?:here\.)?db, )\s*"(\w+)"')
    written = {deed for file in Path("hotline").rglob("*.py") for deed in deeds.findall(file.read_text("utf-8"))}
    assert len(written) > 15
    assert written <= set(AUDIT_ACTIONS)


def test_every_address_stands_under_its_desk_and_only_machines_under_none(app: Flask) -> None:
    rooms = {one.name for one in Path("hotline/web").iterdir() if (one / "__init__.py").exists()}
    assert rooms - {"core", "ops"} == set(ROOMS)
    with app.app_context():
        alone = {rule.rule for rule in app.url_map.iter_rules() if room_of(rule.endpoint) not in ROOMS}
    assert all(
        one.startswith(("/api/", "/open311/", "/.well-known/", "/webhooks/", "/static/", "/healthz", "/metrics"))
        or one == "/"
        for one in alone
    ), alone


def test_every_clock_of_the_city_has_its_line(admin: FlaskClient) -> None:
    page = admin.get("/admin/limits").text
    assert [clock for clock in CLOCKS if clock_name(clock) not in page] == []


def test_limits_and_numbers_are_said_in_words(admin: FlaskClient) -> None:
    page = admin.get("/admin/limits").text
    assert "10 个工作日" in page and "30 分钟" in page and "09:00–20:30" in page
    assert not re.search(r"\b\d+(wd|wh|h|min)\b", page)


def test_an_english_reader_counts_days_and_months_as_the_english_do(admin: FlaskClient) -> None:
    admin.set_cookie("hotline_language", "en")
    limits = admin.get("/admin/limits").text
    assert (
        "1 working day<" in limits.replace(" <", "<") and "1 working days" not in limits and "3 working days" in limits
    )
    assert "<caption>January</caption>" in admin.get("/admin/calendar?year=2026").text


def test_the_front_page_names_the_version_of_the_hotline_itself(admin: FlaskClient) -> None:
    own = tomllib.loads((Path(__file__).parents[3] / "pyproject.toml").read_text())["project"]["version"]
    assert f">{own}<" in admin.get("/admin/").text


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0",
            "Edge 140 · Windows",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1 (KHTML, like Gecko) Version/18.0 Mobile Safari/604.1",
            "Safari 18 · iPhone",
        ),
        ("curl/8.1", "curl/8.1"),
        ("", "—"),
    ],
)
def test_a_session_says_which_browser_it_is(said: str, words: str) -> None:
    assert browser_words(said) == words
