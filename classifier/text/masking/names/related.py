"""Names that are everyday words, right behind what somebody is to us or does: "我老公高山在安钢上班", "保安海洋打人".

The word is the person where it is one that people bear as a name and a clause goes on about somebody, or where what follows
is said of people alone ("答应", "今年82岁"). "房东房子漏水" and "司机安全到家" are neither.
"""

# ruff: noqa: E501 (a pattern is read as one piece)
from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from classifier.text.masking.names.roles import ANY
from classifier.text.masking.names.surnames import COMMON, GIVEN, HAN, RARE, not_names
from classifier.text.patterns.late import late
from classifier.text.words import dictionary_kind

_STOP = r"[\s,;。、!?:()\[\]\"“”'<>《》/|0-9+]"
ONLY_PEOPLE = (
    r"说(?![明法服])|讲(?![究座])|答应|承诺|声称|告诉|通知(?=我)|打(?:了|人|我|伤|断)|骂|殴打|辱骂|威胁|恐吓|欠(?![费薪])|拖欠|借(?:了|走|我)|骗|坑|卷(?:走|款|钱)|拿(?:了|走|着|钱)|收(?:了|走|我|礼|红包|钱|受)|扣(?:我|了我|发)|不(?:管|退|还|给|认|让|肯|赔|承认)|撞(?:了|人|伤|坏|倒)|跑(?:了|路)|摔(?:了|伤|倒|断)|"
    r"(?:今年|现年|已经?)?(?:\d{1,3}|[一二三四五六七八九]十[一二三四五六七八九]?)(?:多?岁|多?了)|去世|病逝|走失|失踪|失联|住院|患(?:有|上|了)|有(?:糖尿病|高血压|心脏病|\S{1,3}病|残疾)|查出|瘫痪|卧床|在[^,。;!?\n]{1,10}(?:上班|工作|打工|读书|上学|住院|干活|当兵|受伤)|跟着|带着|开着|把[^,。;!?\n]{1,12}(?:扔|丢|卖|拿|打|骗|拆|占|砸|弄|锁|拉|扣)|一直要|索要|要(?:烟|红包|钱|涨|我|求)|酒后|醉酒|"
    r"的(?:手机|电话|微信|身份证)|[,(]?(?:电话|手机|联系电话)[:是]?\(?[01]|[,( ]{1,2}[男女](?:[,)。;\s]|$)|被(?:打|骗|撞|咬|裁|辞|砸|烫|拘|困|抓|扣)"
)
"""What is said of people alone."""
_PARTY = "(?:举报|投诉|反映|来电|申请|诉求|信访|求助|咨询|报案|检举|控告|来访|联系|报修|留言|受害|当事)人"
_BEHIND = late(
    rf"(?:{ANY}|{_PARTY})(?=(?P<value>[{COMMON}{RARE}][{HAN}])(?![人员家们号路街村庄镇乡小区店厂站式型化性地得]|(?<=[方万][圆里])[\d一二三四五六七八九十百几数]))|(?:(?<!日)本人|(?<!于)我是|俺是)(?P<self>[{COMMON}{RARE}][{HAN}])(?={_STOP}|$)"
)
_LONGER = late(rf"(?:{ANY}|{_PARTY})(?=(?P<value>[{COMMON}]{GIVEN}{{2}})(?:{ONLY_PEOPLE}))")
_SURE_BEHIND = late(rf"(?:{ONLY_PEOPLE})")
_CALLED = late(
    rf"{ANY}(?:(?:的?(?:名字|姓名))?(?:名?叫做?|名字是)[: ]?(?P<value>[{COMMON}{RARE}][{HAN}]{{1,2}})(?={_STOP}|$)|(?:是|:) ?(?P<is>[{COMMON}{RARE}][{HAN}])(?=[,( ]{{1,2}}(?:的?(?:电话|手机|联系)|1[3-9]\d)))"
)
_THINGS = frozenset(
    "子费表车房号机话单卡证条票店厂家门口头面边上下地楼栋区县市员位人们方主长师务烧热病情症品款价队团所局院校租产金额账目钱物料会议案件题"
)
"""What ends the name of a thing, an office or a crowd."""
_SAID_OF_ALL = frozenset(
    [
        "成功",
        "安宁",
        "温馨",
        "舒心",
        "温暖",
        "安逸",
        "安然",
        "安乐",
        "宁静",
        "明显",
        "明净",
        "全胜",
        "成长",
        "富强",
        "平凡",
        "康健",
        "包容",
        "高尚",
        "高雅",
        "高强",
        "强生",
        "方正",
        "温柔",
        "单纯",
    ]
)
"""Borne as names, and said of whatever somebody does."""
_NOUNS = ("n", "s", "z", "i", "l")
_NEVER = frozenset(
    [
        "水平",
        "全程",
        "全家",
        "全体",
        "全村",
        "全部",
        "家里",
        "家人",
        "家长",
        "家属",
        "家中",
        "时间",
        "时候",
        "单位",
        "单方",
        "方面",
        "方法",
        "方式",
        "何时",
        "任何",
        "所有",
        "应该",
        "应当",
        "安全",
        "安排",
        "施工",
        "管理",
        "工作",
        "公司",
        "双方",
        "对方",
        "有关",
        "相关",
        "党员",
        "同志",
        "同学",
        "同事",
        "老人",
        "心里",
        "心情",
        "水电",
        "水管",
        "田里",
        "路上",
        "路边",
        "车上",
        "车里",
        "房子",
        "房租",
        "班上",
        "生病",
        "生意",
        "能力",
        "权力",
        "权利",
        "项目",
        "行为",
        "行动",
        "要求",
        "记录",
        "态度",
        "言语",
        "言行",
        "都是",
        "连续",
        "连夜",
        "明明",
        "明天",
        "明年",
        "明确",
        "常常",
        "常年",
        "时常",
        "时时",
        "后来",
        "成年",
        "成天",
        "全天",
        "白天",
        "多次",
        "多年",
        "多人",
        "外卖",
        "家暴",
        "安保",
        "文件",
        "文化",
        "文字",
        "通过",
        "过来",
        "过去",
        "起来",
        "起诉",
        "自己",
        "自家",
        "自称",
        "自愿",
        "自费",
        "自行",
        "强行",
        "强制",
        "强迫",
        "强拆",
        "行车",
        "特别",
        "特意",
        "怀孕",
        "随意",
        "随便",
        "随时",
        "私自",
        "提前",
        "提出",
        "提供",
        "查出",
        "来电",
        "来访",
        "来人",
        "成本",
        "和我",
        "高考",
        "高中",
        "高龄",
        "高速",
        "满口",
        "满嘴",
        "满意",
        "平时",
        "平常",
        "平均",
        "幸好",
        "幸亏",
        "利用",
        "良心",
        "古稀",
        "代表",
        "代理",
        "代码",
        "包括",
        "包工",
        "于是",
        "关于",
        "关系",
        "解释",
        "解决",
        "付款",
        "计划",
        "计算",
        "张嘴",
        "张口",
        "束手",
        "支队",
        "居民",
        "代笔",
        "许多",
        "许诺",
    ]
)


def behind_a_role(text: str) -> Iterator[tuple[str, int, int]]:
    """(name, where it starts, where it ends) in a plain text."""
    for found in _CALLED.finditer(text):
        group = found.lastgroup or "value"
        if _may_be(found[group], sure=True):
            yield found[group], *found.span(group)
    for found in _LONGER.finditer(text):
        name = found["value"]
        if name[:2] in not_names() and not any(map(dictionary_kind, (name, name[1:]))):
            yield name, *found.span("value")
    for found in _BEHIND.finditer(text):
        sure = _SURE_BEHIND.match(text, found.end(found.lastgroup or 0)) is not None
        group = found.lastgroup or "value"
        if _may_be(found[group], sure) and (sure or not _goes_on_as_a_word(text, *found.span(group))):
            yield found[group], *found.span(group)


def _goes_on_as_a_word(text: str, start: int, end: int) -> bool:
    """A longer word begins here ("童话书"), or this one ends what stands before it ("成长", "业主楼下")."""
    return any(map(dictionary_kind, (text[start : end + 1], text[start : end + 2], text[end - 1 : end + 1])))


@cache
def names_too() -> frozenset[str]:
    """Everyday words that people also bear as names ("高山", "江河")."""
    lines = (Path(__file__).parent / "names_too.txt").read_text("utf-8").splitlines()
    rows = (line.split(" ") for line in lines if not line.startswith("#"))
    return frozenset(head + second for head, seconds in rows for second in seconds)


def _may_be(name: str, sure: bool) -> bool:
    """sure: what stands beside it is said of people alone, so that any noun may be somebody's name."""
    if name in names_too():
        return sure or name not in _SAID_OF_ALL
    if not sure or name in _NEVER or name[-1] in _THINGS:
        return False
    kind = dictionary_kind(name)
    return kind.startswith("nr") or (name in not_names() and kind.startswith(_NOUNS))
