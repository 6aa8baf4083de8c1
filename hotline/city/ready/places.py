"""The places in ready words: {工单号} is filled from the ticket, any other name by the person; what stays open is marked plainly."""

from __future__ import annotations

import re
from collections.abc import Mapping

from classifier.text.masking.mask import ANSWER, personal_spans
from hotline.i18n import N_

PLACES = {
    "工单号": N_("工单号"),
    "单位": N_("承办单位"),
    "市民称呼": N_("市民的称呼"),
    "期限": N_("最近的期限"),
    "类别": N_("类别"),
    "今天": N_("今天的日期"),
    "明天": N_("明天的日期"),
    "本人": N_("您的姓名"),
    "热线": N_("热线号码"),
}
"""What the program fills, and what it is."""

LONGEST_NAME = 20
PLACE = re.compile(rf"\{{([^{{}}\n]{{1,{LONGEST_NAME}}})\}}")
OPEN = re.compile(rf"【请填：?([^】\n]{{0,{LONGEST_NAME}}})】?")
"""A place that nobody has filled yet, also where somebody deleted a part of its mark."""

_BRACE = re.compile(r"[{}]")


def filled(body: str, values: Mapping[str, str]) -> str:
    """The words with what is known in their places; what is not known is marked as open."""
    return PLACE.sub(lambda found: values.get(found[1]) or f"【请填：{found[1]}】", body)


def open_places(text: str) -> list[str]:
    """The names of the places that are still open in a text, each once."""
    return list(dict.fromkeys(OPEN.findall(text)))


def holes(text: str) -> list[str]:
    """The names of the places in words that are about to be said: marked as open, or never filled."""
    return list(dict.fromkeys([*open_places(text), *(name for name in PLACE.findall(text) if name in PLACES)]))


def stray_braces(body: str) -> bool:
    """Whether a brace is left that belongs to no place."""
    return bool(_BRACE.search(PLACE.sub("", body)))


def personal(text: str) -> list[str]:
    """Pieces that look like somebody's personal data: an office's own numbers and rooms are public, a name is nobody's."""
    bare = PLACE.sub(" ", text)
    found = [one for one in personal_spans(bare, where=ANSWER) if one.kind != "name"]
    found += [one for one in personal_spans(bare) if one.kind == "name"]
    return [bare[one.start : one.end] for one in found]
