"""Where somebody lives, down to the door, in a plain text; a building or a street alone is a place of the city and stays."""

# ruff: noqa: E501 (a pattern is read as one piece)
from __future__ import annotations

import re
from collections.abc import Iterator

from classifier.text.masking.found import TextFinding
from classifier.text.patterns.late import late

_HAN = "一二三四五六七八九十百零〇两"
_N = rf"(?:\d{{1,4}}|[A-Za-z]{{1,2}}\d{{0,3}}|[{_HAN}]{{1,4}})"
_FIRST = rf"(?<![0-9A-Za-z{_HAN}第])(?=[0-9A-Za-z{_HAN}东西南北中负地甲乙丙丁])"
_SIDE = "[东西南北中左右]"
_S = r"[ \-—–]?"
_YARD = rf"(?:[A-Za-z]区{_S})?(?:{_N}号(?:大?院)?{_S}(?={_N}))?"
_BUILDING = (
    rf"[甲乙丙丁]?{_N}(?:#楼?|号楼|号公寓|栋|幢|座|号院|楼(?={_S}(?:(?:{_N}|{_SIDE})单元|{_N}门{_S}{_N}[号室户])))"
)
_UNIT = rf"(?:(?:{_N}|[甲乙丙丁])单元|{_SIDE}{_N}?单元|{_N}门洞?(?=\d|{_SIDE}|{_S}{_N}[室户房号]))"
_DOOR = (
    rf"(?:{_SIDE}?{_N}(?:室|户(?!型|籍|人|居)|房(?!子|间|屋|产|价|租)|号(?!线|口|路|门|楼|电|井|灯|机|文|窗))|{_SIDE}[边侧手面]?(?:户(?!型)|室|门)|对门"
    rf"|(?:[{_HAN[:9]}][零〇{_HAN[:9]}][{_HAN[:9]}]|[{_HAN[:9]}]十[零〇][{_HAN[:9]}]|[{_HAN[:9]}]百[零〇]?[{_HAN[:9]}])(?![{_HAN}号户层楼栋幢年月日元块])|\d{{2,4}}(?:{_SIDE}?户(?!型))?(?![0-9号:户层楼栋幢#]|\.\d{{1,2}}(?!\d)|[ ]?[年月日元块套平米个㎡%]))"
)
_DOOR_OF_A_BUILDING = (
    _DOOR.replace("户(?!型|籍|人|居)|", "").replace(f"{_SIDE}?户(?!型)", f"{_SIDE}户(?!型)").replace("|室|门)", "|室)")
)
"""Behind a building or a yard alone "1200户" counts homes, and is none; its east gate is everybody's."""
_FLOOR = rf"(?:(?:负|地下)?{_N}[层楼]|[顶底][层楼])"
_PUBLIC_PART = r"[ 的]?(?:门口|门前|前|后|旁|楼下|楼上|楼道|楼梯|楼顶|大门|门禁|单元门|门(?!牌)|防盗门|电梯|电表|水表|路灯|声控灯|灯|下水|管道|地下|负|消防|垃圾|墙|屋顶|外|内|全|整|所有|共|都|没|停|无|有|[,。;、!]?$)"
"""What all the homes of one entrance share: the entrance is named, nobody's door."""
_CHAIN = late(
    rf"{_FIRST}(?:{_YARD}{_BUILDING}{_S}{_UNIT}{_S}(?:{_FLOOR}{_S}(?:{_DOOR}|{_SIDE}(?![侧面边区头南北东西]))|{_DOOR}|(?![负地]){_FLOOR})"
    rf"|{_YARD}{_BUILDING}{_S}{_UNIT}(?!{_PUBLIC_PART})"
    rf"|{_YARD}{_BUILDING}{_S}(?:{_FLOOR}{_S}{_DOOR}|{_DOOR_OF_A_BUILDING})"
    rf"|{_UNIT}{_S}(?:{_FLOOR}{_S}{_DOOR}|{_FLOOR}{_SIDE}|{_DOOR})"
    rf"|{_FLOOR}(?:{_SIDE}|[A-Za-z])户|(?:负|地下)[一二三123][层楼]\d{{3,4}}(?!\d))"
)
_COUNT = rf"(?:\d{{1,2}}|[{_HAN[:10]}]{{1,3}})"
_NO_YEAR = r"(?!(?:19|20)\d\d(?!\d))"
_DASHED = late(
    rf"(?<![0-9A-Za-z.\-—–#+{_HAN[:10]}第])(?:(?:[A-Za-z]?\d{{1,3}}|[{_HAN[:10]}]{{1,3}})(?:(?:#楼?|号楼|栋|幢)[\-—–]?|[ ]?[\-—–][ ]?)[ ]?{_COUNT}[ ]?[\-—–][ ]?{_NO_YEAR}\d{{3,4}}"
    r"|\d{1,2}[\-—–]\d{1,2}[\-—–]\d{1,2}[\-—–]\d{2,4}室?)"
    r"(?![0-9.:]|[ ]?[\-—–/][ ]?\d)(?:室|户|房|号)?"
    rf"|(?<![0-9A-Za-z./:{_HAN[:10]}第])[A-Za-z]?{_COUNT} ?/ ?{_COUNT} ?/ ?{_NO_YEAR}[1-9]\d?(?:0[1-9]|1\d)(?![0-9./:]|[ ]?[年月日元块])(?:室|户|房|号)?"
)
_OF_AN_ESTATE = late(
    r"(?:花园|小区|家园|公寓|新村|新城|家属院|华府|名府|[雅佳花名]苑|[嘉佳]园|庭院|府邸|社区|公馆|御府|名邸|华庭|名城|山庄|水岸|住在|家住|我家)[ :]?(?P<value>[A-Za-z]?\d{1,2} ?[\-—–/.] ?(?:\d{1,2} ?[\-—–/.] ?)?\d{3,4})(?![0-9年月日元米.:/]|[\-—–]\d)(?:室|户)?"
    r"|(?:花园|小区|家园|公寓|新村|新城|家属院|大院|[雅佳花名]苑|[嘉佳]园|住在|家住|我家)[ :]?(?P<entrance>\d{1,2} ?[\-—–] ?\d{1,2} ?[\-—–] ?\d{1,2})(?![0-9年月日元米.:/]|[\-—–]\d)"
    r"|(?<=住)在?(?P<flat>\d{1,2}[A-Za-z])(?![0-9A-Za-z平米栋楼号座区])"
    rf"|(?:我家|家住|住在|我住)[^,。\n]{{0,6}}?(?P<floor>{_N}楼\d{{3,4}})(?!\d)"
    r"|(?:宿舍|公寓|出租屋|寝室)(?:楼|区)?(?P<bed>[A-Za-z]?\d{3,4}(?:室|房(?![子间屋产价租]))?)(?![0-9年月日元米人.:/多余张个间平])"
    r"|(?:楼[上下]|隔壁|对门|邻居)(?:的|是)?(?P<beside>\d{3,4}(?:室|户)?)(?=老|大[爷妈姐哥叔]|阿姨|小伙|姑娘|夫妻|业主|住户|邻居|户主|租户|租客|那[家户]|一家|家|的(?:人|住户|邻居|业主|小孩|孩子|狗)|天天|半夜|每天|整天|经常|总是?|老是|漏|装修|养|把|在|又|[,。;!]|$)"
)
_ROOM = late(rf"(?<![0-9A-Za-z第])(?:[A-Za-z]?\d{{3,4}}|{_HAN[0]}{{0}}[{_HAN}]{{3,5}})室(?!内|外|友|温)")
_CUE = r"(?:家住|住在|我住|我家是|我家在|家在|住址|住所|家庭住址|家庭地址|通讯地址|联系地址|邮寄地址|收货地址|详细地址|户籍地址|户籍地?|户口所在地|现住址?|居住在?|居住地|居住于|租住在?|租房在|门牌号?|(?:身份证|我的|本人|我家|家里|居民)的?地址|老家|家里在|家:|住(?!院|房|宅|建|户|宿|在院))"
_HOME = late(
    rf"{_CUE}(?P<way>[^,;。!?\n]{{0,26}}?)(?<![0-9A-Za-z{_HAN}第月])(?P<value>[甲乙丙丁]?{_N}(?:号(?!线|口|路|电|井|灯|机|文|窗)|弄|#|栋|幢|座|-\d{{1,4}}(?:号|室|-\d{{1,4}}))(?:[^,;。!?\n()\[\] 的是有附在门旁对漏停]|附(?=\d)){{0,16}})"
)
_NUMBERS_END = late(
    rf"^(?:.*(?:[0-9A-Za-z{_HAN}](?:号楼|号院)|[0-9A-Za-z{_HAN}][号院楼栋幢座室户房#弄层组]?|号院|单元|{_SIDE}户|院|巷|附\d+号|号附|对门|付\d+号))"
)
_HOUSE = late(
    r"(?<=[村屯庄寨堡湾坡营店沟])(?:\d{1,2}[组队])?(?P<value>\d{1,4}号(?:院|户|住户|家)?)(?=[,;。!?\n )]|$|的?(?:家|住户|村民|户主|宅基地))"
)
_GROUP_HOME = late(
    r"(?:(?:家住|住址|住在|家在|我家在?|地址)[^,;。!?\n]{0,16}[村屯庄寨堡](?P<group>(?:\d{1,2}|[一二三四五六七八九十]{1,3})[组队]\d{1,4})(?=[,;。!?\n ]|$)|(?<=[村屯庄寨堡])(?P<value>(?:\d{1,2}|[一二三四五六七八九十]{1,3})[组队](?:\d{1,4}|[一二三四五六七八九十百]{1,4})号)|(?<![第0-9一二三四五六七八九十])(?P<row>(?:[\d一二三四五六七八九十]{1,2}[街巷区道])?[\d一二三四五六七八九十]{1,2}排[\d一二三四五六七八九十]{1,3}号)(?!座|灯|路灯|柜|杆|车|摊))"
    r"|(?<=[街路巷道弄])(?P<attached>\d{1,4}号附\d{1,3}(?:号|(?!\d|号)))(?![^,。;\n]{0,6}(?:店|超市|饭|商|厂|诊|药|理发|门市|门面|铺))"
)
_COUNTED = rf"(?:[村街]?[东西南北中]头?|[东西南北中前后][街排]|大街|胡同)?(?:路?[东西南北](?:边|侧|头)?)?(?:往[东西南北])?[第数][{_HAN[:10]}\d]{{1,2}}[家户排](?:(?:[{_HAN[:10]}\d]{{1,3}}号|[东西南北](?:数|边|头|往[东西])?第?[{_HAN[:10]}\d]{{1,2}}[家户]|[东西南北]户))?"
_BY_SIGHT = late(
    rf"(?:{_CUE}|(?<![司店铺网厂校位])地址(?:是|为|:))[^,;。!?\n]{{0,16}}?(?:[村庄屯寨营街巷镇乡]|街坊|家属院)(?P<value>{_COUNTED}[^,;。!?\n的]{{0,6}})"
    rf"|(?<=[村庄屯寨营])(?P<seen>{_COUNTED})(?!的?(?:店|超市|饭|商|厂|诊|药|理发|小卖|烟酒|门市))"
)
"""A house that is told by counting."""
_PUBLIC_BUILDING = "(?:教学|办公|门诊|住院|实验|行政|综合|图书|科技|急诊)(?:[大主附]?楼|部|馆)"
_PUBLIC_ROOM = late(
    rf"(?:{_PUBLIC_BUILDING}|大厅|会议室|(?:局|委|政府|法院|检察院|派出所|服务中心|活动中心|办事处|大队|支队|院校|学院|学校|小学|中学)(?:大院)?)(?:[0-9{_HAN}]{{1,2}}楼)?$"
)
"""What stands right before a room that everybody may enter; homes of the staff have a building of their own."""
_PUBLIC_BEHIND = late("(?:办公|会议|诊|教|接待|阅览|档案|调解|信访)室|窗口|柜台|科室")
_ENGLISH_DOOR = r"(?:[Ff]lat|[Aa]pt\.?|[Aa]partment|[Uu]nit|[Rr]oom|[Rr]m\.?|[Ss]uite|[Dd]oor)"
_ENGLISH_WORD = late(rf"{_ENGLISH_DOOR}|[Bb]lock|[Bb]ldg|[Bb]uilding|[Tt]ower|liv(?:e|ing) at")
_ENGLISH_HOME = late(
    rf"(?<![A-Za-z])(?:{_ENGLISH_DOOR} ?(?:[Nn]o\.? ?|#)?(?:\d{{1,4}}[A-Za-z]?|[A-Za-z]\d{{1,4}})\b(?:,? ?(?:(?:[Bb]lock|[Bb]ldg\.?|[Bb]uilding|[Tt]ower|[Uu]nit|[Ff]loor) ?(?:[Nn]o\.? ?)?[0-9A-Za-z]{{1,4}}\b|(?:the )?\d{{1,2}}(?:st|nd|rd|th) [Ff]loor))*"
    rf"|(?:[Bb]lock|[Bb]ldg\.?|[Bb]uilding|[Tt]ower) ?(?:[Nn]o\.? ?)?[0-9A-Za-z]{{1,4}},? ?{_ENGLISH_DOOR} ?(?:[Nn]o\.? ?|#)?[0-9A-Za-z]{{1,5}}\b"
    r"|(?<=flat is )\d{1,4}[A-Z]?\b|(?<=(?:room|unit) is )\d{1,4}[A-Z]?\b|(?<=live at )(?:[Nn]o\.? ?)?\d{1,4}[A-Z]?\b|(?<=living at )\d{1,4}[A-Z]?\b)"
)
_ENGLISH_OFFICE = late(
    r"(?:[Oo]ffice|[Hh]all|[Hh]ospital|[Bb]ureau|[Cc]ent(?:er|re)|[Ss]chool|[Ll]ibrary|[Cc]ourt|[Cc]lass|[Mm]eeting|[Ww]aiting|[Cc]onference|[Cc]linic|[Uu]niversity|[Cc]ollege|[Dd]epartment),? ?(?:in |at |is )?$"
)
_ENGLISH_OFFICE_BEHIND = late(
    r",? ?(?:(?:of|in|at) )?(?:the )?(?:[A-Z]\w+ ){0,3}(?:Office|Hall|Hospital|Bureau|Cent(?:er|re)|School|Library|Court|Clinic|University|College)"
)
_LIVES = late(r"(?:liv(?:e|ing)|address|home|stay|flat|住|家|my|our)[^.!?。]*$", re.I)
"""A unit of a book or of an army is no door."""
_PLAINLY_HOME = late(rf"单元.*[0-9{_HAN}东西南北]|{_SIDE}户|[\-—–/] ?{_COUNT} ?[\-—–/]")
_SOME = late(
    rf"住在?\d{{1,2}}[A-Za-z]|[单#幢栋座室户号弄组排][^的]|第[一二三四五六七八九十0-9]{{1,2}}[家户排]|(?:隔壁|对门|邻居)[的是]?[0-9]|[0-9一二三四五六七八九十] ?[-—–#/.] ?[0-9]|[0-9][-—–#]|[室户号院房]$|[舍寓屋室][楼区]?[A-Za-z]?[0-9]|[0-9]房|楼|{_ENGLISH_DOOR} ?[0-9A-Za-z#]|(?:live|living) at|(?:flat|room|unit) is"
)
"""What a text must hold before it is worth a closer look."""


def homes(text: str, answer: bool = False) -> Iterator[TextFinding]:
    """Doors of homes. answer: an office wrote it; its own rooms and buildings stay, a unit with a door does not."""
    if not _SOME.search(text):
        return
    for pattern in (_CHAIN, _DASHED, _ROOM):
        for found in pattern.finditer(text):
            if found[0] and not (answer and not _PLAINLY_HOME.search(found[0])) and not _is_public(text, found):
                yield _room(text, *found.span())
    if answer:
        return
    yield from _english(text)
    for found in _HOME.finditer(text):
        kept = _NUMBERS_END.match(found["value"])
        end = found.start("value") + (kept.end() if kept else len(found["value"]))
        yield _room(text, found.start("value"), end)
    for pattern in (_GROUP_HOME, _HOUSE, _OF_AN_ESTATE, _BY_SIGHT):
        yield from (_room(text, *found.span(found.lastgroup or 0)) for found in pattern.finditer(text))


def _english(text: str) -> Iterator[TextFinding]:
    """A door in English; one of an office, a ward or a class is public."""
    if not _ENGLISH_WORD.search(text):
        return
    for found in _ENGLISH_HOME.finditer(text):
        before = text[max(0, found.start() - 24) : found.start()]
        alone = found[0][:4].lower() == "unit" and "," not in found[0]
        behind = _ENGLISH_OFFICE_BEHIND.match(text, found.end())
        if not _ENGLISH_OFFICE.search(before) and not behind and (not alone or _LIVES.search(before)):
            yield _room(text, *found.span())


def _is_public(text: str, found: re.Match[str]) -> bool:
    """What a clock or a road marker shows, and the rooms of schools, hospitals and offices, are nobody's home."""
    if text[max(0, found.start() - 1) : found.start()] in (":", "+", "/"):
        return True
    before = text[max(0, found.start() - 12) : found.start()]
    if _PUBLIC_BEHIND.match(text, found.end()):
        return True
    of_a_house = re.search(f"[栋幢座]|单元|{_SIDE}户", found[0])
    return not of_a_house and _PUBLIC_ROOM.search(before) is not None


def _room(text: str, start: int, end: int) -> TextFinding:
    written = text[start:end].rstrip(" -—–,")
    return TextFinding("room", written, start, start + len(written))
