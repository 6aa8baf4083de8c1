"""Search: the box understands what was typed, and shows where it stands."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from hotline.installation import Installation
from hotline.web.search.highlight import marked, parts_of, snippet
from tests.support.life import Life
from tests.support.statements import statements
from tests.web.search.found import made, numbers


def test_several_words_must_all_stand_in_the_text(life: Life, desk: FlaskClient) -> None:
    both, _one = made(life, "东工路的路灯不亮了，请修。", "文明大道的路灯不亮了。")
    assert numbers(desk.get("/search?q=路灯 东工路")) == [both.number]


@pytest.mark.parametrize(
    "written",
    [
        "{n}",
        " {a} {b} ",
        "工单号：{n}",
        "No.{n}",
        "#{n}",
        "{wide}",
        "工单{n}号",
        "{a}-{b}",
        "\u202d{n}\u202c",
        "{a}\u3000{b}",
    ],
)
def test_a_whole_number_alone_opens_the_ticket_however_it_is_written(
    life: Life, desk: FlaskClient, written: str
) -> None:
    """Found outside: S2. Found at the desks: U28."""
    one, _two = made(life, "路灯坏了。", "井盖坏了。")
    n = one.number
    asked = written.format(n=n, a=n[:6], b=n[6:], wide="".join(chr(ord(c) + 0xFEE0) for c in n))
    answer = desk.get("/search/", query_string={"q": asked})
    assert answer.status_code == 303 and answer.location == f"/tickets/{n}"


def test_a_number_that_is_being_typed_or_filtered_offers_the_ticket(life: Life, desk: FlaskClient) -> None:
    one, _two = made(life, "路灯坏了。", "井盖坏了。")
    for query, headers in (
        (f"q={one.number}&open=1", {}),
        (f"q={one.number}", {"HX-Request": "true", "HX-Trigger": "f-q", "HX-Target": "found"}),
    ):
        page = desk.get(f"/search/?{query}", headers=headers)
        assert numbers(page) == [one.number] and f"打开工单 {one.number}" in page.text
    sent = desk.get(
        f"/search/?q={one.number}", headers={"HX-Request": "true", "HX-Trigger": "search", "HX-Target": "found"}
    )
    assert sent.headers["HX-Redirect"] == f"/tickets/{one.number}"


def test_no_part_of_a_question_is_dropped_in_silence(life: Life, desk: FlaskClient) -> None:
    one, two = made(life, "路灯坏了。", "井盖坏了。")
    assert numbers(desk.get(f"/search/?q={one.number} 井盖")) == []
    assert numbers(desk.get(f"/search/?q={one.number} 路灯")) == [one.number]
    assert numbers(desk.get("/search/?q=13900000000 13900000001")) == []
    assert "没有按“🙂”查找" in desk.get("/search/?q=路灯 🙂").text
    assert "最多输入 200 个字" in desk.get("/search/?q=" + "路" * 201).text
    assert "一次最多找" in desk.get("/search/?q=" + " ".join(f"字{n}" for n in range(30))).text
    assert numbers(desk.get("/search/?q=" + " ".join(["路灯"] * 9 + ["水管"]))) == []
    assert two.number


def test_traditional_and_wide_writings_are_marked_where_they_stand(life: Life, desk: FlaskClient) -> None:
    made(life, "梅園莊北街Ａ１２栋停电。")
    assert "<mark>梅園莊</mark>" in desk.get("/search/?q=梅园庄").text
    assert "<mark>Ａ１２</mark>" in desk.get("/search/?q=a12").text


def test_what_a_reply_says_is_found_and_shown(life: Life, desk: FlaskClient) -> None:
    ticket = life.to("to_review")
    life.db.commit()
    page = desk.get("/search/?q=灯杆线路断开")
    assert numbers(page) == [ticket.number] and "<mark>灯杆线路断开</mark>" in page.text


def test_the_last_digits_of_a_number_are_enough(life: Life, desk: FlaskClient) -> None:
    one, _two = made(life, "路灯坏了。", "井盖坏了。")
    assert f"打开工单 {one.number}" in desk.get(f"/search/?q={one.number[-6:]}").text


def test_a_telephone_finds_every_ticket_of_that_number_however_it_is_written(life: Life, desk: FlaskClient) -> None:
    mine = [life.ticket(phone="13812345678", words=w).number for w in ("路灯坏了。", "井盖坏了。")]
    life.ticket(phone="13900000000", words="别人的事。")
    life.db.commit()
    for written in ("13812345678", "138-1234-5678", "+8613812345678", "１３８１２３４５６７８"):
        page = desk.get("/search/", query_string={"q": written})
        assert sorted(numbers(page)) == sorted(mine), written


def test_a_name_that_no_text_holds_is_looked_for_among_the_callers(life: Life, desk: FlaskClient) -> None:
    one = life.ticket(name="王建国", words="路灯坏了。")
    life.ticket(phone="13900000000", name="李四海", words="井盖坏了。")
    life.db.commit()
    page = desk.get("/search/?q=王建国")
    assert numbers(page) == [one.number] and "来电人叫这个名字" in page.text


def test_words_are_marked_in_the_title_and_in_a_masked_piece_of_the_body(life: Life, desk: FlaskClient) -> None:
    made(
        life,
        "反映小区环境问题。" + "情况如下，居民意见很大。" * 8 + "楼下垃圾站气味难闻，联系人电话13812345678，请处理。",
    )
    page = desk.get("/search/?q=垃圾站").text
    assert "<mark>垃圾站</mark>" in page and "found-words" in page
    assert "13812345678" not in page


def test_what_is_marked_is_escaped() -> None:
    assert str(marked("<b>路灯</b>", ["路灯"])) == "&lt;b&gt;<mark>路灯</mark>&lt;/b&gt;"
    assert snippet("标题", "<script>路灯</script>", ["路灯"]) == "&lt;script&gt;<mark>路灯</mark>&lt;/script&gt;"


def test_no_half_number_is_left_at_the_edge_of_a_piece() -> None:
    for gap in range(1, 60):
        piece = (
            snippet("标题", "电话13812345678" + "，" * gap + "路灯坏了" + "。" * gap + "13987654321", ["路灯"]) or ""
        )
        assert not re.search(r"\d{7,}", piece), gap


def test_parts_are_taken_longest_first_so_that_a_longer_word_is_marked_whole() -> None:
    assert str(marked("路灯杆", parts_of("路灯 路灯杆"))) == "<mark>路灯杆</mark>"


def test_nothing_asked_offers_ways_in_and_nothing_found_says_what_to_try(life: Life, desk: FlaskClient) -> None:
    assert "常用查询" in desk.get("/search/").text
    assert "换成短一点的词" in desk.get("/search/?q=一句没有人说过的话").text
    assert "请输入汉字" in desk.get("/search/?q=！！").text


def test_the_page_asks_the_database_as_often_for_one_ticket_as_for_forty(
    life: Life, installation: Installation, desk: FlaskClient
) -> None:
    made(life, "前面的话。" * 30 + "路灯不亮")
    desk.get("/search/?q=路灯")
    with statements(installation.engine) as few:
        desk.get("/search/?q=路灯")
    made(life, *("前面的话。" * 30 + f"路灯不亮{n}" for n in range(39)))
    with statements(installation.engine) as many:
        assert len(numbers(desk.get("/search/?q=路灯"))) == 40
    assert len(many) <= len(few) + 1, "\n".join(many)
    assert len(many) < 20


def test_htmx_gets_the_result_alone(life: Life, desk: FlaskClient) -> None:
    life.ticket()
    life.db.commit()
    part = desk.get("/search/?q=路灯", headers={"HX-Request": "true", "HX-Target": "div#found"}).text
    assert part.lstrip().startswith('<div id="found"') and "<html" not in part


def test_the_page_speaks_english_too(life: Life, desk: FlaskClient) -> None:
    life.ticket(words="路灯坏了。")
    life.db.commit()
    desk.set_cookie("hotline_language", "en")
    page = re.sub(r"<(datalist|mark|title).*?</\1>", "", desk.get("/search/?q=路灯&open=1").text, flags=re.S)
    assert "Search" in page and "承办单位" not in page and "筛选" not in page
