"""What answers to a sheet are worth: yes all of a question's points, partly half, no none; what does not apply is left out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hotline.errors import Refusal
from hotline.i18n import N_, _

ANSWERS = {"yes": N_("是"), "partly": N_("部分"), "no": N_("否"), "na": N_("不适用")}
WORTH = {"yes": 1.0, "partly": 0.5, "no": 0.0}


def allowed(question: Mapping[str, Any]) -> tuple[str, ...]:
    """A fatal question knows no halves, and only some may not apply."""
    halves = () if question["fatal"] else ("partly",)
    return ("yes", *halves, "no", *(("na",) if question["na"] else ()))


def checked(sheet: Mapping[str, Any], answers: Mapping[str, str]) -> dict[str, str]:
    """One answer to each question. Raises Refusal naming the first without one."""
    found = {one["code"]: answers.get(one["code"], "") for one in sheet["questions"]}
    for number, one in enumerate(sheet["questions"], 1):
        if found[one["code"]] not in allowed(one):
            raise Refusal(_("第 %(n)s 问还没有回答。", n=number), field=one["code"])
    return found


def score(sheet: Mapping[str, Any], answers: Mapping[str, str]) -> tuple[float, bool]:
    """(0–100, whether a fatal question was answered with no: then it is 0)."""
    asked = [one for one in sheet["questions"] if answers[one["code"]] != "na"]
    fatal = any(one["fatal"] and answers[one["code"]] == "no" for one in asked)
    most = sum(one["points"] for one in asked)
    reached = sum(one["points"] * WORTH[answers[one["code"]]] for one in asked)
    return (0.0 if fatal or not most else round(100 * reached / most, 1)), fatal


def is_good(sheet: Mapping[str, Any], points: float, fatal: bool) -> bool:
    return not fatal and points >= sheet["pass_mark"]
