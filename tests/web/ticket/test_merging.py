"""Merging by picking: found by words, place or number, both side by side before the yes, taken back afterwards."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from hotline.errors import Refusal
from models import Ticket
from tests.support.life import Life

Browse = Callable[..., FlaskClient]


def test_the_other_ticket_is_found_by_words_and_both_stand_side_by_side_before_the_yes(
    life: Life, browse: Browse
) -> None:
    """Found at the desks: U6."""
    old = life.ticket(words="紫藤井小区三号楼前污水外溢，臭味很大。", phone="13800001111")
    new = life.ticket(words="三号楼门口一直往外冒脏水。", phone="13800002222")
    life.db.commit()
    du = browse(life.staff["du"])
    found = du.get(f"/tickets/{new.number}/merge?q=紫藤井").text
    assert f"master={old.number}" in found
    pair = du.get(f"/tickets/{new.number}/merge?master={old.number}").text
    assert "污水外溢" in pair and "往外冒脏水" in pair and "138****1111" in pair and "13800001111" not in pair
    assert life.db.get_one(Ticket, new.id).state == "to_dispatch"
    done = du.post(
        f"/tickets/{new.number}/merge", data={"master": old.number, "seen": new.move_count, "note": "同一处"}
    )
    assert done.status_code == 303 and "撤销" in du.get(done.headers["Location"]).text
    life.db.expire_all()
    assert life.db.get_one(Ticket, new.id).merged_into_id == old.id


def test_a_whole_number_finds_the_ticket_to_merge_into(life: Life, browse: Browse) -> None:
    """Found at the desks: U6."""
    old, new = life.ticket(words="暖气不热。"), life.ticket(words="路灯不亮。", phone="13800002222")
    life.db.commit()
    assert f"master={old.number}" in browse(life.staff["du"]).get(f"/tickets/{new.number}/merge?q={old.number}").text


def test_an_older_matter_goes_into_a_younger_one_only_with_a_word_about_its_clock(life: Life, browse: Browse) -> None:
    """The younger one's later deadline became that of the citizen who had waited longer, and no page said so."""
    old = life.ticket(words="暖气不热。")
    life.clock.forward(hours=1)
    new = life.ticket(words="小区暖气不热。", phone="13800002222")
    life.db.commit()
    du = browse(life.staff["du"])
    page = du.get(f"/tickets/{old.number}/merge?master={new.number}").text
    assert "这张工单的期限更早" in page and f"/tickets/{new.number}/merge?master={old.number}" in page
    assert "期限更早" not in du.get(f"/tickets/{new.number}/merge?master={old.number}").text


def test_a_late_matter_is_not_merged_away_into_a_fresh_one_but_turned_round(life: Life, browse: Browse) -> None:
    """Three weeks late at the unit, merged into today's call: the clock began anew and nobody was late."""
    late = life.to("handling")
    life.clock.forward(days=21)
    fresh = life.ticket(phone="13800002222")
    promised = life.ends(late)
    life.db.commit()
    du = browse(life.staff["du"])
    page = du.get(f"/tickets/{late.number}/merge?master={fresh.number}").text
    assert "请对调" in page and f"/tickets/{fresh.number}/merge?master={late.number}" in page
    assert f"合并到 {fresh.number}" not in page
    assert du.post(f"/tickets/{late.number}/merge", data={"master": fresh.number}).status_code == 400
    assert du.post(f"/tickets/{fresh.number}/merge", data={"master": late.number}).status_code == 303
    life.db.refresh(fresh)
    assert (fresh.state, life.ends(late)) == ("merged", promised)


def test_of_two_at_units_the_late_one_leads_and_a_reply_that_is_there_leads_anyway(life: Life) -> None:
    sooner = life.to("handling")
    life.clock.forward(days=21)
    later, answered = life.to("handling"), life.to("to_review")
    with pytest.raises(Refusal, match="超期") as refused:
        life.do(sooner, "du", "merge", master=later.number)
    assert refused.value.code == "is_late"
    life.do(later, "du", "merge", master=sooner.number)
    third = life.to("handling")
    life.do(third, "du", "merge", master=answered.number)
    assert (sooner.state, later.state, third.state) == ("handling", "merged", "merged")


def test_what_the_merged_citizens_said_is_read_by_who_answers_and_by_who_judges_the_answer(
    life: Life, browse: Browse
) -> None:
    """The unit and the reviewer read one citizen's words, and answered and passed for two."""
    old = life.to("handling")
    new = life.ticket(words="三号楼一单元的老人冻得受不了。", phone="13800002222")
    life.do(new, "du", "merge", master=old.number)
    life.db.commit()
    page = browse(life.staff["he"]).get(f"/tickets/{old.number}").text
    assert "老人冻得受不了" in page and new.number in page and "13800002222" not in page
    life.do(old, "he", "reply")
    life.db.commit()
    assert "老人冻得受不了" in browse(life.staff["ren"]).get(f"/review/{old.number}").text


def test_what_stands_in_the_way_of_a_merge_is_said_before_the_yes(life: Life, browse: Browse) -> None:
    """Two tickets were compared and a reason written before the page said that this one leads others already."""
    leads, other, joined = life.ticket(), life.ticket(phone="13800002222"), life.ticket(phone="13800003333")
    life.do(joined, "du", "merge", master=leads.number)
    life.db.commit()
    page = browse(life.staff["du"]).get(f"/tickets/{leads.number}/merge?master={other.number}").text
    assert "已有其他工单合并到这张工单" in page and f"合并到 {other.number}" not in page
