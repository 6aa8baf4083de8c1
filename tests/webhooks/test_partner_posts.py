"""Partners post matters: one outer number is one ticket, and a wrong field is named."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from tests.support.doubles.partner_post import partner_post
from webhooks.events import NotAccepted, PostReceived
from webhooks.partners.forms import Enclosure
from webhooks.partners.partner import Partner
from webhooks.signature import partner_headers

PUBLIC = "https://hotline.example.gov.cn"
NEW_KEY, OLD_KEY = "wechat-key-of-this-year", "wechat-key-of-last-year"
POST = {"outer_number": "GJ-2026-0001", "text": "小区门口路灯坏了三天。", "outer_due_at": "2026-11-30T18:00:00+08:00"}


def post(installation, content=POST, key=NEW_KEY, name="wechat", **more):
    return installation.knock(partner_post(key, PUBLIC, name, content, installation.clock.at, **more))


def raw_post(installation, body, **headers):
    signed = partner_headers(
        NEW_KEY, "nonce-for-raw-bodies", "/webhooks/partners/wechat/posts", body, installation.clock.at
    )
    return installation.client.post(
        "/webhooks/partners/wechat/posts", data=body, headers={"Content-Type": "application/json"} | signed | headers
    )


def test_a_post_becomes_one_ticket_with_the_partners_number_and_deadline(installation):
    response = post(installation, POST | {"phone": "+86 138 0000 1234", "name": "张三", "request_type": "complaint"})
    assert response.status_code == 201
    assert response.get_json() == {
        "ticket_number": "AY0001", "outer_number": "GJ-2026-0001", "state": "to_dispatch",
    }  # fmt: skip
    (event,) = installation.inbox.acted
    assert isinstance(event, PostReceived)
    assert (event.provider, event.channel, event.event_id, event.phone) == (
        "wechat", "wechat", "GJ-2026-0001", "+86 138 0000 1234",
    )  # fmt: skip
    assert event.outer_due_at == datetime(2026, 11, 30, 10, 0, tzinfo=UTC)
    assert json.loads(event.raw)["text"] == POST["text"]
    assert "张三" not in repr(event)
    assert "路灯" not in repr(event)


def test_the_same_outer_number_again_gets_the_same_answer_and_no_second_ticket(installation):
    first, second = post(installation), post(installation)
    assert (first.status_code, first.data) == (second.status_code, second.data)
    assert "Idempotent-Replayed" not in first.headers
    assert second.headers["Idempotent-Replayed"] == "true"
    assert len(installation.inbox.acted) == 1


def test_two_partners_may_use_the_same_number_for_different_matters(installation):
    assert post(installation).get_json()["ticket_number"] == "AY0001"
    assert post(installation, name="linzhou").get_json()["ticket_number"] == "AY0002"


def test_a_towns_page_always_posts_with_the_towns_own_code(installation):
    post(installation, POST | {"town_code": "T-ELSEWHERE"}, name="linzhou")
    assert installation.inbox.acted[0].town_code == "T-LINZHOU"


def test_both_keys_work_while_one_replaces_the_other(installation):
    assert post(installation, key=NEW_KEY).status_code == 201
    assert post(installation, key=OLD_KEY).status_code == 201


def test_the_key_of_one_partner_does_not_open_another_ones_door(installation):
    """VH9."""
    assert post(installation, key=OLD_KEY, name="linzhou").status_code == 403


def test_a_request_caught_and_played_again_is_refused(installation):
    """VH9."""
    assert post(installation, nonce="nonce-0001").status_code == 201
    assert post(installation, nonce="nonce-0001").status_code == 403
    assert installation.inbox.told == 1


def test_a_nonce_is_not_used_up_by_somebody_without_the_key(installation):
    assert post(installation, key="a-key-that-is-not-ours", nonce="nonce-0001").status_code == 403
    assert post(installation, nonce="nonce-0001").status_code == 201


def test_a_request_signed_too_long_ago_is_refused(installation):
    """VH9."""
    knock = partner_post(NEW_KEY, PUBLIC, "wechat", POST, installation.clock.at)
    installation.clock.at += timedelta(minutes=6)
    assert installation.knock(knock).status_code == 403


def test_an_unknown_partner_is_not_found(installation):
    assert post(installation, name="nobody").status_code == 404


NO_MOMENT = "字段 outer_due_at 不是能读懂的时间，例如 2026-11-23T09:00:00+08:00；没有就不写。"


@pytest.mark.parametrize(
    ("change", "field", "sentence"),
    [
        ({"outer_number": None}, "outer_number", "缺少字段 outer_number。"),
        ({"outer_number": ["GJ"]}, "outer_number", "字段 outer_number 的内容不正确。"),
        ({"outer_number": "  "}, "outer_number", "字段 outer_number 不能为空。"),
        ({"outer_number": "x" * 65}, "outer_number", "字段 outer_number 超过 64 个字。"),
        ({"text": ""}, "text", "字段 text 不能为空。"),
        ({"text": "w" * 50_001}, "text", "字段 text 超过 50000 个字。"),
        ({"outer_due_at": "2026-11-30T18:00:00"}, "outer_due_at", None),
        ({"outer_due_at": "下周"}, "outer_due_at", NO_MOMENT),
        ({"outer_due_at": "9999-12-31T23:59:59-12:00"}, "outer_due_at", NO_MOMENT),
        ({"request_type": "shouting"}, "request_type", "字段 request_type 的内容不正确。"),
        ({"media": "https://img.example.cn/1.jpg"}, "media", "字段 media 的内容不正确。"),
    ],
)
def test_a_wrong_field_is_named_in_a_sentence(installation, change, field, sentence):
    response = post(installation, POST | change)
    assert response.status_code == 422
    assert response.mimetype == "application/problem+json"
    (error,) = response.get_json()["errors"]
    assert error["field"] == field
    assert error["detail"] == sentence or (sentence is None and "时区" in error["detail"])
    assert installation.inbox.told == 0


def test_all_wrong_fields_are_told_at_once(installation):
    response = post(installation, {"text": "", "media": 7})
    assert response.get_json()["detail"] == "有 3 个字段需要更正。"
    assert {error["field"] for error in response.get_json()["errors"]} == {"outer_number", "text", "media"}


@pytest.mark.parametrize("body", [b"{", b"[]", b'"text"', b"\xff\xfe", b"null", b'{"a":' * 9000 + b"}"])
def test_what_is_no_json_object_is_malformed(installation, body):
    """VH9."""
    response = raw_post(installation, body)
    assert (response.status_code, response.get_json()["detail"]) == (400, "请求正文不是有效的 JSON。")


@pytest.mark.parametrize(
    ("charset", "said"), [("utf-8-sig", ""), ("gbk", "; charset=GBK"), ("gb18030", ""), ("utf-16", "; charset=utf-16")]
)
def test_a_post_is_read_in_whatever_writing_it_came(installation, charset, said):
    body = json.dumps(POST, ensure_ascii=False).encode(charset)
    assert raw_post(installation, body, **{"Content-Type": f"application/json{said}"}).status_code == 201
    (event,) = installation.inbox.acted
    assert event.text == POST["text"] and json.loads(event.raw)["text"] == POST["text"]


def test_a_text_that_was_cut_inside_an_emoji_is_taken_without_the_half(installation):
    cut = json.dumps(POST | {"text": "路灯坏了😡"}).replace("\\ude21", "")
    assert raw_post(installation, cut.encode()).status_code == 201
    (event,) = installation.inbox.acted
    assert event.text == json.loads(event.raw)["text"] == "路灯坏了"


def test_null_says_nothing_and_a_number_is_text(installation):
    nothing = dict.fromkeys(("title", "name", "address", "media", "confidential", "openid", "outer_due_at", "way"))
    assert post(installation, nothing | {"outer_number": 20260304, "text": 12345}).status_code == 201
    (event,) = installation.inbox.acted
    assert (event.outer_number, event.text, event.title, event.confidential) == ("20260304", "12345", "", False)


@pytest.mark.parametrize(
    ("told", "meant", "noted"),
    [
        (True, True, False), ("是", True, False), ("true", True, False), (1, True, False), ("yes", True, False),
        ("ＹＥＳ", True, False), (" 保密 ", True, False), (False, False, False), ("false", False, False), ("否", False, False),
        (0, False, False), ("0", False, False), ("", False, False), ("不保密", False, False), ("公开", False, False),
        ("请勿告诉单位", True, True), (2, True, True), ({"level": "高"}, True, True), (["是"], True, True), ("不", False, False),
    ],
)  # fmt: skip
def test_confidential_is_read_as_it_is_meant_and_what_nobody_can_read_is_confidential(installation, told, meant, noted):
    assert post(installation, POST | {"confidential": told}).status_code == 201
    (event,) = installation.inbox.acted
    assert (event.confidential, event.extra.get("confidential_told")) == (meant, told if noted else None)


@pytest.mark.parametrize(
    "told", [" GJ-2026-0001", "ＧＪ－２０２６－０００１", "GJ-2026 -0001\u200b", "GJ–2026–0001", "\u3000GJ-2026-0001\t"]
)
def test_a_number_is_one_in_whatever_width_and_with_whatever_blanks(installation, told):
    assert post(installation, POST | {"outer_number": told}).get_json()["outer_number"] == "GJ-2026-0001"


@pytest.mark.parametrize(
    ("data", "read"),
    [
        ("aGVsbG8=", b"hello"), ("aGVs\nbG8", b"hello"), ("data:image/png;base64,aGVsbG8=", b"hello"), ("-_8=", b"\xfb\xff"),
        ("%%%", None), ("路灯", None), ("", None), (7, None),
    ],
)  # fmt: skip
def test_a_file_is_read_as_base64_is_written_and_what_is_none_is_told(installation, data, read):
    sent = {"event_id": "F1", "outer_number": "GJ-2026-0001", "name": "a.png", "data": data}
    if read is not None:
        assert Enclosure.model_validate(sent).data == read
    else:
        response = post(installation, sent, door="files")
        assert (response.status_code, response.get_json()["errors"][0]["field"]) == (422, "data")


def test_an_empty_body_is_called_empty(installation):
    assert raw_post(installation, b"").get_json()["detail"] == "请求正文为空。"


def test_a_form_is_not_json(installation):
    assert raw_post(installation, b"a=1", **{"Content-Type": "application/x-www-form-urlencoded"}).status_code == 415


def test_the_longest_matter_passes_in_any_writing_and_a_longer_post_does_not(installation):
    """VH9."""
    small = json.dumps(POST | {"text": "路灯坏了三" * 10_000}).encode()
    assert len(small) > 300_000 and raw_post(installation, small + b" " * (400_000 - len(small))).status_code == 201
    response = raw_post(installation, small + b" " * (400_001 - len(small)))
    assert (response.status_code, "400000" in response.get_json()["detail"]) == (413, True)


def test_a_refusal_of_the_inbox_reaches_the_partner_with_its_field(installation):
    installation.inbox.refusal = NotAccepted("没有 100% 匹配的乡镇代码。", "town_code")
    response = post(installation)
    assert response.status_code == 422
    assert response.get_json()["errors"] == [{"field": "town_code", "detail": "没有 100% 匹配的乡镇代码。"}]


def test_110_may_leave_its_short_number_to_call_back(installation):
    post(installation, POST | {"phone": "110"})
    assert installation.inbox.acted[0].phone == "110"


def test_a_partner_with_a_guessable_key_cannot_be_configured():
    with pytest.raises(ValueError, match="16"):
        Partner("x", "x", ("short",))
