"""Administration: the head reads, administrators act, everything is written down, and nobody locks the last one out."""

from __future__ import annotations

import ast
import re
import tomllib
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
from hotline.web.admin.words import AUDIT_ACTIONS, AUDIT_DETAILS, POLICY
from models import Audit, Inbound, Job, Message, Staff
from routing.limits import CLOCKS
from tests.support.life import Life
from tests.web.admin.deeds import Browse, deeds

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


def test_what_the_book_keeps_beside_a_deed_is_told_in_words(life: Life, auditor: FlaskClient) -> None:
    detail = {"why": None, "article": 7, "moved": True}
    life.db.add(Audit(at=life.now, action="login", actor_kind="staff", actor_name="安", detail=detail))
    life.db.commit()
    page = auditor.get("/admin/audit").text
    assert "条目编号：7" in page and "改动项：是" in page
    assert "None" not in page and "article:" not in page and "why" not in page


def test_every_word_that_is_kept_beside_a_deed_has_words() -> None:
    calls = (
        call
        for file in Path("hotline").rglob("*.py")
        for call in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(call, ast.Call) and ast.unparse(call.func) in ("record", "audit.record")
    )
    kept = {one.arg for call in calls for one in call.keywords if one.arg} - {"ticket_id", "subject"}
    assert len(kept) > 40 and kept <= set(AUDIT_DETAILS)


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


def test_texts_about_a_sealed_matter_stand_on_no_page_of_the_administrator(
    admin: FlaskClient, life: Life, browse: Browse
) -> None:
    """Seven digits of an informant's telephone stood there beside the number, the unit and what was asked back."""
    sealed = life.ticket(privacy="sealed")
    for state in ("sent", "failed", "queued"):
        said = {
            "direction": "out",
            "channel": "sms",
            "phone": "13812347711",
            "template_key": "ask_more",
            "state": state,
        }
        words = f"安阳12345：为办理您的诉求{sealed.number}，请补充：队长收钱的日期"
        life.db.add(Message(ticket_id=sealed.id, text=words, error="to 13812347711", created_at=life.now, **said))
    life.db.commit()
    for tab in ("failed", "stuck", "queued", "sent"):
        page = admin.get(f"/admin/messages?tab={tab}").text
        assert sealed.number not in page and "队长" not in page and "7711" not in page, tab
    assert "（保密工单的短信，不显示内容）" in admin.get("/admin/messages?tab=failed").text, (
        "somebody must send it again"
    )
    assert sealed.number in browse(life.staff["tou"]).get("/admin/messages?tab=sent").text
