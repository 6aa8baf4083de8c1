"""Reads monitoring.yaml; a city that is not monitored has no such file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from hotline.city.marked import YamlRow, YamlSheet
from hotline.city.mistakes import Notebook
from hotline.city.monitoring.schema import (
    CENTRE_CLOCKS,
    COLOURS,
    CONDITIONS,
    DEMANDS,
    SEVERITIES,
    UNIT_CLOCKS,
    MonitoringRules,
    MonitorRule,
)
from hotline.city.monitoring.sources import Source, read_source
from hotline.i18n import N_

FILE = "monitoring.yaml"
NAMED = ("clock", "colour", "times", "words", "demand")


def read_monitoring(folder: Path, notebook: Notebook) -> MonitoringRules:
    """In the order of the file."""
    if not (folder / FILE).exists():
        return MonitoringRules()
    book = YamlSheet(folder, FILE, notebook)
    sources: dict[str, Source] = {}
    for row in book.top.list_of_rows("sources"):
        _once(row, one := read_source(row), sources)
        sources[one.code] = one
    rules: dict[str, MonitorRule] = {}
    for row in book.top.list_of_rows("rules"):
        rule = _rule(row, sources)
        if rule is not None:
            _once(row, rule, rules)
            rules[rule.code] = rule
    since = book.top.parsed("since", _day, None, N_("日期“%(value)s”不对，应如 2026-01-01"))
    book.finish()
    return MonitoringRules(rules, since, sources)


def _once(row: YamlRow, one: Source | MonitorRule, known: Mapping[str, object]) -> None:
    if one.code in known:
        row.mistake("code", N_("代码“%(code)s”重复"), code=one.code)


def _rule(row: YamlRow, sources: Mapping[str, Source]) -> MonitorRule | None:
    source = _named(row, "source", row.text("source"), sources)
    rule = MonitorRule(
        row.code(),
        row.text("name"),
        row.text("name_en"),
        source or Source("", "", "", "name"),
        row.text("clause", ""),
        row.choice("when", tuple(CONDITIONS)),
        row.choice("severity", tuple(SEVERITIES)),
        row.choice("clock", (*CENTRE_CLOCKS, *UNIT_CLOCKS), "") if "clock" in row else "",
        row.choice("colour", COLOURS, "") if "colour" in row else "",
        row.whole("times", 0),
        row.words("words"),
        row.choice("demand", DEMANDS, "") if "demand" in row else "",
        row.text("says", ""),
        row.text("says_en", ""),
        row.text("differs", ""),
        row.text("differs_en", ""),
        _named(row, "ours", row.text("ours", ""), sources) if "ours" in row else None,
    )
    _check(row, rule)
    return rule if source is not None else None


def _named(row: YamlRow, field: str, code: str, sources: Mapping[str, Source]) -> Source | None:
    if code not in sources:
        row.mistake(field, N_("没有出处“%(source)s”"), source=code)
    return sources.get(code)


def _check(row: YamlRow, rule: MonitorRule) -> None:
    """What the condition must name is named, nothing else is, and no clause is quoted from what nobody has read."""
    wanted = CONDITIONS.get(rule.when, ())
    for name in NAMED:
        if name in wanted and not getattr(rule, name):
            row.mistake(name, N_("“%(when)s”须写明“%(name)s”"), when=rule.when)
        elif name not in wanted and name in row:
            row.mistake(name, N_("“%(when)s”不用写“%(name)s”"), when=rule.when)
    if rule.clause and rule.source.known == "name":
        row.mistake("clause", N_("出处只知名称，不能写条款：先核对原文，把 known 改成 text"))
    if rule.clause and not rule.says:
        row.mistake("says", N_("写了条款的，须用自己的话写明这一条大意（says）"))


def _day(written: str) -> date:
    return date.fromisoformat(written)
