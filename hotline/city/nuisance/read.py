"""Reads nuisance.yaml; a city that marks nobody has no such file."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from hotline.city.marked import YamlRow, YamlSheet
from hotline.city.mistakes import Notebook
from hotline.city.nuisance.schema import NuisanceRules, Reason
from hotline.i18n import N_

FILE = "nuisance.yaml"
MOST_DAYS, MOST_MINUTES = 180, 10


def read_nuisance(folder: Path, ready_words: Collection[str], notebook: Notebook) -> NuisanceRules:
    """ready_words: the codes of the city's own ready words, of which one may be suggested."""
    if not (folder / FILE).exists():
        return NuisanceRules()
    book = YamlSheet(folder, FILE, notebook)
    reasons: dict[str, Reason] = {}
    for row in book.top.list_of_rows("reasons"):
        one = Reason(row.code(), row.text("name"), row.text("name_en"), _within(row, "days", 30, 1, MOST_DAYS))
        if one.code in reasons:
            row.mistake("code", N_("代码“%(code)s”重复"), code=one.code)
        reasons[one.code] = one
    minutes, word = _within(book.top, "wait_minutes", 3, 0, MOST_MINUTES), book.top.text("ready_word", "")
    if word and word not in ready_words:
        book.top.mistake("ready_word", N_("ready.yaml 里没有“%(code)s”这条现成话"), code=word)
    book.finish()
    return NuisanceRules(reasons, minutes, word)


def _within(row: YamlRow, name: str, default: int, least: int, most: int) -> int:
    value = row.whole(name, default)
    if not least <= value <= most:
        row.mistake(name, N_("“%(name)s”应在 %(least)d 到 %(most)d 之间"), least=least, most=most)
    return value
