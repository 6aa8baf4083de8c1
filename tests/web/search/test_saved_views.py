"""A search that is kept under a name belongs to its owner, or to everybody."""

from __future__ import annotations

from flask.testing import FlaskClient
from sqlalchemy import select

from models import SavedView
from tests.support.life import Life
from tests.web.search.found import Browse


def test_a_saved_view_is_its_owners_alone_and_a_shared_one_is_everybodys(life: Life, browse: Browse) -> None:
    du, head, an = (browse(life.staff[login]) for login in ("du", "tou", "an"))
    du.post("/search/views", data={"q": "路灯", "open": "1", "view_name": "我的路灯"})
    head.post("/search/views", data={"overdue": "1", "view_name": "全市超期", "shared": "1"})
    assert "我的路灯" in du.get("/search/").text and "我的路灯" not in an.get("/search/").text
    assert "全市超期" in an.get("/search/").text
    assert life.db.scalars(select(SavedView.query).where(SavedView.name == "我的路灯")).one() == {
        "q": "路灯",
        "open": "1",
    }


def test_only_those_who_lead_share_and_nobody_deletes_what_is_not_theirs(life: Life, browse: Browse) -> None:
    du, an, head = (browse(life.staff[login]) for login in ("du", "an", "tou"))
    du.post("/search/views", data={"q": "路灯", "view_name": "不该共享", "shared": "1"})
    assert life.db.scalar(select(SavedView.id)) is None
    life.db.commit()
    du.post("/search/views", data={"q": "路灯", "view_name": "私有"})
    head.post("/search/views", data={"open": "1", "view_name": "共享", "shared": "1"})
    ids = {view.name: view.id for view in life.db.scalars(select(SavedView))}
    life.db.commit()
    assert an.post(f"/search/views/{ids['私有']}/delete").status_code == 404
    assert an.post(f"/search/views/{ids['共享']}/delete").status_code == 404
    assert head.post(f"/search/views/{ids['私有']}/delete").status_code == 404
    assert du.post(f"/search/views/{ids['私有']}/delete").status_code == 303
    assert head.post(f"/search/views/{ids['共享']}/delete").status_code == 303
    assert life.db.scalar(select(SavedView.id)) is None


def test_the_same_name_again_replaces_the_view(life: Life, desk: FlaskClient) -> None:
    for word in ("路灯", "井盖"):
        desk.post("/search/views", data={"q": word, "view_name": "常用"})
    assert life.db.scalars(select(SavedView.query)).all() == [{"q": "井盖"}]


def test_a_view_without_name_or_condition_is_refused_with_a_sentence(life: Life, desk: FlaskClient) -> None:
    assert "起个名字" in desk.post("/search/views", data={"q": "路灯", "view_name": " "}, follow_redirects=True).text
    assert "还没有条件" in desk.post("/search/views", data={"view_name": "空"}, follow_redirects=True).text
