"""Which town is meant: platforms tell its code or its name, and a name that only one town of the city bears is as good as its code."""

from __future__ import annotations

from classifier.text.normalise import plain
from hotline.city.schema import Area, City, Unit

KINDS = ("街道办事处", "办事处", "街道", "镇", "乡")
"""What a town's name ends with; people leave it out, and write the office for the town."""


def town_called(city: City, told: str) -> str | None:
    """Its code; None where no town of the city is called so, or several are ("城关"): the district before the name tells them apart."""
    if not told or told in city.directory.towns:
        return told or None
    said = _spelt(told).removeprefix(_spelt(city.title))
    towns = [one for one in city.units.values() if one.kind == "town"]
    exact = {one.code for one in towns if said in _names(city, one, _whole(one))}
    found = exact or {one.code for one in towns if said in _names(city, one, _short(one))}
    return found.pop() if len(found) == 1 else None


def _names(city: City, town: Unit, own: set[str]) -> set[str]:
    """Its names, alone and behind those of its district."""
    area = city.areas.get(town.area or "")
    return own | {before + name for before in _area_names(area) for name in own}


def _area_names(area: Area | None) -> set[str]:
    return {_spelt(name) for name in (area.name, area.name_en, *area.aliases)} if area is not None else set()


def _whole(town: Unit) -> set[str]:
    names = {_spelt(name) for name in (town.name, town.name_en, *town.aliases)}
    return names | {f"{name}办事处" for name in names if name.endswith("街道")}


def _short(town: Unit) -> set[str]:
    kind = next((one for one in KINDS if town.name.endswith(one)), "")
    return {_spelt(town.name.removesuffix(kind))}


def _spelt(name: str) -> str:
    """The same for the same name, in whatever width, case and spacing."""
    return "".join(plain(name).casefold().split())
