"""Chinese full text: every two neighbouring characters are one indexed term, so 路灯 is found inside any sentence.

SQLite keeps the terms in a contentless FTS5 table, PostgreSQL in a tsvector with a GIN index; a query becomes a phrase
of the same terms on both, and finds exactly the texts that contain it. Latin words and numbers are terms of their own.
The search speaks the dialects of the two engines here alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, Connection, text
from sqlalchemy.orm import Session

from models import Ticket
from models.db import write_json

_RUN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+|[0-9a-z]+")
LONGEST = 40
PARTS = 1024
"""Row numbers of the index are ticket id × PARTS + part: what is added later is a part of its own, because a
contentless index cannot forget what it no longer knows. A text corrected away is still found under its old words."""


MADE_BY_HAND = {"sqlite": ("ticket_search",), "postgresql": ("ticket_search", "ix_ticket_search_terms")}
"""What `create_search` makes and no model describes, by engine."""


def create_search(connection: Connection) -> None:
    """The tables behind the search, made by the first migration."""
    if connection.dialect.name == "sqlite":
        connection.execute(
            text(
                "CREATE VIRTUAL TABLE IF NOT EXISTS ticket_search USING fts5(terms, content='', "
                "tokenize='unicode61 remove_diacritics 0')"
            )
        )
        return
    connection.execute(
        text("CREATE TABLE IF NOT EXISTS ticket_search (id bigint PRIMARY KEY, terms tsvector NOT NULL)")
    )
    connection.execute(text("CREATE INDEX IF NOT EXISTS ix_ticket_search_terms ON ticket_search USING gin (terms)"))


def drop_search(connection: Connection) -> None:
    connection.execute(text("DROP TABLE IF EXISTS ticket_search"))


def terms(written: str) -> list[str]:
    """The terms of a text in order: Chinese runs as overlapping pairs, the last character alone; other words whole."""
    found: list[str] = []
    for run in _RUN.findall(written.lower()):
        if run[0] < "\u3400":
            found.append(run[:LONGEST])
        else:
            found += [run[i : i + 2] for i in range(len(run))]
    return found


def index(db: Session, ticket_id: int, written: Iterable[str | None], part: int = 0) -> None:
    """Make these words findable, in the caller's transaction. part 0 is the ticket as taken in."""
    index_all(db, [(ticket_id, written)], part)


def index_all(db: Session, tickets: Sequence[tuple[int, Iterable[str | None]]], part: int = 0) -> None:
    """As `index` for several tickets in one statement."""
    sqlite = db.get_bind().dialect.name == "sqlite"
    rows = []
    for ticket_id, written in tickets:
        words = terms(" ".join(one for one in written if one))
        rows.append(
            {"id": ticket_id * PARTS + min(part, PARTS - 1), "terms": " ".join(words) if sqlite else _tsvector(words)}
        )
    if rows:
        db.execute(_INTO_SQLITE if sqlite else _INTO_POSTGRESQL, rows)


def index_more(db: Session, ticket_id: int, written: Iterable[str | None]) -> None:
    """What came later (a citizen's addition, a corrected title) is a further part of the same ticket."""
    first, last = ticket_id * PARTS, ticket_id * PARTS + PARTS - 1
    column = "rowid" if db.get_bind().dialect.name == "sqlite" else "id"
    highest = db.scalar(
        text(f"SELECT max({column}) FROM ticket_search WHERE {column} BETWEEN :first AND :last"),
        {"first": first, "last": last},
    )
    index(db, ticket_id, written, part=0 if highest is None else highest - first + 1)


def forget(db: Session, ticket_id: int, written: Iterable[str | None]) -> None:
    """Take a ticket's words out of the index; `written` must be what `index` was given (a contentless index needs it)."""
    row = ticket_id * PARTS
    if db.get_bind().dialect.name == "sqlite":
        words = terms(" ".join(one for one in written if one))
        db.execute(_OUT_OF_SQLITE, {"id": row, "terms": " ".join(words)})
    else:
        db.execute(
            text("DELETE FROM ticket_search WHERE id BETWEEN :first AND :last"), {"first": row, "last": row + PARTS - 1}
        )


def forget_all(db: Session, ticket_ids: Sequence[int]) -> None:
    """Take every part of these tickets out of the index. What a contentless index knows of them is read back from itself."""
    if db.get_bind().dialect.name != "sqlite":
        for ticket_id in ticket_ids:
            forget(db, ticket_id, ())
        return
    db.execute(
        text(
            "CREATE VIRTUAL TABLE IF NOT EXISTS temp.ticket_words USING fts5vocab('main', 'ticket_search', 'instance')"
        )
    )
    held: dict[int, list[tuple[int, str]]] = {}
    for term, row, at in db.execute(_WORDS_OF, {"ids": write_json(list(ticket_ids))}):
        held.setdefault(row, []).append((at, term))
    gone = [{"id": row, "terms": " ".join(term for _at, term in sorted(words))} for row, words in held.items()]
    if gone:
        db.execute(_OUT_OF_SQLITE, gone)


def matches(db: Session, wanted: str) -> ColumnElement[bool] | None:
    """A filter on `ticket`: its text contains every blank-separated part of `wanted`. None when nothing can be searched.

    A part that is one Chinese character finds the texts in which it stands anywhere.
    """
    sqlite = db.get_bind().dialect.name == "sqlite"
    statement, phrase_of = (_IN_SQLITE, _fts_phrase) if sqlite else (_IN_POSTGRESQL, _ts_phrase)
    phrases = [phrase_of(phrase) for part in wanted.split()[:8] if (phrase := _query_terms(part))]
    if not phrases:
        return None
    # One list of ids for all parts: the words of a ticket may stand in different parts of it, and planners guess phrases badly.
    ids = " INTERSECT ".join(statement.format(n=n) for n in range(len(phrases)))
    return Ticket.id.in_(text(ids).bindparams(**{f"wanted_{n}": phrase for n, phrase in enumerate(phrases)}))


_OUT_OF_SQLITE = text("INSERT INTO ticket_search(ticket_search, rowid, terms) VALUES ('delete', :id, :terms)")
_WORDS_OF = text(
    f"SELECT term, doc, offset FROM temp.ticket_words WHERE doc / {PARTS} IN (SELECT value FROM json_each(:ids))"
)
_INTO_SQLITE = text("INSERT INTO ticket_search(rowid, terms) VALUES (:id, :terms)")
_INTO_POSTGRESQL = text(
    "INSERT INTO ticket_search(id, terms) VALUES (:id, CAST(:terms AS tsvector)) ON CONFLICT (id) DO UPDATE SET terms = excluded.terms"
)
_IN_SQLITE = f"SELECT rowid / {PARTS} FROM ticket_search WHERE ticket_search MATCH :wanted_{{n}}"
_IN_POSTGRESQL = f"SELECT id / {PARTS} FROM ticket_search WHERE terms @@ CAST(:wanted_{{n}} AS tsquery)"


def _query_terms(part: str) -> list[str]:
    """As `terms`, but without the lone last character of a run: the phrase must not end where the text goes on."""
    found: list[str] = []
    for run in _RUN.findall(part.lower()):
        if run[0] < "\u3400":
            found.append(run[:LONGEST])
        else:
            found += [run[i : i + 2] for i in range(len(run) - 1)] or [run + "*"]
    return found


def _fts_phrase(phrase: list[str]) -> str:
    if phrase[-1].endswith("*"):
        head = f'"{" ".join(phrase[:-1])}" AND ' if phrase[:-1] else ""
        return f'{head}"{phrase[-1][:-1]}"*'
    return f'"{" ".join(phrase)}"'


def _ts_phrase(phrase: list[str]) -> str:
    quoted = [f"'{term[:-1]}':*" if term.endswith("*") else f"'{term}'" for term in phrase]
    return "(" + " <-> ".join(quoted) + ")"


def _tsvector(words: list[str]) -> str:
    """The literal of a tsvector with positions. PostgreSQL counts positions up to 16,383 and keeps 255 per term."""
    positions: dict[str, list[int]] = {}
    for at, word in enumerate(words[:16_383], start=1):
        held = positions.setdefault(word, [])
        if len(held) < 255:
            held.append(at)
    return " ".join(f"'{word}':{','.join(map(str, at))}" for word, at in positions.items())
