"""Personal data is starred in whatever writing it comes, and nothing else is."""

import json
import os
import subprocess
import sys
import time
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier.text.masking.known import NOTHING, Known, known_from
from classifier.text.masking.mask import mask, personal_spans

LINES = [json.loads(line) for line in (Path(__file__).parent / "masks.jsonl").read_text("utf-8").splitlines()]
FIELD = Path(os.environ.get("HOTLINE_FIELD") or Path(__file__).parents[5] / "shared" / "field") / "masks.jsonl"
HAN = {str(n): han for n, han in enumerate("零一二三四五六七八九")}
GAPS = ("", "", "", " ", "-", "—", ".", "·", "\u00a0", "\n", "\u200b", "－", "_", "/", "  ", " - ")


def readable(line: dict, written: str, masked: str) -> bool:
    """Whether more of it can be read than may stay: of a number its first three and last four signs, of a name its first.

    What must stay is a public word that holds the name ("早高峰"): it is not looked at.
    """
    for public in line["stay"]:
        masked = masked.replace(public, "\0" * len(public))
    if "@" in written or written in masked or len(masked) != len(line["text"]):
        return written in masked
    kind = "" if any(map(str.isdigit, written)) and line["kind"] != "room" else line["kind"]
    head, tail = {"name": (1, 0), "account": (1, 0), "room": (0, 0)}.get(kind, (3, 4))
    start = line["text"].index(written)
    shown = [at for at in range(len(written)) if masked[start + at] == written[at] != "*"]
    return any(head <= at < len(written) - tail for at in shown)


def faults(line):
    """What is wrong with how this line is masked: what could still be read, what is gone that is nobody's, another mask."""
    masked = mask(line["text"], known_from(line.get("known", {})), line.get("where", ""))
    told = [one for one in line["hide"] if readable(line, one, masked)]
    gone = [one for one in line["stay"] if one not in masked]
    return [*told, *gone, *([masked] if masked != line.get("masked", masked) else [])]


@pytest.mark.parametrize("kind", sorted({line["kind"] for line in LINES}))
def test_what_is_personal_is_hidden_and_the_rest_stays(kind):
    """V12: Found outside: M1."""
    assert [(line["text"], wrong) for line in LINES if line["kind"] == kind and (wrong := faults(line))] == []


@pytest.mark.skipif(not FIELD.exists(), reason=f"no {FIELD} (set HOTLINE_FIELD)")
def test_the_hard_lines_from_outside_pass_whole():
    for text in FIELD.read_text("utf-8").splitlines():
        line = json.loads(text)
        masked = mask(line["text"], known_from(line.get("known", {})), line.get("where", ""))
        assert not [one for one in line["hide"] if readable(line, one, masked)], (line["text"], masked)
        assert not [one for one in line["stay"] if one not in masked], (line["text"], masked)


def wide(text: str) -> str:
    return "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in text)


WRITINGS = {"plain": str, "wide": wide, "han": lambda text: "".join(HAN.get(sign, sign) for sign in text)}
WORDS = st.text("的了。，路灯坏停水反映请处理小区门口12 ", max_size=12)


def written(draw, digits: str) -> str:
    gaps = draw(st.lists(st.sampled_from(GAPS), min_size=len(digits), max_size=len(digits)))
    return WRITINGS[draw(st.sampled_from(sorted(WRITINGS)))](
        "".join(sign + gap for sign, gap in zip(digits, gaps, strict=True)).strip()
    )


@settings(max_examples=1000, deadline=None)
@given(st.data())
def test_what_the_ticket_knows_is_hidden_in_a_thousand_writings(data):
    """V12, VC8: Found outside: M1."""
    family, given_name = (
        data.draw(st.sampled_from("逄亓赵欧阳仝王綦"), "family"),
        data.draw(st.text("啸翊骞婷嫣毓淼", min_size=2, max_size=2), "given"),
    )
    phone = "13" + data.draw(st.text("0123456789", min_size=9, max_size=9), "phone")
    name = family + given_name
    known = Known((name,), (phone,))
    number = written(data.draw, phone)
    called = data.draw(st.sampled_from(["", " ", "\u200b", "，", "-", "\u3000"]), "gap").join(name)
    before, after = data.draw(WORDS), data.draw(WORDS)
    text = (
        f"{before}。{called}，{data.draw(st.sampled_from(['', '+86', '0086-', '电话', '(']), 'head')}{number}。{after}"
    )
    masked = mask(text, known)
    assert number not in masked and called not in masked
    assert given_name not in masked
    assert number[3:] not in masked and number[:-4] not in masked


def test_what_is_known_is_hidden_without_any_word_before_it():
    known = Known(("逄啸天",), ("13899991111", "03722525252"), ("文峰区永明路77号院3号楼2单元909室",))
    text = "逄啸天您好，138 999 91111打不通，2525252也不通，永明路77号院3号楼2单元909室没人，逄先生请回电"
    assert mask(text, known) == "逄**您好，138******1111打不通，*****52也不通，永明路**************没人，*先生请回电"


def test_an_office_number_is_public_until_it_is_the_citizens_own():
    """Found outside: M2."""
    assert mask("请拨0372-3333333", where="answer") == "请拨0372-3333333"
    assert "3333333" not in mask("请拨0372-3333333", Known((), ("03723333333",)), "answer")


def test_what_is_short_shows_less():
    assert mask("座机2525252") == "座机*****52" and mask("张伟先生") == "张*先生"


def test_nothing_known_is_false():
    assert not NOTHING and Known(("王",)) and (NOTHING | Known(("王",))).names == ("王",)


@given(st.text(max_size=120))
def test_spans_are_in_order_and_apart(text):
    at = 0
    for found in personal_spans(text, Known(("王小明",), ("13800010001",))):
        assert at <= found.start < found.end <= len(text)
        at = found.end


HOSTILE = (
    "1", "1 ", "一", "3-", "a.", "x@", "3号", "3号楼", "1(", "138 ", "+1", "我叫王", "电话1", "李先生", "微信a", "卡号1", "豫", "Ab ", "name ",
    "住", "家住三", "1#", "1-1-", "村1", "阿·", "身份证 ", "谢谢王", "一楼", "三单元", "0372 ", "逄 ", "1380001234", "77号", "7 7 ", "我母亲",
    "联系人:王", "My name is a", "a@a.", "电话1234567、", "\u200b", "e\u0301", "㎡", "\n王", "。王",
)  # fmt: skip


@pytest.mark.parametrize("shape", HOSTILE)
def test_no_hostile_shape_makes_it_slow(shape):
    """VH12."""
    known = Known(("逄啸天",), ("13800012345",), ("永明路77号院3号楼2单元909室",))
    text = (shape * 50_000)[:50_000]
    started = time.process_time()
    mask(text, known)
    assert time.process_time() - started < 1


def test_the_longer_of_two_names_counts_whatever_the_order_of_a_set():
    code = "from classifier.text.masking.mask import mask; print(mask('我叫张海燕，邻居张海说不管。张海燕又来。张海燕的车'))"
    said = {
        subprocess.check_output(
            [sys.executable, "-c", code], text=True, env={**os.environ, "PYTHONHASHSEED": str(seed)}
        )
        for seed in range(4)
    }
    assert len(said) == 1 and "张海" not in said.pop()


@pytest.mark.parametrize("name", ["冀学文", "温世杰", "娄晓东", "尚秀芹", "芦建国", "封淑珍"])
@pytest.mark.parametrize(
    "told", ["被邻居{}打伤", "由{}负责的工程", "审核：{}", "我和{}是同一栋楼", "工作人员{}说等通知"]
)
def test_whoever_stands_in_the_place_of_a_person_is_hidden(told, name):
    assert name not in mask(told.format(name))


@pytest.mark.parametrize(
    "said",
    [
        "找宣传册的人",
        "被高新区驳回",
        "与施工方协商",
        "找王经理和胡书记",
        "对向阳路不满",
        "问何时能修",
        "和颜悦色地说",
        "无人问津",
    ],
)
def test_words_in_the_place_of_a_person_stay(said):
    assert mask(said) == said


@pytest.mark.parametrize(
    "said", ["俺爹从楼上掉下来了", "儿子从桥上跳河", "工人从塔吊摔下来", "孩子于昨天走失", "业主从窗户扔东西"]
)
def test_from_where_somebody_fell_and_since_when_is_no_name(said):
    assert mask(said) == said


@pytest.mark.parametrize(("said", "name"), [("业主从文斌反映漏水", "从文斌"), ("邻居于凤英打人", "于凤英")])
def test_families_called_like_from_and_at_are_hidden_all_the_same(said, name):
    assert name not in mask(said)


def test_a_name_at_the_end_of_the_longest_matter_is_hidden_too():
    assert "冀学文" not in mask("和王经理、胡书记都反映过好几次，到今天也没有一个结果。" * 500 + "由冀学文负责的工程")


FAMILIES = "王李张刘陈赵吴周徐孙马朱胡郭何高林梁宋许韩冯邓曹彭曾田董潘蔡余程苏魏崔谭陆范贾夏韦孟熊秦邱尹薛雷侯龙史陶贺龚邵钱覃武兰饶简涂辛苟沙丛翟殷耿焦柴祁"
GIVEN = [
    "伟",
    "秀英",
    "敏",
    "建国",
    "桂兰",
    "志强",
    "海涛",
    "淑珍",
    "春梅",
    "俊杰",
    "浩然",
    "子涵",
    "梓涵",
    "一诺",
    "文静",
    "国庆",
    "卫东",
    "长江",
    "大山",
    "小红",
    "金凤",
    "铁柱",
    "狗剩",
    "二妮",
    "改花",
    "喜来",
    "福来",
    "来福",
    "有才",
    "有福",
    "月英",
    "月娥",
    "年丰",
    "和平",
    "永年",
    "新民",
    "胜利",
    "援朝",
    "富强",
    "平安",
    "高峰",
    "雪莲",
    "秋菊",
    "东升",
    "向阳",
    "光辉",
    "晨",
    "倩倩",
    "军军",
    "婷婷",
    "云霞",
    "青山",
    "水仙",
    "根生",
    "虎",
    "学军",
    "忠义",
    "德才",
    "宝山",
    "香",
    "荷花",
    "心怡",
    "梦琪",
    "怀玉",
    "念慈",
]
TOLD = (
    "我叫{}，反映路灯不亮",
    "本人{}，住在文峰区",
    "联系人：{}，电话13937201234",
    "{}反映小区停水",
    "邻居{}半夜装修",
    "我爱人{}去年去世",
    "班主任{}体罚学生",
    "举报人{}",
    "被{}打伤",
    "{}女士来电反映",
    "和{}签了合同",
    "{}（女，45岁）",
    "借给{}五万元不还",
    "找{}要钱",
    "经手人是{}",
    "签字人{}",
    "{}、王建国两人",
    "孩子叫{}，八岁",
    "户主{}",
)


def test_of_thousands_of_names_in_the_places_of_people_hardly_one_stays_readable():
    """Names nobody picked: each family name with each given name, told in turn. What stays readable is a family name before a word."""
    said = [
        (told.format(family + given), family + given)
        for at, (family, given, told) in enumerate(product(FAMILIES, GIVEN, TOLD))
        if at % 37 == 0
    ]
    readable_yet = [text for text, name in said if name in mask(text)]
    assert len(said) > 1500
    assert len(readable_yet) < 0.02 * len(said), readable_yet[:50]


def test_what_is_remembered_of_a_text_is_nobodys_in_particular():
    """One unit writes the same words about two citizens: each text is starred for its own citizen, in whatever order they are read."""
    written = "已电话联系杜小满核实,处理完毕,感谢杜小满的监督。"
    his, hers = Known(names=("杜小满",)), Known(names=("卞和静",))
    for known in (hers, his, Known(), hers, his):
        stars = mask(written, known).count("*")
        assert stars == mask("。" + written, known).count("*")
    assert mask(written, his).count("杜小满") == 0
