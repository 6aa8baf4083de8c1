"""Telephone numbers in a plain text, however they are written: separators, brackets, country codes, after a cue.

The text is in plain writing with Chinese digits told as digits (`normalise.digits`).
"""

# ruff: noqa: E501 (a pattern is read as one piece)
from __future__ import annotations

import re
from collections.abc import Iterator

from classifier.text.masking.checks import looks_like_id
from classifier.text.masking.found import TextFinding
from classifier.text.masking.spoken import told_in_words
from classifier.text.patterns.late import late

GAP = r"[ \n.\-‐‒–—―−_~·•・/*]"
"""What people put between the digits of one number."""
_G = GAP[:-1] + r"()\[\]【】]{0,3}"
_CUE_WORDS = (
    r"电 ?话|手 ?机|座 ?机|固 ?话|宅 ?电|[家办住]电(?= ?[:是]? ?[\d+(])|[家屋]里号|电联|(?<!发票)(?<!合同)(?<!订单)(?<!快递)(?<!运单)(?<!票据)(?<!流水)号 ?码|传 ?真|热 ?线|联系方式|联系|来电|致电|回电|回拨|拨打|拨通|打给|小灵通|本机|尾号|短信|呼叫|同号|打|拨|的号|我号|加我|找我|"
    r"[Tt][Ee][Ll]|[Pp]hone|[Mm]obile|[Cc]ell|[Cc]all|[Ff]ax|[Ww]hats[Aa]pp|(?:[Mm]y|[Hh]is|[Hh]er) number|[Rr]each me|☎|📞|📱"
)
_FILL = r"(?:号码|号|是|为|:| |\n|\(|\)|其|他|她|我|本人|家里|家|单位|改成|换成|改为|的|了|请|您|你|分别|-|=|,|\.|香港|澳门|台湾|前面|开头|前[六七八]位|后面|说|这个|一下|me|on|at|is|no|number){0,5}"
_CUED = late(rf"(?:{_CUE_WORDS}){_FILL}(?=[+(\d])")
_MOBILE = late(
    rf"(?<!\d)(?:(?:\+|00)? ?\(?86{_G})?\(?1{_G}[3-9](?:{_G}\d){{9}}(?P<more>(?:1[3-9]\d{{9}}){{0,8}})(?!\d)"
)
_LANDLINE = late(
    rf"(?<![\d.])(?:(?:\+|00) ?\(?86{_G}\(?0?(?:10|2\d|[3-9]\d\d)|\(?0(?:10|2\d|[3-9]\d\d)){_G}[2-9]\d{{2,3}}{_G}\d{{3,4}}(?:{GAP}\d{{1,2}})?(?!\d)"
)
_SPREAD = late(rf"(?<![\d.])\(?0(?:{GAP[:-1]}()]{{1,3}}\d){{9,11}}(?!{GAP}?\d)")
"""A landline told digit by digit."""
_ABROAD = late(
    rf"(?<![\dA-Za-z])(?:\+(?!86)[1-9]\d{{0,2}}{_G}|00(?:1|7|33|34|39|44|49|60|61|62|63|64|65|66|81|82|84|852|853|886){_G}|"
    rf"\(?(?:852|853|886)\)?[ \-—–]{{1,2}})\d(?:{_G}\d){{6,11}}(?!\d)"
)
WIDE = r"(?:<[^<>\n]{1,10}>|&nbsp;|[^0-9A-Za-z\u4e00-\u9fa5]){0,4}"
_STRANGE_MOBILE = late(rf"(?<!\d)(?=(?P<value>1{WIDE}[3-9](?:{WIDE}\d){{9}})(?!\d))")
"""With any signs between its digits: believed after a cue, or in the groups in which mobile numbers are told."""
_THEN = r"(?:[ ,、;.\-—~]|(?:开头|打头|起头|中间|后面|再后面|接着|然后|最后|末尾|后)(?:[是为]|[四4三3](?:位|个)(?:数字?)?[是为:]?)?|[是为:]|[四4](?:位|个)(?:数字?)?){1,5}"
_IN_PIECES = late(rf"(?<!\d)(?P<value>1[3-9]\d{_THEN}(?:\d{{4}}{_THEN}\d{{4}}|\d{{3,5}}{_THEN}\d{{3,5}}))(?!\d)")
"""Told piece by piece: "前三位159,中间四位0372,后四位6418"."""
_BY_PIECES = late("[中后再接最末][间面着后尾四4]|位")
_TAIWAN = late(
    r"(?<!\d)09\d\d[ \-—–]\d{3}[ \-—–]?\d{3}(?!\d)|(?<!\d)0[789]0-\d{4}-\d{4}(?!\d)|(?<=香港|澳门)[5-9]\d{3}[ \-—–]?\d{4}(?!\d)|(?<![\d.\-])\(?[2-9]\d\d(?:\) ?|[\-.])\d{3}[\-.]\d{4}(?![\d\-.])"
)
"""Of Taiwan, of Japan, of North America."""
_SERVICE = late(rf"(?<!\d)[48]00{GAP}?\d{{3,4}}{GAP}?\d{{3,4}}(?!\d)")
_CHAIN = late(rf"[+(]?\d(?:{GAP[:-1]}()]{{0,2}}\d)*")
_NEXT = late(r" ?(?:[、,;/]|或者?|和|及|以及|与|转|\n)[ :]?(?=[+(\d])")
_UNBROKEN = late(r"[^ \n/]+")
_MOST = 16
_PUBLIC = late(r"1(?:1\d|2[0-2]|00\d{2,3}|2\d{3}|6[0-9]\d{2,3}|9\d{3,4})|9[56]\d{3,4}|95\d{6}|[48]00\d{7}")
_DATE = late(r"(?:19|20)\d{2}[.\-/ ](?:0?[1-9]|1[0-2])[.\-/ ](?:[0-2]?\d|3[01])(?!\d)")
_SOME = late(rf"\d(?:{WIDE}\d){{6}}")
_UNIT = late(
    r" ?(?:余|多)?(?:元|块|万(?!先生|女士|老师|师傅|医生|[总姐哥叔])|亿|吨|斤|公斤|千克|[kK][gG]|公里|米|平(?![先女])|亩|个|件|套|户|人次|票|股|方(?![先女师老大])|%|张(?=[票卷纸图卡照桌床])|台|辆|立方)"
)
_OFFICE = late(
    r"(?:局|派出所|(?<!厕)所|办事处|[政村]府|居委会|村委会?|[县市区]委|医院|法院|检察院|服务站|车站|中心|大厅|窗口|街道办?|支队|大队|(?<!我们)(?<![我本])单位|学校|小学|中学|银行|供电|供水|热力|燃气|物业|(?<!我)(?<!我们)办公室|(?<!我们)(?<![我本])公司)(?:的)?(?:的?(?:办公|咨询|服务|投诉|举报|值班|报修|监督|客服|联系|热线|公开|对外|固定|公布|前台|抢修)){0,2}(?:(?:电话|热线|座机)(?:号码?)?(?:是|为|:| |打){0,2}|(?<=[局委府])[: (]?)$"
)
"""What stands before a telephone that everybody may ring."""
_RINGS_ME = late(r" ?(?:转 ?\d{1,5} ?)?(?:[找联打给呼]{1,2}系?|能?联系[到上]?|回)我")
"""Behind an office's telephone at which the writer sits."""
_OTHER_NUMBER = late(
    r"[ \n](?:(?:19|20)\d\d(?:年|[.\-/]\d)|\d{1,4}(?:号?[楼栋幢座]|号院|单元|[排组]|[人个户元块岁天年月日点时分层米名件]))"
)
"""A day or a count behind a telephone."""
_DECIMAL = late(r"\.\d{1,2}(?![\d号日月点楼栋层])")
_SHAPES = frozenset({
    (3, 4, 4), (4, 3, 4), (4, 4, 3), (3, 3, 5), (3, 5, 3), (3, 8), (7, 4), (4, 7), (5, 6), (6, 5), (3, 2, 2, 2, 2), (2, 3, 3, 3), (3, 3, 3, 2),
    (3, 4, 2, 2), (3, 2, 2, 4), (1, 3, 3, 4), (1, 3, 4, 3), (1, 2, 4, 4), (1, 2, 8), (1, 2, 2, 2, 2, 2), (2, 2, 2, 2, 3), (2, 3, 2, 4), (3, 1, 3, 4), (4, 2, 2, 3), (1,) * 11,
})  # fmt: skip


def telephones(text: str, answer: bool = False) -> Iterator[TextFinding]:
    """Every number that rings at somebody's. answer: an office wrote the text, whose own landlines are public."""
    yield from _in_words(text)
    for found in _IN_PIECES.finditer(text):
        if _count(found["value"]) == 11 and _BY_PIECES.search(found["value"]):
            yield _phone(text, *found.span("value"))
    if not _SOME.search(text):
        return
    cued = {found.end() for found in _CUED.finditer(text)}
    for pattern in (_ABROAD, _TAIWAN):
        for found in pattern.finditer(text):
            if not _DATE.match(text, found.start()):
                yield _phone(text, *found.span())
    yield from _mobiles(text, cued)
    yield from _strange(text, cued)
    if not answer:
        yield from _landlines(text, cued)


def _landlines(text: str, cued: set[int]) -> Iterator[TextFinding]:
    """Those of homes; what a citizen says is an office's telephone is public."""
    for found in _landlines_and_cued(text, cued):
        if _RINGS_ME.match(text, found.end) or not _OFFICE.search(text, max(0, found.start - 16), found.start):
            yield found


def _landlines_and_cued(text: str, cued: set[int]) -> Iterator[TextFinding]:
    for found in (*_LANDLINE.finditer(text), *_SPREAD.finditer(text)):
        if not _UNIT.match(text, found.end()) and 9 < _count(found[0].replace("+86", "").replace("0086", "")) < 14:
            yield _phone(text, *found.span())
            if more := _NEXT.match(text, found.end()):
                cued.add(more.end())
    yield from _after_cues(text, sorted(cued))


def is_public(number: str) -> bool:
    """Whether these bare digits are a service's: 110, 12345, 95598, 10086, 400 …"""
    return bool(_PUBLIC.fullmatch(number))


def service_numbers(text: str) -> Iterator[tuple[int, int]]:
    """Where 400 and 800 numbers stand: nobody's own."""
    return (found.span() for found in _SERVICE.finditer(text))


def _mobiles(text: str, cued: set[int]) -> Iterator[TextFinding]:
    for found in _MOBILE.finditer(text):
        start, end = found.start(), found.start("more")
        yield from (_phone(text, at, at + 11) for at in range(end, found.end(), 11))
        if start in cued or found[0][0] in "+(" or found[0].startswith("00") or _shaped(text[start:end]):
            if start not in cued and (_UNIT.match(text, end) or _DECIMAL.match(text, end)):
                continue
            yield _phone(text, start, end)


def _strange(text: str, cued: set[int]) -> Iterator[TextFinding]:
    for found in _STRANGE_MOBILE.finditer(text):
        start, end = found.span("value")
        signs = {sign for sign in re.sub(r"<[^<>]*>|&nbsp;", "", found["value"]) if not sign.isdigit()}
        groups = tuple(map(len, re.findall(r"\d+", found["value"])))
        told = start in cued or (groups in _TOLD_IN and len(signs) < 3)
        if told and not _UNIT.match(text, end) and not (start not in cued and _DECIMAL.match(text, end)):
            yield _phone(text, start, end)


_TOLD_IN = frozenset({(3, 4, 4), (4, 3, 4), (4, 4, 3), (3, 8)})


def _in_words(text: str) -> Iterator[TextFinding]:
    for start, end, number in told_in_words(text):
        if re.fullmatch(r"(?:86)?1[3-9]\d{9}", number) or (
            7 <= len(number) <= _MOST and _CUE_BEFORE.search(text, max(0, start - 16), start)
        ):
            yield TextFinding("phone", number, start, end)
        elif looks_like_id(number):
            yield TextFinding("id_number", number, start, end)


_AREA = late(r"^0(?:10|2\d|[3-9]\d\d)(?=(?:12|9)\d{3,4}$)")
_CUE_BEFORE = late(rf"(?:{_CUE_WORDS}){_FILL}$")


def _shaped(written: str) -> bool:
    groups = tuple(map(len, re.findall(r"\d+", written)))
    if groups and groups[0] == 2 and written.startswith("86"):
        groups = groups[1:]
    return len(groups) == 1 or groups in _SHAPES


def _after_cues(text: str, places: list[int]) -> Iterator[TextFinding]:
    """Seven digits and more after a word for telephones or behind another number, and those listed behind them."""
    free = 0
    for at in places:
        while at >= free and (found := _CHAIN.match(text, at)):
            free = found.end()
            other = _OTHER_NUMBER.search(text, at + 7, free + 3)
            for start, end in _pieces(text, at, other.start() if other else free):
                if _is_number(text, start, end):
                    yield _phone(text, start, end)
            if (more := _NEXT.match(text, free)) is None:
                break
            at = more.end()


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """One number, or when it is too long for one, each of those between the blanks."""
    if _count(text[start:end]) <= _MOST:
        yield start, end
    else:
        yield from ((start + piece.start(), start + piece.end()) for piece in _UNBROKEN.finditer(text[start:end]))


def _is_number(text: str, start: int, end: int) -> bool:
    digits = re.sub(r"\D", "", text[start:end])
    if (
        not 7 <= len(digits) <= _MOST
        or is_public(digits)
        or is_public(_AREA.sub("", digits))
        or _DATE.match(text, start)
        or _UNIT.match(text, end)
    ):
        return False
    return not all(is_public(group) for group in re.findall(r"\d+", text[start:end]))


def _phone(text: str, start: int, end: int) -> TextFinding:
    """Without the brackets and signs around it."""
    while end > start and not text[end - 1].isdigit():
        end -= 1
    written = text[start:end]
    if written.startswith("(") and ")" not in written:
        start += 1
    return TextFinding("phone", re.sub(r"(?<=\d)[ ](?=\d)", "", text[start:end]).strip(), start, end)


def _count(written: str) -> int:
    return sum(sign.isdigit() for sign in written)
