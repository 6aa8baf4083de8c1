"""Several citizens behind one ticket: who withdraws goes alone, and everybody keeps their own notice, page and survey."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from hotline.clock import StoppedClock
from hotline.errors import Refusal
from hotline.followup import desk
from hotline.followup.answers import answer
from hotline.followup.phoned import take_phoned
from hotline.installation import Installation
from hotline.jobs.schedule import ring
from hotline.outbox.runner import drain
from hotline.tickets import guards
from hotline.tickets.act import act, lock
from hotline.tickets.citizens.merged import everybody_behind, withdrawal
from hotline.tickets.display import citizen_view
from hotline.tickets.display.timeline import title_of
from hotline.tickets.lists.ticket_list import find
from hotline.tickets.roles import voice
from models import Message, Survey, Ticket, TicketEvent
from tests.support.desks.citizens_codes import token_of
from tests.support.life import Life
from tests.support.refusals import refused

YES, NO = {"solved": "yes", "result": "5"}, {"solved": "no", "result": "1"}
ROAD = (("du", "dispatch"), ("he", "sign"), ("he", "reply"), ("ren", "pass"))


def joined(life: Life, *phones: str) -> tuple[Ticket, list[Ticket]]:
    """A ticket to dispatch, and as many merged into it; an empty number is an anonymous citizen."""
    master = life.ticket(phone="13800001111")
    others = [life.ticket(phone=phone, words=f"同一处路灯不亮，第 {n} 位。") for n, phone in enumerate(phones)]
    for other in others:
        life.do(other, "du", "merge", master=master.number)
    return master, others


def walk(life: Life, ticket: Ticket, road: tuple[tuple[str, str], ...] = ROAD) -> None:
    for who, action in road:
        life.do(ticket, who, action)


def kept(installation: Installation, life: Life) -> None:
    life.db.commit()
    drain(installation)
    life.db.expire_all()


def survey(life: Life, master: Ticket, own: Ticket) -> Survey:
    return life.db.scalars(
        select(Survey).where(Survey.ticket_id == master.id, Survey.own_id == own.id, Survey.round == master.round)
    ).one()


def texts(life: Life, key: str) -> list[str | None]:
    wanted = select(Message.phone).where(Message.template_key == key, Message.channel == "sms")
    return sorted(life.db.scalars(wanted), key=str)


# --- withdrawing -----------------------------------------------------------------------------------------------------


def test_when_the_masters_citizen_withdraws_the_matter_lives_on_for_the_others(
    installation: Installation, life: Life
) -> None:
    master, (other,) = joined(life, "13800002222")
    walk(life, master, ROAD[:2])
    life.do(master, "citizen", withdrawal(life.db, master))
    assert (master.state, master.left_at) == ("handling", life.now)
    assert [own.id for own, _citizen in everybody_behind(life.db, master)] == [other.id]
    walk(life, master, ROAD[2:])
    kept(installation, life)
    assert texts(life, "withdrawn") == ["13800001111"]
    assert texts(life, "passed") == texts(life, "survey") == ["13800002222"]
    answer(life.db, life.city, survey(life, master, other), YES, life.now)
    assert (master.state, master.close_kind) == ("closed", "rated")


def test_who_left_reads_so_and_can_do_nothing_more(life: Life) -> None:
    master, (other,) = joined(life, "13800002222")
    life.do(master, "citizen", "leave")
    left, stays = (citizen_view.progress(life.db, life.city, own, life.now) for own in (master, other))
    assert "撤回" in left.sentence and left.over and not left.may and left.due is None
    assert not stays.over and "urge" in stays.may and "撤回" not in stays.sentence
    with pytest.raises(Refusal):
        life.do(master, "citizen", "leave")


def test_a_ticket_with_citizens_behind_it_is_neither_withdrawn_nor_made_void(life: Life) -> None:
    master, _others = joined(life, "13800002222")
    for who, action in (("citizen", "withdraw"), ("an", "withdraw"), ("du", "void")):
        with refused(guards.others_remain):
            life.do(master, who, action)


def test_alone_behind_a_ticket_one_withdraws_it(installation: Installation, life: Life) -> None:
    ticket = life.to("handling")
    assert withdrawal(life.db, ticket) == "withdraw"
    with refused(guards.nobody_remains):
        life.do(ticket, "citizen", "leave")
    life.do(ticket, "citizen", "withdraw")
    kept(installation, life)
    told = life.db.scalars(select(Message.unit_code).where(Message.template_key == "citizen_withdrew")).all()
    assert "chengguan" in told


def test_the_same_citizen_twice_is_nobody_else(life: Life) -> None:
    master, _again = joined(life, "13800001111")
    assert withdrawal(life.db, master) == "withdraw"


def test_a_second_citizens_ticket_unmerged_from_one_who_left_ends_the_empty_ticket(
    installation: Installation, life: Life
) -> None:
    master, (one, two) = joined(life, "13800002222", "13800003333")
    life.do(master, "citizen", "leave")
    life.do(one, "du", "unmerge")
    kept(installation, life)
    assert life.db.get_one(Ticket, master.id).state == "to_dispatch"
    life.do(two, "du", "unmerge")
    kept(installation, life)
    assert [(t.state, t.close_kind) for t in (master, one, two)] == [
        ("closed", "withdrawn"),
        ("to_dispatch", None),
        ("to_dispatch", None),
    ]
    assert texts(life, "withdrawn") == ["13800001111"]


def test_what_a_unit_had_before_the_merge_comes_back_without_it(life: Life) -> None:
    """As after a recall: nobody has it, and whoever dispatches it begins anew."""
    master = life.ticket(phone="13800001111")
    one = life.ticket(phone="13800002222", words="同一处路灯不亮。")
    walk(life, one, ROAD[:2])
    life.do(one, "du", "merge", master=master.number)
    life.do(one, "du", "unmerge")
    assert (one.state, one.unit_code, one.desk_code, one.handler_id, one.signed_at) == ("to_dispatch", *[None] * 4)


def test_a_merged_citizen_withdraws_alone_and_the_master_lives_on(installation: Installation, life: Life) -> None:
    master, (one, two) = joined(life, "13800002222", "13800003333")
    walk(life, master, ROAD[:2])
    life.do(one, "citizen", "withdraw", reason="已经搬走")
    kept(installation, life)
    assert (one.state, one.close_kind, master.state, two.state) == ("closed", "withdrawn", "handling", "merged")
    assert texts(life, "withdrawn") == ["13800002222"]
    (told,) = life.db.scalars(select(Message.text).where(Message.template_key == "withdrawn"))
    assert one.number in told and master.number not in told
    (gone,) = life.db.scalars(
        select(TicketEvent).where(TicketEvent.ticket_id == master.id, TicketEvent.action == "one_left")
    )
    assert title_of(gone, life.city) == f"并案市民（{one.number}）撤诉退出"
    walk(life, master, ROAD[2:])
    kept(installation, life)
    assert texts(life, "survey") == ["13800001111", "13800003333"]


def test_the_last_citizen_who_withdraws_ends_a_matter_that_its_first_one_had_left(
    installation: Installation, life: Life
) -> None:
    master, (other,) = joined(life, "13800002222")
    walk(life, master, ROAD[:2])
    life.do(master, "citizen", "leave")
    kept(installation, life)
    life.do(other, "citizen", "withdraw")
    kept(installation, life)
    assert [(t.state, t.close_kind) for t in (master, other)] == [("closed", "withdrawn")] * 2
    assert texts(life, "withdrawn") == ["13800001111", "13800002222"]
    assert (
        "chengguan"
        in life.db.scalars(select(Message.unit_code).where(Message.template_key == "citizen_withdrew")).all()
    )


@pytest.mark.parametrize("leaver", ["master", "other"])
def test_whom_nobody_has_to_wait_for_any_more_does_not_keep_the_ticket_open(
    leaver: str, installation: Installation, life: Life
) -> None:
    master, (other,) = joined(life, "13800002222")
    walk(life, master)
    kept(installation, life)
    stays, goes = (other, master) if leaver == "master" else (master, other)
    answer(life.db, life.city, survey(life, master, stays), YES, life.now)
    assert master.state == "to_follow_up"
    life.do(goes, "citizen", "leave" if leaver == "master" else "withdraw")
    with refused("question_is_over"):
        answer(life.db, life.city, survey(life, master, goes), YES, life.now)
    kept(installation, life)
    assert survey(life, master, goes).outcome == "cut_off"
    assert (master.state, master.close_kind) == ("closed", "rated")


def test_nobody_is_counted_as_having_answered_when_the_only_one_asked_withdraws(
    installation: Installation, life: Life
) -> None:
    master, (other,) = joined(life, "13800002222")
    walk(life, master)
    kept(installation, life)
    life.do(other, "citizen", "withdraw")
    kept(installation, life)
    assert (master.state, survey(life, master, master).outcome) == ("to_follow_up", "asked")


def test_who_has_two_merged_tickets_and_withdraws_one_is_still_asked(installation: Installation, life: Life) -> None:
    master, (one, two) = joined(life, "13800002222", "13800002222")
    walk(life, master)
    kept(installation, life)
    life.do(one, "citizen", "withdraw")
    kept(installation, life)
    assert survey(life, master, two).outcome == "asked"
    assert citizen_view.progress(life.db, life.city, two, life.now).asked


def test_a_merged_citizen_cannot_withdraw_from_what_is_closed_and_reopens_as_their_own(life: Life) -> None:
    master, (one, two) = joined(life, "13800002222", "13800003333")
    life.do(one, "an", "withdraw")
    life.do(one, "班", "reopen")
    assert (one.state, one.merged_into_id) == ("to_dispatch", None)
    life.do(master, "du", "answer_directly")
    with refused(guards.master_has_ended):
        life.do(two, "citizen", "withdraw")


def test_who_withdrew_from_a_merged_ticket_is_not_phoned(installation: Installation, life: Life) -> None:
    master, (one,) = joined(life, "13800002222")
    walk(life, master)
    kept(installation, life)
    life.do(one, "citizen", "withdraw")
    with pytest.raises(Refusal):
        take_phoned(life.db, life.city, master, YES, life.people["hui"], life.now, of=one)
    assert survey(life, master, one).answered_at is None


def test_who_left_is_not_phoned(life: Life) -> None:
    master, _others = joined(
        life,
        "03722525252",
    )
    master.citizen.no_texts = True
    walk(life, master)
    wanted = desk.wanted("phone", life.city.policy)
    assert [t.id for t in find(life.db, life.people["hui"], wanted).rows] == [master.id]
    life.do(master, "citizen", "leave")
    life.db.flush()
    assert find(life.db, life.people["hui"], wanted).rows == []
    with refused(guards.has_left):
        take_phoned(life.db, life.city, master, YES, life.people["hui"], life.now)


# --- the question to each --------------------------------------------------------------------------------------------


def test_anonymous_citizens_have_a_survey_each_and_answer_for_themselves(
    installation: Installation, life: Life
) -> None:
    master, (one, two) = joined(life, "", "")
    walk(life, master)
    kept(installation, life)
    tokens = {own.id: token_of(survey(life, master, own)) for own in (master, one, two)}
    assert len(set(tokens.values())) == 3 and all(tokens.values())
    answer(life.db, life.city, survey(life, master, one), YES, life.now)
    answer(life.db, life.city, survey(life, master, two), {"solved": "partly", "result": "3"}, life.now)
    assert [survey(life, master, own).result for own in (one, two)] == [5, 3]
    assert survey(life, master, master).answered_at is None and master.state == "to_follow_up"


def test_one_satisfied_answer_does_not_end_the_time_of_the_others(installation: Installation, life: Life) -> None:
    master, (other,) = joined(life, "13800002222")
    walk(life, master)
    kept(installation, life)
    answer(life.db, life.city, survey(life, master, master), YES, life.now)
    assert master.state == "to_follow_up"
    answer(life.db, life.city, survey(life, master, other), YES, life.now)
    assert (master.state, master.close_kind) == ("closed", "rated")
    kept(installation, life)
    assert texts(life, "thanks") == ["13800001111", "13800002222"]


def test_a_merged_citizens_dissatisfaction_is_judged_though_the_master_is_happy(
    installation: Installation, life: Life
) -> None:
    master, (other,) = joined(life, "13800002222")
    walk(life, master)
    kept(installation, life)
    answer(life.db, life.city, survey(life, master, other), NO, life.now)
    answer(life.db, life.city, survey(life, master, master), YES, life.now)
    life.db.flush()
    assert (master.state, master.dissatisfied) == ("to_follow_up", True)
    with pytest.raises(Refusal):
        act(life.db, life.city, lock(life.db, master.id), "all_answered", life.people["system"], life.now)
    life.do(master, "hui", "redo")
    assert (master.state, master.round) == ("to_sign", 2)


def test_when_the_time_is_over_one_answer_makes_it_rated_and_silence_stays_silence(
    installation: Installation, life: Life, clock: StoppedClock
) -> None:
    master, (other,) = joined(life, "13800002222")
    walk(life, master)
    kept(installation, life)
    answer(life.db, life.city, survey(life, master, other), YES, life.now)
    life.db.commit()
    clock.forward(days=4)
    ring(installation, clock.now())
    kept(installation, life)
    assert (master.state, master.close_kind) == ("closed", "rated")
    assert survey(life, master, master).outcome == "no_answer"


def test_a_redo_cuts_off_who_had_time_and_asks_everybody_again(installation: Installation, life: Life) -> None:
    master, (other,) = joined(life, "13800002222")
    walk(life, master)
    kept(installation, life)
    answer(life.db, life.city, survey(life, master, master), NO, life.now)
    first = survey(life, master, other)
    life.do(master, "hui", "redo")
    life.db.flush()
    life.db.refresh(first)
    assert first.outcome == "cut_off"
    walk(life, master, ROAD[1:])
    kept(installation, life)
    assert survey(life, master, other).outcome == "asked"


def test_a_ticket_is_merged_only_into_one_that_is_still_being_handled(life: Life) -> None:
    for state in ("to_follow_up", "closed", "declined", "transferred"):
        with refused(guards.master_cannot_take_it):
            life.do(life.ticket(phone="13800002222"), "du", "merge", master=life.to(state).number)


def test_sealed_tickets_are_not_merged(life: Life) -> None:
    sealed, plain = life.ticket(privacy="sealed"), life.ticket(phone="13800002222")
    for one, master in ((sealed, plain), (plain, sealed)):
        with refused(guards.master_cannot_take_it):
            life.do(one, "du", "merge", master=master.number)


def test_two_citizens_of_one_ticket_urge_each_for_themselves(life: Life) -> None:
    master, (other,) = joined(life, "13800002222")
    life.do(master, "citizen", "urge")
    act(life.db, life.city, lock(life.db, master.id), "urge", voice(other, master), life.now, {})
    with refused(guards.urged_just_now):
        act(life.db, life.city, lock(life.db, master.id), "urge", voice(other, master), life.now, {})


def test_every_leaving_stands_in_the_story(life: Life) -> None:
    master, _others = joined(life, "13800002222")
    life.do(master, "an", "leave", reason="不用办了")
    told = life.db.scalars(select(TicketEvent).where(TicketEvent.action == "leave")).one()
    assert (told.ticket_id, told.actor_name, told.data["reason"]) == (master.id, "an", "不用办了")
