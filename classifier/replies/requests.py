"""What a citizen's message asks for: its questions and its demands, one by one, the main one first."""

import re
from dataclasses import dataclass
from enum import StrEnum

from classifier.text.patterns.late import late


class Ask(StrEnum):
    """What kind of answer a request waits for."""

    WHEN = "when"
    HOW_MUCH = "how_much"
    HOW = "how"
    WHERE_WHO = "where_who"
    WHY = "why"
    WHETHER = "whether"
    DO = "do"
    CHECK = "check"
    SUGGEST = "suggest"
    OTHER = "other"


@dataclass(frozen=True)
class Request:
    """One request of the message; `main` marks what the caller came for."""

    text: str
    ask: Ask
    main: bool


_ENDS = late(r"(?<=[。！？!?；;\n])|(?=[（(]?[一二三四五六七八九十][、.）)])|(?=(?<!\d)\d[、.．](?!\d))")
_GREETING = late(r"^\s*(?:尊敬的|敬爱的)?[^，。！!]{0,14}(?:您好|你好|领导|书记|市长|县长)[!！,，:：。]*\s*$")
_ASKED = late(
    r"[?？]|请问|咨询|想问|想知道|想了解|请教|吗$|吗[，。,.]|如何|怎么(?!说|也)|怎样|是否|能否|可否|能不能|可不可以|是不是|有没有|什么时候|何时|多久|多少|哪里|哪些|谁来"
)
_DEMANDED = late(
    r"(?:请求|恳请|恳求|要求|希望|盼望|渴望|请(?:求|政府|领导|有关|相关|书记|各级|上级|市|县|区|你们|您|贵|督促|尽快|给予|帮|查)|"
    r"望(?:政府|领导|有关|相关|书记|各级|上级|能|尽快|给|予|早日|贵)|建议|呼吁|敦促|诉求|强烈|举报|投诉|督促|能给)"
)
_KINDS: tuple[tuple[Ask, re.Pattern[str]], ...] = (
    (
        Ask.WHEN,
        late(
            r"什么时候|何时|几时|多久|多长时间|时间(?:表|节点|是)|哪[一]?[年天月]|几[月号点]|何日|啥时|什么时间|进度|进展"
        ),
    ),
    (Ask.HOW_MUCH, late(r"多少|标准|几[个元万人]|金额|比例|价格|收费|费用|多大|额度|补贴|补助|报销")),
    (
        Ask.WHERE_WHO,
        late(r"哪里|哪个|哪家|哪些|在哪|何处|去哪|什么部门|谁(?:来|负责|管)?|电话|地址|地点|归谁|隶属|归属"),
    ),
    (Ask.HOW, late(r"如何|怎么办|怎么(?!说|也|能|会)|怎样|流程|手续|程序|材料|条件|办理|申请|途径")),
    (Ask.WHY, late(r"为什么|为何|什么原因|凭什么|缘由|依据|怎么(?:能|会)|解释")),
    (
        Ask.WHETHER,
        late(
            r"是否|能否|可否|能不能|可不可以|是不是|有没有|会不会|行不行|要不要|可以.{0,20}吗|吗[?？。，]|吗$|合法|合规"
        ),
    ),
    (Ask.SUGGEST, late(r"建议|倡议|呼吁")),
    (Ask.CHECK, late(r"举报|投诉|反映|查处|调查|严查|曝光|质疑|核实|监督")),
    (
        Ask.DO,
        late(
            r"请求|恳请|恳求|要求|希望|解决|修|落实|改造|安装|增设|增加|取缔|制止|整治|处理|协调|还我|拆除|开通|发放|督促|加强|尽快"
        ),
    ),
)
_SUBJECT_KINDS: tuple[tuple[Ask, re.Pattern[str]], ...] = (
    (Ask.CHECK, late(r"^.{0,6}(?:举报|投诉|反映|质疑)")),
    (Ask.SUGGEST, late(r"^.{0,4}(?:建议|倡议)")),
)


def ask_of(text: str) -> Ask:
    """The kind of answer a request waits for; the more particular question words win."""
    for kind, pattern in _KINDS:
        if pattern.search(text):
            return kind
    return Ask.OTHER


def _subject_ask(subject: str) -> Ask:
    for kind, pattern in _SUBJECT_KINDS:
        if pattern.search(subject):
            return kind
    return ask_of(subject)


def find_requests(message: str, subject: str = "") -> tuple[Request, ...]:
    """The requests of a message. The subject, when there is one, is the main request; without it the first
    question or demand is. A message that asks nothing in words is taken as one request as a whole."""
    found: list[Request] = []
    if subject.strip():
        found.append(Request(subject.strip(), _subject_ask(subject), True))
    for sentence in _ENDS.split(message):
        sentence = sentence.strip()
        if len(sentence) < 4 or _GREETING.search(sentence) or sentence == subject.strip():
            continue
        if _ASKED.search(sentence) or _DEMANDED.search(sentence):
            found.append(Request(sentence, ask_of(sentence), False))
    return _with_a_main(found, message)


def _with_a_main(found: list[Request], message: str) -> tuple[Request, ...]:
    if not found:
        return (Request(message.strip()[:200], ask_of(message), True),)
    if not any(request.main for request in found):
        found[0] = Request(found[0].text, found[0].ask, True)
    return tuple(found[:12])
