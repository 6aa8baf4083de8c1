"""Ready words as people keep them and as a form asks for them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, select

from hotline.ready import words
from hotline.ready.words import Wording
from models import ReadyWord, Staff
from tests.support.desks.english import still_chinese
from tests.support.life import Life

Browse = Callable[[Staff], FlaskClient]


@pytest.fixture(autouse=True)
def without_the_citys(life: Life) -> None:
    """Only the words that a test writes."""
    life.db.execute(delete(ReadyWord))
    life.db.commit()


def kept(life: Life, login: str, title: str, *, shared: bool = False, desk: str = "unit") -> int:
    word = words.write(
        life.db, life.people[login], Wording(title, "由{单位}办，{步骤}。", desk), life.now, shared=shared
    )
    life.db.commit()
    return word.id


def test_a_handler_writes_changes_and_retires_their_own(life: Life, browse: Browse) -> None:
    he, chang = browse(life.staff["he"]), browse(life.staff["chang"])
    typed = {"title": "到场", "body": "{今天}到场。", "desk": "unit"}
    assert he.post("/ready/new", data=typed).status_code == 303
    word = life.db.scalars(select(ReadyWord).where(ReadyWord.title == "到场")).one()
    assert word.owner_id == life.staff["he"].id
    address = f"/ready/{word.id}"
    life.db.commit()
    assert "到场" in he.get("/ready/?tab=mine").get_data(as_text=True)
    assert chang.get(address).status_code == 404
    refused = he.post(address, data={**typed, "body": "请拨13812345678", "seen": 1})
    assert refused.status_code == 400 and "13812345678" in refused.get_data(as_text=True)
    assert he.post(address, data={**typed, "body": "到了。", "seen": 1}).status_code == 303
    stale = he.post(address, data={**typed, "body": "晚了。", "seen": 1})
    assert stale.status_code == 409 and "晚了。" in stale.get_data(as_text=True)
    page = he.get(address).get_data(as_text=True)
    assert "{今天}到场。" in page and "到了。" in page
    assert he.post(f"{address}/retire", data={"seen": 2}).status_code == 303
    assert "到场" in he.get("/ready/?tab=retired").get_data(as_text=True)


def test_what_is_everybodys_is_read_by_all_and_changed_by_few(life: Life, browse: Browse) -> None:
    he, du2 = browse(life.staff["he"]), browse(life.staff["du2"])
    assert he.post("/ready/new", data={"title": "共用", "body": "好。", "shared": "1"}).status_code == 403
    assert du2.post("/ready/new", data={"title": "共用", "body": "好。", "shared": "1"}).status_code == 303
    word = life.db.scalars(select(ReadyWord).where(ReadyWord.title == "共用")).one()
    life.db.commit()
    page = he.get(f"/ready/{word.id}").get_data(as_text=True)
    assert "好。" in page and 'name="body"' not in page
    assert he.post(f"/ready/{word.id}", data={"title": "x", "body": "y", "seen": 1}).status_code == 403
    assert he.get("/ready/?desk=unit&tab=shared").status_code == 200


def test_a_form_is_offered_filled_words_and_a_use_is_counted(life: Life, browse: Browse) -> None:
    word_id = kept(life, "du2", "分工", shared=True)
    kept(life, "du2", "回访时", shared=True, desk="follow_up")
    ticket = life.to("handling")
    number = ticket.number
    life.db.commit()
    he = browse(life.staff["he"])
    asked = f"/ready/offered?ticket={number}&where=/tickets/{number}&where=/tickets/{number}/do/reply"
    first = he.get(asked).get_json()[0]
    assert first["label"] == "分工" and first["text"] == f"由{life.city.unit_name('chengguan')}办，【请填：步骤】。"
    assert he.post(f"/ready/{word_id}/used").status_code == 204
    assert life.db.get_one(ReadyWord, word_id).uses == 1


def test_a_ticket_that_i_may_not_see_fills_nothing(life: Life, browse: Browse) -> None:
    kept(life, "du2", "分工", shared=True)
    number = life.to("handling").number
    life.db.commit()
    (text,) = {one["text"] for one in browse(life.staff["chang"]).get(f"/ready/offered?ticket={number}").get_json()}
    assert text == "由【请填：单位】办，【请填：步骤】。"


def test_each_desk_is_offered_its_own_first(life: Life, browse: Browse) -> None:
    for desk in ("intake", "dispatch", "unit", "review", "follow_up"):
        kept(life, "du2", desk, shared=True, desk=desk)
    asked = {
        ("an", "/desk"): "intake",
        ("du", "/dispatch/"): "dispatch",
        ("he", "/unit/"): "unit",
        ("ren", "/tickets/260304000001/do/redo"): "review",
        ("hui", "/followup/260304000001"): "follow_up",
    }
    for (login, where), desk in asked.items():
        offered = browse(life.staff[login]).get(f"/ready/offered?where={where}").get_json()
        assert offered[0]["label"] == desk, (login, where)


def test_the_key_stands_on_the_pages_of_those_who_may_use_it(life: Life, browse: Browse) -> None:
    assert 'data-key="alt+/"' in browse(life.staff["an"]).get("/desk").get_data(as_text=True)
    assert "data-ready" not in browse(life.staff["mei"]).get("/search").get_data(as_text=True)
    assert browse(life.staff["mei"]).get("/ready/offered").status_code == 403


def test_the_intake_keeps_what_is_open_and_sends_what_is_whole(life: Life, browse: Browse) -> None:
    an = browse(life.staff["an"])
    typed = {"body": "文峰大道的路灯不亮，靠近【请填：标志物】。", "channel": "hotline", "privacy": "masked"}
    refused = an.post("/desk", data={**typed, "then": "submit"})
    assert refused.status_code == 400 and "标志物" in refused.get_data(as_text=True)
    assert an.post("/desk", data={**typed, "then": "draft"}).status_code < 400


def test_the_pages_speak_english(life: Life, browse: Browse) -> None:
    word_id = kept(life, "du2", "EN", shared=True)
    du2 = browse(life.staff["du2"])
    du2.post("/language", data={"code": "en", "next": "/"})
    for address in ("/ready/", "/ready/new", f"/ready/{word_id}"):
        assert du2.get(address).status_code == 200
        assert not still_chinese(du2.get(address).get_data(as_text=True), "ready")
