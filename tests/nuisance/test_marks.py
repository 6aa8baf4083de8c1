"""A mark is proposed with proof, decided by a second person, ends by itself, is appealed to a third; and no emergency waits for it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, true

from hotline.city.schema import City
from hotline.errors import NotAllowed, OutOfTurn, Refusal
from hotline.nuisance import listing, marks
from hotline.nuisance.monthly import by_month
from hotline.nuisance.standing import in_line, standing
from hotline.telephony import turns
from hotline.tickets.erasing.erasure import erase_loose, erase_person
from hotline.tickets.roles import SYSTEM, Actor
from hotline.web.core.sessions import actor_of
from models import Audit, Call, NuisanceMark, Ticket
from tests.support.life import Life
from tests.support.make import HOTLINE, make_staff

PHONE, OTHER = "13812340000", "13812340001"


@pytest.fixture
def other(life: Life) -> Actor:
    """Another supervisor."""
    return actor_of(make_staff(life.db, "du3", "du3", "supervisor", unit=HOTLINE), life.city)


def proof(life: Life, phone: str = PHONE) -> Ticket:
    ticket = life.ticket(phone=phone, words="没有诉求，反复拨打，唱歌。")
    life.do(ticket, "an", "void")
    return ticket


def proposed(life: Life, phone: str = PHONE) -> NuisanceMark:
    number = proof(life, phone).number
    return marks.propose(life.db, life.city, life.people["an"], phone, "empty", "一天二十次", [number], life.now)


def marked(life: Life, phone: str = PHONE) -> NuisanceMark:
    mark = proposed(life, phone)
    marks.decide(life.db, life.city, life.people["du2"], mark, True, "", life.now)
    return mark


def rings(life: Life, phone: str, after: int = 0) -> Call:
    call = Call(provider="x", provider_id=f"{phone}{after}", from_phone=phone, to_phone="12345", state="ringing",
                started_at=life.now + timedelta(seconds=after))  # fmt: skip
    life.db.add(call)
    life.db.flush()
    return call


def test_a_proposal_does_nothing_until_a_second_person_lets_it_stand(life: Life) -> None:
    mark = proposed(life)
    assert standing(life.db, PHONE, life.now) is None
    with pytest.raises(NotAllowed):
        marks.decide(life.db, life.city, life.people["an"], mark, True, "", life.now)
    marks.decide(life.db, life.city, life.people["du2"], mark, True, "", life.now)
    assert standing(life.db, PHONE, life.now) is mark and standing(life.db, OTHER, life.now) is None
    assert mark.until_at == life.now + timedelta(days=life.city.nuisance.reasons["empty"].days)
    with pytest.raises(OutOfTurn):
        marks.decide(life.db, life.city, life.people["du2"], mark, False, "晚了", life.now)
    told = life.db.scalars(select(Audit).where(Audit.action == "nuisance").order_by(Audit.id)).all()
    assert [one.detail["deed"] for one in told] == ["proposed", "standing"]
    assert PHONE not in str([(one.subject, one.detail) for one in told])


def test_who_proposed_it_does_not_decide_it_and_a_refusal_says_why(life: Life, other: Actor) -> None:
    number = proof(life).number
    mark = marks.propose(life.db, life.city, life.people["du2"], PHONE, "empty", "反复", [number], life.now)
    with pytest.raises(NotAllowed):
        marks.decide(life.db, life.city, life.people["du2"], mark, True, "", life.now)
    with pytest.raises(Refusal):
        marks.decide(life.db, life.city, other, mark, False, " ", life.now)
    marks.decide(life.db, life.city, other, mark, False, "有诉求", life.now)
    assert standing(life.db, PHONE, life.now) is None


def test_a_proposal_needs_a_reason_of_the_city_words_and_calm_tickets_of_the_number(life: Life) -> None:
    calm, an = proof(life), life.people["an"]
    danger = life.ticket(phone=PHONE, words="有人持刀伤人，快来人！")
    danger.urgency = "critical"
    sealed = life.ticket(phone=PHONE, words="举报领导，请保密", privacy="sealed")
    foreign = life.ticket(phone=OTHER)
    life.db.flush()
    for numbers in ([], [danger.number], [sealed.number], [foreign.number], [calm.number, "260304999999"]):
        with pytest.raises(Refusal) as refused:
            marks.propose(life.db, life.city, an, PHONE, "empty", "反复", numbers, life.now)
        assert set(refused.value.problems) == {"proofs"}
    with pytest.raises(Refusal) as refused:
        marks.propose(life.db, life.city, an, PHONE, "dislike", " ", [calm.number], life.now)
    assert set(refused.value.problems) == {"reason", "words"}
    with pytest.raises(NotAllowed):
        marks.propose(life.db, life.city, life.people["he"], PHONE, "empty", "反复", [calm.number], life.now)
    marks.propose(life.db, life.city, an, PHONE, "empty", "反复", [calm.number], life.now)
    with pytest.raises(Refusal) as refused:
        marks.propose(life.db, life.city, an, PHONE, "empty", "反复", [calm.number], life.now)
    assert refused.value.code == "marked_already"


def test_it_ends_by_itself(life: Life) -> None:
    mark = marked(life)
    assert mark.until_at is not None
    assert standing(life.db, PHONE, mark.until_at - timedelta(seconds=1)) is mark
    assert standing(life.db, PHONE, mark.until_at) is None
    over = life.db.scalars(listing.listed("over", mark.until_at)).all()
    assert over == [mark] and life.db.scalars(listing.listed("over", life.now)).all() == []


def test_an_appeal_is_noted_by_any_agent_and_decided_by_a_third_person(life: Life, other: Actor) -> None:
    mark = marked(life)
    marks.note_appeal(life.db, life.people["班"], mark, "我是真有事", life.now)
    with pytest.raises(OutOfTurn):
        marks.note_appeal(life.db, life.people["an"], mark, "再说一次", life.now)
    assert listing.counts(life.db, life.now) == {"proposed": 0, "standing": 1, "appealed": 1}
    with pytest.raises(NotAllowed):
        marks.decide_appeal(life.db, life.people["du2"], mark, True, "好", life.now)
    marks.decide_appeal(life.db, other, mark, True, "核实有诉求", life.now)
    assert standing(life.db, PHONE, life.now) is None and mark.state == "lifted"
    with pytest.raises(OutOfTurn):
        marks.decide_appeal(life.db, other, mark, False, "又改", life.now)


def test_an_appeal_that_does_not_hold_leaves_the_mark_until_its_day(life: Life, other: Actor) -> None:
    mark = marked(life)
    marks.note_appeal(life.db, life.people["an"], mark, "不服", life.now)
    marks.decide_appeal(life.db, other, mark, False, "记录清楚", life.now)
    assert standing(life.db, PHONE, life.now) is mark
    assert listing.counts(life.db, life.now)["appealed"] == 0


def test_a_marked_call_stands_behind_the_others_for_some_minutes_and_rings_all_the_same(life: Life) -> None:
    marked(life)
    first, second, third = rings(life, PHONE), rings(life, OTHER, 1), rings(life, "", 2)
    life.clock.at += timedelta(seconds=5)
    dealt = turns.deal(life.db, life.city, life.now)
    assert [one.call.id for one in dealt] == [second.id, third.id, first.id]
    life.clock.at += timedelta(minutes=life.city.nuisance.wait_minutes)
    assert [one.call.id for one in turns.deal(life.db, life.city, life.now)] == [first.id, second.id, third.id]


@pytest.mark.parametrize("grave", [{"safety": True}, {"urgency": "critical"}])
def test_who_told_of_danger_never_stands_behind(life: Life, grave: dict[str, object]) -> None:
    marked(life)
    ticket = life.ticket(phone=PHONE, words="楼道里有煤气味")
    for name, value in grave.items():
        setattr(ticket, name, value)
    life.db.flush()
    waiting = [rings(life, PHONE), rings(life, OTHER, 1)]
    life.clock.at += timedelta(seconds=5)
    assert in_line(life.db, life.city, waiting, life.now) == waiting
    ticket.state = "closed"
    ticket.created_at = life.now - timedelta(days=2)
    life.db.flush()
    assert in_line(life.db, life.city, waiting, life.now) == waiting[::-1]


def test_clues_are_given_with_a_reason_by_few_and_the_book_tells(life: Life) -> None:
    mark = marked(life)
    call = rings(life, PHONE, 60)
    with pytest.raises(NotAllowed):
        listing.clues(life.db, life.people["an"], "交给派出所", life.now, "-")
    with pytest.raises(Refusal):
        listing.clues(life.db, life.people["du2"], "查", life.now, "-")
    (clue,) = listing.clues(life.db, life.people["du2"], "交给文峰派出所核查", life.now, "-")
    assert (clue.phone, clue.calls, clue.tickets, clue.last_at) == (PHONE, 1, 1, call.started_at)
    told = life.db.scalars(select(Audit).where(Audit.action == "nuisance_clues")).one()
    assert told.detail == {"why": "交给文峰派出所核查", "marks": [mark.id], "alone": 1}


def test_contacts_of_marked_numbers_are_counted_by_month_while_the_mark_stands(life: Life) -> None:
    begin = life.now - timedelta(days=1)
    mark = marked(life)
    assert by_month(life.db, life.city.timezone, begin, true()) == []
    life.clock.at += timedelta(minutes=1)
    rings(life, PHONE), rings(life, PHONE, 1), rings(life, OTHER)
    life.ticket(phone=PHONE)
    (month,) = by_month(life.db, life.city.timezone, begin, true())
    assert (month.month, month.calls, month.tickets) == ("2026-03", 2, 1)
    life.clock.at += timedelta(days=40)
    rings(life, PHONE, 2)
    assert len(by_month(life.db, life.city.timezone, begin, true())) == 1 and mark.state == "standing"


def test_whoever_is_erased_takes_their_marks_along_and_old_ones_go_by_themselves(life: Life, city: City) -> None:
    marked(life)
    kept = marked(life, OTHER)
    erase_person(life.db, PHONE, "本人要求", SYSTEM, life.now)
    assert life.db.scalars(select(NuisanceMark)).all() == [kept]
    erase_loose(life.db, city, life.now)
    assert life.db.scalars(select(NuisanceMark)).all() == [kept]
    assert kept.until_at is not None
    erase_loose(life.db, city, kept.until_at + timedelta(days=city.policy.retention_days + 1))
    assert life.db.scalars(select(NuisanceMark)).all() == []
