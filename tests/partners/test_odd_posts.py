"""As other vendors write: each platform's odd post is taken and read, or refused in its own words with a sentence, and logged."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from models import Staff, Ticket
from tests.support.cities.partners import Street

WORDS = "文峰大道路灯坏了三天。"
PLATFORMS = ("national", "province", "people_board", "110", "anzhengtong", "xinfang", "grid", "app")


def named(street: Street, platform: str) -> dict[str, str]:
    """Our field → theirs."""
    known = street.installation.city.subscription(platform)
    ours = ["outer_number", "text", "title", "address", "name", "phone", "media", "outer_due_at", "posted_at"]
    assert known is not None
    return {one: one for one in ours} | {one: theirs for theirs, one in known.incoming.items()}


def odd(called: dict[str, str]) -> Iterator[dict[str, Any]]:
    """One matter in eight odd forms; each says a place, a name, or a limit in a way of its own."""
    number, text = called["outer_number"], called["text"]
    yield {number: "O-1", text: WORDS}
    yield {number: "O-2", text: WORDS, called["phone"]: None, called["address"]: "", called["outer_due_at"]: ""}
    yield {
        number: "O-3",
        text: [WORDS],
        called["address"]: {"city": "安阳市", "detail": "文峰大道"},
        called["name"]: ["王"],
    }
    yield {number: 44, text: WORDS, called["phone"]: 13800001111.0, called["outer_due_at"]: 1773050400000}
    yield {number: "O-5", text: WORDS, called["outer_due_at"]: "2026-03-09T10:00:00Z", called["title"]: 12}
    yield {number: "O-6", text: WORDS, called["outer_due_at"]: "Mon, 09 Mar 2026 18:00:00 +0800"}
    yield {number: "O-7", text: f"<div>{WORDS[:-1]}<script>alert(1)</script>。😡</div>", called["title"]: "<p>路灯</p>"}
    yield {number: "O-8", text: WORDS * 455}


@pytest.mark.parametrize("platform", PLATFORMS)
def test_eight_odd_posts_of_each_platform_are_read(street: Street, platform: str) -> None:
    street.connect(platform)
    for post in odd(named(street, platform)):
        said = street.tell(platform, post)
        assert said.status_code == 201, (post, said.get_json())
        ticket = street.ticket(said.get_json()["ticket_number"])
        assert ticket.text.body.startswith(WORDS[:-1]) and "<" not in ticket.text.body + ticket.title
        if any(isinstance(one, dict) for one in post.values()):
            assert ticket.text.place == "安阳市文峰大道" and ticket.contact_name == "王"
        if "2026" in str(post) or 1773050400000 in post.values():
            assert ticket.outer_due_at is not None and ticket.outer_due_at.isoformat()[:16] == "2026-03-09T10:00"
    with street.installation.readings() as db:
        assert db.scalar(select(func.count()).select_from(Ticket)) == 8, "the same words under other numbers are others"


def test_what_is_refused_is_named_as_the_platform_calls_it_and_logged(
    street: Street, caplog: pytest.LogCaptureFixture
) -> None:
    street.connect("national")
    late = street.tell("national", {"appealNo": "R-1", "appealContent": WORDS, "limitTime": "尽快"})
    assert late.status_code == 422 and late.get_json()["errors"][0]["field"] == "limitTime"
    assert "limitTime 不是能读懂的时间" in late.get_json()["detail"]
    wrapped = street.tell("national", {"data": {"appealNo": "R-2", "appealContent": WORDS}})
    assert [one["field"] for one in wrapped.get_json()["errors"]] == ["appealNo", "appealContent"]
    early = street.tell("national", {"urgeId": "D-1", "appealNo": "R-9", "urgeType": "催办"}, "demands")
    assert (early.status_code, early.get_json()["detail"]) == (404, "没有这张工单。")
    assert "answered with 422" in caplog.text and "limitTime" in caplog.text and WORDS[:4] not in caplog.text


def test_what_came_beside_a_matter_stands_on_its_page_once_and_no_bookkeeping_with_it(
    street: Street, browse: Callable[[Staff], FlaskClient]
) -> None:
    street.connect("110")
    post = {"incidentNo": "J-1", "content": WORDS, "reference": "A110-7", "media": ["https://a.test/1.jpg"]}
    number = street.tell("110", post).get_json()["ticket_number"]
    street.work()
    page = browse(street.life.staff["du"]).get(f"/tickets/{number}").get_data(as_text=True)
    assert page.count("A110-7") == 1 and "没有取到" in page and "a.test/1.jpg" not in page
