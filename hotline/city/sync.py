"""Brings the tables of units and categories in line with the city's files; nothing is ever deleted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

import models
from hotline.city.ready.seed import seed_ready
from hotline.city.schema import Category, City, Unit
from hotline.i18n import N_, _

Thing = TypeVar("Thing", Unit, Category)
Table = type[models.Unit] | type[models.Category]


@dataclass(frozen=True)
class Changed:
    """Codes of one table. revived: retired earlier, and back in the files."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    retired: tuple[str, ...] = ()
    revived: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return any((self.added, self.changed, self.retired, self.revived))

    def lines(self) -> Iterator[str]:
        """One line for each kind of change that happened."""
        kinds = (
            (N_("新增：%(codes)s"), self.added),
            (N_("修改：%(codes)s"), self.changed),
            (N_("停用：%(codes)s"), self.retired),
            (N_("恢复：%(codes)s"), self.revived),
        )
        return (_(sentence, codes=_shortened(codes)) for sentence, codes in kinds if codes)


SHOWN = 12


def _shortened(codes: tuple[str, ...]) -> str:
    """A first load brings hundreds of codes; a person reads a dozen and how many more there are."""
    if len(codes) <= SHOWN:
        return " ".join(codes)
    return _("%(first)s … 共 %(n)d 个", first=" ".join(codes[:SHOWN]), n=len(codes))


@dataclass(frozen=True)
class Summary:
    """new_release: this version of the files was not the one loaded before. ready: how many ready words were new."""

    release: str
    new_release: bool
    units: Changed
    categories: Changed
    ready: int = 0

    def __bool__(self) -> bool:
        return any((self.new_release, self.units, self.categories, self.ready))

    def lines(self) -> list[str]:
        """What a person reads after loading."""
        if not self:
            return [_("城市版本 %(release)s 已是最新，没有变化", release=self.release)]
        return [
            _("已载入城市版本 %(release)s", release=self.release),
            *(_("单位%(what)s", what=line) for line in self.units.lines()),
            *(_("类别%(what)s", what=line) for line in self.categories.lines()),
            *([_("现成话新增：%(n)d 条", n=self.ready)] if self.ready else []),
        ]


def sync(session: Session, city: City, now: datetime) -> Summary:
    """Write the city's units and categories in the caller's transaction, and record the release; never commits."""
    units = {unit.code: _unit_row(unit) for unit in _parents_first(city.units)}
    categories = {category.code: _category_row(category) for category in _parents_first(city.categories)}
    return Summary(
        release=city.release,
        units=_bring_in_line(session, models.Unit, units, now),
        categories=_bring_in_line(session, models.Category, categories, now),
        new_release=_record(session, city, now),
        ready=seed_ready(session, city.ready, now),
    )


def was_loaded(session: Session, release: str) -> bool:
    return session.get(models.CityRelease, release) is not None


def _bring_in_line(session: Session, table: Table, wanted: Mapping[str, dict[str, Any]], now: datetime) -> Changed:
    known: Iterable[Any] = session.scalars(select(table))
    rows = {row.code: row for row in known}
    added = [code for code in wanted if code not in rows]
    # New rows go first: a changed row may get a new one as its parent, and a flush updates before it inserts.
    for code in added:
        session.add(table(code=code, **wanted[code]))
    session.flush()
    kept = [code for code in wanted if code in rows]
    revived = [code for code in kept if rows[code].retired_at]
    changed = [code for code in kept if _update(rows[code], wanted[code])]
    retired = [code for code, row in rows.items() if code not in wanted and not row.retired_at]
    for code in revived:
        rows[code].retired_at = None
    for code in retired:
        rows[code].retired_at = now
    session.flush()
    return Changed(tuple(added), tuple(changed), tuple(sorted(retired)), tuple(revived))


def _update(row: Any, values: dict[str, Any]) -> bool:
    differing = {name: value for name, value in values.items() if getattr(row, name) != value}
    for name, value in differing.items():
        setattr(row, name, value)
    return bool(differing)


def _record(session: Session, city: City, now: datetime) -> bool:
    """Note the release as the one loaded last; False when it was already."""
    last = session.scalars(select(models.CityRelease).order_by(models.CityRelease.loaded_at.desc()).limit(1)).first()
    if last and last.release == city.release:
        return False
    session.merge(models.CityRelease(release=city.release, city=city.code, loaded_at=now))
    session.flush()
    return True


def _unit_row(unit: Unit) -> dict[str, Any]:
    return {
        "name": unit.name,
        "name_en": unit.name_en,
        "kind": unit.kind,
        "parent_code": unit.parent,
        "area": unit.area,
    }


def _category_row(category: Category) -> dict[str, Any]:
    return {"name": category.name, "name_en": category.name_en, "parent_code": category.parent}


def _parents_first(things: Mapping[str, Thing]) -> list[Thing]:
    def depth(thing: Thing) -> int:
        return 1 + depth(things[thing.parent]) if thing.parent else 0

    return sorted(things.values(), key=depth)
