"""Nothing foreign by any other way: the ticket that a merge names, the unit of a figure, the stream of monitoring."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hotline.errors import Refusal
from hotline.installation import Installation
from hotline.intake.open_ticket import Contact, open_ticket
from hotline.monitoring.stream import gather
from hotline.tickets.act import act, lock
from hotline.tickets.roles import SYSTEM, Actor, Role
from hotline.web.admin import tokens as machine_tokens
from models import Ticket
from tests.support.doubles.machine import Machine
from tests.support.life import Life
from tests.support.make import CHENGGUAN, ELSEWHERE

EVERY = tuple(scope for scope in machine_tokens.SCOPES if scope != "tickets.read.all")
NOWHERE = "260304999999"


def ticket(installation: Installation, source: str, words: str, **more: str) -> Ticket:
    with installation.sessions() as db:
        made = open_ticket(
            db, installation.city, Contact(body=words, outer_source=source, **more), SYSTEM, installation.clock.now()
        )
        db.commit()
        return made


def do(installation: Installation, made: Ticket, action: str, **answers: str) -> None:
    by = Actor("staff", None, "杜", frozenset({Role.DISPATCHER}))
    with installation.sessions() as db:
        act(db, installation.city, lock(db, made.id), action, by, installation.clock.now(), answers)
        db.commit()


def test_a_machine_merges_into_no_matter_that_it_does_not_see(installation: Installation, machine: Machine) -> None:
    """V2: merged into a foreign matter, a ticket told its number, its state and what its citizen was answered."""
    mine = ticket(installation, "one", "文峰大道的路灯不亮。")
    foreign = ticket(installation, "two", "垃圾成堆。")
    sealed = ticket(installation, "two", "科长受贿", privacy="sealed")
    one = machine("one", *EVERY)
    answers = [
        one("POST", f"/tickets/{mine.number}/actions/merge", json={"master": number})
        for number in (NOWHERE, foreign.number, sealed.number)
    ]
    told = {
        answer.get_data(as_text=True).replace(number, "")
        for answer, number in zip(answers, (NOWHERE, foreign.number, sealed.number), strict=True)
    }
    assert {answer.status_code for answer in answers} == {400} and len(told) == 1, told
    assert one("GET", f"/tickets/{mine.number}").get_json()["handled_as"] == mine.number


def test_a_machine_merges_its_own(installation: Installation, machine: Machine) -> None:
    mine, other = (ticket(installation, "one", words) for words in ("路灯不亮。", "路灯又不亮。"))
    one = machine("one", *EVERY)
    assert one("POST", f"/tickets/{mine.number}/actions/merge", json={"master": other.number}).status_code == 200


def test_an_agent_cannot_tell_a_sealed_ticket_from_none_by_merging(life: Life) -> None:
    """V4, V22."""
    mine = life.ticket()
    sealed = life.ticket(phone="13812340001", words="科长受贿", privacy="sealed")
    draft = life.ticket(phone="13812340002", words="没写完")
    sealed.agent_id = draft.agent_id = life.staff["班"].id
    draft.state = "draft"
    told = set()
    for number in (NOWHERE, sealed.number, draft.number):
        with pytest.raises(Refusal) as refused:
            life.do(mine, "an", "merge", master=number)
        told.add(refused.value.sentence.replace(number, ""))
    assert told == {"没有找到工单 ，请核对主工单号。"}
    with pytest.raises(Refusal, match="保密工单不与其他工单合并"):
        life.do(mine, "du", "merge", master=sealed.number)


def test_a_machine_of_a_unit_reads_no_other_units_figures(installation: Installation, machine: Machine) -> None:
    """V2, VH2: `unit=` opened every unit's figures, and without it the whole city's, to the system of one unit."""
    for unit in (CHENGGUAN, ELSEWHERE):
        made = ticket(installation, "one", "路灯不亮。")
        do(installation, made, "dispatch", unit=unit)
    one, whole = (
        machine("unit", "figures.read", units=[CHENGGUAN]),
        machine("bureau", "figures.read"),
    )
    installation.clock.forward(minutes=1)  # type: ignore[attr-defined]
    assert one("GET", f"/figures?unit={ELSEWHERE}").status_code == 403
    assert whole("GET", f"/figures?unit={ELSEWHERE}").status_code == 200
    own, all_of_it = (one("GET", path).get_json() for path in (f"/figures?unit={CHENGGUAN}", "/figures"))
    assert own == all_of_it != whole("GET", "/figures").get_json()


def test_a_machine_of_a_unit_hears_in_the_stream_of_what_it_may_see(
    installation: Installation, machine: Machine
) -> None:
    """V2: numbers and steps of every unit's matters, the sealed ones' too."""
    mine, other = (ticket(installation, "two", words) for words in ("路灯不亮。", "食堂饭菜变质。"))
    do(installation, mine, "dispatch", unit=CHENGGUAN)
    do(installation, other, "dispatch", unit=ELSEWHERE)
    ticket(installation, "two", "科长受贿", privacy="sealed")
    with installation.sessions() as db:
        gather(db, installation.city, installation.clock.now() + timedelta(hours=1))
        db.commit()
    told = machine("unit", "monitoring.read", units=[CHENGGUAN])("GET", "/monitoring/events").get_json()
    assert {one["number"] for one in told["events"]} == {mine.number}
    body = machine("body", "monitoring.read")("GET", "/monitoring/events").get_json()
    assert len({one["number"] for one in body["events"]}) == 3
