"""Each city tells its days and the head of its seals, in numbers alone; told twice, late or in another order it is the same."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select, update

from hotline.cells.days import figure_name
from hotline.cells.report import content_of, line_of
from hotline.metrics.counting import DEFINITIONS
from hotline.province import registry
from hotline.province.watch import watch_cells
from models import Cell, CellHead, Job, Message, Seal, ToldDay
from tests.support.cities.nation import Nation
from webhooks.cells.posts import report_path


def named(key: str) -> str:
    return figure_name(key, DEFINITIONS[key].version)


def told_of(nation: Nation, name: str) -> dict[str, Any]:
    """What this city would post now."""
    installation = nation.cities[name].installation
    with installation.sessions() as db:
        return content_of(db, line_of(db), installation.clock.now())


def test_a_citys_day_arrives_as_it_is(nation: Nation) -> None:
    nation.add("anyang", "hebi")
    life = nation.cities["anyang"].life
    for _n in range(3):
        life.to("to_follow_up")
    life.ticket(privacy="sealed", words="王小明举报某店售假，13800001234。")
    life.db.commit()
    nation.pass_time(times=2)
    (day,) = nation.days("anyang").values()
    assert day.figures["taken"] == [3.0], "a sealed matter is counted at home alone"
    assert day.figures[named("direct_close")] == [0.0, 3.0, 0.0]
    assert nation.days("hebi") == {}


def test_a_day_that_changed_is_told_again_and_the_last_word_stands(nation: Nation) -> None:
    nation.add("anyang")
    life = nation.cities["anyang"].life
    for many in (1, 2, 3):
        life.ticket()
        life.db.commit()
        nation.pass_time()
        (day,) = nation.days("anyang").values()
        assert (day.figures["taken"], day.revision) == ([float(many)], many)
    nation.pass_time(times=3)
    assert next(iter(nation.days("anyang").values())).revision == 3, "nothing new, nothing told"


def test_an_older_revision_told_late_changes_nothing(nation: Nation) -> None:
    nation.add("anyang")
    new = {"version": 1, "days": [{"day": "2026-03-02", "revision": 5, "figures": {"taken": [50]}}]}
    old = {"version": 1, "days": [{"day": "2026-03-02", "revision": 4, "figures": {"taken": [40]}}]}
    for content in (new, old, new):
        answer = nation.post("anyang", report_path("anyang"), content)
        assert answer.json["kept"] == {"2026-03-02": 5}
    assert nation.days("anyang")["2026-03-02"].figures == {"taken": [50.0]}


def test_what_the_province_missed_while_it_was_away_comes_as_soon_as_it_is_back(nation: Nation) -> None:
    nation.add("anyang")
    seat = nation.cities["anyang"]
    here = seat.installation.settings.province
    assert here is not None
    seat.installation.settings = replace(seat.installation.settings, province=replace(here, url="http://127.0.0.1:9"))
    for _day in range(3):
        nation.clock.forward(days=1)
        seat.life.ticket()
        seat.life.db.commit()
        nation.pass_time(times=2)
    assert nation.days("anyang") == {}
    seat.installation.settings = replace(seat.installation.settings, province=here)
    nation.pass_time()
    assert [day.figures["taken"] for day in nation.days("anyang").values()] == [[1.0]] * 3


def test_a_city_restored_from_an_older_backup_is_heard_again(nation: Nation) -> None:
    """Its count of revisions went back: the answer tells it where to count on."""
    nation.add("anyang")
    seat = nation.cities["anyang"]
    for _n in range(4):
        seat.life.ticket()
        seat.life.db.commit()
        nation.pass_time()
    with seat.installation.sessions() as db:
        db.execute(update(ToldDay).values(revision=1, kept=1, figures={"taken": [1.0]}))
        db.commit()
    nation.pass_time(times=3)
    (day,) = nation.days("anyang").values()
    assert day.figures["taken"] == [4.0] and day.revision > 4


def test_no_word_and_no_person_is_in_a_report(nation: Nation) -> None:
    nation.add("anyang", "hebi")
    life = nation.cities["anyang"].life
    life.ticket(name="王小明", words="王小明举报某店售假，13800001234。", privacy="sealed")
    life.db.commit()
    nation.pass_time()
    with nation.cities["anyang"].installation.sessions() as db:
        db.execute(update(ToldDay).values(kept=0))
        db.commit()
    post = told_of(nation, "anyang")
    assert set(post) == {"version", "program", "days", "head", "proof", "late", "dead", "neighbours"}
    assert all(isinstance(n, float) for day in post["days"] for values in day["figures"].values() for n in values)
    for word in ("王小明", "售假", "1380000"):
        assert word not in json.dumps(post, ensure_ascii=False)


def test_an_older_and_a_newer_city_are_both_understood(nation: Nation) -> None:
    nation.add("anyang", "hebi")
    day = {"day": "2026-03-02", "revision": 1, "figures": {"taken": [7], "warmth": [1, 2, 3, 4]}, "weather": "rain"}
    newer = {"version": 9, "program": "9.1", "days": [day], "mood": {"good": True}, "head": None}
    older = {"version": 1, "days": [{"day": "2026-03-02", "revision": 1, "figures": {"taken": [8]}}]}
    assert nation.post("anyang", report_path("anyang"), newer).status_code == 200
    assert nation.post("hebi", report_path("hebi"), older).status_code == 200
    assert nation.days("anyang")["2026-03-02"].figures == {"taken": [7.0], "warmth": [1.0, 2.0, 3.0, 4.0]}
    assert nation.days("hebi")["2026-03-02"].figures == {"taken": [8.0]}
    assert (nation.cell("anyang").speaks, nation.cell("anyang").program) == (9, "9.1")


def test_nobody_else_reports_for_a_city_and_nothing_is_heard_twice(nation: Nation) -> None:
    nation.add("anyang", "hebi")
    path, content = report_path("anyang"), {"version": 1}
    assert nation.post("anyang", path, content, key=nation.key("hebi")).status_code == 403
    assert nation.post("anyang", report_path("hebi"), content).status_code == 403
    assert nation.post("anyang", path, content, nonce="only-once-1").status_code == 200
    assert nation.post("anyang", path, content, nonce="only-once-1").status_code == 403
    assert nation.post("anyang", report_path("nobody"), content).status_code == 404
    assert nation.post("anyang", path, {"version": 1, "days": [{"day": "x"}]}).status_code == 422


def test_a_former_key_opens_for_a_day_and_a_stopped_city_is_not_heard(nation: Nation) -> None:
    nation.add("anyang")
    former, path, content = nation.key("anyang"), report_path("anyang"), {"version": 1}
    with nation.province.installation.sessions() as db:
        new = registry.renew(registry.get(db, "anyang"), nation.clock.now())
        db.commit()
    assert nation.post("anyang", path, content, key=former).status_code == 200
    nation.clock.forward(hours=25)
    assert nation.post("anyang", path, content, key=former).status_code == 403
    assert nation.post("anyang", path, content, key=new).status_code == 200
    with nation.province.installation.sessions() as db:
        registry.stop(registry.get(db, "anyang"), nation.clock.now())
        db.commit()
    assert nation.post("anyang", path, content, key=new).status_code == 404


def test_a_city_that_dies_is_noticed_within_a_minute_and_the_others_go_on(nation: Nation) -> None:
    nation.add("anyang", "hebi")
    nation.pass_time()
    dead = nation.cities.pop("hebi")
    nation.pass_time(times=3)
    now = nation.clock.now()
    assert registry.is_silent(nation.cell("hebi"), now) and not registry.is_silent(nation.cell("anyang"), now)
    nation.cities["hebi"] = dead
    nation.pass_time()
    assert not registry.is_silent(nation.cell("hebi"), nation.clock.now())


def test_people_are_told_once_of_a_silence_and_of_seals_that_do_not_fit_and_no_more_when_it_is_over(
    nation: Nation,
) -> None:
    nation.add("anyang", "hebi")

    def open_notices() -> list[tuple[str, str | None]]:
        watch_cells(nation.province.installation, nation.clock.now())
        with nation.province.installation.readings() as db:
            wanted = select(Message).where(Message.channel == "desk", Message.ended_at.is_(None)).order_by(Message.id)
            return [(one.text, one.role) for one in db.scalars(wanted)]

    gone = nation.cities.pop("hebi")
    nation.pass_time(times=4)
    assert open_notices() == [], "who is started anew calls nobody"
    nation.pass_time(times=3)
    for _look in range(3):
        told = open_notices()
        assert [role for _text, role in told] == ["administrator", "head"] and "hebi市从" in told[0][0], told
    nation.cities["hebi"] = gone
    nation.pass_time()
    assert open_notices() == []
    with nation.province.installation.sessions() as db:
        cell = db.scalars(select(Cell).where(Cell.name == "hebi")).one()
        cell.head_wrong, cell.head_wrong_at = "changed", nation.clock.now()
        db.commit()
    for _look in range(2):
        assert [role for _text, role in open_notices()] == ["administrator", "head", "discipline"]
    with nation.province.installation.sessions() as db:
        registry.trust_head(registry.get(db, "hebi"))
        db.commit()
    assert open_notices() == []


def test_each_new_head_must_follow_from_the_one_that_is_held(nation: Nation) -> None:
    nation.add("anyang")
    seat = nation.cities["anyang"]
    for _n in range(3):
        seat.life.ticket()
        seat.life.db.commit()
        nation.clock.forward(minutes=10)
        seat.seal()
        nation.pass_time(times=2)
    held = nation.cell("anyang")
    assert held.head_wrong is None
    with seat.installation.readings() as db:
        assert held.head_seal_id == db.query(Seal).order_by(Seal.id.desc()).first().id  # type: ignore[union-attr]
    with nation.province.installation.readings() as db:
        (written,) = db.query(CellHead).all()
        assert written.seal_id == held.head_seal_id


def test_a_chain_made_anew_is_red_until_a_person_has_looked(nation: Nation) -> None:
    nation.add("anyang")
    seat = nation.cities["anyang"]
    seat.life.ticket()
    seat.life.db.commit()
    nation.clock.forward(minutes=10)
    seat.seal()
    nation.pass_time(times=2)
    path, head = report_path("anyang"), nation.cell("anyang").head_seal_id
    forged = {"version": 1, "head": {"links": 99, "seal_id": 99, "hash": "f" * 64}}
    assert nation.post("anyang", path, forged).json["head"] == head, "without a proof the old head stays"
    assert nation.cell("anyang").head_wrong is None
    nation.post("anyang", path, forged | {"proof": {"seal_id": head, "hash": "e" * 64}})
    assert nation.cell("anyang").head_wrong == "changed"
    nation.pass_time(times=2)
    assert nation.cell("anyang").head_wrong == "changed", "it does not go away by itself"
    with nation.province.installation.sessions() as db:
        registry.trust_head(registry.get(db, "anyang"))
        db.commit()
    nation.pass_time(times=2)
    assert nation.cell("anyang").head_wrong is None and nation.cell("anyang").head_seal_id == head


def test_a_chain_that_was_cut_off_is_red(nation: Nation) -> None:
    nation.add("anyang")
    path, first = report_path("anyang"), {"links": 9, "seal_id": 9, "hash": "a" * 64}
    nation.post("anyang", path, {"version": 1, "head": first})
    cut = {"links": 3, "seal_id": 3, "hash": "b" * 64}
    nation.post("anyang", path, {"version": 1, "head": cut, "proof": {"seal_id": 9, "hash": ""}})
    assert nation.cell("anyang").head_wrong == "cut"


def test_jobs_of_reports_do_not_pile_up(nation: Nation) -> None:
    nation.add("anyang")
    nation.pass_time(times=30)
    with nation.cities["anyang"].installation.readings() as db:
        assert db.query(Job).filter(Job.name == "report").count() <= 2


def test_a_day_is_the_citys_own_day(nation: Nation) -> None:
    """23:30 in Anyang is the same day; half an hour later it is the next."""
    nation.add("anyang")
    life = nation.cities["anyang"].life
    now = nation.clock.now()
    late = now.astimezone(ZoneInfo("Asia/Shanghai")).replace(hour=23, minute=30)
    nation.clock.forward(seconds=(late - now).total_seconds())
    life.ticket()
    nation.clock.forward(minutes=45)
    life.ticket()
    life.db.commit()
    nation.pass_time()
    days = nation.days("anyang")
    assert sorted(days) == [f"{late:%Y-%m-%d}", f"{late + timedelta(days=1):%Y-%m-%d}"]
    assert {tuple(one.figures["taken"]) for one in days.values()} == {(1.0,)}
