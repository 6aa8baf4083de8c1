"""The numbers of channels, districts, people and newcomers open the tickets that they count."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape

from flask.testing import FlaskClient

from models import Message, Staff
from tests.support.life import WORDS, Life

Browse = Callable[[Staff], FlaskClient]
FORM = {"phone": "13800001234", "channel": "hotline", "privacy": "masked", "then": "submit"}
LINK = re.compile(r'<a href="(/[^"]+)">(\d+)(?: 件)?</a>')


def opened(browser: FlaskClient, page: str, part: str) -> dict[str, tuple[int, int]]:
    """Address → (the number that opens it, how many tickets stand behind), of the page's numbers whose address holds this part."""
    links = LINK.findall(browser.get(page).text)
    found = [(unescape(href), int(n)) for href, n in links if part in href]
    return {href: (n, len(set(re.findall(r'href="/tickets/(\d+)', browser.get(href).text)))) for href, n in found}


def test_a_channels_numbers_open_its_tickets(life: Life, browse: Browse) -> None:
    first, second = life.ticket(channel="letter"), life.ticket(phone="13800003333", channel="letter")
    life.do(second, "du", "merge", master=first.number)
    life.do(life.ticket(phone="13800004444", channel="wechat"), "an", "answer_directly")
    life.clock.at += timedelta(hours=1)
    life.db.commit()
    found = opened(browse(life.staff["du2"]), "/overview/doors?period=30d", "/overview/doors/tickets")
    assert len(found) >= 4 and all(n == behind == 1 for n, behind in found.values())
    assert browse(life.staff["du2"]).get("/overview/doors/tickets?channel=letter&part=else").status_code == 404


def test_who_told_a_matter_again_by_another_door_is_opened_at_that_door(life: Life, browse: Browse) -> None:
    """Twice by telephone and once by text of one ticket, which came by a letter; of another once by the page."""
    letter, other = life.ticket(channel="letter"), life.ticket(phone="13800003333", channel="wechat")
    for minute, (ticket, channel) in enumerate(
        ((letter, "hotline"), (letter, "hotline"), (letter, "sms"), (other, "web"))
    ):
        life.clock.forward(minutes=minute + 1)
        if channel == "sms":
            told = {"ticket_id": ticket.id, "citizen_id": ticket.citizen_id, "direction": "in", "channel": channel}
            life.db.add(Message(**told, text="还没有修", state="received", created_at=life.now))
        life.do(ticket, "an" if channel == "hotline" else "citizen", "add", text="还没有修")
    life.clock.at += timedelta(hours=1)
    life.db.commit()
    found = opened(browse(life.staff["du2"]), "/overview/doors?period=30d", "part=again")
    by_door = {re.search(r"channel=(\w+)", href)[1]: numbers for href, numbers in found.items()}  # type: ignore[index]
    assert by_door == {"hotline": (2, 1), "sms": (1, 1), "web": (1, 1)}
    said = browse(life.staff["du2"]).get(next(href for href in found if "hotline" in href)).text
    assert letter.number in said and other.number not in said and "只列一次" in said


def test_a_persons_numbers_open_what_they_did_it_for_to_whoever_may_see_the_person(life: Life, browse: Browse) -> None:
    for n in range(3):
        life.do(life.ticket(phone=f"1380000555{n}"), "du", "dispatch")
    life.clock.at += timedelta(hours=1)
    life.db.commit()
    found = opened(
        browse(life.staff["du2"]), "/overview/people?desk=dispatchers&period=30d", "/overview/people/tickets"
    )
    assert (3, 3) in found.values()
    address = next(href for href, numbers in found.items() if numbers == (3, 3))
    assert browse(life.staff["du"]).get(address).status_code == 200, "the own number"
    assert browse(life.staff["an"]).get(address).status_code == 404, "an agent sees no dispatcher's"


def test_a_newcomers_numbers_open_what_they_took_in(life: Life, browse: Browse) -> None:
    du2, person = browse(life.staff["du2"]), life.staff["an"].id
    du2.post("/practice/newcomers", data={"person": person, "days": "30"})
    browse(life.staff["an"]).post("/desk", data={**FORM, "body": WORDS})
    found = opened(du2, "/practice/newcomers", f"/practice/newcomers/{person}/tickets")
    assert list(found.values()) == [(1, 1)]
    assert du2.get(f"/practice/newcomers/{person}/tickets?result=else").status_code == 404
