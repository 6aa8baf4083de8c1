"""Place, district, kind, danger and secrecy: what was chosen, held against what the words say."""

from __future__ import annotations

import re

from classifier.evidence.exact_place import exact_place
from classifier.suggestion import Suggestion
from classifier.text import cues
from classifier.text.normalise import plain
from classifier.text.words import normalise
from hotline.city.schema import City
from hotline.quality.checks.record import Fault, Record

_CALM = frozenset({"consult", "suggestion", "praise"})
_SURE_TYPE, _UNLIKELY_TYPE = 0.75, 0.1
_SHARED, _STRANGE = 0.4, 0.12
"""So large a share of a title's characters may stand in the words: where the kinds differ, and where one is not known."""

_MILD, _STERN = frozenset({"consult", "praise"}), frozenset({"complaint", "report"})
"""Kinds that nobody mixes: what lies between them, help and suggestion, goes either way."""

_SECRET = re.compile(
    "保个?密|匿名|[不别](?:要|想|愿意?|能|敢|便|方便|希望|可)?[^,。;!?]{0,6}(?:透露|暴露|泄露|留名|实名|署名|露面|具名|公开(?:我|本人|自己|姓名|身份|信息))|"
    "(?:名字|姓名|身份|信息|电话|号码|情况)[^,。;!?]{0,4}(?:别|不要|莫|不能|不得|不许)[^,。;!?]{0,6}(?:告诉|给|说|转|报|透|传|提)|"
    "[不别]要?把?我的?(?:信息|名字|姓名|电话|身份|情况)[^,。;!?]{0,6}(?:告诉|给|说|转|报|透)|"
    "(?:名[字儿]?|姓名?)[^,。;!?]{0,3}不[留说]|不留(?:姓?名|姓)|[不别]要?说是我|[不别莫]要?[^,。;!?]{0,4}(?:外传|外泄|扩散)|"
    "打击报复|(?:怕|担心|害怕|省得|免得|以免|生怕|唯恐)[^,。;!?]{0,8}(?:报复|小鞋|找[^,。;!?]{0,3}麻烦|后账|算账|记恨|开除|为难)"
)
_WHO = (
    "(?:是?[我俺谁]|本人|[其他她](?!们)|来电人?|举报人|反映人|[来致]电号码|号码|姓名|名[字儿]|身份|信息|邻居|职工|员工)"
)
_KNOWS = "(?:知道|知晓|知情|获知|得知|晓得|听说|发现|认出|查到|查出|打听|传到|找上门)"
_TELLS = "(?:说|讲|写|提|透|泄|露|告诉|公布|公开|带出|捅|传|抖|报)"
_PLEASE_NOT = "(?:[别莫勿甭]|[不免]要|不[想愿能得敢]|不希望|不对外|[无休]得|千万)"
_FEARS = "(?:怕|担心|害怕|生怕|唯恐|省得|免得|以免|绝不|万一|一旦|要是|若是?|如果)"
_UNSAID = tuple(
    re.compile(told.format(WHO=_WHO, KNOWS=_KNOWS, TELLS=_TELLS, NOT=_PLEASE_NOT, FEARS=_FEARS))
    for told in (
        "{NOT}[^,。;!?]{{0,8}}{KNOWS}[^,。;!?]{{0,8}}(?:{WHO}|耳朵|那里|$)|{NOT}[^,。;!?]{{0,3}}[让叫使给][^,。;!?]{{0,8}}{KNOWS}",
        "{NOT}[^,。;!?]{{0,8}}{TELLS}[^,。;!?]{{0,6}}{WHO}|{NOT}[^,。;!?]{{0,2}}[把将]{WHO}[^,。;!?]{{0,4}}{TELLS}",
        "{FEARS}[^,。;!?]{{0,8}}{KNOWS}|{FEARS}[^,。;!?]{{0,6}}(?:走漏|传开|传出|暴露)",
        "(?:{KNOWS}|走漏|暴露|传[^,。;!?]{{0,2}})[^。;!?]{{0,14}}(?:就?没了|丢了?|保不住|[干上摆]不成|别想)",
        "(?:隐[去藏匿瞒]|屏蔽|抹[去掉])[^,。;!?]{{0,6}}(?:{WHO}|电话)|对[^,。;!?]{{0,3}}(?:{WHO})[^,。;!?]{{0,4}}(?:屏蔽|隐)|{WHO}[^,。;!?]{{0,4}}(?:隐[去藏匿瞒]|屏蔽)",
        "{KNOWS}[^,。;!?]{{0,4}}谁[^,。;!?]{{0,4}}(?:说|捅|反映|举报|投诉|告|打的)|[不别莫](?:要|能|可)?(?:跟|和|向|对|给|同|告诉)[^,。;!?]{{0,8}}(?:谁|是我)",
    )
)
"""Who must not be known: a plea or a fear, what would tell, and whom, in one clause."""

_NOW = re.compile(
    "刚[才刚]?|现在|正[在拿]|眼看|快[来点救要不]|赶[紧快]|救|困|晕|昏|血|着火|起火|火苗|[冒黑浓]烟|爆燃|喊|叫不|不应|沉下|追着?|砍|捅|刀|跳|死|漏|闷|压在|[掉落跌漂][^,。]{0,2}[进下水走]|下不来|出不来|喝了|中毒|触电|抽搐|白沫|火花|冒火|滋滋|带着?电|梁[^,。]{0,2}断|[要快][塌倒]|往外[歪斜]"
)
_KEPT = re.compile("堆[着放满]|囤|存放|隐患|灭火器")
"""What may burn some day, and does not yet."""

_OVER = re.compile("昨[天日晚]|前[天日晚]|前几天|前些天|上个?(?:周|月|礼拜|星期|次|回)|去年|前年|以前|之前|当时|曾经")
_MAYBE = re.compile("[^,。;!?]*(?:早晚|迟早|万一|说不定|保不齐|保不准|差点|险些)[^,。;!?]*")
"""What somebody fears for another day."""

_NOT_SECRET = re.compile(
    "(?:不用|不需要|无需|不必|不要求)(?:保密|匿名)|(?:能|可以|会)?保密吗|是否保密|"
    "可以(?:公开|实名)|保密(?:局|协议|单位|柜|工作)"
)
_OPENLY = frozenset({"举报人", "实名举报", "检举"})
"""Who says so may well want to be known."""

_SAID_FIRST = 200
"""Whoever is in danger says so in the first sentences."""

_PLACED = re.compile(
    r"[\u4e00-\u9fa5]{2,8}(?:小区|花园|家园|花苑|新村|公寓|社区|小学|中学|幼儿园|医院|大厦|广场|市场|大街|大道|胡同)|\d+号[楼院]|"
    r"(?<![走修过让占铺堵回跑])(?:(?![走修过让占铺堵回跑马道在了得])[\u4e00-\u9fa5]){2,4}[路街巷](?![灯面边口上人过中道坑])|(?:(?![们个全整本各农在的了])[\u4e00-\u9fa5]){2,3}[村镇乡](?![里民口干委上])"
)
_ANYWHERE = re.compile(
    r"(?:这|那|我|我们|咱|咱们|俺|家|某|哪|门口|楼下|附近|旁边|对面|前面|后面|村里|小区里|小区|城里|市里|一|两|几|条|段|个|座|家|处|的|在|整|全|到|有|边|老|新|大|小|马|公|道|上|下|前|后)+(?:路|街|巷|胡同|小区|社区|村|镇|乡|学校|小学|中学|幼儿园|医院|市场|广场|公园|超市|商场|酒店|饭店|厂|站|桥|河|渠|湖)"
)


_ONLINE = re.compile("网购|网店|网上[买订购]|线上|直播间|电商|平台客服|[淘京拼抖][宝东多音]|小程序|公众号|[Aa][Pp][Pp]")
"""Where nobody can go."""


def no_place(city: City, record: Record) -> Fault | None:
    """Somebody must go there, and nothing says where."""
    category = city.categories.get(record.category or "")
    if category is None or category.lead_is == "unit" or record.request_type in _CALM or _ONLINE.search(record.body):
        return None
    words = f"{record.place}\n{record.title}\n{record.body}"
    if city.gazetteer.find(words).words or exact_place(record.place, f"{record.title}\n{record.body}").key:
        return None
    return None if _PLACED.search(_ANYWHERE.sub(" ", plain(words))) else Fault("body")


def wrong_area(city: City, record: Record) -> Fault | None:
    if not record.area:
        return None
    told = city.gazetteer.find(f"{record.place}\n{record.body}")
    if not told.sure or told.area in (None, record.area):
        return None
    return Fault("body", told.words[0] if told.words else "")


_BEGINS = {
    "praise": re.compile(
        "[^。!?]*(?:锦旗|感激|点个?赞|表扬|感谢信|[道致答]个?谢|谢谢(?:人家|[他她]|这)|夸一?夸|(?<!不)感谢(?!配合|理解))|"
        "(?:特[地意]|专门)[^。!?]{0,6}谢"
    ),
    "suggestion": re.compile("(?:我?[想要]|特此)*(?:提[个一]?[条个]?)?建议"),
}
"""How praise and suggestions begin, beyond single words."""

_ANGRY = re.compile("投诉|举报|查处|(?<!被)骗|不退|不赔|乱收|恶劣|维权|追责|曝光")
_ASKS = re.compile(
    "[吗呢么?]|多少|怎么|咋|啥|[中行]不[中行]|往?哪[里儿个些边]?|几[号天点个成]|什么|是不是|能不能|要不要|行不行"
)


def wrong_type(city: City, record: Record, said: Suggestion) -> Fault | None:
    """The words plainly ask for another kind; kinds that callers mix do not count. said: of the words."""
    words, chosen = plain(record.body), record.request_type
    angry, asks = bool(_ANGRY.search(words)), bool(_ASKS.search(words))
    for kind, begins in _BEGINS.items():
        if chosen != kind and not angry and (found := begins.match(words)):
            return Fault("body", found[0][-20:])
    if chosen in ("praise", "consult", "suggestion") and angry and not asks:
        return Fault("body", _ANGRY.findall(words)[0])
    if chosen in _STERN and not angry and _only_asks(words):
        return Fault("body", words[-20:])
    p = {one.code: one.p for one in said.request_types}
    best = max(p, key=lambda code: p[code], default="")
    sure = bool(best) and p[best] >= _SURE_TYPE and p.get(chosen, 0.0) <= _UNLIKELY_TYPE
    return Fault("body") if sure and (best in _MILD) != (chosen in _MILD) and {best, chosen} & _STERN else None


def _only_asks(words: str) -> bool:
    """The last sentence asks how, where or how many, and nothing in the words is amiss."""
    sentences = [one for one in re.split("[。!;]", words) if one.strip()]
    return bool(sentences) and len(sentences) <= 2 and bool(_HOW.search(sentences[-1])) and not _AMISS.search(words)


_HOW = re.compile(
    "咋|啥|哪[里儿个边]|多少|[要得]几[个天趟号成]|几[个天趟号成](?=[,?]|能|才|$)|怎么(?:办|走|弄|申|领|算|交|转|取)|能不能|[中行]不[中行]|吗"
)
_AMISS = re.compile(
    "不[给让退发修管通理见亮开走赔来]|没[人有修发给来管]|[坏脏臭吵乱堵漏欠骗塌断]|拖|违|霸|偷|强|为什么|凭什么|凭啥"
)


def danger_missed(city: City, record: Record) -> Fault | None:
    """Told as happening now, or by more than one sign. What is over, or happened on another day, is no danger any more."""
    said = _MAYBE.sub("", plain(record.body[:_SAID_FIRST]))
    if record.urgency != "normal" or record.request_type in _CALM or _OVER.search(said):
        return None
    level, words = cues.urgency(normalise(said))
    is_danger = level == "critical" and (bool(_NOW.search(said)) or (len(words) > 1 and not _KEPT.search(said)))
    return Fault("body", words[0]) if is_danger else None


def secrecy_missed(city: City, record: Record) -> Fault | None:
    if record.sealed:
        return None
    said = plain(record.body)
    asked = _NOT_SECRET.sub(" ", said)
    found = next((one for pattern in (_SECRET, *_UNSAID) if (one := pattern.search(asked))), None)
    if found:
        return Fault("body", found[0])
    told = [word for one in cues.safety(normalise(said)) if one.code == "informant" for word in one.words]
    inside = [word for word in told if word not in _OPENLY]
    return Fault("body", inside[0]) if inside else None


def other_matter(city: City, record: Record, said: Suggestion, told: Suggestion) -> Fault | None:
    """Title and words share hardly a character beside names of places, and are known to be about different kinds of matters. The kind
    that was chosen is the third witness: where it speaks for the title, or against how the words were read, nothing is said.
    """
    title, body = (_without_places(city, one) for one in (record.title, record.body))
    pairs = {title[at : at + 2] for at in range(len(title) - 1)}
    if len(title) < 4 or not body or sum(pair in body for pair in pairs) > len(pairs) // 8:
        return None
    shared = sum(sign in body for sign in set(title)) / len(set(title))
    if shared > _SHARED:
        return None
    likely, chosen = {one.code[:2] for one in said.ranked[:3]}, (record.category or "")[:2]
    if chosen and ((told.code or "")[:2] == chosen or (said.known and not told.known and chosen not in likely)):
        return None
    agree = (told.code or "")[:2] in likely
    strangers = not (told.known and said.known)
    return Fault("title", record.title) if (not agree and not strangers) or (strangers and shared < _STRANGE) else None


def _without_places(city: City, text: str) -> str:
    said = plain(text)
    for name in {word for word, _entries in city.gazetteer.matches(said)}:
        said = said.replace(name, "")
    return re.sub(r"[\W_]", "", said)
