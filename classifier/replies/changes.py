"""What a new reply says that the one before it did not: a reply that was only polished is told from one that has news."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from classifier.replies.boilerplate import Kind, clause_kind, sentences_of
from classifier.replies.features import Sign, signs_of
from classifier.replies.promised.promises import dated_promises
from classifier.text.normalise import plain as plain_writing
from classifier.text.numerals import number
from classifier.text.patterns.late import late


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


_ALIKE_PATTERNS = tuple(
    (word, late(pattern))
    for word, pattern in (
        line.split("\t") for line in Path(__file__).with_name("alike.tsv").read_text(encoding="utf-8").splitlines()
    )
)
"""Words that mean the same in a reply: the word that stands for all, and what is read as it, in this order."""

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
_WHO_SIGNS = late(
    r"(?:经办人|联系人|承办人|答复人|审核人|办理人|负责人|填报人|签发人|回复人|承办单位)\s*[:：]\s*[^，,。；;\s]{1,10}|"
    r"(?:联系|咨询)?电话\s*[:：]?\s*[\d-]{7,16}|"
    r"[（(][\u4e00-\u9fff]{2,12}(?:队|科|股|所|站|处|办|中心|局)\s*[\u4e00-\u9fff]{2,4}[)）]"
)
"""Who signs and who answers the telephone: another name under the same words is no news."""

_SALUTE = late(r"^[\u4e00-\u9fff]{1,4}(?:先生|女士|同志|老师)(?:您好)?\s*[:：，,!！]?")
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
    r"(?:\d{4}年)?\d{1,2}月\d{1,2}[日号](?:上午|下午|晚)?(?:\d{1,2}[时点](?:\d{1,2}分?)?)?|(?:昨|今|前)[天日]|近日|日前|当日|(?:上|本|这)(?:周|星期)[一二三四五六日]?"
    r"|(?<=截至)\d{1,2}月(?:[底初末]|[上中下]旬)"
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

_RESULT = late(
    r"更换|换[了上成]|修好|拆[除了走]|清[走运空]|退[还了]|赔[偿付了]|安装|装[了上]|罚|查扣|没收|取缔|拒绝|选出|当选|批准|获批|立案|开工|竣工|通车|签字"
    r"|来水|来气|来暖|通[水电气暖]|亮灯|复亮|点亮|解冻|拨付|补发|吊销|判决|开通|搬走|封堵|疏通|加装"
)
"""What ends a matter, one way or the other: where it was not said before, it is news in however few letters."""

_DEED_DONE = late(r"修复|维修|恢复|更换|拆除|清理|清运|疏通|安装|加装|发放|退还|支付|赔付|整改|解决|完工|竣工|通车")
"""Deeds that were announced before and are told as done now."""

_ASKED_OF = late(r"要求|责令|督促|建议|申请|待|请(?!起诉)|将|计划|拟|如")

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
        turned = [
            piece
            for piece in sentence.clauses
            if _turned(piece, whole) or _ends_it(piece, whole) or _comes_true(piece, whole)
        ]
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
    body = _WHO_SIGNS.sub("", _SALUTE.sub("", _SIGNED.sub("", plain_writing(text))))
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


def _ends_it(piece: str, others: list[str]) -> bool:
    """Whether a clause tells a result that was neither told nor announced before."""
    told = {found[0] for found in _RESULT.findall(piece)}
    known = {letter for found in _RESULT.findall("".join(others)) for letter in found[0]}
    return bool(told - known) and not _ASKED_OF.search(piece)


def _comes_true(piece: str, others: list[str]) -> bool:
    """Whether a clause tells as done what was only announced, wished or asked for before, whatever stands around it."""
    if not _done(piece) or _hopes(piece) or _UNDONE.search(piece) or _ASKED_OF.search(piece):
        return False
    deeds = (found.group() for found in _DEED_DONE.finditer(piece))
    told = ([other for other in others if deed in other] for deed in deeds)
    return any(said and all(_hopes(other) or _UNDONE.search(other) for other in said) for said in told)


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
