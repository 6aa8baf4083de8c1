"""Reads units.yaml: the units, the areas, and the bureaus and towns that the areas bring with them."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from hotline.city.marked import YamlRow, YamlSheet, check_lengths, check_name
from hotline.city.mistakes import Notebook
from hotline.city.schema import UNIT_KINDS, Area, Duty, Unit
from hotline.i18n import N_
from webhooks.numbers import can_be_texted

FROM = ("normal", "urgent", "critical", "never")
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")

PHONE = re.compile(r"\+?[0-9][0-9 -]{2,30}")


class Bureau(NamedTuple):
    """A kind of district bureau; city: the city department of that kind."""

    kind: str
    city: str
    name: str
    name_en: str


class Bodies:
    """All units and areas. `trusted` is False when the file could not be read: then nobody is called unknown."""

    def __init__(self, sheet: YamlSheet) -> None:
        self.sheet = sheet
        self.trusted = not sheet.broken
        self.units: dict[str, Unit] = {}
        self.areas: dict[str, Area] = {}
        self.bureaus: dict[str, Bureau] = {}
        self._lines: dict[str, int] = {}

    def add(self, unit: Unit, line: int) -> None:
        if unit.code in self.units:
            self.sheet.mistake(
                line, N_("单位代码“%(code)s”与第 %(other)s 行重复"), code=unit.code, other=self._lines[unit.code]
            )
        elif unit.code:
            self.units[unit.code], self._lines[unit.code] = unit, line
            check_lengths(self.sheet, line, unit.code, unit.name, unit.name_en)
            for name in (unit.name, unit.name_en):
                check_name(self.sheet, line, name)

    def line_of(self, code: str) -> int:
        return self._lines.get(code, 0)

    def knows_unit(self, code: str) -> bool:
        return code in self.units or not self.trusted

    def knows_area(self, code: str) -> bool:
        return code in self.areas or not self.trusted

    def knows_bureau(self, kind: str) -> bool:
        return kind in self.bureaus or not self.trusted

    @property
    def towns(self) -> list[str]:
        return [code for code, unit in self.units.items() if unit.kind == "town"]

    @property
    def departments(self) -> dict[str, str]:
        return {bureau.kind: bureau.city for bureau in self.bureaus.values()}


def read_units(folder: Path, notebook: Notebook) -> Bodies:
    """Units in the order of the file: those written out, then each area with its bureaus and towns."""
    bodies = Bodies(YamlSheet(folder, "units.yaml", notebook))
    top = bodies.sheet.top
    for row in top.list_of_rows("bureaus", required=False):
        _read_bureau(row, bodies)
    for row in top.list_of_rows("units"):
        bodies.add(_read_unit(row), row.line)
    own = {(unit.area, unit.bureau) for unit in bodies.units.values() if unit.kind == "bureau"}
    for row in top.list_of_rows("areas", required=False):
        _read_area(row, bodies, own)
    for bureau in bodies.bureaus.values():
        _mark_department(bureau, bodies)
    phones = top.row("phones", required=False)
    if phones is not None:
        _read_phones(phones, bodies)
    _check(bodies)
    bodies.sheet.finish()
    return bodies


def _read_bureau(row: YamlRow, bodies: Bodies) -> None:
    bureau = Bureau(row.code("kind"), row.code("city"), row.text("name"), row.text("name_en"))
    if bureau.kind in bodies.bureaus:
        row.mistake("kind", N_("部门类别“%(kind)s”重复"), kind=bureau.kind)
    bodies.bureaus[bureau.kind] = bureau


def _mark_department(bureau: Bureau, bodies: Bodies) -> None:
    """The city department knows which kind of bureau it stands above."""
    unit = bodies.units.get(bureau.city)
    if unit and unit.kind != "bureau" and not unit.bureau:
        bodies.units[unit.code] = replace(unit, bureau=bureau.kind)


def _read_phones(row: YamlRow, bodies: Bodies) -> None:
    """Telephones that units told later, by the unit's code; they win over the number in the unit's own line."""
    for code in row.names():
        phone = row.text(code, "")
        if code not in bodies.units:
            row.mistake(code, N_("承办单位“%(unit)s”不存在"), unit=code)
        elif phone and not PHONE.fullmatch(phone):
            row.mistake(code, N_("电话“%(value)s”不对，只写数字、空格、+ 和 -"), value=phone)
        else:
            bodies.units[code] = replace(bodies.units[code], phone=phone)


def _read_unit(row: YamlRow) -> Unit:
    return Unit(
        code=row.code(),
        name=row.text("name"),
        name_en=row.text("name_en"),
        kind=row.choice("kind", tuple(UNIT_KINDS)),
        parent=row.text("parent", "") or None,
        area=row.text("area", "") or None,
        bureau=row.text("bureau", "") or None,
        phone=row.text("phone", ""),
        duties=row.text("duties", ""),
        duties_en=row.text("duties_en", ""),
        aliases=row.words("aliases"),
        duty=_read_duty(row),
    )


def _read_duty(row: YamlRow) -> Duty:
    """Who is texted and mailed; a telephone that takes no texts, or an address that is none, is a mistake of the file."""
    phones, email = row.words("duty_phones"), row.text("duty_email", "")
    for phone in phones:
        if not can_be_texted(phone):
            row.mistake("duty_phones", N_("“%(name)s”里的“%(value)s”不是手机号码"), value=phone)
    if email and not EMAIL.fullmatch(email):
        row.mistake("duty_email", N_("“%(name)s”的“%(value)s”不是邮箱地址"), value=email)
    by_day = row.choice("duty_by_day", FROM, "urgent")
    return Duty(phones, by_day, row.choice("duty_by_night", FROM, "urgent"), email)


def _read_area(row: YamlRow, bodies: Bodies, own: set[tuple[str | None, str | None]]) -> None:
    area = Area(row.code(), row.text("name"), row.text("name_en"), row.words("aliases"))
    bodies.areas.setdefault(area.code, area)
    _check_aliases(row, area.aliases)
    unit = Unit(
        area.code,
        row.text("unit_name", area.name),
        row.text("unit_name_en", area.name_en),
        "area",
        area=area.code,
        phone=row.text("phone", ""),
        duty=_read_duty(row),
        duties=row.text("duties", ""),
        duties_en=row.text("duties_en", ""),
    )
    bodies.add(unit, row.line)
    for kind, line in _kinds(row, bodies):
        bureau = bodies.bureaus[kind]
        if (area.code, kind) not in own:
            unit = Unit(
                f"{area.code}-{kind}",
                area.name + bureau.name,
                f"{area.name_en} {bureau.name_en}",
                "bureau",
                parent=area.code,
                area=area.code,
                bureau=kind,
            )
            bodies.add(unit, line)
    for town in row.list_of_rows("towns", required=False):
        unit = Unit(
            f"{area.code}-{town.code()}",
            town.text("name"),
            town.text("name_en"),
            "town",
            parent=area.code,
            area=area.code,
            phone=town.text("phone", ""),
            duty=_read_duty(town),
            aliases=town.words("aliases"),
        )
        _check_aliases(town, (unit.name, *unit.aliases))
        bodies.add(unit, town.line)


def _kinds(row: YamlRow, bodies: Bodies) -> list[tuple[str, int]]:
    """The kinds of bureau an area has, each with its line."""
    asked = row.lined_words("bureaus")
    if [kind for _line, kind in asked] == ["all"]:
        return [(kind, row.line_of("bureaus")) for kind in bodies.bureaus]
    for line, kind in asked:
        if kind not in bodies.bureaus:
            row.sheet.mistake(line, N_("没有“%(kind)s”这类县区部门，请先写进 bureaus"), kind=kind)
    return [(kind, line) for line, kind in asked if kind in bodies.bureaus]


def _check_aliases(row: YamlRow, names: tuple[str, ...]) -> None:
    for name in names:
        if len(name) == 1:
            row.sheet.mistake(row.line, N_("地名“%(place)s”至少要两个字"), place=name)


def _check(bodies: Bodies) -> None:
    for bureau in bodies.bureaus.values():
        if not bodies.knows_unit(bureau.city):
            bodies.sheet.mistake(
                0, N_("县区部门“%(kind)s”对应的市级单位“%(code)s”不存在"), kind=bureau.kind, code=bureau.city
            )
    kinds = [unit.kind for unit in bodies.units.values()]
    if bodies.trusted and kinds.count("hotline") != 1:
        bodies.sheet.mistake(0, N_("应有且只有一个 kind: hotline 的单位，现有 %(n)s 个"), n=kinds.count("hotline"))
    for unit in bodies.units.values():
        _check_unit(unit, bodies)


def _check_unit(unit: Unit, bodies: Bodies) -> None:
    def mistake(template: str, **params: object) -> None:
        bodies.sheet.mistake(bodies.line_of(unit.code), template, code=unit.code, **params)

    if unit.parent and unit.parent not in bodies.units:
        mistake(N_("单位“%(code)s”的上级“%(parent)s”不存在"), parent=unit.parent)
    if unit.area and unit.area not in bodies.areas:
        mistake(N_("单位“%(code)s”所属的县区“%(area)s”不存在"), area=unit.area)
    if unit.kind in ("bureau", "town") and not unit.area:
        mistake(N_("单位“%(code)s”缺少所属县区 area"))
    if unit.kind == "bureau" and unit.bureau not in bodies.bureaus:
        mistake(N_("单位“%(code)s”的部门类别“%(kind)s”不在 bureaus 里"), kind=unit.bureau or "")
    if _goes_in_circles(unit, bodies.units):
        mistake(N_("单位“%(code)s”的上级关系绕成了圈"))


def _goes_in_circles(unit: Unit, units: dict[str, Unit]) -> bool:
    """The unit is its own superior, at whatever distance."""
    seen: set[str] = set()
    above = units.get(unit.parent or "")
    while above and above.code not in seen:
        if above.code == unit.code:
            return True
        seen.add(above.code)
        above = units.get(above.parent or "")
    return False
