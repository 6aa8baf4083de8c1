"""The review gate: core questions know only yes and no, facts answer for themselves, and nothing is ticked away in silence."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from hotline.city.loader import load_city
from hotline.city.mistakes import CityMistakes
from hotline.city.text_files import CORE
from hotline.tickets.reply_rules import reply_guards
from hotline.tickets.reply_rules.explanations import explains
from hotline.tickets.reply_rules.known_facts import known_facts
from hotline.tickets.reply_rules.replies import last_reply
from models import Attachment, Call, Review, Ticket
from tests.support.life import Life
from tests.support.refusals import refused

TINYTOWN = Path("tests/city/tinytown")
WORD = "已电话向市民核实"


def replied(life: Life, contact: bool = True, **more: object) -> Ticket:
    """A reply with everything on record, but for what `more` says otherwise."""
    ticket = life.to("handling")
    if contact:
        life.do(ticket, "he", "contact")
    life.do(ticket, "he", "reply", **{"answered_citizen": "yes", **more})
    return ticket


def human(life: Life, ticket: Ticket) -> dict[str, str]:
    """Yes to whatever the program does not know itself."""
    known = known_facts(life.db, life.city, ticket, last_reply(life.db, ticket.id))
    return {i.code: "yes" for i in life.city.checklist if i.code not in known or not known[i.code].answer}


def attach(life: Life, ticket: Ticket) -> None:
    reply = last_reply(life.db, ticket.id)
    assert reply is not None
    life.db.add(
        Attachment(
            ticket_id=ticket.id,
            reply_id=reply.id,
            name="现场.jpg",
            stored_as=f"x{reply.id}",
            media_type="image/jpeg",
            size=1,
            sha256="0" * 64,
            added_by_name="何",
            added_at=life.now,
        )
    )
    life.db.flush()


def test_does_not_apply_to_every_question_passes_nothing(life: Life) -> None:
    """Found at the desks: R1."""
    ticket = replied(life)
    with refused(reply_guards.checklist_fails):
        life.do(ticket, "ren", "pass", checklist={item.code: "na" for item in life.city.checklist}, note=WORD)
    assert ticket.state == "to_review"


@pytest.mark.parametrize("code", sorted(CORE))
def test_a_core_question_knows_only_yes_and_no(life: Life, code: str) -> None:
    ticket = replied(life)
    with refused(reply_guards.checklist_fails):
        life.do(ticket, "ren", "pass", checklist={**human(life, ticket), code: "na"}, note=WORD)


def test_what_is_on_record_answers_for_itself_and_is_kept_with_the_review(life: Life) -> None:
    ticket = replied(life)
    life.do(ticket, "ren", "pass", checklist=human(life, ticket), note="")
    review = life.db.scalars(select(Review).where(Review.ticket_id == ticket.id)).one()
    assert (review.checklist["contacted"], review.checklist["citizen_answered"]) == ("yes", "yes")
    assert (review.checklist["evidence"], review.checklist["signed_off"]) == ("na", "na")


def test_evidence_is_not_complete_without_a_file_unless_a_word_says_why(life: Life) -> None:
    """Found at the desks: R6."""
    ticket = replied(life)
    said = {**human(life, ticket), "evidence": "yes"}
    for says_nothing in (
        "",
        "好",
        "已核实",
        "情况属实，同意通过",
        "对对对对对对对对",
        "1234567890",
        "材料齐全，符合要求。",
        "ok checked",
    ):
        with refused(reply_guards.contradicts_the_facts):
            life.do(ticket, "ren", "pass", checklist=said, note=says_nothing)
    event = life.do(ticket, "ren", "pass", checklist=said, note="照片在现场当面看过")
    assert event.data["against_facts"] == ["evidence"]


@pytest.mark.parametrize(
    "note",
    ["下午电话问过来电人，灯亮了", "单位微信补来三张照片", "已电话向市民核实。", "I rang the citizen, the lamp is lit"],
)
def test_an_honest_sentence_explains(note: str) -> None:
    assert explains(note)


def test_what_was_passed_against_a_record_is_always_read_by_a_second_person(life: Life) -> None:
    life.city = replace(life.city, policy=replace(life.city.policy, reread_share=0.0))
    plain, against = replied(life), replied(life, contact=False)
    life.do(plain, "ren", "pass", checklist=human(life, plain), note="", at_once="3")
    life.do(against, "ren", "pass", checklist=human(life, against), note=WORD)
    drawn = life.db.scalars(select(Review.ticket_id).where(Review.reread.is_(True))).all()
    assert drawn == [against.id]


def test_a_file_opens_the_question_of_evidence_to_a_person(life: Life) -> None:
    ticket = replied(life)
    attach(life, ticket)
    assert {"evidence", "attachments_open"} <= set(human(life, ticket))
    with refused(reply_guards.contradicts_the_facts):
        life.do(ticket, "ren", "pass", checklist={**human(life, ticket), "attachments_open": "na"}, note="")
    life.do(ticket, "ren", "pass", checklist=human(life, ticket), note="")


def test_a_claimed_contact_without_a_record_is_not_taken_in_silence(life: Life) -> None:
    ticket = replied(life, contact=False)
    with refused(reply_guards.contradicts_the_facts):
        life.do(ticket, "ren", "pass", checklist=human(life, ticket), note="")
    life.do(ticket, "ren", "pass", checklist=human(life, ticket), note=WORD)


@pytest.mark.parametrize(("outcome", "proves"), [("reached", True), ("no_answer", False), ("busy", False)])
def test_only_a_connected_call_of_ours_proves_the_contact(life: Life, outcome: str, proves: bool) -> None:
    ticket = replied(life, contact=False)
    life.db.add(
        Call(
            provider="t",
            provider_id="c1",
            from_phone="13800001234",
            to_phone="12345",
            direction="out",
            state="ended",
            ticket_id=ticket.id,
            started_at=life.now - timedelta(minutes=9),
            answered_at=life.now - timedelta(minutes=8),
            outcome=outcome,
        )
    )
    life.db.flush()
    assert ("contacted" not in human(life, ticket)) is proves


def test_a_citizen_who_was_not_told_is_not_ticked_as_told(life: Life) -> None:
    ticket = replied(life, answered_citizen="no")
    with refused(reply_guards.contradicts_the_facts):
        life.do(ticket, "ren", "pass", checklist=human(life, ticket), note="")


def test_what_is_not_finished_cannot_be_waved_through_as_finished(life: Life) -> None:
    ticket = replied(life, outcome="partly", outcome_reason="等配件")
    with refused(reply_guards.contradicts_the_facts):
        life.do(ticket, "ren", "pass", checklist={**human(life, ticket), "dated_promise": "na"}, note="")


def test_a_missing_signature_fails_a_redo_round(life: Life) -> None:
    ticket = replied(life)
    reply = last_reply(life.db, ticket.id)
    assert reply is not None
    reply.signed_off_by, ticket.urgency = None, "urgent"
    with refused(reply_guards.checklist_fails):
        life.do(ticket, "ren", "pass", checklist=human(life, ticket), note=WORD)


@pytest.mark.parametrize(
    ("item", "said"),
    [
        ("{code: result_clear, question: 清楚吗, question_en: Clear, reason: R01, na: yes}", "核心问题"),
        ("{code: evidence, question: 证据, question_en: Proof, reason: R01, fact: evidence}", "请同时写 na: yes"),
        ("{code: evidence, question: 证据, question_en: Proof, reason: R01, fact: horoscope}", "horoscope"),
        ("{code: evidence, question: 证据, question_en: Proof, reason: R01, na: maybe}", "maybe"),
    ],
)
def test_the_citys_file_is_refused_when_it_opens_the_gate(tmp_path: Path, item: str, said: str) -> None:
    for source in TINYTOWN.iterdir():
        (tmp_path / source.name).write_bytes(source.read_bytes())
    held = (tmp_path / "checklist.yaml").read_text(encoding="utf-8")
    (tmp_path / "checklist.yaml").write_text(held.replace("source:", f"  - {item}\nsource:"), encoding="utf-8")
    with pytest.raises(CityMistakes) as mistakes:
        load_city(tmp_path)
    assert said in str(mistakes.value)


@pytest.mark.parametrize(("at_once", "share", "drawn"), [("9", 1.0, True), ("9", 0.0, False), ("", 1.0, False)])
def test_a_share_of_the_passes_by_one_key_is_read_again(life: Life, at_once: str, share: float, drawn: bool) -> None:
    ticket = replied(life)
    life.city = replace(life.city, policy=replace(life.city.policy, reread_share=share))
    life.do(ticket, "ren", "pass", checklist=human(life, ticket), at_once=at_once, note="")
    review = life.db.scalars(select(Review).where(Review.ticket_id == ticket.id)).one()
    assert bool(review.reread) is drawn


def test_a_try_that_reached_nobody_proves_no_contact(life: Life) -> None:
    ticket = life.to("handling")
    life.do(ticket, "he", "contact", reached="no")
    life.do(ticket, "he", "reply", answered_citizen="yes")
    with refused(reply_guards.contradicts_the_facts):
        life.do(ticket, "ren", "pass", checklist=human(life, ticket), note="")


def test_a_contact_of_an_earlier_round_answers_nothing_for_this_one(life: Life) -> None:
    ticket = replied(life)
    life.do(ticket, "ren", "redo", reasons=["R01"], note="请写明修好没有")
    life.do(ticket, "he", "sign")
    life.do(ticket, "he", "reply", answered_citizen="yes", facts="当晚换好接头，七盏灯全亮")
    fact = known_facts(life.db, life.city, ticket, last_reply(life.db, ticket.id))["contacted"]
    assert (fact.answer, fact.alone) == ("", True) and "以前的一轮" in fact.proof


def test_that_the_citizen_was_told_is_the_units_word_and_no_proof(life: Life) -> None:
    ticket = replied(life)
    fact = known_facts(life.db, life.city, ticket, last_reply(life.db, ticket.id))["citizen_answered"]
    assert fact.answer == "" and fact.proof.startswith("单位称")


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ("当晚换好，附照片", True),
        ("整改前后对比详见附件", True),
        ("现场照片已上传", True),
        ("已按您提供的照片找到那块牌子", False),
        ("请您补充照片后再来电", False),
        ("当场拍照存档", False),
    ],
)
def test_a_reply_that_names_a_file_and_has_none_is_not_passed_in_silence(life: Life, said: str, named: bool) -> None:
    ticket = replied(life, measures=f"更换接头，{said}。")
    fact = known_facts(life.db, life.city, ticket, last_reply(life.db, ticket.id))["evidence"]
    assert (fact.answer == "") is named
    if named:
        with refused(reply_guards.contradicts_the_facts):
            life.do(ticket, "ren", "pass", checklist={**human(life, ticket), "evidence": "na"}, note="")
