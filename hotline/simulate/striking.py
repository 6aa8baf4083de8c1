"""The quick way: rows struck from a die are written many at once, with their seals and what finds them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Dialect, Table, select, text, update
from sqlalchemy.orm import Session

from hotline.demo.people import Cast
from hotline.simulate.die import Change, Die, Striking
from hotline.simulate.plan import Living
from hotline.tickets import numbers
from hotline.tickets.seals import log_marks, row_seals
from hotline.tickets.search import indexing
from models import Base, Call, Citizen, RowSeal, Ticket
from models.store.rows import insert_signs_once, next_numbers

Process = Callable[[Any], Any]


@dataclass(frozen=True)
class Row:
    """told: every cell as the database takes it. changes: which of them differ in each living, and how. sealed: for seals, the
    columns of the mark with what they say.
    """

    told: tuple[Any, ...]
    changes: tuple[tuple[int, Change, Process], ...]
    sealed: tuple[tuple[Any, Change | None], ...]


@dataclass
class Press:
    """Strikes dies for one database. key: of the seals."""

    dialect: Dialect
    key: bytes
    made: dict[int, list[tuple[Table, list[Row]]]] = field(default_factory=dict)

    def rows_of(self, die: Die) -> list[tuple[Table, list[Row]]]:
        """The die's rows as this database takes them; worked out once."""
        if id(die) not in self.made:
            self.made[id(die)] = [(table, [self._row(table, row) for row in rows]) for table, rows in die.tables]
        return self.made[id(die)]

    def _row(self, table: Table, cells: Sequence[tuple[str, Any, Change | None]]) -> Row:
        takes = [_process(table.c[name].type, self.dialect) for name, _value, _change in cells]
        told = tuple(take(value) for take, (_name, value, _change) in zip(takes, cells, strict=True))
        changes = tuple((n, change, takes[n]) for n, (_name, _value, change) in enumerate(cells) if change is not None)
        by_name = {name: (value, change) for name, value, change in cells}
        return Row(told, changes, tuple(by_name[name] for name in _MARKED.get(table.name, ())))


@dataclass
class Batch:
    """What is written together: each living with its die, whoever works on it, and the number of its first ticket."""

    press: Press
    struck: list[tuple[Die, Living, Cast, int]] = field(default_factory=list)

    def add(self, die: Die, living: Living, cast: Cast, first_id: int) -> None:
        self.struck.append((die, living, cast, first_id))

    def people(self, db: Session) -> dict[str, int]:
        """Who telephones, by number, in a transaction of its own: two processes may meet the same person."""
        return _citizens(db, [living for _die, living, _cast, _first in self.struck])

    def write(self, db: Session, citizens: Mapping[str, int]) -> int:
        """Everything in the caller's transaction, however long it takes; returns how many tickets."""
        if self.press.dialect.name == "postgresql":
            db.execute(text("SET LOCAL statement_timeout = 0"))
        ids = self._numbers(db)
        rows: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
        seals: list[tuple[Any, ...]] = []
        tickets: list[int] = []
        for die, living, cast, first_id in self.struck:
            s = _striking(die, living, cast, first_id, ids, citizens)
            tickets += s.ids["ticket"]
            for table, some in self.press.rows_of(die):
                for row in some:
                    if table.name in _LOGS:
                        rows[table.name].append(self._marked(table, row, s))
                        continue
                    rows[table.name].append(_told(row, s))
                    if row.sealed and (mark := self._mark(table.name, row, s)) is not None:
                        seals.append((die.lived.happened + s.shift, table.name, *mark))
        _write_all(db, rows, seals, self.press)
        indexing.index_anew(db, tickets)
        return len(tickets)

    def _numbers(self, db: Session) -> dict[str, Iterator[int]]:
        """As many numbers of each table as its rows need."""
        wanted: dict[str, int] = defaultdict(int)
        for die, *_more in self.struck:
            for table, rows in die.tables:
                wanted[table.name] += len(rows)
        tables = Base.metadata.tables
        counted = {name: many for name, many in wanted.items() if name != "ticket" and _has_numbers(tables[name])}
        return {name: iter(next_numbers(db, tables[name], many)) for name, many in counted.items()}

    def _marked(self, table: Table, row: Row, s: Striking) -> tuple[Any, ...]:
        """A row of a log, with the mark that is its own."""
        kind, told = _LOGS[table.name], list(_told(row, s))
        values = (change(s) if change else value for value, change in row.sealed)
        said = dict(zip(log_marks.COLUMNS[kind], values, strict=True))
        told[table.columns.keys().index("mark")] = log_marks.mark_of(kind, said, self.press.key)
        return tuple(told)

    def _mark(self, name: str, row: Row, s: Striking) -> tuple[int, str] | None:
        kind = _SEALED[name]
        values = tuple(change(s) if change else value for value, change in row.sealed)
        said = dict(zip(row_seals.COLUMNS[kind], values, strict=True))
        if kind is Ticket and not (said["closed_at"] or said["close_kind"] or said["excluded"]):
            return None
        return said["id"], row_seals.digest(kind, said["id"], values, self.press.key)


_SEALED = {kind.__tablename__: kind for kind in row_seals.NAMES}
_LOGS = {kind.__tablename__: kind for kind in log_marks.NAMES}
_MARKED = {kind.__tablename__: columns for kind, columns in (*row_seals.COLUMNS.items(), *log_marks.COLUMNS.items())}


def _told(row: Row, s: Striking) -> tuple[Any, ...]:
    told = list(row.told)
    for n, change, take in row.changes:
        told[n] = take(change(s))
    return tuple(told)


def _striking(
    die: Die,
    living: Living,
    cast: Cast,
    first_id: int,
    ids: Mapping[str, Iterator[int]],
    citizens: Mapping[str, int],
) -> Striking:
    tickets = die.lived.rows["ticket"]
    told = {table.name: [next(ids[table.name]) for _row in rows] for table, rows in die.tables if table.name in ids}
    told["ticket"] = [first_id + n for n in range(len(tickets))]
    shift = living.begins - die.living.begins
    written = {
        row["number"]: numbers.number_of(die.city, number, row["created_at"] + shift)
        for row, number in zip(tickets, told["ticket"], strict=True)
    }
    people = {
        number: citizens[now]
        for then, now in zip(die.living.phones, living.phones, strict=True)
        if (number := die.lived.citizens.get(then)) is not None
    }
    s = Striking(shift, told, {}, die.staff_for(cast), people)
    s.names = {**die.names_for(living, written, cast), **die.orders(s)}
    return s


def _has_numbers(table: Table) -> bool:
    """Whether its rows have numbers of their own, and are not named by the row they belong to."""
    (key, *more) = table.primary_key
    return not more and not key.foreign_keys


def _process(kind: Any, dialect: Dialect) -> Process:
    found = kind.dialect_impl(dialect).bind_processor(dialect)
    return found if found is not None else lambda value: value


def _citizens(db: Session, livings: Sequence[Living]) -> dict[str, int]:
    """Who telephones; whom nobody knows yet is known from the first call on."""
    first: dict[str, datetime] = {}
    for living in livings:
        for phone in living.phones:
            first.setdefault(phone, living.begins)
    known: dict[str, int] = {}
    wanted = sorted(first)
    for at in range(0, len(wanted), 500):
        asked = db.execute(_known(wanted[at : at + 500]))
        known |= {str(phone): number for phone, number in asked}
    fresh = [phone for phone in wanted if phone not in known]
    made = [
        {"phone": phone, "name": None, "language": "zh", "no_texts": False, "created_at": first[phone]}
        for phone in fresh
    ]
    known |= insert_signs_once(db, Citizen, "phone", made)
    lost = [phone for phone in fresh if phone not in known]
    return known | {str(phone): number for phone, number in (db.execute(_known(lost)) if lost else ())}


def _known(phones: Sequence[str]) -> Any:
    return select(Citizen.phone, Citizen.id).where(Citizen.phone.in_(phones))


def _write_all(
    db: Session, rows: Mapping[str, list[tuple[Any, ...]]], seals: list[tuple[Any, ...]], press: Press
) -> None:
    """In the order in which tables point to each other; a call learns of its ticket when that is there."""
    calls = rows.get("call", [])
    _insert(db, Call.__table__, Call.__table__.columns.keys(), _without_tickets(calls))  # type: ignore[arg-type]
    for table in Base.metadata.sorted_tables:
        if table.name in rows and table.name != "call":
            _insert(db, table, table.columns.keys(), rows[table.name])
    _join_calls(db, calls)
    take = _process(RowSeal.__table__.c.at.type, press.dialect)
    marks = [(take(at), *more) for at, *more in seals]
    _insert(db, RowSeal.__table__, ["at", "log_of", "row_id", "digest"], marks)  # type: ignore[arg-type]


def _without_tickets(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    spot = Call.__table__.columns.keys().index("ticket_id")
    return [(*row[:spot], None, *row[spot + 1 :]) for row in rows]


def _join_calls(db: Session, calls: Sequence[tuple[Any, ...]]) -> None:
    """By the numbers that were struck: a search of the tickets for their calls walks all of them, week after week."""
    names = Call.__table__.columns.keys()
    number, ticket = names.index("id"), names.index("ticket_id")
    told = [{"id": row[number], "ticket_id": row[ticket]} for row in calls if row[ticket] is not None]
    if told:
        db.execute(update(Call), told)


def _insert(db: Session, table: Table, names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """PostgreSQL's COPY; on SQLite one prepared statement for all of them. The cells are written as the driver takes them."""
    if not rows:
        return
    raw: Any = db.connection().connection.driver_connection
    listed = ", ".join(f'"{name}"' for name in names)
    if db.get_bind().dialect.name == "postgresql":
        with raw.cursor() as cursor, cursor.copy(f'COPY "{table.name}" ({listed}) FROM STDIN') as copy:
            for row in rows:
                copy.write_row(row)
        return
    raw.executemany(f'INSERT INTO "{table.name}" ({listed}) VALUES ({", ".join("?" * len(names))})', rows)
