"""The files of a form that was refused wait for its next try."""

from __future__ import annotations

import io
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from hotline.installation import Installation
from hotline.jobs.tidying import tidy
from hotline.settings import Settings
from models import Attachment, Ticket
from tests.support.desks.citizen_pages import opened
from tests.support.life import Life
from tests.web.citizen.handing import FORM, PNG, handed_in


def photo(name: str = "路灯.png", content: bytes = PNG) -> tuple[io.BytesIO, str]:
    return io.BytesIO(content), name


def names_of(life: Life, ticket: Ticket | None) -> list[str]:
    life.db.rollback()
    of_it = select(Attachment.name).where(Attachment.ticket_id == (ticket.id if ticket else None))
    found = list(life.db.scalars(of_it.order_by(Attachment.id)))
    life.db.rollback()  # a session that has read holds SQLite's lock, and the next page would wait for it
    return found


@pytest.mark.parametrize("wrong", [{"consent": ""}, {"body": ""}, {"body": "长" * 50_001}])
def test_a_refused_form_keeps_the_photo_for_the_next_try(
    anybody: FlaskClient, life: Life, wrong: dict[str, str]
) -> None:
    """Found at the desks: W7."""
    refused = anybody.post("/c/new", data={**FORM, **wrong, "files": photo()})
    assert refused.status_code == 400 and "已上传：文件1.png" in refused.text
    (kept,) = re.findall(r'name="kept" value="([0-9a-f]+)"', refused.text)
    ticket = handed_in(anybody, life, kept=kept)
    assert names_of(life, ticket) == ["文件1.png"] and names_of(life, None) == []
    assert "文件1.png" in opened(anybody, ticket)


@pytest.mark.parametrize(
    "name", ["赵六九的身份证411123199001011234.png", "../../13812340002 钱七八.PNG", "逄\u202egnp.啸天.png"]
)
def test_what_waits_is_not_called_as_its_sender_called_it(
    anybody: FlaskClient, life: Life, settings: Settings, name: str
) -> None:
    """It belongs to no ticket yet, with which a person's words are forgotten."""
    anybody.post("/c/new", data={**FORM, "consent": "", "files": photo(name)})
    assert names_of(life, None) == ["文件1.png"]
    assert all(one.read_bytes().find("赵六九".encode()) < 0 for one in settings.attachments.iterdir())


def test_a_bad_file_is_named_and_the_good_one_waits(anybody: FlaskClient, life: Life) -> None:
    data = {**FORM, "files": [photo(), photo("页面.html", b"<html>")]}
    refused = anybody.post("/c/new", data=data)
    assert refused.status_code == 400 and "页面.html" in refused.text and "已上传：文件1.png" in refused.text
    again = anybody.post("/c/new", data={**FORM, "consent": "", "files": photo("二.png")})
    kept = re.findall(r'name="kept" value="([0-9a-f]+)"', again.text)
    assert len(kept) == 2
    ticket = handed_in(anybody, life, kept=kept[1])
    assert names_of(life, ticket) == ["文件2.png"] and names_of(life, None) == ["文件1.png"]


def test_nobody_claims_the_files_of_anothers_form(app: Flask, anybody: FlaskClient, life: Life) -> None:
    refused = anybody.post("/c/new", data={**FORM, "consent": "", "files": photo()})
    (kept,) = re.findall(r'name="kept" value="([0-9a-f]+)"', refused.text)
    stranger = handed_in(app.test_client(), life, kept=kept)
    assert names_of(life, stranger) == [] and names_of(life, None) == ["文件1.png"]
    assert app.test_client().get(f"/files/{kept}").status_code in (302, 404)


def test_files_that_nobody_came_back_for_are_gone_after_a_day(
    anybody: FlaskClient, life: Life, installation: Installation, settings: Settings
) -> None:
    anybody.post("/c/new", data={**FORM, "consent": "", "files": photo()})
    life.clock.forward(days=1, minutes=1)
    tidy(installation, life.now)
    assert names_of(life, None) == [] and list(settings.attachments.iterdir()) == []


def test_more_than_the_most_files_do_not_wait(anybody: FlaskClient, life: Life) -> None:
    for n in range(4):
        anybody.post("/c/new", data={**FORM, "consent": "", "files": [photo(f"{n}-{m}.png") for m in range(3)]})
    assert len(names_of(life, None)) == 5
