"""Names of people in a plain text: after the words that announce one, before a title, beside a number, under a letter.

Two measures: right after "I am called" nearly anything is believed; elsewhere a name needs a family name, a sign that it
ends, and must be no ordinary word.
"""

# ruff: noqa: E501 (a pattern is read as one piece)
from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from classifier.text.masking.found import TextFinding
from classifier.text.masking.names.listed import listed_names
from classifier.text.masking.names.mailboxes import in_mailboxes
from classifier.text.masking.names.nicknames import nicknames
from classifier.text.masking.names.person_or_word import begins_a_phrase, means_person
from classifier.text.masking.names.positions import in_a_persons_place
from classifier.text.masking.names.posts import behind_posts
from classifier.text.masking.names.related import behind_a_role
from classifier.text.masking.names.roles import KIN, OTHERS
from classifier.text.masking.names.surnames import (
    ANY_NAME,
    COMMON,
    COMPOUND,
    FOREIGN,
    FOREIGN_SIGNS,
    GIVEN,
    HAN,
    NAME,
    RARE,
    SPACED,
    not_names,
)
from classifier.text.masking.names.told import CALLS_SELF, told_names
from classifier.text.masking.names.unannounced import unannounced
from classifier.text.patterns.late import late
from classifier.text.words import dictionary_kind

_DOTTED = late(rf"[{FOREIGN_SIGNS}则]{{2,7}}[·•・‧∙⋅][{FOREIGN_SIGNS}]{{2,8}}")
_DOTS = late("[·•・‧∙⋅]")
_OF_OTHER_PEOPLES = late(
    rf"(?:^|[\s,;。!?:、(\"“]|投诉|举报|反映|找|被|和|跟|与|对|向|是)(?P<value>[{FOREIGN_SIGNS}]{{1,6}}(?:尔|买提|古丽|[木汗曼孜罕]|别克|才让|卓玛|扎西|多吉|杰布|央宗|拉姆|[呷嫫且])|扎西|卓玛|格桑|央金|次仁|多吉|巴图|买买提|朝鲁)(?=[和与及、]|的(?:店|车|货车|房|摊|家|孩子|妈|爸|父|母|老|手机|电话|工资)|说|告诉|反映|来电|被|欠|打[人我了]|骂|骗|在(?!内))"
)
_LATIN = r"[A-Z][A-Za-zÀ-ɏ'’\-]{0,20}\.?(?: [A-Z][A-Za-zÀ-ɏ'’\-]{0,20}\.?){0,3}"
_STOP = r"[\s,;。、!?:()\[\]\"“”'<>《》/|\-—0-9+]"
_VERBS = (
    "反映|来电|致电|投诉|举报|咨询|求助|电话|手机|联系|身份|家住|住址|住|男|女|现|是|在|于|的|来自|今年|今天|系|因|向|患|与|和|及|跟|年龄|性别|微信|号码|邮箱|车牌|诉求|建议|称|表示|核实|沟通|确认|说|告知|本人|被|已|等|取得|进行|同志|"
    "先生|女士|老师|医生|师傅|体罚|打|骂|殴打|收|拿|欠|拖欠|骗|负责|所述|户|家|名下|想|要|来|去|去世|受伤|住院|手术|摔|参加|毕业|工作|退休|办理|申请|没|有|可|须|需|携带|前往|也|都|从|对|提出|认为|满意|不满"
)
_AFTER = rf"(?={_STOP}|$|{_VERBS})"
_SHORT_AFTER = rf"(?={_STOP}|$|(?<!拖)欠|拖欠|才|竟|居然|签字|签名|签收|不|没|留言|发帖|摔|晕|病|死|跑|骗|收|拿|失踪|走失|骑|开|把|说|打伤|跟|从|对|向|擅自|私自|在家|上|就|已|也|经常|天天|长期|反映|来电|致电|投诉|举报|咨询|求助|电话|手机|联系|身份|家住|住|今年|称|表示|核实|沟通|确认|告知|先生|女士|老师|医生|体罚|打|骂|殴打|所述|系|患|因|被|在|于|是|的|取得|进行|去世|受伤|户|和|与|可|须|需|携带|前往)"
_HALF_FOREIGN = late(
    rf"(?P<value>[{FOREIGN_SIGNS}则]{{2,7}}[·•・‧∙⋅][{HAN}]{{2,6}}?)(?!花园|小区|广场|城|苑|府|湾|里|店|院|家园){_AFTER}"
)
_IS = r"(?:的?姓名|的?名字)?(?:那?一栏里?)?(?:[填写]的)?(?:是|为|叫|:| |\n){0,3}"
_PARTY = "联系|联络|投诉|举报|反映|来电|申请|当事|受害|被害|被举报|被投诉|被反映|法定代表|报案|诉求|信访|求助|咨询|报修|上访|监护|委托|收件|收货|寄件|借款|承租|出租|发帖|留言|登记|报告|检举|控告|署名|落款|签字|签收|经手|承包|见证|介绍|证明|保证|担保|付款|收款|汇款|驾驶|爆料|发件|领取|代办|代领|陪同|看护|赡养|抚养|继承|租房|购房|买受|转让|受让|抵押|出借|嫌疑|责任|肇事|被保险|参保|持卡|申诉|来访|来信"
_PARTIES = (
    "|".join(f"{one}人" for one in _PARTY.split("|"))
    + "|法人代表|法人|患者|死者|伤者|病人|房主|车主|负责人|经办人|承办人|责任人"
)
_SELF = "我叫|我名叫|本人叫|俺叫|名叫|姓名|名字(?:是|叫|为|:)|署名|签[名字][: \n]|户主|真名|本名|大名"
_FAMILIAR = "哥|姐|总|叔|姨|婶|嫂|大爷|大妈|大姐|大哥|师傅|老师|老板|经理|医生|律师|会计|女士|先生|某"
"""How one speaks of somebody by the family name; the whole name may follow."""
_WHOLE = rf"[{COMMON}]{GIVEN}[{HAN}](?<![的了吗呢吧啊说])(?=[,。;:!?\s()]|$)"
_FOREIGN_END = rf"{FOREIGN}(?={_STOP}|$|{_VERBS})"
_CALLED = late(
    rf"(?:{_SELF}){_IS}(?P<value>{SPACED}|{_FOREIGN_END}|{_WHOLE}|{ANY_NAME}{_AFTER})|(?:{_PARTIES})(?:的?(?:姓名|名字))?(?:那?一栏里?)?(?:[填写]的)?[是为叫: \n]{{1,3}}(?P<told>{SPACED}|{_FOREIGN_END}|{ANY_NAME}{_AFTER})"
    rf"|(?:{_PARTIES})(?P<bare>(?!特别|也|都|多次){FOREIGN}|{NAME}|[{HAN}]{{2,6}}·[{HAN}]{{2,6}}){_SHORT_AFTER}"
)
_OWN = late(
    rf"(?:我叫|我名叫|本人叫|俺叫|本人姓名|署名|(?:举报|投诉|反映|来电|申请|诉求|信访|求助|咨询|报案|检举|控告)人){_IS}(?P<value>{SPACED}|{_FOREIGN_END}|{_WHOLE}|{ANY_NAME}{_AFTER})"
)
_SAID_SO = late(
    rf"(?:我叫|我名叫|本人叫|名叫|俺叫|姓名:?|名字叫)[: ]?(?P<value>[{COMMON}]{GIVEN}(?:(?![楼小家住反投举路门单区街村店院工公房车饭学电停水路物物噪上下前后里外今昨明最近由关]){GIVEN})?)(?=[{HAN}])"
)
_KIN_CALLED = late(
    rf"(?:{KIN}|{OTHERS})(?:的?(?:名字|姓名))?(?:(?:叫做?|名叫|:)(?P<value>{_WHOLE}|{ANY_NAME}{_AFTER}|{FOREIGN}(?={_STOP}|$))|是(?P<is>{NAME}){_SHORT_AFTER})|[他她]名?叫(?P<they>{_WHOLE})"
)
_KIN_NAMED = late(
    rf"(?:{OTHERS}|{KIN}) ?(?:(?P<value>{NAME}){_SHORT_AFTER}|(?P<far>(?!特别|也|都|多次)[{FOREIGN_SIGNS}]{{1,6}}(?:尔|买提|江|古丽|[木汗曼孜罕]|别克|才让|卓玛|扎西|多吉)){_SHORT_AFTER})"
    rf"|(?:[老小][{COMMON}]|[{COMMON}](?:{_FAMILIAR}))\((?:真名|全名|大名)?(?:叫|是|:)?(?P<real>{NAME})\)"
    rf"|(?P<family>[{COMMON}])(?:{_FAMILIAR})[,:]?(?:名?叫|是)?(?P<again>(?P=family){GIVEN}{{1,2}}){_AFTER}"
    rf"|姓(?:{COMPOUND}|[{COMMON}{RARE}])的?,?(?:名?叫|是) ?(?P<full>(?!什么|啥){ANY_NAME}|(?!什么|啥){GIVEN}{{1,2}}(?={_STOP})){_AFTER}"
)
_I_AM = late(
    rf"(?:我是|本人是?|我系|俺是)[: ]?(?P<value>{SPACED}|{NAME}|{FOREIGN})(?=[,。;!?\s:(]|$)|本人[: ]?(?P<self>{NAME}|{FOREIGN})(?=身份|电话|系|家住|住|反映|投诉|举报)"
)
_TITLE_GOOD = "先生|女士|小姐|同志|太太|夫妇"
_TITLE = "老师|医生|大夫|护士|律师|师傅|教练|警官|法官|校长|经理|老板|店长|会计|工程师|教授|阿姨|大爷|大妈|大叔|叔叔|大哥|大姐|班主任|主任|队长|组长|园长|院长|厂长"
_TITLES = late(f"{_TITLE_GOOD}|{_TITLE}")
_GOOD = frozenset(_TITLE_GOOD.split("|"))
_BEFORE_TITLE = late(rf"(?:(?:{COMPOUND}){GIVEN}{{1,2}}|[{COMMON}]{GIVEN}{{1,2}})$")
_LEADING = late(
    rf"(?:^|\n)[ \"“]*(?P<value>{NAME})(?=(?:反映|来电|投诉|举报|咨询|求助)|[ ,:]{{1,3}}(?:反映|来电|投诉|举报|咨询|求助|我|本人|电话|手机|身份证|住|家住|男|女))"
)
_IN_A_FORM = late(
    rf"(?:^|[\n。;!?(])[ \"“]*(?![{HAN}]{{0,3}}[我叫是系名])(?P<value>[{HAN}]{{2,4}}(?<![人者民主工长师生员友户客子童婴众儿士吏某]))[ ,、]{{1,2}}(?:男|女)[ ,、]{{1,2}}(?=\d{{1,3}}岁|[{HAN}]族|(?:19|20)?\d\d年|\d{{6}}|系|住|家住|现住)"
)
"""How a register begins a person: name, sex, age."""
_CLOSING = late(rf"[。!?~][\s]*(?P<value>{NAME})[\s。!]*$")
_SIGNED = late(
    rf"(?:敬礼|谢谢|感谢|落款|署名|敬上|顿首|拜托|[举投反申报][报诉映请案]人|市民|村民|业主|居民|——|--|(?:^|[\n。])[ ]?[—\-])[!。,:\s~]*(?P<value>(?!是){ANY_NAME})(?=[\s。!]*(?:敬上|上|拜上|\d{{4}}[年.\-/]\d{{1,2}}(?:[月.\-/]\d{{1,2}}日?|月)|\d{{1,2}}月\d{{1,2}}日)?[\s。!]*$)"
    rf"|\n[ \t]*(?P<line>{NAME})(?=[\s。!]*(?:\d{{4}}[年.\-/]\d{{1,2}}(?:[月.\-/]\d{{1,2}}日?|月))?\s*$)"
)
_BESIDE_LEFT = late(
    rf"(?:(?<![{HAN}])|(?<=联系)|(?<=找)|(?<=是)|(?<=叫))(?P<value>{NAME})[ ,:;(\n]{{0,2}}(?:(?:的?(?:电话|手机号?|联系电话|联系方式|身份证号?码?|车牌号?))[:是为 ]{{0,2}})?[(]?$"
)
_BESIDE_RIGHT = late(rf"[ ,;:(]{{0,2}}找?(?P<value>{NAME})(?![{HAN}])")
_LATIN_LEFT = late(r"(?<![A-Za-z])(?P<value>[A-Z][a-z'’\-]{1,20} [A-Z][a-z'’\-]{1,20})[ ,:;(]{0,2}(?:\+?86)?[ ]?$")
_ENGLISH = late(
    rf"(?:联系人|姓名(?:的?拼音|的?英文)?|[拼英][音文]名?|投诉人|举报人|反映人|我叫|我是|本人|[Nn]ame(?: is|:)?|[Cc]ontact(?: person)?:?|[Cc]alled|Mr\.?|Ms\.?|Mrs\.?|Miss|Dr\.?|[Ss]igned:?|[Ss]incerely,?|[Rr]egards,?)(?:是|为|:| |\n){{0,3}}(?P<value>{_LATIN})"
    rf"|(?:\bI am|\bI'm|\bI’m|[Tt]his is|[Cc]all me|[Mm]y name's) (?P<two>[A-Z][a-z'’\-]{{1,20}} [A-Z][a-z'’\-]{{1,20}}(?: [A-Z][a-z'’\-]{{1,20}})?)"
    r"|(?<![A-Za-z])(?P<titled>[A-Z][a-z'’\-]{1,20}(?: [A-Z][a-z'’\-]{1,20})?)(?= ?(?:老师|先生|女士|小姐|太太|教练|医生|同学))"
    r"|(?:^|(?<=[\n.!?] )|(?<=[。!?,\n]))(?P<subject>[A-Z][a-z'’\-]{1,20} [A-Z][a-z'’\-]{1,20})(?= (?:reported|reports|said|says|complained|complains|called|wants|wanted|asked|asks|lives|works|told|wrote)\b)"
    r"|[Mm]y name is (?P<low>(?!on\b|in\b|not\b|the\b|a\b|missing\b|wrong\b|spel|also\b|still\b|no\b|at\b|written\b|there\b)[A-Za-z][a-z'’\-]{1,20}(?: (?!and\b|from\b|i\b|in\b|my\b)[A-Za-z][a-z'’\-]{1,20}){0,2})(?![A-Za-z'’\-])"
)
_PINYIN = (
    "(?:[Ww]ang|[Ll]i|[Zz]hang|[Ll]iu|[Cc]hen|[Yy]ang|[Hh]uang|[Zz]hao|[Ww]u|[Zz]hou|[Xx]u|[Ss]un|[Mm]a|[Zz]hu|[Hh]u|[Gg]uo|[Hh]e|[Ll]in|[Gg]ao|[Ll]uo|[Zz]heng|[Ll]iang|[Xx]ie|[Ss]ong|[Tt]ang|[Dd]eng|[Hh]an|[Ff]eng|[Cc]ao|[Pp]eng|[Zz]eng|"
    "[Xx]iao|[Tt]ian|[Dd]ong|[Pp]an|[Yy]uan|[Cc]ai|[Jj]iang|[Yy]u|[Dd]u|[Yy]e|[Cc]heng|[Ww]ei|[Ss]u|[Ll]v|[Ll]u|[Dd]ing|[Rr]en|[Ss]hen|[Yy]ao|[Cc]ui|[Zz]hong|[Tt]an|[Ff]an|[Ll]iao|[Ss]hi|[Jj]in|[Jj]ia|[Xx]ia|[Ff]u|[Ff]ang|[Zz]ou|[Xx]iong|"
    "[Bb]ai|[Mm]eng|[Qq]in|[Qq]iu|[Hh]ou|[Ll]ong|[Ll]ei|[Qq]ian|[Yy]in|[Kk]ong|[Ss]hao|[Gg]ong|[Dd]uan|[Hh]ao|[Mm]ao|[Gg]u|[Ww]an|[Ll]ai|[Qq]i|[Nn]iu|[Pp]ei|[Aa]n|[Cc]hang|[Ss]hang|[Ss]hi|[Oo]uyang|[Zz]huge|[Ss]ima)"
)
_PINYIN_NAME = rf"{_PINYIN} ?[A-Za-z][a-z]{{1,6}}(?:[ '’\-]?[a-z]{{2,6}})?(?![A-Za-z])"
_LATIN_AFTER = late(
    rf"(?:{_SELF}|{_PARTIES}|{KIN}|{OTHERS}|签[名字]:?|姓名|联系人|我叫|我是|本人|外教|教练|医生|顾问|名叫|真名)(?:名?叫做?|是|为|:| |\(){{0,3}}(?P<value>{_LATIN}(?: [a-z]{{2,12}}(?![A-Za-z ]))?|{_PINYIN_NAME})"
    rf"|\b(?:[Mm]y|[Oo]ur|[Tt]he) (?:boss|landlord|landlady|neighbou?r|husband|wife|son|daughter|mother|father|teacher|friend|doctor|driver|manager|employer|colleague|roommate|tenant|owner|name)(?: is| was| called| named|'s name is|,)? (?:called |named )?(?P<whose>{_LATIN}|{_PINYIN} [a-z]{{2,12}}(?![A-Za-z]))"
)
_CAPITALS = late("[A-Za-z]{2}")
_NOT_ENGLISH = late(
    r"(?:District|Road|Street|Avenue|Community|Village|City|County|Town|Park|School|Hospital|Hotline|Government|Station|Bus|Line|ID|QQ|VX|WX|APP|App|No|Tel|Phone|Wi-?Fi|Excel|Word|PPT|PDF|KTV|VIP|SVIP|ADHD|CET|IPTV|ETC|POS|ATM|ICU|Uber|WeChat|Android|iPhone|Windows|Garden|Avenue|Hall|Center|Centre|Platform|Tower)\b"
)
_CITIZEN = late(
    r"(?:举报|投诉|反映|来电|信访|诉求|求助|申请|来访|来信|上访|控告|检举|受害|当事|报案|咨询|留言)人|市民|网友|业主|居民|村民|患者|死者|伤者|住户|租户|家长|学生"
)
_CALLS_NO_NAME = frozenset(
    [
        "物业",
        "保安",
        "师傅",
        "出租",
        "滴滴",
        "快递",
        "外卖",
        "救护",
        "警察",
        "民警",
        "消防",
        "家长",
        "老师",
        "医生",
        "孩子",
        "工人",
        "施工",
        "安保",
        "门卫",
        "门岗",
        "同上",
    ]
)
_CUES = late(
    "[叫生夫授名字人者主亲妈爸公夫子婆爱儿女孩爷奶外姥岳哥弟姐妹孙侄甥舅叔姑姨伯媳对友居事学东师头板民户工员长众司律中债是本先士同太礼谢落署敬顿拜市业—\\-\n]|[Nn]ame|ontact|alled|M[rsi]|Dr|igned|ncerely|gards|I am|I'm|his is|all me|哥|姐|总|叔|姨|婶|嫂|某"
    f"|{CALLS_SELF}|姓"
)


def people(text: str, numbers: Iterable[TextFinding] = (), answer: bool = False) -> Iterator[TextFinding]:
    """Names, the surest first. numbers: what personal numbers were found, since a name stands beside its number.

    answer: an office wrote it; the names of its own people are public, only those of citizens are found.
    """
    said = list(_distinct(_all(text, list(numbers)) if not answer else _of_citizens(text)))
    said += () if answer else _named(listed_names(text, {found.value for found in said}))
    yield from said
    names = {found.value for found in said if len(found.value) > 1 and "\u4e00" <= found.value[0] <= "\u9fa5"}
    for name in sorted(names, key=lambda one: (-len(one), one)):
        for at in re.finditer(re.escape(name), text):
            if means_person(text, at.start(), at.end(), name):
                yield TextFinding("name", name, at.start(), at.end())


def own_names(text: str) -> list[str]:
    """The names by which the writer of a plain text calls themself, not those of others they write about."""
    found = [
        match[match.lastgroup or "value"]
        for pattern in (_OWN, _I_AM, _SIGNED, _LEADING)
        for match in pattern.finditer(text)
    ]
    return [name for name in dict.fromkeys(found) if _is_name(name, weak=True)]


_CONTACTED = late(
    rf"(?:与|和|同|向|跟|联系|告知|回复|致电|了|您好[,!]?|你好[,!]?|尊敬的)(?P<value>{NAME})(?:女士|先生|小姐)"
)


def _of_citizens(text: str) -> Iterator[TextFinding]:
    for found in _CONTACTED.finditer(text):
        if _is_name(found["value"], weak=True):
            yield _name(found, "value")
    for pattern in (_CALLED, _KIN_NAMED):
        for found in pattern.finditer(text):
            group = found.lastgroup or "value"
            if _CITIZEN.match(found[0]) and _is_name(found[group], weak=True):
                yield _name(found, group)


def _all(text: str, numbers: list[TextFinding]) -> Iterator[TextFinding]:
    if _DOTS.search(text):
        yield from (_name(found, 0) for found in _DOTTED.finditer(text))
    for found in (*_OF_OTHER_PEOPLES.finditer(text), *_HALF_FOREIGN.finditer(text)):
        if not dictionary_kind(found["value"]).startswith(("ns", "nz", "nt")):
            yield _name(found, "value")
    if _CUES.search(text):
        yield from _strong(text)
        yield from _weak(text)
    if _CAPITALS.search(text):
        yield from _english(text)
    for found in (*_LEADING.finditer(text), *_CLOSING.finditer(text)):
        if _is_name(found["value"], weak=True):
            yield _name(found, "value")
    yield from (_name(found, "value") for found in _IN_A_FORM.finditer(text))
    yield from _beside(text, numbers)
    for found in behind_posts(text):
        group = found.lastgroup or "value"
        if _is_name(found[group], weak=True):
            yield _name(found, group)
    for several in (unannounced, behind_a_role, nicknames, in_a_persons_place, in_mailboxes):
        yield from _named(several(text))


def _named(found: Iterable[tuple[str, int, int]]) -> Iterator[TextFinding]:
    return (TextFinding("name", name, start, end) for name, start, end in found)


def _strong(text: str) -> Iterator[TextFinding]:
    ended = set()
    for pattern in (_CALLED, _KIN_CALLED):
        for found in pattern.finditer(text):
            group = found.lastgroup or "value"
            if _is_name(found[group], weak=group == "bare"):
                ended.add(found.start(group))
                yield _name(found, group)
    for found in _SAID_SO.finditer(text):
        if found.start("value") not in ended and _is_name(found["value"], weak=False):
            yield _name(found, "value")
    yield from (_name(found, found.lastgroup or "field") for found in told_names(text))


def _weak(text: str) -> Iterator[TextFinding]:
    for pattern in (_I_AM, _KIN_NAMED, _SIGNED):
        for found in pattern.finditer(text):
            group = found.lastgroup or "value"
            if _is_name(found[group], weak=True) and not begins_a_phrase(text, found.start(group)):
                yield _name(found, group)
    for title in _TITLES.finditer(text):
        yield from _titled(text, title.start(), title[0] in _GOOD)


def _titled(text: str, end: int, sure: bool) -> Iterator[TextFinding]:
    """The name right before a title: of three signs or four wherever it begins, of two only after a word that may stand before a name."""
    for start in range(max(0, end - 4), end - 1):
        name, before = text[start:end], text[start - 1 : start] if start else ""
        if before + text[start : start + 1] in _ENDS_LIKE_A_SURNAME:
            continue
        free = not "\u4e00" <= before <= "\u9fa5" or before in _BEFORE_NAME
        if _OFFICER.search(text, max(0, start - 4), start):
            return
        known = _is_name(name, weak=True) or (sure and free and end - start == 2 and name not in _POSTS_OF_TWO)
        if (free or (sure and end - start > 2)) and _BEFORE_TITLE.match(name) and known:
            if not sure and end - start == 2 and ("\u4e00" <= before <= "\u9fa5" or not _TRUSTED.match(text, end)):
                continue
            yield TextFinding("name", name, start, end)
            return


_SAID_OF_POSTS = (
    "农民 农户 公安 党员 司机 房东 车主 房主 店主 商户 民警 城管 交警 狱警 辅警 施工 管理 解放 居民 市民 村民 业主 网友 经理 包工 班长 "
    "师父 古城 安全 单身 单位 各位 高中 年轻 中年 老年 黄牛 马路 和平 向导 应聘 国土 成年 金融 路政 路过 门市 全体 广大 有位 那位 这位"
)
_POSTS_OF_TWO = _CALLS_NO_NAME | frozenset(_SAID_OF_POSTS.split())
"""Trades that stand before 先生 and 同志, and are nobody's name."""
_TRUSTED = late("老师|医生|大夫|律师|护士|教授")
_OFFICER = late("(?:书记|[省市县区镇乡局厅部]长|主席|主任)$")
"""Who holds a public office is named in public."""
_ENDS_LIKE_A_SURNAME = frozenset(f"{sign}于" for sign in "关对由位至属等在鉴基终忙便善敢")
_BEFORE_NAME = "告知的任是与和跟向给由对找叫请让被把位名民主友人为"


def _english(text: str) -> Iterator[TextFinding]:
    for found in (*_ENGLISH.finditer(text), *_LATIN_AFTER.finditer(text)):
        group = found.lastgroup or "value"
        if not _NOT_ENGLISH.search(found[group]) and len(found[group]) > 1:
            yield _name(found, group)


def _beside(text: str, numbers: list[TextFinding]) -> Iterator[TextFinding]:
    for number in numbers:
        if number.kind not in ("phone", "id_number", "plate"):
            continue
        latin = _LATIN_LEFT.search(text, max(0, number.start - 30), number.start)
        if latin and not _NOT_ENGLISH.search(latin["value"]):
            yield _name(latin, "value")
        left = _BESIDE_LEFT.search(text, max(0, number.start - 20), number.start)
        for found in (left, _BESIDE_RIGHT.match(text, number.end)):
            if found and _is_name(found["value"], weak=True) and not found["value"].endswith(_ENDS_NO_NAME):
                yield _name(found, "value")


_ENDS_NO_NAME = (
    "村",
    "区",
    "县",
    "市",
    "镇",
    "乡",
    "路",
    "街",
    "店",
    "局",
    "所",
    "院",
    "校",
    "楼",
    "厂",
    "站",
    "部",
    "家",
    "庄",
    "委",
    "里",
    "号",
    "话",
    "机",
    "线",
)


def _is_name(name: str, weak: bool) -> bool:
    if " " in name or _COMPOUNDED.match(name):
        return True
    if name[1:] == "老" or name[:2] in _CALLS_NO_NAME or name[:2] in not_names():
        return False
    return not (weak and len(name) > 2 and (name[1:3] in _NO_GIVEN or name.endswith(_ENDS_NO_NAME)))


_COMPOUNDED = late(rf"(?:{COMPOUND})[{HAN}]{{1,2}}$")
_NO_GIVEN = frozenset(
    [
        "区长",
        "厅长",
        "市长",
        "县长",
        "镇长",
        "校长",
        "领导",
        "先生",
        "女士",
        "小姐",
        "同志",
        "老师",
        "医生",
        "师傅",
        "主任",
        "书记",
        "经理",
        "老板",
        "局长",
        "小区",
        "花园",
        "广场",
        "大道",
        "公司",
        "社区",
        "物业",
        "反映",
        "投诉",
        "某某",
        "家长",
        "业主",
        "居民",
        "姓名",
    ]
)


def _name(found: re.Match[str], group: str | int) -> TextFinding:
    return TextFinding("name", found[group], *found.span(group))


def _distinct(found: Iterable[TextFinding]) -> Iterator[TextFinding]:
    seen: set[tuple[int, int]] = set()
    for one in found:
        if (one.start, one.end) not in seen:
            seen.add((one.start, one.end))
            yield one
