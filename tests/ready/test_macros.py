"""Macros: only what has a button, never what a person must judge; all of their steps or none, through the one door."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from hotline.city.ready.places import holes
from hotline.errors import NotAllowed, Refusal
from hotline.ready import keeping, macros, many, running
from hotline.ready.macros import Plan, Step
from hotline.ready.running import Stopped
from hotline.tickets.act import act, attempt, lock
from hotline.tickets.effects.taking_back import promises_of, undo_of
from hotline.tickets.lifecycle import ACTIONS
from hotline.tickets.roles import Role
from models import Job, Macro, ReadyChange, Survey, TakingBack, Ticket, TicketEvent
from tests.support.life import Life
from tests.support.make import CHENGGUAN

SPARE = {"answer": "已修好。", "text": "请补照片。", "note": "请补照片。", "reason": "派错了。"}
URGED = (Step("urge", {"text": "{今天}催问"}), Step("note", {"text": "由{单位}办"}))


def made(life: Life, *steps: Step, login: str = "du2") -> Macro:
    return macros.write(life.db, life.city, life.people[login], Plan("试一试", "", steps), life.now)


def ran(life: Life, macro: Macro, ticket: Ticket, login: str, *typed: dict[str, Any]) -> list[TicketEvent]:
    return running.run(
        life.db, life.city, macro, lock(life.db, ticket.id), life.people[login], life.now, typed, seen=ticket.move_count
    )


def test_every_macro_of_the_model_city_may_be_kept(life: Life) -> None:
    kept = life.db.scalars(select(Macro)).all()
    assert len(kept) == len(life.city.ready.macros) > 5
    for macro in kept:
        macros.checked(Plan(macro.title, macro.desk, tuple(macros.steps_of(macro))), life.city)


@pytest.mark.parametrize(
    ("step", "problem"),
    [
        (Step("reply", {}), "0.action"),
        (Step("merge", {}), "0.action"),
        (Step("auto_sign", {}), "0.action"),
        (Step("no_such_thing", {}), "0.action"),
        (Step("note", {"text": "请拨打13812345678"}), "0.text"),
        (Step("note", {"text": "{没有括完"}), "0.text"),
        (Step("dispatch", {"unit": "nowhere"}), "0.unit"),
        (Step("redo", {"reasons": ["R99"]}), "0.reasons"),
    ],
)
def test_what_does_not_belong_into_a_macro_is_refused(life: Life, step: Step, problem: str) -> None:
    with pytest.raises(Refusal) as refused:
        made(life, step)
    assert set(refused.value.problems) == {problem}


def test_what_a_person_must_judge_is_never_kept(life: Life) -> None:
    checklist = {item.code: "yes" for item in life.city.checklist}
    macro = made(
        life,
        Step("pass", {"checklist": checklist, "note": "好"}),
        Step("record", {"solved": "yes", "result": "5"}),
        Step("wait", {"until": "2026-03-09", "reason": "配件"}),
    )
    assert [one.answers for one in macros.steps_of(macro)] == [{"note": "好"}, {}, {"reason": "配件"}]
    with pytest.raises(Refusal):
        made(life)
    with pytest.raises(Refusal):
        made(life, *[Step("note", {"text": "一"})] * 6)


def test_all_steps_are_done_in_one_go_and_filled_from_the_ticket(life: Life) -> None:
    ticket = life.to("handling")
    macro = made(life, *URGED, login="an")
    urged, noted = ran(life, macro, ticket, "an")
    assert (urged.action, urged.data["text"]) == ("urge", "3月4日催问")
    assert (noted.action, noted.data["text"]) == ("note", f"由{life.city.unit_name(CHENGGUAN)}办")


def test_when_one_step_is_refused_nothing_is_done(life: Life) -> None:
    ticket = life.to("handling")
    before = len(life.db.scalars(select(TicketEvent)).all())
    macro = made(life, Step("note", {"text": "先记一笔"}), Step("pass", {}), login="he")
    refused = attempt(life.db, lambda: ran(life, macro, ticket, "he"))
    assert isinstance(refused, Stopped) and refused.number == 1 and refused.status == 409
    assert len(life.db.scalars(select(TicketEvent)).all()) == before


def test_a_macro_answers_no_checklist_by_itself(life: Life) -> None:
    ticket = life.to("to_review")
    macro = made(life, Step("pass", {}), Step("note", {"text": "回访请留意"}), login="ren")
    unread = attempt(life.db, lambda: ran(life, macro, ticket, "ren"))
    refused = attempt(life.db, lambda: ran(life, macro, ticket, "ren", dict(life.reading(ticket))))
    assert isinstance(unread, Stopped) and unread.code == "was_not_read"
    assert isinstance(refused, Stopped) and refused.code == "checklist_fails"
    shown = running.preview(life.db, life.city, macro, ticket, life.people["ren"], life.now)
    assert "checklist" in {one.name for one in shown[0].fields}
    ran(life, macro, ticket, "ren", dict(life.answers("pass", ticket)))
    assert ticket.state == "to_follow_up"


def test_open_places_are_refused_until_the_person_fills_them(life: Life) -> None:
    ticket = life.to("handling")
    macro = made(life, Step("note", {"text": "等{谁}回话"}), login="he")
    refused = attempt(life.db, lambda: ran(life, macro, ticket, "he"))
    assert refused is not None and "谁" in refused.sentence
    (event,) = ran(life, macro, ticket, "he", {"text": "等住建局回话"})
    assert event.data["text"] == "等住建局回话"


def test_the_preview_says_where_each_step_leads_and_what_stands_in_its_way(life: Life) -> None:
    ticket = life.to("to_sign")
    macro = made(life, Step("recall", {"reason": "派错"}), Step("dispatch", {"unit": CHENGGUAN}), Step("sign", {}))
    first, second, third = running.preview(life.db, life.city, macro, ticket, life.people["du"], life.now)
    assert (first.to, first.why, first.later) == ("to_dispatch", "", False)
    assert (second.to, second.why, second.later) == ("to_sign", "", True)
    assert "没有权限" in third.why
    stranger = running.preview(life.db, life.city, macro, ticket, life.people["an"], life.now)
    assert "没有权限" in stranger[0].why
    closed = running.preview(life.db, life.city, macro, life.to("closed"), life.people["du"], life.now)
    assert closed[0].why and closed[0].move is None
    again = made(life, Step("texts_on", {}))
    (said,) = running.preview(life.db, life.city, again, life.to("handling"), life.people["an"], life.now)
    assert said.why and said.move is not None and not said.later


def test_every_move_that_the_desks_can_undo_is_taken_back(life: Life) -> None:
    def way(state: str, *actions: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
        found = running.way_back(made(life, *(Step(one, {}) for one in actions)), state)
        return found.back, found.stays

    assert way("to_dispatch", "dispatch", "note") == ((0,), ())
    assert way("to_dispatch", "dispatch", "write") == ((0,), (1,))
    assert way("to_sign", "recall", "dispatch") == ((1,), (0,))
    assert way("to_review", "pass", "note", "record") == ((2, 0), ())
    assert way("handling", "urge", "note") == ((), (0,))
    assert way("to_sign", "sign", "note") == ((), (0,))


def test_two_moves_of_one_macro_go_back_one_after_the_other(life: Life) -> None:
    ticket = life.to("to_review")
    everything = replace(life.people["ren"], roles=frozenset({Role.REVIEWER, Role.FOLLOW_UP}))
    macro = made(life, Step("pass", {}), Step("record", {"solved": "yes"}), login="ren")
    typed = [dict(life.answers("pass", ticket)), {"means": "phone", "solved": "yes", "result": "5"}]
    passed, recorded = running.run(
        life.db, life.city, macro, lock(life.db, ticket.id), everything, life.now, typed, seen=ticket.move_count
    )
    assert ticket.state == "closed"
    assert not life.db.scalars(select(Job).where(*promises_of(passed), Job.run_at <= life.now)).all()
    for event, state in ((recorded, "to_follow_up"), (passed, "to_review")):
        undo = undo_of(event)
        assert undo is not None
        act(life.db, life.city, lock(life.db, ticket.id), undo, everything, life.now)
        assert ticket.state == state
    assert life.db.scalar(select(func.count(Survey.id)).where(Survey.ticket_id == ticket.id)) == 0
    assert all(life.db.get_one(TakingBack, one.id).undone_at for one in (passed, recorded))


def test_what_was_done_at_another_time_is_not_taken_back_with_it(life: Life) -> None:
    ticket = life.to("to_review")
    everything = replace(life.people["ren"], roles=frozenset({Role.REVIEWER, Role.FOLLOW_UP}))
    passed = act(
        life.db, life.city, lock(life.db, ticket.id), "pass", everything, life.now, life.answers("pass", ticket)
    )
    later = life.now + timedelta(seconds=2)
    said = {"means": "phone", "solved": "yes", "result": "5"}
    recorded = act(life.db, life.city, lock(life.db, ticket.id), "record", everything, later, said)
    act(life.db, life.city, lock(life.db, ticket.id), str(undo_of(recorded)), everything, later)
    with pytest.raises(Refusal):
        act(life.db, life.city, lock(life.db, ticket.id), str(undo_of(passed)), everything, later)
    assert ticket.state == "to_follow_up"


def test_a_macro_runs_on_many_tickets_each_all_or_nothing(life: Life) -> None:
    there, gone = life.to("to_dispatch"), life.to("handling")
    macro = made(life, Step("dispatch", {"unit": CHENGGUAN}), Step("note", {"text": "派给{单位}"}), login="du")
    du = life.people["du"]
    assert many.begins(macro, [there, gone], du) == 1
    ways = many.in_the_way(life.db, life.city, macro, [there, gone], du, life.now)
    assert (ways[0], bool(ways[1])) == ("", True)
    typed = [{"unit": CHENGGUAN}, {"text": "批量派给{单位}"}]
    seen = {one.id: one.move_count for one in (there, gone)}
    done, refused = many.run(life.db, life.city, macro, [there, gone], du, life.now, typed, seen)
    assert (there.state, len(done.events), done.sentence) == ("to_sign", 2, "")
    assert done.events[1].data["text"] == f"批量派给{life.city.unit_name(CHENGGUAN)}"
    assert gone.state == "handling" and refused.sentence and not refused.events


def test_what_is_judged_ticket_by_ticket_is_not_done_to_many(life: Life) -> None:
    assert many.judged(made(life, Step("note", {}), Step("pass", {}))) == ACTIONS["pass"].label
    assert many.judged(made(life, Step("record", {}))) == ACTIONS["record"].label
    assert many.judged(made(life, *URGED)) == ""


def test_a_shared_macro_is_changed_by_supervisors_alone_and_keeps_its_history(life: Life) -> None:
    plan = Plan("共用", "dispatch", (Step("note", {"text": "一"}),))
    with pytest.raises(NotAllowed):
        macros.write(life.db, life.city, life.people["du"], plan, life.now, shared=True)
    macro = macros.write(life.db, life.city, life.people["du2"], plan, life.now, shared=True)
    changed = Plan("共用", "dispatch", (Step("note", {"text": "二"}),))
    with pytest.raises(NotAllowed):
        macros.rewrite(life.db, life.city, life.people["du"], macro, changed, life.now, 1)
    macros.rewrite(life.db, life.city, life.people["du2"], macro, changed, life.now, 1)
    assert macro.steps == [{"action": "note", "answers": {"text": "二"}}]
    told = life.db.scalars(select(ReadyChange).where(ReadyChange.kind == "macro").order_by(ReadyChange.id)).all()
    assert ["一" in told[0].said, "二" in told[1].said] == [True, True]
    keeping.retire(life.db, life.people["du2"], macro, life.now, 2)
    assert macro not in keeping.offered(life.db, Macro, life.people["du"], "dispatch")


def test_what_the_preview_says_is_what_happens(life: Life) -> None:
    """Each macro of the city in each state where nothing stands in its way ends where the preview said, by the steps it told."""
    begun = set()
    for macro in life.db.scalars(select(Macro)).all():
        for state in ("to_dispatch", "to_sign", "handling", "to_review", "to_follow_up"):
            ticket = life.to(state)
            for login in ("du", "he", "ren", "hui"):
                shown = running.preview(life.db, life.city, macro, ticket, life.people[login], life.now)
                if any(one.why for one in shown):
                    continue
                typed = [_unfilled(life, one, ticket) for one in shown]
                done = ran(life, macro, ticket, login, *typed)
                assert ticket.state == shown[-1].to, (macro.title, state, login)
                assert [one.action for one in done] == [one.step.action for one in shown]
                begun.add(macro.title)
                break
    assert len(begun) >= 6


def _unfilled(life: Life, shown: running.Preview, ticket: Ticket) -> dict[str, Any]:
    """What a person types: the questions that nothing is kept for, and the places that stay open."""
    whole = {name for name, words in shown.answers.items() if not holes(str(words))}
    answers = dict(life.answers(shown.step.action, ticket))
    if running.judges(shown.step.action):
        return answers
    asked = {one.name for one in shown.fields}
    typed = {name: words for name, words in SPARE.items() if name in asked} | answers
    return {name: words for name, words in typed.items() if name not in whole}
