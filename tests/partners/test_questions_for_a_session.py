"""A question for a live session is asked where its citizen writes, and the answer comes back there."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from hotline.interviews import planning, questions
from models import Interview, InterviewQuestion, Ticket
from tests.support.cities.partners import WORDS, Street
from tests.support.cities.talks import a_session

ANSWER = "路灯线路已于今日更换，现已恢复照明。"
PICTURES = {"wechat": "MediaUrls", "weibo": "pics", "app": "media"}


@pytest.fixture
def live(street: Street) -> Interview:
    one = a_session(street.life)
    planning.step(street.life.db, street.life.people["du2"], one.id, "start", street.life.now)
    street.life.db.commit()
    return one


def asked(street: Street) -> list[tuple[str, str, str, str]]:
    """door, channel, words and who, of each question."""
    with street.installation.readings() as db:
        rows = db.execute(
            select(InterviewQuestion, Ticket)
            .join(Ticket, Ticket.id == InterviewQuestion.ticket_id)
            .order_by(InterviewQuestion.id)
        )
        return [(one.door, ticket.channel, ticket.text.body, ticket.contact_phone or "") for one, ticket in rows]


@pytest.mark.parametrize("name", WORDS)
def test_a_question_by_an_account_is_one_of_the_session_and_is_answered_there(
    street: Street, live: Interview, name: str
) -> None:
    street.connect(name, media=("img.test",))
    street.tell(name, WORDS[name](1, "", **{PICTURES[name]: ["https://img.test/1.jpg"]}), "words")
    said = street.tell(name, WORDS[name](2, "访谈城管 东工路的路灯什么时候修好？"), "words")
    number = said.get_json()["ticket_number"]
    assert (
        street.tell(name, WORDS[name](2, "访谈城管 东工路的路灯什么时候修好？"), "words").get_json() == said.get_json()
    )
    again = street.tell(name, WORDS[name](3, "访谈城管 东工路的路灯什么时候修好？"), "words")
    assert again.get_json()["ticket_number"] == number, "a second press is no second question"
    street.tell(name, WORDS[name](4, "人民大道的井盖没了，请尽快补上。"), "words")
    assert asked(street) == [(name, "interview", "东工路的路灯什么时候修好？", "")]
    assert [one["url"] for one in street.ticket(number).text.extra["media"]] == ["https://img.test/1.jpg"]
    assert street.ticket(number).text.extra["在线访谈"] == "城市照明和环卫"
    street.work()
    deeds = (("du", "dispatch"), ("he", "sign"), ("he", "reply"), ("ren", "pass"))
    street.lives(street.ticket(number), *deeds)
    own = street.ticket(number).id
    told = [row for row in street.deliveries(name) if row.ticket_id == own and row.kind == "message"]
    words = " ".join(
        str(entry.content) for entry in street.doubles[name].ledger if entry.name in {row.key for row in told}
    )
    assert number in words and ANSWER in words, "the receipt and the answer come where the question was asked"


def test_beyond_five_of_one_account_nothing_is_lost_and_no_question_made(street: Street, live: Interview) -> None:
    street.connect("wechat")
    for n in range(7):
        words = f"访谈城管 第{n}条路的第{n}盏灯为什么不亮？"
        assert street.tell("wechat", WORDS["wechat"](n, words), "words").status_code == 201
    assert len(asked(street)) == questions.MOST_BY_ONE
    other = WORDS["wechat"](9, "访谈城管 另一个人问：几点扫街？") | {"FromUserName": "oWang"}
    street.tell("wechat", other, "words")
    assert len(asked(street)) == questions.MOST_BY_ONE + 1


def test_the_public_page_names_the_accounts_that_are_connected(street: Street, live: Interview) -> None:
    page = f"/c/interviews/{live.id}"
    assert "账号提问" not in street.client.get(page).get_data(as_text=True)
    street.connect("wechat", "weibo")
    street.made = None
    told = street.client.get(page).get_data(as_text=True)
    assert "在微信公众号和小程序、微博里发“访谈城管 您的问题”" in told
