"""Numbers, names, amounts and times are found with their places, and personal data is starred."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.text.cues import request_type
from classifier.text.extract import extract, mask, personal_spans, valid_card, valid_id_number
from classifier.text.masking.mask import ANSWER
from classifier.text.title import title
from classifier.text.words import normalise

GOOD_ID = "11010519491231002X"


def kinds(text: str) -> list[tuple[str, str]]:
    return [(found.kind, found.value) for found in extract(text)]


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("电话13812345678谢谢", "phone", "13812345678"),
        ("电话１３８１２３４５６７８", "phone", "13812345678"),
        ("打138 1234 5678", "phone", "13812345678"),
        ("座机0372-2550000", "phone", "0372-2550000"),
        (f"身份证{GOOD_ID}。", "id_number", GOOD_ID),
        ("车牌豫E12345乱停", "plate", "豫E12345"),
        ("新能源车豫ED12345", "plate", "豫ED12345"),
        ("豫e·12345", "plate", "豫E12345"),
        ("卡号6222 0212 3456 7890 128", "bank_card", "6222021234567890128"),
        ("邮箱a.b@qq.com", "email", "a.b@qq.com"),
        ("我叫李小明，住在", "name", "李小明"),
        ("联系人：欧阳小红 电话", "name", "欧阳小红"),
        ("王建国先生说", "name", "王建国"),
        ("幸福小区3号楼2单元501室", "room", "3号楼2单元501室"),
        ("水榭花园12栋1803房漏水", "room", "12栋1803房"),
        ("负责人：陈学友，电话", "name", "陈学友"),
        ("我爸叫周大勇，今年七十", "name", "周大勇"),
        ("供水所（0372-5550123、5550456）没人接", "phone", "5550456"),
        ("座机2550000", "phone", "2550000"),
        ("微信号abc_2020", "account", "abc_2020"),
        ("被骗5000元", "amount", "5000元"),
        ("押金3000块不退", "amount", "3000块"),
        ("欠款数万元", "amount", "数万元"),
        ("98年下岗", "time", "98年"),
        ("欠了三千多块钱", "amount", "三千多块钱"),
        ("2020年5月3日下午3点停电", "time", "2020年5月3日下午3点"),
        ("昨晚10点半施工", "time", "昨晚10点半"),
        ("已经三个月没发", "span", "已经三个月"),
    ],
)
def test_each_kind_is_found(text, kind, value):
    assert (kind, value) in kinds(text)


@pytest.mark.parametrize(
    "text", ["12345热线", "订单号20200503123456", "我叫不出名字", "2019-2020学年", "价格合理", "建先生", "13次138路"]
)
def test_plain_numbers_and_words_are_not_personal(text):
    assert personal_spans(text) == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("我是安徽人，在这里打工", "name"),
        ("只能查本人成绩，", "name"),
        ("法人代表应诉，", "name"),
        ("街道的同志说", "name"),
        ("小区有23栋2600套房子", "room"),
        ("三门功课都及格", "room"),
        ("村头有一块空地", "amount"),
        ("这一块的路灯", "amount"),
        ("换了20块地砖", "amount"),
        ("孩子上6年级", "span"),
        ("编号13800001234.56", "phone"),
        ("微信c1903班群里", "account"),
    ],
)
def test_what_only_looks_like_it_is_left_alone(text, kind):
    assert kind not in [found for found, _ in kinds(text)]


def test_a_time_ends_with_its_own_last_character():
    assert ("time", "4月29日") in kinds("今年4月29日，小区断电") and ("time", "4月29日 下午3点") in kinds(
        "4月29日 下午3点"
    )


def test_the_id_check_character_decides_whether_it_is_sure():
    assert valid_id_number(GOOD_ID) and not valid_id_number("110105194912310021")
    assert not valid_id_number("11010519491331002X")
    (found,) = extract("身份证110105194912310021")
    assert found.kind == "id_number" and not found.sure


def test_a_card_must_pass_the_luhn_check():
    assert valid_card("4111 1111 1111 1111") and not valid_card("4111 1111 1111 1112") and not valid_card("0" * 16)
    assert "bank_card" not in [kind for kind, _ in kinds("编号6222021234567890129")]


def test_two_telephones_side_by_side_are_no_card():
    """Their digits together are as many as a card's, and pass its check."""
    assert valid_card("333333303723333333")
    assert kinds("电话：3333333 0372 3333333") == [("phone", "3333333"), ("phone", "03723333333")]
    assert personal_spans("电话：3333333 0372 3333333", where=ANSWER) == []
    assert [kind for kind, _ in kinds("卡号3333333 0372 3333333")] == ["bank_card"]


def test_places_are_those_of_the_text_as_given():
    text = "我叫张三，电话１３８１２３４５６７８。"
    assert [text[found.start : found.end] for found in personal_spans(text)] == ["张三", "１３８１２３４５６７８"]


def test_masking_leaves_enough_to_recognise_and_no_more():
    masked = mask(f"我叫张三丰，电话13812345678，身份证{GOOD_ID}，豫E12345，a.b@qq.com，3号楼2单元501室")
    assert masked == "我叫张**，电话138****5678，身份证110*************2X，豫E****5，a***@qq.com，**********"


@given(st.text(max_size=200))
def test_any_text_is_masked_without_trouble_and_stays_as_long_outside_emails(text):
    if "@" not in text:
        assert len(mask(text)) == len(text)


@given(st.integers(10**8, 10**9 - 1), st.text("的了。，路灯 ", max_size=20), st.text("的了。，路灯 ", max_size=20))
def test_no_planted_phone_survives_masking(number, before, after):
    phone = f"13{number}"
    assert phone not in mask(before + phone + after)


@pytest.mark.parametrize(
    "text", ["1" * 100_000, "一" * 100_000, "3-" * 50_000, "a." * 50_000, "3月5日8点 " * 12_000, "x@" * 50_000]
)
def test_no_text_makes_it_slow(text):
    started = time.process_time()
    mask(text)
    title(text)
    extract(text)
    assert time.process_time() - started < 2


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("尊敬的市长：您好！我是文峰区居民，幸福路的路灯坏了三天没人修。请尽快处理", "幸福路的路灯坏了三天没人修"),
        ("我要投诉楼下饭店油烟扰民", "楼下饭店油烟扰民"),
        ("请问一下，身份证怎么补办？", "身份证怎么补办"),
        ("市民来电反映：停水两天", "停水两天"),
        ("停水", "停水"),
        ("1、路灯不亮三天了 2、井盖丢了", "路灯不亮三天了 2、井盖丢了"),
        ("https://v.example.cn/abc 看这个视频，东工路有人倒垃圾", "看这个视频，东工路有人倒垃圾"),
        (
            "The street lamp at the crossing of our road has been out for three days now and nobody comes",
            "The street lamp at the crossing of our road has been out…",
        ),
        ("", ""),
        ("！！！", ""),
    ],
)
def test_a_title_is_the_first_clause_that_says_something(text, line):
    assert title(text) == line


def test_a_title_is_short_and_shows_no_personal_data():
    line = title("我叫张三丰的邻居电话13812345678天天在楼道里堆放杂物还养了很多只鸡，影响大家通行，多次劝说无果")
    assert len(line) <= 30 and "13812345678" not in line


@pytest.mark.parametrize(
    "before",
    [
        "我去年给你们打过电话，工单号260301000060，",
        "上次反映过三次，",
        "之前给12345打过电话，编号：260301000060，",
        "原工单编号AY20260301001，",
    ],
)
def test_an_earlier_call_and_its_number_are_no_title(before: str) -> None:
    assert title(f"{before}东风路与人民大道交叉口路灯不亮，请处理。").startswith("东风路与人民大道交叉口路灯不亮")
    assert "停车" in title("我之前反映过的停车问题到现在没人管")


def test_who_is_there_is_asked_of_the_line_and_is_neither_title_nor_consultation() -> None:
    said = "喂，12345吗？听得见吗？那个，我说一下啊，就是，路灯不亮，你们看能不能给解决解决"
    assert title(said).startswith("路灯不亮")
    assert request_type(normalise(said))[0].code == "help"
    assert request_type(normalise("你好，在吗？身份证丢了在哪里办"))[0].code == "consult"


@pytest.mark.parametrize("told", ["热线没有人接，我打了三次", "领导不作为，工地扰民没人管", "政府门口的井盖丢了"])
def test_whom_a_matter_is_about_is_no_greeting(told: str) -> None:
    assert title(told) == told


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "文峰区东关街道安漳大道与东风路口往北五十米，人行道上的井盖碎了一半，走路都得绕开，请尽快换上。",
            "人行道上的井盖碎了一半，走路都得绕开，请尽快换上",
        ),
        (
            "在中华路和弦歌大道交叉口东南角往南一百米处，红绿灯坏了三天，来往车辆抢行，等了很久没人修。",
            "红绿灯坏了三天，来往车辆抢行，等了很久没人修",
        ),
        (
            "物业公司收了停车费不给发票，问他们要，说系统坏了，让我们下个月再来，已经拖了半年。",
            "物业公司收了停车费不给发票，问他们要，说系统坏了",
        ),
    ],
)
def test_a_title_that_must_be_cut_keeps_the_matter_and_not_the_place(text: str, said: str) -> None:
    assert title(text) == said
