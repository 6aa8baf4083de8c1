"""Undo from the green bar: one key takes back what a desk just did, of one ticket or of many."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from hotline.installation import Installation
from hotline.outbox.runner import drain
from models import Job, Message, Staff, Ticket, TicketEvent
from tests.support.life import Life
from tests.support.make import CHENGGUAN

Browse = Callable[[Staff], FlaskClient]


def ready(life: Life, state: str) -> Ticket:
    ticket = life.to(state)
    life.db.commit()
    return ticket


def offered(client: FlaskClient, path: str) -> dict[str, str]:
    """What the bar's button would send."""
    page = client.get(path, follow_redirects=True).get_data(as_text=True)
    form = re.search(r'<form class="undo".*?</form>', page, re.S)
    assert form, "no way back is offered"
    return dict(re.findall(r'name="(events|back)" value="([^"]*)"', form.group()))


def state_of(life: Life, ticket: Ticket) -> str:
    life.db.expire_all()
    state = life.db.get_one(Ticket, ticket.id).state
    life.db.commit()
    return state


def test_a_dispatch_is_taken_back_in_one_key_and_nobody_was_told(
    life: Life, browse: Browse, installation: Installation
) -> None:
    """Found at the desks: W3."""
    ticket = ready(life, "to_dispatch")
    du = browse(life.staff["du"])
    drain(installation)
    texts = len(life.db.scalars(select(Message.id)).all())
    life.db.commit()
    sent = {"unit": CHENGGUAN, "seen": ticket.move_count, "tab": "todo"}
    assert du.post(f"/dispatch/{ticket.number}/dispatch", data=sent).status_code == 303
    drain(installation)
    assert state_of(life, ticket) == "to_sign"
    assert len(life.db.scalars(select(Message.id)).all()) == texts
    life.db.commit()
    back = du.post("/undo", data=offered(du, "/dispatch"))
    assert ticket.number in back.location and state_of(life, ticket) == "to_dispatch"
    life.clock.forward(minutes=2)
    drain(installation)
    assert len(life.db.scalars(select(Message.id)).all()) == texts


def test_the_bar_comes_with_every_page_until_its_seconds_are_over(life: Life, browse: Browse) -> None:
    ticket = ready(life, "to_review")
    ren, other = browse(life.staff["ren"]), browse(life.staff["du"])
    page = ren.get(f"/tickets/{ticket.number}/do/redo").text
    read = dict(re.findall(r'name="(seen|wording)" value="(\d+)"', page))
    ren.post(f"/tickets/{ticket.number}/do/redo", data={**read, "reasons": ["R05"], "note": "请附修好后的照片"})
    for moment, left in ((0, "10"), (4, "6"), (3, "3")):
        life.clock.forward(seconds=moment)
        for path in ("/review/", "/search", f"/tickets/{ticket.number}"):
            (seconds,) = re.findall(r'data-undo="(\d+)"', ren.get(path).text)
            assert seconds == left, (path, moment)
    assert "data-undo=" not in other.get("/dispatch/").text
    ren.post("/undo", data=offered(ren, "/search"))
    assert state_of(life, ticket) == "to_review" and "data-undo=" not in ren.get("/search").text


def test_the_bar_is_gone_with_its_seconds(life: Life, browse: Browse) -> None:
    ticket = ready(life, "to_dispatch")
    du = browse(life.staff["du"])
    du.post(f"/tickets/{ticket.number}/do/dispatch", data={"seen": ticket.move_count, "unit": CHENGGUAN})
    assert "data-undo=" in du.get("/dispatch/").text
    life.clock.forward(seconds=10)
    assert "data-undo=" not in du.get("/dispatch/").text


@pytest.mark.parametrize(("verdict", "moved"), [("pass", "to_follow_up"), ("redo", "to_sign")])
def test_a_judgement_is_taken_back(life: Life, browse: Browse, verdict: str, moved: str) -> None:
    ticket = ready(life, "to_review")
    ren = browse(life.staff["ren"])
    said = {f"checklist.{item.code}": "yes" for item in life.city.checklist}
    page = ren.get(f"/review/{ticket.number}").text
    said |= dict(re.findall(r'name="(seen|wording)" value="(\d+)"', page))
    form = {"verdict": verdict, "note": "已电话向市民核实", "reasons": ["R05"], **said}
    assert ren.post(f"/review/{ticket.number}", data=form).status_code == 303
    assert state_of(life, ticket) == moved
    ren.post("/undo", data=offered(ren, "/review"))
    assert state_of(life, ticket) == "to_review"


@pytest.mark.parametrize("action", ["answer_directly", "decline", "transfer_out", "void"])
def test_what_was_done_on_the_tickets_own_page_is_taken_back_and_nobody_was_told(
    life: Life, browse: Browse, installation: Installation, action: str
) -> None:
    ticket = ready(life, "to_dispatch")
    du = browse(life.staff["du"])
    drain(installation)
    texts = len(life.db.scalars(select(Message.id)).all())
    form = {**life.answers(action, ticket), "seen": ticket.move_count}
    life.db.commit()
    assert du.post(f"/tickets/{ticket.number}/do/{action}", data=form).status_code == 303
    assert state_of(life, ticket) != "to_dispatch"
    du.post("/undo", data=offered(du, f"/tickets/{ticket.number}"))
    assert state_of(life, ticket) == "to_dispatch"
    life.clock.forward(minutes=2)
    drain(installation)
    assert len(life.db.scalars(select(Message.id)).all()) == texts


def test_an_agents_direct_answer_is_taken_back_at_the_desk(life: Life, browse: Browse) -> None:
    an = browse(life.staff["an"])
    words = {"body": "请问老年证在哪里办理？", "channel": "hotline", "once": "k1"}
    done = an.post("/desk", data={**words, "then": "answer", "answer": "带身份证到社区办理。"})
    (ticket,) = life.db.scalars(select(Ticket)).all()
    assert state_of(life, ticket) == "closed"
    an.post("/undo", data=offered(an, done.location))
    assert state_of(life, ticket) == "to_dispatch"


def test_the_seconds_over_it_says_so_and_the_texts_go(life: Life, browse: Browse, installation: Installation) -> None:
    ticket = ready(life, "to_dispatch")
    du = browse(life.staff["du"])
    du.post(f"/dispatch/{ticket.number}/dispatch", data={"unit": CHENGGUAN, "seen": ticket.move_count, "tab": "todo"})
    way = offered(du, "/dispatch")
    life.clock.forward(seconds=11)
    page = du.post("/undo", data=way, follow_redirects=True).get_data(as_text=True)
    assert "撤销的时间已过" in page and state_of(life, ticket) == "to_sign"
    drain(installation)
    assert not life.db.scalars(select(Job.id).where(Job.done_at.is_(None), Job.run_at <= life.now)).all()


def test_somebody_else_cannot_take_it_back(life: Life, browse: Browse) -> None:
    ticket = ready(life, "to_dispatch")
    du = browse(life.staff["du"])
    du.post(f"/dispatch/{ticket.number}/dispatch", data={"unit": CHENGGUAN, "seen": ticket.move_count, "tab": "todo"})
    way = offered(du, "/dispatch")
    others = [browse(life.staff[login]) for login in ("ren", "chang", "du2")]
    for other in others:
        other.post("/undo", data=way)
        assert state_of(life, ticket) == "to_sign"
    assert du.post("/undo", data={"events": "999999", "back": "https://elsewhere.test/"}).location.startswith("/")


def dispatched(life: Life, du: FlaskClient) -> tuple[Ticket, dict[str, str]]:
    """A ticket sent to its unit a moment ago, and what the bar's button would send."""
    ticket = ready(life, "to_dispatch")
    du.post(f"/dispatch/{ticket.number}/dispatch", data={"unit": CHENGGUAN, "seen": ticket.move_count, "tab": "todo"})
    return ticket, offered(du, "/dispatch")


def story_of(life: Life, ticket: Ticket) -> list[str]:
    wanted = select(TicketEvent.action).where(TicketEvent.ticket_id == ticket.id).order_by(TicketEvent.id)
    return list(life.db.scalars(wanted))


def test_pressed_twice_it_is_taken_back_once_and_the_second_is_told(life: Life, browse: Browse) -> None:
    du = browse(life.staff["du"])
    ticket, way = dispatched(life, du)
    du.post("/undo", data=way)
    page = du.post("/undo", data=way, follow_redirects=True).get_data(as_text=True)
    assert "这一步已经撤销过了" in page and state_of(life, ticket) == "to_dispatch"
    assert story_of(life, ticket).count("undo_dispatch") == 1


def test_a_unit_that_only_looked_does_not_stand_in_the_way(life: Life, browse: Browse) -> None:
    du, he = browse(life.staff["du"]), browse(life.staff["he"])
    ticket, way = dispatched(life, du)
    assert he.get(f"/tickets/{ticket.number}").status_code == 200
    du.post("/undo", data=way)
    assert state_of(life, ticket) == "to_dispatch"
    assert he.get(f"/tickets/{ticket.number}").status_code == 404


def test_what_the_unit_has_signed_stays_with_it_and_the_others_of_the_list_go_back(life: Life, browse: Browse) -> None:
    du, he = browse(life.staff["du"]), browse(life.staff["he"])
    (one, first), (two, second) = dispatched(life, du), dispatched(life, du)
    assert he.post(f"/tickets/{one.number}/do/sign", data={"seen": one.move_count + 1}).status_code == 303
    many = {"events": f"{first['events']},{second['events']}", "back": "/dispatch"}
    page = du.post("/undo", data=many, follow_redirects=True).get_data(as_text=True)
    assert "这一步已经不能撤销：工单又往前走了" in page
    assert (state_of(life, one), state_of(life, two)) == ("handling", "to_dispatch")


def test_a_ruling_is_taken_back_in_one_key_and_nobody_was_told(
    life: Life, browse: Browse, installation: Installation
) -> None:
    ticket = ready(life, "in_dispute")
    du = browse(life.staff["du"])
    drain(installation)
    texts = len(life.db.scalars(select(Message.id)).all())
    form = {"unit": CHENGGUAN, "reason": "职责在城管", "seen": ticket.move_count, "tab": "dispute"}
    life.db.commit()
    assert du.post(f"/dispatch/{ticket.number}/rule", data=form).status_code == 303
    drain(installation)
    assert state_of(life, ticket) == "to_sign"
    du.post("/undo", data=offered(du, "/dispatch"))
    assert state_of(life, ticket) == "in_dispute"
    life.clock.forward(minutes=2)
    drain(installation)
    assert len(life.db.scalars(select(Message.id)).all()) == texts
