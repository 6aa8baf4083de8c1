"""What a reply promises and by when: dated promises become clocks, and promises without a date are named."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from classifier.replies.boilerplate import sentences_of, strip_reply
from classifier.replies.promised.due_dates import When, WorkingDays, find_dates, weekdays_after
from classifier.replies.promised.heard import binds
from classifier.replies.promised.whose import CLAUSES, IF, of_others
from classifier.text.patterns.late import late

LONGEST = 60
"""Letters of a deed; the sentence stands beside it whole."""

FAR = 200
"""Days."""

HARDLY, SURELY = 0.06, 0.5
"""How surely a day must sound promised beside the rules, and without them."""


@dataclass(frozen=True)
class Promise:
    """One step somebody will take. `due` None: no date is given. `when`: the words of the date; `condition`: what it waits for."""

    deed: str
    due: date | None
    when: str
    sentence: str
    condition: str = ""


_DEED = (
    r"完成|完工|完毕|竣工|修[复缮补好]?|维修|更换|安装|加装|拆[除迁]|清[理运除淤洗]|整[改治修顿]|恢复|开工|启动|动工|进场|施工|实施|建[成设好]|"
    r"办[理结好妥完]|交[付房]|通[车水电气行]|开[通放园业学建]|投入|投用|使用|到货|答复|回[复访]|反馈|告知|通知|联系|上门|到场|到现场|处理|处置|解决|落实|到位|发放|到账(?!的)|兑[付现]|支付|"
    r"退(?![休役伍学出耕])|寄[出送]|拨付|补[发办缴种齐]|召开|公[布示开]|出[具台]|提[交供]|移交|验收|安排|组织|检[查修测]|排查|巡查|核[查实]|测[量绘]|调[查整解]|铺|浇|喷|划[设线]|施划|增[设加派]|"
    r"搬[迁离]|供[应水暖热气电]|送[达到]|缴[清纳]|招标|挂网|开始|结束|签[订约]|培训|评估|鉴定|审[核批查定]|查[处看明]|改[造建]|硬化|刷|疏通|接通|抢修|上报|报批|立案|"
    r"约谈|做[好完]|拿出|给出|接入|加固|复[测核查]|核对|取消|撤[除销走离出]|减|缩短|粉刷|延伸|砌|挖|抽[排走]|翻新|盖|埋|架设|开展|改正|纠正|停产|执法|执行|运行|上线|亮灯|修剪|种植|绿化|封闭|拓宽|贯通|入住|选举|选聘|调试|设[置立]|取缔|关[停闭]|下达|申报|采购|配[备齐]|换|装|清[完走出]|锯|摘|摆|结清|还清|给(?:您|予)"
)
_ACT = late(_DEED)
_FUTURE = late(
    r"将(?![军相近错就士])|(?<![协社开机宴大议员都工学商年理])会(?![议同商员计场签展所诊不长办后上议晤])|拟(?![人定稿订])|计划|预计|力争|争取|确保|保证|保障|承诺|答应|定于|(?<!规)定[在到]|定的是|时间(?:就|定)?在|排[到至在]|[商议约讲说谈]好|议定|谈定|应允|务必|"
    r"准备|打算|即将|有望|预定|限(?=[期令在于其\d本]|\w{1,8}(?:前|内))|(?<![民规])约定|安排(?:在|于)|初定|暂定|拟定于|要求|责令|督促|责成|敦促|明确|同意|表示|(?<=[司所局方业位心家商站院校队])(?:答复|回复|告知|反馈|称)(?![您你我了])|商定|谈妥|负责(?=[^，。]{0,12}(?:前|内))|随后|届时|下一步|下步"
)
_LIMIT = late(r"(?:前|内|底|末|初|后|后续|为止)$|前夕$|期间$|旬$")
_AHEAD = late(r"明|大?后[天年]|[次来]年|今明|(?:再?下|次)(?:下|个|一)*[周月季半星礼]")
"""Words for a day that can only lie ahead."""

_LAST_DAY = late(r"[前内底]$|以前$")
_HOUR_BEFORE = late(
    r"\s*(?:(?:[上下中]午|晚上?|傍晚)?[\d一二三四五六七八九十]{0,3}[时点]?(?:\d+分|半)?|下班|收工|开门|营业|天黑)(?:之前|以前|前)"
)
_STATE = late(r"[的有是为属未无仍还均都系不、和与或至起后年任]|到(?:\d|[底末年期])|尚|共|平均|累计")
"""What follows a date that no deed follows."""

_ENTITLED = late(r"享受|缴费|补足|参保|待遇|购买|提取|资格|算")
"""What a citizen may or must do by a day, in the words of rules."""

_PAST = late(
    r"(?:已|曾|早已|均已|现已|业已|刚刚)(?!列入|纳入|安排在|安排于|计划|定于|定在|确定在|确定于|要求|责令|承诺|约定|明确|委托|责成|督促|答应|通知|同意|下达|排[入定]|与|向|和|协调|联系|制定|签|进入|启动|报|落实|采购|立项|开工)|"
    r"[^除为]了(?!解|结|$)|截至|截止(?:目前|到)|合同(?:中|里|书)?(?:约定|规定|签订)|上述|当时|原定|原计划|曾经|经查|接到|收到|来信|反映的|自从|以来"
)
_DONE = late(r"(?:已|已经|均已|现已|业已)(?:[于在经]|由|将其|全部|顺利|正式|\s)*$")
_CITIZEN = late(
    r"请(?:您|你|携带|广大|各位|及时|提前|务必|于|在|按|到|持|自行|市民|业主|居民|网友|咨询)|(?:您|你)(?:可|需|须|应|务必|凭|如|若|在|于|持|也可)|(?:申请|参保|缴费|纳税|当事|投保|报考|投诉|报名|受益|监护)人|家长|考生|学员|新生儿|"
    r"报名|逾期|携带|登录|有效期|可(?:以)?(?:在|于|自|向|到|凭|持|申请|享受|提起|提出|办理)|复议|诉讼|起诉|仲裁|申诉|截止|工作时间|办公时间|营业时间|上班时间"
)
_RULE = late(
    r"应当|[天日]内可(?:以)?[退换]|(?<!答)应(?:在|于|自)|无理由|(?:供[暖热]|采暖|禁渔|禁烧|禁采)期[^，。]{0,8}[至到]|规定[^，。]{0,2}[：:，]?|依法应|一般(?:需|在|为|情况)?|(?:办理|审批|审核|法定|服务|公示|保修|质保|缴费|申请|承诺)(?:时限|期限|期(?!间)|时间)|(?<!最[迟晚])不超过|不得|禁止|保修|质保|原则上|标准|每(?:年|月|季|周|半年|次|个?工作)|本(?:通知|办法|规定|政策|条例|细则)|施行|生效|"
    r"(?<![还尚仍])需要?(?:约)?(?:\d|[一二三四五六七八九十])|怀孕|推算|累计|入院|产后|出生|术后|周期|工期(?:为|约|\d)|为期|持续|连续|历时|有效|年满|满\d|(?:缴费|工作|居住|参保)满|条例|办法》|以上|以下的"
)
_FROM = late(
    r"(?:受理|收到|签收|接到|接件|登记|提交|申请|备案|公示|生效|批准|送达|签订|确认)[^，。]{0,8}(?:之日起|后|起)|之日起|(?<![即今])日起"
)
_OURS = late(
    r"(?:我|本)(?:[局办中镇县区市院校站队委公处所社街道们司单位科支大]{1,4})|(?:施工|责任|物业|开发|产权|养护|建设|运营|供热|供水|供电|燃气|中标|承建)(?:单位|公司|方|商|企业)|公司|社区|街道|学校|医院|维修(?:人员|队)|队员|民警|师傅|工人|专班|执法人员|工作人员|技术员|店家|商家|商户|厂家|企业"
)
_CONDITION = late(
    r"(?:待|等|视|俟)(?!遇|业|定|命|办|于|候|级|同|效)[^，。；]{1,30}?(?:后|以后|之后|时|再(?=[行予作]?\w)|情况|而定|到位|成熟|落实|具备|允许|批复|下达|确定|完成)|(?:资金|经费|条件|时机|手续|政策|规划|土地|征迁|拆迁)[^，。；]{0,8}(?:到位|成熟|落实|具备|允许|许可|完善|批复|明确|调整|完成)(?:后|以后|之后|时|的情况下|的前提下)?|"
    r"(?:在)?[^，。；]{0,6}(?:条件|财力|资金)(?:允许|许可)|适时|择机|酌情|视情"
)
_VAGUE = late(
    rf"(?:将|会|再)(?:进一步|继续|持续|尽快|积极|逐步|适时|择机|及时|抓紧|努力|认真|加强|加大|严格|密切|全力|尽力|依法|统筹|予以|充分|协调|督促|安排|组织|结合|会同|与|向|对|把|在)?"
    rf"[^，。；]{{0,24}}?(?:{_DEED}|加强|加大|推进|协调|督促|研究|考虑|跟进|关注|改进|完善|提高|优化|汇报|争取|考量|论证|监管)|"
    rf"(?:拟|计划|争取|力争|承诺|保证|确保|准备|打算|即将|有望|预计)[^，。；]{{0,24}}?(?:{_DEED}|推进|协调|研究|考虑)|"
    r"(?:尽快|尽早|早日|及早|抓紧|加快|逐步|适时|择机|后续|近期|近日|不日|稍后|下一步|下步)[^，。；]{2,}|(?:列入|纳入)[^，。；]{0,20}(?:计划|规划|方案|项目|考虑|范围|盘子|清单)"
)
_NO_PROMISE = late(
    r"将(?:被|不予|无法|不能|影响|导致|造成|面临|承担|视为|会影响|受到|产生|一如既往|竭诚|会产生)|会(?:影响|导致|产生|造成|有所|被|出现|越来越)|为您?服务|谅解|欢迎|感谢|祝您|"
    r"将[^，。]{1,12}(?:反映|拨打|投诉|提供)(?:给|到|至)我"
)
_NOT = late(r"无法|暂无|尚无|不能|不会|难以|暂不|未能|没有|不再|不予")
_AFTER = late(
    r"(?:完成|到位|批复|获批|结束|到货|拨付|下达|移交|验收|通过|确定|签[订约]|完善|落实|齐全|施工许可|交付|竣工|停雨|雨停|具备)(?:之?后|以后)?[的，]?\s*$"
)
_DONE_BY = late(
    r"已(?:于|经(?!济)|[^，。]{0,8}(?:完|好|毕|清|拆|修))|完成了|结清了|您(?:要求|提出|说|本人)|(?:是否|传言|每)"
)
"""What takes a day back that sounds promised: it is done, or somebody else's."""

_NOT_OURS = late(
    r"参保|缴费|享受|待遇|入学|出生|营业|考试|请您?(?:于|在|携|关注|登录)|[路桥镇村街]于|年终(?:考核|总结)|周末(?:或|双休)|批复后|[（(]周"
)
"""Whose day it is in clauses that tell what citizens, the law or the season do."""

_NAMES = late(r"《[^》]*》|“(?!(?:五一|十一|六一|七一|八一|三八|元旦|国庆|春节|双十一)[^”]{0,2}”)[^”]*”")
_WEAK = frozenset(("whole_year", "this_month", "week", "feast", "term", "month"))
"""A stretch of time that as often only names something ("2026年的计划"): it needs a word of the future beside it."""

_AT_ONCE = late(
    r"\s*(?:起|开始|正式|左右|(?:[上下中]午|晚上?)?\d{1,2}(?:[点时]|[:：]\d)[^，。]{0,4}前|完[工成]|竣工|开[工通]|通[车水]|动工|交[房付]|建成|投[入用]|召开|组织"
    r"|安排|上门|派|恢复|实施|启动|前后)"
)
_HOUR = late(
    r"^\s*(?:[上下中]午|早上?|清晨|一早|夜[里间]|凌晨|半夜|晚[上间]?|傍晚|后晌|(?:约|大约)?\d{1,2}[时点]半?|\d{1,2}[:：]\d\d|当[天日]|那天|[两三四五]天|试|重新|正式|全部|全线|统一|[，,]|\s)+(?![前之以])"
)
_READY = late(
    r"\s*[，,]?\s*(?:您|你)?(?:就|即|便)?可(?:以)?(?:[凭持带到来去][^，。；]{1,12})?(?:领|取|拿|使用|查到|收到)"
)
"""What is ready for the citizen by then is promised, though it is the citizen who comes for it."""

_CAN_BE = late(rf"(?:就|便|即)?(?:可以?|能够?|方可)(?!申请|在|于|向|凭|提)[^，。；]{{0,4}}?(?:{_DEED})")
_TAKEN_UP = late(r"把[^，。；了]{2,}")
_OVER = late(r"[现均都业]?已经?(?!列入|纳入)|至今|逾期|仍未")
_ON_THE_DAY = late(r"当[天日]$|[那这]天$|^[次翌]日")

_TODAY = frozenset(("今天", "今日", "今儿", "今晚", "今夜", "今天内", "今日内"))
_STILL_TODAY = late(
    r"(?:[^，。；了已过]{0,10}(?:就|便|再|会|派|去|前往|加班|连夜)(?:[^，。；了已过]|过去){1,20}|把[^，。；了已过]{1,20}(?:完|好|清|齐|毕|到位|掉|走))(?:[，。；]|$)"
)
"""Today's work that is still to be done: nothing of it is said to be over."""

_OURSELVES = late(
    r"^(?:我(?:们|局|镇|乡|街道|办|委|处|站|所|队|中心|公司|单位|县|区|市)|本(?:局|单位|公司|中心|院|校))"
)
_EDGES = "，,。；;：:、！!？? \t\n"


def promises_in(reply: str, said_on: date, working_days: WorkingDays = weekdays_after) -> tuple[Promise, ...]:
    """Every promise of a reply in order, the dated ones once for each day and deed."""
    found: list[Promise] = []
    for sentence in _told(reply):
        dated = list(_dated(sentence, said_on, working_days))
        found += dated or _undated(sentence)
    return tuple(_each_once(found))


def _each_once(found: list[Promise]) -> list[Promise]:
    """What is told twice of one day, now shorter and now longer (measures and the answer to the citizen), is one promise."""
    kept: list[Promise] = []
    for one in found:
        if not any(_tells_it(other, one) for other in kept):
            kept = [*(other for other in kept if not _tells_it(one, other)), one]
    return kept


def _tells_it(other: Promise, one: Promise) -> bool:
    same_day = other.due == one.due
    return same_day and (other.deed == one.deed or (one.due is not None and _letters(one) <= _letters(other)))


def _letters(one: Promise) -> set[str]:
    """The letters of what is promised, whichever way the unit speaks of itself."""
    return set(_OURSELVES.sub("", one.deed))


def dated_promises(reply: str, said_on: date, working_days: WorkingDays = weekdays_after) -> tuple[Promise, ...]:
    """Only those with a day, the nearest first."""
    dated = [one for one in promises_in(reply, said_on, working_days) if one.due is not None]
    return tuple(sorted(dated, key=lambda one: one.due or date.max))


def _told(reply: str) -> list[str]:
    """The sentences that may promise: greetings, thanks and the date of the signature are gone."""
    whole = strip_reply(reply)
    kept = re.sub(r"\s*(?:20\d\d|二[〇零○]\S\S)\s*年\s*\S{1,3}\s*月\s*\S{1,3}\s*日\s*$", "", whole.whole)
    return [sentence for piece in kept.split("\n") for sentence in sentences_of(piece)]


def _dated(sentence: str, said_on: date, working_days: WorkingDays) -> Iterator[Promise]:
    bare = _NAMES.sub(lambda name: "＊" * len(name.group()), sentence)
    whens = find_dates(bare, said_on, working_days)
    for at, when in enumerate(whens):
        start, end = _stretch(sentence, when, whens[at + 1] if at + 1 < len(whens) else None)
        clause = sentence[start:end]
        if _until(sentence, when, whens[at + 1 :]) or not _is_bound(sentence, start, end, when, said_on):
            continue
        yield Promise(_deed(clause, when), when.due, when.text, sentence.strip(), _condition(clause))


def _until(sentence: str, when: When, later: list[When]) -> bool:
    """The beginning of a stretch of time ("3月至5月"), or a day that is only about ("元旦前后，最晚1月5日"): the later date counts."""
    return bool(later) and _LATER_COUNTS.fullmatch(sentence[when.end : later[0].start]) is not None


_LATER_COUNTS = late(r"\s*(?:起)?\s*(?:至|到|—|-|~|、|和|或)\s*|(?:前后|左右|上下)[^。；]*最[晚迟][^。；，]{0,6}")


def _stretch(sentence: str, when: When, following: When | None) -> tuple[int, int]:
    """Where the clause of this date begins and ends; a clause that holds only the date takes the next one too."""
    cuts = [0, *(found.start() for found in CLAUSES.finditer(sentence)), len(sentence)]
    start = max(cut for cut in cuts if cut <= when.start)
    ends = [cut for cut in cuts if cut >= when.end]
    end = ends[0]
    for cut in ends[1:]:
        if (
            _ACT.search(sentence[when.end : end])
            or _ACT.search(sentence[start : when.start])
            or (following and following.start < cut)
        ):
            break
        end = cut
    return start, end


def _is_bound(sentence: str, start: int, end: int, when: When, said_on: date) -> bool:
    """By the rules below, unless the clause sounds like none; or by its sound, for a day ahead that nothing takes back."""
    clause = sentence[start:end]
    if of_others(sentence, start, end, when):
        return False
    if when.kind == "span" and when.due > said_on and _READY.match(sentence[when.end : end]):
        return not any(one.search(clause) for one in (_RULE, _FROM, _PAST, _NOT))
    sounds = binds(sentence, start, end, (when.start, when.end))
    if _is_promised(sentence, clause, start, when, said_on):
        return sounds >= HARDLY
    ahead = when.due > said_on or (when.due == said_on and _limit(when, sentence[when.end : end]))
    return ahead and sounds >= SURELY and not _taken_back(clause, when, said_on)


def _taken_back(clause: str, when: When, said_on: date) -> bool:
    """It hangs, is a rule, denied, done or somebody else's; or its words name a stretch of time rather than a day."""
    last = when.kind in ("day", "month") and (when.due - said_on).days > FAR and not re.search("[年前内底]", when.text)
    stretch = when.kind in ("whole_year", "term", "feast") and not (
        _LAST_DAY.search(when.text) or (_LIMIT.search(when.text) and _ACT.search(clause))
    )
    by_words = (IF, _NOT, _NO_PROMISE, _DONE_BY, _PAST, _RULE, _FROM, _NOT_OURS)
    return last or stretch or any(one.search(clause) for one in by_words)


def _is_promised(sentence: str, clause: str, start: int, when: When, said_on: date) -> bool:
    at = when.start - start
    before, after = clause[: max(at, 0)], clause[max(at, 0) + (when.end - when.start) :]
    if IF.search(clause) or _DONE.search(before):
        return False
    if (
        "合同" in before
        or _NOT.search(clause)
        or _NO_PROMISE.search(clause)
        or (when.kind == "span" and _AFTER.search(before))
    ):
        return False
    after = re.sub(r"^\s*期间", "", after)
    at_hour = _HOUR.sub("", after)
    if re.search(r"整改(?:时限|期限|时间)?[^，。]{0,4}(?:为|至|到|：|:|止于)\s*$", before) and when.due >= said_on:
        return True
    future = (
        _FUTURE.search(before)
        or _FUTURE.search(after[:14])
        or (_FUTURE.search(sentence[:start][-40:]) and not _PAST.search(clause))
        or when.kind in ("wait", "lasts")
        or (when.kind == "span" and _CAN_BE.match(after))
        or (when.text in _TODAY and _STILL_TODAY.match(at_hour))
    )
    hoped = future and (_LIMIT.search(when.text) or when.kind in ("wait", "lasts")) and len(after) > 3
    if not _ACT.search(before + after) and not hoped and not (when.due > said_on and _bound_to_a_day(when, after)):
        return False
    if when.due < said_on or (when.due == said_on and not _LIMIT.search(when.text) and when.kind != "day_word"):
        over = _PAST.search(clause) or _OVER.search(sentence[start + len(clause) :])
        return bool(_FUTURE.search(before)) and not over and (said_on - when.due).days <= 60
    if _CITIZEN.search(clause) and not (_OURS.search(clause) and future):
        return False
    if _FROM.search(clause) and not future and not when.text.endswith("日"):
        return False
    if _RULE.search(clause) and not (future and _OURS.search(sentence[: start + len(clause)])):
        return False
    if _PAST.search(clause) and not (future and not _PAST.search(after)):
        return False
    if (
        when.kind in ("day", "month")
        and (when.due - said_on).days > FAR
        and not future
        and "年" not in when.text
        and not _limit(when, after)
    ):
        return False  # a day without a year that lies far ahead was rather the last one of that name
    if (
        when.due > said_on
        and when.kind not in _WEAK
        and _OURS.search(clause)
        and not re.search(r"[日号]\s*$", when.text)
    ):
        return True
    if when.due > said_on and when.kind != "whole_year" and _ACT.match(at_hour.strip()):
        return True
    if when.kind == "whole_year" and re.search(r"[列纳]入\S{0,3}$|[列报]为\S{0,3}$", before):
        return False
    if when.kind == "whole_year" and not (future and _ACT.search(after[:6])):
        return False
    return (
        bool(future)
        or _limit(when, after)
        or bool(_AHEAD.match(when.text) and not _STATE.match(after))
        or bool(_AT_ONCE.match(at_hour))
        or bool(_ON_THE_DAY.search(when.text) and when.due > said_on and _ACT.search(after))
    )


def _limit(when: When, after: str) -> bool:
    """Whether the date is the last one that counts ("5月3日前", "下周五下班前")."""
    return bool(_LIMIT.search(when.text) or _HOUR_BEFORE.match(after))


def _bound_to_a_day(when: When, after: str) -> bool:
    """Whether something is said to happen by a day that can only lie ahead, in whatever words."""
    deed = _HOUR_BEFORE.sub("", after).strip(_EDGES)
    last_day = (
        _LAST_DAY.search(when.text) or _HOUR_BEFORE.match(after) or _AHEAD.match(when.text) or _TAKEN_UP.fullmatch(deed)
    )
    return bool(last_day) and len(deed) > 3 and not _STATE.match(deed) and not _ENTITLED.search(deed)


def _deed(clause: str, when: When) -> str:
    """The clause without its date and the words that lead up to it."""
    before, _, after = clause.partition(when.text)
    bare = (
        re.sub(r"(?:并?将|拟|定|表示将|承诺将?|计划|预计|力争|争取)?[于在至自从到]?\s*$", "", before) + after
    ).strip(_EDGES)
    bare = re.sub(r"^起(?=\S)|自[^，。]{1,8}之日起", "", bare)
    bare = re.sub(r"^(?:预计|计划|力争|争取|确保|将于|将在|定于|拟于|并?将|于|在|我们)+(?=\S{3})", "", bare)
    return bare if len(bare) <= LONGEST else bare[: LONGEST - 1] + "…"


def _condition(text: str) -> str:
    found = _CONDITION.search(text)
    return found.group() if found else ""


def _undated(sentence: str) -> list[Promise]:
    """At most one of a sentence: the first clause that only hopes."""
    for clause in CLAUSES.split(sentence):
        if not _VAGUE.search(clause) or _NO_PROMISE.search(clause) or IF.search(clause) or _CITIZEN.search(clause):
            continue
        if _PAST.search(clause) and not _FUTURE.search(clause):
            continue
        deed = clause.strip(_EDGES)
        return [
            Promise(
                deed if len(deed) <= LONGEST else deed[: LONGEST - 1] + "…",
                None,
                "",
                sentence.strip(),
                _condition(sentence),
            )
        ]
    return []
