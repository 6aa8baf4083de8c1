"""What two replies to one matter say against each other, and what a reply asks for that may have been told already."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from classifier.replies.boilerplate import sentences_of, strip_reply
from classifier.replies.match import content
from classifier.replies.promised.due_dates import WorkingDays, weekdays_after
from classifier.replies.promised.promises import Promise, dated_promises
from classifier.text.patterns.late import late


class Clash(StrEnum):
    """TRUTH: found to be so, and not so. DONE: done, and still to do. OURS: ours, and not ours. DAY: promised for a day, and
    for a later one. FIGURE: the same thing with another number."""

    TRUTH = "truth"
    DONE = "done"
    OURS = "ours"
    DAY = "day"
    FIGURE = "figure"


@dataclass(frozen=True)
class Contradiction:
    """The sentence of the earlier reply and the one of the new reply that do not go together."""

    clash: Clash
    before: str
    now: str


_UNTRUE = late(r"不属实|不实(?!施)|(?:不|并未|并不|未曾|从未)存在|(?:未|没有)(?:发现|查到|查见)|查无(?!人)|并无此")
_TRUE = late(
    r"(?<!不)(?<!不完全)(?<!部分)属实|(?<![不未])(?:确有|确实|确存在)|(?<!不)(?<!未)(?<!否)存在|(?<![未没有])发现(?!后|问题后)"
)
_DONE = late(
    r"已(?!于?[^，。]{0,6}(?:列入|纳入|计划|安排|联系|通知|要求|责令|督促|责成|告知|上报|申报))(?:经|全部|于[^，。]{1,14}|[将把对][^，。]{1,20}|按期|基本)?"
    r"(完成|完工|修复|修好|更换|清理|清运|拆除|整改|安装|解决|恢复|疏通|加固|退还|发放|支付|硬化|补齐|取缔|关停|封堵|开通|投用|铺设|补缴|兑现)|"
    r"(修复|更换|清理|清运|拆除|整改|安装|解决|恢复|疏通|加固|退还|发放|支付|硬化|取缔|关停|铺设)(?:完毕|到位|完成)"
)
_OPEN = late(
    r"(?:尚未|还未|仍未|未能|没有|还没|正在|计划|预计|拟|将于|将在|准备|待[^，。]{1,16}后?再?|尽快|力争|争取)[^，。]{0,18}?"
    r"(完成|完工|修复|修好|更换|清理|清运|拆除|整改|安装|解决|恢复|疏通|加固|退还|发放|支付|硬化|补齐|取缔|关停|封堵|开通|投用|铺设|补缴|兑现)"
)
_AGAIN = late(r"再次|重新|第二次|二次|又(?!名|称)|新增|另外|其余|剩余|后续|进一步|下一批|第二批|长期|长效")
_NOT_OURS = late(
    r"(?<!是)不(?:属于?|在|归|是)[^，。]{0,16}(?:管辖|职责|职能|管理|主管|职权|辖区|权限|范围)|无权(?:管理|处理|处置)"
)
_OURS = late(
    r"(?<!不)(?:属于?|归|由)我[^，。]{1,8}(?:管辖|职责|职能|管理|主管|负责|处理)|我[^，。]{1,8}(?:职责范围内|依职责)"
)
_FIGURE = late(r"([\u4e00-\u9fff]{2,4}?)(?:共计|合计|约|为|了|人民币|：|:)?(\d+(?:\.\d+)?)(万元|元)(?!以)")
_SHARED = 2
"""Pairs of letters that two sentences must share, beside the words that clash, to speak of one thing."""


def against_earlier(
    earlier: str, earlier_on: date, now: str, now_on: date, working_days: WorkingDays = weekdays_after
) -> tuple[Contradiction, ...]:
    """What the new reply says against the earlier one to the same matter, at most one of each kind. Words only: that the
    world has changed between the two is for a person to see."""
    old, new = _sentences(earlier), _sentences(now)
    found = [*_opposed(old, new), *_moved(earlier, earlier_on, now, now_on, working_days), *_other_figures(old, new)]
    return tuple({one.clash: one for one in reversed(found)}.values())[::-1]


def _sentences(reply: str) -> tuple[str, ...]:
    return strip_reply(reply).sentences


def _opposed(old: tuple[str, ...], new: tuple[str, ...]) -> Iterator[Contradiction]:
    for before in old:
        for now in new:
            if before == now:
                continue
            if _clash(_TRUE, _UNTRUE, before, now) or _clash(_UNTRUE, _TRUE, before, now):
                yield Contradiction(Clash.TRUTH, before, now)
            elif _clash(_OURS, _NOT_OURS, before, now) or _clash(_NOT_OURS, _OURS, before, now):
                yield Contradiction(Clash.OURS, before, now)
            elif _undone(before, now):
                yield Contradiction(Clash.DONE, before, now)


def _clash(one: re.Pattern[str], other: re.Pattern[str], before: str, now: str) -> bool:
    """The first says one thing and not the other, the second the other and not the one, of the same matter."""
    sides = one.search(before), other.search(now)
    if not all(sides) or other.search(before) or one.search(now):
        return False
    return _same_thing(one.sub("", before), other.sub("", now))


def _same_thing(before: str, now: str) -> bool:
    return len(content(before) & content(now)) >= _SHARED


def _undone(before: str, now: str) -> bool:
    """What was done by one verb is still to be done by the same verb, and to the same thing."""
    done = {verb for found in _DONE.findall(before) for verb in found if verb}
    still = set(_OPEN.findall(now))
    if not done & still or _AGAIN.search(now) or _DONE.search(now):
        return False
    return _same_thing(_DONE.sub("", before), _OPEN.sub("", now))


def _moved(
    earlier: str, earlier_on: date, now: str, now_on: date, working_days: WorkingDays
) -> Iterator[Contradiction]:
    """The same deed for a later day."""
    later = dated_promises(now, now_on, working_days)
    for one in dated_promises(earlier, earlier_on, working_days):
        moved = next((other for other in later if _is_moved(one, other)), None)
        if moved is not None and not any(_is_kept(one, other) for other in later):
            yield Contradiction(Clash.DAY, one.sentence, moved.sentence)


def _is_moved(one: Promise, other: Promise) -> bool:
    return one.due is not None and other.due is not None and other.due > one.due and _same_deed(one, other)


def _is_kept(one: Promise, other: Promise) -> bool:
    return one.due == other.due and _same_deed(one, other)


def _same_deed(one: Promise, other: Promise) -> bool:
    """At least half of the shorter one's pairs of letters, dates aside."""
    mine, theirs = (content(_DATE.sub("", each.deed)) for each in (one, other))
    return len(mine & theirs) * 2 >= max(min(len(mine), len(theirs)), 1)


_DATE = late(r"(?:\d{4}年)?\d{1,2}月(?:\d{1,2}[日号]|[上中下]旬|底|初)?(?:前|之前|以前)?|年底|月底|[一二三四]季度")


def _other_figures(old: tuple[str, ...], new: tuple[str, ...]) -> Iterator[Contradiction]:
    """The same words before another sum of money; counts of things grow while work goes on, and are left alone."""
    told, said = dict(_figures(old)), dict(_figures(new))
    for key, (number, sentence) in told.items():
        other = said.get(key)
        if other is not None and other[0] != number:
            yield Contradiction(Clash.FIGURE, sentence, other[1])


def _figures(sentences: tuple[str, ...]) -> Iterator[tuple[tuple[str, str], tuple[str, str]]]:
    """(words before, unit) → (number, sentence), each once."""
    for sentence in sentences:
        for words, number, unit in _FIGURE.findall(sentence):
            if not _AGAIN.search(sentence):
                yield (words[-2:], unit), (number, sentence)


_PLACE = r"(?:地点|地址|位置|哪个小区|具体小区|哪条路|路段|门牌|楼栋|何处)"
_NUMBER = r"(?:联系方式|联系电话|电话号码|手机号码?)"
_TELLS = r"(?:提供|说明|补充|留下?|告知|写明|注明|阐明|明确|告诉)"


def _wanted(what: str) -> re.Pattern[str]:
    """Asked of the citizen, or missed in what the citizen said."""
    return late(
        rf"(?:请|望|烦请|麻烦|希望)(?:您|你|来电人|市民|投诉人|反映人)?[^，。,]{{0,8}}{_TELLS}[^，。,]{{0,14}}{what}|"
        rf"(?<!并)(?:未|没有?)(?:提供|说明|留下?|写明|注明|阐明|告知|具体阐明|具体说明)[^，。,]{{0,14}}{what}|"
        rf"{what}[^，。,]{{0,8}}(?:不够(?:明确|具体|详细|清楚|准确)|不详|不明|不清|笼统|模糊)"
    )


_ASKS_PLACE, _ASKS_NUMBER = _wanted(_PLACE), _wanted(_NUMBER)
_IF = late(r"^(?:如|若|倘若|如果|今后|以后)")
_NO_ANSWER = late(
    r"(?:无法|未能|没能|不能)[^，。]{0,6}与(?:您|你|来电人|市民|投诉人|反映人|诉求人)[^，。]{0,4}(?:取得联系|联系上|联系到|联系|接通)|"
    r"(?:电话|手机|号码|来电)[^，。,]{0,10}(?:无人接听|打不通|未接通|没有接通|拨打不通|空号|停机|拒接|关机|无法接通)|"
    r"(?:拨打|致电)[^。]{0,24}(?:无人接听|未接通|没有接通|打不通)|"
    r"(?:多次|一直|始终)[^，。,]{0,8}(?:无人接听|联系不上|打不通|未接通)"
)
_THEM = r"(?:您|你|诉求人|本人|市民|来电(?:人|者|群众)|投诉人|反映人|举报人|信访人|当事人|用户|业主|家长|群众|[\u4e00-\u9fff](?:先生|女士))"
_TALKED = late(
    rf"(?:与|和|同|跟|向|给|对)(?:{_THEM}){{1,2}}[^，。]{{0,10}}?(?:沟通|联系|通话|通了?电话|解释|致歉|道歉|对接|答复|回访|说明|告知|反馈|讲|去电|电话)|"
    rf"(?:致电|电联|电话(?:联系|告知|答复|回访|回复|反馈)(?:给)?|联系(?:到了?|上了?|了)?|回访|回电|打给|拨通了?|反馈给){_THEM}|"
    rf"(?:已|电话)(?:告知|答复|回复|反馈){_THEM}|打电话(?:跟|给|向|和)?{_THEM}|{_THEM}在?(?:电话[里中]|通话中)|"
    rf"{_THEM}(?:本人)?(?:表示|说)(?:很)?(?:满意|无异议|没有?意见|认可|同意|理解|知道了?|谅解|不用)"
)
_NOT_YET = late(
    r"将|(?<![协社])会(?!议)|稍后|待|请|可以|随时|如|若|建议|欢迎|要求|(?:您|市民)[^，。]{0,4}(?:来电|致电)|(?:居|村|业)委会"
    r"|便于|以便|留下|争取|督促|没有(?:及时)?告知|承诺|直接与|代表|联系你，|给您答复[，。！]?"
)
"""It is to come, somebody else's task, or the citizen's own call."""


def asks_for_place(reply: str) -> str:
    """The sentence that asks the citizen where it is, or complains that nobody said; "" when there is none."""
    return next((one for one in sentences_of(reply) if _asked(_ASKS_PLACE, one)), "")


def asks_for_number(reply: str) -> str:
    """The same of a telephone number."""
    return next((one for one in sentences_of(reply) if _asked(_ASKS_NUMBER, one)), "")


def _asked(what: re.Pattern[str], sentence: str) -> bool:
    return what.search(sentence) is not None and not _IF.search(sentence)


def nobody_reached(reply: str) -> str:
    """The sentence that says the citizen could not be reached; "" when there is none."""
    return next((one for one in sentences_of(reply) if _NO_ANSWER.search(one) and not _tells_talk(one)), "")


def says_talked(reply: str) -> str:
    """The sentence that says somebody talked with the citizen; "" when there is none."""
    return next((one for one in sentences_of(reply) if _tells_talk(one)), "")


def _tells_talk(sentence: str) -> bool:
    clauses = [one for one in re.split("[，,；;]", sentence) if not _NOT_YET.search(one) and not _NO_ANSWER.search(one)]
    return any(_TALKED.search(one) for one in clauses)


def says_done(reply: str) -> bool:
    """Whether any sentence names something that was done."""
    return any(_DONE.search(one) for one in sentences_of(reply))
