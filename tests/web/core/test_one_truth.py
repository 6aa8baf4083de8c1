"""What is said in two places is decided in one: both ways in agree."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.sql.elements import TextClause

from hotline.backups import make
from hotline.city.schema import City
from hotline.clock import StoppedClock
from hotline.errors import Refusal
from hotline.installation import Installation
from hotline.messages import deliver
from hotline.ops import health
from hotline.outbox import enqueue
from hotline.outbox.overdue import failed_jobs, late_jobs
from hotline.staff.accounts import Person, hire
from hotline.tickets import petitions
from hotline.tickets.act import attempt, lock
from hotline.tickets.lists.ticket_list import COUNT_LIMIT, badge, counted
from hotline.tickets.privacy import attachments
from hotline.tickets.roles import SYSTEM
from hotline.tickets.states import ENDED, FINISHED, OPEN, State
from hotline.web.admin.outbox import late_and_failed
from hotline.web.ops import views as ops
from hotline.web.search import box
from models import Job, Message, Petition, Staff
from models.tickets.ticket import CLOSED_STATES, FINISHED_STATES, OPEN_WORK
from tests.support.life import Life
from tests.support.make import make_staff
from webhooks.events import SMS_RANK
from webhooks.twilio import sms

Browse = Callable[[Any], FlaskClient]


@pytest.fixture
def admin(life: Life, browse: Browse) -> FlaskClient:
    made = make_staff(life.db, "guan", "管", "administrator", unit="hotline")
    life.db.commit()
    return browse(made)


@pytest.mark.parametrize(("minutes", "late"), [(1, 0), (2, 1), (6, 1)])
def test_page_command_health_and_gauges_call_the_same_work_late(
    app: Flask, installation: Installation, life: Life, clock: StoppedClock, minutes: int, late: int
) -> None:
    enqueue(life.db, "tell", key="one", now=life.now)
    life.db.commit()
    clock.forward(minutes=minutes)
    gauges = {one.name: one.samples[0].value for one in ops.Gauges(installation).collect() if one.samples}
    assert late_and_failed(life.db, clock.now())[0] == late
    assert len(late_jobs(life.db, clock.now())) == late
    assert len(health.look(installation).problems()) == late
    assert gauges["hotline_jobs_late"] == late


def test_work_that_was_given_up_and_done_after_all_is_given_up_nowhere(installation: Installation, life: Life) -> None:
    enqueue(life.db, "tell", key="one", now=life.now)
    job = life.db.scalars(select(Job)).one()
    job.failed_at, job.done_at = life.now, life.now + timedelta(minutes=1)
    life.db.commit()
    gauges = {one.name: one.samples[0].value for one in ops.Gauges(installation).collect() if one.samples}
    assert (late_and_failed(life.db, life.now)[1], failed_jobs(life.db), gauges["hotline_jobs_failed"]) == (
        0,
        [],
        0,
    )


@pytest.mark.parametrize(
    ("free", "size", "low"),
    [
        (900 << 20, 8 << 30, True),
        (1100 << 20, 8 << 30, False),
        (4 << 30, 50 << 30, True),
        (6 << 30, 50 << 30, False),
        (9 << 30, 2000 << 30, True),
        (20 << 30, 2000 << 30, False),
    ],
)
def test_health_and_the_administrators_page_call_the_same_disk_low(
    admin: FlaskClient, monkeypatch: pytest.MonkeyPatch, free: int, size: int, low: bool
) -> None:
    class Disk:
        total, used = size, size - free

    Disk.free = free  # type: ignore[attr-defined]
    monkeypatch.setattr("shutil.disk_usage", lambda _folder: Disk)
    assert (health.Health(True, 0, free, size).problems() != []) is low
    assert ("快满了" in admin.get("/admin/").text) is low


def test_uploads_and_backups_leave_the_same_room() -> None:
    assert make.KEPT_FREE == attachments.KEPT_FREE == health.KEPT_FREE


def test_a_text_moves_forward_by_one_table_of_ranks(life: Life) -> None:
    assert deliver.SMS_RANK is SMS_RANK and set(sms.STATES.values()) <= set(SMS_RANK)
    message = Message(
        direction="out",
        channel="sms",
        template_key="survey",
        params={},
        text="问",
        state="failed",
        provider_id="SM1",
        created_at=life.now,
    )
    life.db.add(message)
    life.db.flush()
    moved = [
        deliver.move_forward(life.db, "SM1", state, life.now)
        for state in ("sent", "undelivered", "delivered", "failed", "read")
    ]
    assert moved == [False, False, True, False, True] and message.state == "read"


def test_closed_is_one_list() -> None:
    assert {state.value for state in ENDED} == set(CLOSED_STATES) and {state.value for state in FINISHED} == set(
        FINISHED_STATES
    )
    assert set(State) == OPEN | ENDED and not OPEN & ENDED
    assert isinstance(OPEN_WORK, TextClause) and re.findall(r"'(\w+)'", OPEN_WORK.text) == list(CLOSED_STATES)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "   "}, "name"),
        ({"name": "长" * 65}, "name"),
        ({"name": "王五\n纪委办"}, "name"),
        ({"name": "王\u202e五"}, "name"),
        ({"name": "王\u200b五"}, "name"),
        ({"name": "系统"}, "name"),
        ({"name": " 市民 "}, "name"),
        ({"name": "系 統"}, "name"),
        ({"name": "Ｓｙｓｔｅｍ"}, "name"),
        ({"name": "王五\u2028纪委办"}, "name"),
        ({"name": "\u200e王五"}, "name"),
        ({"login": "x" * 300}, "login"),
        ({"login": ""}, "login"),
        ({"login": "王五"}, "login"),
        ({"login": "an"}, "login"),
        ({"roles": ("boss",)}, "roles"),
        ({"roles": ()}, "roles"),
        ({"roles": ("handler",)}, "unit_code"),
        ({"unit": "moon"}, "unit_code"),
        ({"language": "xx"}, "language"),
        ({"phone": "1" * 33}, "phone"),
    ],
)
def test_page_and_command_refuse_the_same_people(
    admin: FlaskClient, life: Life, city: City, typed: dict[str, Any], field: str
) -> None:
    given: dict[str, Any] = {"login": "new", "name": "新来的", "roles": ("agent",), **typed}
    with pytest.raises(Refusal) as refused:
        hire(life.db, city, Person(**given), SYSTEM, life.now)
    assert field in refused.value.problems
    life.db.rollback()
    page = admin.post(
        "/admin/staff/new",
        data={"language": "zh", "unit_code": given.get("unit", ""), **given, "roles": list(given["roles"])},
    )
    assert page.status_code == 400 and refused.value.problems[field] in page.text


def test_page_and_command_hire_the_same_person(admin: FlaskClient, life: Life, city: City) -> None:
    hire(life.db, city, Person(" Wang.Wu ", " 王五 ", ("handler",), "chengguan"), SYSTEM, life.now)
    life.db.commit()
    admin.post(
        "/admin/staff/new",
        data={"login": "Li.Si ", "name": " 李四", "roles": ["handler"], "unit_code": "chengguan", "language": "zh"},
    )
    rows = life.db.scalars(select(Staff).where(Staff.login.in_(("wang.wu", "li.si"))).order_by(Staff.login)).all()
    assert [(one.login, one.name, one.must_change, one.unit_code) for one in rows] == [
        ("li.si", "李四", True, "chengguan"),
        ("wang.wu", "王五", True, "chengguan"),
    ]


def test_a_rare_family_name_of_private_use_is_a_name(life: Life, city: City) -> None:
    staff, _password = hire(life.db, city, Person("rare", "\ue863小明", ("agent",)), SYSTEM, life.now)
    assert staff.name == "\ue863小明"


@pytest.mark.parametrize(("n", "shown"), [(0, None), (1, "1"), (COUNT_LIMIT, "999"), (COUNT_LIMIT + 1, "999+")])
def test_a_number_is_counted_to_the_limit_and_shown_so_everywhere(n: int, shown: str | None) -> None:
    assert badge(n) == shown and counted(n) == (shown or "0")


@pytest.mark.parametrize(
    ("path", "login"),
    [("/dispatch/petitions/{}", "du"), ("/supervision/petitions/{}", "du2"), ("/petitions/{}/decide", "du")],
)
@pytest.mark.parametrize(
    ("verdict", "decision", "state"),
    [("grant", "", "granted"), ("refuse", "理由不足", "refused"), ("refuse", "", "asked")],
)
def test_a_petition_is_decided_alike_on_every_desk(
    life: Life, browse: Browse, path: str, login: str, verdict: str, decision: str, state: str
) -> None:
    ticket = life.to("handling")
    asked = petitions.ask(life.db, life.city, ticket, "extension", life.people["he"], life.now, {"reason": "缺配件"})
    life.db.commit()
    answer = browse(life.staff[login]).post(path.format(asked.id), data={"verdict": verdict, "decision": decision})
    life.db.expire_all()
    assert life.db.get_one(Petition, asked.id).state == state
    assert answer.status_code == (400 if state == "asked" else 303)


def test_one_refused_deed_of_several_leaves_no_trace_and_the_others_stay(life: Life) -> None:
    good, bad = life.to("to_sign"), life.to("to_dispatch")
    refusals = [
        attempt(life.db, lambda ticket=ticket: (life.do(ticket, "he", "note"), life.do(ticket, "he", "sign")))  # type: ignore[misc]
        for ticket in (good, bad)
    ]
    assert refusals[0] is None and refusals[1] is not None
    assert (lock(life.db, good.id).state, lock(life.db, bad.id).state) == ("handling", "to_dispatch")


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("王建国", True),
        ("欧阳修", True),
        ("覃小红", True),
        ("路灯", False),
        ("施工", False),
        ("高中", False),
        ("啊啊啊", False),
    ],
)
def test_the_search_knows_the_surnames_that_the_masks_know(words: str, name: bool) -> None:
    assert box.looks_like_a_name(words) is name
