"""The palette offers each person what they may open and do, and nothing else."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient

from hotline.web.core.permission import PUBLIC, SIGNED, allowed_by
from hotline.web.palette.places import DESTINATIONS, NO_DESTINATIONS
from models import Staff
from tests.support.life import Life

Browse = Callable[[Staff], FlaskClient]


def labels(person: FlaskClient) -> set[str]:
    return {one["label"] for one in person.get("/palette/").get_json()}


def test_every_page_that_stands_for_itself_is_a_destination(app: Flask) -> None:
    pages = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ())
        and not rule.arguments
        and not (allowed_by(app, rule.endpoint) or {PUBLIC}) & {PUBLIC, SIGNED}
    }
    assert pages == {one.endpoint for one in DESTINATIONS} | NO_DESTINATIONS


def test_each_destination_opens_for_whom_it_is_offered(life: Life, browse: Browse) -> None:
    for login in ("an", "he", "tou"):
        person = browse(life.staff[login])
        for one in person.get("/palette/").get_json():
            assert person.get(one["url"], follow_redirects=True).status_code == 200, (login, one)
    assert "派单台" in labels(browse(life.staff["du"]))
    assert not {"派单台", "审核台", "人员", "审计"} & labels(browse(life.staff["an"]))


def test_a_ticket_is_found_by_its_number_with_what_may_be_done(life: Life, browse: Browse) -> None:
    number = life.ticket().number
    life.db.commit()
    du = browse(life.staff["du"])
    (found,) = du.get(f"/palette/tickets?q={number}").get_json()
    assert found["url"] == f"/tickets/{number}"
    deeds = {one["label"]: one["url"] for one in found["does"]}
    assert du.get(deeds["合并"], follow_redirects=True).status_code == 200
    assert "派单" in deeds
    (by_sequence,) = du.get(f"/palette/tickets?q={int(number[6:]):02d}").get_json()
    assert by_sequence["label"] == found["label"]
    assert du.get("/palette/tickets?q=%25%25").get_json() == []
    assert du.get("/palette/tickets?q=1").get_json() == []


def test_what_a_person_may_not_see_is_not_found(life: Life, browse: Browse) -> None:
    number = life.ticket(words="举报领导，请保密", privacy="sealed").number
    life.db.commit()
    assert browse(life.staff["hui"]).get(f"/palette/tickets?q={number}").get_json() == []
    assert len(browse(life.staff["du"]).get(f"/palette/tickets?q={number}").get_json()) == 1


def test_signs_are_known_by_how_they_begin(life: Life, browse: Browse) -> None:
    letters = browse(life.staff["an"]).get("/palette/letters").get_json()
    assert "派" in letters["p"]
    assert "单" in letters["d"]
