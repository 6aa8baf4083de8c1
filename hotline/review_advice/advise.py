"""Read one reply as a strict reviewer would and say it in the city's words. It advises; people decide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import object_session

from classifier.text.masking.mask import mask
from hotline.city.schema import City
from hotline.i18n import N_, _, language
from hotline.review_advice.contradictions import Contradiction, contradictions
from hotline.review_advice.memory import FIELDS, Memory, least, remember
from hotline.review_advice.others import Heard, own_points
from hotline.review_advice.registry import built_in
from hotline.review_advice.sent_back import PARTS, SentBack, last_sent_back, written
from models import Reply, Ticket

if TYPE_CHECKING:
    from classifier.replies.judge import Judge, ReplyJudgement
    from classifier.replies.match import Match
    from classifier.replies.reasons import Why

UNCLEAR = 0.5
"""From here on the advice is to send it back."""

LEVELS: tuple[tuple[float, str, str, str], ...] = (
    (0.8, "bad", N_("很可能被退回"), N_("像这样的答复，十份里有八份以上会被退回。")),
    (UNCLEAR, "warn", N_("可能被退回"), N_("像这样的答复，退回的比通过的多。")),
    (0.2, "info", N_("基本清楚"), N_("多半能通过，补上下面几处更稳妥。")),
    (0.0, "good", N_("看起来清楚"), N_("办了什么、结果怎样都说到了。")),
)
"""From which probability on, tone, the words for it, and what they mean."""

TO_CHECK = ("warn", N_("有几处要核对"), N_("可能通过，也可能退回：下面几处请先看清楚。"))
"""Said in the place of "clear" where something that stands beside it speaks against that."""

OTHER_WORDS = N_("办了什么、结果怎样都说到了，但没有一句与诉求用词相近：请看说的是不是同一件事。")
"""Of a reply that seems clear: it may answer in other words, or another matter."""

CORE = frozenset({"R01", "R02", "R08"})
"""Result unclear, request not answered, a point left out: beside any of these nothing is called clear."""

ANSWERED = 0.06
"""How well the best sentence must fit a request to count as its answer."""

SAID_ELSEWHERE = {"item_who": "handler", "item_basis": "legal_basis", "item_reason": "outcome_reason"}
"""Items of a full answer that the structured form asks for in a field of its own."""

NEAREST = {"R20": "R01", "R21": "R01"}
"""Only received or passed on, and empty: a city whose checklist has no such reason calls the result unclear."""

MOST = 6


@dataclass(frozen=True)
class Point:
    """A likely reason: its R code and name, what was seen, the words of the reply it was seen in (masked), the question
    of the checklist that a reviewer would answer with no, and what the checklist asks of the unit then.
    """

    code: str
    name: str
    sentence: str
    evidence: str
    question: str
    remedy: str


@dataclass(frozen=True)
class Covered:
    """A request of the citizen and the sentence of the reply that fits it best ("" when none does), both masked.

    number: whose it is, of a request that only a merged citizen makes.
    """

    request: str
    sentence: str
    number: str = ""

    @property
    def answered(self) -> bool:
        return bool(self.sentence)


@dataclass(frozen=True)
class Advice:
    """p: the probability (0–1) that a strict reviewer sends it back. missing: items of a full answer, by name.
    memory: what became of the last send-back (None in the first round). against: what does not go together.

    public_unclear: the whole form may be clear, but what the citizen will read is not.
    """

    p: float
    tone: str
    words: str
    meaning: str
    reasons: tuple[Point, ...]
    missing: tuple[str, ...]
    covered: tuple[Covered, ...]
    public_unclear: bool
    trained: bool
    memory: Memory | None = None
    against: tuple[Contradiction, ...] = ()

    @property
    def verdict(self) -> str:
        return "redo" if self.p >= UNCLEAR else "pass"

    @property
    def flagged(self) -> bool:
        """Whether the unit should look again before it submits."""
        return self.verdict == "redo" or self.public_unclear or bool(self.against) or self.others_open

    @property
    def nothing_fits(self) -> bool:
        """No request of the citizen has found a sentence that answers it."""
        own = [one for one in self.covered if not one.number]
        return bool(own) and not any(one.answered for one in own)

    @property
    def others_open(self) -> bool:
        """Whether a request that only a merged citizen makes has found no sentence."""
        return any(one.number and not one.answered for one in self.covered)

    @property
    def doubtful(self) -> bool:
        """Whether something was seen that a person must look at, however likely it is to pass."""
        seen = bool(self.against or CORE & set(self.codes))
        return seen or self.public_unclear or self.nothing_fits or self.others_open

    @property
    def to_check(self) -> bool:
        """It would pass, were there not something that a person must look at: then its probability says too much."""
        return self.verdict == "pass" and self.doubtful

    @property
    def percent(self) -> int:
        """Never quite certain: nought and a hundred would promise too much."""
        return min(max(round(100 * self.p), 1), 99)

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(point.code for point in self.reasons))


def advise(
    city: City,
    ticket: Ticket,
    reply_fields: Mapping[str, Any],
    judge: Judge | None = None,
    before: SentBack | None = None,
    on: date | None = None,
    others: Sequence[Heard] = (),
) -> Advice | None:
    """What a strict reviewer would say to this reply, knowing what the last round was sent back for; None while nothing is
    written. judge: a trained one, if any. before: the last send-back, for those who have read it; else the ticket's own
    session is asked. on: the day it is written on. others: what the citizens said whose tickets were merged in.
    """
    reply = written(reply_fields)
    if not reply:
        return None
    judge = judge or built_in()
    message = request_of(ticket)
    found = judge.judge(message, reply)
    public = written(reply_fields, ("public_answer",))
    alone = judge.judge(message, public).p_send_back if public else found.p_send_back
    db = object_session(ticket)
    before = before or (last_sent_back(db, ticket) if db is not None else None)
    memory = remember(city, before, reply_fields, found) if before else None
    found = replace(found, p_send_back=max(found.p_send_back, least(memory)))
    told = _advice(city, found, reply_fields, memory, public_unclear=alone >= UNCLEAR > found.p_send_back)
    theirs = tuple(Covered(one.request, mask(one.sentence), one.number) for one in own_points(message, reply, others))
    against = contradictions(db, city, ticket, reply_fields, before, found.outcome, on)
    return _no_clearer_than_seen(replace(told, against=against, covered=(*told.covered, *theirs[:MOST])))


def _no_clearer_than_seen(told: Advice) -> Advice:
    if not told.to_check:
        return told
    tone, words, meaning = TO_CHECK
    return replace(told, tone=tone, words=_(words), meaning=_(meaning))


def warm_up() -> None:
    """Load what the first judgement needs (seconds), so that no unit waits for it while it writes."""
    built_in().judge("路灯坏了，请修。", "已修好。")


def fields_of(reply: Reply) -> dict[str, Any]:
    """A stored reply as the form would give it."""
    return {name: getattr(reply, name) for name in (*PARTS, "outcome", *SAID_ELSEWHERE.values(), *FIELDS.values())}


def _advice(
    city: City, found: ReplyJudgement, fields: Mapping[str, Any], memory: Memory | None, *, public_unclear: bool
) -> Advice:
    tone, words, meaning = next(level[1:] for level in LEVELS if found.p_send_back >= level[0])
    doubtful = found.p_send_back >= LEVELS[2][0]
    if not doubtful and any(match.request.main and match.score < ANSWERED for match in found.covered):
        meaning = OTHER_WORDS
    seen = tuple(_point(city, why, code) for why in found.reasons if (code := _code(city, why))) if doubtful else ()
    seen = (*_left_open(city, memory), *seen)
    reasons = tuple({point.code: point for point in reversed(seen)}.values())[::-1]
    return Advice(
        p=found.p_send_back,
        tone=tone,
        words=_(words),
        meaning=_(meaning),
        reasons=reasons,
        missing=_missing(found.missing, fields) if doubtful else (),
        covered=tuple(_covered(match) for match in found.covered[:MOST] if doubtful or _is_sure(match)),
        public_unclear=public_unclear,
        trained=found.trained,
        memory=memory,
    )


def _left_open(city: City, memory: Memory | None) -> tuple[Point, ...]:
    """The reasons of the last send-back that this reply still leaves open."""
    from classifier.replies.reasons import Why

    if memory is None:
        return ()
    why = {
        "same": _("与上一轮被退回的答复一字不差，这一条仍没有回应。"),
        "cosmetic": _("与上一轮被退回的答复相比只改了措辞，这一条仍没有回应。"),
        "news": _("上一轮因这一条退回，这次仍没有看到回应。"),
    }[memory.change]
    return tuple(
        replace(_point(city, Why(item.code, "no_outcome"), item.code), sentence=why)
        for item in memory.open_items
        if item.code in city.reasons
    )


def _code(city: City, why: Why) -> str:
    """The city's own code for it, "" when its checklist knows nothing like it."""
    return next((code for code in (why.code, NEAREST.get(why.code, "")) if code in city.reasons), "")


def _point(city: City, why: Why, code: str) -> Point:
    question = next((city.question(item.code) for item in city.checklist if item.reason == code), "")
    reason = city.reasons[code]
    remedy = reason.hint_en if language() == "en" else reason.hint
    return Point(code, city.reason_name(code), _sentence(why), mask(why.evidence), question, remedy)


def _missing(items: tuple[Why, ...], fields: Mapping[str, Any]) -> tuple[str, ...]:
    """Requests without an answer are told by `covered`, and what stands in a field of its own is not missing."""
    return tuple(
        _sentence(item)
        for item in items
        if item.key != "item_request" and not str(fields.get(SAID_ELSEWHERE.get(item.key, ""), "") or "").strip()
    )


def _sentence(why: Why) -> str:
    from classifier.replies.reasons import WORDING

    return mask(_(WORDING[why.key], **why.params))


def _is_sure(match: Match) -> bool:
    """A clear reply often answers the main request in other words: then nothing is said of it."""
    return match.score >= ANSWERED or not match.request.main


def _covered(match: Match) -> Covered:
    return Covered(mask(match.request.text), mask(match.sentence) if match.score >= ANSWERED else "")


def request_of(ticket: Ticket) -> str:
    """Subject and body; a subject that was taken from the body is not a second request. Of a sealed ticket what the unit reads."""
    if ticket.privacy == "sealed":
        return ticket.text.unit_words or ""
    title, body = ticket.title.strip().rstrip("…"), ticket.text.body
    return body if not title or title in body else f"{title}\n{body}"
