"""Names that nothing announces: before what only a person does, beside sex and age, among several people, before a colon, under a letter.

What stands behind tells that it was somebody. Where that leaves no doubt ("欠我工钱") a name may be an ordinary word; elsewhere
it may not, and of two words that share its signs neither is a name.
"""

# ruff: noqa: E501 (a pattern is read as one piece)
from __future__ import annotations

import re
from collections.abc import Iterator

from classifier.text.masking.names.surnames import COMMON, COMPOUND, GIVEN, HAN, not_names
from classifier.text.patterns.late import late
from classifier.text.words import dictionary_kind

_TWO_GIVEN = rf"[{COMMON}]{GIVEN}[{HAN}]"
_WHOLE = rf"(?:(?:{COMPOUND})[{HAN}]{{1,2}}|[{COMMON}][{HAN}]{{1,2}})"
_NAME = rf"(?:(?:{COMPOUND}){GIVEN}{{1,2}}|[{COMMON}]{GIVEN}{{1,2}}?)"
_HEAD = r"(?:^|(?<=[\s,;。!?:、\"“(])|(?<=[昨今前]天)|(?<=昨晚|后来|当时|结果|但是))"
_OFTEN = r"(?:还|又|也|都|总|一直|已经?|曾|当时|就|昨天|昨晚|今天|天天|多次|在\S{1,4}里?)?"
_TO_ME = (
    rf"{_OFTEN}(?:(?:拖?欠|骗|坑|借|拿|收|偷|抢|赖)(?:了|走|去)?(?:我|俺|咱|他|她|老人|工人|村民|大家)(?:们|家)?|(?:打|骂|踢|推|撞|咬|骚扰|威胁|恐吓|辱骂|殴打)(?:了|伤|过)?(?:我|俺|他|她|老人|孩子)|"
    r"(?:(?:对[我他她])?(?:说|讲|称)(?:了|过)?,?(?:[他她](?!们)|自己|自家)|(?:告诉|答应|打电话给|发信息给)(?:了|过)?(?:我|俺|咱)|给(?:我|俺|咱)(?:打|发|回|写)(?:了|过)?(?:个|了)?(?:电话|信息|微信|短信|欠条|借条))|"
    r"(?:跟|和|与)[他她](?:的)?(?:老婆|老公|媳妇|妻子|丈夫|儿子|女儿|爱人|家人|父亲|母亲|弟弟|哥哥))"
)
"""What only a person does, or what is done to one."""
_AT_HOME = (
    rf"{_OFTEN}(?:[在到]我(?:家|店|这|们|公司)|欠(?:了)?(?:物业费|房租|货款|工程款|工钱|钱)|家(?:的?(?:狗|房|地|羊|鸡|猫|孩子|老人|车|三轮车|空调|油烟|院墙|厕所|门口)|养|盖|占|住|天天|总|又|半夜|装修|漏水|噪音|在)|"
    r"(?:的)?(?:老婆|老公|媳妇|妻子|丈夫)(?=[,。在把跟和是天半总])|的(?:妈妈?|爸爸?|父亲|母亲|家长|家属|爷爷|奶奶|儿子|女儿|孩子)(?!们))"
)
_KNOWN_TO_ALL = r"大家(?:都|也|全)?(?:认识|知道|叫|喊|熟|说[他她])"
_ACTS = late(rf"{_HEAD}(?P<acts>(?:{COMPOUND})[{HAN}]{{1,2}}|{_TWO_GIVEN}|[{COMMON}]{GIVEN})(?={_TO_ME})")
_LIVES = late(rf"{_HEAD}(?P<lives>{_NAME})(?={_AT_HOME})")
_KNOWN = late(rf"{_HEAD}(?P<known>{_NAME})(?={_KNOWN_TO_ALL})")
_AGED = late(
    rf"(?:{_HEAD}|叫|(?<!不)是|租客|租户|房客|房东|邻居|司机|患者|死者|伤者|[反来投举申求咨诉信报联当受被][映电诉报请助询求访案系事害]人|母亲|父亲|爱人|妻子|丈夫|儿子|女儿|孩子|老人)"
    rf"(?P<aged>{_WHOLE})(?=[,( ]{{1,2}}(?:[男女](?:[,。);\s]|$)|(?:现年|今年|年龄)?\d{{1,3}}(?:周?岁)))"
)
_PARTY = late(
    rf"(?:[反来投举申求咨诉信报联受被][映电诉报请助询求访案系害]|当事|上访|控告|检举|委托|监护)人[: ]?(?P<party>(?!不详|匿名|同上|本人|不满|要求)[{HAN}]{{2,3}})(?=[,( ]{{1,2}}(?:[男女](?:[,。);\s]|$)))"
)
_AMONG = late(
    rf"(?P<list>{_HEAD}{_WHOLE}(?:、{_WHOLE}){{1,9}}(?:[和与及]{_WHOLE})?)(?=(?:等?[两二三四五六七八九十\d]{{1,2}}(?:个)?人|等人|等(?:村民|业主|居民|同学|同事|员工|工人)|夫妇|夫妻|(?:父|母|姐|兄)[子女妹弟]))"
)
_TITLE = "书记|主任|领导|主席|经理|老师|医生|师傅|老板|队长|校长|院长|[市县区镇乡村局厅处科部所站省州社组]长|先生|女士|小姐|同志|大夫|律师|警官|法官"
_ADDRESSED = late(
    rf"^[ \"“]*(?P<head>[{COMMON}](?!{_TITLE}){GIVEN}{GIVEN}|(?:{COMPOUND}){GIVEN}{{1,2}}):(?=\s*[{HAN}])"
)
_SIGNED = late(
    rf"(?:敬礼|敬上|此致)[\s!。,~]*(?P<signed>{_WHOLE})(?=[\s,。]*(?:\d{{4}}[年.\-/]\d{{1,2}}|\d{{1,2}}月\d{{1,2}}|$))"
)
_PERSON = late(
    rf"(?:[打骂骗撞欠害偷抢砸][^,。;!?]{{0,4}}的人|凶手|肇事者|施暴者|打人者|罪魁祸首|这个人|那个人|此人|对方)(?:就)?(?:叫|是)(?P<person>{_TWO_GIVEN})(?=[,。;!?\s]|$)"
)
_SURE = (_AGED, _PARTY, _SIGNED, _PERSON, _ACTS)
_POSTS = (
    "单位 房东 司机 师傅 师父 车主 车间 商户 商家 平台 中介 店主 店家 房主 工头 经理 公司 项目 施工 管理 党员 农民 农户 家长 家属 班主 班长 于是 时常 常常 应该 应当 安保 "
    "保安 左邻 万科 万达 华润 金融 高层 高校 高中 古城 左右 前后 后来 何况 任何 连续 全家 全村 包工 任课 成年 景区 项城 平房 江苏 江西 河南 云南 贵州 广东 广西 黄河 "
    "常年 明天 白天 时间 相关 有关 时候 对方 那家 隔壁 万人 师生 路人 路边 车上 水务 温州 宁波 安徽 安阳 安康 海南 鲁山 汤阴 滑县 林州 利民"
)
_NEVER = frozenset(_POSTS.split())
_LAST = "局所院校厂部委办科室队组站店方户员们的了吗呢吧号司处村镇路街巷桥园寺苑湾区县市家厅会费单卡票证表柜箱门口里头面边上下地楼栋层"
_HEADS = "高新老大小明安全时师关向应成方平和水常车房金白温单贵左万包党农商"
"""Family names too, that stand before a word and say of what kind it is ("新项目")."""


def unannounced(text: str) -> Iterator[tuple[str, int, int]]:
    """(name, where it starts, where it ends) in a plain text."""
    for pattern in (*_SURE, _LIVES, _KNOWN, _ADDRESSED):
        for found in pattern.finditer(text):
            name = found[found.lastgroup or 0]
            if _may_be(name, sure=pattern in _SURE and (pattern is not _ACTS or len(name) > 2)):
                yield name, *found.span(found.lastgroup or 0)
    for found in _AMONG.finditer(text):
        yield from _each(found["list"], found.start("list"))


def _each(told: str, start: int) -> Iterator[tuple[str, int, int]]:
    for name in re.split("[、和与及]", told):
        if _may_be(name, sure=True):
            yield name, start + told.index(name), start + told.index(name) + len(name)


def _may_be(name: str, sure: bool) -> bool:
    """sure: what stands beside it is said of people alone."""
    if name[:2] in _NEVER or name[-1] in _LAST or re.fullmatch(_TITLE, name[1:]) or (len(name) > 2 and _is_thing(name)):
        return False
    if re.match(COMPOUND, name):
        return True
    if sure:
        return True
    if len(name) == 2:
        return name not in not_names() and not _is_thing(name)
    return not _is_thing(name[:2]) and not (name[0] in _HEADS and _is_thing(name[1:]))


def _is_thing(word: str) -> bool:
    """An ordinary word of the dictionary, and no name in it."""
    kind = dictionary_kind(word)
    return bool(kind) and not kind.startswith("nr") and kind != "x"
