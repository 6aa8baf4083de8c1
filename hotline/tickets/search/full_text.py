"""Chinese full text: every two neighbouring characters are one indexed term, so 路灯 is found inside any sentence.

SQLite keeps the terms in a contentless FTS5 table, PostgreSQL in a tsvector with a GIN index; a question becomes a phrase
of the same terms on both, and finds exactly the texts that contain it. Text and question are folded alike first: width,
traditional characters, format signs, case, and the separators inside numbers. Each text is indexed as it is shown to
everybody (personal data starred), and once more as told for those who may lift the mask: what is hidden from a person
cannot be asked for. What is behind the mask, and every word of a sealed ticket, is indexed by keyed hashes of its terms:
whoever steals the database reads no number, no name and no report in it. The search speaks the dialects of the two
engines here and in `matching` alone.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from classifier.text.masking.known import NOTHING, Known
from classifier.text.masking.mask import mask
from classifier.text.normalise import DIGIT_OF, digits, plain
from hotline.tickets.search import windows
from models.store.db import write_json
from models.store.hidden import ring_of

LAYOUT = 5
"""Counts the ways in which terms were made and laid out; `hotline migrate` indexes everything anew when it has grown."""

_CHINESE = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_RUN = re.compile(rf"[{_CHINESE}]+|(?:(?![{_CHINESE}])[^\W_])+")
_BREAK = re.compile(r"[\s,;!?、。，；：！？…“”‘’（）()【】《》〈〉「」]+")
_NUMBER = re.compile(r"(?<![0-9a-z])[0-9](?:[ .()-]{0,2}[0-9]){6,}(?![0-9a-z])")
_MAYBE_NUMBER = re.compile(rf"[0-9{''.join(DIGIT_OF)}](?:[ .()-]{{0,2}}[0-9{''.join(DIGIT_OF)}]){{6}}")
_GROUP = re.compile(r"[0-9.+-]*[0-9][0-9.-]*")
_GROUPS = re.compile(r"[0-9.+ -]+")
LONGEST = 40
MOST_PARTS = 16
SHORTEST_NUMBER = 7

ROW, OVERLAP = 8_000, 200
PARTS = 4096
HIDDEN = 2048
"""Row numbers of the index are ticket id × PARTS + part: what is added later is a part of its own, because a contentless
index cannot forget what it no longer knows. Parts from HIDDEN on hold the words behind the mask. A text corrected away is
still found under its old words: the story shows them."""


class Written(NamedTuple):
    """What is written about a ticket. known: what belongs to its own people, never shown. sealed: nothing of it is shown."""

    ticket_id: int
    words: Iterable[str | None]
    known: Known = NOTHING
    sealed: bool = False


@dataclass(frozen=True)
class Question:
    """parts: what each ticket must contain, as alternatives of phrases. lost: pieces of the question that ask nothing."""

    parts: tuple[tuple[tuple[str, ...], ...], ...]
    lost: tuple[str, ...] = ()


MADE_BY_HAND = {
    "sqlite": ("ticket_search", "ticket_search_layout"),
    "postgresql": ("ticket_search", "ix_ticket_search_terms", "ticket_search_layout"),
}
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
    else:
        connection.execute(
            text("CREATE TABLE IF NOT EXISTS ticket_search (id bigint PRIMARY KEY, terms tsvector NOT NULL)")
        )
        connection.execute(text("CREATE INDEX IF NOT EXISTS ix_ticket_search_terms ON ticket_search USING gin (terms)"))
    connection.execute(text("CREATE TABLE IF NOT EXISTS ticket_search_layout (layout integer NOT NULL)"))


def drop_search(connection: Connection) -> None:
    connection.execute(text("DROP TABLE IF EXISTS ticket_search"))


def layout(db: Session) -> int:
    """The layout in which this database's index was begun; 0 when it was never said."""
    return db.scalar(text("SELECT max(layout) FROM ticket_search_layout")) or 0


def set_layout(db: Session, now: int = LAYOUT) -> None:
    db.execute(text("DELETE FROM ticket_search_layout"))
    db.execute(text("INSERT INTO ticket_search_layout(layout) VALUES (:now)"), {"now": now})


def fold(written: str) -> str:
    """One writing for all: plain writing in small letters."""
    return plain(written).casefold()


def terms(written: str) -> list[str]:
    """The terms of a text in order: Chinese runs as overlapping pairs, the last character alone; other words whole.

    A number told in groups or in Chinese digits is, at the end, one term more.
    """
    folded = fold(written)
    found: list[str] = []
    for run in _RUN.findall(folded):
        if _is_chinese(run):
            found += [run[i : i + 2] for i in range(len(run))]
        else:
            found.append(run[:LONGEST])
    return found + _whole_numbers(folded)


def index_all(db: Session, tickets: Iterable[Written]) -> None:
    """Make these words findable, in the caller's transaction, as the first part of each ticket."""
    rows: list[tuple[int, list[str]]] = []
    for one in tickets:
        shown, told = _both(one)
        rows += _rows(one.ticket_id * PARTS, shown) if shown else []
        rows += _rows(one.ticket_id * PARTS + HIDDEN, told) if told else []
    _write(db, rows)


def index_more(db: Session, more: Written) -> bool:
    """What came later is a further part of the same ticket. False when it has no room left for one."""
    shown, told = _both(more)
    rows: list[tuple[int, list[str]]] = []
    for layer, words in ((0, shown), (HIDDEN, told)):
        first = more.ticket_id * PARTS + layer
        found = _rows(_next_row(db, first), words) if words else []
        if found and found[-1][0] >= first + HIDDEN:
            return False
        rows += found
    _write(db, rows)
    return True


def forget_all(db: Session, ticket_ids: Sequence[int]) -> None:
    """Take every part of these tickets out of the index. What a contentless index knows of them is read back from itself."""
    if db.get_bind().dialect.name != "sqlite":
        for ticket_id in ticket_ids:
            db.execute(
                text("DELETE FROM ticket_search WHERE id BETWEEN :first AND :last"),
                {"first": ticket_id * PARTS, "last": ticket_id * PARTS + PARTS - 1},
            )
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


def add_windows(db: Session, ids: range) -> None:
    """Write into the rows of these tickets in which windows they lie; once more changes nothing. SQLite needs no such words."""
    if db.get_bind().dialect.name != "sqlite":
        db.execute(_WINDOWS, {"first": ids.start * PARTS, "last": ids.stop * PARTS - 1})


def forget_for_good(db: Session) -> None:
    """After an erasure: SQLite's index only notes that words are gone and keeps them until its parts are merged, which this does.
    PostgreSQL's own vacuum does the same."""
    if db.get_bind().dialect.name == "sqlite":
        db.execute(text("INSERT INTO ticket_search(ticket_search) VALUES ('optimize')"))


def already(db: Session, ticket_ids: Sequence[int]) -> list[int]:
    """Those of the tickets of which the index holds anything; ids: a run of neighbours in any order."""
    if not ticket_ids:
        return []
    column = "rowid" if db.get_bind().dialect.name == "sqlite" else "id"
    rows = db.scalars(
        text(f"SELECT DISTINCT {column} / {PARTS} FROM ticket_search WHERE {column} BETWEEN :first AND :last"),
        {"first": min(ticket_ids) * PARTS, "last": (max(ticket_ids) + 1) * PARTS - 1},
    )
    return sorted(set(rows) & set(ticket_ids))


def empty(db: Session) -> None:
    """Throw the whole index away, in the caller's transaction, to fill it anew."""
    connection = db.connection()
    drop_search(connection)
    create_search(connection)


def ask(wanted: str) -> Question:
    """A question understood: blanks and marks part it; digits told in groups are one number as well as several."""
    pieces = [piece for piece in _BREAK.split(fold(wanted)) if piece]
    parts: list[tuple[tuple[str, ...], ...]] = []
    lost: list[str] = []
    for group in _grouped(pieces):
        if _GROUPS.fullmatch(group) and len(number := _only_digits(group)) >= SHORTEST_NUMBER:
            told = tuple(_query_terms(group))
            parts.append(((number[:LONGEST],), told) if told != (number[:LONGEST],) else (told,))
        elif phrase := _query_terms(group):
            parts.append((tuple(phrase),))
        else:
            lost.append(group)
    return Question(tuple(parts[:MOST_PARTS]), tuple(one for one in lost if not _is_mark(one)))


_OUT_OF_SQLITE = text("INSERT INTO ticket_search(ticket_search, rowid, terms) VALUES ('delete', :id, :terms)")
_WORDS_OF = text(
    f"SELECT term, doc, offset FROM temp.ticket_words WHERE doc / {PARTS} IN (SELECT value FROM json_each(:ids))"
)
_INTO_SQLITE = text("INSERT INTO ticket_search(rowid, terms) VALUES (:id, :terms)")
_INTO_POSTGRESQL = text(
    "INSERT INTO ticket_search(id, terms) VALUES (:id, CAST(:terms AS tsvector)) ON CONFLICT (id) DO UPDATE SET terms = excluded.terms"
)
_WINDOWS = text(
    f"UPDATE ticket_search SET terms = terms || CAST({windows.in_sql(f'id / {PARTS}')} AS tsvector) WHERE id BETWEEN :first AND :last"
)


def _both(written: Written) -> tuple[str, str]:
    """The words as everybody sees them, and as told where that is more."""
    words = [one for one in written.words if one]
    told = "\n".join(words)
    shown = "" if written.sealed else "\n".join(mask(one, written.known) for one in words)
    return shown, told if told != shown else ""


def _write(db: Session, rows: Sequence[tuple[int, list[str]]]) -> None:
    if not rows:
        return
    sqlite, ring = db.get_bind().dialect.name == "sqlite", ring_of(db.get_bind())
    keyed = [(row, [ring.term(one) for one in words] if row % PARTS >= HIDDEN else words) for row, words in rows]
    db.execute(
        _INTO_SQLITE if sqlite else _INTO_POSTGRESQL,
        [
            {
                "id": row,
                "terms": " ".join(words) if sqlite else f"{_tsvector(words)} {windows.as_tsvector(row // PARTS)}",
            }
            for row, words in keyed
        ],
    )


def _rows(first: int, written: str) -> list[tuple[int, list[str]]]:
    """The rows of one text: PostgreSQL knows no positions beyond 16,383, so a very long text is laid into several that overlap."""
    words = terms(written)
    return [(first + n, words[at : at + ROW + OVERLAP]) for n, at in enumerate(range(0, len(words), ROW))]


def _next_row(db: Session, first: int) -> int:
    """The row after the last one of this layer of a ticket."""
    column = "rowid" if db.get_bind().dialect.name == "sqlite" else "id"
    highest = db.scalar(
        text(f"SELECT max({column}) FROM ticket_search WHERE {column} BETWEEN :first AND :last"),
        {"first": first, "last": first + HIDDEN - 1},
    )
    return first if highest is None else int(highest) + 1


def _is_chinese(run: str) -> bool:
    first = run[0]
    return "\u3400" <= first <= "\u9fff" or first >= "\U00020000" or "\uf900" <= first <= "\ufaff"


def _whole_numbers(folded: str) -> list[str]:
    """Numbers that are written in groups, or in Chinese digits, as one term each."""
    if not _MAYBE_NUMBER.search(folded):
        return []
    found = [_only_digits(one) for one in _NUMBER.findall(digits(folded))]
    return [one[:LONGEST] for one in dict.fromkeys(found) if one not in folded]


def _only_digits(written: str) -> str:
    return re.sub(r"[^0-9]", "", written)


def _grouped(pieces: Sequence[str]) -> list[str]:
    """The pieces, with neighbouring groups of digits put together where they make a number."""
    found: list[str] = []
    row: list[str] = []
    for piece in (*pieces, ""):
        if piece and _GROUP.fullmatch(piece):
            row.append(piece)
            continue
        whole = " ".join(row)
        found += [whole] if len(_only_digits(whole)) >= SHORTEST_NUMBER else row
        row = []
        if piece:
            found.append(piece)
    return found


def _is_mark(piece: str) -> bool:
    """Punctuation that nobody misses when it asks nothing."""
    return all(sign.isascii() or unicodedata.category(sign).startswith(("P", "Z")) for sign in piece)


def _query_terms(part: str) -> list[str]:
    """As `terms`, but the phrase must not end where the text goes on: the last run comes without its lone last character."""
    runs = _RUN.findall(fold(part))
    found: list[str] = []
    for n, run in enumerate(runs):
        if not _is_chinese(run):
            found.append(run[:LONGEST])
            continue
        pairs = [run[i : i + 2] for i in range(len(run) - 1)]
        found += pairs if n == len(runs) - 1 else [*pairs, run[-1]]
        if n == len(runs) - 1 and not pairs:
            found.append(run + "*")
    return found


def _tsvector(words: list[str]) -> str:
    """The literal of a tsvector with positions. PostgreSQL keeps 255 of them per term."""
    positions: dict[str, list[int]] = {}
    for at, word in enumerate(words, start=1):
        held = positions.setdefault(word, [])
        if len(held) < 255:
            held.append(at)
    return " ".join(f"'{word}':{','.join(map(str, at))}" for word, at in positions.items())
