"""The words in which a demo life is told: who does what, how long after the step before."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Step:
    """verb: an action of the life cycle, or one of the player's own words (text, rate, ask_for, decide).

    by: agent, lead, dispatch, unit, sub, helper, review, followup, supervisor, head, leader-city, media, or citizen.
    after: a span since the step before ("20min", "2wh").
    """

    verb: str
    by: str
    after: str
    said: dict[str, Any] = field(default_factory=dict)


def does(by: str, verb: str, after: str = "30min", **said: Any) -> Step:
    """Any action of the life cycle by anybody."""
    return Step(verb, by, after, said)


def dispatched(after: str = "12min", **said: Any) -> Step:
    """To the unit that was proposed, unless another is named ("home" is the demo's own unit)."""
    return Step("dispatch", "dispatch", after, said)


def signed(after: str = "1wh") -> Step:
    return Step("sign", "unit", after)


def contacted(after: str = "1wh", note: str = "已电话联系市民，核实了地点和经过，告知办理时限。") -> Step:
    return Step("contact", "unit", after, {"how": "phone", "reached": "yes", "note": note})


def replied(after: str = "9wh", **said: Any) -> Step:
    """The reply form, filled from what the matter says was found and done."""
    return Step("reply", "unit", after, said)


def replied_again(after: str, done: str) -> Step:
    """The reply of a later round: what was done since it was sent back."""
    return Step("reply", "unit", after, {"measures": done, "public_answer": f"重办情况：{done}感谢您的监督。"})


def passed(after: str = "2wh") -> Step:
    return Step("pass", "review", after)


def sent_back(*reasons: str, note: str, after: str = "2wh", by: str = "review") -> Step:
    return Step("redo", by, after, {"reasons": list(reasons), "note": note})


def texted(words: str, after: str = "50min") -> Step:
    """The citizen answers, adds or asks by text message."""
    return Step("text", "citizen", after, {"words": words})


def rated(after: str = "20h", **said: Any) -> Step:
    """The citizen opens the link of the survey."""
    return Step("rate", "citizen", after, said)


def phoned(after: str = "5wh", **said: Any) -> Step:
    """The follow-up agent asks by telephone and keys the answer."""
    return Step("record", "followup", after, said)


def asked_for(kind: str, by: str, reason: str, after: str = "1wh") -> Step:
    return Step("ask_for", by, after, {"kind": kind, "reason": reason})


def decided(by: str, granted: bool, decision: str = "", after: str = "1wh") -> Step:
    """The petition asked last is granted or refused."""
    return Step("decide", by, after, {"granted": granted, "decision": decision})


HANDLED = (dispatched(), signed(), contacted(), replied())
SOLVED = (*HANDLED, passed())
