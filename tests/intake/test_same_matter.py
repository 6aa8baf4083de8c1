"""The same matter is known whatever the words: by its place as it sounds, by its kind, and also after it has ended."""

from __future__ import annotations

import pytest

from hotline.city.schema import City
from hotline.evidence.places import place_ticket
from hotline.intake import duplicates
from hotline.intake.duplicates import Likely, Sought, duplicates_of, likely_duplicates
from hotline.triage.active_classifier import keyword_classifier
from models import Ticket
from tests.support.life import Life
from tests.support.same_matters import measure

LIFT = "锦绣花园小区3号楼电梯停运一周，没人管。"
AGAIN = "锦秀花园天天爬十几层，物业装看不见。"


def placed(life: Life, words: str = LIFT, category: str = "0401", **more: str) -> Ticket:
    ticket = life.ticket(words=words, category=category)
    for name, value in more.items():
        setattr(ticket, name, value)
    place_ticket(life.db, life.city, ticket)
    life.db.commit()
    return ticket


def found(life: Life, words: str = AGAIN, kind: str = "0401", *, closed: bool = False) -> list[Likely]:
    sought = Sought(words, categories=(kind,), kinds=(kind,))
    return likely_duplicates(life.db, life.city, life.people["du"], sought, life.now, closed=closed)


def test_a_name_written_by_ear_and_other_words_are_the_same_matter(life: Life) -> None:
    """Found at the desks: U10."""
    ticket = placed(life)
    (one,) = found(life)
    assert one.ticket.id == ticket.id and one.same and "同一地点：锦秀花园" in one.reasons


def test_the_reason_stars_the_house_as_the_ticket_does(life: Life) -> None:
    """V22: what the ticket's own page hides does not stand beside another ticket."""
    for words in ("路灯不亮。", "路灯不亮，没人修。"):
        ticket = life.ticket(words=words, place="人民大道辅路12号院")
        place_ticket(life.db, life.city, ticket)
    life.db.commit()
    (one,) = duplicates_of(life.db, life.city, life.people["du"], ticket, None, life.now)
    told = " ".join(one.reasons)
    assert "人民大道辅路" in told and "12号" not in told and "501" not in told


def test_another_building_another_kind_and_another_place_are_not(life: Life) -> None:
    placed(life)
    assert not any(one.same for one in found(life, "锦绣花园5号楼的电梯一直坏着"))
    assert not any(one.same for one in found(life, "锦绣花园门口有人摆摊卖菜", "0101"))
    assert not any(one.same for one in found(life, "金鼎花园的电梯停了，没人修"))


def test_one_of_the_kind_on_the_same_road_is_worth_a_look_and_no_more(life: Life) -> None:
    """Most people tell a road and no house; an agent sees what else was told of it, in whatever words."""
    ticket = placed(life, "棉纺路摊贩把路堵了", "0101")
    (one,) = found(life, "棉纺路卖菜的占着道，过不去人", "0101")
    assert one.ticket.id == ticket.id and not one.same and "同一地点：棉纺路" in one.reasons


def test_nearly_the_same_words_of_another_stair_or_side_are_another_matter(life: Life) -> None:
    placed(life, "健康里3单元楼上装修噪音太大，天天敲墙", "0902")
    assert not any(one.same for one in found(life, "健康里6单元楼上装修噪音太大，天天敲墙", "0902"))


def test_what_has_ended_is_found_where_it_is_asked_for(life: Life) -> None:
    ticket = placed(life, state="closed")
    assert found(life) == [] and [one.ticket.id for one in found(life, closed=True)] == [ticket.id]
    ticket.state = "void"
    life.db.commit()
    assert found(life, closed=True) == []


def test_planted_matters_among_many_are_mostly_found_and_seldom_wrongly(city: City) -> None:
    ours, _by_hand, plain = measure(keyword_classifier(city), count=800, matters=60, seed=2)
    assert ours.precision >= 0.8 and ours.recall >= 0.25 and ours.f_half > plain.f_half


def test_all_that_are_surely_the_same_are_named_those_of_the_likeliest_kind_first(life: Life) -> None:
    lifts = [placed(life, f"锦绣花园电梯坏了，第{n}次反映。").id for n in range(7)]
    dark = placed(life, "锦绣花园路灯不亮。", "0204").id
    sought = Sought(AGAIN, categories=("0401", "0204"), kinds=("0401", "0204"))
    seen = likely_duplicates(life.db, life.city, life.people["du"], sought, life.now)
    assert {one.ticket.id for one in seen[:7]} == {*lifts} and seen[7].ticket.id == dark


def test_one_of_the_kind_is_found_however_many_others_were_told_of_the_place(
    life: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(duplicates, "FROM_PLACE", 2)
    monkeypatch.setattr(duplicates, "FROM_WAITING", 0)
    ticket = placed(life)
    for n in range(3):
        placed(life, f"锦绣花园路灯不亮，第{n}盏。", "0204")
    assert ticket.id in {one.ticket.id for one in found(life)}
