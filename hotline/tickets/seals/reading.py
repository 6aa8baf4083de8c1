"""Rows under seals, read by number; what stands in a row may be no value of its column at all, where a database takes everything."""

from __future__ import annotations

import hmac
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select
from sqlalchemy.orm import Session

AT_ONCE = 1000


def rows_by_number(
    db: Session, wanted: Select[Any], number: ColumnElement[int], first: int, last: int
) -> Iterator[tuple[int, Sequence[Any] | None]]:
    """wanted: with the number as its first column. None in place of a row that cannot be read: nobody but a stranger wrote it."""
    read = first - 1
    some = wanted.where(number.between(first, last)).order_by(number).execution_options(yield_per=AT_ONCE)
    try:
        for row in db.execute(some):
            yield int(row[0]), row
            read = int(row[0])
    except (ValueError, TypeError):
        if read + 1 == last:
            yield last, None
            return
        middle = (read + 1 + last) // 2
        yield from rows_by_number(db, wanted, number, read + 1, middle)
        yield from rows_by_number(db, wanted, number, middle + 1, last)


def is_same(mark: str, made: str) -> bool:
    """Whether a mark that stands there is the one that is made; it may be any words."""
    return hmac.compare_digest(mark.encode(errors="replace"), made.encode())
