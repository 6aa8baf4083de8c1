"""Titles, records and answers that say nothing: what is left when set phrases are taken away."""

from __future__ import annotations

import re

from classifier.suggestion import Suggestion
from classifier.text.masking.mask import personal_in
from classifier.text.masking.names.surnames import COMMON
from classifier.text.normalise import digits, plain
from classifier.text.words import dictionary_kind, words_of
from hotline.city.schema import City
from hotline.quality.checks.record import Fault, Record

_PHRASES = re.compile(
    "反映|反应|反馈|投诉|咨询|求助|建议|举报|表扬|感谢|诉求|来电|来访|来信|来人|致电|问题|情况|事情|事项|事宜|一事|此事|某事|相关|有关|具体|部门|单位|职能|"
    "市民|群众|居民|业主|村民|网友|热心|先生|女士|同志|本人|自己|有人|人员|需要|希望|要求|请求|申请|恳请|烦请|麻烦|尽快|尽早|及时|处理|解决|核实|核查|查处|查看|调查|"
    "协调|协助|帮助|帮忙|急需|急事|急|政策|规定|了解|询问|查询|问询|关于|对于|针对|内容|详见|详情|附件|正文|原文|如题|如下|同上|同前|录音|未填|未写|暂无|没有|标题|其他|其它|电话|热线|"
    "转办|交办|承办|跟进|关注|重视|给予|予以|请予|进行|一下|一个|一些|几个|某个|您好|你好|领导|政府|工单|测试|登记|记录|生活|民生|方面|类|等|另外|以及|"
    "遇到|碰到|困难|难处|说法|不满|不服|激动|情绪|派人|前来|现场|到场|督促|责成|严肃|认真|给个|给出|答案|结果|称|表示|认为|觉得|所说|所述|者|此|该|[一某这那几]?[位名件桩]|上次|上回|前次|还是|仍是|工作|督办|着急|心急|电话中|通话|听清|听取|听明白|收悉|收到|受理|转|核处|见|说|很|非常|不|认可|协商|沟通"
)
_ANSWERED = re.compile(
    "已经|已|当场|现场|当面|当时|口头|电话|在线|直接|告知|告诉|解释|答复|回复|说明|解答|回答|讲解|沟通|沟通好|知晓|明白|清楚|登记|记录|转达|传达|反馈|来电人?|来电者|理解|表示|认可|满意|无异议|"
    "做好|做了|做出|作出|完毕|办结|处理完|结束|挂机|感谢|谢谢|工作人员|话务员|座席|坐席|我中心|中心|按|根据|依据|依照|知识库|口径|相应|详细|耐心|向|给|对|将|把|其|她|他|您|"
    "请|知悉|宣传|疏导|安抚|情绪"
)
_SMALL = re.compile(r"[的了和与及或在是有就也都并为至到,。、;:!?…·()（）\s\d\W_]+")
MOST_UNTOLD, MOST_UNSAID = 4, 16
"""What is left and names no thing may be so long and still say nothing."""

_ANYTHING = re.compile(
    "(?:大|老|小)?(?:[爷娘妈爸哥姐弟妹叔伯婶嫂奶]+|伙子|姑娘|孩子|人|家|员|事[儿情]?|话|时候|声音|意见|原因|方[面式法]|单位|领导|部门|本人|对方|人家|群众|男子|女子|方|边|处|次|件|点|半天|心|里|上|下|过问|知道|说说|想说|想问|所提|再次|复杂|细谈)+"
)
LEAST_TITLE, LEAST_RECORD, LEAST_UNKNOWN, LEAST_ANSWER = 2, 4, 9, 5
"""So many characters must be left."""

_HOUSEHOLDER = re.compile(
    f"(?:^|[住的村镇区路街巷苑园])([{COMMON}][一-龥]{{2}})(?:家(?![具电长政庭乡属里居])|[夫妇]妻|的(?=[一-龥]{{2}})|反映|投诉|要求)"
)
_NAMED = frozenset({"phone", "id_number", "name", "plate", "bank_card", "email"})


def left_of(text: str, city: City | None = None) -> str:
    """What a text says beyond set phrases, and beyond names of places where a city is given."""
    said = plain(text)
    if city is not None:
        for name in {word for word, _entries in city.gazetteer.matches(said)}:
            said = said.replace(name, " ")
    return _SMALL.sub("", _PHRASES.sub(" ", said))


def things_in(text: str) -> list[str]:
    """The things and deeds that are left of it, without persons and what stands for anything."""
    return [
        word
        for part in re.split(r"[\W\d_]+", text)
        for word in words_of(part)
        if (dictionary_kind(word)[:1] == "n" or (dictionary_kind(word) == "v" and len(word) > 1))
        and not _ANYTHING.fullmatch(word)
    ]


def empty_title(city: City, record: Record, told: Suggestion) -> Fault | None:
    """Nothing is left of it; or no thing is, and nobody can tell what it is about. told: of the title."""
    left = left_of(record.title, city)
    without = len(left) <= MOST_UNTOLD and not told.known and not things_in(left)
    return Fault("title", record.title) if len(left) < LEAST_TITLE or without else None


def thin_record(city: City, record: Record, said: Suggestion) -> Fault | None:
    """Set phrases alone; a little more may be left where nobody can tell what it is about. said: of the words."""
    left = left_of(record.body, city)
    without = not said.known and len(left) <= MOST_UNSAID and not things_in(_PHRASES.sub(" ", plain(record.body)))
    least = LEAST_RECORD if said.known else LEAST_UNKNOWN
    return Fault("body", record.body[:60]) if len(left) < least or without else None


def empty_answer(city: City, record: Record) -> Fault | None:
    """Of a direct answer: nothing but that there was one."""
    if record.answer is None:
        return None
    left = _SMALL.sub("", _PHRASES.sub(" ", _ANSWERED.sub(" ", plain(record.answer))))
    return Fault("answer", record.answer[:60]) if len(left) < LEAST_ANSWER else None


def _householder(city: City, title: str) -> str:
    """Somebody's name before their home, "王志强家": three signs that begin with a surname and are no place and no word."""
    said = plain(title)
    found = _HOUSEHOLDER.search(said)
    if not found or any(city.gazetteer.matches(said[found.start(1) : found.start(1) + 5])):
        return ""
    is_word = any(dictionary_kind(part) not in ("", "nr") for part in (found[1], found[1][:2]))
    return "" if is_word else found[1]


def _is_a_calling(kind: str, value: str) -> bool:
    """Who cleans the streets or carries letters, read as a name."""
    return kind == "name" and value[-1:] in "工员警医师兵生"


def personal_title(city: City, record: Record) -> Fault | None:
    if name := _householder(city, record.title):
        return Fault("title", name)
    told = personal_in(digits(plain(record.title)))
    found = next((one for one in told if one.kind in _NAMED and not _is_a_calling(one.kind, one.value)), None)
    return Fault("title", found.value) if found else None
