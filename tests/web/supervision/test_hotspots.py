"""Many citizens, one matter: found as it grows, warned of once, listed for those who lead."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, select

from hotline.installation import Installation
from hotline.jobs.handlers import HANDLERS
from hotline.jobs.schedule import watch_hot
from hotline.triage import hotspots
from models import HotSpot, HotTicket, Job, Message, Staff, Ticket
from tests.support.desks.english import still_chinese
from tests.support.life import Life
from tests.support.statements import statements

Browse = Callable[[Staff], FlaskClient]
WAYS = (
    "锦绣花园从早上开始停水，家里没有水用。",
    "我住锦绣花园，停水三个小时了，什么时候来水？",
    "锦绣花园停水没有通知，老人孩子没法做饭。",
    "锦绣花园二期停水，打物业电话没人接。",
    "锦绣花园整个小区停水，自来水公司说不知道。",
)
OTHERS = (
    "15路公交车早高峰等了四十分钟才来一趟。",
    "滨河公园每天晚上跳舞音响太大，孩子没法写作业。",
    "我是女职工，今年四十九岁，请问几岁可以退休？",
    "文明大道两边停满了车，消防车进不来。",
    "请问建设路的房子对口哪个小学？",
    "解放路中段十几盏路灯坏了，晚上一片漆黑。",
    "工地老板欠我们两个月的工钱，一直躲着不见。",
    "菜市场门口的垃圾堆了一个星期，臭得很。",
)


def water(life: Life, number: int) -> Ticket:
    return life.ticket(phone=f"1380000{number:04}", words=WAYS[number % len(WAYS)])


def crowd(life: Life, many: int = 6) -> list[Ticket]:
    made = [water(life, number) for number in range(many)]
    life.db.commit()
    return made


def warnings(life: Life) -> list[Message]:
    found = list(
        life.db.scalars(select(Message).where(Message.template_key == "hot_matter", Message.role == "supervisor"))
    )
    life.db.commit()
    return found


def only_spot(life: Life) -> HotSpot:
    found = life.db.scalars(select(HotSpot)).one()
    life.db.commit()
    return found


def test_twenty_tickets_of_one_matter_in_an_hour_raise_one_warning(
    installation: Installation, life: Life, browse: Browse
) -> None:
    keys = set()
    for number in range(20):
        water(life, number)
        life.db.commit()
        life.clock.forward(minutes=3)
        hotspots.look(installation)
        keys |= set(life.db.scalars(select(HotSpot.key)))
        life.db.commit()
    (warning,) = warnings(life)
    spot = only_spot(life)
    assert 'href="/hot/"' in browse(life.staff["du2"]).get("/notices").get_data(as_text=True)
    assert warning.role == "supervisor" and "锦绣花园" in warning.text
    assert keys == {spot.key} and spot.count == spot.people == 20 and spot.warned_at and spot.closed_at is None


def test_the_list_is_complete_in_english(installation: Installation, life: Life, browse: Browse) -> None:
    crowd(life)
    hotspots.look(installation)
    client = browse(life.staff["du"])
    client.post("/language", data={"code": "en", "next": "/"})
    for page in ("/hot", f"/hot/{only_spot(life).key}", "/hot?ended=1"):
        assert still_chinese(client.get(page).get_data(as_text=True), "hot") == []


def test_unrelated_tickets_raise_no_warning(installation: Installation, life: Life) -> None:
    for number, words in enumerate(OTHERS):
        life.ticket(phone=f"1390000{number:04}", words=words)
    life.db.commit()
    assert hotspots.look(installation) == [] and warnings(life) == []
    assert life.db.scalars(select(HotSpot)).all() == []


def test_one_caller_alone_is_not_a_crowd(installation: Installation, life: Life) -> None:
    for number in range(8):
        life.ticket(phone="13800001234", words=WAYS[number % len(WAYS)])
    life.db.commit()
    assert hotspots.look(installation) == []


def test_a_sealed_ticket_is_no_part_of_a_hot_spot(installation: Installation, life: Life) -> None:
    sealed, *others = crowd(life, 7)
    sealed.privacy = "sealed"
    life.db.commit()
    hotspots.look(installation)
    assert set(life.db.scalars(select(HotTicket.ticket_id))) == {one.id for one in others}


def test_titles_hold_no_phone(installation: Installation, life: Life) -> None:
    for number in range(6):
        life.ticket(phone=f"1380000{number:04}", words=f"锦绣花园停水，请回电13912345678，{WAYS[number % len(WAYS)]}")
    life.db.commit()
    hotspots.look(installation)
    assert "13912345678" not in only_spot(life).title


def test_what_nobody_speaks_of_any_more_cools_down_and_is_not_warned_of_again(
    installation: Installation, life: Life
) -> None:
    crowd(life)
    hotspots.look(installation)
    life.clock.forward(days=20)
    hotspots.look(installation)
    assert only_spot(life).closed_at is not None
    assert len(warnings(life)) == 1


def test_the_minute_clock_promises_one_look_in_a_few_minutes_and_only_for_new_tickets(
    installation: Installation, life: Life
) -> None:
    def enqueued() -> int:
        found = len(life.db.scalars(select(Job).where(Job.name == "look_for_hot")).all())
        life.db.commit()
        return found

    watch_hot(installation, life.now)
    assert enqueued() == 0
    crowd(life)
    watch_hot(installation, life.now)
    watch_hot(installation, life.now + timedelta(seconds=1))
    assert enqueued() == 1
    watch_hot(installation, life.now + timedelta(days=1))
    assert enqueued() == 1
    assert "look_for_hot" in HANDLERS


def test_the_promise_is_kept_by_a_worker(installation: Installation, life: Life) -> None:
    from hotline.outbox.runner import drain

    crowd(life)
    watch_hot(installation, life.now)
    drain(installation)
    assert only_spot(life).count == 6 and len(warnings(life)) == 1


def test_the_list_shows_the_matter_and_leads_to_its_tickets(
    installation: Installation, life: Life, browse: Browse
) -> None:
    tickets = crowd(life)
    hotspots.look(installation)
    spot = only_spot(life)
    client = browse(life.staff["du2"])
    page = client.get("/hot").get_data(as_text=True)
    assert spot.title in page and f"/hot/{spot.key}" in page and "还在增长" in page
    opened = client.get(f"/hot/{spot.key}").get_data(as_text=True)
    assert all(one.number in opened for one in tickets) and 'name="master"' not in opened


def test_an_empty_list_says_so(life: Life, browse: Browse) -> None:
    assert "现在没有多人同诉的事" in browse(life.staff["du2"]).get("/hot").get_data(as_text=True)


@pytest.mark.parametrize("login", ["he", "hejt", "chang", "ren", "an"])
def test_units_and_others_do_not_see_the_list(
    installation: Installation, life: Life, browse: Browse, login: str
) -> None:
    crowd(life)
    hotspots.look(installation)
    client = browse(life.staff[login])
    assert client.get("/hot").status_code == 403
    assert client.get(f"/hot/{only_spot(life).key}").status_code == 403
    assert 'href="/hot/"' not in client.get("/notices").get_data(as_text=True)


def test_the_ticket_and_the_dispatch_panel_lead_to_the_matter(
    installation: Installation, life: Life, browse: Browse
) -> None:
    ticket = crowd(life)[0]
    hotspots.look(installation)
    client, unit = browse(life.staff["du"]), browse(life.staff["he"])
    for page in (f"/tickets/{ticket.number}", f"/dispatch/{ticket.number}"):
        assert "同类诉求 6 件" in client.get(page).get_data(as_text=True)
    life.do(ticket, "du", "dispatch")
    life.db.commit()
    shown = unit.get(f"/tickets/{ticket.number}")
    assert shown.status_code == 200 and "同类诉求" not in shown.get_data(as_text=True)


def test_a_dispatcher_merges_from_the_matter(installation: Installation, life: Life, browse: Browse) -> None:
    master, *others = crowd(life)
    hotspots.look(installation)
    key, client = only_spot(life).key, browse(life.staff["du"])
    numbers = [one.number for one in others]
    answer = client.post(
        f"/hot/{key}/merge", data={"master": master.number, "ticket": [master.number, *numbers]}, follow_redirects=True
    )
    assert f"5 张工单已并入 {master.number}" in answer.get_data(as_text=True)
    life.db.expire_all()
    assert {one.state for one in others} == {"merged"} and master.state == "to_dispatch"


def test_merging_nothing_says_what_to_choose(installation: Installation, life: Life, browse: Browse) -> None:
    master = crowd(life)[0]
    hotspots.look(installation)
    answer = browse(life.staff["du"]).post(f"/hot/{only_spot(life).key}/merge", data={"master": master.number})
    assert answer.status_code == 400 and "请选一张主工单" in answer.get_data(as_text=True)


def test_only_dispatchers_merge(installation: Installation, life: Life, browse: Browse) -> None:
    tickets = crowd(life)
    hotspots.look(installation)
    answer = browse(life.staff["du2"]).post(
        f"/hot/{only_spot(life).key}/merge", data={"master": tickets[0].number, "ticket": tickets[1].number}
    )
    assert answer.status_code == 403


def test_an_unknown_matter_is_not_found(life: Life, browse: Browse) -> None:
    assert browse(life.staff["du2"]).get("/hot/nothing").status_code == 404


def test_the_list_needs_the_same_statements_for_one_matter_and_for_many(
    installation: Installation, life: Life, browse: Browse, sqlite_engine: Engine
) -> None:
    client, counted = browse(life.staff["du2"]), []
    for n in (1, 5):
        for number in range(n):
            life.db.add(
                HotSpot(
                    key=f"k{n}{number}",
                    title="停水",
                    area=None,
                    place=None,
                    category_code=None,
                    first_at=life.now,
                    last_at=life.now,
                    count=5,
                    people=5,
                    heat=5.0,
                    trend=4.0,
                    looked_at=life.now,
                )
            )
        life.db.commit()
        with statements(sqlite_engine) as sent:
            client.get("/hot")
        counted.append(len(sent))
    assert counted[0] == counted[1]
