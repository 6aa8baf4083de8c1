"""The ways a matter goes, each with its share of all contacts: honest units and lazy ones, false closings, and what comes back."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, replace

from hotline.demo.matter import Matter
from hotline.demo.steps import (
    Step,
    asked_for,
    contacted,
    decided,
    dispatched,
    does,
    passed,
    phoned,
    rated,
    replied,
    replied_again,
    sent_back,
    signed,
    texted,
)
from hotline.simulate import words

Told = tuple[Matter, ...]
Course = Callable[[Matter, random.Random], Told]
UNCLEAR = "没有写清楚结果，请写明是否解决、什么时候解决，并附照片。"
UNTRUE = "市民反映并没有解决，请现场核实后重新办理。"


@dataclass(frozen=True)
class Way:
    """asks: the caller wants to know something, and is told at once. by_unit: a unit works on it, in its own hours.

    fixed: its days hang on the very minute at which it begins, so it always begins at the same.
    """

    name: str
    share: float
    course: Course
    asks: bool = False
    by_unit: bool = True
    fixed: bool = False


def _until_reply(chance: random.Random, days: int) -> tuple[Step, ...]:
    return (
        dispatched(f"{chance.randrange(6, 18)}min"),
        signed(f"{chance.randrange(8, 25)}min"),
        contacted(f"{chance.randrange(6, 15)}min"),
        replied(f"{days}wd"),
    )


def _answer(chance: random.Random) -> tuple[Step, ...]:
    """What a citizen says to the question; four in ten say nothing."""
    said = chance.random()
    if said < 0.34:
        return (texted("1", f"{chance.randrange(30, 50)}min"),)
    if said < 0.56:
        return (rated("45min", solved="yes", result="5", attitude="5"),)
    return (rated("45min", solved="yes", result="4", attitude="4"),) if said < 0.6 else ()


def solved(matter: Matter, chance: random.Random) -> Told:
    return (replace(matter, steps=(*_until_reply(chance, chance.randrange(1, 4)), passed("25min"), *_answer(chance))),)


def unclear_first(matter: Matter, chance: random.Random) -> Told:
    """A reviewer sends back what does not say how it ended."""
    steps = (
        *_until_reply(chance, chance.randrange(1, 3)),
        sent_back("R01", note=UNCLEAR, after="20min"),
        signed("20min"),
        _replied_again(chance),
        passed("25min"),
        *_answer(chance),
    )
    return (replace(matter, steps=steps),)


def closed_falsely(matter: Matter, chance: random.Random) -> Told:
    """A lazy unit calls it solved in its usual words; the citizen says no, and it is done again."""
    matter = replace(matter, found=matter.found.replace(words.ACCOUNT, ""))
    steps = (
        *_until_reply(chance, 1),
        passed("25min"),
        rated("40min", solved="no", result="1", attitude="2", contacted="no"),
        sent_back("R11", note=UNTRUE, after="1wd", by="followup"),
        signed("20min"),
        _replied_again(chance),
        passed("25min"),
        texted("1", "40min"),
    )
    return (replace(matter, steps=steps),)


def lazy(matter: Matter, chance: random.Random) -> Told:
    """Nobody signs until the clock does, and the reply comes after the limit."""
    steps = (
        dispatched("15min"),
        contacted("2wd"),
        replied("10wd", facts=chance.choice(words.LAZY)),
        passed("25min"),
        *_answer(chance),
    )
    return (replace(matter, steps=steps),)


def comes_back(matter: Matter, chance: random.Random) -> Told:
    """Called solved, and told again by the same citizen some weeks later."""
    (first,) = solved(matter, chance)
    (second,) = solved(matter, chance)
    return first, replace(second, name="again")


def refused_rightly(matter: Matter, chance: random.Random) -> Told:
    """A unit objects in time, the desk agrees and sends it elsewhere."""
    steps = (
        dispatched("12min", unit="elsewhere"),
        does("unit", "object", "30min", reason="不属于本单位职责，请核对派单目录。", basis="市政府三定方案"),
        does("dispatch", "uphold", "25min", reason="同意，重新派单。"),
        dispatched("10min"),
        signed("15min"),
        contacted("10min"),
        replied("2wd"),
        passed("25min"),
        *_answer(chance),
    )
    return (replace(matter, steps=steps),)


def refused_wrongly(matter: Matter, chance: random.Random) -> Told:
    steps = (
        dispatched("12min"),
        does("unit", "object", "30min", reason="涉及其他部门，建议改派。", basis="部门职责规定"),
        does("dispatch", "overrule", "25min", reason="属于你单位职责，请签收办理。"),
        signed("15min"),
        contacted("10min"),
        replied("2wd"),
        passed("25min"),
        *_answer(chance),
    )
    return (replace(matter, steps=steps),)


def extended(matter: Matter, chance: random.Random) -> Told:
    until = _until_reply(chance, 3)
    steps = (
        *until[:-1],
        asked_for("extension", "unit", "配件需要外地发货，申请延期。", "1wd"),
        decided("supervisor", True, "同意延期一次。", "30min"),
        replied("3wd"),
        passed("25min"),
        *_answer(chance),
    )
    return (replace(matter, steps=steps),)


def waits(matter: Matter, chance: random.Random) -> Told:
    until = _until_reply(chance, 1)
    steps = (
        *until[:-1],
        does("unit", "wait", "20min", until=6, reason="材料六日后到货，已与市民约定日期。"),
        does("unit", "resume", "4wd"),
        replied("40min"),
        passed("25min"),
        *_answer(chance),
    )
    return (replace(matter, steps=steps),)


def half_solved(matter: Matter, chance: random.Random) -> Told:
    steps = (
        *_until_reply(chance, 2),
        passed("25min"),
        texted("2 还差一点", "40min"),
        does("followup", "close_judged", "20min", reason="已电话解释剩余部分的安排，市民接受。"),
    )
    return (replace(matter, steps=steps),)


def phoned_after(matter: Matter, chance: random.Random) -> Told:
    steps = (
        *_until_reply(chance, 2),
        passed("25min"),
        phoned("23h", solved="yes", result="4", attitude="5"),
    )
    return (replace(matter, steps=steps),)


def urged(matter: Matter, chance: random.Random) -> Told:
    until = _until_reply(chance, 3)
    steps = (
        *until[:-1],
        does("agent", "urge", "1wd", text="市民来电催办。"),
        until[-1],
        passed("25min"),
        *_answer(chance),
    )
    return (replace(matter, steps=steps),)


def told_twice(matter: Matter, chance: random.Random) -> Told:
    """Two citizens telephone about one matter; the desk merges the second."""
    (first,) = solved(replace(matter, name="first"), chance)
    second = replace(matter, name="second", steps=(does("dispatch", "merge", "9min", master="first"),))
    return first, second


def answered(matter: Matter, chance: random.Random) -> Told:
    steps = (does("agent", "answer_directly", f"{chance.randrange(2, 9)}min", answer=chance.choice(words.TOLD)),)
    return (replace(matter, kind="consult", steps=steps),)


def declined(matter: Matter, chance: random.Random) -> Told:
    route = chance.choice(("court", "other-city", "petition"))
    return (replace(matter, steps=(does("lead", "decline", f"{chance.randrange(4, 20)}min", route=route),)),)


def handed_on(matter: Matter, chance: random.Random) -> Told:
    steps = (does("agent", "transfer_out", "2min", body="110", note="已三方通话转接。"),)
    return (replace(matter, steps=steps),)


def withdrawn(matter: Matter, chance: random.Random) -> Told:
    steps = (dispatched("15min"), does("agent", "withdraw", "30min", reason="市民来电说问题已自行解决。"))
    return (replace(matter, steps=steps),)


def nuisance(matter: Matter, chance: random.Random) -> Told:
    steps = (does("agent", "void", "2min", reason="骚扰来电，没有诉求。"),)
    return (replace(matter, says=chance.choice(words.NOBODY), place="", rating=None, steps=steps),)


WAYS: tuple[Way, ...] = (
    Way("answered", 57.0, answered, asks=True, by_unit=False),
    Way("solved", 24.0, solved),
    Way("unclear_first", 2.6, unclear_first),
    Way("closed_falsely", 1.5, closed_falsely, fixed=True),
    Way("lazy", 1.6, lazy, fixed=True),
    Way("comes_back", 1.0, comes_back),
    Way("refused_rightly", 0.7, refused_rightly, fixed=True),
    Way("refused_wrongly", 0.6, refused_wrongly, fixed=True),
    Way("extended", 1.0, extended, fixed=True),
    Way("waits", 0.6, waits, fixed=True),
    Way("half_solved", 1.2, half_solved),
    Way("phoned_after", 1.8, phoned_after),
    Way("urged", 1.0, urged),
    Way("told_twice", 0.8, told_twice),
    Way("declined", 1.6, declined, by_unit=False),
    Way("handed_on", 0.8, handed_on, by_unit=False, fixed=True),
    Way("withdrawn", 0.4, withdrawn, by_unit=False),
    Way("nuisance", 0.8, nuisance, by_unit=False),
)


def _replied_again(chance: random.Random) -> Step:
    """What was seen and done since it was sent back: nothing of the first reply stands in it."""
    step = replied_again("1wd", _counted(words.AGAIN, chance))
    return replace(step, said={**step.said, "facts": _counted(words.SEEN_AGAIN, chance)})


def _counted(sentences: tuple[str, ...], chance: random.Random) -> str:
    return chance.choice(sentences).replace("{count}", words.COUNT)
