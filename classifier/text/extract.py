"""What can be lifted out of a text: numbers, names, amounts and times, each with its place, and what must be masked.

Positions are those of the text as given: full-width digits and letters are read through a table that keeps lengths.
A number is `sure` when its own check digit, or the cue before it, says what it is.
"""

# ruff: noqa: E501 (a pattern is read as one piece)
from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

PERSONAL = frozenset({"phone", "id_number", "plate", "bank_card", "email", "name", "account", "room", "passport"})
LONGEST = 100_000
_WIDE = re.compile("[\uff01-\uff5e\u3000]")
_NARROW = {chr(0xFF01 + i): chr(0x21 + i) for i in range(94)} | {"\u3000": " "}
_SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏窦章云苏潘葛奚范彭郎鲁韦昌马苗凤方俞任袁柳鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟黄"
    "穆萧尹姚邵汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯管卢莫房解应宗丁宣邓郁单杭洪包诸左石崔吉龚程邢裴陆荣翁"
    "荀羊惠甄曲家封储靳段富巫焦谷车侯全班仰秋仲伊宫宁仇甘厉武符刘景詹束龙叶幸司黎薄白蒲从索赖卓池乔翟谭劳姬申冉桑桂牛寿边燕尚农温庄晏柴瞿阎慕连习艾鱼容向古易慎戈廖终衡步都耿满弘匡文寇广东欧利师"
    "巩聂关荆游权岳帅付肖闫代苑邸尚候侯陕鞠亓党栗鹿逯郜"
)
_COMPOUND = "欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|令狐|夏侯|司徒|轩辕|端木"
# Characters that never stand in a given name, and words that begin with a character which is also a surname.
_GIVEN = r"(?:[\u4e00-\u9fa5](?<![的了是在我你他们人于年月日这那有没不和与及就也都被把来去到从说吗呢吧啊]))"
_NO_NAME = (
    "成绩|高中|高考|常住|常年|安装|安全|万分|时任|时常|从事|从小|从未|应该|应聘|连续|相关|强烈|方便|明白|路过|终于|许多|全家|全体|全职|平时|平常|房产|房主|房东|师范|习惯|计划|毕业|单身|单亲|单位|农村|农民|"
    "农户|都是|家住|家庭|家属|家长|家中|家里|于今|幸好|温馨|满意|文化|党员|向来|车主|车间|水电|山东|云南|江西|江苏|广东|广西|安徽|宁夏|贵州|甘肃|金融|高级|高速|史上|能力|能够|经常|别人|商户|商家|申请|应诉|"
    "申报|公务|公司|公民|双方|马上|纪委|纪检|领导|有关|白天|白领|任何|任职|司机|夏天|秋天|冬天|老师|和平|和谐"
)
_NAME = rf"(?!{_NO_NAME})(?:(?:{_COMPOUND}){_GIVEN}{{1,2}}|[{_SURNAMES}]{_GIVEN}(?:{_GIVEN})?)"
_AFTER = r"(?=[，,。；;、\s：:（(）)！!？?\"”]|电话|手机|联系|身份|住|男|女|现|是|在|于|的|$|\d)"
_IS = r"[是为:： ]{0,2}"
_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_DIGITS = "一二三四五六七八九十百千万亿零两壹贰叁肆伍陆柒捌玖拾佰仟〇半几"

# A pattern with many beginnings says first which characters a match may start with: the engine skips to them.
_PATTERNS: dict[str, str] = {
    "email": r"(?<![A-Za-z0-9_.+-])[A-Za-z0-9][A-Za-z0-9_.+-]{0,63}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,4}",
    "id_number": r"(?<![0-9A-Za-z])[1-8]\d{5}[ -]?(?:1[89]|20)\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])[ -]?\d{3}[0-9Xx](?![0-9A-Za-z])"
    r"|(?<![0-9A-Za-z])[1-8]\d{5}\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])\d{3}(?![0-9A-Za-z])",
    "bank_card": r"(?<![0-9A-Za-z])[3-6]\d{3}(?:[ -]?\d{4}){2}[ -]?\d{1,4}(?:[ -]?\d{1,3})?(?![0-9A-Za-z])",
    "phone": r"(?<!\d)(?:\+?86[ -]?)?1[3-9]\d(?:[ -]?\d{4}){2}(?!\.?\d)|(?<!\d)0\d{2,3}[ -]?[2-9]\d{6,7}(?:-\d{1,6})?(?!\d)"
    r"|(?<!\d)[48]00[ -]?\d{3}[ -]?\d{4}(?!\d)|(?:(?<=电话)|(?<=座机)|(?<=热线)|(?<=\d{4}[、/]))[是为:： ]{0,2}[2-9]\d{6,7}(?!\d)",
    "plate": rf"(?<![A-Za-z0-9])[{_PROVINCES}][A-HJ-NP-Za-hj-np-z][·•. -]?(?:[A-HJ-NP-Za-hj-np-z0-9]{{6}}|[A-HJ-NP-Za-hj-np-z0-9]{{4}}"
    r"[A-HJ-NP-Za-hj-np-z0-9挂学警港澳])(?![A-Za-z0-9])",
    "passport": rf"(?:护照号?码?|通行证号?码?){_IS}(?P<value>[A-Za-z]{{1,2}}\d{{7,9}})",
    "account": rf"(?:[Qq]{{2}}群?号?|扣扣|支付宝账?号?|抖音号?){_IS}(?P<value>[A-Za-z0-9_-]{{5,20}})|微信号?{_IS}(?P<id>[A-Za-z0-9_-]{{6,20}})",
    "name": rf"(?:我叫|[爸妈爷奶夫妻儿女弟妹哥姐]叫|我是(?={_NAME}[，,。 ])|本人叫|本人[:： ]?(?={_NAME}[，,。 ])|名叫|业主[:：]|"
    r"(?:姓名|署名|户主|(?:联系|投诉|举报|反映|来电|申请|负责|当事|受害|被举报|被投诉|法定代表)人|法人代表|患者|死者)"
    rf"{_IS})(?P<value>{_NAME}){_AFTER}|(?<![\u4e00-\u9fa5])(?P<called>{_NAME})(?=先生|女士|同志|小姐)|(?P<short>[{_SURNAMES}])(?=先生|女士|小姐)",
    "room": r"(?=[0-9A-Za-z一二三四五六七八九十])(?:(?:[0-9A-Za-z一二三四五六七八九十]{1,4}[-号#]?(?:号楼|栋|幢|座|楼))(?:[0-9一二三四五六七八九十]{1,3}(?:单元|门))(?:[东西南北中]?[0-9一二三四五六七八九十]{1,4}(?:室|房|户|号|楼[东西南北中]?户?))?"
    r"|[0-9一二三四五六七八九十]{1,3}单元(?:[东西南北中]?[0-9一二三四五六七八九十]{1,4}(?:室|房|户|号|楼[东西南北中]?户?))?"
    r"|[0-9A-Za-z一二三四五六七八九十]{1,4}(?:号楼|栋|幢|座)-?[0-9]{3,4}(?![0-9])(?:室|房|号)?(?![套户平米元个])|(?<![0-9A-Za-z])\d{1,3}-\d{1,2}-\d{3,4}(?![0-9])|(?<!\d)\d{3,4}室)",
    "amount": rf"(?=[0-9{_DIGITS}数上])(?:(?<![\d.,])(?:\d{{1,3}}(?:,\d{{3}}){{1,4}}|\d{{1,12}})(?:\.\d{{1,4}})?[ ]?[多余]?[百千万亿]{{0,2}}[多余来]?(?:元钱?|块钱|圆|美元|(?<=\d\d)块(?![地砖板石牌])|(?<=[百千万亿])块|(?<=万)(?=[，,。的])|RMB|rmb)"
    rf"|(?<![{_DIGITS}数上])(?=[{_DIGITS}数上]{{2}}|[一二三四五六七八九十两半几][元圆]|[一二三四五六七八九十两几]块钱)[{_DIGITS}数上][{_DIGITS}]{{0,7}}[多余来]?(?:元钱?|块钱|(?<=[十百千万亿多余来])块|圆整?))",
    "time": r"(?=[0-9大前昨今上这本去星凌清早中下傍晚夜深半])(?:(?:(?:19|20)\d{2}[年./-]\d{1,2}[月./-]\d{1,2}(?:日|号)?|(?:19|20)\d{2}年(?:\d{1,2}月(?:份|底|初)?)?|(?<!\d)[5-90]\d年(?:\d{1,2}月(?:份|底|初)?)?(?!前|来|了|多|以|级)|(?<!\d)\d{1,2}月(?:\d{1,2}(?:日|号)|份|底|初)|大前天|前天|昨天|昨日|今天|今日|今早|今晨|昨晚|今晚|昨夜|"
    r"上周[一二三四五六日天]?|这周[一二三四五六日天]|本周[一二三四五六日天]?|上个?月(?:\d{1,2}(?:日|号))?|去年(?:\d{1,2}月(?:份)?)?|前年|本月\d{0,2}(?:日|号)?|星期[一二三四五六日天])"
    r"(?:[ ,，]?(?:(?:凌晨|清晨|早上|早晨|上午|中午|下午|傍晚|晚上|夜里|深夜|半夜)[ ]?)?(?:\d{1,2}[:：]\d{2}(?:[:：]\d{2})?|\d{1,2}点(?:半|\d{1,2}分?|[一二三]刻)?|\d{1,2}时(?:\d{1,2}分?)?)|[ ]?(?:凌晨|清晨|早上|早晨|上午|中午|下午|傍晚|晚上|夜里|深夜|半夜))?"
    r"|(?:凌晨|清晨|早上|上午|中午|下午|傍晚|晚上|夜里|深夜|半夜)[ ]?[\d一二三四五六七八九十]{1,3}(?:[:：]\d{2}|点(?:半|\d{1,2}分?)?|时))",
    "span": r"(?=[0-9近已长持连一二三四五六七八九十两几半数])(?:近|已经?|长达|持续|连续)?(?<![\d.])(?:\d{1,3}(?!年级)|[一二三四五六七八九十两几半数]{1,3})多?(?:个多?月|年(?!级|代|度)|天|周|个星期|小时|个小时)(?:多|左右|以来|以上|了)?",
}
# A text without this has nothing of the kind: one quick search instead of a slow pattern at every character.
_HINTS: dict[str, str] = {
    "email": r"@",
    "id_number": r"\d{6}",
    "bank_card": r"\d{4}[ -]?\d{4}",
    "phone": r"\d[ -]?\d{4}",
    "passport": r"照|行证",
    "account": r"[Qq]{2}|微信|扣扣|支付宝|抖音",
    "name": r"叫|我是|本人|姓名|署名|业主[:：]|户主|患者|死者|(?:系|诉|报|映|电|请|责|事|害|表)人|法人代表|先生|女士|同志|小姐",
    "room": r"单元|[楼栋幢座室]|-\d",
    "amount": r"[元块圆]|RMB|rmb|万[，,。的]",
}
_ORDER = (
    "email",
    "id_number",
    "bank_card",
    "phone",
    "plate",
    "passport",
    "account",
    "name",
    "room",
    "amount",
    "time",
    "span",
)
_STARS = {
    "email": 1,
    "id_number": 4,
    "bank_card": 4,
    "phone": 3,
    "plate": 2,
    "name": 1,
    "account": 1,
    "passport": 1,
    "room": 0,
}


@dataclass(frozen=True, slots=True)
class TextFinding:
    """One thing lifted out of a text: `text[start:end]` is where it stood, `value` its plain writing."""

    kind: str
    value: str
    start: int
    end: int
    sure: bool = True

    @property
    def personal(self) -> bool:
        return self.kind in PERSONAL


def extract(text: str, kinds: Iterable[str] = _ORDER) -> list[TextFinding]:
    """Everything found, by place; where two overlap the stricter kind (see `_ORDER`) keeps the place."""
    plain, wanted = _plain_signs(text), set(kinds)
    return _sorted_out(plain, ((kind, _of_kind(kind, plain)) for kind in _ORDER if kind in wanted))


def extract_many(texts: Sequence[str]) -> list[list[TextFinding]]:
    """What `extract` finds in each."""
    return [extract(text) for text in texts]


def _sorted_out(text: str, found: Iterable[tuple[str, Iterable[re.Match[str]]]]) -> list[TextFinding]:
    """The strictest kinds come first and take their places."""
    taken = bytearray(len(text))
    kept: list[TextFinding] = []
    for kind, matches in found:
        for one in filter(None, (_found(kind, match) for match in matches)):
            if not any(taken[one.start : one.end]):
                taken[one.start : one.end] = b"\1" * (one.end - one.start)
                kept.append(one)
    return sorted(kept, key=lambda one: (one.start, one.end))


def personal_spans(text: str) -> list[TextFinding]:
    """Only what must be masked on screens, exports and logs."""
    return extract(text, PERSONAL)


def mask(text: str) -> str:
    """The text with personal data starred: enough stays to recognise ("138****1234" keeps 3 + 4), no more."""
    parts: list[str] = []
    at = 0
    for found in personal_spans(text):
        parts += [text[at : found.start], _starred(found, text[found.start : found.end])]
        at = found.end
    return "".join(parts) + text[at:]


def valid_id_number(number: str) -> bool:
    """GB 11643-1999: a real birth date and the ISO 7064 MOD 11-2 check character; 15-digit numbers have only the date."""
    number = re.sub(r"[ -]", "", number).upper()
    if len(number) == 15 and number.isdigit():
        return _is_day("19" + number[6:12])
    if not re.fullmatch(r"\d{17}[\dX]", number) or not _is_day(number[6:14]):
        return False
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return "10X98765432"[sum(int(d) * w for d, w in zip(number, weights, strict=False)) % 11] == number[-1]


def valid_card(number: str) -> bool:
    """The Luhn check (ISO/IEC 7812-1) over 13 to 19 digits, not all alike."""
    digits = [int(d) for d in number if d.isdigit()]
    if not 13 <= len(digits) <= 19 or len(set(digits)) == 1:
        return False
    doubled = (d * 2 - 9 if d > 4 else d * 2 for d in digits[-2::-2])
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


def _of_kind(kind: str, text: str) -> Iterable[re.Match[str]]:
    hint, pattern = _pattern(kind)
    return () if hint and not hint.search(text) else pattern.finditer(text)


def _found(kind: str, match: re.Match[str]) -> TextFinding | None:
    group = match.lastgroup or 0
    value, end = match[group], match.end(group)
    value = value.lstrip("是为:： ") if kind == "phone" else value
    sure = _sure(kind, value)
    return (
        None
        if kind == "bank_card" and not sure
        else TextFinding(kind, _plain(kind, value), end - len(value), end, sure)
    )


def _plain_signs(text: str) -> str:
    return _WIDE.sub(lambda found: _NARROW[found[0]], text[:LONGEST])


def _sure(kind: str, value: str) -> bool:
    if kind == "id_number":
        return valid_id_number(value)
    if kind == "bank_card":
        return valid_card(value)
    return True


def _plain(kind: str, value: str) -> str:
    if kind in ("id_number", "bank_card", "plate"):
        return re.sub(r"[ ·•.-]", "", value).upper()
    return re.sub(r"(?<=\d)[ ](?=\d)", "", value).strip() if kind == "phone" else value.strip()


def _starred(found: TextFinding, written: str) -> str:
    keep = _STARS.get(found.kind, 0)
    if found.kind == "name" and len(written) == 1:
        return written
    if found.kind == "email":
        return written[0] + "***" + written[written.index("@") if "@" in written else 1 :]
    tail = {"phone": 4, "id_number": 2, "bank_card": 4, "plate": 1}.get(found.kind, 0)
    if len(written) <= keep + tail:
        return "*" * len(written)
    hidden = "*" * (len(written) - keep - tail)
    return written[:keep] + hidden + (written[-tail:] if tail else "")


def _is_day(digits: str) -> bool:
    try:
        return 1880 <= date(int(digits[:4]), int(digits[4:6]), int(digits[6:])).year <= 2100
    except ValueError:
        return False


@cache
def _pattern(kind: str) -> tuple[re.Pattern[str] | None, re.Pattern[str]]:
    """(what a text must hold, what to find)"""
    hint = _HINTS.get(kind)
    return re.compile(hint) if hint else None, re.compile(_PATTERNS[kind])
