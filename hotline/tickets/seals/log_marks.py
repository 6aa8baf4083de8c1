"""Marks of rows that are added to a log and never changed: whoever adds one past the program has no key to make its mark with.

The chain seals rows some minutes after they were written, and would seal a foreign one with them. The mark is made as the row is
written, over what it says and a number by chance, so that no two rows have the same: a true row that was copied shows as well.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import event, func, select
from sqlalchemy.orm import ORMExecuteState, Session, sessionmaker

from hotline.i18n import N_, _
from hotline.tickets.seals.reading import is_same, rows_by_number
from hotline.tickets.seals.row_seals import plain
from models import Audit, Seal, TicketEvent
from models.store.db import Base, write_json
from models.store.hidden import as_stored, told

NAMES: dict[type[Base], str] = {TicketEvent: N_("办理记录"), Audit: N_("审计日志")}
COLUMNS = {table: tuple(one for one in table.__table__.columns.keys() if one not in ("id", "mark")) for table in NAMES}  # noqa: SIM118
_TABLES: dict[Any, type[Base]] = {table.__table__: table for table in NAMES}
CHANCE = 12
"""Signs of a mark that are by chance; 28 of the keyed hash follow."""

FROM = "from:"
LENGTH, LAST = 20_000, 2**62
"""Rows of a stretch: their numbers may leap. The last stretch has no end."""


def watch(sessions: sessionmaker[Any], key: bytes) -> None:
    """From now on these sessions mark the rows that they add."""

    def before(db: Session, _flush: Any, _instances: Any) -> None:
        for row in db.new:
            if isinstance(row, TicketEvent | Audit):
                row.mark = mark_of(type(row), {name: getattr(row, name) for name in COLUMNS[type(row)]}, key)

    def by_statement(state: ORMExecuteState) -> None:
        table = _TABLES.get(getattr(state.statement, "table", None)) if state.is_insert else None
        if table is not None:
            given: Any = state.parameters or {}
            for row in given if isinstance(given, list) else [given]:
                row["mark"] = mark_of(table, {name: row.get(name) for name in COLUMNS[table]}, key)

    event.listen(sessions, "before_flush", before)
    event.listen(sessions, "do_orm_execute", by_statement)


def mark_of(table: type[Base], said: Mapping[str, Any], key: bytes, chance: str = "") -> str:
    """said: every column but the number. An empty column says nothing, so a later release may add one."""
    chance = chance or secrets.token_hex(CHANCE // 2)
    told_ = sorted((name, plain(value)) for name, value in said.items() if value not in (None, {}))
    line = write_json([chance, table.__tablename__, told_])
    return chance + hmac.new(key, line.encode(), hashlib.sha256).hexdigest()[:28]


@dataclass(frozen=True)
class Stretch:
    """Rows of one log that are checked by themselves, from the first to the last."""

    table: type[Base]
    first: int
    last: int


def stretches(db: Session) -> list[Stretch]:
    """Everything from the first mark of each log on; what is older is of an earlier release."""
    found = []
    for table in NAMES:
        columns = table.__table__.c
        first = _begins(db, table)
        while first is not None:
            following = db.scalar(
                select(columns.id).where(columns.id >= first).order_by(columns.id).offset(LENGTH).limit(1)
            )
            found.append(Stretch(table, first, LAST if following is None else following - 1))
            first = following
    return found


def told_from(db: Session, table: type[Base], sealed: int) -> list[str]:
    """For the next link of the chain: from which row on this log is marked. Whoever takes the marks out of all rows up to one
    that he changes, as if an earlier release had written them, does not take it out of the links. sealed: the last row under one.
    """
    if table not in NAMES:
        return []
    links = select(Seal.marks).where(Seal.log == table.__tablename__).order_by(Seal.id.desc())
    begins = _told(db.scalar(links.limit(1)))
    begins = _first_marked(db, table, sealed) if begins is None else begins
    return [f"{FROM}{begins}"] if begins is not None else []


def _begins(db: Session, table: type[Base]) -> int | None:
    links = select(Seal.marks).where(Seal.log == table.__tablename__, Seal.marks.startswith(FROM)).order_by(Seal.id)
    told_, living = _told(db.scalar(links.limit(1))), _first_marked(db, table)
    return min((one for one in (told_, living) if one is not None), default=None)


def _told(marks: str | None) -> int | None:
    begins = (marks or "").partition(",")[0].removeprefix(FROM)
    return int(begins) if begins.isdecimal() and (marks or "").startswith(FROM) else None


def _first_marked(db: Session, table: type[Base], after: int = 0) -> int | None:
    columns = table.__table__.c
    first: int | None = db.scalar(select(func.min(columns.id)).where(columns.mark.is_not(None), columns.id > after))
    return first


def problems(db: Session, key: bytes) -> list[str]:
    """Rows that the program did not write, each as a sentence."""
    return [*(said for one in stretches(db) for said in problems_in(db, one, key)), *copied(db)]


def problems_in(db: Session, stretch: Stretch, key: bytes) -> list[str]:
    table = stretch.table
    columns, dialect = [table.__table__.c[name] for name in ("id", "mark", *COLUMNS[table])], db.get_bind().dialect
    wanted, found = select(*map(as_stored, columns)), []
    for number, row in rows_by_number(db, wanted, columns[0], stretch.first, stretch.last):
        if row is None or not _is_ours(table, row[1], row[2:], key, dialect):
            found.append(_said(table, number))
    return found


def _is_ours(table: type[Base], mark: str | None, stored: Sequence[Any], key: bytes, dialect: Any) -> bool:
    columns = (table.__table__.c[name] for name in COLUMNS[table])
    said = {one.key: told(one, value, dialect) for one, value in zip(columns, stored, strict=True)}
    return bool(mark) and is_same(str(mark), mark_of(table, said, key, str(mark)[:CHANCE]))


def copied(db: Session) -> list[str]:
    """Of rows with one mark the later ones: a true row that somebody wrote once more."""
    return [_said(table, number) for table in NAMES for number in _later(db, table)]


def _later(db: Session, table: type[Base]) -> Iterable[int]:
    columns = table.__table__.c
    twice = select(columns.mark, func.min(columns.id).label("first")).where(columns.mark.is_not(None))
    more = twice.group_by(columns.mark).having(func.count() > 1).subquery()
    later = select(columns.id).join(more, columns.mark == more.c.mark).where(columns.id > more.c.first)
    return db.scalars(later.order_by(columns.id))


def _said(table: type[Base], number: int) -> str:
    return _("%(what)s第 %(row)d 行不是程序写的。", what=_(NAMES[table]), row=number)
