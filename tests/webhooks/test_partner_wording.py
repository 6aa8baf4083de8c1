"""A platform's own way of writing is read kindly: what is beside the matter never refuses the matter."""

from __future__ import annotations

import json
from typing import Any

import pytest

from webhooks.partners.forms import Demand, Post
from webhooks.partners.wording import Wording

THEIRS = Wording(
    {"no": "outer_number", "limit": "outer_due_at", "kind": "request_type", "pics": "media", "what": "demand"},
    {"request_type": {"1": "consult", "3": "complaint"}, "demand": {"1": "urge"}},
    "Asia/Shanghai",
)
LAMP = {"no": "A1", "text": "路灯不亮。"}


def post(**more: Any) -> Post:
    return Post.model_validate_json(THEIRS.read(json.dumps(LAMP | more).encode()))


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2026-12-09 18:00:00", "2026-12-09T18:00:00+08:00"),
        ("2026/12/9 18:00", "2026-12-09T18:00:00+08:00"),
        ("2026年12月9日 18时30分", "2026-12-09T18:30:00+08:00"),
        ("20261209180000", "2026-12-09T18:00:00+08:00"),
        ("2026-12-09 18:00:00.0", "2026-12-09T18:00:00+08:00"),
        ("2026-12-09T10:00:00Z", "2026-12-09T10:00:00+00:00"),
        ("2026-12-09", "2026-12-09T23:59:59+08:00"),
        ("2026年12月9日下午6点", "2026-12-09T18:00:00+08:00"),
        ("2026/12/9 上午9点30分", "2026-12-09T09:30:00+08:00"),
        ("Wed, 09 Dec 2026 18:00:00 +0800", "2026-12-09T18:00:00+08:00"),
    ],
)
def test_a_limit_is_read_in_whatever_form_it_is_written_and_a_day_means_its_end(written: str, read: str) -> None:
    due = post(limit=written).outer_due_at
    assert due is not None and due.isoformat() == read


@pytest.mark.parametrize("nothing", [None, "", "  "])
def test_what_says_nothing_is_as_if_it_were_not_there(nothing: object) -> None:
    found = post(limit=nothing, title=nothing, address=nothing, kind=nothing, pics=nothing)
    assert (found.outer_due_at, found.title, found.address, found.request_type, found.media) == (None, "", "", "", [])


def test_words_without_a_meaning_are_kept_and_decide_nothing_but_a_demand_is_refused() -> None:
    found = post(kind="99")
    assert found.request_type == "" and found.model_extra == {"kind": "99"}
    assert post(kind=3).request_type == "complaint" and post(kind="complaint").request_type == "complaint"
    with pytest.raises(ValueError, match="demand"):
        Demand.model_validate_json(THEIRS.read(b'{"event_id": "D1", "what": "9"}'))


def test_numbers_are_text_and_long_titles_are_cut() -> None:
    found = post(no=20261209, title="灯" * 300, address="路" * 300)
    assert (found.outer_number, len(found.title), len(found.address)) == ("20261209", 200, 200)


@pytest.mark.parametrize(
    "told",
    [
        ["https://a.cn/1.jpg", "https://a.cn/2.jpg"],
        "https://a.cn/1.jpg,https://a.cn/2.jpg",
        "https://a.cn/1.jpg; https://a.cn/2.jpg",
        [{"name": "1.jpg", "url": "https://a.cn/1.jpg"}, {"fileUrl": "https://a.cn/2.jpg"}],
        [{"url": ["https://a.cn/1.jpg"]}, "https://a.cn/2.jpg", None, {}],
    ],
)
def test_pictures_come_as_addresses_as_objects_or_in_one_string(told: object) -> None:
    assert post(pics=told).media == ["https://a.cn/1.jpg", "https://a.cn/2.jpg"]


def test_of_more_pictures_than_are_taken_the_rest_stays_as_it_was_told() -> None:
    found = post(pics=[f"https://a.cn/{n}.jpg" for n in range(22)])
    assert len(found.media) == 20
    assert found.model_extra == {"pics_more": ["https://a.cn/20.jpg", "https://a.cn/21.jpg"]}


@pytest.mark.parametrize("limit", ["尽快", "2026-13-40", "下周五 18:00"])
def test_a_limit_that_is_none_is_told_to_the_platform(limit: str) -> None:
    with pytest.raises(ValueError, match="outer_due_at"):
        post(limit=limit)


@pytest.mark.parametrize(
    "nothing",
    ["0000-00-00 00:00:00", "1970-01-01T00:00:00Z", "1900/1/1", "9999-12-31T23:59:59+08:00", "0001-01-01", 0, "-1"],
)
def test_a_date_that_means_there_is_none_refuses_nothing_and_is_kept_as_told(nothing: object) -> None:
    found = post(limit=nothing, posted_at=nothing)
    assert (found.outer_due_at, found.posted_at) == (None, None)
    assert found.model_extra == {"limit": nothing, "posted_at_told": nothing}


@pytest.mark.parametrize("odd", ["46085.5", "昨天下午", "2026-02-30 10:00:00", True, ["2026-03-04"]])
def test_when_it_was_written_is_beside_the_matter_however_it_is_told(odd: object) -> None:
    found = post(posted_at=odd)
    assert found.posted_at is None and found.model_extra == {"posted_at_told": odd}


@pytest.mark.parametrize("told", [1772589600, 1772589600000, "1772589600", "2026-03-04 10:00"])
def test_seconds_and_thousandths_since_1970_are_a_moment(told: object) -> None:
    found = post(posted_at=told).posted_at
    assert found is not None and found.isoformat()[:10] == "2026-03-04"


def test_what_an_editor_made_into_html_is_read_as_words_and_its_pictures_are_fetched() -> None:
    written = '<p>路灯<br>不亮&nbsp;三天</p><img src="https://p.example.gov.cn/1.jpg"/><script>alert(1)</script>'
    found = post(text=written, title="<p>路灯</p>", pics=["https://p.example.gov.cn/2.jpg"])
    assert (found.text, found.title) == ("路灯\n不亮 三天", "路灯")
    assert sorted(found.media) == ["https://p.example.gov.cn/1.jpg", "https://p.example.gov.cn/2.jpg"]
    for plain in ("水压 <0.1 兆帕，a<b>c</b> 也不行", "路灯 < 3 盏"):
        assert post(text=plain).text == plain, "a sign is no markup"


@pytest.mark.parametrize(
    ("field", "told", "read"),
    [
        ("address", {"province": "河南省", "city": "安阳市", "detail": "文峰大道12号", "lng": None}, "河南省安阳市文峰大道12号"),
        ("address", ["文峰区", "文峰大道"], "文峰区文峰大道"),
        ("name", {"family": "王", "given": "小明"}, "王小明"),
        ("phone", {"mobile": "13800001111", "home": "0372-2525252"}, "13800001111 / 0372-2525252"),
        ("text", ["路灯坏了", {"more": "三天没人修"}], "路灯坏了\n三天没人修"),
    ],
)  # fmt: skip
def test_what_comes_in_parts_is_what_its_parts_say(field: str, told: object, read: str) -> None:
    assert getattr(post(**{field: told}), field) == read


def test_signs_that_nobody_sees_are_no_part_of_the_words() -> None:
    found = post(text="路灯\x07坏了😡\n三天\x00", name="阿\x1b🐱")
    assert (found.text, found.name) == ("路灯坏了😡\n三天", "阿🐱")
