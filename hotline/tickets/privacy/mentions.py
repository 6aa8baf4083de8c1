"""Where a telephone number lies outside the columns made for it: unknown columns of an import, drafts, letters, other people's words.

Found by reflection over every table that may be changed, never by a list of tables, so that no new column is forgotten.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import JSON, ColumnElement, Table, Text, cast, or_, select, update
from sqlalchemy.orm import Session
from sqlalchemy.types import String

from classifier.text.masking.known import NOTHING, Known
from classifier.text.masking.mask import mask, mask_known
from classifier.text.normalise import DIGIT_OF, plain
from hotline.tickets.privacy.redact import known_in_extra, without_homes
from models import Reply, Ticket, TicketText
from models.store.append_only import LOGS
from models.store.db import Base
from models.store.hidden import (
    HIDDEN,
    Hidden,
    HiddenAlike,
    HiddenJson,
    HiddenLeaves,
    HiddenPhones,
    Ring,
    SealedLeaves,
    as_before,
    leaves,
)

_NOT_WORDS = frozenset(
    {
        "stored_as",
        "sha256",
        "digest",
        "hash",
        "previous",
        "token",
        "query_code",
        "event_id",
        "provider_id",
        "number",
        "code",
    }
)
_KEPT_ELSEWHERE = frozenset({"ticket_text", "message", "attachment"})
"""What the erasure of a ticket takes away whole, or writes anew."""

_PIECE_BY_PIECE = {"yield_per": 1000}
"""Every text of a big city is read, and few of them at a time."""

_SHORTEST, _SENTENCE = 24, 100
"""Narrower columns hold codes, not words."""
_OWN_TABLES = frozenset({"staff", "unit", "category", "city_release", "holiday", "citizen", "call", "api_token"})
_HAN = str.maketrans("0123456789", "零一二三四五六七八九")
_SPOKEN = str.maketrans("0123456789", "零幺二三四五六七八九")
_ROUND = str.maketrans("0123456789", "〇一二三四五六七八九")
_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
_DIGITS = str.maketrans(DIGIT_OF)
_HAN_SIGN = re.compile("[一-鿿]")
_NO_DIGIT = re.compile(r"[^0-9]+")
_LOCAL = 7
"""Digits that every writing of a number has, with or without its country and town."""


def tickets_told_in_extra(db: Session, phone: str) -> list[int]:
    """Tickets without a contact of their own whose other columns hold this number as the citizen's."""
    rows = db.execute(
        select(TicketText.ticket_id, TicketText.extra)
        .join(Ticket, Ticket.id == TicketText.ticket_id)
        .where(Ticket.contact_phone.is_(None), Ticket.citizen_id.is_(None)),
        execution_options=_PIECE_BY_PIECE,
    )
    return [
        ticket_id for ticket_id, extra in rows if phone in {_bare(one) for one in known_in_extra(extra or {}).numbers}
    ]


def is_told(db: Session, phone: str) -> bool:
    """Whether any text or JSON value tells the number, whoever it belongs to."""
    known = Known(numbers=(phone,))
    for _table, columns in _word_columns():
        rows = db.execute(select(*columns).where(_may_tell(columns, phone)), execution_options=_PIECE_BY_PIECE)
        if any(_tells(row, phone) and _starred(value, known) != value for row in rows for value in row):
            return True
    return False


def star_mentions(db: Session, phone: str, person: Known = NOTHING) -> set[int]:
    """Star the number wherever a text or a JSON value tells it, and beside it what else is known of the person; the tickets whose
    words that the search knows were changed.

    What hangs on no ticket (drafts, saved searches) is found by a rare name or by the home as well, and sentences there lose all that
    looks like a person; on other people's tickets the same name may be somebody else's, and their data is theirs. Every hidden
    text is read: some minutes where a million matters lie.
    """
    known, touched = person | Known(numbers=(phone,)), set()
    for table, columns in _word_columns():
        loose = not _hangs_on_a_ticket(table)
        hide = partial(_starred, known=known, whole=loose)
        changed = _star_rows(db, table, columns, hide, phone, _rare(person) if loose else ())
        if table.name == "reply":
            changed = set(db.scalars(select(Reply.ticket_id).where(Reply.id.in_(changed))))
        touched |= changed if table.name in ("ticket", "ticket_text", "reply") else set()
    return touched


def star_beside(db: Session, knows: Mapping[int, Known]) -> None:
    """Everything that was written beside these tickets, in whatever table it hangs on them; knows: what each says of its people."""
    for table, told in _word_columns():
        columns = [column for column in told if _is_long(column.type)]
        if table.name in _KEPT_ELSEWHERE or "ticket_id" not in table.columns or not columns:
            continue
        keys = list(table.primary_key.columns)
        mine = select(table.c.ticket_id, *keys, *columns).where(table.c.ticket_id.in_(list(knows)))
        for row in db.execute(mine).all():
            hide = partial(_masked, known=knows[row[0]])
            said = zip(columns, row[1 + len(keys) :], strict=True)
            values = {column.name: after for column, words in said if (after := leaves(words, hide)) != words}
            if values:
                of_row = (key == value for key, value in zip(keys, row[1:], strict=False))
                db.execute(update(table).where(*of_row).values(values))


def _masked(words: str, known: Known) -> str:
    return as_before(words, mask(without_homes(words, known), known=known))


def _hangs_on_a_ticket(table: Table) -> bool:
    return table.name in ("ticket", "message") or "ticket_id" in table.columns


def _rare(person: Known) -> tuple[str, ...]:
    """Names and homes that are hardly anybody else's."""
    return (*(one for one in person.names if len(one) > 2), *(one for one in person.places if len(one) > 7))


def star_files(folder: Path, phone: str, ring: Ring) -> int:
    """Star the number in the files of rows that an import could not take; returns how many files were changed."""
    known, changed = Known(numbers=(phone,)), 0
    for path in sorted({*folder.rglob("rejects*.jsonl"), *folder.rglob("*.rejects.jsonl")}):
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
        told = [json.loads(ring.show(line)) for line in lines]
        starred = [_starred(one, known) for one in told]
        if starred != told:
            written = (json.dumps(one, ensure_ascii=False) for one in starred)
            hidden = (ring.hide(one) if HIDDEN.match(line) else one for one, line in zip(written, lines, strict=True))
            beside = path.with_suffix(".new")
            beside.write_text("".join(line + "\n" for line in hidden), encoding="utf-8")
            beside.replace(path)
            changed += 1
    return changed


def _star_rows(
    db: Session, table: Table, columns: Sequence[Any], hide: Callable[[Any], Any], phone: str, also: Sequence[str]
) -> set[int]:
    """The first part of the key of each changed row. also: further words by which a row is found."""
    keys = list(table.primary_key.columns)
    wanted = select(*keys, *columns).where(_may_tell(columns, phone, also))
    changed = []
    for row in db.execute(wanted, execution_options=_PIECE_BY_PIECE):
        of_row, words = row[: len(keys)], row[len(keys) :]
        if not _tells(words, phone, also):
            continue
        said = zip(columns, words, strict=True)
        values = {column.name: after for column, before in said if (after := hide(before)) != before}
        if values:
            changed.append((of_row, values))
    for of_row, values in changed:
        db.execute(update(table).where(*(key == one for key, one in zip(keys, of_row, strict=True))).values(values))
    return {of_row[0] for of_row, _values in changed}


def _word_columns() -> Iterator[tuple[Table, list[Any]]]:
    for table in Base.metadata.sorted_tables:
        if table.name in LOGS or table.name in _OWN_TABLES:
            continue
        columns = [
            column
            for column in table.columns
            if column.name not in _NOT_WORDS and not column.primary_key and _is_words(column.type)
        ]
        if columns:
            yield table, columns


def _may_tell(columns: Iterable[Any], phone: str, also: Iterable[str] = ()) -> ColumnElement[bool]:
    """Rows to be read: nobody looks into hidden writing by SQL, so of hidden columns each row that has words."""
    found: list[ColumnElement[bool]] = []
    for column in columns:
        if _is_hidden(column.type) and not isinstance(column.type, SealedLeaves):
            found.append(column.is_not(None))
            continue
        written = cast(column, Text)
        found += [_mentions(written, phone), *(written.contains(word, autoescape=True) for word in also)]
        if isinstance(column.type, SealedLeaves):
            found.append(written.like("%enc%:%"))
    return or_(*found)


def _tells(values: Iterable[Any], phone: str, also: Iterable[str] = ()) -> bool:
    """A quick look at what a row says: the last digits of the number, whatever stands between them, or one of the other words."""
    words = "\n".join(one if isinstance(one, str) else json.dumps(one, ensure_ascii=False) for one in values if one)
    bare = _NO_DIGIT.sub("", plain(words).translate(_DIGITS))
    return phone.partition("-")[0][-_LOCAL:] in bare or any(one in words for one in also)


def _is_hidden(kind: Any) -> bool:
    ours = isinstance(kind, Hidden | HiddenJson | HiddenLeaves | SealedLeaves)
    return ours and not isinstance(kind, HiddenAlike | HiddenPhones)


def _is_words(kind: Any) -> bool:
    if _is_hidden(kind):
        return True
    return isinstance(kind, JSON | Text) or (isinstance(kind, String) and (kind.length or _SHORTEST) >= _SHORTEST)


def _is_long(kind: Any) -> bool:
    """Room for a sentence: names of models and rules that look like numbers are left as they are."""
    if _is_hidden(kind):
        return True
    return isinstance(kind, JSON | Text) or (isinstance(kind, String) and (kind.length or _SENTENCE) >= _SENTENCE)


def _mentions(column: ColumnElement[str], phone: str) -> ColumnElement[bool]:
    """A quick look: the number as it is written, with one sign between its groups, wide or in Chinese. `_` is any one sign."""
    main = phone.partition("-")[0]
    cuts = (
        ((3, 7), (4, 7), (4, 8), (3, 6), (3,), (4,), (5,), (6,), (7,), (3, 5, 7, 9))
        if main.startswith("1")
        else ((len(main) - 7,), (len(main) - 8,), (len(main) - 7, len(main) - 4))
    )
    ways = [
        main,
        main.removeprefix("0"),
        *(main.translate(one) for one in (_HAN, _SPOKEN, _ROUND, _WIDE)),
        "_".join(main),
    ]
    for cut in cuts:
        parts = [main[start:end] for start, end in zip((0, *cut), (*cut, len(main)), strict=True)]
        ways += ["_".join(parts), "__".join(parts)]
    return or_(*(column.like(f"%{way}%") for way in dict.fromkeys(ways)))


def _starred(value: Any, known: Known, whole: bool = False) -> Any:
    """whole: a sentence that tells of the person is starred by its shapes as well (an account, somebody else's number beside it)."""
    if isinstance(value, str):
        starred: Any = mask_known(without_homes(value, known), known)
        return as_before(value, mask(starred) if whole and starred != value and _HAN_SIGN.search(value) else starred)
    if isinstance(value, dict):
        return {key: _starred(one, known, whole) for key, one in value.items()}
    if isinstance(value, list):
        return [_starred(one, known, whole) for one in value]
    if isinstance(value, int) and not isinstance(value, bool) and len(str(value)) > 6:
        starred = mask_known(str(value), known)
        return value if starred == str(value) else starred
    return value


def _bare(number: str) -> str:
    return (
        "".join(sign for sign in number if sign.isdigit()).removeprefix("86")
        if "+" in number
        else "".join(filter(str.isdigit, number))
    )
