"""Which of a citizen's open matters a text speaks of: the one whose words it shares, the one it refers back to, or a new one.

A new matter is never swallowed by an old one: words that tell a matter of their own and share nothing with any open one
belong to none.
"""

# ruff: noqa: E501 (a pattern is read as one piece)
from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from classifier.answers import asides
from classifier.nearness import near
from classifier.text.patterns.late import late
from classifier.text.words import words_of

ALIKE = 0.2
"""Cosine over character pairs; one specific word that both have counts as much."""

SAME = 0.45
PER_WORD = 0.2
_COMMON = frozenset(
    [
        "您好",
        "你好",
        "请问",
        "问题",
        "情况",
        "处理",
        "解决",
        "尽快",
        "麻烦",
        "希望",
        "反映",
        "投诉",
        "政府",
        "部门",
        "领导",
        "工作",
        "人员",
        "工作人员",
        "市民",
        "居民",
        "小区",
        "附近",
        "门口",
        "晚上",
        "白天",
        "早上",
        "今天",
        "昨天",
        "现在",
        "已经",
        "一直",
        "没有",
        "非常",
        "影响",
        "生活",
        "出行",
        "安全",
        "严重",
        "有关",
        "相关",
        "谢谢",
        "感谢",
        "我们",
        "你们",
        "他们",
        "这个",
        "那个",
        "什么",
        "怎么",
        "为什么",
        "可以",
        "不能",
        "需要",
        "要求",
        "时间",
        "地方",
        "电话",
        "联系",
        "热线",
        "公司",
        "物业",
        "城管",
        "无人",
        "没人",
        "不管",
        "管理",
        "整治",
        "派人",
        "过来",
        "看看",
        "一下",
        "一个",
        "多次",
        "长期",
        "时候",
        "路口",
        "大道",
        "街道",
        "东侧",
        "西侧",
        "南侧",
        "北侧",
        "旁边",
        "对面",
        "please",
        "the",
        "and",
    ]
)
_BACK = late(
    r"补充|刚才|刚刚发|上次|上回|之前|前面|那[个盏件张次棵根]|这件事|这事|此事|这个(?:事|问题|情况)|还是|仍|依旧|依然|又(?:坏|灭|堵|漏|停)|还没|怎么还|到现在|至今|配件|师傅|答复|回复了|催|进度|结果|没人来|没来|联系(?:我|过)|地址(?:是|在)|位置(?:是|在)|具体|"
    r"^(?:就)?在|我家在|门牌|更正|说错|写错|不是.{1,12}是|谢谢|\b(?:it|that|still|again|the one)\b"
)
_WHERE = late(
    r"[^\W\d_的和与在是，]{1,4}(?:大道|小区|社区|街道|家园|花园|广场|家属院|公寓|新村|苑|[街巷镇乡村县区市庄]|路(?![灯面障肩牌沿])(?!上))|(?:\d+|[一二三四五六七八九十]+)(?:号楼|号院|单元|栋|幢|号|楼|室)"
)
"""Where a thing is: many matters lie on one road."""
_TROUBLE = late(
    r"困[了住]?人|被困|着火|起火|火灾|触电|跳楼|轻生|泄漏|爆炸|救命|坏|堵|漏|停[水电气暖]|停了|停运|[没缺]有?[水电气网]|没暖气|不[亮热通]|灭了|噪[音声]|吵|扰民|臭|异味|脏|乱[停倒收摆搭建扔]|占[道用了]|拖欠|欠(?:薪|我|钱|了)|不[给退发赔办批]|举报|违[建法规章]|丢[了失]|被[盗偷骗打咬]|破[损了]|塌|裂|下沉|坑|断[了裂]|倒[了伏]|"
    r"(?:盖|灯|牌|杆|栏|门|树|锁|罩|板|箱|椅|网)子?(?:[又都也全]|被人)?(?:没了|没有了|不见|掉[了下]|拆了|砸|缺)|"
    r"垃圾|油烟|污[水染]|积水|[外冒]溢|飞线|流浪|骗|收费|涨价|老鼠|蟑螂|危险|隐患|偷|拒|施工|挖|缺[少了]|少了|没有(?:路灯|公交|红绿灯|人行道|电梯)|想(?:办|查|问)|怎么办|求助|诈骗|虚假|食品|过期|变质|发霉|"
    r"\b(?:broken|leak\w*|block\w*|nois\w*|smell\w*|garbage|rubbish|no (?:water|power|heating)|pothole|flood\w*|illegal\w*|stolen|dangerous|dark|out of order)\b"
)
_TOPICS = {
    "water": r"[停没来供缺断]了?水|有水|水(?:压|泵|还|又|也|黄|浑)|自来水|水管|漏水",
    "power": r"[停没来供断]了?电|电(?:压|还|又)|跳闸",
    "gas": r"燃气|天然气|[停没]气",
    "heat": r"暖气|供暖|供热|不热",
    "light": r"[路街]灯|灯[杆柱]|灯(?:不|还|又|灭|坏|亮)|不亮|黑灯|\b(?:street ?)?(?:light|lamp)s?\b",
    "drain": r"下水道|排水|污水|管道堵|窨井|井[在往]?外?冒",
    "lift": r"电梯|\b(?:lift|elevator)\b",
    "parking": r"停车|占道|车位|僵尸车",
    "rubbish": r"垃圾|保洁|清运",
    "noise": r"噪[音声]|吵|扰民|施工到|夜间施工",
    "fumes": r"油烟|烧烤",
    "wages": r"工资|欠薪|工钱",
    "net": r"网络|宽带|信号差",
}
"""The one-sign nouns of everyday matters, which are no words of their own to a segmenter."""
_COUNTS = late(r"[\d一二三四五六七八九十两几半]")
LEAST_MATTER = 5
"""Fewer characters tell no matter, whatever word of trouble is among them."""


def tells_a_matter(words: str) -> bool:
    """It says what is wrong somewhere, or asks for something: it can stand alone as a request."""
    return (len(words) >= LEAST_MATTER or (len(words) == LEAST_MATTER - 1 and bool(_topics(words)))) and (
        _TROUBLE.search(words) is not None or asides.kind_of(words) in ("matter", "another")
    )


def says_where(words: str) -> bool:
    """It names a street, a village, an estate: what people write who tell a matter from its beginning."""
    return any(not found[0][0].isdigit() for found in _WHERE.finditer(words))


_ANNOUNCES = late(
    r"(?:你好|您好|请问|喂)?[,，。!！\s]*(?:我|这里|我这|我们)?(?:还)?(?:有|想|要|需要)?(?:一?[件个]|点)?(?:要|想)?(?:事儿?|问题|情况|诉求)?(?:要|想)?(?:反映|投诉|举报|咨询|求助|建议|问|说)(?:一?[下件个]|点|点儿)?(?:的)?(?:事儿?|事情|问题|情况|诉求)?[吗。.!！?？\s]*"
    r"|\bhelp\b[.!?]*|i (?:want|would like|need) to (?:report|complain|ask)(?: something| a problem)?[.!?]*"
)


def only_announces(words: str) -> bool:
    """It says that there is something to tell, and tells nothing."""
    return _ANNOUNCES.fullmatch(words) is not None


_WEAK = late(
    r"危险|隐患|不安全|怎么办|没有?人(?:管|来|问)|投诉|举报|求助|严重|影响|摔(?:倒|伤|跤)|不(?:给|退|发|办)|拒|脏|吵|臭|危害|扰民|噪[音声]"
)
"""Complaint without a thing: it needs what was said before."""


def leans_on_what_came_before(words: str) -> bool:
    """It names no place and no thing that is wrong, and begins nothing: sent right after other words, it goes on with them."""
    if says_where(words) or asides.kind_of(words) in ("another", "matter", "question", "progress", "names_a_ticket"):
        return False
    return _TROUBLE.search(_WEAK.sub(" ", words)) is None and not _topics(words)


def belongs_to(words: str, matters: Sequence[str], places: Collection[str] = ()) -> int | None:
    """The index of the matter that a text (plain, small letters) speaks of; None when it is a matter of its own.

    matters: the words of the open ones, the newest first. places: names of whole areas, which any two matters may share.
    """
    if not matters:
        return None
    best, score = most_alike(words, matters, places)
    if tells_a_matter(words) and not _BACK.search(words) and _is_elsewhere(words, matters):
        return None
    kind = asides.kind_of(words)
    its_own = tells_a_matter(words) and not _BACK.search(words)
    if its_own and (_is_other_trouble(words, matters[best]) or _is_elsewhere(words, [matters[best]])):
        return None
    if score >= SAME or (score >= ALIKE and kind != "another"):
        return best
    if kind == "another" or (kind == "question" and re.search(r"请问|想问|咨询", words)):
        return None
    if not tells_a_matter(words) or (_BACK.search(words) and not asides.names_a_place(words)):
        return best if score > 0 else 0
    return None


def _is_elsewhere(words: str, matters: Sequence[str]) -> bool:
    """It names a place, and no open matter names it: the same trouble in another street is another matter."""
    named = [found[0] for found in _WHERE.finditer(words) if not found[0][0].isdigit()]
    return bool(named) and not any(name[-3:] in matter for name in named for matter in matters)


def _topics(words: str) -> set[str]:
    return {topic for topic, pattern in _TOPICS.items() if re.search(pattern, words)}


def _is_other_trouble(words: str, matter: str) -> bool:
    """Both say plainly what is wrong, and it is not the same: one house may lack heat and have a broken lift."""
    mine, its = _topics(words), _topics(matter)
    return bool(mine and its) and not mine & its


def most_alike(words: str, matters: Sequence[str], places: Collection[str] = ()) -> tuple[int, float]:
    """(which, how much): cosine, and what specific words both have; 1.0 and more is the same message."""
    mine = _specific(words, places)
    scores = [0.0] * len(matters)
    for index, cosine, _shared in near(
        _WHERE.sub(" ", words), [_WHERE.sub(" ", matter) for matter in matters], len(matters), 2.0
    ):
        scores[index] = cosine
    for index, matter in enumerate(matters):
        scores[index] += PER_WORD * len(mine & _specific(matter, places))
    best = max(range(len(matters)), key=lambda index: (scores[index], -index))
    return best, scores[best]


def _specific(words: str, places: Collection[str]) -> set[str]:
    """Words of two signs and more that tell one matter from another."""
    found = {word for word in words_of(_WHERE.sub(" ", words)) if len(word) > 1 and not _COUNTS.search(word)}
    found |= _topics(words)
    return found - _COMMON - set(places)
