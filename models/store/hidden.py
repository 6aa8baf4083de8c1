"""Columns that nobody reads in a stolen database: what is written into them is hidden on the way in and shown on the way out.

The keys hang on the engine's dialect, so that two installations in one process never mix theirs. What was written before there
were keys is read as it stands.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import JSON, ColumnElement, Engine, Text, type_coerce
from sqlalchemy.types import TypeDecorator

from models.store.db import write_json

HIDDEN = re.compile(r"enc(\d+)m?:")
"""How hidden writing begins: with the number of its key."""

_WRITING = re.compile(r"enc\d+m?:[A-Za-z0-9.~]+")
_NUMBER = re.compile(r"[^\s-]+")
_MOBILE = re.compile(r"1\d{10}")
MOBILE = "m"
_LONG = 1_000_000
"""From seven digits on a whole number may be somebody's telephone."""


class NoKey(Exception):
    """There is hidden writing here, and no master key that opens it."""


class Ring(Protocol):
    """What hides and shows (`models.keys.key_ring`). second_place: where copies of hidden files lie, read when the first is gone."""

    second_place: Path | None

    def hide(self, plain: str) -> str: ...

    def hide_alike(self, plain: str, mark: str = "") -> str: ...

    def show(self, stored: str) -> str: ...

    def code(self, *said: object) -> bytes: ...

    def term(self, word: str) -> str: ...

    def file_key(self, salt: bytes, name: str, number: int | None = None) -> tuple[int, bytes]: ...


def attach(engine: Engine, ring: Ring) -> None:
    """From now on this engine's hidden columns are written and read with these keys."""
    vars(engine.dialect)["key_ring"] = ring


def has_ring(engine: Engine) -> bool:
    return "key_ring" in vars(engine.dialect)


def ring_of(bind: Any) -> Ring:
    """The keys of an engine, a connection or a dialect. Raises NoKey where none were attached."""
    found: Ring | None = vars(getattr(bind, "dialect", bind)).get("key_ring")
    if found is None:
        raise NoKey("no keys were attached to this database's engine")
    return found


class Hidden(TypeDecorator[str]):
    """Words, written anew each time: they cannot be searched for."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Any) -> str | None:
        return ring_of(dialect).hide(value) if value else value

    def process_result_value(self, value: str | None, dialect: Any) -> str | None:
        return ring_of(dialect).show(value) if value and HIDDEN.match(value) else value


class HiddenAlike(Hidden):
    """A name, always written the same: it is found by comparing it as a whole."""

    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Any) -> str | None:
        return ring_of(dialect).hide_alike(value) if value else value


class HiddenPhones(Hidden):
    """A telephone number, or several parted by blanks, always written the same. The extension of an office's number (`0372…-801`) is
    hidden for itself, so that the office is found by `startswith(phone + "-")`; mobile numbers are marked (`is_mobile`)."""

    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Any) -> str | None:
        if not value:
            return value
        ring = ring_of(dialect)

        def hide(found: re.Match[str]) -> str:
            return ring.hide_alike(found[0], MOBILE if _MOBILE.fullmatch(found[0]) else "")

        return _NUMBER.sub(hide, value)

    def process_result_value(self, value: str | None, dialect: Any) -> str | None:
        return _WRITING.sub(lambda found: ring_of(dialect).show(found[0]), value) if value else value


class HiddenJson(TypeDecorator[Any]):
    """Values of JSON, hidden as a whole."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Any) -> Any:
        return value if value is None else ring_of(dialect).hide(write_json(value))

    def process_result_value(self, value: Any, dialect: Any) -> Any:
        return json.loads(ring_of(dialect).show(value)) if isinstance(value, str) and HIDDEN.match(value) else value


class HiddenLeaves(TypeDecorator[Any]):
    """Values of JSON whose texts and long numbers are hidden; names stand. A long number is read back as its digits."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Any) -> Any:
        ring = ring_of(dialect) if value else None
        return leaves(value, lambda one: ring.hide(one) if ring else one, _LONG)

    def process_result_value(self, value: Any, dialect: Any) -> Any:
        return leaves(value, lambda one: ring_of(dialect).show(one) if HIDDEN.match(one) else one)


class Sealed(str):
    """Words of a sealed ticket's story: the column that takes them hides them, and gives them back as such."""


class SealedLeaves(TypeDecorator[Any]):
    """Values of JSON whose texts stand as they are, but for those of sealed tickets; names and numbers always stand."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Any) -> Any:
        return leaves(value, lambda one: ring_of(dialect).hide(one) if isinstance(one, Sealed) else one)

    def process_result_value(self, value: Any, dialect: Any) -> Any:
        return leaves(value, lambda one: Sealed(ring_of(dialect).show(one)) if HIDDEN.match(one) else one)


HIDING = (Hidden, HiddenJson, HiddenLeaves, SealedLeaves)


def as_stored(column: Any) -> Any:
    """A column as the database has it; `told` opens what it gives."""
    return type_coerce(column, column.type.impl_instance) if isinstance(column.type, HIDING) else column


def told(column: Any, stored: Any, dialect: Any) -> Any:
    """What a column says; hidden writing that was tampered with says only that it is no writing of ours."""
    if not isinstance(column.type, HIDING):
        return stored
    try:
        return column.type.process_result_value(stored, dialect)
    except (NoKey, ValueError):
        return stored


def leaves(value: Any, change: Callable[[str], str], number: float = math.inf) -> Any:
    """Every text in a value of JSON through `change`, and every whole number from `number` on as its digits; what has none of them
    in it is given back as it is."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {name: leaves(one, change, number) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [leaves(one, change, number) for one in value]
    return change(str(value)) if isinstance(value, int) and value >= number else value


def as_before(before: str, after: str) -> str:
    """Words that were changed stay those of a sealed ticket."""
    return Sealed(after) if isinstance(before, Sealed) else after


def sealed(value: Any) -> Any:
    """Words, or a value of JSON, as those of a sealed ticket."""
    return leaves(value, Sealed)


def is_mobile(phones: Any) -> ColumnElement[bool]:
    """Whether a hidden number is one that takes texts."""
    return type_coerce(phones, Text).like(f"enc%{MOBILE}:%")
