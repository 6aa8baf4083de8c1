"""Whose number was written down? Held against the number that called and against what the words say of numbers."""

from __future__ import annotations

import re

from classifier.said.reader import said
from classifier.text.normalise import digits, plain
from classifier.text.patterns.late import late
from hotline.city.schema import City
from hotline.quality.checks.record import Fault, Record

_NUMBER = late(r"(?<![\d.])(?:1[3-9]\d[ -]?\d{4}[ -]?\d{4}|0\d{2,3}[ -]?\d{7,8}|[2-8]\d{6,7})(?!\d)")
_OTHERS = late(
    r"(?:老板|店[家主里铺]?|商[家户]|饭馆|超市|物业|开发商|售楼部|房东|二房东|租客|中介|包工头|工头|施工[方队]|工地|项目部|对方|被投诉|被举报|那[家人边]|这家|邻居|楼[上下]|司机|车主|卖家|客服|负责人|"
    r"经理|厂[家长里]?|老师|校长|书记|村?主任|队长|局长|所长|骗子|诈骗|推销|骚扰|师傅|维修工|领班|组长|前台|门卫|会计|[一-龥][小老][王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚]|公司|单位|学校|医院|银行|幼儿园|网点|快递员?|驿站|外卖|机构|他|她|它|其|那人)"
    r"(?:[^,。;!?]{0,8}|[叫姓][^,。;!?]{1,4},(?:[他她]的)?(?:号码?|电话|手机号?码?|打|拨)[^,。;!?]{0,2})$"
)
_OWN = late(
    "(?:我|本人|俺|自己|来电人|市民|反映人|诉求人|咱)(?:的|家|这边|这里|这个|这|现在|现|常用|自己|手机|电话|号码?|联系|方式|留下|是|为|用|:)*$|"
    "(?:联系|反馈|回复)(?:我|方式|电话|号码)?[^,。;!?]{0,4}$|(?:打|回|拨|致)(?:给|到|电)?(?:我|本机|这个)?[^,。;!?]{0,3}$|换[了过]?号[^。;!?]{0,6}$"
)
_OWN_AFTER = late("^打?[,)]?(?:就?找我|联系我|是我|这是我|我本人|我的)|^,?[^,。;!?]{0,4}[跟和与同]我[^,。;!?]{0,8}联系")
_OTHERS_AFTER = late(
    "^[^,。;!?]{0,3}(?:找|联系)(?:得?[着到])?(?:得|能)?[着到]?(?:他|她|店[长主家]|老板|经理|负责人)|^就?(?:是他|是她)|^,?[让叫][他她]|"
    "^,?(?:打过去|打通|接[的听通]|拨过去)[^,。;!?我]{0,6}(?:是|说|称|姓)"
)
_ANYBODYS = late("[一-龥]{1,8}(?:的)?(?:手机|电话|号码?|联系方式)$|(?:贴|印|写|挂|登|刷)[^,。;!?我]{0,8}$")
"""Whose number a noun before it names; who speaks of the own one says so."""

_SAME = 2
"""So few digits apart, a number was mistyped."""

_OTHERS_SURELY, _OWN_SURELY = 0.5, 0.35
"""Hands left out in turn: 57 of 58 numbers of others are found from the first on, and two of 49 own ones are taken for one."""

_HERE = "〇"
"""What stands for the number where a sentence is read."""


def wrong_number(city: City, record: Record) -> Fault | None:
    """The number is somebody else's, not the one that the caller told, or mistyped. The number that called is nobody else's."""
    if not record.phone:
        return None
    told = _told(record.body)
    known = {record.phone, *record.others}
    if told.get(record.phone) == "others" and record.phone != record.caller:
        return Fault("body", record.phone)
    own = [number for number, whose in told.items() if whose == "own"]
    if own and not known & set(own):
        return Fault("body", own[0])
    return Fault("body") if record.caller and _mistyped(record.phone, record.caller) else None


def _told(body: str) -> dict[str, str]:
    """Number → own or others, as far as the words before it say."""
    text = digits(plain(body))
    found: dict[str, str] = {}
    for number in _NUMBER.finditer(text):
        before, after = text[: number.start()], text[number.end() :]
        whose = _whose(before[-16:].rstrip(" :,是为("), after[:8]) or _read(before, after)
        found.setdefault(re.sub(r"\D", "", number[0]), whose)
    return found


def _whose(before: str, after: str) -> str:
    if not _OTHERS_AFTER.search(after) and (_OWN.search(before) or _OWN_AFTER.search(after)):
        return "own"
    return "others" if _OTHERS.search(before) or _OTHERS_AFTER.search(after) or _ANYBODYS.search(before) else ""


def _read(before: str, after: str) -> str:
    """By the sentence around it, where no list says whose it is."""
    sentence = re.split("[。;!?\n]", before)[-1][-30:] + _HERE + re.split("[。;!?\n]", after)[0][:14]
    likely = said("number", [sentence])[0]
    return "others" if likely > _OTHERS_SURELY else "own" if likely < _OWN_SURELY else ""


def _mistyped(one: str, other: str) -> bool:
    differ = sum(a != b for a, b in zip(one, other, strict=False))
    return one != other and len(one) == len(other) and differ <= _SAME
