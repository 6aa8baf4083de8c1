"""Builds one frozen City from a folder, or says everything that is wrong with it at once."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from hotline.city.category_files import read_categories
from hotline.city.dispatch_files import read_dispatch
from hotline.city.map.read import FILE as MAP
from hotline.city.map.read import read_map
from hotline.city.marked import YamlRow, YamlSheet
from hotline.city.mistakes import CityMistakes, Notebook
from hotline.city.monitoring.read import FILE as MONITORING
from hotline.city.monitoring.read import read_monitoring
from hotline.city.nuisance.read import FILE as NUISANCE
from hotline.city.nuisance.read import read_nuisance
from hotline.city.partners.read import FILE as PARTNERS
from hotline.city.partners.read import read_partners
from hotline.city.policy import Policy, read_policy
from hotline.city.practice.read import FILE as PRACTICE
from hotline.city.practice.read import SCRIPTS, read_practice
from hotline.city.quality.read import FILE as QUALITY
from hotline.city.quality.read import read_quality
from hotline.city.ready.read import FILE as READY
from hotline.city.ready.read import read_ready
from hotline.city.schema import City, Group, SignIn, Unit
from hotline.city.text_files import read_checklist, read_messages, read_places, read_words
from hotline.city.time_files import read_calendar, read_limits
from hotline.city.unit_files import read_units
from hotline.i18n import N_

FILES = (
    "city.yaml",
    "units.yaml",
    "categories.yaml",
    "dispatch.yaml",
    "limits.yaml",
    "calendar.yaml",
    "checklist.yaml",
    "messages.yaml",
    "places.csv",
    "words.txt",
)
OPTIONAL = (PARTNERS, QUALITY, READY, MONITORING, PRACTICE, SCRIPTS, NUISANCE, MAP)
"""What a city may do without: exchanging, scoring, ready words, monitoring, practising, marked callers, a map. No file, no such thing."""


Stamp = tuple[tuple[int, int], ...]
"""Of each file that is there, when it was last written (in nanoseconds) and how long it is."""


def load_city(path: str | Path, *, closely: bool = True) -> City:
    """The city of a folder; files that are as they were are not read again.

    closely: as files are looked at that nobody has loaded yet; a release that was loaded needs no second look. Raises
    CityMistakes with every mistake, each with file and line. Warnings do not stop it: `City.warnings`.
    """
    folder = Path(path)
    return _read_city(folder, stamp_of(folder), closely)


def stamp_of(folder: Path) -> Stamp:
    """By which a change of the city's files is noticed."""
    found = [folder / name for name in present(folder)]
    return tuple((one.stat().st_mtime_ns, one.stat().st_size) for one in found if one.exists())


@lru_cache(maxsize=2)
def _read_city(folder: Path, _stamp: Stamp, closely: bool) -> City:
    notebook = Notebook(closely)
    sheet = YamlSheet(folder, "city.yaml", notebook)
    bodies = read_units(folder, notebook)
    categories = read_categories(folder, bodies, notebook)
    catalogue = read_dispatch(folder, bodies, categories, notebook)
    profiles = read_limits(folder, notebook)
    checklist = read_checklist(folder, notebook)
    face = _read_face(sheet.top, tuple(profiles))
    ready = read_ready(folder, notebook)
    parts: dict[str, Any] = {
        "calendar": read_calendar(folder, face["timezone"], notebook),
        "texts": read_messages(folder, notebook),
        "gazetteer": read_places(folder, bodies, notebook),
        "words": read_words(folder, notebook),
        "sign_in": _read_sign_in(sheet.top, bodies.units),
        "subscriptions": read_partners(folder, bodies.units if bodies.trusted else None, notebook),
        "quality": read_quality(folder, categories, notebook),
        "monitoring": read_monitoring(folder, notebook),
        "practice": read_practice(folder, categories, bodies.units, bodies.areas, notebook),
        "ready": ready,
        "nuisance": read_nuisance(folder, [one.code for one in ready.words], notebook),
        "map": read_map(folder, bodies.areas if bodies.trusted else None, bodies.towns, notebook),
    }
    sheet.finish()
    if any(not each.warning for each in notebook.found):
        raise CityMistakes(notebook.sorted())
    return City(
        **face,
        **parts,
        release=release_of(folder),
        units=bodies.units,
        areas=bodies.areas,
        categories=categories,
        rules=catalogue.rules,
        routes=catalogue.routes,
        profiles=profiles,
        checklist=checklist.items,
        reasons=checklist.reasons,
        departments=bodies.departments,
        sources={"rules": catalogue.source, "checklist": checklist.source},
        warnings=notebook.sorted(),
    )


def present(folder: Path) -> tuple[str, ...]:
    """The names of a city's files, as far as they must be or are there."""
    return (*FILES, *(name for name in OPTIONAL if (folder / name).exists()))


def release_of(folder: Path) -> str:
    """The first 12 hex digits of the SHA-256 over names and contents; the kind of line ends does not matter."""
    digest = hashlib.sha256()
    for name in present(folder):
        content = (folder / name).read_bytes().removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n")
        digest.update(b"%s\0%d\0%s\0" % (name.encode(), len(content), content))
    return digest.hexdigest()[:12]


def _read_face(row: YamlRow, profiles: tuple[str, ...]) -> dict[str, Any]:
    policy = row.row("policy", required=False)
    limits = row.text("limits")
    if limits and profiles and limits not in profiles:
        row.mistake("limits", N_("limits.yaml 里没有“%(profile)s”这套时限"), profile=limits)
    return {
        "code": row.code(),
        "name": row.text("name"),
        "name_en": row.text("name_en"),
        "timezone": _zone(row),
        "hotline_number": row.text("hotline_number"),
        "profile": limits,
        "area_code": row.parsed("area_code", _area_code, "", N_('区号“%(value)s”不对，应如 "0372"（加引号）')),
        "sms_number": row.text("sms_number", ""),
        "policy": read_policy(policy) if policy else Policy(),
    }


def _read_sign_in(row: YamlRow, units: Mapping[str, Unit]) -> SignIn:
    """Who signs in through the city's identity provider, and as what. Which roles there are is known above the city."""
    said = row.row("sign_in", required=False)
    if said is None:
        return SignIn()
    return SignIn(
        groups=tuple(_read_group(one, units) for one in said.list_of_rows("groups", required=False)),
        makes=said.yes("makes"),
        proofs=frozenset(said.words("proofs")),
        name=said.text("name", ""),
        name_en=said.text("name_en", ""),
    )


def _read_group(row: YamlRow, units: Mapping[str, Unit]) -> Group:
    unit = row.text("unit", "")
    if unit and unit not in units:
        row.mistake("unit", N_("units.yaml 里没有“%(unit)s”这个单位"), unit=unit)
    roles = row.words("roles")
    if not roles:
        row.mistake("roles", N_("请写明这个组的人是什么角色"))
    return Group(row.text("group"), roles, unit)


def _zone(row: YamlRow) -> str:
    row.text("timezone")
    zone = row.parsed("timezone", _known_zone, "", N_("时区“%(value)s”不存在，应如 Asia/Shanghai"))
    return zone or "UTC"


def _area_code(written: str) -> str:
    if not re.fullmatch(r"0\d{2,3}", written):
        raise ValueError(written)
    return written


def _known_zone(name: str) -> str:
    try:
        return ZoneInfo(name).key
    except OSError as trouble:
        raise ValueError(name) from trouble
