"""Names in the places where somebody is told of, weighed against the words they might be: "被邻居冀学文打伤", "审核:闫永胜".

The place is a matter of grammar (behind what people are and whom something is done to or said to, before what only people
do), the name one of likelihood: the surer the place, the less likely a name may be.
"""

# ruff: noqa: E501 (a pattern is read as one piece)
from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import islice

from classifier.text.masking.names.likely import likelier, made_like_a_name
from classifier.text.masking.names.of_old import is_of_old
from classifier.text.masking.names.person_or_word import is_place, kind_of_name
from classifier.text.masking.names.related import ONLY_PEOPLE
from classifier.text.masking.names.roles import ANY
from classifier.text.masking.names.surnames import COMMON, COMPOUND, GIVEN, HAN, RARE, not_names
from classifier.text.patterns.late import late
from classifier.text.words import cut_apart, dictionary_kind

_TITLES = "书记|主任|领导|主席|经理|老师|医生|师傅|老板|队长|校长|院长|[市县区镇乡村局厅处科部所站省州社组会董班]长|先生|女士|小姐|同志|大夫|律师|警官|法官|阿姨|大爷|大妈|大叔|大姐|大哥|教授|教练|会计|护士|家长|总监|老总|太太|同学"
_SIGNS = r"\s,;。、!?:()\[\]\"“”'<>《》/|"
_OFFICE = "(?<![省市县区镇乡局厅部州处科]长)(?<!书记)(?<!主任)(?<!主席)"
"""Who holds a public office is named in public."""
_AGENT = r"(?:管家|[村校牙军兽]医|[一二三四五六七八九\d]班|[人员者师工长手友户兵警商夫妻婆媳婿妇孩妈爸爷奶哥姐弟妹叔伯姑姨舅娘侄甥])"
_HURT = "打|骂|殴|辱骂|骗|欺负|欺诈|威胁|恐吓|猥亵|骚扰|捅|砍|坑|拉黑|开除|辞退"
_DEALT = "签[了订过合协]|要(?:钱|账|债|工资|说法)|讨(?:要|薪|债|说法)|借(?:了|过|的|钱)|买(?:了|的|房)|租(?:了|的|房|赁)|发生(?:过|了)?(?:纠纷|争|冲突|口角|矛盾|肢体)|吵(?:架|了)|打(?:架|官司)|离婚|结婚|订婚|合伙|约(?:好|定)|交涉|理论|谈(?:了|过|好|判)|协商|通(?:了|过)?电话"
_DEALS = rf"(?:[借汇转打租卖送还嫁](?:账|款|钱)?给|被(?=[{HAN}]{{2,4}}?(?:{_HURT}))|[和与跟找向](?=[{HAN}]{{2,4}}?(?:{_DEALT})))"
"""What is done to people, or with them."""
_CALLS_ME = "(?:(?<!如果)[叫喊唤]|称呼?)我|管我叫"
_CALLS_MYSELF = "在下|鄙人(?:免贵)?|免贵"
"""How somebody says their own name without "I am called"; the first are also said by whoever is sent somewhere ("喊我张庄开会")."""
_BEFORE = late(
    rf"(?:(?P<role>{ANY}|[{HAN}]人[系是叫为]|(?:我|本人|他|她|俺)(?:叫|是|系)|[名姓]叫?)"
    rf"|(?P<label>(?<=[{HAN}])[:])"
    rf"|(?P<agent>{_AGENT})"
    rf"|(?P<dealt>{_DEALS})"
    rf"|(?P<calls>{_CALLS_ME})"
    rf"|(?P<myself>{_CALLS_MYSELF})"
    r"|(?P<place>[省市县区镇乡村庄屯组队园])"
    r"|(?P<met>[被把找跟和与向对给由让叫请问代替托是系在称送替]|告诉|转告|联系|联系上|通知|委托|告知|等待|遇到|见到|认识|看见|扶着|投诉|举报|控告|检举|感谢|表扬|或者|以及|还有|包括)"
    rf"|(?P<head>[{_SIGNS}]|[今昨前]天|[今昨]晚|当时|后来|结果|但是?)"
    rf"|(?P<of>的)){_OFFICE}[ \"“]?(?=[{COMMON}{RARE}][{HAN}]|{COMPOUND})"
)
_SURE_OF = {
    "role": 5.0,
    "label": 4.0,
    "agent": 2.5,
    "dealt": 4.5,
    "calls": 4.0,
    "myself": 4.0,
    "place": 1.0,
    "met": 2.2,
    "head": 0.0,
    "of": 0.0,
}
_NEEDED = {"head": 0.0, "of": 0.0, "place": 3.0, "calls": 1.5, "myself": 1.0}
"""What stands behind must say at least so much that it is somebody."""
_OF_ANYBODY = ("head", "of", "met", "place")
"""Where somebody is told of as well as whom everybody knows."""
_DOES = late(
    rf"(?:{ONLY_PEOPLE}|{_DEALT}|老师|同学|医生|(?:的)?(?:家属|父母|母亲|父亲|妻子|丈夫|老婆|老公|儿子|女儿|孩子)|反映|来电|投诉|举报|咨询|求助|表示|称|报警|报案|签字|签名|签收|答复|协商|沟通|打伤|打[了人我]|骂|"
    r"骗|欠(?![薪费])|拖欠|借|偷|霸占|侵占|咬|撞|推诿|认为|觉得|受伤|死亡|遇难|身亡|办理?了|借给|转给|处理|负责|经手|代(?=[办签领写])|本人|回电|回复|打(?:了|来|过)?电话|家(?=[占的住在门地院养])|[他她](?:[爸妈爷奶哥姐弟妹家]|老[婆公]|儿子|女儿)|的(?:狗|猫|羊|鸡|摩托|货车|电动车|三轮|面包车|房子|地(?![址方])|宅基地|摊))"
)
_ADDRESSED = late("先生|女士|小姐|同志|老人|律师|老师(?!们)|名下|夫妇|夫妻")
_ENDED = late(rf"[{_SIGNS}\d]|$")
_THAT_IS_ALL = late(rf"[就也都](?:行|好|可以|成)(?:了|啦)?(?=[{_SIGNS}]|$)|[吧呗嘛哈](?=[{_SIGNS}]|$)")
_GOES_ON = late(r"[的和与跟及、在把被从向对给于将]|代[^表理]")
_NO_NOUNS = frozenset("vdpcuabmzil")
"""Kinds of words of the dictionary that go on about somebody: what they do, how, to whom."""
_TIME = "t"
_JOINS = "连向于和从全都惠应经"
"""Family names that far oftener join a word to others: 连微信, 惠生民."""
_WORDS = ("word", "particle")
_ENOUGH = 3.0
_HOUSE = late(
    r"[^\W\d在把被说跑到去来向和跟让找回走住是有对从欠的了]{0,2}?(?:村(?!民)|镇(?![上长])|乡(?!亲)|小区|嘉园|街(?!上)|路(?![过上])|一品|有限|科大|大学|[中小]学|酒店|肿瘤)"
    r"|附近|旁边|对面|门前|周边|一带|景区|景点|[东西南北]侧|郡|府|物业|地产|房地产|置业|房产|公司|集团|网(?![上友])|平台|高速|铁路|学校|医院|宾馆|酒楼|广场|超市|药店|项目|工程|安置|院子|社区|服务|高架|立交|渡(?!过)|宫|线路|创文|交警|数字|产品|地省|世?都|教育|公复|政发"
    rf"|[(][{HAN}]{{1,4}}[)](?:酒店|公司|物业)"
)
"""A village, an estate or a firm that begins like a name."""
_MOST_PLACES = 1_200
"""So many places of one text are weighed; the longest matter (20,000 characters) has some 650."""
_WHOLE = late(rf"(?:{COMPOUND}){GIVEN}{{1,2}}|[{COMMON}{RARE}]{GIVEN}{{1,2}}")

_OF_TWO = late(COMPOUND)
_SETTLED = late(
    r"[庙营岗湾店楼桥新老大小东西南北前后]?村|乡|寨|屯|庄(?![生周严子])|街|路口|小区|社区|镇(?=政府|[上里的去开交办集找一]|$)|[小中]学"
)
"""A family's village, whose sign stands right behind it: 上官村."""
_NOBODY = late(
    rf"何[因时居原种地处人况必故以苦速][{HAN}]?|.{{1,2}}(?:{_TITLES})|.[总哥姐叔姨婶嫂爷奶生工董某氏老]|.氏."
)
_ENDS_A_PLACE = frozenset(
    "村镇乡路街巷桥区县市苑站馆园湖坪岭塘冲渡洲堂庙寺屯庄井湾院校局所厂店楼委办科证书卡费图灯感性池库家沟口河城品线型款版网组府铺溪江员"
)
"""Where nothing behind says that it is somebody, these end the name of a place or a thing."""


def in_a_persons_place(text: str) -> Iterator[tuple[str, int, int]]:
    """(name, where it starts, where it ends) in a plain text."""
    for place in islice(_BEFORE.finditer("\n" + text), _MOST_PLACES):  # behind a new line a text begins like any other
        start = place.end() - 1
        sure, end = max(_weighed(text, start, place.lastgroup or ""), default=(0.0, 0))
        if sure >= _ENOUGH:
            yield text[start:end], start, end


def _weighed(text: str, start: int, place: str) -> Iterator[tuple[float, int]]:
    """(how sure it is a name, where it ends) for each length that a name may have."""
    for end in range(start + 2, min(start + 4, len(text)) + 1):
        name = text[start:end]
        if not _WHOLE.fullmatch(name) or _is_no_person(text, name, end):
            continue
        after = _after(text, end)
        if after < _NEEDED.get(place, -2.0) or (after < 3 and name[-1] in _ENDS_A_PLACE and not _is_borne(name)):
            continue
        if after < 3 and place in ("head", "of") and len(name) < 3:
            continue
        if after < 3 and place in _OF_ANYBODY and is_of_old(text, start, end):
            continue
        yield _likely(text, start, end) + _SURE_OF[place] + after, end


def _is_no_person(text: str, name: str, end: int) -> bool:
    family = _OF_TWO.match(name)
    if family and _SETTLED.match(text, end - len(name) + 2):
        return True
    words = kind_of_name(name) in _WORDS or _NOBODY.fullmatch(name) is not None
    words |= len(name) > 2 and name[0] in _JOINS and bool(dictionary_kind(name[1:]))
    return words or is_place(text, end) or _HOUSE.match(text, end) is not None


def _is_borne(name: str) -> bool:
    """The dictionary has somebody of this name, and of a family whose two signs are no other word."""
    return len(name) > 2 and bool(_OF_TWO.match(name)) and dictionary_kind(name).startswith("nr")


def _after(text: str, end: int) -> float:
    if _ADDRESSED.match(text, end):
        return 6.0
    if _DOES.match(text, end):
        return 3.0
    if _ENDED.match(text, end) or _THAT_IS_ALL.match(text, end):
        return 1.5
    kind = dictionary_kind(_word_at(text, end))
    if kind == _TIME:  # said of a place as well
        return 2.9
    return 1.0 if _GOES_ON.match(text, end) or kind[:1] in _NO_NOUNS else -2.0


def _word_at(text: str, start: int) -> str:
    return _first_word(text[start : start + 4])


@lru_cache(maxsize=4096)
def _first_word(text: str) -> str:
    return cut_apart(text)[0]


def _likely(text: str, start: int, end: int) -> float:
    """How likely the name is; one that the dictionary itself calls a name need only be made like one."""
    name = text[start:end]
    known = len(name) > 2 and dictionary_kind(name).startswith("nr") and name[:2] not in not_names()
    return max(2.0 if known and made_like_a_name(name) else -99.0, likelier(text, start, end))
