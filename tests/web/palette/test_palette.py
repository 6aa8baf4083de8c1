"""The palette offers each person what they may open and do, and nothing else."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient

from classifier.text.pinyin import initials
from hotline.web.core.permission import PUBLIC, SIGNED, allowed_by
from hotline.web.palette.places import DESTINATIONS, NO_DESTINATIONS
from models import Staff
from tests.support.knowledge_book import Keepers
from tests.support.life import Life
from tests.support.make import CHENGGUAN, HOTLINE, make_staff

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


def called(person: FlaskClient, asked: str) -> dict[str, str]:
    """Name → address, as the palette offers them."""
    return {one["label"]: one["url"] for one in person.get(f"/palette/names?q={asked}").get_json()}


def test_people_are_found_by_who_may_look_them_up(life: Life, browse: Browse) -> None:
    sought = make_staff(life.db, "liu1", "刘志强", "agent", unit=HOTLINE)
    life.db.commit()
    lookers = {
        "admin": make_staff(life.db, "guan", "管", "administrator", unit=HOTLINE),
        "supervisor": make_staff(life.db, "du-ban", "督", "supervisor", unit=HOTLINE),
    }
    life.db.commit()
    for asked in ("刘志", "lzq", "liu1"):
        assert called(browse(lookers["admin"]), asked) == {"刘志强": f"/admin/staff/{sought.id}"}
        found = called(browse(lookers["supervisor"]), asked)
        assert found == {"刘志强": f"/overview/people?desk=agents&person={sought.id}"}
        assert called(browse(life.staff["an"]), asked) == {}, "another agent"
        assert called(browse(life.staff["he"]), asked) == {}, "a unit"
    page = browse(lookers["supervisor"]).get(found["刘志强"]).get_data(as_text=True)
    assert "只看：刘志强" in page and f"/practice/progress?person={sought.id}" in page
    assert browse(life.staff["an"]).get(found["刘志强"]).get_data(as_text=True).count("刘志强") == 0
    assert len(called(browse(sought), "lzq")) == 1, "everybody finds the own line"


def test_articles_matters_and_units_are_found_by_name_and_by_sound(life: Life, browse: Browse) -> None:
    keepers = Keepers(life.db, life.city)
    article = keepers.released(life, title="路灯不亮怎么报修", code="YS-9")
    over = keepers.released(life, title="路灯旧规定", valid_until=life.now.date())
    matter = keepers.released(life, "matter", title="犬只登记", guide={"place": "窗口"})
    an = browse(life.staff["an"])
    assert called(an, "ldblzm") == called(an, "YS-9") == {"路灯不亮怎么报修": f"/knowledge/{article.id}"}
    assert called(an, "路灯") == called(an, "路灯不") | {"路灯旧规定": f"/knowledge/{over.id}"}
    assert called(an, "qzdj") == {"犬只登记": f"/knowledge/{matter.id}"}
    life.clock.forward(days=1)
    assert "路灯旧规定" not in called(browse(life.staff["an"]), "路灯")
    unit, an = life.city.unit_name(CHENGGUAN), browse(life.staff["an"])
    assert called(an, initials(unit))[unit] == f"/search/?unit={CHENGGUAN}"
    assert called(an, "灯") == {}
