"""A name that is also a word: whether this place of a text speaks of the person, or of the rush hour, the road, the construction.

Three kinds of names. What no dictionary holds is always the person. What the dictionary holds as a name is the person unless
a longer word or a place says otherwise. An everyday word is the person only where something beside it says so.
"""

# ruff: noqa: E501 (a pattern is read as one piece)
from __future__ import annotations

from functools import lru_cache

from classifier.text.masking.names.surnames import not_names
from classifier.text.patterns.late import late
from classifier.text.words import dictionary_kind

_SAID_EVERY_DAY = (
    "高峰 建设 文明 国庆 小区 平安 光明 和平 解放 人民 胜利 建国 中华 中国 学校 安全 健康 幸福 阳光 花园 新华 红旗 东风 朝阳 向阳 长江 黄河 "
    "春天 明天 工人 农民 测试 市民 先生 女士 某某 匿名 保密 小康 早晨 希望 团结 友谊 繁荣 富强 振兴 跃进 卫东 卫国 新生 立新 王府 金融 "
    "立春 雨水 惊蛰 春分 清明 谷雨 立夏 小满 芒种 夏至 小暑 大暑 立秋 处暑 白露 秋分 立冬 小雪 大雪 冬至 小寒 大寒 春节 元旦 中秋 重阳"
)
_EVERYDAY = frozenset(_SAID_EVERY_DAY.split())
_CALLED = late(
    r"(?:我叫|名叫|[本我俺]人叫?|我是|俺是|姓名|名字|[反来投举申求咨诉信报联当受被][映电诉报请助询求访案系事害]人(?:名叫|叫|是)?|[他她人们东板机居事子儿公婆师生友妹弟姐哥妈爸主]叫|(?:^|[^一-龥])[小阿]|户主|患者|伤者|死者|署名|落款|尊敬的)[\s:,的是叫为]{0,3}$"
)
"""What can only be followed by who it is."""
_SOMEBODY = late(r"(?:市民|居民|村民|业主|群众|网友|邻居|同事|朋友|租户|住户)[\s:,]{0,2}$")
_MET = late(
    r"(?:与|和|跟|同|向|给|找|对|被|将|把|联系|联系[了到上过]|[人者]是|回访|回电|致电|告知|通知|核实|答复|回复|到|户|老|小)[\s:,]{0,2}$"
)
_ADDRESSED = late(
    r"(?:[哥姐叔婶嫂](?=[^一-龥]|[说讲家的也]|$))|\W{0,2}(?:先生|女士|小姐|同志|太太|老师|师傅|阿姨|大爷|大妈|大叔|叔叔|大哥|大姐|医生|同学|您好|你好|您反映|本人|夫妇|一家|等人|的(?:孩子|儿子|女儿|小孩|母亲|父亲|妈|爸|妻子|丈夫|老婆|老公|爱人|邻居|身份证|电话|手机|诉求|来电|家人|家里|家属|住处))|[ (,:电话手机]{0,5}(?:\+?86)?[- ]?1[3-9]\d|\W?(?:男|女)[,，。)]|\(身份证|身份证"
)
_DOES = late(
    r"(?:本人|今天|昨天|前天|上午|下午|晚上|再次|多次|曾|已|又|也|还|就|都|于?\d{1,4}[年月日号点:\d]*|在(?:家|单位|医院|电话|现场|微信)[里中内上]?){0,3}"
    r"(?:(?:告诉|表示|表扬|感谢|来电|来信|致电|来访|反映|投诉|举报|咨询|求助|报警|报案|认为|觉得|提出|称|讲|说(?![明法服是]|不[定清上出准])|打(?![车不扫开算折印通压破造乱])|住(?![房宅建户])|取得联系|见面|沟通|面谈|通话|电话联系|核实|确认|摔|受伤|被[^,，。;；]{0,6}[打骗撞抓咬砸烫扣辞拘罚埋困锁伤]|给(?:我|我们|你们|热线|12345)(?:打|发|留)|没(?:打疫苗|去上|收到|拿到|上班|签字|吃饭|带)|对[^,，。;；]{1,14}(?:满意|认可|不满|有意见|异议|理解)|[在于][^,，。;；]{1,10}(?:[被摔]|受伤|上班|工作|打工|居住|晕倒|遭|买了|购买|就诊|住院|办理)|去世|病逝|住院|不在家|没接|未接|拒接|不满|满意|要求(?:回|赔|尽快|解决|退|道歉|夜间|上门|联系))|[家](?![具电长属园庭用装政])(?=[的里住门漏停没水电暖地房院,，。]))"
)
_ALONE = late(r"\W{0,2}(?:$|[,，。;；!！?？\n)）:])")
_PHRASE = late(
    r"从[一-龥]{1,4}?[上下里外中边旁后前]?(?:掉|摔|跌|滚|跳|坠|出|扔|进|回|跑|走|下|起|拿|搬|往|冲|爬|滑|流|漏|飘|抛|偷|去|来|到)|于(?:昨|今[天日早晚]|当[天日晚]|[前明次]日|凌晨|清晨|[上下中]午|[早晚]上|周[一-龥]|本[周月]|去年|近[日期])"
)
"""How a place that somebody fell from, or a time, is told: 从 and 于 are families too."""
_PLACE = late(
    r"[东西南北中前后老新一二三]?(?:路(?![过上])|街|大[街道厦桥]|巷|胡同|小区|花园|家园|社区|村|庄|镇|乡|县|区(?!别)|市(?![民场])|站(?![在着起])|桥|广场|公园|学校|[小中大]学|医院|商[场城店]|超市|酒店|局(?![长面])|厂|公司|集团|路口|井|湖|河|山(?!上)|水库|寺|庙|塔|口岸|苑|湾|城|里(?!面)|坊|名[城苑都]|新[城村区]|家属院|公寓|宾馆|门(?!口)|源|港|岛|峪|沟(?!通)|岭|[\da-z一二三四五六七八九十]{1,3}[期区号])"
)
_BOUND = late(r"(?:^|[^一-龥]|[今昨前]天|[今昨]晚|[上下中]午|[早晚]上|刚才|当时|[日号点时]|因为|由于)$")
_LONGEST_WORD = 4
_JOINING = frozenset({"c", "d", "p", "r", "u", "y"})


@lru_cache(maxsize=2048)
def kind_of_name(name: str) -> str:
    """ "" when no dictionary holds it, "name" when the dictionary calls it one, "word" when people say it every day.

    "particle" is a word that joins others ("于是") and never does anything.
    """
    if dictionary_kind(name) in _JOINING:
        return "particle"
    if name in _EVERYDAY or name in not_names():
        return "word"
    kind = dictionary_kind(name)
    return "" if not kind else "name" if kind.startswith("nr") else "word"


def means_person(text: str, start: int, end: int, name: str) -> bool:
    """Whether text[start:end], written like the name, is the person who bears it."""
    kind = kind_of_name(name)
    if not kind or _CALLED.search(text, max(0, start - 12), start):
        return True
    if _SOMEBODY.search(text, max(0, start - 6), start) and _DOES.match(text, end):
        return True
    public = is_place(text, end) or _in_a_longer_word(text, start, end)
    return not public and (kind == "name" or _said_beside(text, start, end, kind))


def is_place(text: str, end: int) -> bool:
    """What stands here makes a road, an estate or an office of the words before it."""
    return _PLACE.match(text, end) is not None


def begins_a_phrase(text: str, at: int) -> bool:
    """Here stands "from the roof" or "yesterday", where a family could be read."""
    return _PHRASE.match(text, at) is not None


def _said_beside(text: str, start: int, end: int, kind: str) -> bool:
    """Something before or behind says that it is somebody: addressed, met, doing what people do, or alone between two signs."""
    first = _BOUND.search(text, max(0, start - 3), start) is not None
    somebody = _SOMEBODY.search(text, max(0, start - 6), start) is not None
    met = somebody or _MET.search(text, max(0, start - 6), start) is not None
    if _ADDRESSED.match(text, end):
        return True
    return (
        (kind != "particle" or somebody) and (first or met) and bool(_DOES.match(text, end) or _ALONE.match(text, end))
    )


def _in_a_longer_word(text: str, start: int, end: int) -> bool:
    """The dictionary has a longer word that holds these signs, or two words that share them out ("经常" and "见到")."""
    for left in range(max(0, start - 2), start + 1):
        for right in range(end, min(len(text), end + 2) + 1):
            if end - start < right - left <= _LONGEST_WORD and dictionary_kind(text[left:right]):
                return True
    return bool(
        start
        and end - start == 2
        and dictionary_kind(text[start - 1 : start + 1])
        and dictionary_kind(text[start + 1 : end + 1])
    )
