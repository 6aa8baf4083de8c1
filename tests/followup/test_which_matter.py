"""A text goes to the ticket that it names, else to the matter whose words it shares; what is new is never swallowed."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from classifier.answers.belonging import belongs_to
from hotline.city.schema import City
from hotline.clock import StoppedClock
from hotline.followup.ask import ask_citizens
from hotline.followup.by_text import take_text
from hotline.followup.text_back import MOST_AN_HOUR
from hotline.messages.compose import text_citizen
from models import Audit, Citizen, Message, Ticket, TicketEvent
from tests.support.life import Life

LAMP = "文峰大道与东工路交叉口的路灯坏了三天，晚上看不见路，请尽快修理。"
WATER = "洹滨小区停水两天了，物业说是水泵坏了，请协调供水。"


@pytest.fixture
def life(db: Session, city: City, clock: StoppedClock) -> Life:
    return Life(db, city, clock)


def two(life: Life) -> tuple[Ticket, Ticket]:
    return tuple(life.ticket(phone="13800001111", words=words) for words in (LAMP, WATER))  # type: ignore[return-value]


def text(life: Life, own: Ticket, words: str) -> str | None:
    assert own.citizen is not None
    back = take_text(life.db, life.city, own.citizen, words, life.now)
    life.db.flush()
    return back


def added(life: Life, ticket: Ticket, action: str = "add") -> list[str]:
    rows = life.db.scalars(select(TicketEvent).where(TicketEvent.ticket_id == ticket.id, TicketEvent.action == action))
    return [event.data["text"] for event in rows]


@pytest.mark.parametrize("written", ["{n} 催办", "工单号：{n}，请快点", "{spaced} 催一下", "{wide} 催办", "催办{n}"])
def test_the_number_in_a_text_decides_however_it_is_written(life: Life, written: str) -> None:
    """Found outside: T4."""
    lamp, water = two(life)
    n = lamp.number
    words = written.format(
        n=n, spaced=f"{n[:4]} {n[4:8]} {n[8:]}", wide=n.translate({ord(d): 0xFF10 + int(d) for d in "0123456789"})
    )
    assert n in (text(life, lamp, words) or "")
    assert (lamp.urges, water.urges) == (1, 0)


def test_a_number_that_is_anothers_reaches_nobody_else(life: Life) -> None:
    theirs = life.ticket(phone="13800009999")
    mine = life.ticket(phone="13800001111", words=WATER)
    text(life, mine, f"{theirs.number} 催办")
    assert (theirs.urges, mine.urges) == (0, 1)


@pytest.mark.parametrize(
    ("words", "to_the_lamp"), [("路灯到现在还是黑的", True), ("水泵说是没有配件", False), ("自来水还没有来", False)]
)
def test_without_a_number_the_likeness_of_the_words_decides(life: Life, words: str, to_the_lamp: bool) -> None:
    """Found outside: T4."""
    lamp, water = two(life)
    text(life, lamp, words)
    got, other = (lamp, water) if to_the_lamp else (water, lamp)
    assert (
        added(life, got) + added(life, got, "urge") == [words] and added(life, other) + added(life, other, "urge") == []
    )


@pytest.mark.parametrize(
    "words",
    [
        "道口镇解放路下水道堵了一周，污水流到路上，请派人疏通",
        "我还有个事，小区电梯坏了谁管",
        "中州路的路灯也坏了好几盏，请修",
        "请问居住证在哪办，要带什么材料",
        "夜里工地施工吵得睡不着",
        "电梯困人了快来人",
        "There is a pothole on Zhonghua road",
    ],
)
def test_a_new_matter_is_never_swallowed_by_an_open_one(life: Life, words: str) -> None:
    """Found outside: T4."""
    lamp = life.ticket(phone="13800001111", words=LAMP)
    assert text(life, lamp, words) is None and added(life, lamp) == []


@pytest.mark.parametrize("words", ["进度怎么样了", "办到哪一步了？", "查一下进度", "any update?"])
def test_a_question_about_the_state_is_answered_with_the_state(life: Life, words: str) -> None:
    """Found outside: T4."""
    lamp = life.ticket(phone="13800001111", words=LAMP)
    life.do(lamp, "du", "dispatch")
    back = text(life, lamp, words) or ""
    assert lamp.number in back and life.city.unit_name("chengguan") in back and added(life, lamp) == []


def test_who_has_no_matter_is_told_so_once(life: Life) -> None:
    citizen = Citizen(phone="13800004444", language="zh", no_texts=False, created_at=life.now)
    life.db.add(citizen)
    life.db.flush()
    first, second = (
        take_text(life.db, life.city, citizen, words, life.now) for words in ("进度怎么样了", "查一下进度")
    )
    assert first and "没有诉求" in first and second == ""


@pytest.mark.parametrize("words", ["谢谢", "收到", "您好", "嗯嗯", "在吗", "好的，谢谢"])
def test_greetings_and_thanks_make_nothing(life: Life, words: str) -> None:
    lamp = life.ticket(phone="13800001111", words=LAMP)
    assert text(life, lamp, words) == "" and added(life, lamp) == []


@pytest.mark.parametrize(
    "words",
    [
        "【自动回复】您好，我正在开车，稍后联系您。",
        "Out of office until Monday",
        "我在开会，稍后给您回电",
        "I'm driving right now. I'll get back to you later.",
    ],
)
def test_an_automatic_reply_is_known_and_never_answered(life: Life, words: str) -> None:
    """Found outside: T7."""
    lamp = life.ticket(phone="13800001111", words=LAMP)
    assert [text(life, lamp, words) for _ in range(6)] == [""] * 6 and added(life, lamp) == []


def test_answers_to_one_number_stop_after_a_few_and_that_is_said_once(life: Life) -> None:
    """Found outside: T7."""
    lamp = life.ticket(phone="13800001111", words=LAMP)
    backs = [text(life, lamp, f"灯杆号大概是{n}") for n in range(MOST_AN_HOUR + 4)]
    assert len([back for back in backs if back]) == MOST_AN_HOUR + 1 and "不再逐条答复" in (backs[MOST_AN_HOUR] or "")
    assert len(added(life, lamp)) == MOST_AN_HOUR + 4


def test_what_was_texted_back_is_on_record_and_who_opted_out_gets_none(life: Life) -> None:
    """Found outside: T7."""
    lamp = life.ticket(phone="13800001111", words=LAMP)
    back = text(life, lamp, "灯杆号是38")
    kept = life.db.scalars(select(Message).where(Message.direction == "out", Message.template_key == "sms_added")).one()
    assert (kept.text, kept.ticket_id, kept.state, kept.phone) == (back, lamp.id, "sent", "13800001111")
    assert lamp.citizen is not None
    lamp.citizen.no_texts = True
    assert text(life, lamp, "灯杆号是39") == "" and len(added(life, lamp)) == 2


@pytest.mark.parametrize(
    "words",
    ["TD退订", "退订。", "Ｔ", "取消", "STOPALL", "不要再发短信了", "退訂", "t", "Unsubscribe", "请别再给我发信息了"],
)
def test_every_usual_wish_to_have_no_texts_is_obeyed(life: Life, words: str) -> None:
    """Found outside: T6."""
    lamp = life.ticket(phone="13800001111", words=LAMP)
    assert text(life, lamp, words) == "" and lamp.citizen is not None and lamp.citizen.no_texts


@pytest.mark.parametrize("words", ["START", "恢复", "ｓｔａｒｔ", "恢復短信", "unstop"])
def test_who_wants_texts_again_gets_them_and_both_are_in_the_book(life: Life, words: str) -> None:
    """Found outside: T6."""
    lamp = life.ticket(phone="13800001111", words=LAMP)
    text(life, lamp, "TD")
    assert "恢复" in (text(life, lamp, words) or "") and lamp.citizen is not None and not lamp.citizen.no_texts
    assert [one.action for one in life.db.scalars(select(Audit).order_by(Audit.id))][-2:] == ["texts_off", "texts_on"]


def test_the_desk_switches_texts_on_again_and_the_story_says_who(life: Life) -> None:
    """Found outside: T6."""
    lamp = life.ticket(phone="13800001111", words=LAMP)
    text(life, lamp, "TD")
    life.do(lamp, "an", "texts_on")
    assert lamp.citizen is not None and not lamp.citizen.no_texts
    event = life.db.scalars(select(TicketEvent).where(TicketEvent.action == "texts_on")).one()
    assert (
        event.actor_id == life.people["an"].id
        and life.db.scalars(select(Audit.action).where(Audit.action == "texts_on")).all()
    )


@pytest.mark.parametrize(
    "phone", ["03722525252", "03722525252-801", "4001234567", "12345", "110", "+85291234567", "10086"]
)
def test_only_a_mobile_number_is_ever_texted(life: Life, phone: str) -> None:
    """Found outside: T9."""
    citizen = Citizen(phone=phone, language="zh", no_texts=False, created_at=life.now)
    life.db.add(citizen)
    life.db.flush()
    assert text_citizen(life.db, life.city, citizen, "closed", life.now, {"number": "1"}, once="x") is None


def test_the_same_words_sent_twice_are_heard_once(life: Life) -> None:
    lamp = life.ticket(phone="13800001111", words=LAMP)
    assert lamp.citizen is not None
    for _ in range(2):
        heard = Message(
            citizen_id=lamp.citizen_id,
            direction="in",
            channel="sms",
            phone="13800001111",
            text="灯杆在邮局门口左边",
            state="received",
            params={},
            created_at=life.now,
        )
        life.db.add(heard)
        life.db.flush()
        take_text(life.db, life.city, lamp.citizen, heard.text, life.now, heard)
    assert added(life, lamp) == ["灯杆在邮局门口左边"]


def test_a_named_ticket_gets_its_own_answer_of_two_questions(life: Life) -> None:
    lamp, water = two(life)
    for ticket in (lamp, water):
        for who, action in (("du", "dispatch"), ("he", "sign"), ("he", "reply"), ("ren", "pass")):
            life.do(ticket, who, action)
        ask_citizens(life.db, life.city, ticket, life.now, "http://x")
    text(life, lamp, f"{lamp.number} 修好了，谢谢")
    assert (lamp.state, water.state) == ("closed", "to_follow_up")


def test_no_open_matter_means_no_belonging() -> None:
    assert belongs_to("路灯坏了", []) is None


@pytest.mark.parametrize(
    ("words", "new"),
    [
        ("文峰大道与东工路交叉口的电梯困了人", True),
        ("洹滨小区的路灯也不亮了", True),
        ("洹滨小区电梯也停了", True),
        ("彰武苑的路灯也坏了一盏", True),
        ("洹滨小区水管又漏水了", False),
        ("文峰大道那根灯杆歪了", False),
    ],
)
def test_another_trouble_at_the_same_place_is_another_matter(life: Life, words: str, new: bool) -> None:
    """Found outside: T4."""
    lamp, _water = two(life)
    assert (text(life, lamp, words) is None) is new


def test_words_about_the_other_matter_do_not_follow_what_was_said_a_moment_ago(life: Life) -> None:
    lamp, water = two(life)
    heard = [
        Message(direction="in", channel="sms", phone="13800001111", text=words, state="received", created_at=life.now)
        for words in (f"关于{water.number}，水还没来", "路灯还是黑着")
    ]
    for message in heard:
        life.db.add(message)
        life.db.flush()
        assert lamp.citizen is not None
        take_text(life.db, life.city, lamp.citizen, message.text, life.now, message)
    assert [message.ticket_id for message in heard] == [water.id, lamp.id]


@pytest.mark.parametrize(
    "words",
    ["我要反映个问题", "有个事想投诉", "HELP", "催办261129000158", "261129000158 1", "1", "工单261129000158怎么样了"],
)
def test_who_has_no_matter_and_tells_none_hears_how_to_tell_one(life: Life, words: str) -> None:
    stranger = Citizen(phone="13800007777", language="zh", created_at=life.now)
    life.db.add(stranger)
    life.db.flush()
    assert "写明时间、地点和什么事" in (take_text(life.db, life.city, stranger, words, life.now) or "")


def test_a_thing_and_its_trouble_are_a_matter_however_short(life: Life) -> None:
    stranger = Citizen(phone="13800007777", language="zh", created_at=life.now)
    life.db.add(stranger)
    life.db.flush()
    assert take_text(life.db, life.city, stranger, "路灯坏了", life.now) is None


@pytest.mark.parametrize(
    "words",
    ["人民大道的井盖没了，请尽快补上。", "灯塔路站牌不见了，麻烦尽快处理", "平原路的护栏被砸了，请尽快派人看看"],
)
def test_a_thing_that_is_gone_elsewhere_is_a_matter_and_no_urge(life: Life, words: str) -> None:
    lamp, water = two(life)
    assert text(life, lamp, words) is None, "it becomes a ticket"
    assert (lamp.urges, water.urges, added(life, lamp), added(life, water)) == (0, 0, [], [])
