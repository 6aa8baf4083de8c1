"""Windows of time: a search reads the newest tickets first, and goes further back only until its page is full.

Tickets are numbered as they come, so a run of numbers is a time. Windows widen: where few fit in one, few can fit in the
next. For one word some sixteen times each, up to the widest of SPANS; for several only twofold, because the rows of every
word are fetched to be held against each other, however few have both. In PostgreSQL's index each row
carries the window of each width that it lies in as a word of its own, for its index knows words and no order.
"""

from __future__ import annotations

from collections.abc import Iterator

SPANS = {"a": 1 << 12, "b": 1 << 16, "c": 1 << 20}
"""Name of a width → tickets in it, the narrowest first."""


ONE_WORD, SEVERAL = 16, 2
"""How many times as wide the next window is."""


def falling(newest: int, by: int = ONE_WORD) -> Iterator[range]:
    """From this number down to the first: at each width the window that has begun and the one before it."""
    stop = (newest // SPANS["a"] + 1) * SPANS["a"]
    for span in _widening(by):
        if stop <= 0:
            return
        start = max(0, ((stop - 1) // span - 1) * span)
        yield range(start, stop)
        stop = start


def rising(oldest: int, newest: int, by: int = ONE_WORD) -> Iterator[range]:
    """From this number up to the newest."""
    start = oldest // SPANS["a"] * SPANS["a"]
    for span in _widening(by):
        if start > newest:
            return
        stop = (start // span + 2) * span
        yield range(start, stop)
        start = stop


def as_tsvector(ticket_id: int) -> str:
    """The words that a row of this ticket carries."""
    return " ".join(f"'{_word(name, ticket_id // span)}'" for name, span in SPANS.items())


def in_sql(ticket_id: str) -> str:
    """The same as an expression over a number in SQL."""
    return " || ' ' || ".join(f"'@{name}' || ({ticket_id}) / {span}" for name, span in SPANS.items())


def as_tsquery(ids: range) -> str:
    """One of the windows that make up this one."""
    return " | ".join(f"'{word}'" for word in _covering(ids))


def _covering(ids: range) -> Iterator[str]:
    """The fewest words for it, the widest that fit."""
    at = ids.start
    while at < ids.stop:
        name, span = next(
            one for one in reversed(SPANS.items()) if at % one[1] == 0 and (at + one[1] <= ids.stop or one[0] == "a")
        )
        yield _word(name, at // span)
        at += span


def _widening(by: int) -> Iterator[int]:
    span = SPANS["a"]
    while True:
        yield span
        span = min(span * by, SPANS["c"])


def _word(name: str, number: int) -> str:
    """No word of a text begins so."""
    return f"@{name}{number}"
