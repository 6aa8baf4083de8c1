"""Callers of the practice room, and by what a run is scored, as frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from hotline.i18n import N_, language

ENDS = {
    "submit": N_("受理成工单"),
    "answer": N_("直接答复"),
    "transfer": N_("转接"),
    "urge": N_("催办原来的工单"),
    "none": N_("不留记录，结束通话"),
}
"""How a call may end."""

ITEMS = {
    "end": N_("处理方式"),
    "transfer": N_("转接"),
    "asked": N_("问话"),
    "facts": N_("记录要点"),
    "category": N_("类别"),
    "unit": N_("承办单位"),
    "urgency": N_("紧急程度"),
    "area": N_("区县"),
    "place": N_("地点"),
    "privacy": N_("保密级别"),
    "type": N_("诉求类型"),
    "split": N_("分成几件"),
    "never": N_("不能做的事"),
}
"""What a run is scored for."""

SAID, WRITTEN, TITLE = "said", "written", "title"
SPOTS = (SAID, WRITTEN, TITLE)
"""Where words must not stand: in what the agent says, in what is written down, in the title alone."""


@dataclass(frozen=True)
class Kind:
    """A kind of call, by the trap in it."""

    code: str
    name: str
    name_en: str


@dataclass(frozen=True)
class Question:
    """What an agent may say with one key. words: by which the same question is known when it is typed; unknown: what a caller
    says who was given no answer to it."""

    code: str
    ask: str
    words: tuple[str, ...]
    unknown: str


@dataclass(frozen=True)
class Words:
    """Words that count, any of them. what: the name of the fact, or why they must not be there; spot: see SPOTS."""

    what: str
    any: tuple[str, ...]
    spot: str = WRITTEN


@dataclass(frozen=True)
class Special:
    """What this caller says to words of their own matter."""

    words: tuple[str, ...]
    say: str


@dataclass(frozen=True)
class Matter:
    """What must be written down of one matter. Empty: not scored. urgency: any of these is right."""

    categories: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    area: str = ""
    place: tuple[str, ...] = ()
    urgency: tuple[str, ...] = ()
    privacy: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    facts: tuple[Words, ...] = ()


@dataclass(frozen=True)
class Key:
    """The right way. ends: any of these; to: the line of a transfer; asks: questions that must have been put; never: words that
    fail the run; fatal: items (see ITEMS) without which the run is failed whatever its points."""

    ends: tuple[str, ...]
    matters: tuple[Matter, ...]
    to: str = ""
    asks: tuple[str, ...] = ()
    never: tuple[Words, ...] = ()
    fatal: tuple[str, ...] = ()


@dataclass(frozen=True)
class Earlier:
    """A matter that this caller already has here. days: how old it is."""

    number: str
    title: str
    days: int


@dataclass(frozen=True)
class Script:
    """One invented caller. first: the question that must come before the others are answered, and what is said until then.

    advice: the sentence to remember. answers: question → what the caller says.
    """

    code: str
    kind: str
    name: str
    phone: str
    says: str
    advice: str
    key: Key
    answers: Mapping[str, str] = field(default_factory=dict)
    specials: tuple[Special, ...] = ()
    first: str = ""
    until: str = ""
    earlier: Earlier | None = None


@dataclass(frozen=True)
class Exam:
    """draw: kind → how many callers of it. days: after how many days a failed one may be sat again; most: how often in a month;
    months: how long the certificate is good."""

    code: str
    name: str
    name_en: str
    draw: Mapping[str, int]
    minutes: int
    pass_mark: int
    days: int
    most: int
    months: int

    @property
    def callers(self) -> int:
        return sum(self.draw.values())

    def written(self) -> dict[str, Any]:
        """The rules as they stood when the examination began."""
        return {**asdict(self), "draw": dict(self.draw)}


@dataclass(frozen=True)
class PracticeRules:
    """points: what each item is worth. pass_mark: of 100, for a single run. puzzled: what a caller says to words that ask nothing."""

    kinds: Mapping[str, Kind] = field(default_factory=dict)
    questions: Mapping[str, Question] = field(default_factory=dict)
    points: Mapping[str, int] = field(default_factory=dict)
    pass_mark: int = 80
    puzzled: str = ""
    exams: Mapping[str, Exam] = field(default_factory=dict)
    scripts: Mapping[str, Script] = field(default_factory=dict)

    def of_kind(self, kind: str) -> list[Script]:
        """Scripts of a kind, or all of them."""
        return [one for one in self.scripts.values() if not kind or one.kind == kind]


def title(one: Kind | Exam) -> str:
    """Its name in the reader's language."""
    return one.name_en if language() == "en" else one.name
