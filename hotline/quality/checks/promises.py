"""We said that we would call back: by when, and whether anybody did."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from classifier.replies.promised.due_dates import find_dates
from classifier.said.reader import said
from classifier.text.normalise import plain
from classifier.text.patterns.late import late
from hotline.city.schema import City
from hotline.quality.checks.record import Fault, Record
from routing.spans import Span

_CALL = late(
    "回电|回个?电话|回拨|回个?话|回个?信|致电|拨打|(?:打|去|再)一?个?电话|电话(?:告知|告诉|通知|答复|回复|反馈|联系|沟通|说明)|(?:打|拨|去)(?:给|到)|(?:去|来|通)个?电话|去电|电联|(?:打|拨|回)[过回]去|通个?话|(?:再|另行|主动|马上|及时)[^,。;]{0,4}(?:联系|答复|回复)|(?:回复|答复)电话|电话[^,。;]{0,4}(?:回复|答复)|"
    "给[^,。;]{0,4}(?:回音|回话|信儿?|准信|准话)|电话(?:转告|解释)|打(?:电话)?过去|电告|电话打[给过]|打[他她](?:的)?(?:手机|电话)|电话[^,。;]{0,2}打[给到]|回[他她](?=[,。;]|$)|"
    "给(?:他|她|其|您|市民|来电[人者]|对方|群众)[^,。;]{0,4}(?:回复|答复|准信|准话|回话|回音|信儿)|"
    "给(?:他|她|其|人家|老人|市民|对方|来电[人者])[^,。;]{0,4}(?:打(?:[一个过,。]|电话|$)|回(?:[一个过,。]|$))|等[^,。;]{0,3}(?:信儿?|电话|回音|准信)(?=[,。;]|$)|"
    "给[^,。;]{0,4}(?:准数|个数|说法|结果|答案)|(?:我们?|我处|我方|我中心|我这边|本[人席])[^,。;]{0,4}(?:来打|找[他她])"
)
_TELL = late(
    "(?:联系|联络|告诉|告知|知会|通知|转告|答复|回复|回应|回访)(?:一下)?(?:他|她|其(?![保留意注])|您|市民|来电[人者]|对方|群众|本人|老人|家长|用户|商户|业主|住户|企业|司机|店主)"
)
"""A call only where it is said before that it is still to come: "told them" is over."""

_LATER = late(
    r"稍[后晚候]|过后|饭后|晌午|中午|傍晚|清早|一早|礼拜|届时|到时|回头|随后|待会|过会|一会|明[天日早晚]|后[天日]|今[天日晚]|下午|晚上|上午|下班前|[本下这]?(?:周|星期|礼拜)[一二三四五六日天末]|最[迟晚]|点[之以]?前|当[天日]|即|"
    r"(?:\d+|[一二两三五半]+)个?(?:小时|分钟|天|日|工作日)(?:之?内|后|以内)|(?:核实|了解|查询|问清楚?|问好|问明白|确认|查清|查完|有结果|查到|核到|弄清|打听|落实)[^,。;]{0,12}[后了就]|等[^,。;]{1,12}(?:再|就|后|过|了|通知|告|好)|刻钟|承诺|答应|约[定好了]|说好|讲好|保证|将|会"
)
_DONE = late(
    "(?:无需|不用|不必|无须|不需)再?[^,。;]{0,4}(?:联系|回|打|告)|提醒[^,。;]{0,8}(?:留意|保持|接听)|"
    "(?:已经?|刚|都)(?:给|向|电话|致电|回|联系|与)[^,。;]{0,10}(?:回电|回复|答复|联系|告知|沟通)[了过完]|[回打]过电话"
)
_OURS = late(
    "话务员|座席|坐席|我中心|(?<!被)(?:已|已经)?(?:承诺|答应|约定|约好|告知|告诉|说好)(?:来电[人者]|市民|其|他|她)"
)
_THEIRS = late(
    "(?:商[家户]|物业|客服|老板|店[家里主]?|开发商|施工[方队]|社区|村委?|街道|单位|公司|学校|医院|银行|快递|师傅|局|他们|人家|工作人员|供电|自来水|燃气|热力|中介|房东|厂家|派出所|对方|经理)[^,。;!?]{0,12}$"
)
_ASKED_OF = late(
    r"(?:(?<![一-龥]向)[问找催]过?|咨询|请示|请教|联系)(?=[^,。;!?]{1,6}(?:局|公司|学校|医院|单位|物业|社区|街道|村|派出所|中介))[^,。;!?]{1,4}"
)
"""Whom we ask: they promise nothing by it."""

_REPORTED = late("^(?![我本已跟与同和向给对说讲答应])[一-龥]{2,4}(?:自己)?[说讲称](?![定好妥明清])")
"""What somebody else said: it is a promise of whoever they speak of."""

_SELF = late("我(?!们?小区)|本席|本人来|[跟与和向同](?:他|她|其|您|市民|来电[人者]|对方)(?:说|讲|约|定)")
"""Who writes the note speaks of themselves."""

_CITIZENS = late("^(?:市民|来电[人者]|对方|群众|[他她]|企业|司机|商户)")
"""What the citizen said of when they can be reached is nobody's promise."""

_SURELY = 0.5
_BEFORE = 30
"""So many signs before a call of a record it must be said whose promise it is."""

_HOURS = late(r"(\d+|[一二两三四五六半])个?(小时|分钟)(?:之?内|后|以内)")
_CLAUSE = late(r"[^。;!?\n]+")
_NUMBERS = dict(zip("一二三四五六", range(1, 7), strict=True)) | {"两": 2}
_DAYS = (("后天", 2), ("后日", 2), ("明", 1), ("今", 0), ("下班前", 0))


def no_call_back(city: City, record: Record, now: datetime) -> Fault | None:
    """The first promise that is due and after which nobody reached the citizen."""
    for at, clause, where in promises(record):
        if due_of(city, clause, at) < now and not any(reached > at for reached in record.reached):
            return Fault(where, clause[:60])
    return None


def still_due(city: City, record: Record, now: datetime) -> datetime | None:
    """When to look again, because a promise is not due yet."""
    dues = (due_of(city, clause, at) for at, clause, _where in promises(record))
    return min((due for due in dues if due >= now), default=None)


def promises(record: Record) -> list[tuple[datetime, str, str]]:
    """(when, clause, where) of each promise of ours. A note is ours anyhow; in the record it must be said whose promise it is."""
    told = [(record.at, clause, "body") for clause in _clauses(record.body) if _is_ours(clause)]
    noted = [
        (note.at, clause, "note")
        for note in record.spoken
        for clause in _clauses(note.words) or _meant(note.words)
        if not _is_theirs(clause)
    ]
    return told + noted


def _meant(words: str) -> list[str]:
    """Sentences of a note that promise a call in words that no list holds."""
    sentences = [one[0] for one in _CLAUSE.finditer(plain(words)) if not _DONE.search(one[0])]
    return [one for one, p in zip(sentences, said("promise", sentences), strict=True) if p >= _SURELY]


def _is_ours(clause: str) -> bool:
    """Said to be ours right before the call."""
    call = _call_in(clause)
    return call is not None and bool(_OURS.search(clause[max(0, call.start() - _BEFORE) : call.end()]))


def _clauses(words: str) -> list[str]:
    found = (one[0] for one in _CLAUSE.finditer(plain(words)))
    return [clause for clause in found if _LATER.search(clause) and _call_in(clause) and not _DONE.search(clause)]


def _call_in(clause: str) -> re.Match[str] | None:
    """The last call that is spoken of."""
    calls = [*_CALL.finditer(clause), *(one for one in _TELL.finditer(clause) if _LATER.search(clause[: one.start()]))]
    return max(calls, key=lambda one: one.start(), default=None)


def _is_theirs(clause: str) -> bool:
    """Who stands last before the call has promised it; where nobody does, the part before it says ("the works said: …")."""
    call = _call_in(clause)
    starts = call.start() if call else len(clause)
    ahead = clause[:starts]
    theirs, ours = _THEIRS.search(_ASKED_OF.sub("", ahead)), list(_OURS.finditer(ahead))
    if theirs and not (ours and ours[-1].end() > theirs.start() + 1):
        return True
    start = clause.rfind(",", 0, starts) + 1
    part, before = clause[start:], clause[:start].rstrip(",").rpartition(",")[2]
    if ours or _SELF.search(part) or _OURS.search(part):
        return False
    return bool(_REPORTED.search(part) or (_REPORTED.search(before) and not _CITIZENS.search(before)))


def due_of(city: City, words: str, at: datetime) -> datetime:
    """The end of the day that is named, or so many hours later; where none is named, the end of the next working day."""
    if hours := _HOURS.search(words):
        return at + timedelta(minutes=_number(hours[1]) * (60 if hours[2] == "小时" else 1))
    zone = ZoneInfo(city.timezone)
    named = find_dates(words, at.astimezone(zone).date())
    day = named[0].due if named else _day(city, words, at)
    return datetime.combine(day, time.max, zone)


def _day(city: City, words: str, at: datetime) -> date:
    zone = ZoneInfo(city.timezone)
    days = next((days for sign, days in _DAYS if sign in words), None)
    then = city.calendar.add(at, Span(1, "wd")) if days is None else at + timedelta(days=days)
    return then.astimezone(zone).date()


def _number(written: str) -> float:
    return 0.5 if written == "半" else _NUMBERS.get(written) or float(written)
