"""Who must not be known: asked outright, or meant by what is feared, what would tell, and whom it would tell of."""

# ruff: noqa: E501 (a pattern is read as one piece)
from __future__ import annotations

import re

from classifier.said.reader import said as read
from classifier.text import cues
from classifier.text.normalise import plain
from classifier.text.patterns.late import late
from classifier.text.words import normalise
from hotline.city.schema import City
from hotline.quality.checks.record import Fault, Record

_SECRET = late(
    "保个?密|匿名|[不别](?:要|想|愿意?|能|敢|便|方便|希望|可)?[^,。;!?]{0,6}(?:透露|暴露|泄露|留名|实名|署名|具名|公开(?:我|本人|自己|姓名|身份))|"
    "(?:名字|姓名|身份|信息|电话|号码|情况)[^,。;!?]{0,4}(?:别|不要|莫|不能|不得|不许)[^,。;!?]{0,6}(?:告诉|给|说|转|报|透|传|提)|"
    "[不别]要?把?我的?(?:信息|名字|姓名|电话|身份|情况)[^,。;!?]{0,6}(?:告诉|给|说|转|报|透)|"
    "(?:名[字儿]?|姓名?)[^,。;!?]{0,3}不[留说]|不留(?:姓?名|姓)|[不别]要?说是我|[不别莫]要?[^,。;!?]{0,4}(?:外传|外泄|扩散)|"
    "(?:免遭|不[被受]|防止|避免|遭|[会将恐])[^,。;!?]{0,4}打击报复|(?:怕|担心|害怕|省得|免得|以免|生怕|唯恐)[^,。;!?]{0,8}(?:报复|小鞋|找[^,。;!?]{0,3}麻烦|后账|算账|记恨|开除|为难)"
)
_WHO = "(?:是?[我俺谁]|本人|(?:[他她]|其(?![间中实他它余商产]))(?!们)|来电人?|举报人|反映人|[来致]电号码|号码|姓名|名[字儿]|身份|信息|邻居|职工|员工)"
_KNOWS = "(?:知道|知晓|知情|获知|得知|晓得|听说|发现|认出|查到|查出|打听|传到|找上门)"
_TELLS = "(?:说|讲|写|提|透|泄|露|告诉|公布|公开|带出|捅|传|抖|报)"
_PLEASE_NOT = "(?:(?<![个特级类性区判])别(?![人的处墅])|[莫勿甭]|[不免]要|不[想愿能得敢]|不希望|不对外|[无休]得|千万)"
_FEARS = "(?:怕|担心|害怕|生怕|唯恐|省得|免得|以免|绝不)"
_IF = "(?:万一|一旦|要是|若是?|如果)"
_UNSAID = tuple(
    late(told.format(WHO=_WHO, KNOWS=_KNOWS, TELLS=_TELLS, NOT=_PLEASE_NOT, FEARS=_FEARS, IF=_IF))
    for told in (
        "{NOT}[^,。;!?]{{0,8}}{KNOWS}[^,。;!?]{{0,8}}(?:{WHO}|耳朵|那里|$)|{NOT}[^,。;!?]{{0,3}}[让叫使给][^,。;!?]{{0,8}}{KNOWS}",
        "{NOT}[^,。;!?]{{0,8}}{TELLS}[^,。;!?]{{0,6}}{WHO}|{NOT}[^,。;!?]{{0,2}}[把将]{WHO}[^,。;!?]{{0,4}}{TELLS}",
        "{FEARS}[^,。;!?]{{0,8}}{KNOWS}(?![没无违]|问题|被罚)|{IF}[^,。;!?]{{0,8}}{KNOWS}了?[^,。;!?]{{0,5}}(?:{WHO}|(?=[,。;!?]|$))|(?:{FEARS}|{IF})[^,。;!?]{{0,6}}(?:走漏|传开|传出|暴露)",
        "(?:{KNOWS}|走漏|暴露|传[^,。;!?]{{0,2}})(?<!打听)[^。;!?]{{0,14}}(?:(?<!都)就?没了|没法[^,。;!?]{{0,6}}了|丢了?|保不住|[干上摆]不成|别想)",
        "(?:隐[去藏匿]|屏蔽|抹[去掉])[^,。;!?]{{0,6}}(?:{WHO}|电话)|对[^,。;!?]{{0,3}}(?:{WHO})[^,。;!?]{{0,4}}(?:屏蔽|隐)|{WHO}[^,。;!?]{{0,4}}(?:隐[去藏匿]|屏蔽)",
        "{KNOWS}[^,。;!?向跟给找对和同]{{0,4}}谁[^,。;!?]{{0,4}}(?:说|捅|反映|举报|投诉|告|打的)|[不别莫](?:要|能|可)?(?:跟|和|向|对|给|同|告诉)[^,。;!?]{{0,8}}(?:谁|是我)",
    )
)
"""A plea or a fear, what would tell, and whom, in one clause."""

_SELF = "(?:我(?!们(?:小区|村|楼|公司|业主))|俺|咱|谁|本人|自己|孩子|娃|名字?|姓[名什]|身份|来源|出处|线索|内部|员工|职工|工人|街坊|邻[居里]|熟人|来电[人者]|举报[人者]|反映[人者]|号码)"
_OUT = (
    "(?:知道|知晓|晓得|知情|得知|对上号?|对号|寻[着到]|找[着到上]|查[到出]|认出|猜[出到着]|听出|看出|捅|抖|透露|走漏|泄[露漏]|外?传(?![销统真说染])|说[出漏]|讲出|暴露|扯[进出]|牵[出连扯]|供出|点[名出]|[报爆]的?料|"
    "[反举][映报]的|[讲说打告捅]的|露[脸面馅])"
)
_BEWARE = "(?:(?<![个特级类性分区判鉴送告离])别(?![人的处墅扭说是])|别说|[莫甭勿](?!名)|[不休]要|不[想能敢愿让]|千万|求[求您你]|免得|省得|万一|要是|若|一旦|[怕恐]|担心|当心|小心)"
_HARM = "(?:报复|记[恨仇]|[辞开清]退|开除|[撵炒赶轰踢][了走出掉]|砸[了我门玻车]|小鞋|饭碗|混不|[过待干活呆]不[下成了]|翻脸|[整搞弄治]我|收拾|打击|针对|为难|不好过|结[仇怨梁])"
_COVER = "(?:护着|兜着|罩着|捂着|替我?[瞒遮捂兜]|帮我?[瞒遮捂兜]|藏着|心里有数|你知我知|烂在肚|打[个]?掩护|保护(?:好|一下)?(?:举报|反映|来电|当事)|保护[好下]?我(?=[,。;!?点些]|$|的(?:隐私|身份|信息)))"
_MEANT = tuple(
    late(way.format(SELF=_SELF, OUT=_OUT, BEWARE=_BEWARE, HARM=_HARM, COVER=_COVER))
    for way in (
        "{BEWARE}[^,。;!?]{{0,12}}{SELF}[^,。;!?]{{0,8}}{OUT}|{BEWARE}[^,。;!?]{{0,12}}{OUT}[^,。;!?]{{0,6}}{SELF}|{BEWARE}让[^,。;!?]{{0,10}}{OUT}|{BEWARE}[^,。;!?]{{0,4}}(?:牵[扯连]|扯[上进到]|连累)",
        "(?:我|俺|咱|您|你们?)[^,。;!?]{{0,6}}{COVER}|{COVER}[^,。;!?]{{0,3}}(?:我|俺|点|些)|[讲说打]的[^,。;!?]{{0,4}}{COVER}",
        "(?:举报|反映|投诉|说|讲|捅|传|抖)(?:出去|出来|过|了)?(?:的人|的工人|的员工|的那[个位])?[^。;!?]{{0,10}}(?:就|都|让|叫|被|给|会|要)[^,。;!?]{{0,6}}{HARM}",
        "(?:知道|晓得|查[到出]|传到)[^。;!?]{{0,10}}(?:会|要|就|得|肯定)[^,。;!?]{{0,4}}{HARM}|不想[让被]?[^,。;!?]{{0,4}}{HARM}",
        "名[字儿]?(?:就)?(?:不留|免|不[说报提讲])|(?:姓[什啥]|叫[什啥])么?(?:就)?(?:别问|不[说讲])",
    )
)
"""A warning, what would come out, and of whom; a plea for cover; or what happens to those who tell."""

_INSIDER = late(
    "(?:我|俺|本人)(?:就|也|曾|以前|原来|原先|现在)?(?:是|在)[^,。;!?]{0,6}(?:里[头面边]|内部|[厂店矿站队院所]里|公司|单位|这[儿里])[^,。;!?]{0,3}(?:的?(?:工人|员工|职工|会计|出纳|司机|保安|技术员|干部|临时工)|干活|做工|上班|打工|管[^,。;!?]{1,4}的)"
)
"""Who works there and reports it."""

_IDENTITY = "(?:身份|姓名|名字|信息|号码|来电|来源|举报|反映人|本人|[我俺])"
_NOT_SECRET = late(
    "(?:不用|不需要|无需|不必|不要求)(?:保密|匿名)|(?:能|可以|会)?保密吗|是否保密|"
    "可以(?:公开|实名)|保密(?:局|协议|单位|柜|工作)|"
    f"(?:^|(?<=[,。;!?\n]))(?:(?!{_IDENTITY})[^,。;!?\n])*不(?:得|允许|准|许)[^,。;!?\n]{{0,6}}(?:透露|泄露|外传|公开)(?![^,。;!?\n]{{0,10}}{_IDENTITY})"
)
_SURELY, _SHORT = 0.45, 40
"""Of sentences left out in turn four of five are found from here on, and one of four hundred of public letters."""

_OPENLY = frozenset({"举报人", "实名举报", "检举"})
"""Who says so may well want to be known."""


def secrecy_missed(city: City, record: Record) -> Fault | None:
    if record.sealed:
        return None
    said = plain(record.body)
    found = (
        _asked_for(_NOT_SECRET.sub(" ", said)) or _from_inside(said, record.request_type) or _meant_by_a_sentence(said)
    )
    return Fault("body", found) if found else None


def _asked_for(said: str) -> str:
    return next((one[0] for pattern in (_SECRET, *_UNSAID, *_MEANT) if (one := pattern.search(said))), "")


def _from_inside(said: str, request_type: str) -> str:
    """Words of an informant; who reports the own workplace is one."""
    if request_type == "report" and (found := _INSIDER.search(said)):
        return found[0]
    told = [word for one in cues.safety(normalise(said)) if one.code == "informant" for word in one.words]
    return next((word for word in told if word not in _OPENLY), "")


def _meant_by_a_sentence(said: str) -> str:
    """What no list holds, by a model that has read how people ask for it."""
    sentences = [
        one for one in re.split("[。;!?\n]", said) if 0 < len(one.strip()) <= _SHORT and not _NOT_SECRET.search(one)
    ]
    return next((one for one, p in zip(sentences, read("secret", sentences), strict=True) if p >= _SURELY), "")
