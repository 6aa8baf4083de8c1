"""What a new reply says that the one before it did not: a reply that was only polished is told from one that has news."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache

from classifier.replies.boilerplate import Kind, clause_kind, sentences_of
from classifier.replies.features import Sign, signs_of
from classifier.replies.promised.due_dates import number
from classifier.replies.promised.promises import dated_promises
from classifier.text.late import late
from classifier.text.normalise import plain as plain_writing


class Change(StrEnum):
    """SAME: the words are the same. COSMETIC: other words, order, courtesies, good intentions. NEWS: something new is said."""

    SAME = "same"
    COSMETIC = "cosmetic"
    NEWS = "news"


@dataclass(frozen=True)
class Comparison:
    """`added`: sentences of the new reply that say something new; `gone`: of the old one, that are no longer there."""

    change: Change
    added: tuple[str, ...]
    gone: tuple[str, ...]

    @property
    def unchanged(self) -> bool:
        """Whether it says nothing that was not said before."""
        return self.change is not Change.NEWS


@dataclass(frozen=True)
class _Sentence:
    """`clauses`: what it says; `formulas`: greeting, receipt, lead-in, thanks; `pieces`: all, the hopes of a sentence too."""

    clauses: tuple[str, ...]
    formulas: tuple[str, ...]
    pieces: tuple[str, ...]


_ALIKE = (
    ("已", r"[现业均]?已经|[现业均]已"),
    (
        "经查",
        r"经?(?:我[局办中镇县区市院校站队委公处所社街道们司单位]{1,3})?(?:再次|重新|现场|进一步)?(?:核[查实]|调查|查实|查证|了解|走访了解|查询|查明|核对|调查核实"
        r"|核实了解)(?:了解|核实|到|后|发现)?"
        r"|(?:经|已?(?:派出?|安排)?(?:工作|执法)人员|已?派员)?(?:已|再次)?(?:到|赴|前往)?(?:现场|实地)(?:进行|开展|作|做)?了?(?:查看|察看|勘查|踏勘|检查)",
    ),
    ("", r"目前|现在|当前|如今|截至目前|到目前为止|眼下"),
    (
        "我局",
        r"我(?:单位|中心|公司|镇|街道|区|县|市|站|队|处|司|办|们|委|院|校|所)|本(?:单位|局|中心|公司|镇|街道|站|队|处)",
    ),
    ("您", r"你们?|您们|来信人|来电人|投诉人|反映人|网友|市民|群众|当事人"),
    ("快", r"尽快|尽早|早日|及早|及时|抓紧|第一时间|立即|马上|迅速|积极|认真|切实|努力|全力"),
    ("重视", r"(?:高度|非常|十分|极为|特别)重视"),
    ("处理", r"处置|解决|办理|落实|应对|推进"),
    ("问题", r"情况|诉求|事项|事宜|事情|一事|现象"),
    ("督促", r"责令|要求|敦促|责成|监督|督导"),
    ("加强", r"加大|强化|提升|提高|改善|优化|完善"),
    ("和", r"以及|与|及|并且|同时|并"),
    ("将", r"会|将会|拟"),
    ("继续", r"进一步|持续|不断|一如既往地?|今后"),
    ("协调", r"沟通|对接|衔接|协商|联系|联络"),
    ("修", r"维修|修复|修理|抢修|整修|修缮|修补"),
    ("安排", r"组织|指派|派出|派遣|派员|派"),
    ("单位", r"(?<=施工)方|(?<=物业)公司"),
    ("人员", r"工作人员|职工|员工|队员"),
    ("因", r"原因(?:是|为|系|在于)|系由?(?=[^，。]*(?:所致|造成|引起))|是?由于|因为|鉴于|是因为"),
    ("完", r"完毕|完成|结束|到位"),
    ("管理", r"管控|监管|管护"),
    ("暂未", r"(?:暂时|尚|还)(?:未能?|没有?)"),
    ("力度", r"力量"),
    ("单位", r"部门|机构"),
    ("相关", r"有关"),
    ("前往", r"赶赴|到达|到|赴|去"),
    ("现场", r"实地|当场"),
    ("查看", r"察看|检查|勘查|踏勘|巡查"),
    ("反馈", r"答复|回复|回应|告知|通知(?!书)"),
    ("系", r"属于|属(?!实)|是(?=[^，。]*(?:纠纷|问题|遗留|所致))"),
    ("多次", r"(?:先后|曾|反复|数)(?:多)?次|再三"),
)
_ALIKE_PATTERNS = tuple((word, late(pattern)) for word, pattern in _ALIKE)
_FILLERS = late(
    r"我局|您(?:所)?(?:反映|咨询|提出|提交|投诉|说)|开展|牵头|表示|声称|[称的了等也就均都其该此之地得着予以进行做作出给对于确实所致造成关于针对方面工作\W_]"
)
_SIGNED = late(r"(?:20\d\d|二[〇零○]\S\S)\s*[年./-]\s*\S{1,3}\s*[月./-]\s*\S{1,3}\s*日?[。.]?\s*$")
_COURTESY = late(
    r"^(?:[（(]补充[)）])?(?:再次)?(?:网友|“UU|大家好|感谢|谢谢|欢迎|敬请|恳请|望|祝|特此|此致|抱歉|不便之处|对?(?:由此|因此)?(?:给|为)?您?(?:的\w{1,4})?(?:造成|带来)[^，。]{0,6}不便|给您|如有|如您|若|请您?(?:谅解|理解|放心|监督|耐心|继续)"
    r"|您好|尊敬的|以上|收悉|现将|现就|现[回答]复|来信)|切实维护|敬请谅解|深表歉意|宝贵意见|竭诚|为您服务|高度重视"
)
_POLITE = late(
    r"^(?:再次|衷心|诚挚)?(?:感谢|谢谢|欢迎|敬请|恳请|祝|特此|此致|给您|如有|如您|不便|抱歉)|"
    r"切实|举一反三|作风|烦心事|为民"
)
_OLD_DATE = late(r"^20\d\d年\d{1,2}月\d{1,2}日(?=[^,，、至到前以起—-])")
"""A date of signature that what was added afterwards has moved into the middle."""

_LIST_MARK = late(
    r"(?:^|(?<=[。；;：:\n]))\s*(?:[（(]?(?:\d{1,2}|[一二三四五六七八九十]{1,2})[)）、.．](?!\d)|第[一二三四五][,，、]|[①-⑩]|[一二三四五]是)",
    re.M,
)
_NUMBER = late(r"\d+(?:\.\d+)?|[一二两三四五六七八九十百千]+(?=[个项处名户台次条元万日月年周点时秒])")
_FORMAL = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟", "一二三四五六七八九十百千")
"""As sums are written that nobody shall change."""
_DAY = late(
    r"(?:\d{4}年)?\d{1,2}月\d{1,2}[日号](?:上午|下午|晚)?|(?:昨|今|前)[天日]|近日|日前|当日|上周[一二三四五六日]?"
)
_NEWS_SIGNS = frozenset(
    (
        *(Sign.FINDING, Sign.ACTION, Sign.PLAN, Sign.NAMED_BASIS, Sign.AMOUNT, Sign.DATE, Sign.REASON),
        *(Sign.NO, Sign.YES, Sign.PROCEDURE, Sign.DEFINITION, Sign.CONTACT),
    )
)
_PLAIN_NEWS = frozenset((Sign.NAMED_BASIS, Sign.AMOUNT, Sign.PROCEDURE, Sign.CONTACT))
"""Signs that no praise of one's own zeal shows."""

_TALK = -1.5
"""Log-odds of telling an outcome up to which a sentence is talk; our own news lie above -0.3, our courtesies below -1.9."""

_ASKED_ROUND = late(
    r"^(?:经|据)(?:再次|向|与|对)?[^，。\d]{0,18}?(?:了解|核实|核查|查实|调查|走访|沟通|研究)(?:后|得知|核实)?$"
)
"""That somebody looked again, without what was seen."""

_FORMULAS = frozenset((Kind.GREETING, Kind.RECEIPT, Kind.LEAD_IN, Kind.THANKS))
_CLAUSES = late(r"[，,；;。！!？?：:\n]")
_DONE = late(
    r"已|了(?!解|结)|完毕|(?:^|[^将会])依法将|(?:[装修建办换铺清接谈补签]|协商)好|到账|(?<=[决解试])成功|(?<=调解)成功|通过$"
)
_WISH = late(
    r"将|(?<!代表|委员|理事|董事|协调|村委|居委)会(?![议决同])|争取|力争|尽快|早日|下一步|下步|今后|进一步|继续|持续|后续"
)
_ANY_DAY = date(2026, 1, 1)
_STEM = 2
"""Letters that must stand together in the old reply to count as said before."""

_LONG = 5
"""Letters of a clause from which single letters count as said, too, beside a clause of which half is the same."""

_LITTLE = late(
    r"没有|问题|相关|过程|阶段|最终|下来|现在|无法|取得|一事|(?<=[\u4e00-\u9fff])存在|处于|属于|之所以|所以|其[余他]|剩[下余]|解释|介绍|说明|遵[循照]|按照?|方[法面案]?|情形|里面?|天|日|份|采取|收悉|"
    r"[这那中内上下于在处当被把让会要能可以是有为而且或但仍还再又很较比更自所从到向与和个些种位道紧没无未不非经查正分部一属符合规定将了加大去来部工]"
)
"""What carries no matter where two clauses say one thing in another order."""

_SAME_MATTER = 0.65
"""The share of letters that two clauses of one thing have in common."""

_UNDONE = late(r"将|正(?=在|[采协施办处调])|待|拟|要求|督促|计划|申请|争取|尽快|拒绝|未|尚|准备")

_STRAY = 0.17
"""The share of letters that may be new in a clause that says the same in another order; of a longer clause one in any case."""

_DENIAL = late(r"不(?!便|断|仅|但)|未|没|无(?!线|人机|障碍)|非(?!机动|法)")

_FEW, _SHARE = 3, 0.34
"""Letters of a clause that nobody said before, and their share of it, below which it says nothing new."""


def compare(before: str, now: str) -> Comparison:
    """How the new reply differs from the old one; sealed courtesies, dates of signature, order and polish do not count."""
    if _bare(_SIGNED.sub("", before)) == _bare(_SIGNED.sub("", now)):
        return Comparison(Change.SAME, (), ())
    old, new = _said(before), _said(now)
    added, gone = _news(new, old), _news(old, new)
    return Comparison(Change.NEWS if added else Change.COSMETIC, _whole(added, now), _whole(gone, before))


def _news(sentences: list[_Sentence], others: list[_Sentence]) -> tuple[str, ...]:
    """The clauses that none of the others says, of sentences that tell something: praise of one's own zeal is new and says
    nothing."""
    said = [piece for other in others for piece in (*other.clauses, *other.formulas)]
    whole = [piece for other in others for piece in other.pieces]
    found: list[str] = []
    for sentence in sentences:
        turned = [piece for piece in sentence.clauses if _turned(piece, whole)]
        fresh = [piece for piece in sentence.clauses if _is_news(piece, said) and not _in_another_order(piece, whole)]
        if turned or (fresh and _says_something("，".join(fresh), sentence, "\n".join(said))):
            found += [piece for piece in sentence.clauses if piece in turned or piece in fresh]
    return tuple(found)


def _says_something(fresh: str, sentence: _Sentence, said: str) -> bool:
    """A short stretch is heard in its sentence: alone it says too little to be judged."""
    from classifier.replies.speech_acts import LEAST, tells  # slow to load, and most processes compare no replies

    if signs_of(_DAY.sub("", fresh)) & _PLAIN_NEWS or _has_new_number(fresh, said):
        return True
    heard = (fresh,) if len(fresh) >= LEAST else (fresh, "，".join(sentence.clauses))
    return min(tells(words) for words in heard) > _TALK


def _has_new_number(words: str, said: str) -> bool:
    return bool(_numbers(_DAY.sub("", words)) - _numbers(said))


def _numbers(text: str) -> set[str]:
    """The numbers of a text as digits, however they are written: 两, 二十, 贰仟陆佰."""
    plain = text.translate(_FORMAL)
    return {_digits(one) for one in _NUMBER.findall(plain)}


def _digits(written: str) -> str:
    try:
        return written if written[0].isdecimal() else str(number(written))
    except (KeyError, ValueError):
        return written  # 千, 万 and other ways: as they stand


def _bare(text: str) -> str:
    """Letters and digits only."""
    return re.sub(r"[\W_]", "", plain_writing(text)).lower()


def _said(text: str) -> list[_Sentence]:
    """What a text says, sentence by sentence."""
    body = _SIGNED.sub("", plain_writing(text))
    found: list[_Sentence] = []
    for sentence in sentences_of(_LIST_MARK.sub("", body)):
        pieces = [_OLD_DATE.sub("", piece.strip()) for piece in _CLAUSES.split(sentence) if len(_bare(piece)) > 1]
        polite = bool(pieces) and _POLITE.search(pieces[0]) is not None
        real = [piece for piece in pieces if not _is_formula(piece)]
        empty = polite or any(_hopes(piece) for piece in real)
        clauses = tuple(piece for piece in real if not empty or _tells(piece))
        found.append(_Sentence(clauses, tuple(piece for piece in pieces if _is_formula(piece)), tuple(pieces)))
    return found


def _is_formula(piece: str) -> bool:
    return (
        _ASKED_ROUND.search(piece) is not None or _COURTESY.search(piece) is not None or clause_kind(piece) in _FORMULAS
    )


def _hopes(piece: str) -> bool:
    return _WISH.search(piece) is not None and _DONE.search(piece) is None


def _tells(piece: str) -> bool:
    """Whether a clause shows a sign of substance besides a day."""
    signs = signs_of(_DAY.sub("", piece)) & _NEWS_SIGNS
    if _hopes(piece):
        return bool(signs - {Sign.ACTION, Sign.REASON}) or bool(dated_promises(piece, _ANY_DAY))
    return bool(signs) or _DAY.search(piece) is not None


@lru_cache(maxsize=8192)
def _plain(piece: str) -> str:
    """The clause with words that mean the same made the same, and fillers gone."""
    for word, pattern in _ALIKE_PATTERNS:
        piece = pattern.sub(word, piece)
    return _FILLERS.sub("", piece)


def _is_news(piece: str, others: list[str]) -> bool:
    """Whether a clause says something that none of the others says; a wish without a date is never news."""
    if not piece:
        return False
    said = [_plain(other) for other in others]
    plain = _plain(_DAY.sub("", piece))
    new = _fresh(plain, "\n".join(said))
    fresh = len(new)
    if fresh >= _FEW and len(plain) >= _LONG:
        fresh = min([fresh, *(_beside(plain, new, other) for other in said if len(other) >= _LONG)])
    if _has_new_number(piece, "\n".join(others)) or _dated_anew(piece, others):
        return True
    return fresh >= _FEW and fresh >= _SHARE * max(len(plain), 1)


def _in_another_order(piece: str, others: list[str]) -> bool:
    """Whether every letter that carries matter and every number was there before, in a clause as much done and denied."""
    letters, said = _matter(piece), _matter("".join(others))
    if (
        not letters
        or len(letters - said) > max(len(letters) >= _LONG, _STRAY * len(letters))
        or _dated_anew(piece, others)
    ):
        return False
    if _has_new_number(piece, "，".join(others)):
        return False
    nearest = _nearest(letters, others)
    return _denies(piece) == _denies(nearest) and (not _done(piece) or _done(nearest))


def _turned(piece: str, others: list[str]) -> bool:
    """Whether a clause was there before, but denied, hoped for or under way, and now it is so: few letters, much news."""
    letters = _matter(piece)
    if len(letters) < _STEM or not others:
        return False
    nearest = _nearest(letters, others)
    if len(letters & _matter(nearest)) < _SAME_MATTER * max(len(letters), len(_matter(nearest))):
        return False
    if _done(piece) and not _done(nearest) and (_UNDONE.search(nearest) or _denies(nearest)):
        return True
    return _denies(nearest) and not _denies(piece) and not _hopes(piece) and not _UNDONE.search(piece)


def _nearest(letters: frozenset[str], others: list[str]) -> str:
    """The clause that shares the most letters with these, of several the shortest."""
    return max(others, key=lambda other: (len(letters & _matter(other)), -len(other)))


@lru_cache(maxsize=8192)
def _matter(piece: str) -> frozenset[str]:
    return frozenset(_LITTLE.sub("", _plain(_DAY.sub("", piece))))


def _done(piece: str) -> bool:
    return _DONE.search(piece) is not None and piece[0] not in "等待"


def _denies(piece: str) -> bool:
    return _DENIAL.search(piece) is not None


def _dated_anew(piece: str, others: list[str]) -> bool:
    """A date where the same words had none before: a step got its day. Another day in the same words is no news."""
    if not _DAY.search(piece) and not re.search(r"[前内底]", piece):
        return False
    now = {one.when for one in dated_promises(piece, _ANY_DAY)}
    if not _WISH.search(piece) and any(_DAY.search(other) and _alike(piece, other) for other in others):
        return False
    return bool(now) and not any(when in other for when in now for other in others)


def _alike(piece: str, other: str) -> bool:
    """Whether two clauses say the same, whatever their days."""
    one, two = (_plain(_DAY.sub("", words)) for words in (piece, other))
    return len(_fresh(one, two)) < _FEW and len(_fresh(two, one)) < _FEW


def _beside(plain: str, fresh: str, other: str) -> int:
    """How many of its fresh letters stand nowhere in another clause, if that says half of it; else all of it."""
    if len(_fresh(plain, other)) > len(plain) / 2:
        return len(plain)
    return sum(letter not in other for letter in fresh)


def _fresh(plain: str, said: str) -> str:
    """Letters that stand in no run of `_STEM` letters of what was said."""
    covered = [False] * len(plain)
    for at in range(len(plain) - _STEM + 1):
        if plain[at : at + _STEM] in said:
            covered[at : at + _STEM] = [True] * _STEM
    if len(plain) < _STEM:
        return "" if plain in said else plain
    return "".join(letter for letter, known in zip(plain, covered, strict=True) if not known)


def _whole(pieces: tuple[str, ...], text: str) -> tuple[str, ...]:
    """The sentences these clauses stand in, each once."""
    plain = [(one, plain_writing(one)) for one in sentences_of(text)]
    return tuple(dict.fromkeys(_OLD_DATE.sub("", one) for one, same in plain if any(piece in same for piece in pieces)))
