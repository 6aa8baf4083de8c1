"""Pieces of one long text that bear no mark are read as one; two matters stay two (T12)."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from hotline.clock import StoppedClock
from hotline.followup.unfinished import breaks_off
from hotline.installation import Installation
from hotline.outbox.runner import drain
from hotline.settings import Settings
from models import Citizen, Message, Survey, Ticket, TicketEvent
from tests.support.life import Life
from webhooks.simulator import TwilioPhone

LAMP = (
    "文峰大道与东工路交叉口往南的路灯从上个月开始就不亮了，一到晚上整条路漆黑一片，来往的学生和老人走路都看不清脚下，"
)
CUT = "北关区洹滨路夜市每天晚上都要摆到后半夜两三点钟，油烟直接往居民楼里面灌，老人孩子根本没有办法睡觉，我们打过好几次电话都没有人过来，夜市的老"


@pytest.fixture
def phone(settings: Settings) -> TwilioPhone:
    return TwilioPhone(settings.twilio_auth_token, settings.public_url, "+8613800001234", "+8612345")


class Line:
    """One citizen's telephone, and what became of what it sent."""

    def __init__(self, app: Flask, installation: Installation, phone: TwilioPhone, clock: StoppedClock):
        self.app, self.installation, self.phone, self.clock = app, installation, phone, clock
        self.sent = 0

    def say(self, *texts: str, apart: int = 8) -> None:
        for text in texts:
            self.sent += 1
            one = self.phone.text(f"SM{self.sent}", text)
            assert self.app.test_client().post(one.path, data=one.body, headers=one.headers).status_code == 200
            self.clock.forward(seconds=apart)

    def later(self) -> None:
        self.clock.forward(minutes=2)
        drain(self.installation)

    def matters(self) -> list[str]:
        """The words of each ticket, what was added to it behind a bar."""
        with self.installation.readings() as db:
            rows = db.scalars(select(Ticket).order_by(Ticket.id)).all()
            return ["|".join([row.text.body, *self._added(db, row)]) for row in rows]

    def _added(self, db: object, row: Ticket) -> list[str]:
        events = db.scalars(  # type: ignore[attr-defined]
            select(TicketEvent)
            .where(TicketEvent.ticket_id == row.id, TicketEvent.action == "add")
            .order_by(TicketEvent.id)
        )
        return [event.data["text"] for event in events]

    def heard(self) -> list[Message]:
        with self.installation.readings() as db:
            return list(db.scalars(select(Message).where(Message.direction == "in").order_by(Message.id)))


@pytest.fixture
def line(app: Flask, installation: Installation, life: Life, phone: TwilioPhone, clock: StoppedClock) -> Line:
    return Line(app, installation, phone, clock)


@pytest.mark.parametrize(
    "pieces",
    [
        (LAMP, "已经摔倒过两个人了，请尽快派人来修。"),
        (CUT, "板说有人罩着不怕举报，请环保局查一查。"),
        (CUT, "板说有人罩着，", "还往下水道里倒油，", "麻烦你们来看看。谢谢"),
        ("文峰区永明路的路灯不亮，而且", "路边的井盖也丢了两个，很危险。"),
        ("The street light in front of number 5 Zhonghua road is broken and", "it is very dark there at night."),
    ],
    ids=["comma", "cut", "four", "and", "english"],
)
def test_pieces_without_marks_become_one_ticket(line: Line, pieces: tuple[str, ...]) -> None:
    """Found outside: T12."""
    line.say(*pieces)
    (matter,) = line.matters()
    assert matter.replace(" ", "") == "".join(pieces).replace(" ", "")
    assert len({message.ticket_id for message in line.heard()}) == 1 and not any(
        m.params.get("waits") for m in line.heard()
    )


def test_what_never_goes_on_is_read_after_a_minute(line: Line) -> None:
    line.say(LAMP)
    assert line.matters() == []
    line.later()
    assert line.matters() == [LAMP]


def test_a_chain_of_pieces_without_an_end_is_read_once(line: Line) -> None:
    line.say(LAMP, "老人孩子都不敢出门，", "社区说不归他们管，", apart=40)
    line.later()
    assert line.matters() == [LAMP + "老人孩子都不敢出门，社区说不归他们管，"]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("中华路南段的路灯坏了三盏", "洹滨小区停水两天了"),
        ("中华路南段的路灯坏了三盏，请修", "电梯困人了快来人"),
        (CUT[:-5], "洹滨小区停水两天了，物业说水泵坏了。"),
        (LAMP, "您好，洹滨小区停水两天了，请协调供水。"),
        (LAMP, "另外还有一个事，小区电梯坏了谁管"),
        ("中华路南段的路灯坏了三盏", "夜里工地施工吵得睡不着"),
    ],
)  # fmt: skip
def test_two_matters_within_a_minute_are_two(line: Line, first: str, second: str) -> None:
    """Found outside: T12."""
    line.say(first, second)
    line.later()
    assert sorted(line.matters()) == sorted([first, second])


def test_what_came_long_after_is_no_rest(line: Line) -> None:
    line.say(LAMP)
    line.later()
    line.say("洹滨小区停水两天了。")
    assert line.matters() == [LAMP, "洹滨小区停水两天了。"]


def test_words_that_lean_on_those_before_join_their_ticket(line: Line) -> None:
    line.say("中华路南段的路灯坏了三盏", "晚上太危险了，没人管")
    assert line.matters() == ["中华路南段的路灯坏了三盏|晚上太危险了，没人管"]


def test_a_wish_for_no_texts_is_obeyed_while_a_piece_waits(line: Line) -> None:
    line.say(LAMP, "TD")
    line.later()
    assert line.matters() == [LAMP]
    with line.installation.readings() as db:
        assert db.scalars(select(Citizen.no_texts)).one()


@pytest.mark.parametrize(
    ("pieces", "closed"),
    [
        (("满意，", "但是灯又坏了"), False),
        (("灯是亮了但是", "墙给弄坏了没人赔"), False),
        (("师傅态度还行，墙可能还要再看看。", "满意"), False),
        (("已解决，", "谢谢"), True),
        (("解决了，", "非常满意。"), True),
    ],
)
def test_an_answer_in_pieces_is_read_whole(line: Line, life: Life, pieces: tuple[str, ...], closed: bool) -> None:
    ticket = life.to("to_follow_up")
    life.db.commit()
    drain(line.installation)
    line.say(*pieces)
    line.later()
    life.db.expire_all()
    assert (ticket.state == "closed") is closed
    with line.installation.readings() as db:
        asked = db.scalars(select(Survey)).one()
        assert all(piece.strip("，") in (asked.words or "") for piece in pieces)


@pytest.mark.parametrize(
    "text",
    [
        "我在楼顶不想活了，",
        "着火了快来人，",
        "TD",
        "1",
        "满意",
        "谢谢",
        "261129000158 催办，",
        "路灯坏了",
        LAMP[:-1] + "。",
    ],
)
def test_what_needs_no_rest_waits_for_none(text: str) -> None:
    assert not breaks_off(text)
