"""Which tickets hold the words of a question, as a condition on `ticket`; what each part of it is in the dialects of the two engines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from sqlalchemy import BigInteger, ColumnElement, String, bindparam, false, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from hotline.tickets.search import windows
from hotline.tickets.search.full_text import HIDDEN, PARTS, ask
from models import Ticket
from models.store.hidden import Ring, ring_of

FEW = 1_000
"""Of a word that so few rows have, each is looked at for the other words of the question."""

_IN_SQLITE = f"SELECT rowid / {PARTS} FROM ticket_search WHERE ticket_search MATCH :{{name}}{{where}}"
_IN_POSTGRESQL = f"SELECT id / {PARTS} FROM ticket_search WHERE terms @@ CAST(:{{name}} AS tsquery){{where}}"
_AMONG = "SELECT few.ticket FROM unnest(:few) AS few(ticket) WHERE {all}"
_HAS = (
    f"EXISTS (SELECT FROM ticket_search WHERE id >= few.ticket * {PARTS} AND id < (few.ticket + 1) * {PARTS} "
    "AND terms @@ CAST(:{name} AS tsquery){where})"
)


def matches(
    db: Session, wanted: str, *, shown_only: bool = False, ids: range | None = None
) -> ColumnElement[bool] | None:
    """A filter on `ticket`: its text contains every part of `wanted`. None when nothing can be searched.

    A part that is one Chinese character finds the texts in which it stands anywhere. shown_only: only what everybody who
    sees the ticket may read; otherwise also what is behind its mask. ids: only tickets with these numbers are looked at; a
    window of `windows`, whose end is open.
    """
    sqlite = db.get_bind().dialect.name == "sqlite"
    phrase_of, either = (_fts_phrase, " OR ") if sqlite else (_ts_phrase, " | ")
    ring = None if shown_only else ring_of(db.get_bind())
    asked = [either.join(phrase_of(one) for one in _both_ways(part, ring)) for part in ask(wanted).parts]
    if not asked:
        return None
    layer, where = ("shown", f" AND {'rowid' if sqlite else 'id'} % {PARTS} < {HIDDEN}") if shown_only else ("told", "")
    if ids is not None and sqlite:
        where += f" AND rowid >= {ids.start * PARTS} AND rowid < {ids.stop * PARTS}"
    elif ids is not None:
        asked = [f"({one}) & ({windows.as_tsquery(ids)})" for one in asked]
    named = {f"{layer}_{n}": phrase for n, phrase in enumerate(asked)}
    if not sqlite and len(named) > 1 and (found := _rarest(db, named, where)) is not None:
        rare, few = found
        return _among(few, {name: phrase for name, phrase in named.items() if name != rare}, where)
    # One list of ids for all parts: the words of a ticket may stand in different parts of it, and planners guess phrases badly.
    statement = _IN_SQLITE if sqlite else _IN_POSTGRESQL
    listed = " INTERSECT ".join(statement.format(name=name, where=where) for name in named)
    return Ticket.id.in_(text(listed).bindparams(**named))


def _rarest(db: Session, named: Mapping[str, str], where: str) -> tuple[str, Sequence[int]] | None:
    """The first part that few rows have, and their tickets. PostgreSQL fetches every row that it intersects: a street of ten
    matters beside a word of a hundred thousand would cost as much as the hundred thousand."""
    for name, phrase in named.items():
        statement = text(_IN_POSTGRESQL.format(name=name, where=where) + f" LIMIT {FEW + 1}")
        if len(found := db.scalars(statement, {name: phrase}).all()) <= FEW:
            return name, sorted(set(found))
    return None


def _among(few: Sequence[int], others: Mapping[str, str], where: str) -> ColumnElement[bool]:
    """Those of a few tickets that hold the other parts too."""
    if not few:
        return false()
    every = " AND ".join(_HAS.format(name=name, where=where) for name in others)
    held = text(_AMONG.format(all=every)).bindparams(
        bindparam("few", few, type_=ARRAY(BigInteger), unique=True),
        *(bindparam(name, phrase, type_=String) for name, phrase in others.items()),
    )
    return Ticket.id.in_(held)


def _both_ways(part: Iterable[tuple[str, ...]], ring: Ring | None) -> Iterator[list[str]]:
    """Each phrase as it stands among the shown words, and as among those behind the mask."""
    for phrase in part:
        yield list(phrase)
        if ring is not None:
            yield [ring.term(one) for one in phrase]


def _fts_phrase(phrase: list[str]) -> str:
    whole = " ".join(phrase)
    return f'"{whole[:-1]}"*' if whole.endswith("*") else f'"{whole}"'


def _ts_phrase(phrase: list[str]) -> str:
    quoted = [f"'{term[:-1]}':*" if term.endswith("*") else f"'{term}'" for term in phrase]
    return "(" + " <-> ".join(quoted) + ")"
