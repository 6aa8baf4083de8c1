"""Hiring, changing and leaving: written down, and nobody locks the last one out."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from hotline.web.admin.words import browser_words
from models import Audit, LoginSession, Staff
from tests.support.life import Life
from tests.support.make import make_staff
from tests.web.admin.deeds import Browse, deeds


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


def test_whoever_is_moved_to_another_unit_leaves_their_tickets_there(
    admin: FlaskClient, life: Life, browse: Browse
) -> None:
    ticket = life.to("handling")
    life.do(ticket, "he", "take_on")
    life.db.commit()
    he, client = life.staff["he"].id, browse(life.staff["he"])
    form = {"name": "he", "unit_code": "education", "language": "zh", "roles": ["handler"], "active": "1"}
    saved = admin.post(f"/admin/staff/{he}", data=form, follow_redirects=True)
    assert "1 张工单已回到原单位" in saved.text
    life.db.expire_all()
    assert ticket.handler_id is None
    assert client.get(f"/tickets/{ticket.number}").status_code == 404
