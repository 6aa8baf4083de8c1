"""What the hotline's rules forbid, and what they bring about."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from hotline.clock import StoppedClock
from hotline.errors import NotAllowed, OutOfTurn, Refusal
from hotline.installation import Installation
from hotline.outbox.runner import drain
from hotline.tickets import deadlines, guards, petitions
from hotline.tickets.act import act
from hotline.tickets.deadlines import running
from hotline.tickets.display.timeline import tell
from hotline.tickets.reply_rules import reply_guards, signing
from models import Assignment, Correction, Message, Petition, Precedent, Proposal, Reply, Review, Survey, Ticket
from tests.support.life import Life
from tests.support.refusals import refused


def test_a_unit_that_objects_too_late_must_handle_the_ticket(life: Life, clock: StoppedClock) -> None:
    ticket = life.to("to_sign")
    clock.forward(days=3)
    with refused(guards.objects_too_late):
        life.do(ticket, "he", "object")


def test_a_unit_may_object_only_as_often_as_the_city_allows(life: Life) -> None:
    ticket = life.ticket()
    for _again in range(life.city.policy.max_returns):
        life.do(ticket, "du", "dispatch")
        life.do(ticket, "he", "object")
        life.do(ticket, "du", "uphold")
    life.do(ticket, "du", "dispatch")
    with refused(guards.objected_too_often):
        life.do(ticket, "he", "object")


def test_an_overruled_unit_must_sign(life: Life) -> None:
    ticket = life.to("in_objection")
    life.do(ticket, "du", "overrule")
    with refused(guards.must_sign):
        life.do(ticket, "he", "object")
    life.do(ticket, "he", "sign")


def test_a_ruling_binds_and_is_kept_as_a_precedent(life: Life) -> None:
    ticket = life.to("in_dispute")
    life.do(ticket, "du", "rule")
    assert life.db.scalars(select(Precedent.unit_code)).all() == ["chengguan"]
    with pytest.raises(Refusal):
        life.do(ticket, "he", "object")


def test_a_returned_unit_no_longer_has_the_ticket(life: Life) -> None:
    ticket = life.to("in_objection")
    life.do(ticket, "du", "uphold")
    assert ticket.unit_code is None
    assert all(a.ended_at for a in life.db.scalars(select(Assignment).where(Assignment.ticket_id == ticket.id)))


def test_an_unclear_reply_goes_back_with_reasons_a_shorter_limit_and_a_new_round(life: Life) -> None:
    ticket = life.to("to_review")
    life.do(ticket, "ren", "redo", reasons=["R01", "R05"])
    assert (ticket.state, ticket.round) == ("to_sign", 2)
    assert life.db.scalars(select(Review.reasons)).one() == ["R01", "R05"]
    assert {d.clock for d in running(life.db, ticket.id)} == {"sign", "redo"}


def test_a_reply_does_not_pass_with_an_open_or_failed_question(life: Life) -> None:
    ticket = life.to("to_review")
    answers = {item.code: "yes" for item in life.city.checklist}
    first = life.city.checklist[0].code
    with refused(reply_guards.checklist_fails):
        life.do(ticket, "ren", "pass", checklist={k: v for k, v in answers.items() if k != first})
    with refused(reply_guards.checklist_fails):
        life.do(ticket, "ren", "pass", checklist={**answers, first: "no"})


def test_redo_without_a_reason_is_refused(life: Life) -> None:
    ticket = life.to("to_review")
    with refused("invalid_form"):
        life.do(ticket, "ren", "redo", reasons=[])


def test_nobody_reviews_their_own_reply(life: Life) -> None:
    life.staff["he"].roles = ["handler", "reviewer"]
    from hotline.web.core.sessions import actor_of

    life.people["he"] = actor_of(life.staff["he"], life.city)
    ticket = life.to("to_review")
    with refused(reply_guards.own_reply):
        life.do(ticket, "he", "pass")


def test_round_three_opens_supervision_and_puts_the_ticket_on_the_discipline_list(life: Life) -> None:
    ticket = life.to("to_review")
    for _round in (2, 3):
        life.do(ticket, "ren", "redo")
        assert ticket.for_discipline is (ticket.round == 3)
        life.do(ticket, "he", "sign")
        life.do(ticket, "he", "reply")
    assert ticket.supervised
    assert life.db.scalars(select(Petition.kind).where(Petition.state == "granted")).all() == ["supervision"]


def test_round_two_tells_the_units_leader(installation: Installation, life: Life) -> None:
    ticket = life.to("to_review")
    life.do(ticket, "ren", "redo")
    life.db.commit()
    drain(installation)
    told = life.db.scalars(select(Message).where(Message.template_key == "redo_leader")).all()
    assert [(m.unit_code, m.role) for m in told] == [("chengguan", "unit_leader")]


def test_a_reply_must_say_whether_the_citizen_was_contacted(life: Life) -> None:
    ticket = life.to("handling")
    with refused(reply_guards.contact_is_unsaid):
        life.do(ticket, "he", "reply", contacted="", no_contact_reason="")
    with refused(reply_guards.contact_is_unsaid):
        life.do(ticket, "he", "reply", contact_how="")


def test_a_reply_says_when_the_citizen_was_told_the_result(life: Life, clock: StoppedClock) -> None:
    ticket = life.to("handling")
    clock.forward(hours=3)
    for moment in (clock.at + timedelta(hours=1), ticket.created_at - timedelta(hours=1)):
        with refused(reply_guards.answered_at_no_such_time):
            life.do(ticket, "he", "reply", answered_citizen="yes", answered_at=moment.isoformat())
    told_at = clock.at - timedelta(hours=1)
    event = life.do(ticket, "he", "reply", answered_citizen="yes", answered_at=told_at.isoformat())
    assert life.db.scalars(select(Reply.answered_at)).one() == told_at
    assert ("告诉市民的时间", told_at.astimezone(ZoneInfo("Asia/Shanghai")).strftime("%Y-%m-%d %H:%M")) in tell(
        [event], life.city
    )[0].facts


@pytest.mark.parametrize(("told", "kept"), [("yes", True), ("no", False), ("", False)])
def test_who_gives_no_time_told_the_citizen_just_now_and_who_told_nobody_at_no_time(
    life: Life, told: str, kept: bool
) -> None:
    life.do(life.to("handling"), "he", "reply", answered_citizen=told, answered_at="" if kept else life.now.isoformat())
    assert life.db.scalars(select(Reply.answered_at)).one() == (life.now if kept else None)


def test_what_is_beyond_a_units_duty_must_be_named(life: Life) -> None:
    ticket = life.to("handling")
    with refused(reply_guards.beyond_is_unsaid):
        life.do(ticket, "he", "reply", beyond_duty="yes")
    life.do(ticket, "he", "reply", beyond_duty="yes", beyond_kind="private")
    assert life.db.scalars(select(Reply.beyond_kind)).one() == "private"


def test_what_is_within_duty_has_no_such_case(life: Life) -> None:
    life.do(life.to("handling"), "he", "reply", beyond_duty="no", beyond_kind="law")
    assert life.db.scalars(select(Reply.beyond_kind)).one() is None


def test_what_is_not_solved_must_be_explained(life: Life) -> None:
    ticket = life.to("handling")
    with refused(reply_guards.outcome_is_unexplained):
        life.do(ticket, "he", "reply", outcome="partly")
    life.do(ticket, "he", "reply", outcome="partly", outcome_reason="等配件")


def test_the_public_answer_may_not_name_a_phone(life: Life) -> None:
    ticket = life.to("handling")
    with refused(reply_guards.leaks_personal_data):
        life.do(ticket, "he", "reply", public_answer="已联系您 13912345678，路灯已修好。")


def test_an_urgent_reply_is_signed_off_by_the_leader(life: Life) -> None:
    ticket = life.ticket(urgency="urgent")
    life.do(ticket, "du", "dispatch")
    life.do(ticket, "he", "sign")
    said = {**life.answers("reply", ticket), "signed_off_by": "局长"}
    with refused(signing.not_signed_off):
        act(life.db, life.city, ticket, "reply", life.people["he"], life.now, said)


def test_a_safety_ticket_never_goes_out_by_the_clock(life: Life) -> None:
    ticket = life.ticket()
    ticket.safety = True
    with refused(guards.safety_needs_a_person):
        life.do(ticket, "clock", "dispatch")


def test_a_dissatisfied_answer_goes_to_a_person_who_judges(life: Life) -> None:
    ticket = life.to("to_follow_up")
    with pytest.raises(Refusal):
        life.do(ticket, "citizen", "record", solved="no", result="1")
    life.do(ticket, "citizen", "note_dissatisfied")
    assert ticket.dissatisfied and ticket.state == "to_follow_up"
    with pytest.raises(Refusal):
        life.do(ticket, "clock", "no_answer")
    life.do(ticket, "hui", "redo")
    assert (ticket.state, ticket.round, ticket.dissatisfied) == ("to_sign", 2, False)


def test_a_phoned_answer_says_who_keyed_it(life: Life) -> None:
    ticket = life.to("to_follow_up")
    life.do(ticket, "hui", "record")
    survey = life.db.scalars(select(Survey)).one()
    assert (survey.answered_by, survey.keyed_by_id) == ("phone", life.people["hui"].id)
    assert survey.scale["5"] == "非常满意"


def test_a_citizen_urges_once_per_gap(life: Life, clock: StoppedClock) -> None:
    ticket = life.to("handling")
    life.do(ticket, "citizen", "urge")
    with refused(guards.urged_just_now):
        life.do(ticket, "citizen", "urge")
    clock.forward(hours=life.city.policy.urge_min_gap_hours + 1)
    life.do(ticket, "citizen", "urge")
    assert ticket.urges == 2


def test_another_citizen_cannot_act_on_my_ticket(life: Life) -> None:
    mine, other = life.to("handling"), life.ticket(phone="13800007777", words="另一件事")
    from hotline.tickets.act import act, lock
    from hotline.tickets.roles import a_citizen

    with pytest.raises(NotAllowed):
        act(life.db, life.city, lock(life.db, mine.id), "urge", a_citizen(other), life.now, {})


def test_merged_citizens_each_get_their_own_notice_and_survey(installation: Installation, life: Life) -> None:
    master = life.ticket(phone="13800001111")
    second = life.ticket(phone="13800002222", words="同一处路灯不亮")
    life.do(second, "du", "merge", master=master.number)
    for login, action in (("du", "dispatch"), ("he", "sign"), ("he", "reply"), ("ren", "pass")):
        life.do(master, login, action)
    life.db.commit()
    drain(installation)
    passed = sorted(life.db.scalars(select(Message.phone).where(Message.template_key == "passed")).all())
    surveys = life.db.scalars(select(Survey.citizen_id).order_by(Survey.citizen_id)).all()
    assert passed == ["13800001111", "13800002222"]
    assert surveys == sorted([master.citizen_id or 0, second.citizen_id or 0])


def test_unmerge_gives_the_ticket_its_own_life_back(life: Life) -> None:
    ticket = life.to("merged")
    life.do(ticket, "du", "unmerge")
    assert (ticket.state, ticket.merged_into_id) == ("to_dispatch", None)
    assert {d.clock for d in running(life.db, ticket.id)} == {"dispatch"}


def test_a_ticket_is_not_merged_into_itself_or_into_nothing(life: Life) -> None:
    ticket = life.ticket()
    for master in (ticket.number, "000000000000"):
        with pytest.raises(Refusal):
            life.do(ticket, "du", "merge", master=master)


def test_splitting_makes_a_second_ticket_of_the_same_citizen(installation: Installation, life: Life) -> None:
    ticket = life.ticket()
    life.do(ticket, "du", "split")
    life.db.commit()
    drain(installation)
    life.db.expire_all()
    part = life.db.scalars(select(Ticket).where(Ticket.split_from_id == ticket.id)).one()
    assert (part.state, part.citizen_id) == ("to_dispatch", ticket.citizen_id)
    assert part.number != ticket.number


def test_declining_tells_the_citizen_the_right_route(installation: Installation, life: Life) -> None:
    ticket = life.ticket()
    route = next(iter(life.city.routes.values()))
    life.do(ticket, "du", "decline", route=route.code)
    life.db.commit()
    drain(installation)
    text = life.db.scalars(select(Message.text).where(Message.template_key == "declined")).one()
    assert route.advice[:30] in text


def test_a_sub_unit_handles_but_the_lead_stays_responsible(life: Life) -> None:
    ticket = life.to("handling")
    below = life.below()
    life.do(ticket, "he", "delegate", unit=below)
    assert (ticket.unit_code, ticket.desk_code) == ("chengguan", below)
    with refused(guards.not_below_the_unit):
        life.do(ticket, "he", "delegate", unit="education")


def test_extension_moves_the_deadline_by_the_citys_days_and_only_so_often(life: Life) -> None:
    ticket = life.to("handling")
    due = {d.clock: d.due_at for d in running(life.db, ticket.id)}["reply"]
    for _again in range(life.city.policy.max_extensions):
        asked = petitions.ask(
            life.db, life.city, ticket, "extension", life.people["he"], life.now, {"reason": "等配件"}
        )
        petitions.decide(life.db, life.city, asked.id, True, life.people["du"], life.now, None)
    later = {d.clock: d.due_at for d in running(life.db, ticket.id)}["reply"]
    assert later - due > timedelta(days=life.city.policy.extension_days * life.city.policy.max_extensions - 1)
    with refused(deadlines.too_many_extensions):
        petitions.ask(life.db, life.city, ticket, "extension", life.people["he"], life.now, {"reason": "再等等"})


def test_the_ticket_does_not_move_while_a_petition_waits_and_two_of_a_kind_are_one(life: Life) -> None:
    ticket = life.to("handling")
    petitions.ask(life.db, life.city, ticket, "exclusion", life.people["he"], life.now, {"reason": "不可抗力"})
    assert ticket.state == "handling"
    with refused("already_asked"):
        petitions.ask(life.db, life.city, ticket, "exclusion", life.people["he"], life.now, {"reason": "不可抗力"})


def test_a_petition_is_decided_once_and_never_by_its_asker(life: Life) -> None:
    ticket = life.to("handling")
    asked = petitions.ask(life.db, life.city, ticket, "supervision", life.people["ren"], life.now, {"reason": "推诿"})
    with pytest.raises(NotAllowed):
        petitions.decide(life.db, life.city, asked.id, True, life.people["ren"], life.now, None)
    with refused("refusal_needs_reason"):
        petitions.decide(life.db, life.city, asked.id, False, life.people["du2"], life.now, " ")
    petitions.decide(life.db, life.city, asked.id, True, life.people["du2"], life.now, None)
    with pytest.raises(OutOfTurn):
        petitions.decide(life.db, life.city, asked.id, False, life.people["du2"], life.now, "不")
    assert ticket.supervised


def test_a_granted_final_close_closes_the_ticket(life: Life) -> None:
    ticket = life.to("handling")
    asked = petitions.ask(
        life.db, life.city, ticket, "final_close", life.people["he"], life.now, {"reason": "已依法办理"}
    )
    petitions.decide(life.db, life.city, asked.id, True, life.people["tou"], life.now, "同意")
    assert (ticket.state, ticket.close_kind) == ("closed", "final")


def test_what_a_person_chooses_against_the_proposal_is_kept_for_learning(
    installation: Installation, life: Life
) -> None:
    ticket = life.ticket()
    life.db.commit()
    drain(installation)
    proposed = life.db.scalars(select(Proposal)).one()
    life.db.refresh(ticket)
    life.do(ticket, "du", "dispatch", unit="education", category="1201")
    kept = {c.about: (c.proposed, c.chosen) for c in life.db.scalars(select(Correction))}
    assert kept["unit"] == (proposed.unit_code, "education")
    assert kept["category"] == (proposed.category_code, "1201")


def test_too_long_and_wrong_answers_are_refused_field_by_field(life: Life) -> None:
    ticket = life.to("handling")
    with pytest.raises(Refusal) as refused:
        life.do(ticket, "he", "reply", facts="长" * 20_001, truth="maybe", contacted_at="昨天")
    assert set(refused.value.problems) == {"facts", "truth", "contacted_at"}
