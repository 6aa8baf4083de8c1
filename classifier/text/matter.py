"""What a text is about, without who wrote it: personal details, the words that announce them, "I am a veteran" and "I called before" are no matter.

An ID number does not make a street light a case for the police, and no title begins with one.
"""

# ruff: noqa: E501 (a pattern is read as one piece)
from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import groupby, islice

from classifier.text.masking.mask import personal_in
from classifier.text.normalise import digits, placed
from classifier.text.words import TOGETHER

READ = 500
"""People say who they are at the beginning."""
LEAST = 4
"""So much of a matter must be left, else the text is about the person after all."""

_TELLS = re.compile(
    r"打过|来过|反映过|投诉过|留过言|写过信|没人|没有?结果|没解决|再不|工单|编号|受理|身份|证件|證|护照|護照|社保|医保|卡号|卡號|学号|微信|微 信|[Qq]{2}|[Vv][Xx]|加[vV微薇]|电话|電話|手机|手機|联系|聯繫|联系人|我叫|姓名|本人|我是|我系|我係|俺|邮箱|车牌|住址|家住|我住|作为|[Mm]y name|This is|I am|I'm|市民|反映人|举报人|投诉人|[诉述求助访电信]人:|我名|名叫|地址|[,、:(][男女](?![,、]?[女男生孩])|\d室"
)
_WRITER = re.compile(
    r"\d{6}|身份|证件|證|护照|護照|社保|医保|卡号|卡號|学号|微信|微 信|[Qq]{2}|[Vv][Xx]|加[vV微薇]|电话|電話|手机|手機|联系|聯繫|我叫|姓名|名字|本人|我是|我系|我係|俺|邮箱|@|车牌|住址|家住|我住|[Mm]y name|This is|I am|I'm|市民|反映人|举报人|投诉人|[诉述求助访电信]人:|我名|名叫|地址|[,、:(][男女](?![,、]?[女男生孩])|\d室"
)
"""What announces personal data; only there and in the clauses beside it are they looked for."""
_CLAUSE = re.compile(r"[^,。;!?\n]*[,。;!?\n]*")
_AGAIN = re.compile(
    r"(?:我们?|本人|之前|以前|上次|上周|上个?月|去年|今年|前几天|前天|昨天|曾经?|已经?|多次|早就|给|你们|12345|热线|也|都|就|又|在)*(?:打过|来过|拨打过|反映过|投诉过|留过言|写过信)(?:电话|热线|12345|这个|此|问题|情况|事情?|[一二两三四五几\d]+次)*"
    r"|(?:上次的?|之前的?|原)?(?:工单|受理|编)(?:编?号)?(?:是|为|:)? ?[A-Za-z]*\d{6,}"
    r"|(?:一直|到现在|至今|还是|都|也)*(?:没人[管来理问]|没有?(?:结果|解决|处理|消息|回复|答复))"
    r"|(?:如果|要是)?(?:你们|政府|部门)?再不(?:管|解决|处理|答复|来人)(?:的话)?,?我们?(?:就|只能|只好|要|会)*(?:去|找|打|向)?(?:信访局?|上访|媒体|记者|省长热线|省里|北京|上级|曝光|起诉)[^,。;!?\n]{0,6}"
)
"""That they called before, and to whom they will turn next, says nothing of what it is about."""
_DETAIL = re.compile(
    r"(?:我的?|本人的?|俺|姓名|名字|真名|叫做?|联系人?|反映人|举报人|投诉人|来电人|诉求人|电话|手机|座机|固话|号码?|身份证件?|证件|护照|社保卡?|医保卡?|银行|卡|账|帐|学|微 ?信|[Qq]{2}|[VvWw][Xx]|加|邮箱|email|e-mail|车牌?|地址|住址|家庭|现?家?住在?|"
    r"户籍|门牌|方式|如下|是|为|系|在|男|女|性别|年龄|出生|岁|今年|[一二三四五六七八九十\d]+岁|汉族|回族|族|请|您|你|可|和|及|或|也|同|与|其|他|她|的|了|有|[\u4e00-\u9fa5]?(?:先生|女士|同志|小姐)|[Mm]y name is|[Tt]his is|I am|I'm|[Cc]all me at|[Tt]el|[Pp]hone|[Mm]obile|[Cc]ontact|and|:|\(|\)|【|】|\"|“|”|/|、|\.|-|\s)+"
)
_LIVES = re.compile(r"^[ ]*(?:我|本人)?(?:现|家)?(?:住在?|家在|家住|居住在?|(?:家庭)?(?:住址|地址)|户籍)[^,。;!?\n]*$")
_BEFORE = re.compile(
    r"(?:(?:我的?|本人的?|联系人?的?|反映人|举报人|投诉人|家庭)*(?:姓名|名字|叫做?|电话|手机|座机|固话|身份证件?|证件|护照|社保卡?|医保卡?|银行卡?|卡|学|微 ?信|[Qq]{2}|邮箱|车牌|住址|地址|联系|家住|方式)+(?:号码?|是|为|:|\s)*)\(?$"
)
_KINDS = (
    "退伍(?:老)?军人|退役军人|转业军人|现役军人|军人|军属|烈属|老兵|复员军人|老党员|党员|退休(?:干部|职工|教师|工人|老师|人员)?|离休干部|教师|老师|医生|护士|警察|民警|公务员|干部|农民工?|打工者|打工人|工人|下岗(?:职工|工人)|职工|员工|低保户?|贫困户|"
    "五保户|残疾人|残疾军人|聋哑人|盲人|孤寡老人|老人|老年人|学生|大学生|研究生|高中生|家长|业主|居民|村民|市民|群众|租户|租客|住户|商户|个体户|店主|老板|司机|出租车司机|外卖员|快递员|孕妇|单亲妈妈|单亲爸爸|志愿者|网格员|外地人|本地人|人大代表|律师|记者|病人|患者|消费者|乘客|路人|用户"
)
_WHO = re.compile(
    rf"(?:您好|你好|领导|尊敬的\S{{0,8}})?(?:我们?|本人|俺|作为)(?:是|系|为|作为)?(?:一[名个位]|[名个位])?[^,。;!?\n]{{0,8}}?(?:{_KINDS})(?:\([^)]*\)|之一|的?(?:儿子|女儿|家属|子女|父亲|母亲|妻子|爱人))?"
)


@lru_cache(maxsize=2 * TOGETHER)
def matter(text: str) -> str:
    """The text without the clauses that only say who writes, and without personal details in the others.

    The text itself when nothing of it is about the writer, or when nothing else would be left. The last answers are kept:
    model, keywords and title ask it of the same messages.
    """
    head = text[:READ]
    if not _TELLS.search(head):
        return text
    read = placed(head)
    plain = digits(read.text)
    clauses = [clause for clause in _CLAUSE.finditer(plain) if clause[0]]
    spans = _personal(plain, clauses)
    cuts: list[tuple[int, int]] = []
    for clause in clauses:
        cuts += _cuts(plain, clause, spans, introduced=bool(cuts))
    if not cuts:
        return text
    kept, at = [], 0
    for start, end in (read.span(*cut) for cut in cuts):
        kept.append(head[at:start])
        at = max(at, end)
    left = "".join([*kept, head[at:], text[READ:]])
    return left if len(list(islice(filter(str.isalpha, left), LEAST))) == LEAST else text


def _personal(text: str, clauses: Sequence[re.Match[str]]) -> list[tuple[int, int]]:
    """Where personal data stand in the clauses that announce some and in their neighbours."""
    near = {at + step for at, clause in enumerate(clauses) if _WRITER.search(clause[0]) for step in (-1, 0, 1)}
    spans: list[tuple[int, int]] = []
    for looked_at, stretch in groupby(range(len(clauses)), near.__contains__):
        if looked_at:
            inside = list(stretch)
            start, end = clauses[inside[0]].start(), clauses[inside[-1]].end()
            spans += [(start + found.start, start + found.end) for found in personal_in(text[start:end])]
    return spans


def _cuts(text: str, clause: re.Match[str], spans: list[tuple[int, int]], introduced: bool) -> list[tuple[int, int]]:
    """What goes of one clause: all of it, or its personal spans with the words that announce them, or nothing.

    introduced: the writer has begun to tell who they are; age, sex and street that follow belong to it.
    """
    start, end = clause.span()
    body_end = start + len(clause[0].rstrip(",。;!?\n"))
    inside = [(first, last) for first, last in spans if start <= first and last <= end]
    if _WHO.fullmatch(text, start, body_end) or _AGAIN.fullmatch(text, start, body_end):
        return [(start, end)]
    if introduced and not _DETAIL.sub("", _LIVES.sub("", text[start:body_end])):
        return [(start, end)]
    if not inside:
        return []
    rest, at = "", start
    for first, last in inside:
        rest += text[at:first]
        at = last
    rest += text[at:body_end]
    if not _DETAIL.sub("", _LIVES.sub("", rest)):
        return [(start, end)]
    return [_with_cue(text, start, first, last) for first, last in inside]


def _with_cue(text: str, start: int, first: int, last: int) -> tuple[int, int]:
    """The span with its brackets and the words before it, but for a card or paper of which something is said ("…被盗刷")."""
    if text[first - 1 : first] == "(" and text[last : last + 1] == ")":
        first, last = first - 1, last + 1
    if text[last : last + 1] in ("的", "被", "丢", "过", "不"):
        return first, last
    cue = _BEFORE.search(text, start, first)
    return (cue.start() if cue else first), last
