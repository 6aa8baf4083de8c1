"""The citizens' pages: handing in, following and rating, with nothing internal ever shown."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, func, select

from hotline.app import create_app
from hotline.followup.ask import ask_citizens
from hotline.installation import Installation
from hotline.jobs.schedule import tidy
from hotline.settings import Settings
from hotline.web.core.limits.rate_limits import limiter
from models import Attachment, Survey, Ticket
from tests.support.citizen_pages import opened, text
from tests.support.citizens_codes import code_of, token_of
from tests.support.english import still_chinese
from tests.support.life import ROADS, Life
from tests.support.statements import statements

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 64
FORM = {
    "body": "小区门口的路灯坏了三天，请尽快修。",
    "place": "文峰区东工路",
    "phone": "13800001234",
    "consent": "1",
    "sheet": "k1",
}


@pytest.fixture
def anybody(app: Flask, life: Life) -> FlaskClient:
    """A citizen's browser, in a city whose people exist."""
    life.db.commit()
    return app.test_client()


def handed_in(client: FlaskClient, life: Life, **changed: str) -> Ticket:
    answer = client.post("/c/new", data={**FORM, **changed})
    assert answer.status_code == 303, answer.get_data(as_text=True)
    number = answer.location.rsplit("/", 1)[1]
    ticket = life.db.scalars(select(Ticket).where(Ticket.number == number)).one()
    life.db.commit()
    return ticket


def test_the_door_of_the_city_decides_the_channel(anybody: FlaskClient, life: Life) -> None:
    """A citizen's web request was always a message by the web page; the mayor's mailbox could not be chosen."""
    page = anybody.get("/c/new?door=mailbox").text
    assert 'name="door" value="mailbox"' in page and "/c/new?door=mailbox" in anybody.get("/c").text
    assert handed_in(anybody, life, door="mailbox").channel == "mailbox"
    assert handed_in(anybody, life, door="nowhere", body="门前的树倒了，请清走。").channel == "web"


def asked(life: Life) -> tuple[Ticket, str]:
    ticket = life.to("to_follow_up")
    ask_citizens(life.db, life.city, ticket, life.now, "http://x")
    token = token_of(life.db.scalars(select(Survey).where(Survey.ticket_id == ticket.id)).one())
    life.db.commit()
    return ticket, token


# --- handing in -----------------------------------------------------------------------------------------------------------


def test_the_door_leads_to_the_citizens_home(anybody: FlaskClient) -> None:
    page = text(anybody, "/")
    assert "/c/new" in page and "查询码" in page


def test_a_matter_is_handed_in_and_the_number_and_code_are_shown(anybody: FlaskClient, life: Life) -> None:
    ticket = handed_in(anybody, life)
    page = text(anybody, f"/c/received/{ticket.number}")
    assert ticket.number in page and code_of(ticket) in page
    assert (ticket.state, ticket.channel, ticket.privacy, ticket.category_code) == (
        "to_dispatch",
        "web",
        "masked",
        None,
    )


def test_a_phone_number_alone_is_identity_enough_and_none_is_fine_too(anybody: FlaskClient, life: Life) -> None:
    known = handed_in(anybody, life, phone="13900001111")
    unknown = handed_in(anybody, life, phone="", sheet="k2")
    assert known.citizen_id and unknown.citizen_id is None
    assert "没有短信可发" in text(anybody, f"/c/received/{unknown.number}")


def test_a_double_click_makes_one_ticket(anybody: FlaskClient, life: Life) -> None:
    first, again = handed_in(anybody, life), handed_in(anybody, life)
    assert first.number == again.number
    assert life.db.scalar(select(func.count()).select_from(Ticket)) == 1


@pytest.mark.parametrize(
    "changed", [{"body": "另一件事：井盖丢了，请补上。"}, {"phone": "13900005678"}, {"name": "别人"}]
)
def test_a_forms_key_with_other_words_is_another_matter(
    anybody: FlaskClient, life: Life, changed: dict[str, str]
) -> None:
    """V23."""
    first, other = handed_in(anybody, life), handed_in(anybody, life, **changed)
    assert first.number != other.number


def test_a_leaked_key_shows_nobody_a_strangers_code(app: Flask, anybody: FlaskClient, life: Life) -> None:
    """V23: the same key and even the same words from another browser are that browser's own matter."""
    anybody.get("/c/new")
    first = handed_in(anybody, life)
    stranger = app.test_client()
    stranger.get("/c/new")
    other = handed_in(stranger, life)
    assert other.number != first.number
    assert code_of(first) not in text(stranger, f"/c/received/{other.number}")
    assert stranger.get(f"/c/received/{first.number}").status_code == 302


def test_an_informants_matter_is_sealed(anybody: FlaskClient, life: Life) -> None:
    ticket = handed_in(anybody, life, sealed="1")
    assert (ticket.privacy, ticket.request_type) == ("sealed", "report")


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"body": ""}, "请写下诉求内容"),
        ({"consent": ""}, "请勾选同意"),
        ({"homepage": "http://spam"}, "没有提交成功"),
    ],
)
def test_a_refused_form_keeps_every_word(
    anybody: FlaskClient, life: Life, changed: dict[str, str], sentence: str
) -> None:
    answer = anybody.post("/c/new", data={**FORM, "name": "老王", **changed})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 400 and sentence in page and "老王" in page and "东工路" in page
    assert life.db.scalar(select(func.count()).select_from(Ticket)) == 0


def test_everything_that_is_missing_is_said_at_once(anybody: FlaskClient, life: Life) -> None:
    answer = anybody.post("/c/new", data={"sheet": "s", "body": " "})
    assert answer.status_code == 400
    assert "请写下诉求内容" in answer.text and "请勾选同意" in answer.text


def test_files_go_with_the_matter_and_can_be_seen_again(anybody: FlaskClient, life: Life) -> None:
    answer = anybody.post("/c/new", data={**FORM, "files": [(io.BytesIO(PNG), "灯.png")]})
    number = answer.location.rsplit("/", 1)[1]
    page = text(anybody, f"/p/{number}")
    link = re.search(rf"/p/{number}/files/\w+", page)
    assert "灯.png" in page and link and anybody.get(link[0]).data == PNG


def test_a_wrong_file_refuses_the_whole_form_and_leaves_nothing(anybody: FlaskClient, life: Life) -> None:
    files = [(io.BytesIO(PNG), "灯.png"), (io.BytesIO(b"MZ virus"), "看我.exe")]
    answer = anybody.post("/c/new", data={**FORM, "files": files})
    assert (
        answer.status_code == 400
        and "看我.exe" in answer.get_data(as_text=True)
        and FORM["body"] in answer.get_data(as_text=True)
    )
    assert life.db.scalar(select(func.count()).select_from(Ticket)) == 0


# --- following ------------------------------------------------------------------------------------------------------------


def test_a_wrong_code_and_an_unknown_number_are_answered_alike(anybody: FlaskClient, life: Life) -> None:
    ticket = life.to("handling")
    life.db.commit()
    wrong = anybody.post("/c/track", data={"number": ticket.number, "code": "ZZZZZZ"})
    unknown = anybody.post("/c/track", data={"number": "260101999999", "code": "ZZZZZZ"})
    assert wrong.status_code == unknown.status_code == 400
    assert wrong.get_data(as_text=True).replace(ticket.number, "N") == unknown.get_data(as_text=True).replace(
        "260101999999", "N"
    )


def test_the_link_in_the_text_asks_for_the_code(anybody: FlaskClient, life: Life) -> None:
    ticket = life.to("handling")
    life.db.commit()
    page, unknown = text(anybody, f"/p/{ticket.number}"), text(anybody, "/p/260101999999")
    assert "查询码" in page and "路灯" not in page and "城市管理局" not in page
    assert page.replace(ticket.number, "N") == unknown.replace("260101999999", "N")


def test_the_code_is_taken_in_small_letters_and_with_spaces(anybody: FlaskClient, life: Life) -> None:
    ticket = life.to("handling")
    life.db.commit()
    code = f" {code_of(ticket)[:3].lower()} {code_of(ticket)[3:].lower()}"
    assert (
        anybody.post("/c/track", data={"number": f"{ticket.number[:6]} {ticket.number[6:]}", "code": code}).status_code
        == 303
    )


def test_the_proof_ends_after_two_hours_and_by_leaving(anybody: FlaskClient, life: Life) -> None:
    ticket = life.to("handling")
    life.db.commit()
    assert "正在办理" in opened(anybody, ticket)
    anybody.post(f"/p/{ticket.number}/leave")
    assert "正在办理" not in text(anybody, f"/p/{ticket.number}")
    opened(anybody, ticket)
    life.clock.forward(hours=3)
    assert "正在办理" not in text(anybody, f"/p/{ticket.number}")
    assert anybody.post(f"/p/{ticket.number}/urge").status_code == 403


@pytest.mark.parametrize("state", [state for state in ROADS if state != "draft"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_state_has_a_page_in_plain_words(anybody: FlaskClient, life: Life, state: str, language: str) -> None:
    ticket = life.to(state)
    life.db.commit()
    anybody.set_cookie("hotline_language", language)
    page = opened(anybody, ticket)
    heading = re.search(r"<h1>(.*?)</h1>", page)
    assert ticket.number in page and heading and len(heading[1]) > 5
    assert re.search(r"[\u4e00-\u9fff]", heading[1]) is None if language == "en" else True


def test_the_page_says_whom_it_waits_for_and_until_when(anybody: FlaskClient, life: Life) -> None:
    ticket = life.to("handling")
    life.db.commit()
    page = opened(anybody, ticket)
    assert "市城市管理局正在办理" in page and "最迟答复" in page


def test_an_answer_is_shown_only_after_it_has_passed(anybody: FlaskClient, life: Life) -> None:
    ticket = life.to("to_review")
    life.db.commit()
    assert "现已恢复照明" not in opened(anybody, ticket)
    life.do(ticket, "ren", "pass")
    life.db.commit()
    assert "现已恢复照明" in text(anybody, f"/p/{ticket.number}")


def test_the_progress_page_needs_few_statements_whatever_happened(
    anybody: FlaskClient, life: Life, sqlite_engine: Engine
) -> None:
    ticket = life.to("handling")
    life.db.commit()
    opened(anybody, ticket)
    counted = []
    for _ in range(3):
        with statements(sqlite_engine) as sent:
            anybody.get(f"/p/{ticket.number}")
        counted.append(len(sent))
        for _again in range(4):
            life.do(ticket, "he", "interim")
            life.do(ticket, "citizen", "add")
        life.db.commit()
    assert len(set(counted)) == 1 and counted[0] <= 12


# --- adding, urging, withdrawing ------------------------------------------------------------------------------------------


def test_a_citizen_adds_urges_and_withdraws(anybody: FlaskClient, life: Life) -> None:
    ticket = life.to("handling")
    life.db.commit()
    opened(anybody, ticket)
    anybody.post(f"/p/{ticket.number}/add", data={"text": "灯在邮局门口"})
    anybody.post(f"/p/{ticket.number}/urge")
    page = text(anybody, f"/p/{ticket.number}")
    assert "灯在邮局门口" in page and "您催办了一次" in page
    anybody.post(f"/p/{ticket.number}/withdraw")
    life.db.expire_all()
    assert (ticket.state, ticket.close_kind, ticket.urges) == ("closed", "withdrawn", 1)


def test_urging_twice_is_refused_with_a_sentence(anybody: FlaskClient, life: Life) -> None:
    ticket = life.to("handling")
    life.db.commit()
    opened(anybody, ticket)
    assert anybody.post(f"/p/{ticket.number}/urge").status_code == 303
    again = anybody.post(f"/p/{ticket.number}/urge")
    assert again.status_code == 400 and "刚刚已经催办过" in again.get_data(as_text=True)


def test_an_empty_addition_is_refused_but_a_photo_alone_is_enough(anybody: FlaskClient, life: Life) -> None:
    ticket = life.to("handling")
    life.db.commit()
    opened(anybody, ticket)
    assert anybody.post(f"/p/{ticket.number}/add", data={"text": " "}).status_code == 400
    assert (
        anybody.post(f"/p/{ticket.number}/add", data={"text": "", "files": [(io.BytesIO(PNG), "灯.png")]}).status_code
        == 303
    )
    held = life.db.scalars(select(Attachment).where(Attachment.ticket_id == ticket.id)).one()
    assert held.side == "citizen"


def test_nobody_acts_without_the_code(anybody: FlaskClient, life: Life) -> None:
    ticket = life.to("handling")
    life.db.commit()
    for deed in ("add", "urge", "withdraw"):
        assert anybody.post(f"/p/{ticket.number}/{deed}", data={"text": "我要补充这句话"}).status_code == 403
    life.db.expire_all()
    assert ticket.state == "handling" and ticket.urges == 0


def test_what_was_asked_of_the_citizen_is_shown_and_answered(anybody: FlaskClient, life: Life) -> None:
    ticket = life.ticket()
    life.do(ticket, "du", "ask_more", question="路灯在哪一段路？")
    life.db.commit()
    assert "路灯在哪一段路？" in opened(anybody, ticket)
    anybody.post(f"/p/{ticket.number}/add", data={"text": "在邮局门口"})
    life.db.expire_all()
    assert not ticket.asking_more


# --- merged citizens ------------------------------------------------------------------------------------------------------


def merged(life: Life) -> tuple[Ticket, Ticket]:
    master, other = life.ticket(phone="13800001111"), life.ticket(phone="13800002222", words="邮局前的灯不亮。")
    life.do(other, "du", "merge", master=master.number)
    for who, action in (("du", "dispatch"), ("he", "sign")):
        life.do(master, who, action)
    life.db.commit()
    return master, other


def test_a_merged_citizen_follows_the_master_under_their_own_number(anybody: FlaskClient, life: Life) -> None:
    master, other = merged(life)
    page = opened(anybody, other)
    assert other.number in page and master.number not in page
    assert "正在办理" in page and "邮局前的灯不亮" in page and "文峰大道" not in page


def test_merged_citizens_never_read_each_others_words(anybody: FlaskClient, life: Life, app: Flask) -> None:
    master, other = merged(life)
    second = app.test_client()
    opened(anybody, other)
    opened(second, master)
    anybody.post(f"/p/{other.number}/add", data={"text": "乙说的话", "files": [(io.BytesIO(PNG), "乙的照片.png")]})
    second.post(f"/p/{master.number}/add", data={"text": "甲说的话"})
    assert "乙说的话" in text(anybody, f"/p/{other.number}") and "甲说的话" not in text(anybody, f"/p/{other.number}")
    assert "甲说的话" in text(second, f"/p/{master.number}")
    assert "乙说的话" not in text(second, f"/p/{master.number}") and "乙的照片" not in text(
        second, f"/p/{master.number}"
    )
    link = re.search(r"/files/(\w+)", text(anybody, f"/p/{other.number}"))
    assert link and second.get(f"/p/{master.number}/files/{link[1]}").status_code == 404


def test_a_merged_citizen_withdraws_alone_and_the_matter_goes_on(anybody: FlaskClient, life: Life) -> None:
    master, other = merged(life)
    assert "其他市民反映的同一件事照常办理" in opened(anybody, other)
    assert anybody.post(f"/p/{other.number}/withdraw", data={"reason": "已经搬走"}).status_code == 303
    page = text(anybody, f"/p/{other.number}")
    assert "已按您的意愿撤回" in page and "/withdraw" not in page and "正在办理" not in page
    assert anybody.post(f"/p/{other.number}/urge").status_code == 400
    life.db.expire_all()
    assert (other.state, other.close_kind, master.state, master.urges) == ("closed", "withdrawn", "handling", 0)


# --- rating ---------------------------------------------------------------------------------------------------------------


def test_looking_at_the_question_changes_nothing(anybody: FlaskClient, life: Life) -> None:
    _ticket, token = asked(life)
    for _ in range(3):
        assert "您的诉求办得怎么样" in text(anybody, f"/s/{token}")
    assert life.db.scalars(select(Survey)).one().answered_at is None


@pytest.mark.parametrize(
    ("tap", "state", "outcome"),
    [("1", "closed", "satisfied"), ("2", "to_follow_up", "partly"), ("3", "to_follow_up", "dissatisfied")],
)
def test_one_tap_is_an_answer(anybody: FlaskClient, life: Life, tap: str, state: str, outcome: str) -> None:
    ticket, token = asked(life)
    assert anybody.post(f"/s/{token}", data={"tap": tap}).status_code == 303
    life.db.expire_all()
    held = life.db.scalars(select(Survey)).one()
    assert (ticket.state, held.outcome, held.keyed_by_id) == (state, outcome, None)
    assert held.scale["5"] == "非常满意"


def test_words_may_follow_the_tap_and_change_nothing_that_was_said(anybody: FlaskClient, life: Life) -> None:
    _ticket, token = asked(life)
    anybody.post(f"/s/{token}", data={"tap": "3"})
    assert "还想说几句" in text(anybody, f"/s/{token}")
    anybody.post(
        f"/s/{token}/more",
        data={"comment": "没人来过", "contacted": "no", "solved": "yes", "result": "5", "attitude": "1"},
    )
    held = life.db.scalars(select(Survey)).one()
    assert (held.comment, held.contacted, held.solved, held.result) == ("没人来过", False, "no", None)
    life.db.commit()
    assert anybody.post(f"/s/{token}/more", data={"comment": "改口"}).status_code == 409


def test_a_second_answer_is_refused_and_the_first_shown(anybody: FlaskClient, life: Life) -> None:
    _ticket, token = asked(life)
    anybody.post(f"/s/{token}", data={"tap": "1"})
    again = anybody.post(f"/s/{token}", data={"tap": "3"})
    assert again.status_code == 409 and "您已经评价过了" in again.get_data(as_text=True)
    assert "解决了" in text(anybody, f"/s/{token}")


def test_a_question_that_is_over_says_so(anybody: FlaskClient, life: Life) -> None:
    ticket, token = asked(life)
    life.do(ticket, "clock", "no_answer")
    life.db.commit()
    assert "已经结束" in text(anybody, f"/s/{token}")
    assert anybody.post(f"/s/{token}", data={"tap": "1"}).status_code == 409


@pytest.mark.parametrize(
    "given", [{}, {"tap": "9"}, {"comment": "还行"}, {"solved": "yes", "result": "abc"}, {"solved": "x", "result": "5"}]
)
def test_half_an_answer_is_refused_with_a_sentence(anybody: FlaskClient, life: Life, given: dict[str, str]) -> None:
    _ticket, token = asked(life)
    assert anybody.post(f"/s/{token}", data=given).status_code == 400
    assert life.db.scalars(select(Survey)).one().answered_at is None


def test_a_wrong_link_is_no_page(anybody: FlaskClient) -> None:
    assert anybody.get("/s/nothing").status_code == 404


def test_only_the_first_text_carries_the_query_code(life: Life) -> None:
    assert [key for key, one in life.city.texts.items() if "query_code" in one.params] == ["accepted"]


@pytest.mark.parametrize("path", ["/c", "/c/new", "/c/track", "/c/times"])
def test_the_open_pages_are_complete_in_english(anybody: FlaskClient, path: str) -> None:
    anybody.set_cookie("hotline_language", "en")
    assert still_chinese(text(anybody, path), "citizen") == []


def test_the_time_limits_are_the_citys_own(anybody: FlaskClient) -> None:
    page = text(anybody, "/c/times")
    assert "10 个工作日" in page and "24 小时" in page


def test_guessing_codes_is_slowed_down(life: Life, settings: Settings, installation: Installation) -> None:
    """With the limits on, as in a real installation."""
    life.db.commit()
    app = create_app(replace(settings, testing=False), installation)
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    statuses = [
        client.post("/c/track", data={"number": "260304000001", "code": "WRONG1"}).status_code for _ in range(12)
    ]
    limiter.enabled = False
    assert statuses[0] == 400 and statuses[-1] == 429


def test_who_corrects_a_form_is_not_turned_away_but_who_hands_in_too_many_is(
    life: Life, settings: Settings, installation: Installation
) -> None:
    life.db.commit()
    app = create_app(replace(settings, testing=False), installation)
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    corrected = [client.post("/c/new", data={**FORM, "body": ""}).status_code for _ in range(6)]
    handed_in = [client.post("/c/new", data={**FORM, "sheet": f"k{n}"}).status_code for n in range(12)]
    limiter.enabled = False
    assert 429 not in corrected
    assert handed_in[0] == 303 and handed_in[-1] == 429 and handed_in.count(303) == 10


# --- how often one may knock ------------------------------------------------------------------------------------------------


@pytest.fixture
def limited_app(life: Life, settings: Settings, installation: Installation) -> Iterator[Flask]:
    """With the limits on, as in a real installation."""
    life.db.commit()
    app = create_app(replace(settings, testing=False), installation)
    app.config["WTF_CSRF_ENABLED"] = False
    limiter.reset()
    yield app
    limiter.enabled = False


def test_twenty_citizens_behind_one_address_hand_in_within_the_hour(limited_app: Flask) -> None:
    """Found outside: N3."""
    for n in range(20):
        client = limited_app.test_client()
        client.get("/c/new")
        form = {**FORM, "phone": f"1380000{n:04d}" if n % 2 else "", "sheet": f"k{n}"}
        assert client.post("/c/new", data=form).status_code == 303


def test_one_kiosk_serves_many_citizens_with_their_own_numbers(limited_app: Flask) -> None:
    client = limited_app.test_client()
    client.get("/c/new")
    assert {
        client.post("/c/new", data={**FORM, "phone": f"1380000{n:04d}", "sheet": f"k{n}"}).status_code
        for n in range(15)
    } == {303}


def test_one_number_in_many_writings_and_browsers_is_one_person(limited_app: Flask) -> None:
    writings = ("13800001234", "+86 138-0000-1234", "１３８００００１２３４", "手机：13800001234")
    statuses = []
    for n in range(12):
        client = limited_app.test_client()
        client.get("/c/new")
        statuses.append(client.post("/c/new", data={**FORM, "phone": writings[n % 4], "sheet": f"k{n}"}).status_code)
    assert statuses == [303] * 10 + [429] * 2


def test_a_neighbours_wrong_codes_keep_nobody_from_their_own_ticket(limited_app: Flask, life: Life) -> None:
    own = life.ticket()
    life.db.commit()
    client = limited_app.test_client()
    statuses = [
        client.post("/c/track", data={"number": "260304999999", "code": "WRONG1"}).status_code for _ in range(12)
    ]
    assert statuses == [400] * 10 + [429] * 2
    assert client.post("/c/track", data={"number": own.number, "code": code_of(own)}).status_code == 303


def test_what_was_refused_on_the_progress_page_does_not_count(limited_app: Flask, life: Life) -> None:
    """Found outside: N3."""
    own = life.ticket()
    life.db.commit()
    client = limited_app.test_client()
    client.post("/c/track", data={"number": own.number, "code": code_of(own)})
    assert {client.post(f"/p/{own.number}/add", data={"text": ""}).status_code for _ in range(25)} == {400}
    assert client.post(f"/p/{own.number}/add", data={"text": "在邮局门口"}).status_code == 303


def wide(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


@pytest.mark.parametrize(
    "written",
    [
        lambda text: text,
        wide,
        lambda text: f" {text[:6]}　{text[6:]} ",
        lambda text: "-".join((text[:3], text[3:])),
        lambda text: f"工单号：{text}",
        lambda text: f"\u202a{text}\u202c",
        lambda text: text.lower(),
        lambda text: f"“{text}”。",
        "\u200b".join,
    ],
)
def test_a_number_and_a_code_are_known_in_every_writing_of_a_keyboard(
    limited_app: Flask, life: Life, written: Callable[[str], str]
) -> None:
    """Found outside: N4."""
    own = life.ticket()
    life.db.commit()
    client = limited_app.test_client()
    for number, code in (
        (written(own.number), code_of(own)),
        (own.number, written(code_of(own))),
        (written(own.number), written(code_of(own))),
    ):
        for _ in range(6):
            assert client.post("/c/track", data={"number": number, "code": code}).status_code == 303
    assert client.get(f"/p/{written(own.number)}").status_code == 200


# --- files of a form that is refused ------------------------------------------------------------------------------------------


def photo(name: str = "路灯.png", content: bytes = PNG) -> tuple[io.BytesIO, str]:
    return io.BytesIO(content), name


def names_of(life: Life, ticket: Ticket | None) -> list[str]:
    life.db.rollback()
    return list(
        life.db.scalars(
            select(Attachment.name)
            .where(Attachment.ticket_id == (ticket.id if ticket else None))
            .order_by(Attachment.id)
        )
    )


@pytest.mark.parametrize("wrong", [{"consent": ""}, {"body": ""}, {"body": "长" * 50_001}])
def test_a_refused_form_keeps_the_photo_for_the_next_try(
    anybody: FlaskClient, life: Life, wrong: dict[str, str]
) -> None:
    """Found at the desks: W7."""
    refused = anybody.post("/c/new", data={**FORM, **wrong, "files": photo()})
    assert refused.status_code == 400 and "已上传：路灯.png" in refused.text
    (kept,) = re.findall(r'name="kept" value="([0-9a-f]+)"', refused.text)
    ticket = handed_in(anybody, life, kept=kept)
    assert names_of(life, ticket) == ["路灯.png"] and names_of(life, None) == []
    assert "路灯.png" in opened(anybody, ticket)


def test_a_bad_file_is_named_and_the_good_one_waits(anybody: FlaskClient, life: Life) -> None:
    data = {**FORM, "files": [photo(), photo("页面.html", b"<html>")]}
    refused = anybody.post("/c/new", data=data)
    assert refused.status_code == 400 and "页面.html" in refused.text and "已上传：路灯.png" in refused.text
    again = anybody.post("/c/new", data={**FORM, "consent": "", "files": photo("二.png")})
    kept = re.findall(r'name="kept" value="([0-9a-f]+)"', again.text)
    assert len(kept) == 2
    ticket = handed_in(anybody, life, kept=kept[1])
    assert names_of(life, ticket) == ["二.png"] and names_of(life, None) == ["路灯.png"]


def test_nobody_claims_the_files_of_anothers_form(app: Flask, anybody: FlaskClient, life: Life) -> None:
    refused = anybody.post("/c/new", data={**FORM, "consent": "", "files": photo()})
    (kept,) = re.findall(r'name="kept" value="([0-9a-f]+)"', refused.text)
    stranger = handed_in(app.test_client(), life, kept=kept)
    assert names_of(life, stranger) == [] and names_of(life, None) == ["路灯.png"]
    assert app.test_client().get(f"/files/{kept}").status_code in (302, 404)


def test_files_that_nobody_came_back_for_are_gone_after_a_day(
    anybody: FlaskClient, life: Life, installation: Installation, settings: Settings
) -> None:
    anybody.post("/c/new", data={**FORM, "consent": "", "files": photo()})
    life.clock.forward(days=1, minutes=1)
    tidy(installation, life.now)
    assert names_of(life, None) == [] and list(settings.attachments.iterdir()) == []


def test_more_than_the_most_files_do_not_wait(anybody: FlaskClient, life: Life) -> None:
    for n in range(4):
        anybody.post("/c/new", data={**FORM, "consent": "", "files": [photo(f"{n}-{m}.png") for m in range(3)]})
    assert len(names_of(life, None)) == 5
