"""The stream tells everything once, in one order, whatever happens between two looks."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from hotline.monitoring.faces import face, seen
from hotline.monitoring.stream import gather
from hotline.tickets import petitions
from models import MonitorEntry, MonitorMark, Ticket, TicketEvent, Violation
from tests.support.life import Life


def told(life: Life) -> list[tuple[str, str]]:
    """What the stream says after a look, past the seconds in which a desk may take back."""
    life.clock.forward(minutes=1)
    gather(life.db, life.city, life.now)
    return [(one.kind, one.what) for one in life.db.scalars(select(MonitorEntry).order_by(MonitorEntry.id))]


def test_acts_and_turns_of_clocks_come_in_the_order_in_which_they_happened(life: Life) -> None:
    life.ticket()
    assert told(life) == [("act", "submit"), ("clock_set", "dispatch")]
    ticket = life.db.scalars(select(Ticket)).one()
    life.do(ticket, "du", "dispatch")
    found = told(life)[2:]
    assert found[0] == ("act", "dispatch") and ("clock_met", "dispatch") in found
    assert {what for kind, what in found if kind == "clock_set"} == {"sign", "objection", "contact", "reply"}


def test_a_second_look_tells_nothing_again(life: Life) -> None:
    life.to("closed")
    first = told(life)
    assert told(life) == first and len(first) == len(set(life.db.scalars(select(MonitorEntry.key))))


def test_an_overrun_is_told_when_the_clock_runs_out_without_any_act(life: Life) -> None:
    ticket = life.to("to_sign")
    before = len(told(life))
    life.clock.at = life.now + timedelta(days=2)
    found = told(life)[before:]
    assert ("overrun", "sign") in found and ("violation", "signed_late") in found
    assert ("overrun", "reply") not in found
    assert found.index(("overrun", "sign")) < found.index(("violation", "signed_late"))
    life.do(ticket, "he", "sign")
    assert ("clock_late", "sign") in told(life)[before:]


def test_cards_send_backs_objections_extensions_and_exclusions_have_kinds_of_their_own(life: Life) -> None:
    ticket = life.to("handling")
    asked = petitions.ask(life.db, life.city, ticket, "extension", life.people["he"], life.now, {"reason": "等配件"})
    petitions.decide(life.db, life.city, asked.id, True, life.people["du2"], life.now, None)
    out = petitions.ask(life.db, life.city, ticket, "exclusion", life.people["he"], life.now, {"reason": "不可抗力"})
    petitions.decide(life.db, life.city, out.id, True, life.people["du2"], life.now, None)
    life.do(ticket, "clock", "red_card")
    for login, action in (("he", "reply"), ("ren", "redo")):
        life.do(ticket, login, action)
    other = life.to("in_objection")
    life.do(other, "du", "overrule")
    found = told(life)
    for wanted in (
        ("extension", "extension_asked"), ("extension", "extension_granted"), ("exclusion", "exclusion_granted"),
        ("card", "red_card"), ("send_back", "redo"), ("objection", "object"), ("objection", "overrule"),
    ):  # fmt: skip
        assert wanted in found, wanted


def test_what_a_desk_may_still_take_back_waits(life: Life) -> None:
    ticket = life.ticket()
    told(life)
    life.do(ticket, "du", "dispatch")
    gather(life.db, life.city, life.now)
    assert (
        life.db.scalar(select(MonitorEntry.id).where(MonitorEntry.what == "dispatch", MonitorEntry.kind == "act"))
        is None
    )
    assert ("act", "dispatch") in told(life)


def test_a_small_look_at_a_time_loses_nothing(life: Life) -> None:
    for _n in range(7):
        life.to("handling")
    life.clock.forward(minutes=1)
    looks = 0
    while gather(life.db, life.city, life.now, most=3):
        looks += 1
        life.clock.forward(minutes=6)
    events = set(life.db.scalars(select(TicketEvent.id)))
    assert looks > 1
    assert set(life.db.scalars(select(MonitorEntry.event_id).where(MonitorEntry.event_id.is_not(None)))) == events
    for _n in range(3):
        life.clock.forward(minutes=6)
        gather(life.db, life.city, life.now)
    assert life.db.get_one(MonitorMark, "stream").event_id == max(events), "and is not asked about again"


def test_a_withdrawn_record_is_told(life: Life) -> None:
    ticket = life.to("in_objection")
    life.do(ticket, "du", "overrule")
    told(life)
    life.do(ticket, "du2", "withdraw_violation", violation=overruled(life), reason="情有可原")
    assert told(life).count(("withdrawn", "objection_refused")) == 1
    assert told(life).count(("violation", "objection_refused")) == 1


def overruled(life: Life) -> int:
    return life.db.scalars(select(Violation.id).where(Violation.rule == "objection_refused")).one()


def test_a_face_has_no_words_and_of_a_sealed_matter_only_the_head(life: Life) -> None:
    ticket = life.ticket(name="王小明", privacy="sealed", words="王小明举报：文峰大道某店售卖假药，电话13800001234。")
    life.do(ticket, "du", "dispatch")
    life.clock.at += timedelta(days=3)
    told(life)
    faces = [face(one) for one in seen(life.db, life.city, life.db.scalars(select(MonitorEntry)))]
    assert all(one["sealed"] and one["post"] is None for one in faces)
    written = str(faces)
    for word in ("王小明", "13800001234", "假药", "文峰大道"):
        assert word not in written
    (late,) = [one for one in faces if one["what"] == "signed_late"]
    assert late["number"] == ticket.number and late["rule"]["clause"] == "第四十条第（一）项"
    assert late["rule"]["source"] == "《济南市12345市民服务热线条例》" and not late["rule"]["own"]
