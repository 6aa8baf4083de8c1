"""Reads quality.yaml; a city that scores nothing has no such file."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

from hotline.city.marked import YamlRow, YamlSheet
from hotline.city.mistakes import Notebook
from hotline.city.quality.schema import ABOUT, ASPECTS, DRAWS, Plan, QualityRules, Question, Sheet
from hotline.i18n import N_

FILE = "quality.yaml"
URGENCIES = ("normal", "urgent", "critical")


def read_quality(folder: Path, categories: Collection[str], notebook: Notebook) -> QualityRules:
    """In the order of the file. categories: the codes that plans may name."""
    if not (folder / FILE).exists():
        return QualityRules()
    book = YamlSheet(folder, FILE, notebook)
    sheets: dict[str, Sheet] = {}
    for row in book.top.list_of_rows("sheets"):
        _once(row, sheets, one := _sheet(row))
        sheets[one.code] = one
    plans: dict[str, Plan] = {}
    for row in book.top.list_of_rows("plans"):
        _once(row, plans, drawn := _plan(row, sheets, categories))
        plans[drawn.code] = drawn
    nowhere = book.top.words("nowhere")
    rules = QualityRules(
        sheets,
        tuple(plans.values()),
        book.top.whole("appeal_days", 5),
        book.top.whole("agree_within", 10),
        frozenset(nowhere),
    )
    for code in nowhere:
        if categories and code not in categories:
            book.top.mistake("nowhere", N_("没有类别“%(code)s”"), code=code)
    if rules.appeal_days < 1:
        book.top.mistake("appeal_days", N_("“%(name)s”不能小于 1"))
    book.finish()
    return rules


def _once(row: YamlRow, known: Mapping[str, object], one: Sheet | Plan) -> None:
    if one.code in known:
        row.mistake("code", N_("代码“%(code)s”重复"), code=one.code)


def _sheet(row: YamlRow) -> Sheet:
    questions: dict[str, Question] = {}
    for line in row.list_of_rows("questions"):
        one = _question(line)
        if one.code in questions:
            line.mistake("code", N_("代码“%(code)s”重复"), code=one.code)
        questions[one.code] = one
    if sum(one.points for one in questions.values() if not one.na) < 1:
        row.mistake("questions", N_("至少要有一问有分值、且总是适用"))
    return Sheet(
        row.code(),
        row.text("name"),
        row.text("name_en"),
        row.choice("about", ABOUT),
        _at_least(row, "pass_mark", 80, 1),
        tuple(questions.values()),
    )


def _question(row: YamlRow) -> Question:
    return Question(
        row.code(),
        row.choice("aspect", tuple(ASPECTS)),
        row.text("question"),
        row.text("question_en"),
        _at_least(row, "points", 0, 0),
        row.yes("fatal"),
        row.yes("na"),
    )


def _plan(row: YamlRow, sheets: Mapping[str, Sheet], categories: Collection[str]) -> Plan:
    plan = Plan(
        row.code(),
        row.text("name"),
        row.text("name_en"),
        row.text("sheet"),
        row.choice("draw", tuple(DRAWS)),
        _at_least(row, "most", 10, 1),
        _at_least(row, "readers", 1, 1),
        _at_least(row, "days", 7, 1),
        row.words("request_types"),
        row.words("channels"),
        row.choices("urgencies", URGENCIES),
        row.words("categories"),
    )
    if plan.sheet and plan.sheet not in sheets:
        row.mistake("sheet", N_("没有评分表“%(sheet)s”"), sheet=plan.sheet)
    if plan.readers > 2:
        row.mistake("readers", N_("“%(name)s”只能是 1 或 2"))
    for code in plan.categories:
        if categories and code not in categories:
            row.mistake("categories", N_("没有类别“%(code)s”"), code=code)
    return plan


def _at_least(row: YamlRow, name: str, default: int, least: int) -> int:
    value = row.whole(name, default)
    if value < least:
        row.mistake(name, N_("“%(name)s”不能小于 %(least)s"), least=least)
    return value
