"""Each kind of finding in a ticket's own life, and what takes it away again."""

from __future__ import annotations

import random
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import ImageOps
from sqlalchemy import select

from hotline.errors import OutOfTurn, Refusal
from hotline.evidence import listing
from hotline.evidence.catch_up import look_back
from hotline.evidence.kinds import Kind
from hotline.evidence.look import look_at
from hotline.evidence.recurring import seek_earlier
from hotline.installation import Installation
from hotline.metrics.counting import rates
from hotline.metrics.question import Question
from hotline.outbox.runner import drain
from hotline.tickets.erasing.erasure import erase_tickets
from hotline.tickets.privacy.attachments import new_name
from hotline.tickets.reply_rules.replies import last_reply
from models import Attachment, Call, ExactSpot, Recurrence, Reply, ReplyFinding, Survey, Ticket
from tests.support.life import Life
from tests.support.planted.closings import again, jpeg, scene


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    return tmp_path


def replied(
    life: Life, words: str = "世纪花园小区的路灯不亮，请修。", minutes: int = 300, **more: str
) -> tuple[Ticket, Reply]:
    """A ticket whose unit signed and replied so much later, by telephone as it says."""
    ticket = life.ticket(words=words, phone=more.pop("phone", "13800001234"))
    life.do(ticket, "du", "dispatch", category="0601")
    life.clock.forward(minutes=60)
    life.do(ticket, "he", "sign")
    if more.pop("contact", "") == "recorded":
        life.do(ticket, "he", "contact")
    life.clock.forward(minutes=minutes)
    life.do(ticket, "he", "reply", **more)
    reply = last_reply(life.db, ticket.id)
    assert reply is not None
    return ticket, reply


def kinds(life: Life, kept: Path, reply: Reply) -> list[Kind]:
    return look_at(life.db, life.city, kept, reply, life.now)


def spoke(life: Life, ticket: Ticket, outcome: str = "reached", seconds: int = 90) -> None:
    talked = outcome == "reached"
    at = life.now - timedelta(minutes=5)
    life.db.add(
        Call(
            provider="p", provider_id=f"{ticket.id}{outcome}", from_phone="13800001234", to_phone="12345", direction="out",
            state="ended", ticket_id=ticket.id, started_at=at, answered_at=at if talked else None,
            ended_at=at + timedelta(seconds=seconds), outcome=outcome,
        )
    )  # fmt: skip
    life.db.flush()


def test_a_claimed_call_needs_a_connected_one_or_a_record_of_the_time(life: Life, kept: Path) -> None:
    _ticket, bare = replied(life)
    assert kinds(life, kept, bare) == [Kind.NO_CALL]
    _other, recorded = replied(life, contact="recorded", phone="13800005555", words="明福小区的路灯不亮。")
    assert kinds(life, kept, recorded) == []
    visited, reply = replied(life, contact_how="visit", phone="13800006666", words="安惠苑小区的路灯不亮。")
    assert kinds(life, kept, reply) == [] and visited.id


def test_a_call_that_nobody_answered_is_named_and_one_that_was_answered_takes_the_finding_away(
    life: Life, kept: Path
) -> None:
    ticket, reply = replied(life)
    spoke(life, ticket, "no_answer")
    reply.at = life.now
    assert kinds(life, kept, reply) == [Kind.NO_CALL]
    row = life.db.scalars(select(ReplyFinding)).one()
    assert len(row.evidence["calls"]) == 1
    spoke(life, ticket)
    assert kinds(life, kept, reply) == []
    assert life.db.scalars(select(ReplyFinding)).all() == []


def test_minutes_after_signing_is_too_fast_unless_it_answers_a_question(life: Life, kept: Path) -> None:
    ticket, reply = replied(life, minutes=4, contact="recorded")
    assert kinds(life, kept, reply) == [Kind.TOO_FAST]
    ticket.request_type = "consult"
    life.db.flush()
    assert kinds(life, kept, reply) == []
    _slow, slow = replied(life, minutes=11, contact="recorded", words="明福小区的路灯不亮。")
    assert kinds(life, kept, slow) == []


def test_the_citizen_who_says_nobody_called_is_believed_unless_we_know_better(life: Life, kept: Path) -> None:
    ticket, reply = replied(life, contact="recorded")
    survey = Survey(
        ticket_id=ticket.id, own_id=ticket.id, round=1, asked_at=life.now, answered_at=life.now, contacted=False
    )  # fmt: skip
    life.db.add(survey)
    life.db.flush()
    assert kinds(life, kept, reply) == [Kind.DENIED]
    survey.valid = False
    life.db.flush()
    assert kinds(life, kept, reply) == []
    survey.valid = True
    spoke(life, ticket)
    assert kinds(life, kept, reply) == []


def test_solved_and_a_new_call_from_the_same_place_and_kind(life: Life, kept: Path) -> None:
    ticket, reply = replied(life, contact="recorded")
    assert kinds(life, kept, reply) == []
    life.clock.forward(days=12)
    again_ = life.ticket(words="我家住在世纪花园，小区里的路灯又坏了。", phone="13800007777")
    life.do(again_, "du", "dispatch", category="0601")
    found = seek_earlier(life.db, life.city, again_)
    assert found is not None and (found.earlier_id, found.days, found.by) == (ticket.id, 12, "place")
    assert kinds(life, kept, reply) == [Kind.CAME_BACK]
    elsewhere = life.ticket(words="世纪花园垃圾没有清运。", phone="13800008888")
    life.do(elsewhere, "du", "dispatch", category="0102")
    assert seek_earlier(life.db, life.city, elsewhere) is None, "another kind"


def test_the_same_caller_about_the_same_counts_where_no_place_is_told(life: Life, kept: Path) -> None:
    ticket, reply = replied(life, contact="recorded", words="我家门口的路灯坏了三天没有人修，晚上看不见路。")
    life.clock.forward(days=40)
    later = life.ticket(words="门口的路灯又坏了，晚上看不见路，没有人修。")
    life.do(later, "du", "dispatch", category="0601")
    found = seek_earlier(life.db, life.city, later)
    assert found is not None and (found.by, found.earlier_id) == ("caller", ticket.id)
    assert kinds(life, kept, reply) == [], "after forty days it is counted, and is no finding"


def photo(life: Life, reply: Reply, kept: Path, data: bytes) -> None:
    name = new_name()
    (kept / name).write_bytes(data)
    life.db.add(
        Attachment(
            ticket_id=reply.ticket_id, reply_id=reply.id, name="现场.jpg", stored_as=name, media_type="image/jpeg",
            size=len(data), sha256=name[:64], added_by_name="何", added_at=life.now,
        )
    )  # fmt: skip
    life.db.flush()


def test_a_photo_used_before_is_found_and_one_of_the_same_matter_is_not(life: Life, kept: Path) -> None:
    chance = random.Random(4)
    shown = scene(chance)
    first, one = replied(life, contact="recorded")
    photo(life, one, kept, jpeg(shown))
    assert kinds(life, kept, one) == []
    _neighbour, two = replied(life, contact="recorded", phone="13800002345", words="世纪花园小区路灯全都不亮。")
    photo(life, two, kept, again(shown, chance))
    assert kinds(life, kept, two) == [], "one and the same matter"
    _far, three = replied(life, contact="recorded", phone="13800003456", words="安惠苑小区的路灯不亮。")
    photo(life, three, kept, again(shown, chance))
    assert kinds(life, kept, three) == [Kind.OLD_PHOTO]
    row = life.db.scalars(select(ReplyFinding).where(ReplyFinding.kind == "old_photo")).one()
    assert row.evidence["ticket"] in (first.id, two.ticket_id)


def test_a_photo_used_before_is_found_when_it_was_mirrored(life: Life, kept: Path) -> None:
    shown = scene(random.Random(4))
    _first, one = replied(life, contact="recorded")
    photo(life, one, kept, jpeg(shown))
    assert kinds(life, kept, one) == []
    _far, two = replied(life, contact="recorded", phone="13800003456", words="安惠苑小区的路灯不亮。")
    photo(life, two, kept, jpeg(ImageOps.mirror(shown)))
    assert kinds(life, kept, two) == [Kind.OLD_PHOTO]


def test_the_sixth_copy_names_them_all(life: Life, kept: Path) -> None:
    estates = ("世纪花园", "安惠苑", "明福", "锦绣", "曙光", "滨河")
    facts = "接到诉求后立即安排工作人员前往{}小区现场查看，情况属实，已责成养护队伍按照作业规范处置到位，现场负责人拍照留存。"
    found = []
    for number, name in enumerate(estates):
        _t, reply = replied(
            life, f"{name}小区的路灯不亮", contact="recorded", phone=f"1380001{number:04}", facts=facts.format(name)
        )
        found.append(kinds(life, kept, reply))
    assert found == [[]] * 5 + [[Kind.COPIED]]
    assert len(life.db.scalars(select(ReplyFinding).where(ReplyFinding.kind == "copied")).all()) == 6


def test_jobs_look_by_themselves_and_the_night_catches_up(life: Life, installation: Installation) -> None:
    ticket, reply = replied(life)
    life.db.commit()
    drain(installation)
    life.db.expire_all()
    assert [row.kind for row in listing.of_ticket(life.db, ticket.id)] == ["no_call"]
    for table in (ReplyFinding, ExactSpot):
        for row in life.db.scalars(select(table)):
            life.db.delete(row)
    life.db.commit()
    assert look_back(installation, life.now) == 1 and look_back(installation, life.now) == 0
    life.db.expire_all()
    assert [row.kind for row in listing.of_ticket(life.db, ticket.id)] == ["no_call"] and reply.id


def test_a_judgement_needs_words_stays_and_counts(life: Life, kept: Path) -> None:
    ticket, reply = replied(life)
    life.do(ticket, "ren", "pass")
    life.do(ticket, "citizen", "record")
    kinds(life, kept, reply)

    def shares() -> tuple[int, int]:
        asked = Question(start=life.now - timedelta(days=9), end=life.now + timedelta(days=1), now=life.now)
        told = rates(life.db, asked, ["claimed", "evidenced"])
        return int(told["claimed"].n), int(told["evidenced"].n)

    assert shares() == (1, 0)
    row = listing.of_ticket(life.db, ticket.id)[0]
    with pytest.raises(Refusal):
        listing.judge(life.db, life.people["du2"], row.id, "explained", " ", life.now)
    listing.judge(life.db, life.people["du2"], row.id, "explained", "座机打的，有话单", life.now)
    with pytest.raises(OutOfTurn):
        listing.judge(life.db, life.people["du2"], row.id, "holds", "再看", life.now)
    assert shares() == (1, 1)
    spoke(life, ticket)
    kinds(life, kept, reply)
    assert [one.verdict for one in listing.of_ticket(life.db, ticket.id)] == ["explained"]


def test_what_came_back_is_a_figure_once_the_days_are_over(life: Life, kept: Path) -> None:
    for place in ("世纪花园", "明福"):
        ticket, reply = replied(life, f"{place}小区的路灯不亮。", contact="recorded")
        kinds(life, kept, reply)
        life.do(ticket, "ren", "pass")
        life.do(ticket, "citizen", "record")
    start = life.now - timedelta(days=2)
    life.clock.forward(days=20)
    later = life.ticket(words="世纪花园小区的路灯又不亮了。", phone="13800007777")
    life.do(later, "du", "dispatch", category="0601")
    seek_earlier(life.db, life.city, later)

    def back() -> tuple[int, int, int]:
        told = rates(life.db, Question(start=start, end=life.now, now=life.now), ["came_back_30"])["came_back_30"]
        return int(told.n), told.of, told.excluded

    assert back() == (0, 0, 0), "the days are not over"
    life.clock.forward(days=15)
    assert back() == (1, 2, 0)
    start += timedelta(days=34)
    assert back() == (0, 0, 0), "they were counted in the period before"


def test_an_erased_ticket_keeps_no_place_and_no_picture(life: Life, kept: Path) -> None:
    ticket, reply = replied(life)
    kinds(life, kept, reply)
    assert life.db.get_one(ExactSpot, ticket.id).key == "世纪花园"
    erase_tickets(life.db, [ticket.id], life.now)
    life.db.expire_all()
    assert life.db.get_one(ExactSpot, ticket.id).key == ""
    assert life.db.scalars(select(Recurrence)).all() == []
