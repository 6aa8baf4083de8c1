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
    found = post(pics=[f"https://a.cn/{n}.jpg" for n in range(12)])
    assert len(found.media) == 10
    assert found.model_extra == {"pics_more": ["https://a.cn/10.jpg", "https://a.cn/11.jpg"]}


@pytest.mark.parametrize("limit", ["尽快", "2026-13-40", "下周五 18:00"])
def test_a_limit_that_is_none_is_told_to_the_platform(limit: str) -> None:
    with pytest.raises(ValueError, match="outer_due_at"):
        post(limit=limit)
