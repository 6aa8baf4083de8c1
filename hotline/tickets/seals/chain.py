"""The chain of seals that shows whether anybody tampered with the book, the story or the marks of rows."""

from __future__ import annotations

import hashlib
import hmac
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hotline.i18n import _
from hotline.tickets.seals import archives, log_marks
from hotline.tickets.seals.reading import rows_by_number
from hotline.tickets.states import State
from models import Audit, RowSeal, Seal, Ticket, TicketEvent
from models.store.db import write_json
from models.store.hidden import as_stored, told

SETTLED = timedelta(minutes=2)
"""No transaction lives this long, so every row older than this is there to be sealed."""

MARK = "mark"
"""Of a row as the program wrote it (`log_marks`): it speaks for itself and is under no link, so those of earlier releases stand."""

FIRST = "0" * 64
ROWS, LINKS = 100_000, 20_000
"""How much of the chain is checked at once."""

LAST = 2**62
"""No link has this number: whatever was told of a link beyond the last one is looked for in the last part."""

PLAIN, KEYED = 1, 2
"""The versions of a link: a plain SHA-256, or an HMAC with the key of the installation."""

LOGS: dict[str, type[Audit] | type[TicketEvent] | type[RowSeal]] = {
    "audit": Audit,
    "ticket_event": TicketEvent,
    "row_seal": RowSeal,
}


def seal(db: Session, now: datetime, most: int = 5000, key: bytes = b"") -> int:
    """Seal the settled rows of all logs into the chain; returns how many rows were sealed.

    key: of this installation, kept outside the database: without it nobody can make the chain anew.
    """
    return sum(_seal_log(db, log, now, most, key) for log in LOGS)


@dataclass(frozen=True)
class Verdict:
    """links and rows checked; problems are sentences, empty when the books are whole."""

    links: int
    rows: int
    problems: list[str]


@dataclass(frozen=True)
class Head:
    """How long the chain was and what its last link was, as it was told outside the database."""

    links: int
    seal_id: int
    hash: str


def head_of(db: Session) -> Head | None:
    """The end of the chain as it is now."""
    last = db.execute(select(Seal.id, Seal.hash).order_by(Seal.id.desc()).limit(1)).one_or_none()
    return Head(db.scalar(select(func.count()).select_from(Seal)) or 0, last.id, last.hash) if last else None


@dataclass(frozen=True)
class Part:
    """A run of links that is checked by itself: those after `after` up to `until`; `links` stand before it."""

    after: int
    until: int
    links: int


def parts(db: Session) -> list[Part]:
    """The whole chain cut into runs of about as many rows or links, so that none needs much memory and several can go side by side."""
    cut, links, rows = [Part(0, 0, 0)], 0, 0
    for seal_id, under in db.execute(select(Seal.id, Seal.rows).order_by(Seal.id).execution_options(yield_per=LINKS)):
        links, rows = links + 1, rows + under
        if rows >= ROWS or links - cut[-1].links >= LINKS:
            cut[-1] = Part(cut[-1].after, seal_id, cut[-1].links)
            cut.append(Part(seal_id, seal_id, links))
            rows = 0
    return [*cut[:-1], Part(cut[-1].after, LAST, cut[-1].links)]


def verify(db: Session, key: bytes = b"", heads: Iterable[Head] = ()) -> Verdict:
    """Recompute the whole chain. A changed, removed or slipped-in row breaks its link and is named; with the heads that were
    told outside, a chain that was cut off, emptied or made anew is found as well."""
    return together([*(check(db, part, key, heads) for part in parts(db)), emptied(db)])


def together(verdicts: Iterable[Verdict]) -> Verdict:
    """What was found in the parts, as one."""
    found = list(verdicts)
    return Verdict(
        sum(one.links for one in found),
        sum(one.rows for one in found),
        [said for one in found for said in one.problems],
    )


def check(db: Session, part: Part, key: bytes, heads: Iterable[Head]) -> Verdict:
    """One part: every link against its rows, the link before it and what was told outside."""
    links = list(db.scalars(select(Seal).where(Seal.id > part.after, Seal.id <= part.until).order_by(Seal.id)))
    rows = {log: _rows_problems(db, [one for one in links if one.log == log], key) for log in LOGS}
    problems = [said for link in links for said in rows.get(link.log, {}).get(link.id, ())]
    problems += [*_breaks(db, links, part, key), *_missing_ends(links, part, heads)]
    return Verdict(len(links), sum(link.rows for link in links), problems)


def _breaks(db: Session, links: list[Seal], part: Part, key: bytes) -> Iterator[str]:
    """Where the chain does not hold, beginning with the link before this part."""
    before = db.scalar(select(Seal).where(Seal.id == part.after))
    previous, keyed = (before.hash, before.version >= KEYED) if before else (FIRST, False)
    next_row = {log: _covered(db, log, part.after) + 1 for log in LOGS}
    for link in links:
        expected = _link_hash(link, link.previous, key)
        if link.previous != previous or link.hash != expected or link.first_id != next_row.get(link.log):
            yield _("封条 %(id)d 与前一条接不上。", id=link.id)
        if keyed and link.version < KEYED:
            yield _("封条 %(id)d 没有密钥，而它之前的有：链条被人重做过。", id=link.id)
        keyed = keyed or link.version >= KEYED
        previous, next_row[link.log] = link.hash, link.last_id + 1


def _covered(db: Session, log: str, until: int) -> int:
    """The last row of a log that the links up to here cover."""
    newest = select(Seal.last_id).where(Seal.log == log, Seal.id <= until).order_by(Seal.id.desc()).limit(1)
    return db.scalar(newest) or 0


def _missing_ends(links: list[Seal], part: Part, heads: Iterable[Head]) -> list[str]:
    """What was told outside must still be there."""
    ends = {link.id: (part.links + n, link.hash) for n, link in enumerate(links, 1)}
    return [
        _(
            "已对外公布的封条 %(id)d（当时共 %(n)d 条）不在链条里：日志被截断、清空或重做过。",
            id=head.seal_id,
            n=head.links,
        )
        for head in heads
        if part.after < head.seal_id <= part.until and ends.get(head.seal_id) != (head.links, head.hash)
    ]


def emptied(db: Session) -> Verdict:
    """Every ticket that was handed in has a story; a draft has none yet."""
    told = select(TicketEvent.id).where(TicketEvent.ticket_id == Ticket.id).exists()
    silent = db.scalar(select(func.count()).select_from(Ticket).where(Ticket.state != State.DRAFT, ~told)) or 0
    return Verdict(0, 0, [_("有 %(n)d 张工单没有任何办理记录：日志被删除过。", n=silent)] if silent else [])


def _rows_problems(db: Session, links: list[Seal], key: bytes) -> dict[int, list[str]]:
    """What became of the rows under links of one log, by the link; all are read by one statement."""
    if not links:
        return {}
    links, gone = sorted(links, key=lambda link: link.first_id), archives.end_of(db, links[0].log, key)
    firsts, sums = [link.first_id for link in links], [Sum(key) for _link in links]
    for row_id, line in lines(db, links[0].log, firsts[0], max(link.last_id for link in links)):
        at = bisect_right(firsts, row_id) - 1
        if row_id <= links[at].last_id:
            sums[at].add(row_id, line)
    return {link.id: row_problems(link, found, gone) for link, found in zip(links, sums, strict=True)}


def row_problems(link: Seal, found: Sum, gone: int) -> list[str]:
    """By the marks of the rows it is said which. gone: up to this number the rows of the log were taken out and archived."""
    if link.first_id <= gone:
        return _beside_archived(link, found, gone)
    said = {"log": link.log, "a": link.first_id, "b": link.last_id, "which": _which(link.marks, found.marks)}
    if len(found.marks) != link.rows:
        return [
            _(
                "%(log)s 第 %(a)d–%(b)d 行应有 %(n)d 行，现有 %(m)d 行%(which)s。",
                n=link.rows,
                m=len(found.marks),
                **said,
            )
        ]
    if found.digest != link.digest:
        return [_("%(log)s 第 %(a)d–%(b)d 行的内容被改动过%(which)s。", **said)]
    return []


def _beside_archived(link: Seal, found: Sum, gone: int) -> list[str]:
    """Where rows were taken out nothing may stand; those that the link covers beyond are known by their marks."""
    was = {row: mark for row, mark in marks_of(link.marks).items() if row > gone}
    if found.marks == was or (not link.marks and all(row > gone for row in found.marks)):
        return []
    which = _which(",".join(f"{row}:{mark}" for row, mark in was.items()), found.marks)
    return [
        _(
            "%(log)s 第 %(a)d–%(b)d 行已归档，那里却另有内容或余下的行不对%(which)s。",
            log=link.log,
            a=link.first_id,
            b=link.last_id,
            which=which,
        )
    ]


def marks_of(told: str | None) -> dict[int, str]:
    pairs = (one.partition(":") for one in told.split(",")) if told else ()
    return {int(row): mark for row, _colon, mark in pairs if row.isdecimal()}


def _which(then: str | None, now: dict[int, str]) -> str:
    """The rows that are not as they were; older links know only that something is not."""
    if not then:
        return ""
    was = marks_of(then)
    rows = sorted(row for row in was.keys() | now.keys() if was.get(row) != now.get(row))
    named = "、".join(str(row) for row in rows[:20])
    return _("（第 %(rows)s 行）", rows=named) if rows else ""


def _seal_log(db: Session, log: str, now: datetime, most: int, key: bytes) -> int:
    table = LOGS[log]
    sealed = db.scalar(select(func.max(Seal.last_id)).where(Seal.log == log)) or 0
    ids = db.scalars(
        select(table.id).where(table.id > sealed, table.at < now - SETTLED).order_by(table.id).limit(most)
    ).all()
    if not ids:
        return 0
    found = summed(db, log, sealed + 1, ids[-1], key)
    link = Seal(
        log=log,
        first_id=sealed + 1,
        last_id=ids[-1],
        rows=len(found.marks),
        digest=found.digest,
        marks=",".join(
            [*log_marks.told_from(db, table, sealed), *(f"{row}:{mark}" for row, mark in found.marks.items())]
        ),
        previous=db.scalar(select(Seal.hash).order_by(Seal.id.desc()).limit(1)) or FIRST,
        version=KEYED if key else PLAIN,
        sealed_at=now,
    )
    link.hash = _link_hash(link, link.previous, key)
    db.add(link)
    db.flush()
    return len(found.marks)


class Sum:
    """SHA-256 over the lines of rows, in order; and a short mark of each row by its number."""

    def __init__(self, key: bytes) -> None:
        self._key, self._summed = key or b"plain", hashlib.sha256()
        self.marks: dict[int, str] = {}

    def add(self, row_id: int, line: bytes) -> None:
        self._summed.update(line)
        self.marks[row_id] = hmac.digest(self._key, line, "sha256").hex()[:12]

    @property
    def digest(self) -> str:
        return self._summed.hexdigest()


def summed(db: Session, log: str, first: int, last: int, key: bytes) -> Sum:
    found = Sum(key)
    for row_id, line in lines(db, log, first, last):
        found.add(row_id, line)
    return found


def lines(db: Session, log: str, first: int, last: int) -> Iterator[tuple[int, bytes]]:
    """Rows by number, each as the canonical JSON of what it says, hidden writing opened."""
    table = LOGS[log]
    columns = [column for column in table.__table__.columns if column.key != MARK]
    dialect = db.get_bind().dialect
    wanted = select(table.id, *map(as_stored, columns))
    for number, row in rows_by_number(db, wanted, table.__table__.c.id, first, last):
        stored: Iterable[Any] = row[1:] if row else ()
        values = (told(column, one, dialect) for column, one in zip(columns, stored, strict=row is not None))
        yield number, write_json([_plain(value) for value in values]).encode() + b"\n"


def _plain(value: Any) -> Any:
    """Moments as text, dictionaries in key order, so that both engines give the same digest."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: _plain(value[key]) for key in sorted(value)}
    return value


def _link_hash(link: Seal, previous: str, key: bytes) -> str:
    """Plain links (version 1) are those of earlier releases and still verify; keyed ones need the key."""
    said = f"{previous}|{link.log}|{link.first_id}|{link.last_id}|{link.rows}|{link.digest}"
    if link.version < KEYED:
        return hashlib.sha256(said.encode()).hexdigest()
    said += f"|{link.version}|{link.marks or ''}|{link.sealed_at.isoformat()}"
    return hmac.new(key, said.encode(), hashlib.sha256).hexdigest()
