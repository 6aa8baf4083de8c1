"""Titles, records and answers that say nothing: what is left when set phrases are taken away."""

from __future__ import annotations

import re

from classifier.said.reader import said as read
from classifier.suggestion import Suggestion
from classifier.text.masking.mask import personal_in
from classifier.text.masking.names.likely import likelier
from classifier.text.masking.names.person_or_word import is_place
from classifier.text.masking.names.roles import ANY
from classifier.text.masking.names.surnames import COMMON, GIVEN
from classifier.text.normalise import digits, plain
from classifier.text.patterns.late import late
from classifier.text.words import cut_apart, dictionary_kind
from hotline.city.schema import City
from hotline.quality.checks.record import Fault, Record

_PHRASES = late(
    "反映|反应|反馈|投诉|咨询|求助|建议|举报|表扬|感谢|诉求|来电|来访|来信|来人|致电|问题|情况|事情|事项|事宜|一事|此事|某事|相关|有关|具体|部门|单位|职能|"
    "市民|群众|居民|业主|村民|网友|热心|先生|女士|同志|本人|自己|有人|人员|需要|希望|要求|请求|申请|恳请|烦请|麻烦|尽快|尽早|及时|处理|解决|核实|核查|查处|查看|调查|"
    "协调|协助|帮助|帮忙|急需|急事|急|政策|规定|了解|询问|查询|问询|关于|对于|针对|内容|详见|详情|附件|正文|原文|如题|如下|同上|同前|录音|未填|未写|暂无|没有|标题|其他|其它|电话|热线|"
    "转办|交办|承办|跟进|关注|重视|给予|予以|请予|进行|一下|一个|一些|几个|某个|您好|你好|领导|政府|工单|测试|登记|记录|生活|民生|方面|类|等|另外|以及|"
    "遇到|碰到|困难|难处|说法|不满|不服|激动|情绪|派人|前来|现场|到场|督促|责成|严肃|认真|给个|给出|答案|结果|称|表示|认为|觉得|所说|所述|者|此|该|[一某这那几]?[位名件桩]|上次|上回|前次|还是|仍是|工作|督办|着急|心急|电话中|通话|听清|听取|听明白|收悉|收到|受理|转|核处|见|说|很|非常|不|认可|协商|沟通|老?百姓|心声|呼声|民意|民声|民情|维权|消费|个人|重视|二次|再次|多次|重复|补充|追问|催|求|紧急|较|比较|主要|自行|半天|长时间|好久|一通|听明白|说不清|讲不清|弄明白|看看|怎么弄|咋弄|管一管|管管|合理|书面|复杂|直接|联系|联络|落实|答复|等着|回复|办理|知道|情形|状况|消息|回音|交代|电话里|现象|重新|再度|依法|依规|责任|属实|与否|相求|知悉|一样|相同|一致|催促|催办|主动|前述|如前|一家|某家|说辞|为难|阅处|请问|想问|问一下|你好|前几天|昨天|今天|过的|我要|我想|提过|打过"
)
_ANSWERED = late(
    "已经|已|当场|现场|当面|当时|口头|电话|在线|直接|告知|告诉|解释|答复|回复|说明|解答|回答|讲解|沟通|沟通好|知晓|明白|清楚|登记|记录|转达|传达|反馈|来电人?|来电者|理解|表示|认可|满意|无异议|"
    "做好|做了|做出|作出|完毕|办结|处理完|结束|挂机|感谢|谢谢|工作人员|话务员|座席|坐席|我中心|中心|按|根据|依据|依照|知识库|口径|相应|详细|耐心|向|给|对|将|把|其|她|他|您|"
    "请|知悉|宣传|疏导|安抚|情绪|引导|指导|指引|途径|渠道|方式|回应|应答|答疑|致谢|挂断|明了|异议|手续|当事|办法|方法|怎么办?|如何|办理|查询|听懂|弄懂|清晰|明确|准确|一遍|一番|一下|上级|通知|规定|要求|执行|落实|主管|部门|单位|政策|流程|程序|工作|内容|事项|情况|问题|针对|给予|予以|进行|并|知道了?|懂了?|好的?|的话|走|来|去|到|说|讲|跟|和|与|与其|让|听|会|了"
)
_SMALL = late(r"[的了和与及或在是有就也都并为至到,。、;:!?…·()（）\s\d\W_]+")
MOST_UNTOLD = 4
"""What is left of a title and names no thing may be so long and still say nothing."""

_ASKS = late("[吗么呢?]|怎|如何|[几哪]|多少|能不能|可不可以|要不要|是不是|咋|啥")

_ANYTHING = late(
    "(?:大|老|小)?(?:[爷娘妈爸哥姐弟妹叔伯婶嫂奶]+|伙子|姑娘|孩子|人|支持|有意|意思?|单|老板|师傅|司机|企业|商户|客户|用户|学生|老人|家长|爱人|朋友|亲戚|男|女|家|员|事[儿情]?|话|时候|声音|意见|原因|方[面式法]|单位|领导|部门|本人|对方|人家|群众|男子|女子|方|边|处|次|件|点|半天|心|里|上|下|过问|知道|说说|想说|想问|所提|再次|复杂|细谈)+"
)
_OF_THE_CALL = frozenset(
    [
        "语气",
        "口气",
        "讲述",
        "述说",
        "诉说",
        "诉苦",
        "抱怨",
        "牢骚",
        "哭诉",
        "生气",
        "气愤",
        "愤怒",
        "委屈",
        "无奈",
        "失望",
        "伤心",
        "亲自",
        "公道",
        "公平",
        "公正",
        "正义",
        "道理",
        "赘述",
        "前单",
        "原单",
        "上单",
        "本单",
        "该单",
        "重件",
        "前件",
        "同件",
        "多说",
        "细说",
        "明说",
        "面谈",
        "详谈",
        "交谈",
        "反复",
        "强烈",
        "再三",
        "抓紧",
        "马上",
        "立即",
        "批示",
        "督导",
        "过目",
        "查阅",
        "参阅",
        "知会",
        "备案",
        "备查",
        "存档",
        "信任",
        "配合",
        "服务",
        "效率",
        "作风",
        "程度",
        "性质",
        "影响",
        "后果",
        "原委",
        "缘由",
        "始末",
        "来龙去脉",
        "证据",
        "材料",
        "照片",
        "视频",
        "图片",
        "录像",
        "录音",
        "语音",
        "市场监管",
        "城管",
        "公安",
        "民政",
        "人社",
        "教育",
        "住建",
        "税务",
        "医保",
        "交警",
        "街道",
        "社区",
        "镇政府",
        "政府",
        "书记",
        "主任",
        "局长",
        "手续",
        "异议",
        "疑问",
        "疑虑",
        "想法",
        "看法",
        "建议书",
        "来信",
        "来函",
        "系统",
        "平台",
        "窗口",
        "相关人员",
        "有关人员",
        "负责人",
        "不愿",
        "愿意",
        "能够",
        "应该",
        "可以",
        "继续",
        "开始",
        "结束",
        "得到",
        "收到",
        "感到",
        "觉得",
        "认为",
        "提出",
        "提供",
        "明确",
        "明了",
        "详实",
        "真实",
        "属实",
        "实际",
        "同意",
        "满足",
        "拒绝",
        "坚持",
        "等候",
        "等待",
        "督查",
        "督促",
        "彻查",
        "追责",
        "问责",
        "交办",
        "牵头",
        "负责",
        "研究",
        "研判",
        "甄别",
    ]
)
"""What is said of the talk and of the paper, whatever the matter is."""

LEAST_TITLE, LEAST_RECORD, LEAST_ANSWER = 2, 4, 5
LEAST_KNOWN, LEAST_UNKNOWN = 13, 17
"""So many characters must be left."""

_SURELY, _MAYBE, _LIKELY_THIN, _SURELY_THIN, SEVERAL = 0.5, 0.15, 0.35, 0.65, 4
"""Left out in turn, 96 of 100 empty answers are found, 94 empty records and 90 empty titles, and of others none, none and one."""

SHORT, FEW = 14, 60
"""Signs of a title and of a record that may say nothing; longer ones are read by what is left of them alone."""

_DECIDES = late("^(?:不?[能行可]|不?可以|不?需要|不?用|不?[是会]的?[,。]|没?有)")
"""Yes or no is an answer."""

_PASSED_ON = late("转[给达告交]|告知了?(?:本人|他|她|单位)|反馈给|通报")
"""Whoever praises asks for no more."""

_HOUSEHOLDER = late(
    f"(?:^|[住的村镇区路街巷苑园])([{COMMON}][一-龥]{{2}})(?:家(?![具电长政庭乡属里居])|[夫妇]妻|的(?=[一-龥]{{2}})|反映|投诉|要求)"
)
_NAMED = frozenset({"phone", "id_number", "name", "plate", "bank_card", "email"})


def left_of(text: str, city: City | None = None) -> str:
    """What a text says beyond set phrases, and beyond names of places where a city is given."""
    return _SMALL.sub("", _PHRASES.sub(" ", plain(text) if city is None else without_places(text, city)))


def without_places(text: str, city: City) -> str:
    said = plain(text).replace(city.name, " ")
    for name in {word for word, _entries in city.gazetteer.matches(said)}:
        said = said.replace(name, " ")
    return said


def things_in(text: str, city: City) -> list[str]:
    """The things and deeds that are left of it, without persons and what stands for anything; no word is guessed."""
    words = (word for part in re.split(r"[\W\d_]+", _PHRASES.sub(" ", plain(text))) for word in cut_apart(part))
    return [
        word for word in words if _is_thing(word, city) and word not in _OF_THE_CALL and not _ANYTHING.fullmatch(word)
    ]


def _is_thing(word: str, city: City) -> bool:
    """A noun, a deed, or what the city's catalogue calls a matter ("高空抛物")."""
    kind = dictionary_kind(word)
    return kind[:1] == "n" or (kind[:1] == "v" and len(word) > 1) or (len(word) > 1 and word in city.matters)


def empty_title(city: City, record: Record, told: Suggestion) -> Fault | None:
    """Nothing is left of it; or it names no thing, nobody can tell what it is about, and it reads like an empty one. told: of it."""
    left, said = left_of(record.title, city), without_places(record.title, city).strip()
    likely = read("title", [said])[0] if len(said) <= SHORT else 0.0
    things = things_in(said, city)
    without = len(left) < LEAST_TITLE or (len(left) <= MOST_UNTOLD and not told.known and not things)
    unnamed = likely >= _SURELY and not any(len(thing) > 1 for thing in things)
    is_empty = not left or unnamed or (without and likely >= _MAYBE)
    return Fault("title", record.title) if is_empty else None


def thin_record(city: City, record: Record, said: Suggestion) -> Fault | None:
    """Set phrases alone, or a few words that read like a record that says nothing. said: of the words."""
    left = left_of(record.body, city)
    asks = record.request_type == "consult"
    things = things_in(without_places(record.body, city), city)
    if things:
        least = LEAST_TITLE if asks else LEAST_RECORD
    else:
        least = (
            LEAST_RECORD if asks and _ASKS.search(plain(record.body)) else LEAST_KNOWN if said.known else LEAST_UNKNOWN
        )
    likely = read("thin", [record.body])[0] if len(record.body) <= FEW else 0.0
    named = len(things) >= SEVERAL or (things and said.known)
    is_thin = len(left) < least or likely >= (_SURELY_THIN if named else _LIKELY_THIN)
    return Fault("body", record.body[:60]) if is_thin else None


def empty_answer(city: City, record: Record) -> Fault | None:
    """Of a direct answer: nothing but that there was one; neither a thing that was not asked about, nor a number, nor a yes or no."""
    if record.answer is None:
        return None
    said = plain(record.answer)
    if record.request_type == "praise" and _PASSED_ON.search(said):
        return None
    left = _SMALL.sub("", _PHRASES.sub(" ", _ANSWERED.sub(" ", said)))
    if _DECIDES.search(said) or re.search(r"\d", said):
        return None
    empty = (len(left) < LEAST_ANSWER and not _new_in(said, record, city)) or read("empty", [record.answer])[
        0
    ] >= _SURELY
    return Fault("answer", record.answer[:60]) if empty else None


def _new_in(said: str, record: Record, city: City) -> bool:
    """A thing of which the question did not speak."""
    asked = plain(f"{record.title} {record.body}")
    return any(word not in asked for word in things_in(_ANSWERED.sub(" ", said), city))


_OF_PLACES = frozenset("路街巷镇乡区院楼苑厂店")


def _householder(city: City, title: str) -> str:
    """Somebody's name before their home, "王志强家": three signs that begin with a surname and are no place and no word."""
    said = plain(title)
    found = _HOUSEHOLDER.search(said)
    if (
        not found
        or any(city.gazetteer.matches(said[found.start(1) : found.start(1) + 5]))
        or found[1][-1] in _OF_PLACES
    ):
        return ""
    is_word = any(dictionary_kind(part) not in ("", "nr") for part in (found[1], found[1][:2]))
    return "" if is_word else found[1]


_HEADED = late(
    f"^(?:反映|投诉|举报|关于|咨询|退还|补发|表扬|感谢|寻找|[帮替为](?!民))?(?:{ANY}|[一-龥]{{1,3}}人)?([{COMMON}]{GIVEN}{GIVEN})(?=[一-龥]{{2}})"
)
_LIKELY = 6.0


def _headed(city: City, title: str) -> str:
    """Whose title begins with a name, alone or behind what they are: three signs far likelier a name than words, and no place."""
    said = plain(title)
    found = _HEADED.search(said)
    if not found or any(city.gazetteer.matches(said[max(0, found.start(1) - 4) : found.end(1) + 4])):
        return ""
    return (
        found[1] if likelier(said, found.start(1), found.end(1)) > _LIKELY and not is_place(said, found.end(1)) else ""
    )


def _is_a_calling(kind: str, value: str) -> bool:
    """Who cleans the streets or carries letters, a village or a committee, read as a name."""
    return kind == "name" and value[-1:] in "工员警医师兵生村镇乡街路委"


def personal_title(city: City, record: Record) -> Fault | None:
    if name := _householder(city, record.title) or _headed(city, record.title):
        return Fault("title", name)
    told = personal_in(digits(plain(record.title)))
    found = next((one for one in told if one.kind in _NAMED and not _is_a_calling(one.kind, one.value)), None)
    return Fault("title", found.value) if found else None
