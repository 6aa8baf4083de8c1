"""Merged citizens follow one matter, each under their own number and with their own words."""

from __future__ import annotations

import io
import re

from flask import Flask
from flask.testing import FlaskClient

from models import Ticket
from tests.support.desks.citizen_pages import opened, text
from tests.support.life import Life
from tests.web.citizen.handing import PNG


def merged(life: Life) -> tuple[Ticket, Ticket]:
    master, other = life.ticket(phone="13800001111"), life.ticket(phone="13800002222", words="邮局前的灯不亮。")
    life.do(other, "du", "merge", master=master.number)
    for who, action in (("du", "dispatch"), ("he", "sign")):
        life.do(master, who, action)
    life.db.commit()
    return master, other


def test_a_merged_citizen_follows_the_master_under_their_own_number(anybody: FlaskClient, life: Life) -> None:
    master, other = merged(life)
    page = opened(anybody, other)
    assert other.number in page and master.number not in page
    assert "正在办理" in page and "邮局前的灯不亮" in page and "文峰大道" not in page


def test_merged_citizens_never_read_each_others_words(anybody: FlaskClient, life: Life, app: Flask) -> None:
    master, other = merged(life)
    second = app.test_client()
    opened(anybody, other)
    opened(second, master)
    anybody.post(f"/p/{other.number}/add", data={"text": "乙说的话", "files": [(io.BytesIO(PNG), "乙的照片.png")]})
    second.post(f"/p/{master.number}/add", data={"text": "甲说的话"})
    assert "乙说的话" in text(anybody, f"/p/{other.number}") and "甲说的话" not in text(anybody, f"/p/{other.number}")
    assert "甲说的话" in text(second, f"/p/{master.number}")
    assert "乙说的话" not in text(second, f"/p/{master.number}") and "乙的照片" not in text(
        second, f"/p/{master.number}"
    )
    link = re.search(r"/files/(\w+)", text(anybody, f"/p/{other.number}"))
    assert link and second.get(f"/p/{master.number}/files/{link[1]}").status_code == 404


def test_a_merged_citizen_withdraws_alone_and_the_matter_goes_on(anybody: FlaskClient, life: Life) -> None:
    master, other = merged(life)
    assert "其他市民反映的同一件事照常办理" in opened(anybody, other)
    assert anybody.post(f"/p/{other.number}/withdraw", data={"reason": "已经搬走"}).status_code == 303
    page = text(anybody, f"/p/{other.number}")
    assert "已按您的意愿撤回" in page and "/withdraw" not in page and "正在办理" not in page
    assert anybody.post(f"/p/{other.number}/urge").status_code == 400
    life.db.expire_all()
    assert (other.state, other.close_kind, master.state, master.urges) == ("closed", "withdrawn", "handling", 0)
