"""Whose day is it? The citizen's, another's, the law's, a shop's or a timetable's: nobody of ours is bound by those."""

from classifier.replies.promised.due_dates import When
from classifier.text.patterns.late import late

IF = late(r"^\s*(?:如(?!期|实|约|数)|若|如果|倘若|一旦|假如)")
CLAUSES = late(r"(?<=[，,；;：:])")
_SAID_BY_THEM = late(
    r"(?:您|您本人|市民|来电人|反映人|住户|对方|当事人|业主|网友|群众)[^，。]{0,3}(?:要求|提出|声?称|说|希望|反映|自述|想)[^，。]{0,8}$|"
    r"请(?:各位|广大)?(?:您|业主|市民|居民|住户|群众|家长|申请人|当事人|用户)们?[^，。]{0,6}$|曾[^，。]{0,8}$|(?:上次|当时|此前|以前)[^，。]{0,12}$"
)
_THEIR_DUTY = late(r"(?:您|孩子|家长|考生|学生|业主|申请人|用户)[^，。]{0,8}$")
_MUST = late(r"\s*(?:必?须|需要?|应当?|得|务必)")
_NO_DEED = late(r"\s*(?:每[天日][^，。]{0,4}\d|满|是否|的(?!话|时候)|[^，。]{1,6}的(?:不|可|应|按|享))")
_EVERY_TIME = late(r"[当次]月|当[天日]")
_BUT_NOT_HERE = late(r"^[，,]?(?:但|不过|然而)[^。]{0,14}(?:不在|未列|不含|不包括|除外)")
_YOU_MAY = late(r"(?:您|你|贵[公单学][司位校])(?:可以?|应|必须|需|须|凭[^，。]{1,6})(?:于|在)?[^，。]{0,2}$")
_ANOTHERS = late(
    r"(?:房东|中介|法院|法庭|判决书?|裁[定决]书?|仲裁委|卖[家方]|邻居|银行)[^，。]{0,14}(?:限|要求|判|裁|让|催|令|约定)[^，。]{0,8}$|"
    r"(?:限|要求|让|叫|催)(?:您|你|房客|租客|租户|住户|承租人)[^，。]{0,4}$|(?:村规民约|乡规|公约|章程)定?[^，。]{0,4}$|规定(?:的?时间)?(?:是|为)?[在于]?$"
)
"""Whoever demands something of the citizen, and what a rule lays down."""

_NOT_A_DEED = late(
    r"(?:您|你|市民|来[电信]人|反映人|投诉人|居民|村民|住户|业主|群众)们?[^，。]{0,3}(?:表示|打算|诉求|意见|意愿|想法|计划|盼|期[望待])[^，。]{0,6}$|"
    r"(?:天气|气象|预报|预警)[^，。]{0,8}$|(?:因为?|由于|鉴于)$"
)
"""What citizens mean to do, the weather, and what is only a reason."""

_BY_RULE = late(r"(?:规定|依法|条例|办法|细则|政策)[，,]?[^，。]{1,12}(?:必?须|应当?|需)(?:[在于])?$")

_HELD = late(
    r"(?:考试|比赛|赛事|面试|笔试|演出|庙会|展览|招聘会|中考|高考|报名|体测|选拔|学校|图书馆|博物馆|景区|场馆)[^，。]{0,10}(?:安排|定|将)?[在于]?$"
)
_HELD_THEN = late(r"\s*(?:进行|举[行办]|开考|开赛|[开闭休]馆|放假|开放|开学|休[业息])")
_SET = late(r"(?:考试|比赛|赛事|面试|笔试|演出|招聘会|中考|高考|体测)[^，。]{0,4}(?:安排|定)[在于]$")
_ENDS = late(r"\s*(?:为止|结束|到期|届满|终止|截止|失效|清零|作废|过期)")
_ENDS_OF_OURS = late(
    r"停[水电气暖产工运]|施工|围挡|检修|抢修|维修|封闭|改造|工程|整[治改]|清[淤理]|管制|绕行|作业|噪[音声]"
)
"""What ends by a day is somebody's offer, lease or ticket, unless it is works that trouble people."""

_TOOK = late(r"[^，。]{0,10}(?<!为)(?:又(?=[^，。]{0,6}[装修拆建开放堆停])|曾)")


def of_others(sentence: str, start: int, end: int, when: When) -> bool:
    """The citizen's demand or duty, an earlier promise, a day of every month or one that hangs on somebody's word."""
    before, after = sentence[start : when.start], sentence[when.end : end]
    return bool(
        _SAID_BY_THEM.search(before)
        or (_THEIR_DUTY.search(before) and _MUST.match(after))
        or _YOU_MAY.search(before)
        or _NOT_A_DEED.search(before)
        or _BY_RULE.search(sentence[: when.start])
        or _ANOTHERS.search(before)
        or _SET.search(before)
        or (_HELD.search(before) and _HELD_THEN.match(after))
        or (_ENDS.match(after) and not _ENDS_OF_OURS.search(before))
        or _TOOK.match(after)
        or _NO_DEED.match(after)
        or _EVERY_TIME.fullmatch(when.text)
        or any(IF.search(piece) for piece in CLAUSES.split(sentence[:start]))
        or _BUT_NOT_HERE.search(sentence[end:])
    )
