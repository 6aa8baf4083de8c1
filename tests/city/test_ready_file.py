"""The ready words that a city brings along: read with every mistake named, put in once, and never over what people changed."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.city.mistakes import Notebook
from hotline.city.ready.places import personal
from hotline.city.ready.read import read_ready
from hotline.city.ready.schema import DESKS
from hotline.city.ready.seed import seed_ready
from hotline.city.schema import City
from hotline.i18n import _
from models import ReadyWord

NOW = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)


def test_the_model_city_has_words_for_every_desk_and_none_tells_of_a_person(city: City) -> None:
    words = city.ready.words
    assert {one.desk for one in words} == set(DESKS)
    assert all(sum(one.desk == desk for one in words) >= 3 for desk in DESKS)
    assert [one.code for one in words if personal(one.title + one.body)] == []
    assert len({one.title for one in words}) == len(words)


def test_every_mistake_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "ready.yaml").write_text(
        "words:\n"
        "  - {code: a, desk: intake, title: 好, body: 好。}\n"
        "  - {code: a, desk: nowhere, title: 好, body: '请拨打13812345678。'}\n"
        "  - {code: b, title: " + "长" * 61 + ", body: '在{地点'}\n",
        "utf-8",
    )
    notebook = Notebook()
    read_ready(tmp_path, notebook)
    told = " ".join(str(one) for one in notebook.sorted())
    for part in ("“a”重复", "nowhere", "13812345678", "最多 60", "花括号"):
        assert part in told
    assert {one.line for one in notebook.sorted()} == {3, 4}


def test_a_city_without_the_file_brings_none(tmp_path: Path) -> None:
    assert read_ready(tmp_path, Notebook()).words == ()


def test_words_are_put_in_once_and_what_people_changed_stays(db: Session, city: City) -> None:
    db.query(ReadyWord).delete()
    assert seed_ready(db, city.ready, NOW) == len(city.ready.words)
    first = db.scalars(select(ReadyWord).order_by(ReadyWord.id)).first()
    assert first is not None and first.owner_id is None
    first.body = "改过的。"
    assert seed_ready(db, city.ready, NOW) == 0
    db.refresh(first)
    assert first.body == "改过的。"
    assert _("现成话新增：%(n)d 条", n=2) == "现成话新增：2 条"
