"""A split is looked at first, both tickets side by side, and for some seconds taken back, in any open state."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select

from hotline.installation import Installation
from hotline.outbox.runner import drain
from models import Ticket
from tests.support.life import Life

Browse = Callable[[Any], FlaskClient]
PART = {"title": "门前垃圾", "body": "另外门前的垃圾三天没有清运。", "category": ""}


def split_of(life: Life, state: str) -> Ticket:
    ticket = life.to(state)
    life.db.commit()
    return ticket


def parts(life: Life, ticket: Ticket) -> list[Ticket]:
    parts_of = select(Ticket).where(Ticket.split_from_id == ticket.id).execution_options(populate_existing=True)
    found = list(life.db.scalars(parts_of))
    life.db.commit()
    return found


def send(client: FlaskClient, ticket: Ticket, then: str, **more: str) -> Any:
    data = {**PART, **more, "then": then, "seen": ticket.move_count}
    return client.post(f"/tickets/{ticket.number}/split", data=data)


def test_a_split_is_shown_before_it_is_made(life: Life, browse: Browse) -> None:
    ticket = split_of(life, "handling")
    du = browse(life.staff["du"])
    page = send(du, ticket, "look").text
    kept, new = page.partition("新的工单（待派单）")[::2]
    assert "原来的工单（继续办理）" in kept and "路灯坏了三天" in kept and ticket.number in kept
    assert PART["title"] in new and PART["body"] in new and "建议派给" in new
    assert parts(life, ticket) == [], "looking changes nothing"


def test_the_button_of_a_ticket_leads_to_the_preview_and_wrong_words_keep_what_was_typed(
    life: Life, browse: Browse
) -> None:
    ticket = split_of(life, "handling")
    du = browse(life.staff["du"])
    assert du.get(f"/tickets/{ticket.number}/do/split").location.startswith(f"/tickets/{ticket.number}/split")
    refused = send(du, ticket, "split", title="")
    assert refused.status_code == 400 and PART["body"] in refused.text and parts(life, ticket) == []
    assert browse(life.staff["ren"]).get(f"/tickets/{ticket.number}/split").status_code == 403


def test_a_split_begins_its_own_life_after_the_seconds_to_undo(
    life: Life, browse: Browse, installation: Installation
) -> None:
    for state in ("to_dispatch", "to_sign", "handling", "to_review"):
        ticket = split_of(life, state)
        assert send(browse(life.staff["du"]), ticket, "split").status_code == 303
        drain(installation)
        (part,) = parts(life, ticket)
        assert part.state == "draft", "nothing has gone out yet"
        life.clock.forward(seconds=11)
        drain(installation)
        assert [one.state for one in parts(life, ticket)] == ["to_dispatch"]


def test_a_split_is_taken_back_with_the_green_bar(life: Life, browse: Browse, installation: Installation) -> None:
    ticket = split_of(life, "handling")
    du = browse(life.staff["du"])
    answer = send(du, ticket, "split")
    assert answer.status_code == 303, answer.text
    page = du.get(answer.location).text
    form = re.search(r'<form class="undo".*?</form>', page, re.S)
    assert form, "no way back is offered"
    back = dict(re.findall(r'name="(events|back)" value="([^"]*)"', form.group()))
    du.post("/undo", data=back)
    life.clock.forward(minutes=1)
    drain(installation)
    assert [one.state for one in parts(life, ticket)] == ["void"]
    assert "撤销拆分" in du.get(f"/tickets/{ticket.number}").text


def test_a_split_that_has_begun_is_not_taken_back(life: Life, browse: Browse, installation: Installation) -> None:
    ticket = split_of(life, "handling")
    du = browse(life.staff["du"])
    answer = send(du, ticket, "split")
    events = re.search(r'name="events" value="(\d+)"', du.get(answer.location).text)
    assert events
    life.clock.forward(seconds=11)
    drain(installation)
    assert "可以合并回来" in du.post("/undo", data={"events": events[1], "back": "/"}, follow_redirects=True).text
    assert [one.state for one in parts(life, ticket)] == ["to_dispatch"]
