"""The few things about time that the two engines say differently, and hours of UTC in the city: the one place with dialects."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Float, String
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class seconds_between(FunctionElement[float]):  # noqa: N801 – reads as an SQL function
    """seconds_between(a, b): from a to b, to the millisecond."""

    type = Float()
    name = "seconds_between"
    inherit_cache = True


class utc_hour(FunctionElement[str]):  # noqa: N801
    """utc_hour(moment): its hour as text, "2026-03-04T02", so that the city's own day is made in Python, by its zone."""

    type = String()
    name = "utc_hour"
    inherit_cache = True


@compiles(seconds_between, "sqlite")
def _seconds_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    a, b = (compiler.process(one, **kw) for one in element.clauses)
    return f"round((julianday({b}) - julianday({a})) * 86400.0, 3)"


@compiles(seconds_between, "postgresql")
def _seconds_postgres(element: Any, compiler: Any, **kw: Any) -> str:
    a, b = (compiler.process(one, **kw) for one in element.clauses)
    return f"CAST(extract(epoch FROM ({b} - {a})) AS double precision)"


@compiles(utc_hour, "sqlite")
def _hour_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    (moment,) = (compiler.process(one, **kw) for one in element.clauses)
    return f"replace(substr({moment}, 1, 13), ' ', 'T')"


@compiles(utc_hour, "postgresql")
def _hour_postgres(element: Any, compiler: Any, **kw: Any) -> str:
    (moment,) = (compiler.process(one, **kw) for one in element.clauses)
    return f"to_char({moment}, 'YYYY-MM-DD\"T\"HH24')"


@lru_cache(maxsize=20_000)
def local_hour(hour: str, zone: str) -> datetime:
    """ "2026-03-04T02" in UTC → that hour in the city; a page asks for the same two years of hours again and again."""
    return datetime.fromisoformat(f"{hour}:00+00:00").astimezone(ZoneInfo(zone))
