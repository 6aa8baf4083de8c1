"""The dispatch desk: safety first, one key to accept, refusals that keep every word, and nothing for anybody else."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from hotline.installation import Installation
from hotline.tickets.lists import dispatch_queue
from models import Correction, Ticket, TicketEvent
from tests.support.life import Life
from tests.support.make import CHENGGUAN
from tests.support.statements import statements
from tests.web.dispatch.queue import DANGER, SAFE, Browse, proposal_of, send, state_of, waiting


def test_danger_stands_before_everything_that_is_older(
    life: Life, installation: Installation, desk: FlaskClient
) -> None:
    old, danger = waiting(life, installation, SAFE, DANGER)
    page = desk.get("/dispatch/").text
    assert danger.safety and not old.safety
    assert page.index(f"row-{danger.number}") < page.index(f"row-{old.number}")


def test_the_first_ticket_is_open_with_its_words_and_the_form_filled(
    life: Life, installation: Installation, desk: FlaskClient
) -> None:
    (ticket,) = waiting(life, installation, SAFE)
    proposal = proposal_of(life, ticket)
    page = desk.get("/dispatch/").text
    assert "请修理" in page and f'name="category" value="{proposal.category_code}"' in page
    assert f'value="{life.city.unit_name(proposal.unit_code)}"' in page
    assert life.city.category_name(proposal.category_code) in page


def test_accepting_the_proposal_sends_the_ticket_and_opens_the_next(
    life: Life, installation: Installation, desk: FlaskClient
) -> None:
    first, second = waiting(life, installation, SAFE, SAFE + "另一处")
    proposal = proposal_of(life, first)
    answer = send(
        desk,
        first,
        unit=life.city.unit_name(proposal.unit_code),
        category=proposal.category_code,
        urgency="normal",
        request_type=first.request_type,
    )
    assert answer.status_code == 303 and second.number in answer.headers["Location"]
    assert state_of(life, first) == "to_sign" and life.db.get_one(Ticket, first.id).unit_code == proposal.unit_code
    assert life.db.scalars(select(Correction).where(Correction.about.in_(("unit", "category")))).all() == []


def test_another_unit_is_kept_as_a_correction(life: Life, installation: Installation, desk: FlaskClient) -> None:
    (ticket,) = waiting(life, installation, SAFE)
    send(desk, ticket, unit=life.city.unit_name("transport"), helper_more="市城市管理局、市公安局", urgency="normal")
    life.db.expire_all()
    held = life.db.get_one(Ticket, ticket.id)
    assert held.unit_code == "transport"
    assert sorted(a.unit_code for a in held.assignments if a.part == "helper") == [CHENGGUAN, "police"]
    assert "transport" in life.db.scalars(select(Correction.chosen)).all()


def test_an_unknown_unit_is_refused_and_every_word_stays(
    life: Life, installation: Installation, desk: FlaskClient
) -> None:
    (ticket,) = waiting(life, installation, SAFE)
    answer = send(desk, ticket, unit="月球管理局", note="请连夜处理", urgency="urgent")
    assert answer.status_code == 400
    assert "月球管理局" in answer.text and "请连夜处理" in answer.text and state_of(life, ticket) == "to_dispatch"


def test_the_second_of_two_dispatchers_hears_that_it_moved_on_and_keeps_the_text(
    life: Life, installation: Installation, desk: FlaskClient
) -> None:
    (ticket,) = waiting(life, installation, SAFE)
    seen = ticket.move_count
    life.do(ticket, "du", "dispatch")
    life.db.commit()
    answer = desk.post(
        f"/dispatch/{ticket.number}/dispatch", data={"seen": seen, "unit": "市公安局", "note": "我也写了意见"}
    )
    assert answer.status_code == 409 and "我也写了意见" in answer.text and "待签收" in answer.text
    assert life.db.get_one(Ticket, ticket.id).unit_code == CHENGGUAN


def test_choosing_another_category_brings_its_unit_but_keeps_a_unit_typed_by_hand(
    life: Life, installation: Installation, desk: FlaskClient
) -> None:
    (ticket,) = waiting(life, installation, SAFE)
    address = f"/dispatch/{ticket.number}/routing"
    before = {"urgency": "normal", "unit": "市城市管理局", "proposed_unit": CHENGGUAN}
    followed = desk.get(address, query_string={**before, "category": "1203"}).text
    assert 'name="unit"' in followed and "教育" in followed
    kept = desk.get(address, query_string={**before, "category": "1203", "unit": "市公安局"}).text
    assert 'value="市公安局"' in kept


def test_a_ticket_that_waits_for_the_citizen_stands_in_its_own_tab(life: Life, desk: FlaskClient) -> None:
    ticket = life.ticket()
    life.do(ticket, "du", "ask_more")
    life.db.commit()
    assert f"row-{ticket.number}" not in desk.get("/dispatch/").text
    assert "在哪一段路" in desk.get("/dispatch/?tab=asking").text


def test_one_key_merges_a_ticket_into_the_one_of_the_same_matter_and_goes_on_to_the_next(
    life: Life, installation: Installation, desk: FlaskClient
) -> None:
    first, second, third = waiting(life, installation, SAFE, SAFE, "十五路公交车半小时不来一趟。")
    page = desk.get(f"/dispatch/{second.number}").text
    assert (
        re.search(rf'name="master" value="{first.number}".*?data-key="alt\+i"', page, flags=re.S)
        and "内容几乎相同" in page
    )
    answer = send(desk, second, "merge", master=first.number)
    assert answer.status_code == 303 and f"/dispatch/{third.number}" in answer.headers["Location"]
    assert state_of(life, second) == "merged" and life.db.get_one(Ticket, second.id).merged_into_id == first.id
    assert f"{second.number} 已并入 {first.number}" in desk.get(answer.headers["Location"]).text


def test_a_merge_that_cannot_be_is_refused_with_its_reason(
    life: Life, installation: Installation, desk: FlaskClient
) -> None:
    first, second = waiting(life, installation, SAFE, SAFE)
    send(desk, first, "merge", master=second.number)
    refused = send(desk, second, "merge", master=first.number)
    assert refused.status_code == 400 and "不能作为主工单" in refused.text and state_of(life, second) == "to_dispatch"


def test_the_open_page_hears_that_somebody_else_moved_its_ticket(life: Life, desk: FlaskClient) -> None:
    ticket = life.ticket()
    life.db.commit()
    address = f"/dispatch/{ticket.number}/moved?seen={ticket.move_count}"
    assert "刚刚处理了这张工单" not in desk.get(address).text
    life.do(ticket, "du", "dispatch")
    life.db.commit()
    told = desk.get(address).text
    assert "刚刚处理了这张工单" in told and "待签收" in told


def test_paging_shows_every_ticket_once_and_back_again(life: Life) -> None:
    made = [life.ticket(phone=f"139000000{n:02d}") for n in range(7)]
    for one in made[::3]:
        one.urgency = "urgent"
    life.db.commit()
    seen: list[list[str]] = []
    after = None
    while True:
        page = dispatch_queue.page(life.db, life.people["du"], "todo", after=after, size=2)
        seen.append([one.number for one in page.rows])
        after = page.next
        if after is None:
            break
    flat = [number for rows in seen for number in rows]
    assert len(flat) == 7 and len(set(flat)) == 7
    assert set(flat[:3]) == {one.number for one in made[::3]}
    last_key = dispatch_queue.page(
        life.db,
        life.people["du"],
        "todo",
        after=dispatch_queue.page(life.db, life.people["du"], "todo", size=2).next,
        size=2,
    )
    assert [
        one.number for one in dispatch_queue.page(life.db, life.people["du"], "todo", before=last_key.back, size=2).rows
    ] == seen[0]


def test_the_desk_asks_the_database_as_often_for_two_tickets_as_for_forty(
    life: Life, installation: Installation, desk: FlaskClient
) -> None:
    waiting(life, installation, SAFE, SAFE + "又一处")
    desk.get("/dispatch/")
    with statements(installation.engine) as few:
        desk.get("/dispatch/")
    waiting(life, installation, *(f"{SAFE}第{n}处" for n in range(39)))
    desk.get("/dispatch/")
    with statements(installation.engine) as many:
        assert desk.get("/dispatch/").status_code == 200
    assert len(many) <= len(few), "\n".join(many)
    assert len(many) < 32


def test_empty_queues_say_so(life: Life, desk: FlaskClient) -> None:
    for tab, sentence in (
        ("todo", "全部派完了"),
        ("objection", "没有等待裁决的退单"),
        ("dispute", "没有疑难会商"),
        ("asking", "没有在等市民补充"),
        ("petitions", "没有等待决定的申请"),
    ):
        assert sentence in desk.get(f"/dispatch/?tab={tab}").text


@pytest.mark.parametrize("login", ["an", "he", "hejt", "ren", "ji", "mei"])
def test_nobody_but_a_dispatcher_opens_any_of_it(life: Life, browse: Browse, login: str) -> None:
    ticket = life.ticket()
    life.db.commit()
    client = browse(life.staff[login])
    for address in (
        "/dispatch/",
        f"/dispatch/{ticket.number}",
        f"/dispatch/{ticket.number}/routing",
        f"/dispatch/{ticket.number}/moved",
    ):
        assert client.get(address).status_code == 403, address
    for address in (f"/dispatch/{ticket.number}/dispatch", "/dispatch/bulk", "/dispatch/petitions/1"):
        assert client.post(address, data={"unit": CHENGGUAN}).status_code == 403, address
    assert life.db.scalar(select(TicketEvent.id).where(TicketEvent.action == "dispatch")) is None


@pytest.mark.parametrize("address", ["/dispatch/000", "/dispatch/000/routing", "/dispatch/000/moved"])
def test_a_number_that_does_not_exist_is_a_sentence(desk: FlaskClient, address: str) -> None:
    assert desk.get(address).status_code == 404


@pytest.mark.parametrize("query", ["after=x~y", "before=~~~", "after=1~2026-01-01T00:00~3", "tab=nothing", "sure=x"])
def test_a_broken_address_starts_at_the_beginning(life: Life, desk: FlaskClient, query: str) -> None:
    life.ticket()
    life.db.commit()
    assert desk.get(f"/dispatch/?{query}").status_code == 200


def test_phones_and_names_are_masked_on_the_desk(life: Life, desk: FlaskClient) -> None:
    life.ticket(phone="13812345678", words="我是王建国，电话13812345678，路灯坏了。", name="王建国")
    life.db.commit()
    page = desk.get("/dispatch/").text
    assert "13812345678" not in page and "138****5678" in page


def test_the_desk_speaks_english_too(life: Life, installation: Installation, desk: FlaskClient) -> None:
    waiting(life, installation, SAFE)
    desk.set_cookie("hotline_language", "en")
    page = desk.get("/dispatch/").text
    assert "Dispatch" in page and "待派单" not in page
