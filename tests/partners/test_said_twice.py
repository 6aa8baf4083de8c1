"""A number of another system is one saying: told again it is known, with other words it is refused and nothing is lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from models import Directive, Staff
from tests.support.cities.partners import MATTER, WORDS, Street

ORDERS = [
    {"workOrderNo": "SJ-1", "content": "文峰大道路灯坏了三天。"},
    {"workOrderNo": "SJ-2", "content": "北关区灯塔路井盖没了。"},
]
URGE = {"superviseNo": "1", "workOrderNo": "SJ-1", "superviseType": "1", "superviseContent": "请抓紧办理"}
CASE = {"incidentNo": "J-1", "content": "永明路的路灯被人砸了。", "place": "永明路"}
BACK = {"feedbackId": "1", "incidentNo": "J-1", "feedback": "已到场处置"}


@pytest.mark.parametrize("name", WORDS)
@pytest.mark.parametrize("other", [{"text": "人民大道的井盖没了。"}, {"openid": "oSomebodyElse"}])
def test_other_words_or_another_person_under_a_messages_number_are_refused(
    street: Street, name: str, other: dict[str, str]
) -> None:
    street.connect(name)
    known = street.installation.city.subscription(name)
    assert known is not None
    theirs = {ours: field for field, ours in known.incoming.items()}
    first = street.tell(name, WORDS[name](1, MATTER), "words").get_json()["ticket_number"]
    said = street.tell(name, WORDS[name](1, MATTER) | {theirs.get(f, f): w for f, w in other.items()}, "words")
    assert (said.status_code, said.get_json()["errors"][0]["field"]) == (409, theirs.get("event_id", "event_id"))
    assert first not in said.get_data(as_text=True), "nobody reads what was answered to another"
    again = street.tell(name, WORDS[name](1, MATTER), "words")
    assert (again.status_code, again.get_json()["ticket_number"]) == (201, first)


@pytest.mark.parametrize(
    "other", [{"workOrderNo": "SJ-2"}, {"superviseType": "2"}, {"superviseContent": "第二次催办，群众又来电"}]
)
def test_a_demands_number_is_one_demand_of_one_matter(street: Street, other: dict[str, str]) -> None:
    street.connect("province")
    for order in ORDERS:
        street.tell("province", order)
    assert street.tell("province", URGE, "demands").status_code == 201
    assert street.tell("province", {**URGE, **other}, "demands").status_code == 409
    assert street.tell("province", {**URGE, **other, "superviseNo": "2"}, "demands").status_code == 201
    with street.installation.readings() as db:
        assert len(db.scalars(select(Directive)).all()) == 2


def test_a_bodys_second_report_under_the_first_ones_number_is_refused(street: Street) -> None:
    street.connect("110")
    number = street.tell("110", CASE).get_json()["ticket_number"]
    assert street.tell("110", BACK, "results").status_code == 201
    assert street.tell("110", {**BACK, "feedback": "又有人砸了第二根灯杆"}, "results").status_code == 409
    street.tell("110", {**BACK, "feedbackId": "2", "feedback": "又有人砸了第二根灯杆"}, "results")
    told = [one.data["text"] for one in street.story(number) if one.action == "note"]
    assert [text.partition("：")[2] for text in told] == ["已到场处置", "又有人砸了第二根灯杆"]


def test_an_order_that_came_before_its_matter_is_taken_when_it_comes_again(street: Street) -> None:
    street.connect("province")
    assert street.tell("province", URGE, "demands").status_code == 404
    street.tell("province", ORDERS[0])
    assert street.tell("province", URGE, "demands").status_code == 201


@pytest.mark.parametrize("name", WORDS)
def test_pictures_that_come_before_their_words_hang_on_the_matter(street: Street, name: str) -> None:
    """A messenger sends each picture as a message of its own."""
    street.connect(name, media=("img.test",))
    field = {"wechat": "MediaUrls", "weibo": "pics", "app": "media"}[name]
    for n in (1, 2):
        street.tell(name, WORDS[name](n, "", **{field: [f"https://img.test/{n}.jpg"]}), "words")
    said = street.tell(name, WORDS[name](3, MATTER, **{field: {"list": [{"url": "https://img.test/3.jpg"}]}}), "words")
    rows: Any = street.ticket(said.get_json()["ticket_number"]).text.extra["media"]
    assert [row["url"] for row in rows] == [f"https://img.test/{n}.jpg" for n in (1, 2, 3)]


def test_a_story_as_long_as_a_form_takes_is_taken_from_an_account(street: Street) -> None:
    street.connect("weibo")
    long = "小区的水管漏了又漏，物业说下周修。" * 1200
    number = street.tell("weibo", WORDS["weibo"](1, long), "words").get_json()["ticket_number"]
    assert street.ticket(number).text.body == long


def test_pictures_come_with_a_demand_and_with_a_bodys_report(street: Street) -> None:
    street.connect("province", "110")
    order = street.tell("province", ORDERS[0]).get_json()["ticket_number"]
    case = street.tell("110", CASE).get_json()["ticket_number"]
    street.tell("province", {**URGE, "attachments": [{"fileUrl": "https://sj.test/a.pdf"}]}, "demands")
    street.tell("110", {**BACK, "media": "https://110.test/b.jpg"}, "results")
    for number, url in ((order, "https://sj.test/a.pdf"), (case, "https://110.test/b.jpg")):
        assert [row["url"] for row in street.ticket(number).text.extra["media"]] == [url]


@pytest.mark.parametrize(
    ("name", "door", "post", "field"),
    [
        ("anzhengtong", "posts", {"bizNo": "1", "content": "东关路灯坏了。", "townCode": "nowhere"}, "townCode"),
        ("national", "posts", {"appealNo": "1", "appealContent": "\u200b"}, "appealContent"),
        ("province", "demands", {**URGE, "superviseType": "4", "superviseLimit": "2020-01-01"}, "superviseLimit"),
    ],
)
def test_what_the_house_refuses_is_named_as_the_platform_calls_it(
    street: Street, name: str, door: str, post: dict[str, str], field: str
) -> None:
    street.connect("province", name)
    street.tell("province", ORDERS[0])
    said = street.tell(name, post, door)
    assert (said.status_code, said.get_json()["errors"][0]["field"]) == (422, field)


def test_who_demanded_it_stands_on_the_ticket_by_name(street: Street, browse: Callable[[Staff], FlaskClient]) -> None:
    street.connect("province")
    number = street.tell("province", ORDERS[0]).get_json()["ticket_number"]
    street.tell("province", URGE, "demands")
    page = browse(street.life.staff["du"]).get(f"/tickets/{number}").get_data(as_text=True)
    story = page.partition('id="story"')[2] or page
    assert page.count("省政务服务平台") >= 2 and "省政务服务平台" in story
