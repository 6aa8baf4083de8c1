"""Another caller of the same matter: taken in as a ticket of their own and put together with it, in one press."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from hotline.evidence.places import place_ticket
from hotline.installation import Installation
from hotline.outbox.runner import drain
from models import Message, Staff, Ticket
from tests.support.desks.citizens_codes import code_of
from tests.support.life import WORDS, Life

Browse = Callable[[Staff], FlaskClient]
OTHER = "13900005678"


@pytest.fixture
def agent(life: Life, browse: Browse) -> FlaskClient:
    life.staff["an"].on_duty = True
    life.db.commit()
    return browse(life.staff["an"])


def newest(installation: Installation) -> Ticket:
    with installation.readings() as db:
        return db.scalars(select(Ticket).order_by(Ticket.id.desc()).limit(1)).one()


def test_a_likely_duplicate_of_another_caller_can_be_joined_by_one_key(
    agent: FlaskClient, life: Life, installation: Installation
) -> None:
    master = life.ticket()
    life.db.commit()
    drain(installation)
    page = agent.post("/desk/beside", data={"body": WORDS, "phone": OTHER, "channel": "hotline"}).text
    assert re.search(rf'formaction="/desk/merge/{master.number}" data-key="alt\+i"', page)
    assert "内容几乎相同" in page


def test_a_closed_matter_of_the_same_place_is_shown_and_nothing_is_offered_that_it_can_no_longer_take(
    agent: FlaskClient, life: Life, installation: Installation
) -> None:
    """What came back after it was closed was not seen at the desk, only later at dispatch."""
    ended = life.ticket(words="锦绣花园小区3号楼电梯停运一周，没人管。", category="0401")
    ended.state = "closed"
    place_ticket(life.db, life.city, ended)
    life.db.commit()
    typed = {"body": "锦绣花园小区3号楼电梯又停运了，没人管。", "phone": OTHER, "channel": "hotline"}
    page = agent.post("/desk/beside", data=typed).text
    shown = page[page.index('id="likely"') :].partition("</section>")[0]
    assert ended.number in shown and f"/desk/merge/{ended.number}" not in shown


def test_what_five_have_told_stands_there_whole_the_first_three_open(agent: FlaskClient, life: Life) -> None:
    told = [life.ticket(words=f"锦绣花园小区电梯停运，第{n}户反映。", category="0401") for n in range(6)]
    for ticket in told:
        place_ticket(life.db, life.city, ticket)
    life.db.commit()
    typed = {"body": "锦绣花园小区的电梯又坏了，物业不修。", "phone": OTHER, "channel": "hotline"}
    page = agent.post("/desk/beside", data=typed).text
    shown, _, folded = page[page.index('id="likely"') :].partition("</section>")[0].partition("<details")
    assert shown.count("/desk/merge/") == 3 and "另有 3 件" in folded and folded.count("/desk/merge/") == 3


def test_the_other_caller_keeps_a_number_and_a_code_of_their_own(
    agent: FlaskClient, life: Life, installation: Installation
) -> None:
    master = life.ticket()
    life.db.commit()
    answer = agent.post(
        f"/desk/merge/{master.number}", data={"body": WORDS, "phone": OTHER, "channel": "hotline", "once": "m" * 32}
    )
    merged = newest(installation)
    assert answer.status_code == 303 and (merged.state, merged.merged_into_id, merged.contact_phone) == (
        "merged",
        master.id,
        OTHER,
    )
    page = agent.get(answer.headers["Location"]).text
    assert "已受理并合并" in page and merged.number in page and code_of(merged, installation) in page
    again = agent.post(
        f"/desk/merge/{master.number}", data={"body": WORDS, "phone": OTHER, "channel": "hotline", "once": "m" * 32}
    )
    assert again.status_code == 303 and newest(installation).id == merged.id


def test_a_refused_merge_takes_nothing_in_and_keeps_every_word(
    agent: FlaskClient, life: Life, installation: Installation
) -> None:
    master = life.ticket()
    life.do(master, "du", "void")
    life.db.commit()
    answer = agent.post(
        f"/desk/merge/{master.number}", data={"body": WORDS, "phone": OTHER, "channel": "hotline", "once": "n" * 32}
    )
    assert answer.status_code == 400 and "不能作为主工单" in answer.text and WORDS in answer.text
    assert (
        newest(installation).id == master.id
        and not life.db.scalars(select(Message).where(Message.phone == OTHER)).all()
    )
