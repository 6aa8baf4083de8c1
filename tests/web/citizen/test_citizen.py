"""The citizens' pages: handing in, with nothing internal ever shown."""

from __future__ import annotations

import io
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from models import Ticket
from tests.support.desks.citizen_pages import text
from tests.support.desks.citizens_codes import code_of
from tests.support.desks.english import still_chinese
from tests.support.life import Life
from tests.web.citizen.handing import FORM, PNG, handed_in


def test_the_door_of_the_city_decides_the_channel(anybody: FlaskClient, life: Life) -> None:
    """A citizen's web request was always a message by the web page; the mayor's mailbox could not be chosen."""
    page = anybody.get("/c/new?door=mailbox").text
    assert 'name="door" value="mailbox"' in page and "/c/new?door=mailbox" in anybody.get("/c").text
    assert handed_in(anybody, life, door="mailbox").channel == "mailbox"
    assert handed_in(anybody, life, door="nowhere", body="门前的树倒了，请清走。").channel == "web"


def test_the_door_leads_to_the_citizens_home(anybody: FlaskClient) -> None:
    page = text(anybody, "/")
    assert "/c/new" in page and "查询码" in page


def test_a_matter_is_handed_in_and_the_number_and_code_are_shown(anybody: FlaskClient, life: Life) -> None:
    ticket = handed_in(anybody, life)
    page = text(anybody, f"/c/received/{ticket.number}")
    assert ticket.number in page and code_of(ticket) in page
    assert (ticket.state, ticket.channel, ticket.privacy, ticket.category_code) == (
        "to_dispatch",
        "web",
        "masked",
        None,
    )


def test_a_phone_number_alone_is_identity_enough_and_none_is_fine_too(anybody: FlaskClient, life: Life) -> None:
    known = handed_in(anybody, life, phone="13900001111")
    unknown = handed_in(anybody, life, phone="", sheet="k2")
    assert known.citizen_id and unknown.citizen_id is None
    assert "没有短信可发" in text(anybody, f"/c/received/{unknown.number}")


def test_a_double_click_makes_one_ticket(anybody: FlaskClient, life: Life) -> None:
    first, again = handed_in(anybody, life), handed_in(anybody, life)
    assert first.number == again.number
    assert life.db.scalar(select(func.count()).select_from(Ticket)) == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"body": "另一件事：井盖丢了，请补上。"},
        {"phone": "13900005678"},
        {"name": "别人"},
        {"sealed": "1"},
        {"place": "光明路"},
    ],
)
def test_a_forms_key_with_other_words_is_another_matter(
    anybody: FlaskClient, life: Life, changed: dict[str, str]
) -> None:
    """V23."""
    first, other = handed_in(anybody, life), handed_in(anybody, life, **changed)
    assert first.number != other.number


def test_a_leaked_key_shows_nobody_a_strangers_code(app: Flask, anybody: FlaskClient, life: Life) -> None:
    """V23: the same key and even the same words from another browser are that browser's own matter."""
    anybody.get("/c/new")
    first = handed_in(anybody, life)
    stranger = app.test_client()
    stranger.get("/c/new")
    other = handed_in(stranger, life)
    assert other.number != first.number
    assert code_of(first) not in text(stranger, f"/c/received/{other.number}")
    assert stranger.get(f"/c/received/{first.number}").status_code == 302


def test_an_informants_matter_is_sealed(anybody: FlaskClient, life: Life) -> None:
    ticket = handed_in(anybody, life, sealed="1")
    assert (ticket.privacy, ticket.request_type) == ("sealed", "report")


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"body": ""}, "请写下诉求内容"),
        ({"consent": ""}, "请勾选同意"),
        ({"homepage": "http://spam"}, "没有提交成功"),
    ],
)
def test_a_refused_form_keeps_every_word(
    anybody: FlaskClient, life: Life, changed: dict[str, str], sentence: str
) -> None:
    answer = anybody.post("/c/new", data={**FORM, "name": "老王", **changed})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 400 and sentence in page and "老王" in page and "东工路" in page
    assert life.db.scalar(select(func.count()).select_from(Ticket)) == 0


def test_everything_that_is_missing_is_said_at_once(anybody: FlaskClient, life: Life) -> None:
    answer = anybody.post("/c/new", data={"sheet": "s", "body": " "})
    assert answer.status_code == 400
    assert "请写下诉求内容" in answer.text and "请勾选同意" in answer.text


def test_files_go_with_the_matter_and_can_be_seen_again(anybody: FlaskClient, life: Life) -> None:
    answer = anybody.post("/c/new", data={**FORM, "files": [(io.BytesIO(PNG), "灯.png")]})
    number = answer.location.rsplit("/", 1)[1]
    page = text(anybody, f"/p/{number}")
    link = re.search(rf"/p/{number}/files/\w+", page)
    assert "灯.png" in page and link and anybody.get(link[0]).data == PNG


def test_a_wrong_file_refuses_the_whole_form_and_leaves_nothing(anybody: FlaskClient, life: Life) -> None:
    files = [(io.BytesIO(PNG), "灯.png"), (io.BytesIO(b"MZ virus"), "看我.exe")]
    answer = anybody.post("/c/new", data={**FORM, "files": files})
    assert (
        answer.status_code == 400
        and "看我.exe" in answer.get_data(as_text=True)
        and FORM["body"] in answer.get_data(as_text=True)
    )
    assert life.db.scalar(select(func.count()).select_from(Ticket)) == 0


def test_only_the_first_text_carries_the_query_code(life: Life) -> None:
    assert [key for key, one in life.city.texts.items() if "query_code" in one.params] == ["accepted"]


@pytest.mark.parametrize("path", ["/c", "/c/new", "/c/track", "/c/times"])
def test_the_open_pages_are_complete_in_english(anybody: FlaskClient, path: str) -> None:
    anybody.set_cookie("hotline_language", "en")
    assert still_chinese(text(anybody, path), "citizen") == []


def test_the_time_limits_are_the_citys_own(anybody: FlaskClient) -> None:
    page = text(anybody, "/c/times")
    assert "10 个工作日" in page and "24 小时" in page
