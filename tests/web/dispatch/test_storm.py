"""A storm: sixty urgent contacts at once stand before everything else, in order, each with two hours (D1, D2)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy import select

from hotline.intake.open_ticket import Contact, open_ticket
from hotline.tickets.roles import SYSTEM
from models import Deadline
from tests.support.life import Life

Browse = Callable[..., FlaskClient]
CRITICAL = ("{n}号楼着火了，里面有人被困", "河水漫进{n}巷，老人困在房顶上", "{n}路高架塌了，压住一辆车，人出不来")
URGENT = ("{n}小区大面积停电，已经两个小时", "{n}路井盖没了，骑车的人看不见", "{n}村自来水爆管，全村停水")
CALM = "{n}街的路灯不亮，请修理"


def told(life: Life, words: str, channel: str) -> str:
    made = open_ticket(life.db, life.city, Contact(body=words, channel=channel), SYSTEM, life.now)
    return made.number


def test_sixty_urgent_contacts_at_once_stand_first_in_order_with_clocks_of_two_hours(
    life: Life, browse: Browse
) -> None:
    """Found at the desks: D2."""
    calm = [told(life, CALM.format(n=n), "web") for n in range(15)]
    life.clock.forward(hours=20)
    critical, urgent = list[str](), list[str]()
    for n in range(60):
        life.clock.forward(seconds=1)
        channel = ("web", "sms", "hotline", "town")[n % 4]
        if n % 2:
            critical.append(told(life, CRITICAL[n % 3].format(n=n), channel))
        else:
            urgent.append(told(life, URGENT[n % 3].format(n=n), channel))
    life.db.commit()
    clocks = select(Deadline.started_at, Deadline.due_at)
    rows = life.db.execute(clocks.where(Deadline.clock == "dispatch").order_by(Deadline.id)).all()[15:]
    assert {row.due_at - row.started_at for row in rows} == {timedelta(hours=2)}
    life.db.commit()
    desk = browse(life.staff["du"])
    assert shown(desk.get("/dispatch/?tab=todo").text)[:60] == [*critical, *urgent]
    assert screens(desk) == [*critical, *urgent, *calm]


def shown(page: str) -> list[str]:
    numbers = re.findall(r'class="num ticket-number">(\d+)<', page.split('id="desk"')[1].split('id="panel"')[0])
    return list(dict.fromkeys(numbers))


def screens(desk: FlaskClient) -> list[str]:
    """The numbers of the queue, screen by screen, as its own links lead."""
    address, seen = "/dispatch/?tab=todo", list[str]()
    while address:
        page = desk.get(address).text
        seen += shown(page)
        following = re.search(r'rel="next"[^>]*href="([^"]+)"', page)
        address = following.group(1).replace("&amp;", "&") if following else ""
    return seen
