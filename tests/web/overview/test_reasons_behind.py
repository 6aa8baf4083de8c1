"""Behind every number stand tickets of people: no list behind a number tells who they are, and whoever opens one says why."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from models import Audit, Staff
from tests.support.life import Life

Browse = Callable[[Staff], FlaskClient]
PHONE, NAME, HOME = "15537218846", "尉迟青禾", "永明路77号院3号楼2单元909室"
HIDDEN = (PHONE, "3721 8846", NAME, "909室")
READERS = ("du", "ren", "du2", "tou", "shi", "hejt", "zhi", "班")
LINK = re.compile(r'href="(/(?:overview|hotspots|supervision|map|nuisance|monitoring)[^"#]*)"')
BEGINS = ("/overview/", "/overview/people", "/overview/doors", "/hotspots", "/map/", "/monitoring/")


@pytest.fixture
def counted(life: Life) -> Life:
    """Matters of one person in every state that figures count, told with all that masks hide."""
    words = f"楼道灯不亮，我叫{NAME}，电话155 3721 8846，住{HOME}。"
    for state in ("to_dispatch", "handling", "to_review", "closed"):
        ticket = life.to(state)
        ticket.contact_name, ticket.contact_phone = NAME, PHONE
        ticket.title, ticket.text.body, ticket.text.place = f"{NAME}反映楼道灯不亮", words, HOME
    life.clock.at += timedelta(hours=2)
    life.db.commit()
    return life


def walked(browser: FlaskClient, most: int = 60) -> dict[str, str]:
    """Every page that is reached by numbers from the pages of figures."""
    seen: dict[str, str] = {}
    open_still = list(BEGINS)
    while open_still and len(seen) < most:
        path = open_still.pop(0)
        answer = browser.get(path)
        if answer.status_code == 200 and "html" in answer.content_type:
            seen[path] = unescape(answer.text)
            found = [unescape(one) for one in LINK.findall(answer.text)]
            open_still += [one for one in dict.fromkeys(found) if one not in seen and one not in open_still]
    return seen


def test_no_list_behind_a_number_tells_who_the_people_are(counted: Life, browse: Browse) -> None:
    for login in (one for one in READERS if one in counted.staff):
        pages = walked(browse(counted.staff[login]))
        assert pages or login in ("zhi",), login
        for path, shown in pages.items():
            assert not any(secret in shown for secret in HIDDEN), (login, path)


def test_whoever_opens_a_ticket_behind_a_number_says_why_and_stands_in_the_audit(counted: Life, browse: Browse) -> None:
    """With no reason, or one that says nothing, nobody is shown; each that was shown is a row."""
    behind = walked(browse(counted.staff["du2"]))
    numbers = sorted({number for page in behind.values() for number in re.findall(r'/tickets/([\w-]+)"', page)})
    assert len(numbers) >= 3
    for login, may in (("du2", True), ("shi", False)):
        browser, before = browse(counted.staff[login]), _reveals(counted)
        for number in numbers[:3]:
            shown = unescape(browser.get(f"/tickets/{number}").text)
            assert not any(secret in shown for secret in HIDDEN), (login, number)
            for reason in ("", " ", "1", "1111", "……"):
                told = {"field": "phone", "reason": reason}
                assert browser.post(f"/tickets/{number}/reveal", data=told).status_code in (400, 403)
            answer = browser.post(f"/tickets/{number}/reveal", data={"field": "phone", "reason": "contact"})
            assert answer.status_code == (200 if may else 403)
        assert _reveals(counted) - before == (3 if may else 0)


def _reveals(life: Life) -> int:
    found = life.db.scalar(select(func.count()).where(Audit.action == "reveal")) or 0
    life.db.commit()
    return found
