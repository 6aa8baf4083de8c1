"""What the city publishes: only with consent and after a person read it, with nobody in it, and off again in the same moment."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from hotline.errors import NotFound, OutOfTurn, Refusal
from hotline.installation import Installation
from hotline.public_board import board, consent, publishing
from hotline.public_board.board import Sought
from hotline.public_board.wording import Wording, proposed
from hotline.tickets.act import attempt
from hotline.tickets.erasing.erase_person import erase_person_now
from models import Audit, Publication, Ticket
from tests.support.life import Life

WORDS = "我叫王建国，家住文峰大道128号锦绣花园3号楼2单元501室，电话13812345678，楼前路灯坏了三天。"
CLEAN = Wording("楼前路灯不亮", "楼前路灯坏了三天，晚上看不见路。", "路灯线路已更换，恢复照明。")
ROAD = (("du", "dispatch"), ("he", "sign"), ("he", "reply"), ("ren", "pass"), ("citizen", "record"))


def closed(life: Life, **more: str) -> Ticket:
    ticket = life.ticket(**{"words": WORDS, "phone": "13812345678", "name": "王建国", **more})
    for login, action in ROAD:
        life.do(ticket, login, action)
    return ticket


def consented(life: Life, ticket: Ticket) -> Publication:
    consent.give(life.db, ticket, life.who("citizen", ticket), life.now)
    found = consent.publication_of(life.db, ticket)
    assert found is not None
    return found


def published(life: Life, ticket: Ticket, wording: Wording = CLEAN) -> Publication:
    found = consented(life, ticket)
    publishing.publish(life.db, life.people["ren"], found.id, wording, life.now)
    return found


def on_the_board(life: Life, **sought: str) -> list[str]:
    return [publication.title for publication, _ticket in life.db.execute(board.listed(Sought(**sought)))]


def waits(life: Life) -> list[int]:
    return [ticket.id for _publication, ticket in life.db.execute(publishing.waiting())]


def test_nothing_is_on_the_board_before_consent_an_answer_and_a_persons_reading(life: Life) -> None:
    ticket = life.ticket()
    assert on_the_board(life) == []
    found = consented(life, ticket)
    assert waits(life) == [], "it waits for the answer first"
    for login, action in ROAD:
        life.do(ticket, login, action)
    assert waits(life) == [ticket.id] and on_the_board(life) == []
    publishing.publish(life.db, life.people["ren"], found.id, CLEAN, life.now)
    assert on_the_board(life) == [CLEAN.title] and waits(life) == []


def test_what_the_reviewer_begins_with_names_nobody_no_number_and_no_door(life: Life) -> None:
    words = proposed(closed(life))
    told = f"{words.title}{words.request}{words.answer}"
    assert not [piece for piece in ("王建国", "13812345678", "128", "501") if piece in told]
    assert "路灯坏了三天" in words.request and "文峰大道" in words.request


@pytest.mark.parametrize(
    ("field", "text", "piece"),
    [
        ("request", "打给13900001111的那位说路灯坏了。", "13900001111"),
        ("request", "文峰大道128号门前路灯坏了。", "128号"),
        ("title", "王建国反映路灯坏了", "王建国"),
        ("answer", "已到文峰大道128号为您更换路灯。", "128号"),
    ],
)
def test_words_that_tell_who_or_where_exactly_are_refused_by_field(
    life: Life, field: str, text: str, piece: str
) -> None:
    found = consented(life, closed(life))
    with pytest.raises(Refusal) as refused:
        publishing.publish(life.db, life.people["ren"], found.id, Wording(**{**vars(CLEAN), field: text}), life.now)
    assert list(refused.value.problems) == [field] and piece in refused.value.problems[field]
    assert on_the_board(life) == []


def test_an_offices_own_address_and_number_may_stand_in_its_answer(life: Life) -> None:
    office = Wording(CLEAN.title, CLEAN.request, "请到东风路15号城管大厅办理，电话0372-5556666。")
    published(life, closed(life), office)
    assert on_the_board(life) == [CLEAN.title]


@pytest.mark.parametrize("case", ["sealed", "safety", "critical"])
def test_sealed_matters_and_those_of_safety_are_never_published(life: Life, case: str) -> None:
    ticket = closed(life)
    found = consented(life, ticket)
    ticket.privacy = "sealed" if case == "sealed" else ticket.privacy
    ticket.safety = case == "safety"
    ticket.urgency = "critical" if case == "critical" else ticket.urgency
    life.db.flush()
    assert waits(life) == []
    with pytest.raises(OutOfTurn):
        publishing.publish(life.db, life.people["ren"], found.id, CLEAN, life.now)
    with pytest.raises(Refusal) as refused:
        consent.give(life.db, ticket, life.who("citizen", ticket), life.now)
    assert refused.value.code == "never_public"


def test_what_becomes_sealed_or_is_handled_again_is_off_at_once_and_a_new_answer_is_read_anew(life: Life) -> None:
    ticket = closed(life)
    published(life, ticket)
    life.do(ticket, "du2", "redo")
    assert on_the_board(life) == [] and waits(life) == []
    for login, action in ROAD[1:]:
        life.do(ticket, login, action)
    assert on_the_board(life) == [], "the old answer is not shown for the new one"
    assert waits(life) == [ticket.id]
    found = consent.publication_of(life.db, ticket)
    assert found is not None
    publishing.publish(life.db, life.people["ren"], found.id, CLEAN, life.now)
    assert on_the_board(life) == [CLEAN.title]
    ticket.privacy = "sealed"
    life.db.flush()
    assert on_the_board(life) == []


def test_consent_taken_back_takes_the_words_along_and_stands_in_the_book(life: Life) -> None:
    ticket = closed(life)
    found = published(life, ticket)
    consent.take_back(life.db, ticket, life.who("citizen", ticket), life.now)
    assert on_the_board(life) == [] and consent.publication_of(life.db, ticket) is None
    with pytest.raises(NotFound):
        publishing.publish(life.db, life.people["ren"], found.id, CLEAN, life.now)
    deeds = life.db.scalars(select(Audit.action).where(Audit.ticket_id == ticket.id).order_by(Audit.id)).all()
    assert deeds[-3:] == ["public_consent", "published", "public_consent_withdrawn"]


def test_a_reviewer_keeps_back_or_takes_off_with_a_reason_and_the_second_of_two_is_told(life: Life) -> None:
    first, second = published(life, closed(life)), published(life, closed(life, phone="13800005555"))
    with pytest.raises(Refusal):
        publishing.keep_back(life.db, life.people["ren"], first.id, "  ", life.now)
    publishing.keep_back(life.db, life.people["ren"], first.id, "看得出是哪家店", life.now)
    life.db.refresh(first)
    assert (first.state, first.title, first.why) == ("kept_back", "", "看得出是哪家店")
    assert [row.id for row, _ticket in life.db.execute(board.listed(Sought()))] == [second.id]
    second.state = "waiting"  # what another reviewer's page still believes
    life.db.expunge(second)
    assert attempt(life.db, lambda: publishing._decide(life.db, life.people["ren"], second, life.now, "published"))


def test_the_board_is_searched_by_every_word_by_kind_and_by_district(life: Life) -> None:
    ticket = life.ticket(words=WORDS, phone="13812345678", name="王建国")
    life.do(ticket, "du", "correct", category="0204", area="wenfeng")
    for login, action in ROAD:
        life.do(ticket, login, action)
    published(life, ticket)
    assert on_the_board(life, words="路灯 线路") == [CLEAN.title]
    assert on_the_board(life, words="路灯 100%") == [] and on_the_board(life, words="王建国") == []
    assert on_the_board(life, category="02") == [CLEAN.title] and on_the_board(life, category="04") == []
    assert on_the_board(life, area="wenfeng") == [CLEAN.title] and on_the_board(life, area="beiguan") == []
    assert board.kinds(life.db, life.city) == [("02", 1)]


def test_who_is_erased_is_on_no_board(life: Life, installation: Installation) -> None:
    published(life, closed(life))
    life.db.commit()
    erase_person_now(installation, "13812345678", "本人要求")
    life.db.expire_all()
    assert on_the_board(life) == [] and life.db.scalars(select(Publication)).all() == []
