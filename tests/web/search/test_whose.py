"""Nobody finds what is not theirs, and looking for a person is in the book."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from hotline.installation import Installation
from models import Audit, SavedView
from tests.support.life import Life
from tests.support.make import CHENGGUAN
from tests.web.search.found import Browse, numbers


def test_a_search_for_a_person_is_in_the_book_without_what_was_asked(
    life: Life, installation: Installation, desk: FlaskClient
) -> None:
    """V4, V21."""
    life.ticket(phone="13812345678", name="王建国")
    life.db.commit()
    for query in ("q=13812345678", "name=王建国", "q=王建国"):
        desk.get(f"/search/?{query}")
    with installation.readings() as db:
        rows = db.scalars(select(Audit).where(Audit.action == "search_person").order_by(Audit.id)).all()
    assert [row.detail["by"] for row in rows] == ["phone", "name", "name"]
    assert {row.actor_name for row in rows} == {"du"}
    assert not any(secret in f"{row.subject}{row.detail}" for row in rows for secret in ("13812345678", "建国"))


def test_searching_for_people_has_its_limit_an_hour(life: Life, browse: Browse) -> None:
    """V4."""
    reviewer = browse(life.staff["ren"])
    answers = [reviewer.get(f"/search/?q=138000{n:05d}").status_code for n in range(31)]
    assert answers == [200] * 30 + [429]
    assert reviewer.get("/search/?q=路灯").status_code == 200


def test_whole_or_hidden_who_may_not_reveal_gets_the_same_answer(life: Life, browse: Browse) -> None:
    """V4: The right phone, name and room answer as the wrong ones do."""
    ticket = life.ticket(
        phone="13812340001",
        name="赵六九",
        words="科长受贿，我是举报人赵六九，电话13812340001，住3号楼2单元501室。",
        privacy="sealed",
    )
    life.do(ticket, "du", "dispatch", unit=CHENGGUAN)
    life.db.commit()
    for login in ("hejt", "shi"):
        client = browse(life.staff[login])
        for right, wrong in (
            ("q=13812340001", "q=13812340011"),
            ("name=赵六九", "name=赵六八"),
            ("q=受贿", "q=受潮"),
            ("q=501室", "q=502室"),
        ):
            assert numbers(client.get(f"/search/?{right}")) == numbers(client.get(f"/search/?{wrong}")) == [], (
                login,
                right,
            )


def test_a_shared_search_holds_no_name_number_or_words(life: Life, browse: Browse) -> None:
    """V22."""
    supervisor = browse(life.staff["du2"])
    supervisor.post("/search/views", data={"q": "13899991111", "view_name": "老张", "shared": "1"})
    supervisor.post("/search/views", data={"name": "张三", "view_name": "张三的", "shared": "1"})
    supervisor.post("/search/views", data={"open": "1", "view_name": "没办完的", "shared": "1"})
    life.db.add(SavedView(staff_id=None, name="从前的", query={"q": "13899991112"}, created_at=life.now))
    life.db.commit()
    page = browse(life.staff["he"]).get("/search/").text
    assert "没办完的" in page and "1389999111" not in page and "张三" not in page


@pytest.mark.parametrize(
    ("login", "sees"),
    [
        ("an", True),
        ("du", True),
        ("ren", True),
        ("hui", True),
        ("du2", True),
        ("tou", True),
        ("shi", True),
        ("he", True),
        ("hejt", True),
        ("xie", True),
        ("chang", False),
        ("ji", False),
        ("mei", False),
    ],
)
def test_everybody_finds_only_what_is_theirs(life: Life, browse: Browse, login: str, sees: bool) -> None:
    ticket = life.to("handling")
    life.db.commit()
    client = browse(life.staff[login])
    for query in (
        "q=路灯",
        "open=1",
        f"q={ticket.number}&open=1",
        f"q={ticket.number[-6:]}",
        "q=13800001234",
        f"unit={CHENGGUAN}",
    ):
        page = client.get(f"/search/?{query}")
        finds = sees and not (login == "shi" and "1380000" in query)
        assert numbers(page) == ([ticket.number] if finds else []), query
        assert (f"打开工单 {ticket.number}" in page.text) is (sees and ticket.number[-6:] in query), query


def test_sealed_tickets_are_found_only_by_those_who_may_know_of_them(life: Life, browse: Browse) -> None:
    """V4, VH1."""
    ticket = life.ticket(privacy="sealed")
    ticket.agent_id = None
    life.db.commit()
    assert numbers(browse(life.staff["du2"]).get("/search/?q=路灯")) == [ticket.number]
    for login in ("an", "hui", "shi", "班"):
        assert numbers(browse(life.staff[login]).get("/search/?q=路灯")) == [], login
