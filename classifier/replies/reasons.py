"""Why a reply looks unclear and what it lacks, in the codes of the checklist, each with the words it was seen in."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from classifier.replies.boilerplate import Kind
from classifier.replies.features import Reading, Sign
from classifier.replies.requests import Ask

WORDING: Mapping[str, str] = {
    "nothing_left": "去掉客套话、收悉和转办说明后，没有任何办理内容",
    "only_forwarded": "只说明已收悉或已转办，没有办理结果",
    "elsewhere_only": "只让来电人去问别的单位或自行拨打电话，本单位没有办理",
    "not_ours": "称不属于本单位职责，没有说明由谁办理",
    "asks_back": "要求来电人补充情况或来联系，没有就已有内容办理",
    "promise_only": "只有承诺，没有日期、措施或责任单位",
    "waits_for": "要等条件具备才办，没有日期，也没有说由谁负责",
    "still_studying": "还在研究、协调或调查，没有结论，也没有时间",
    "no_outcome": "没有说明查到了什么、做了什么或决定了什么",
    "off_the_matter": "答复与主要诉求“%(request)s”没有对上",
    "left_out": "没有回应其中的诉求“%(request)s”",
    "rule_unnamed": "称按规定办理，但没有说明是哪一条规定",
    "already_answered": "只说此前已经答复，没有答复内容",
    "template": "内容空泛，换一件事也能这样答复",
    "item_outcome": "办理结果或调查结论",
    "item_answer": "对所问问题的明确回答",
    "item_when": "完成时间或下一步的日期",
    "item_who": "由谁负责办理",
    "item_reason": "不能办理的原因",
    "item_basis": "所依据的具体规定",
    "item_contact": "联系人或联系电话",
    "item_request": "对诉求“%(request)s”的回应",
}
"""Every sentence by its key; `hotline` may word them in other languages from key and params."""


@dataclass(frozen=True)
class Why:
    """One reason (R code) or one missing item (code ""): its sentence by key and params, and the words of the reply."""

    code: str
    key: str
    evidence: str = ""
    params: Mapping[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The sentence in Chinese."""
        return WORDING[self.key] % dict(self.params)


_TOLD = (Sign.ACTION, Sign.FINDING, Sign.NAMED_BASIS, Sign.AMOUNT, Sign.PROCEDURE)
_COVERED = 0.06
_QUESTIONS = frozenset((Ask.WHEN, Ask.HOW_MUCH, Ask.HOW, Ask.WHERE_WHO, Ask.WHETHER))


def reasons_of(reading: Reading, acts: Mapping[str, float]) -> list[Why]:
    """The reasons a strict reviewer could give, the gravest first; empty when nothing speaks against the reply.
    `acts` is the summary of what its sentences do."""
    numbers = reading.numbers
    outcome = acts["outcome_max"]
    found: list[Why] = []
    if not reading.stripped.text or (numbers["nothing"] and outcome < 0.6):
        return [_hollow(reading)]
    found += _passed_on(reading, numbers, outcome)
    if not reading.count(Sign.ACTION) and (outcome < 0.6 or numbers["demand_soft"]):
        found += _only_hopes(reading)
    found += _left_open(reading, outcome)
    return found or ([Why("R01", "no_outcome", reading.stripped.text[:60])] if outcome < 0.35 else [])


def _hollow(reading: Reading) -> Why:
    if reading.stripped.forwarded or reading.stripped.has(Kind.RECEIPT):
        return Why("R20", "only_forwarded", _said(reading, Kind.FORWARD) or _said(reading, Kind.RECEIPT))
    return Why("R21" if not reading.stripped.text else "R01", "nothing_left", reading.stripped.whole[:60])


def _said(reading: Reading, kind: Kind) -> str:
    return next((clause.text.strip() for clause in reading.stripped.clauses if clause.kind is kind), "")


def _passed_on(reading: Reading, numbers: Mapping[str, float], outcome: float) -> list[Why]:
    found: list[Why] = []
    told = sum(reading.count(sign) for sign in _TOLD)
    if reading.count(Sign.ALREADY) and numbers["log_real"] < 4.2:
        found.append(Why("R01", "already_answered", reading.first(Sign.ALREADY)))
    if reading.count(Sign.NOT_OURS) and told <= 2:
        found.append(Why("R07", "not_ours", reading.first(Sign.NOT_OURS)))
    elif reading.count(Sign.ELSEWHERE) and (told == 0 or outcome < 0.45):
        found.append(Why("R07", "elsewhere_only", reading.first(Sign.ELSEWHERE)))
    if reading.count(Sign.ASK_MORE) and outcome < 0.7:
        found.append(Why("R10", "asks_back", reading.first(Sign.ASK_MORE)))
    return found


def _only_hopes(reading: Reading) -> list[Why]:
    if reading.count(Sign.STUDYING) and not reading.count(Sign.DATE):
        return [Why("R01", "still_studying", reading.first(Sign.STUDYING))]
    if reading.count(Sign.PROMISE):
        return [Why("R09", "promise_only", reading.first(Sign.PROMISE))]
    return []


def _left_open(reading: Reading, outcome: float) -> list[Why]:
    found: list[Why] = []
    if (
        reading.count(Sign.BASIS)
        and not reading.count(Sign.NAMED_BASIS)
        and reading.numbers["log_real"] < 4.5
        and not reading.count(Sign.AMOUNT)
    ):
        found.append(Why("R06", "rule_unnamed", reading.first(Sign.BASIS)))
    open_ones = [match.request for match in reading.matches if match.score < _COVERED]
    if any(request.main for request in open_ones) and outcome < 0.6:
        found.append(Why("R02", "off_the_matter", reading.stripped.text[:60], {"request": _short(reading.main.text)}))
    elif len(open_ones) >= 2 and len(open_ones) * 2 >= len(reading.matches):
        found.append(Why("R08", "left_out", "", {"request": _short(open_ones[-1].text)}))
    return found


def _short(text: str) -> str:
    return text if len(text) <= 30 else text[:29] + "…"


def missing_of(reading: Reading, acts: Mapping[str, float]) -> list[Why]:
    """The items of a full answer that the reply lacks, by name."""
    question = reading.main.ask in _QUESTIONS
    has = {sign: bool(reading.count(sign)) for sign in Sign}
    items: list[Why] = []
    if question and acts["outcome_max"] < 0.5 and not (has[Sign.YES] or has[Sign.NO] or has[Sign.AMOUNT]):
        items.append(Why("", "item_answer"))
    if not question and not (has[Sign.ACTION] or has[Sign.FINDING] or has[Sign.PLAN]):
        items.append(Why("", "item_outcome"))
    if (has[Sign.PROMISE] or has[Sign.PLAN] or has[Sign.STUDYING]) and not has[Sign.DATE] and not has[Sign.ACTION]:
        items.append(Why("", "item_when"))
    if not question and not has[Sign.WHO]:
        items.append(Why("", "item_who"))
    if has[Sign.NO] and not (has[Sign.REASON] or has[Sign.BASIS] or has[Sign.FINDING]):
        items.append(Why("", "item_reason"))
    if has[Sign.BASIS] and not has[Sign.NAMED_BASIS]:
        items.append(Why("", "item_basis"))
    if not has[Sign.CONTACT] and not reading.stripped.contacts:
        items.append(Why("", "item_contact"))
    open_ones = [
        m.request for m in reading.matches if m.score < _COVERED and (m.request.main or len(reading.matches) <= 6)
    ]
    return items + [Why("", "item_request", "", {"request": _short(request.text)}) for request in open_ones[:3]]
