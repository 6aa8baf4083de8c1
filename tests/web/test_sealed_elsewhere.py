"""A sealed ticket stands nowhere else: not beside other tickets, not behind figures, and its pages answer as if it were not there."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from hotline.installation import Installation
from hotline.monitoring.stream import gather
from hotline.outbox.runner import drain
from hotline.tickets.privacy.visibility import may_see
from hotline.tickets.roles import Role, actor_of
from models import Precedent, Staff, Ticket, Violation
from tests.support.life import Life
from tests.support.make import HOTLINE, make_staff

Browse = Callable[[Any], FlaskClient]
NOWHERE = "260304999999"


@pytest.fixture
def sealed(life: Life) -> Ticket:
    """Told by an informant, fought over, ruled and answered."""
    ticket = life.ticket(phone="13812340001", name="赵六九", words="科长收受紫藤", title="紫藤科长", privacy="sealed")
    life.do(ticket, "du", "dispatch")
    life.do(ticket, "hejt", "object", reason="属于住建", basis="三定")
    life.do(ticket, "du", "uphold")
    life.do(ticket, "du", "mark_hard")
    ticket.category_code = next(iter(life.city.categories))
    life.do(ticket, "du2", "rule", reason="碧玺一事由城管办")
    life.do(ticket, "hejt", "sign")
    life.db.commit()
    return ticket


def everybody(life: Life) -> list[Staff]:
    """One of each role that may be had alone, beside the usual people."""
    for role in Role:
        make_staff(life.db, f"r-{role.value}", role.value, role.value, unit=HOTLINE)
    life.db.commit()
    return list(life.db.scalars(select(Staff).order_by(Staff.id)))


def answered(client: FlaskClient, method: str, path: str, number: str) -> tuple[int, str]:
    """The answer and the sentence of a refusal, without what earlier answers have left to say."""
    with client.session_transaction() as kept:
        kept.pop("_flashes", None)
    data = {"text": "x", "reason": "核对工单内容"}
    answer = client.open(path.replace("<number>", number), method=method, data=data)
    main = re.search(r"<main.*</main>", answer.get_data(as_text=True), re.S)
    told = re.sub(r"<[^>]*>|\s+", " ", main[0] if main else "").replace(number, "")
    return answer.status_code, "" if answer.status_code == 200 else told


def blind(life: Life, ticket: Ticket) -> list[Staff]:
    found = [one for one in everybody(life) if not may_see(life.db, actor_of(one, life.city), ticket.id)]
    life.db.commit()
    return found


def test_the_ruling_on_a_sealed_ticket_does_not_stand_beside_others(
    life: Life, browse: Browse, installation: Installation, sealed: Ticket
) -> None:
    """V4: its title and its reason were told on every ticket of the kind, to whoever opened one."""
    other = life.ticket(words="路灯不亮")
    life.db.commit()
    drain(installation)
    life.db.refresh(other)
    other.category_code = sealed.category_code
    life.db.commit()
    assert life.db.scalars(select(Precedent.title)).all() == ["紫藤科长"]
    life.db.commit()
    pages = {login: browse(life.staff[login]).get(f"/tickets/{other.number}").text for login in ("班", "hui", "du")}
    assert {login: "紫藤" in page or "碧玺" in page for login, page in pages.items()} == {
        "班": False,
        "hui": False,
        "du": True,
    }


def test_every_page_of_a_ticket_answers_as_if_it_were_not_there(
    life: Life, app: Flask, browse: Browse, sealed: Ticket
) -> None:
    """V22: whoever may not see it cannot tell by any answer whether it exists."""
    rules = [
        rule for rule in app.url_map.iter_rules() if "<number>" in rule.rule and rule.endpoint.split(".")[0] != "v1"
    ]
    assert len(rules) > 30
    told: list[str] = []
    for person in blind(life, sealed):
        client = browse(person)
        for rule in rules:
            path = re.sub(r"<(?:(\w+)(?:\([^)]*\))?:)?(?!number)(\w+)>", "1", rule.rule)
            for method in sorted({"GET", "POST"} & (rule.methods or set())):
                there, nowhere = (answered(client, method, path, number) for number in (sealed.number, NOWHERE))
                if there != nowhere:
                    told.append(f"{person.login} {method} {path}: {there}, {nowhere}")
    assert not told, "\n".join(told)


def test_a_unit_opens_the_tickets_behind_every_figure(life: Life, browse: Browse, sealed: Ticket) -> None:
    """The page of a figure that counts work of units was an error for the units themselves."""
    from hotline.metrics.counting import DEFINITIONS

    for login in ("he", "hejt", "chang"):
        client = browse(life.staff[login])
        for key in DEFINITIONS:
            for part in ("of", "hit", "miss", "out"):
                answer = client.get(f"/overview/tickets?metric={key}&part={part}&from=2026-03-01&to=2026-04-01")
                assert answer.status_code in (200, 400, 404), (login, key, part)
                assert login == "hejt" or sealed.number not in answer.text


def test_what_was_typed_about_a_ticket_goes_out_of_sight_with_it(life: Life, browse: Browse) -> None:
    """V6, V22: a form holds what the ticket said when it was opened, and is kept as it is typed."""
    ticket = life.ticket(words="科长收受紫藤")
    life.db.commit()
    key, data = f"correct:{ticket.number}", {"body": "科长收受紫藤", "phone": "13812340001"}
    leader, dispatcher = browse(life.staff["班"]), browse(life.staff["du"])
    for client in (leader, dispatcher):
        assert client.put(f"/drafts/{key}", json={"version": 0, "data": data}).status_code == 200
        assert "紫藤" in client.get(f"/drafts/{key}").text
    assert browse(life.staff["hui"]).get(f"/drafts/{key}").json == {"version": 0, "data": {}, "saved_at": None}
    life.do(ticket, "du", "correct", privacy="sealed")
    life.db.commit()
    for method in ("GET", "PUT"):
        for name in (key, f"{key}:rescued:0304100000", f"dispatch:{ticket.number}"):
            answer = leader.open(f"/drafts/{name}", method=method, json={"version": 0, "data": {}})
            assert answer.status_code == 404 and "1381234" not in answer.text, (method, name)
    assert dispatcher.get(f"/drafts/{key}").json["data"] == data  # type: ignore[index]


def test_a_broken_rule_on_a_sealed_ticket_is_told_to_nobody_of_the_unit_but_its_leader(
    life: Life, browse: Browse, sealed: Ticket
) -> None:
    """V4, V22: number, hour and person at fault of the sealed ticket stood in the month of the accused unit, for every handler."""
    life.clock.forward(days=20)
    gather(life.db, life.city, life.now)
    life.db.commit()
    broken = set(life.db.scalars(select(Violation.unit_code).where(Violation.ticket_id == sealed.id)))
    assert "chengguan" in broken
    number = sealed.number
    life.db.commit()
    pages = ("/monitoring/violations?month=2026-03", "/monitoring/print?month=2026-03&unit=chengguan", "/unit/")
    seen = {
        login: [number in browse(life.staff[login]).get(page).text for page in pages] for login in ("he", "hejt", "du2")
    }
    assert seen["he"] == [False, False, False]
    assert seen["hejt"][0] and seen["du2"][0]
    figures = browse(life.staff["he"]).get("/monitoring/?month=2026-03").text
    assert not re.findall(r'href="/monitoring/violations\?[^"]*">\s*\d+</a>', figures)


def test_what_notices_said_of_a_ticket_goes_out_of_sight_when_it_is_sealed(
    life: Life, browse: Browse, installation: Installation
) -> None:
    """V4, V22: title and reasons stood in the notices of everybody who was told before it was sealed, the accused unit's too."""
    ticket = life.ticket(words="科长收受紫藤，请查", title="科长收受紫藤")
    life.do(ticket, "du", "dispatch")
    life.do(ticket, "he", "sign")
    life.do(ticket, "he", "reply")
    life.do(ticket, "ren", "redo", reasons=["R01"], note="没有写紫藤")
    life.do(ticket, "du2", "supervise", text="查紫藤")
    life.db.commit()
    drain(installation)
    pages = ("/notices/", "/notices/?show=all")
    told = {who: [browse(life.staff[who]).get(page).text for page in pages] for who in ("he", "hejt")}
    assert all(ticket.number in page for pages_ in told.values() for page in pages_)
    life.do(ticket, "du", "correct", privacy="sealed")
    life.db.commit()
    number = ticket.number
    life.db.commit()
    for who, sees in (("he", False), ("hejt", True)):
        client = browse(life.staff[who])
        for language in ("zh", "en"):
            client.set_cookie("hotline_language", language)
            for page in pages:
                shown = client.get(page).text
                assert "紫藤" not in shown and (number in shown) is sees, (who, page, language)
