"""Score sheets and sampling plans as frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from hotline.i18n import N_, language

ASPECTS = {
    "manner": N_("接听"),
    "record": N_("记录"),
    "category": N_("分类"),
    "unit": N_("单位"),
    "urgency": N_("紧急程度"),
    "place": N_("地点"),
    "dispatch": N_("派单"),
    "reply": N_("答复"),
    "follow_up": N_("回访"),
}
ABOUT = ("agent", "dispatcher", "unit", "follow_up")
"""Whose work a sheet looks at."""

DRAWS = {"random": N_("随机"), "agent": N_("每人几件"), "risk": N_("按风险"), "all": N_("此类全查")}


@dataclass(frozen=True)
class Question:
    """One line of a sheet. fatal: "no" makes the whole sheet 0. na: it may not apply."""

    code: str
    aspect: str
    question: str
    question_en: str
    points: int
    fatal: bool = False
    na: bool = False


@dataclass(frozen=True)
class Sheet:
    """pass_mark: of 100, what is good enough; below it the person is coached."""

    code: str
    name: str
    name_en: str
    about: str
    pass_mark: int
    questions: tuple[Question, ...]

    def written(self) -> dict[str, Any]:
        """The sheet as it stands now, kept with what is scored by it: the file may change before the last appeal."""
        return {
            "name": self.name,
            "name_en": self.name_en,
            "pass_mark": self.pass_mark,
            "questions": [vars(one) for one in self.questions],
        }


@dataclass(frozen=True)
class Plan:
    """What is drawn for a sheet each day. most: how many, of draw "agent" for each person. readers: 1, or 2 who are blind to each other.

    days: how far back. request_types, channels, urgencies, categories (of the first level): empty for all.
    """

    code: str
    name: str
    name_en: str
    sheet: str
    draw: str
    most: int
    readers: int = 1
    days: int = 7
    request_types: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    urgencies: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()


@dataclass(frozen=True)
class QualityRules:
    """appeal_days: working days in which a result may be appealed. agree_within: how many points two readers may lie apart.

    nowhere: categories (of either level) of which nobody asks where it is: papers, pensions, registers.
    """

    sheets: Mapping[str, Sheet] = field(default_factory=dict)
    plans: tuple[Plan, ...] = ()
    appeal_days: int = 5
    agree_within: int = 10
    nowhere: frozenset[str] = frozenset()

    def plan(self, code: str) -> Plan | None:
        return next((one for one in self.plans if one.code == code), None)


def title(one: Sheet | Plan) -> str:
    """Its name in the reader's language."""
    return one.name_en if language() == "en" else one.name
