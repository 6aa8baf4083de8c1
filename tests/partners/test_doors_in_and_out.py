"""Every door of the city, in and back out: what each platform's own ledger says, number by number."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hotline.metrics import counting
from hotline.metrics.question import Question
from tests.support.cities.partners import Street

MATTERS: dict[str, dict[str, Any]] = {
    "national": {
        "appealNo": "GJ-1",
        "appealContent": "文峰大道路灯坏了三天。",
        "limitTime": "2026-03-09 18:00:00",
        "appealType": "投诉",
    },
    "province": {
        "workOrderNo": "SJ-1",
        "content": "文峰大道路灯坏了三天。",
        "limitTime": "2026-03-09 18:00:00",
        "orderType": "3",
    },
    "people_board": {
        "messageId": "RM-1",
        "messageContent": "文峰大道路灯坏了三天。",
        "messageType": "建言",
        "nickname": "热心网友",
    },
    "110": {
        "incidentNo": "J-1",
        "content": "文峰大道路灯坏了三天。",
        "place": "文峰大道 12 号",
        "callerTel": "13800001111",
    },
    "anzhengtong": {
        "bizNo": "AZ-1",
        "content": "文峰大道路灯坏了三天。",
        "townCode": "wenfeng-dongguan",
        "tel": "13800002222",
    },
    "xinfang": {
        "xfbh": "XF-1",
        "xfnr": "文峰大道路灯坏了三天。",
        "blqx": "2026-03-09 18:00:00",
        "xfr": "李四",
        "dh": "13800003333",
    },
    "grid": {"caseNo": "CG-1", "description": "文峰大道路灯坏了三天。", "address": "文峰大道"},
    "app": {"outer_number": "APP-1", "text": "文峰大道路灯坏了三天。"},
}
"""One matter as each platform writes it."""

DEEDS = (("du", "dispatch"), ("he", "sign"), ("he", "reply"), ("ren", "pass"), ("citizen", "record"))
KINDS = {
    "national": ["accept", "transfer", "result", "rating"],
    "province": ["ACCEPT", "TRANSFER", "RESULT", "CLOSE"],
    "people_board": ["reply"],
    "110": ["accept", "result"],
    "anzhengtong": ["accept", "progress", "progress", "answer"],
    "xinfang": ["sl", "jg"],
    "grid": ["case", "result"],
    "app": ["progress", "progress", "progress", "progress", "progress"],
}
ANSWER = "路灯线路已于今日更换，现已恢复照明。"
NUMBER_FIELD = {"national": "appealNo", "province": "workOrderNo", "people_board": "messageId", "110": "incidentNo",
                "anzhengtong": "bizNo", "xinfang": "xfbh", "grid": "caseNo"}  # fmt: skip
ANSWER_FIELD = {"national": "reply", "province": "handleResult", "people_board": "replyContent", "110": "answer",
                "anzhengtong": "answer", "xinfang": "blyj", "grid": "answer"}  # fmt: skip


def test_each_platform_gets_its_matters_accepted_handed_on_and_answered(street: Street) -> None:
    street.connect(*MATTERS)
    for name, matter in MATTERS.items():
        said = street.tell(name, matter)
        assert said.status_code == 201, said.get_json()
        number = said.get_json()["ticket_number"]
        assert street.tell(name, matter).get_json()["ticket_number"] == number, "told twice it is one"
        street.work()
        street.lives(street.ticket(number), *DEEDS)
        own = street.ticket(number).id
        rows = [row for row in street.deliveries(name) if row.ticket_id == own]
        ledger = [entry for entry in street.doubles[name].ledger if entry.name.endswith(f":t{own}")]
        assert [row.kind for row in rows] == KINDS[name]
        assert [(row.key, row.receipt or "", row.state) for row in rows] == [
            (entry.name, entry.number if row.receipt else "", "accepted")
            for entry, row in zip(ledger, rows, strict=True)
        ], "our book and the platform's ledger tell the same, number by number"
        assert street.doubles[name].forged == 0
        if name in NUMBER_FIELD:
            theirs = next(value for field, value in matter.items() if field == NUMBER_FIELD[name])
            numbers = {entry.content[NUMBER_FIELD[name]] for entry in ledger if NUMBER_FIELD[name] in entry.content}
            assert numbers - {""} == {theirs}, "nobody reads the number of another platform"
            answers = [told for entry in ledger if (told := entry.content.get(ANSWER_FIELD[name]))]
            assert answers == [ANSWER], "the public answer goes back once, after a reviewer has passed it"
    everything = str([entry.content for double in street.doubles.values() for entry in double.ledger])
    assert "现场查看，灯杆线路断开" not in everything, "what the unit found stays in the house"
    assert "13800003333" not in everything and "李四" not in everything
    each_door_counts_its_matter_once(street)


def each_door_counts_its_matter_once(street: Street) -> None:
    """Volume, first contact, result and satisfaction by door, as the overview's table by channel reads them."""
    asked = Question(street.now() - timedelta(days=9), street.now() + timedelta(days=9), street.now())
    with street.installation.readings() as db:
        found = counting.rates_by(db, asked, "channel", ("direct_close", "contact_24h", "on_time", "satisfied"))
    channels = {"110": "emergency", "anzhengtong": "town"}
    assert {door: rates["direct_close"].of for door, rates in found.items()} == {
        channels.get(name, name): 1 for name in MATTERS
    }
    for door, rates in found.items():
        assert [rates[key].of for key in ("contact_24h", "on_time", "satisfied")] == [1, 1, 1], door
        assert rates["on_time"].n == rates["satisfied"].n == 1, door


def test_the_grid_knows_its_own_case_when_it_is_sent_back_to_it_and_hears_that_it_is_to_be_done_again(
    street: Street,
) -> None:
    """Without its own number it would open a second case; without the word it would rest on an answer that nobody took."""
    street.connect("grid")
    number = street.tell("grid", MATTERS["grid"]).get_json()["ticket_number"]
    street.lives(street.ticket(number), *DEEDS[:3], ("ren", "redo"))
    told = [(row.kind, entry.content["caseNo"], entry.content["hotlineNo"])
            for row, entry in zip(street.deliveries("grid"), street.doubles["grid"].ledger, strict=True)]  # fmt: skip
    assert told == [("case", "CG-1", number), ("again", "CG-1", number)]


def test_what_the_desk_answers_or_declines_by_itself_names_the_centre_as_who_answered(street: Street) -> None:
    """A platform that publishes the answer shows who gave it: a reply of nobody is refused there."""
    street.connect("people_board", "national", "xinfang")
    for name, field in (("people_board", "organization"), ("national", "dept"), ("xinfang", "bldw")):
        number = street.tell(name, MATTERS[name]).get_json()["ticket_number"]
        street.lives(street.ticket(number), ("du", "answer_directly"))
        assert street.doubles[name].ledger[-1].content[field] == "12345热线中心", name
