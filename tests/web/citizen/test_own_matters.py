"""All own matters by telephone: the texted code opens them, nothing tells whether a number is known, and guessing gets nowhere."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from hotline.app import create_app
from hotline.clock import StoppedClock
from hotline.installation import Installation
from hotline.jobs.tidying import tidy
from hotline.messages.told_secrets import as_sent
from hotline.tickets.erasing.erase_person import erase_person_now
from hotline.web.core.limits.rate_limits import limiter
from models import Message, OwnListCode
from tests.support.life import Life

MINE, OTHERS, UNKNOWN = "13800001234", "13900005678", "13700009999"


@pytest.fixture
def matters(life: Life) -> list[str]:
    """Three of mine, one of them sealed, and one of somebody else."""
    own = [life.ticket(MINE), life.ticket(MINE, words="小区停水两天。"), life.ticket(MINE, words="举报一件事。")]
    own[2].privacy = "sealed"
    life.ticket(OTHERS, words="公交车不来。")
    life.db.commit()
    return [one.number for one in own]


@pytest.fixture
def anybody(app: Flask, matters: list[str]) -> FlaskClient:
    return app.test_client()


def texted(life: Life, number: str = MINE) -> str:
    """The digits of the last text to this number, as its reader gets them."""
    found = life.db.scalars(
        select(Message).where(Message.phone == number, Message.template_key == "own_list").order_by(Message.id.desc())
    ).first()
    assert found is not None and "{own_list:" in found.text, "the stored text holds only the place of the code"
    sent, values = as_sent(life.db, found)
    life.db.commit()
    assert values["list_code"] in sent
    return values["list_code"]


def test_the_code_opens_what_is_mine_and_each_of_it_but_no_informants_matter(
    anybody: FlaskClient, life: Life, matters: list[str]
) -> None:
    assert anybody.post("/c/mine", data={"phone": "138 0000 1234"}).location.endswith("/c/mine/code")
    assert anybody.post("/c/mine/code", data={"code": f" {texted(life)}"}).status_code == 303
    page = anybody.get("/c/mine").text
    assert matters[0] in page and matters[1] in page and matters[2] not in page and "公交车" not in page
    assert anybody.post(f"/c/mine/{matters[0]}").location.endswith(f"/p/{matters[0]}")
    assert "路灯" in anybody.get(f"/p/{matters[0]}").text
    anybody.post(f"/c/mine/{matters[2]}")
    assert "举报一件事" not in anybody.get(f"/p/{matters[2]}").text
    anybody.post("/c/mine/leave")
    assert matters[0] not in anybody.get("/c/mine").text


def test_known_and_unknown_numbers_get_the_same_answers_and_the_same_rows(
    app: Flask, life: Life, matters: list[str]
) -> None:
    def asked(number: str) -> tuple[int, str, int, str, int]:
        browser = app.test_client()
        first = browser.post("/c/mine", data={"phone": number})
        page = browser.get("/c/mine/code").text
        wrong = browser.post("/c/mine/code", data={"code": "000000"})
        said = re.sub(r'"[\w.-]{60,}"|"[\w-]{16}\.\d+"', "the form's token", wrong.text)
        return first.status_code, first.location, wrong.status_code, said, len(page)

    assert asked(MINE) == asked(UNKNOWN)
    rows = life.db.scalars(select(OwnListCode)).all()
    assert {one.phone: one.tries for one in rows} == {MINE: 1, UNKNOWN: 1}
    assert life.db.scalars(select(Message.phone).where(Message.template_key == "own_list")).all() == [MINE]


def test_five_wrong_codes_spend_it_and_so_do_ten_minutes_and_one_use(
    app: Flask, life: Life, matters: list[str], clock: StoppedClock
) -> None:
    def begun() -> tuple[FlaskClient, str]:
        browser = app.test_client()
        browser.post("/c/mine", data={"phone": MINE})
        return browser, texted(life)

    guesser, code = begun()
    wrong = "111111" if code != "111111" else "222222"
    assert [guesser.post("/c/mine/code", data={"code": wrong}).status_code for _ in range(5)] == [400] * 5
    assert guesser.post("/c/mine/code", data={"code": code}).status_code == 400, (
        "the sixth try is none, though it is right"
    )
    late, code = begun()
    clock.at += timedelta(minutes=11)
    assert late.post("/c/mine/code", data={"code": code}).status_code == 400
    first, code = begun()
    with first.session_transaction() as session:
        row = session["mine_asked"]
    assert first.post("/c/mine/code", data={"code": code}).status_code == 303
    second = app.test_client()
    with second.session_transaction() as session:
        session["mine_asked"] = row
    assert second.post("/c/mine/code", data={"code": code}).status_code == 400
    clock.at += timedelta(minutes=31)
    assert matters[0] not in first.get("/c/mine").text


def test_one_number_is_not_texted_again_and_again(installation: Installation, life: Life, matters: list[str]) -> None:
    settings = replace(installation.settings, testing=False)
    app = create_app(settings, installation)
    app.config["WTF_CSRF_ENABLED"] = False
    try:
        answers = [app.test_client().post("/c/mine", data={"phone": MINE}).status_code for _ in range(4)]
    finally:
        limiter.enabled = False
    assert answers == [303, 303, 303, 429]


@pytest.mark.parametrize("number", ["", "03725556666", "110", "不知道"])
def test_a_number_that_takes_no_texts_is_told_what_to_do_and_nothing_is_lost(anybody: FlaskClient, number: str) -> None:
    refused = anybody.post("/c/mine", data={"phone": number})
    assert refused.status_code == 400 and "能收短信的手机号码" in refused.text and f'value="{number}"' in refused.text


def test_codes_go_with_the_day(
    anybody: FlaskClient, life: Life, installation: Installation, clock: StoppedClock
) -> None:
    anybody.post("/c/mine", data={"phone": MINE})
    clock.at += timedelta(hours=25)
    tidy(installation, clock.now())
    assert life.db.scalars(select(OwnListCode)).all() == []


def test_codes_go_with_the_person_who_is_erased(app: Flask, life: Life, installation: Installation) -> None:
    life.to("void")
    life.db.commit()
    app.test_client().post("/c/mine", data={"phone": MINE})
    erase_person_now(installation, MINE, "本人要求")
    assert life.db.scalars(select(OwnListCode)).all() == []
