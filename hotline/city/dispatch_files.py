"""Reads dispatch.yaml: the ordered rules, and the right routes for what is out of scope."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from hotline.city.marked import YamlRow, YamlSheet, read_source
from hotline.city.mistakes import Notebook
from hotline.city.schema import Category, Route
from hotline.city.unit_files import Bodies
from hotline.i18n import N_
from routing.limits import REQUEST_TYPES, URGENCIES
from routing.rules import Rule, conditions, covers, impossible


class Catalogue(NamedTuple):
    """source: what the whole catalogue rests on; shown for every rule that names no document of its own."""

    rules: tuple[Rule, ...]
    routes: dict[str, Route]
    source: str


def read_dispatch(
    folder: Path,
    bodies: Bodies,
    categories: Mapping[str, Category],
    notebook: Notebook,
) -> Catalogue:
    sheet = YamlSheet(folder, "dispatch.yaml", notebook)
    rules: list[tuple[int, Rule]] = []
    for row in sheet.top.list_of_rows("rules"):
        rules.append((row.line, _read_rule(row, bodies, categories)))
    if notebook.closely:
        _check_reach(sheet, rules)
    routes = _read_routes(sheet)
    source = read_source(sheet, [(rule.id, rule.source) for _line, rule in rules])
    sheet.finish()
    return Catalogue(tuple(rule for _line, rule in rules), routes, source)


def _read_rule(row: YamlRow, bodies: Bodies, categories: Mapping[str, Category]) -> Rule:
    when = row.row("when", required=False)
    helpers = row.lined_words("helpers")
    rule = Rule(
        id=row.code("id"),
        reason=row.text("reason"),
        reason_en=row.text("reason_en"),
        source=row.text("source", ""),
        lead=_lead(row, row.line_of("lead"), row.text("lead"), bodies),
        helpers=tuple(_lead(row, line, helper, bodies) for line, helper in helpers),
        **_conditions(when, bodies, categories) if when else {},
    )
    if not conditions(rule):
        row.mistake("when", N_("规则“%(rule)s”没有写任何条件 when"), rule=rule.id)
    elif impossible(rule):
        row.mistake("when", N_("规则“%(rule)s”自相矛盾，永远不会命中"), rule=rule.id)
    return rule


def _conditions(when: YamlRow, bodies: Bodies, categories: Mapping[str, Category]) -> dict[str, Any]:
    for line, code in when.lined_words("categories"):
        if categories and code not in categories:
            when.sheet.mistake(line, N_("类别“%(code)s”不存在"), code=code)
    for line, code in when.lined_words("areas"):
        if not bodies.knows_area(code):
            when.sheet.mistake(line, N_("县区“%(area)s”不存在"), area=code)
    names = ("categories", "any_words", "all_words", "not_words", "areas", "streets", "communities", "channels")
    return {
        **{name: when.words(name) for name in names},
        "request_types": when.choices("request_types", REQUEST_TYPES),
        "urgency": when.choices("urgency", URGENCIES),
        "area_known": when.yes("area_known") if "area_known" in when else None,
    }


def _lead(row: YamlRow, line: int, written: str, bodies: Bodies) -> str:
    """The lead in its full form; a bare unit code is a unit."""
    kind, colon, name = written.partition(":")
    if written in ("area", "town", "category", ""):
        return written
    if not colon or kind == "unit":
        unit = name if colon else written
        if not bodies.knows_unit(unit):
            row.sheet.mistake(line, N_("承办单位“%(unit)s”不存在"), unit=unit)
        return f"unit:{unit}"
    if kind != "bureau":
        row.sheet.mistake(
            line, N_("“%(value)s”看不懂，可写单位代码、bureau:部门类别、area、town 或 category"), value=written
        )
    elif not bodies.knows_bureau(name):
        row.sheet.mistake(line, N_("没有“%(kind)s”这类县区部门"), kind=name)
    return written


def _check_reach(sheet: YamlSheet, rules: list[tuple[int, Rule]]) -> None:
    """Duplicate ids, and rules that an earlier one always forestalls."""
    seen: set[str] = set()
    for place, (line, rule) in enumerate(rules):
        if rule.id in seen:
            sheet.mistake(line, N_("规则编号“%(rule)s”重复"), rule=rule.id)
        seen.add(rule.id)
        for other, earlier in rules[:place]:
            if conditions(earlier) and covers(earlier, rule):
                sheet.mistake(
                    line,
                    N_("规则“%(rule)s”永远轮不到：第 %(other)s 行的“%(earlier)s”已包含它"),
                    rule=rule.id,
                    other=other,
                    earlier=earlier.id,
                )
                break


def _read_routes(sheet: YamlSheet) -> dict[str, Route]:
    routes: dict[str, Route] = {}
    for row in sheet.top.list_of_rows("routes", required=False):
        route = Route(
            row.code(),
            row.text("name"),
            row.text("name_en"),
            row.text("advice"),
            row.text("advice_en"),
            row.words("words"),
        )
        if route.code in routes:
            row.mistake("code", N_("代码“%(code)s”重复"), code=route.code)
        routes[route.code] = route
    return routes
