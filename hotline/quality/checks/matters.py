"""Place, district, kind and danger: what was chosen, held against what the words say."""

from __future__ import annotations

import re
from collections.abc import Sequence

from classifier.evidence.exact_place import exact_place
from classifier.said.reader import said as read
from classifier.suggestion import Suggestion
from classifier.text.danger import life
from classifier.text.normalise import plain
from classifier.text.patterns.late import late
from classifier.text.words import normalise
from hotline.city.schema import City
from hotline.quality.checks.emptiness import without_places
from hotline.quality.checks.record import Fault, Record

_CALM = frozenset({"consult", "suggestion", "praise"})
_SURE_TYPE, _UNLIKELY_TYPE = 0.75, 0.1
_MILD, _STERN = frozenset({"consult", "praise"}), frozenset({"complaint", "report"})
"""Kinds that nobody mixes: what lies between them, help and suggestion, goes either way."""

_NOW = late(
    "刚[才刚]?|现在|正[在拿]|眼看|快[来点救要不]|赶[紧快]|救|困|晕|昏|血|着火|起火|火苗|[冒黑浓]烟|爆燃|烧[起着]|着[起了]来?|火头|大火|喊|叫不|不应|沉下|追着?|砍|捅|刀|跳|死|漏|闷|压在|[掉落跌漂][^,。]{0,2}[进下水走]|下不来|出不来|喝了|中毒|触电|抽搐|白沫|火花|冒火|[滋嗤]{2}|带着?电|甩不|梁[^,。]{0,2}断|[要快][塌倒]|往外[歪斜]|埋[了在着]|喘不|憋得|没气|发[紫青]|休克"
)
_KEPT = late("堆[着放满]|囤|存放|隐患|灭火器")
"""What may burn some day, and does not yet."""

_OVER = late(
    "[^,。;!?]过(?:我|他|她)?[一两几好]+[次回起]|[砸掉摔撞炸漏淹跌](?:[进出下上][去来]?)?过|昨[天日晚]|前[天日晚]|前几天|前些天|上个?(?:周|月|礼拜|星期|次|回)|去年|前年|以前|之前|当时|曾经"
)
_MAYBE = late(
    "[^,。;!?]*(?:早晚|迟早|万一|说不定|保不齐|保不准|差点|险些)[^,。;!?]*|烟囱[^,。;!?]{0,12}烟|(?:井圈|井盖|路面|地面|桥面|地砖|盖板)[^,。;!?]{0,6}沉下去?"
)
"""What somebody fears for another day."""

_SAID_FIRST = 200
"""Whoever is in danger says so in the first sentences."""

_PLACED = late(
    r"[\u4e00-\u9fa5]{2,8}(?:小区|花园|家园|花苑|新村|公寓|社区|小学|中学|幼儿园|医院|大厦|广场|市场|大街|大道|胡同)|\d+号[楼院]|"
    r"(?<![走修过让占铺堵回跑])(?:(?![走修过让占铺堵回跑马道在了得])[\u4e00-\u9fa5]){2,4}[路街巷](?![灯面边口上人过中道坑])|(?:(?![们个全整本各农在的了])[\u4e00-\u9fa5]){2,3}[村镇乡](?![里民口干委上])"
)
_ANYWHERE = late(
    r"(?:水泥|柏油|沥青|石子|砂石|泥|土|烂|这|那|我|我们|咱|咱们|俺|家|某|哪|门口|楼下|附近|旁边|对面|前面|后面|村里|小区里|小区|城里|市里|一|两|几|条|段|个|座|家|处|的|在|整|全|到|有|边|老|新|大|小|马|公|道|上|下|前|后)+(?:路|街|巷|胡同|小区|社区|村|镇|乡|学校|小学|中学|幼儿园|医院|市场|广场|公园|超市|商场|酒店|饭店|厂|站|桥|河|渠|湖)"
)


_ONLINE = late("网购|网店|网上[买订购]|线上|直播间|电商|平台客服|[淘京拼抖][宝东多音]|小程序|公众号|[Aa][Pp][Pp]")
"""Where nobody can go."""


def no_place(city: City, record: Record) -> Fault | None:
    """Somebody must go there, and nothing says where."""
    category = city.categories.get(record.category or "")
    if category is None or category.lead_is == "unit" or record.request_type in _CALM or _ONLINE.search(record.body):
        return None
    if {category.code, category.code[:2]} & city.quality.nowhere:
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
    "praise": late(
        "[^。!?]*(?:锦旗|感激|点个?赞|表扬|感谢信|[道致答]个?谢|[说道]声[^。!?]{0,3}谢|[得要该想]谢(?!绝)|谢谢(?:人家|[他她]|这)|夸一?夸|(?<!不)感谢(?!配合|理解))|"
        "(?:特[地意]|专门)[^。!?]{0,6}谢"
    ),
    "suggestion": late("(?:我?[想要]|特此)*(?:提[个一]?[条个]?)?建议"),
}
"""How praise and suggestions begin, beyond single words."""

_LONG = 120
"""In a longer text with something amiss, thanks at its beginning are a courtesy."""

_ANGRY = late(
    "投诉|举报|查处|查[他她它](?!们?的)|该罚|罚[他她它]|追[究责]|讨要|讨[个回]?(?:说法|公道)|(?<!被)骗|不退|不赔|乱收|恶劣|维权|追责|曝光"
)
_ASKS = late(
    "[吗呢么?]|多少|怎么|咋|啥|[中行]不[中行]|往?哪[里儿个些边]?|几[号天点个成]|什么|是不是|能不能|要不要|行不行"
)


def wrong_type(city: City, record: Record, said: Suggestion) -> Fault | None:
    """The words plainly ask for another kind; kinds that callers mix do not count. said: of the words."""
    words, chosen = plain(record.body), record.request_type
    angry, asks = bool(_ANGRY.search(words)), bool(_ASKS.search(words))
    for kind, begins in _BEGINS.items():
        courtesy = len(words) > _LONG and _AMISS.search(words)
        if chosen != kind and not angry and not courtesy and (found := begins.match(words)):
            return Fault("body", found[0][-20:])
    if chosen == "praise" and _BEGINS["praise"].search(words):
        return None
    if chosen in ("praise", "consult", "suggestion") and angry and not asks:
        return Fault("body", _ANGRY.findall(words)[0])
    if chosen in _STERN and not angry and _only_asks(words):
        return Fault("body", words[-20:])
    p = {one.code: one.p for one in said.request_types}
    best = max(p, key=lambda code: p[code], default="")
    sure = bool(best) and p[best] >= _SURE_TYPE and p.get(chosen, 0.0) <= _UNLIKELY_TYPE
    if sure and (best in _MILD) != (chosen in _MILD) and {best, chosen} & _STERN:
        return Fault("body")
    likely = chosen in _STERN and not angry and read("asks", [words[:_READ]])[0] >= _LIKELY_ASKS
    return Fault("body") if likely else None


_LIKELY_ASKS, _READ = 0.5, 200
"""Of questions left out in turn three of four are found, and three of a hundred others."""


def _only_asks(words: str) -> bool:
    """The last sentence asks how, where or how many, and nothing in the words is amiss."""
    sentences = [one for one in re.split("[。!;]", words) if one.strip()]
    return bool(sentences) and len(sentences) <= 2 and bool(_HOW.search(sentences[-1])) and not _AMISS.search(words)


_HOW = late(
    "咋|啥|哪[里儿个边]|多[少长久大]|要几[个天趟号成]|(?<![吓气疼累])得几[个天趟号成]|几[个天趟号成](?=[,?]|能|才|$)|怎么(?:办|走|弄|申|领|算|交|转|取)|能不能|[中行]不[中行]|吗"
)
_AMISS = late(
    "不[给让退发修管通理见亮开走赔来]|没[人有修发给来管]|[坏脏臭吵乱堵漏欠骗塌断裂渗歪锈霉假毒砸堆私]|拖|违|霸|偷|强|为什么|凭什么|凭啥"
)


def _told_at_length(signs: Sequence[life.Said]) -> bool:
    """By two signs, or by one over two clauses: whoever says what befell whom and how they are now speaks of today."""
    return len(signs) > 1 or "," in signs[0].words


def danger_missed(city: City, record: Record) -> Fault | None:
    """Told as happening now, by more than one sign, or as somebody's own wish to die. What is over, or was on another day, is none."""
    said = _MAYBE.sub("", without_places(record.body[:_SAID_FIRST], city))
    if record.urgency != "normal" or record.request_type in _CALM or _OVER.search(said):
        return None
    signs = life.life(normalise(said))
    is_danger = bool(signs) and (
        any(one.own_life for one in signs)
        or bool(_NOW.search(said))
        or (_told_at_length(signs) and not _KEPT.search(said))
    )
    return Fault("body", signs[0].words) if is_danger else None
