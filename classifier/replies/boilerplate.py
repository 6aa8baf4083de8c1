"""What a reply says once greetings, thanks, receipts, signature dates and forwarding stubs are taken away."""

import re
from dataclasses import dataclass
from enum import StrEnum

from classifier.text.patterns.late import late


class Kind(StrEnum):
    """What a clause of a reply is for; only REAL clauses carry an answer."""

    GREETING = "greeting"
    RECEIPT = "receipt"
    LEAD_IN = "lead_in"
    FORWARD = "forward"
    THANKS = "thanks"
    CONTACT = "contact"
    SIGNATURE = "signature"
    REAL = "real"


@dataclass(frozen=True)
class Clause:
    """One stretch of the reply and what it is for."""

    text: str
    kind: Kind


@dataclass(frozen=True)
class Stripped:
    """The main part of a reply: `sentences` (real words only), their joined `text`, and what was taken away."""

    text: str
    sentences: tuple[str, ...]
    clauses: tuple[Clause, ...]
    parts: int
    forwarded: bool
    contacts: tuple[str, ...]
    whole: str

    def has(self, kind: Kind) -> bool:
        """Whether any clause of the main part is of this kind."""
        return any(clause.kind is kind for clause in self.clauses)


DATE = r"(?:20|19)\d{2}\s*[年./-]\s*\d{1,2}\s*[月./-]\s*\d{1,2}\s*日?"
PERSON = r"(?:网友|网民|市民|居民|村民|群众|业主|来信人|写信人|来电人|投诉人|同志|先生|女士|老师|朋友|家长|用户|客户)"
HELLO = r"(?:您们?|你们?|大家)好|[Hh]ello"
_NAME = r"(?:[“\"「][^”\"」]{1,30}[”\"」]|[A-Za-z]{1,4}\d{3,12}|[A-Za-z][A-Za-z0-9_]{1,15})"
_SALUTE = rf"(?:尊敬的|亲爱的)?\s*(?:{_NAME}\s*{PERSON}?|[^\W\d]{{0,10}}{PERSON}\s*{_NAME}?)"
_NEW_PART = late(
    rf"(?:(?<=[。！!；;谢）)”])|(?<=\d日)|(?<=感谢您的留言)|(?<=-\d\d)|(?<=\.\d\d))\s*"
    rf"(?={_SALUTE}[^。！!，,\n]{{0,8}}(?:{HELLO}|[:：]))|"
    rf"(?:(?<=[。！!谢])|(?<=\d日))\s*(?=(?:{HELLO})[!！,，。:： ])|(?<=\d日)\s*(?=(?:尊敬的|亲爱的|“UU))"
)
_ENDS = late(r"(?<=[。！？!?；;\n])")
_COMMAS = late(r"(?<=[，,：])|(?<=:)(?!//)")

_GREETING = late(
    rf"^\s*(?:{_SALUTE}[^，。,]{{0,4}}?(?:\s*(?:{HELLO}))?|(?:尊敬的|亲爱的)[^，。,：:]{{1,16}}|(?:{HELLO})|"
    rf"{_NAME}\s*(?:{HELLO})?)\s*[,，.。!！:：;；]*\s*$"
)
_HEAD = late(
    rf"^\s*(?:{_SALUTE}\s*(?:{HELLO}\s*[!！,，.。:：]*|[:：])\s*(?:{HELLO})?\s*[!！,，.。:：]*|(?:{HELLO})\s*[!！,，.。:：]*)\s*"
)
_RECEIPT = late(
    r"(?:留言|来信|来电|来函|帖文|帖子|网帖|信件|函件|信息|诉求|意见|建议|问题|情况|咨询|反映|您好|工单|问政)[^，。]{0,14}?"
    r"(?:收悉|收到|获悉|知悉|已阅|敬悉|知晓|受理)|^\s*(?:已)?(?:收悉|收到)[^，。]{0,6}$|^收到(?:您|你)[^，。]{0,30}后?[，,。]?$"
)
_LEAD_IN = late(
    r"(?:回复|答复|汇报|反馈|说明|解释|解答|报告)(?:意见)?(?:如下|您|你)|如下[:：。]?\s*$|^(?:特此|专此|此)(?:回复|答复|函复)|"
    r"^以上(?:是|为)[^，。]{0,20}(?:回复|答复)|^回复[:：]|高度重视|^(?:针对|关于|对于|就|对)(?:您|你|网友|来信人|上述|以上)[^，。]{0,40}"
    r"(?:问题|情况|事宜|事项|一事|诉求|建议|咨询|帖文)[，,:：]?\s*$|^(?:您|你)(?:咨询|反映|提出|所反映|所咨询)的?[^，。]{0,40}"
    r"(?:问题|情况|事宜|一事)[，,:：]?\s*$|^(?:关于)[^，。]{2,40}(?:问题|情况|事宜|一事|咨询)[，,:：]\s*$"
)
_THANKS = late(
    r"^[^，。]{0,14}(?:感谢|谢谢|致谢|多谢)|祝(?:您|你|福|愿|生活)|欢迎(?:您|你|广大|大家|继续|多提|提出|对)|(?:敬请|请您?|望|希望)[^，。]{0,8}"
    r"(?:谅解|理解|见谅|原谅|放心)|(?:理解|关心|监督|信任)(?:与|和|、|及)?支持|此致|敬礼|^一如既往|为您?排忧解难|全心全意|"
    r"(?:提出|多提|您的)宝贵(?:的)?(?:意见|建议)|请(?:您)?继续关注|深表歉意|非常抱歉"
)
_FORWARD = late(
    r"(?:已|现|己|将|正|予以|及时|立即|第一时间|我们|我办|情况|问题|来信|留言|帖文|内容)[^，。]{0,22}?"
    r"(?:转(?!让|变|移支付|为|换|制|型|产|入|出|账|款|学|正|弯|租|运|业|户|诊|岗|本|基|给我)|移交|批转|交(?:由|办|相关|有关|给|至|市|区|县|[A-Z]\d*[市区县])|反馈(?:至|到|给)|上报给|呈报|函告|下发至|发至)"
    r"[^，。]{0,40}"
)
_FORWARD_WORK = late(
    r"(?:核查|核实|核处|办复|处理|处置|办理|调查|落实|回复|答复|反馈|跟进|单位|部门|科室|股室|局|委|办|公司|中心|医院|镇|乡|街道|政府|[市区县会队院校站])"
)
_AFTER_FORWARD = late(
    r"^[^，。]{0,10}(?:结果|情况|进展)[^，。]{0,18}(?:回复|反馈|答复|告知|通报|公布)|(?:敬请|请您?)(?:耐心)?(?:等待|关注|等候)|^(?:调查|核处|办复|核实|处理|落实|核查|处置|答复|反馈|办理|、)+[。!！，,]?$|"
    r"^(?:待|等)[^，。]{0,12}(?:调查|核实|核查|处理|结果)[^，。]{0,12}后?[，,]?$|再向(?:您|你)(?:回复|答复)"
)
_CONTACT = late(
    r"(?:如|若|假如|倘若)(?:果)?(?:您|你|对|还|仍|有|需)[^，。]{0,30}(?:疑问|不明|问题|意见|了解|需要|需求|咨询|帮助|疑义|异议|诉求|建议)|(?:咨询|联系|服务|热线|监督|举报|投诉|办公)"
    r"(?:电话|热线|方式)|电话[:：]|(?:致电|拨打|来电)[^，。]{0,30}\d|^联系人"
)
_GOES_ON = late(r"联系|电话|致电|拨打|咨询|热线|来电|\d{4}|了解|服务|解答")
_SIGNATURE = late(
    rf"^\s*(?:{DATE}|\d{{4}}\.\d{{1,2}}(?:\.\d{{1,2}})?|[\w·]{{2,24}}?(?:局|委|办|室|府|街道|办事处|中心|公司|大队|支队|镇|乡|社区|组|处|所|院|台|馆|部|会)\s*(?:{DATE})?)\s*[。.]?\s*$"
)
_TAIL_DATE = late(rf"\s*(?:{DATE})\s*$")
_VERBAL = late(r"[已将被转查为系了的到向由请并]|所办")
_BELOW = late(r"如下\s*[:：。!！,，]?\s*$")
_SOLID = late(
    r"经[^，。]{0,12}(?:查|核|了解|调)|据(?:查|了解|核)|已[^，。]{0,12}(?:完|拆|修|清|整改|处罚|责令|采纳|下达)|\d+\s*(?:元|万|%|平方|个月|天|公里)"
)


def split_parts(reply: str) -> list[str]:
    """The replies inside one text: a second greeting opens a second reply; repeated parts are kept once."""
    parts: list[str] = []
    for piece in _NEW_PART.split(reply):
        piece = piece.strip()
        if piece and piece not in parts:
            parts.append(piece)
    return parts or [reply.strip()]


def sentences_of(text: str) -> list[str]:
    """Sentences with their closing mark; line breaks close a sentence too."""
    return [piece.strip() for piece in _ENDS.split(text) if piece.strip()]


def clause_kind(clause: str) -> Kind:
    """What one clause is for, judged by its own words; the order of the questions matters."""
    if _BELOW.search(clause):
        return Kind.LEAD_IN
    if _SOLID.search(clause):
        return Kind.REAL
    if _is_forward(clause):
        return Kind.FORWARD
    for kind, pattern in ((Kind.THANKS, _THANKS), (Kind.CONTACT, _CONTACT), (Kind.RECEIPT, _RECEIPT)):
        if pattern.search(clause) and len(clause) <= 60:
            return kind
    return Kind.LEAD_IN if _LEAD_IN.search(clause) and len(clause) <= 60 else Kind.REAL


def _is_forward(clause: str) -> bool:
    if len(clause) > 70:
        return False
    if _AFTER_FORWARD.search(clause):
        return True
    found = _FORWARD.search(clause)
    return bool(found and _FORWARD_WORK.search(found.group()))


def clauses_of(part: str) -> list[Clause]:
    """The clauses of one reply, each with its kind; a greeting in front of a clause is cut off first."""
    body = _TAIL_DATE.sub("", _HEAD.sub("", part, count=1))
    found: list[Clause] = []
    for sentence in sentences_of(body):
        before = Kind.REAL
        for clause in _COMMAS.split(_HEAD.sub("", sentence)):
            if clause.strip(" \t，,。.!！:：；;、"):
                kind = _opening(clause) if len(found) < 2 else None
                kind = kind or clause_kind(clause.strip())
                before = Kind.CONTACT if before is Kind.CONTACT and _GOES_ON.search(clause) else kind
                found.append(Clause(clause, before))
    for at in range(len(found) - 1, max(len(found) - 3, -1), -1):
        if not _SIGNATURE.search(found[at].text) or _VERBAL.search(found[at].text):
            break
        found[at] = Clause(found[at].text, Kind.SIGNATURE)
    return found


def _opening(clause: str) -> Kind | None:
    greets = _GREETING.search(clause) and len(clause) <= 30 and not clause.rstrip().endswith(("。", "；", ";"))
    return Kind.GREETING if greets and not re.search(r"\d{4}年|我[市县区局们]", clause) else None


def _real_sentences(clauses: list[Clause]) -> list[str]:
    sentences: list[str] = []
    current = ""
    for clause in clauses:
        if clause.kind is Kind.REAL:
            current += clause.text
        if clause.text.rstrip().endswith(("。", "！", "!", "？", "?", "；", ";")) and current:
            sentences.append(current.strip())
            current = ""
    return [*sentences, current.strip()] if current.strip() else sentences


def strip_reply(reply: str) -> Stripped:
    """Strip a reply to its real words. Of several replies run together the one with most real words counts
    (a receipt note may stand before or after the real reply)."""
    whole = reply.replace("\u3000", " ").replace("\r", "\n").replace("_x000D_", "\n")
    parts = [(clauses_of(part), part) for part in split_parts(whole)]
    sized = [(sum(len(c.text) for c in clauses if c.kind is Kind.REAL), clauses) for clauses, _ in parts]
    _, main = max(sized, key=lambda pair: pair[0])
    sentences = _real_sentences(main)
    everything = [clause for clauses, _ in parts for clause in clauses]
    return Stripped(
        text="".join(sentences),
        sentences=tuple(sentences),
        clauses=tuple(main),
        parts=len(parts),
        forwarded=any(clause.kind is Kind.FORWARD for clause in everything),
        contacts=tuple(clause.text.strip() for clause in main if clause.kind is Kind.CONTACT),
        whole=whole,
    )
