"""Checking and loading a city's folder from the command line, as plain functions that return what to print."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from hotline.city.loader import load_city
from hotline.city.mistakes import CityMistakes
from hotline.city.schema import City
from hotline.city.sync import Summary, sync, was_loaded
from hotline.i18n import _

LOOK_AHEAD = timedelta(days=45)


@dataclass(frozen=True)
class Report:
    """lines: what a person reads, mistakes first. city: None when there are mistakes. summary: only after loading."""

    lines: tuple[str, ...]
    city: City | None = None
    summary: Summary | None = None

    @property
    def ok(self) -> bool:
        return self.city is not None


def check_city(path: str | Path, now: datetime, *, closely: bool = True) -> Report:
    """`hotline city check PATH`: all mistakes and warnings of the folder; nothing is written."""
    try:
        city = load_city(path, closely=closely)
    except CityMistakes as trouble:
        count = _("共 %(n)s 处错误、%(w)s 处提醒", n=len(trouble.mistakes), w=len(trouble.warnings))
        return Report((*trouble.sentences, *_warnings([str(each) for each in trouble.warnings]), count))
    warnings = [*map(str, city.warnings), *calendar_warnings(city, now)]
    return Report((*_warnings(warnings), *describe(city)), city)


def load_folder(session: Session, path: str | Path, now: datetime) -> Report:
    """`hotline city load PATH`: check, then bring the tables in line. The caller commits when `ok`.

    A release that was loaded before was looked at closely then: a second start does not wait for it.
    """
    report = check_city(path, now, closely=False)
    if report.city is None or not was_loaded(session, report.city.release):
        report = check_city(path, now)
    if report.city is None:
        return report
    summary = sync(session, report.city, now)
    return Report((*report.lines, *summary.lines()), report.city, summary)


def calendar_warnings(city: City, now: datetime) -> list[str]:
    """A sentence for each year that deadlines will soon reach and whose holidays are unknown."""
    years = city.calendar.missing_years(now, now + LOOK_AHEAD)
    return [_("缺少 %(year)s 年的节假日，暂按周一至周五上班计算", year=year) for year in years]


def missing_texts(city: City, needed: Mapping[str, Collection[str]]) -> list[str]:
    """A sentence for each text the program sends and the city lacks, and for each place the program cannot fill.

    needed: the texts' keys, each with the params the program offers.
    """
    lacking = [_("messages.yaml 缺少“%(key)s”", key=key) for key in needed if key not in city.texts]
    unfilled = [
        (key, param)
        for key, text in city.texts.items()
        for param in text.params
        if key in needed and param not in needed[key]
    ]
    return lacking + [
        _("messages.yaml 的“%(key)s”用了程序不提供的 {%(param)s}", key=key, param=param) for key, param in unfilled
    ]


def describe(city: City) -> tuple[str, ...]:
    """The loaded city in a few lines."""
    return (
        _(
            "%(city)s，版本 %(release)s，时限按“%(profile)s”",
            city=city.title,
            release=city.release,
            profile=city.profile,
        ),
        _(
            "单位 %(units)s 个、类别 %(categories)s 个、派单规则 %(rules)s 条、地名 %(places)s 条、短信模板 %(texts)s 条",
            units=len(city.units),
            categories=len(city.categories),
            rules=len(city.rules),
            places=len(city.gazetteer.entries),
            texts=len(city.texts),
        ),
        _(
            "派单规则写明依据文件的 %(own)s 条，其余 %(rest)s 条只有目录的总说明",
            own=sum(bool(rule.source) for rule in city.rules),
            rest=sum(not rule.source for rule in city.rules),
        ),
    )


def _warnings(sentences: list[str]) -> tuple[str, ...]:
    return tuple(_("提醒：%(what)s", what=sentence) for sentence in sentences)
