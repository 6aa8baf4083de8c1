"""A script as a plain value that a run keeps, and back: the city's file may change before the run is looked at again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from hotline.city.practice.schema import Earlier, Key, Matter, Script, Special, Words


def written(script: Script) -> dict[str, Any]:
    return asdict(script)


def read(kept: Mapping[str, Any]) -> Script:
    earlier = kept["earlier"]
    return Script(
        **{
            **kept,
            "key": _key(kept["key"]),
            "specials": tuple(Special(tuple(one["words"]), one["say"]) for one in kept["specials"]),
            "earlier": Earlier(**earlier) if earlier else None,
        }
    )


def _key(kept: Mapping[str, Any]) -> Key:
    return Key(
        tuple(kept["ends"]),
        tuple(_matter(one) for one in kept["matters"]),
        kept["to"],
        tuple(kept["asks"]),
        tuple(_words(one) for one in kept["never"]),
        tuple(kept["fatal"]),
    )


def _matter(kept: Mapping[str, Any]) -> Matter:
    lists = {name: tuple(value) for name, value in kept.items() if name not in ("area", "facts")}
    return Matter(**lists, area=kept["area"], facts=tuple(_words(one) for one in kept["facts"]))


def _words(kept: Mapping[str, Any]) -> Words:
    return Words(kept["what"], tuple(kept["any"]), kept["spot"])
