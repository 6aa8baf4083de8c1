"""A log up to the end of a year goes out of the database: written into a sealed file, or for good.

The rows are read, written and held against their seals while everybody works on; nobody can change them meanwhile. Then their
months are taken out and dropped in one short transaction of the tables' owner, whatever their size. The links of the chain
stay: with the file everybody who holds the keys can prove what was archived, and without it that nothing else was.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, make_url, select, text
from sqlalchemy.orm import Session

from hotline.backups import manifest
from hotline.backups.encryption import Sealing, opened
from hotline.errors import Refusal
from hotline.i18n import _
from hotline.installation import Installation
from hotline.keys import master_key
from hotline.settings import Settings
from hotline.tickets.privacy import audit
from hotline.tickets.roles import Actor
from hotline.tickets.seals import archives, chain, log_marks
from hotline.tickets.seals.chain import Sum
from hotline.tickets.seals.seal_files import seal_key
from models import Audit, LogArchive, Seal, make_engine, make_sessions
from models.store import log_months, runtime_role
from models.store.append_only import protect_logs
from models.store.db import without_time_limit

LOG = "audit"
KEPT = timedelta(days=183)
"""The law on the security of networks wants logs kept for six months; nothing younger is taken out."""


@dataclass(frozen=True)
class Span:
    """Rows from first to last. end: the number before which everything goes."""

    first: int
    last: int
    end: int


def archive_year(installation: Installation, year: int, folder: Path | None, actor: Actor) -> LogArchive:
    """As the owner of the tables, who alone may take months out."""
    settings, key = installation.settings, seal_key(installation.settings)
    engine = make_engine(settings.owner_url or settings.database_url)
    try:
        master_key.attach(engine, settings)
        sessions = make_sessions(engine)
        log_marks.watch(sessions, key)
        with sessions() as db:
            row = archive(db, settings, year, folder, actor, installation.clock.now(), installation.city.timezone, key)
        if settings.owner_url:
            own = make_url(settings.database_url)
            runtime_role.prepare(engine, own.username or "", str(own.password or ""))
    finally:
        engine.dispose()
    return row


def archive(
    db: Session, settings: Settings, year: int, folder: Path | None, actor: Actor, now: datetime, zone: str, key: bytes
) -> LogArchive:
    """Take out everything up to the end of this year. db: a session of the tables' owner; it is committed in here.

    folder: None erases the rows for good. Raises Refusal when the year is too young, not sealed, not as it was sealed, or still
    in the part that is written into.
    """
    span = _span(db, year, now, zone, key)
    file = folder / f"{LOG}-{year}.sealed" if folder else None
    rows = _written(db, span, file, manifest.backup_key(settings), key)
    digest = manifest.digest(file) if file else None
    row = LogArchive(
        at=now,
        log=LOG,
        year=year,
        first_id=span.first,
        last_id=span.last,
        rows=rows,
        file=file.name if file else None,
        digest=digest,
    )
    row.mark = archives.mark_of(row, key)
    rest = _copied_rest(db, span)
    _take_out(db.connection(), span, rest)
    db.add(row)
    audit.record(db, "log_archived", actor, now, subject=f"{LOG} {year}", rows=rows, file=row.file, digest=digest)
    db.commit()
    return row


def problems_of(db: Session, file: Path, settings: Settings, key: bytes) -> tuple[LogArchive, list[str]]:
    """An archive against the links that stayed: which it is, and every link whose rows it does not tell as they were sealed."""
    digest = manifest.digest(file)
    row = next((one for one in archives.all_of(db, LOG) if one.digest == digest), None)
    if row is None:
        raise Refusal(_("%(file)s 不是本热线归档的文件，或被改动过。", file=file.name))
    with opened(file, manifest.backup_key(settings)) as plain:
        rows = ((int(number), line + b"\n") for number, line in (one.rstrip(b"\n").split(b" ", 1) for one in plain))
        return row, _against_links(db, Span(row.first_id, row.last_id, row.last_id + 1), rows, key)


def lines_of(file: Path, settings: Settings) -> Iterator[str]:
    """What the file tells, row by row, as JSON."""
    with opened(file, manifest.backup_key(settings)) as plain:
        for one in plain:
            yield one.decode().rstrip("\n").split(" ", 1)[1]


# --- what goes ---------------------------------------------------------------------------------------------------------


def _span(db: Session, year: int, now: datetime, zone: str, key: bytes) -> Span:
    over = datetime(year + 1, 1, 1, tzinfo=ZoneInfo(zone))
    if now - over < KEPT:
        raise Refusal(_("日志至少保留六个月：%(year)d 年的还不能归档。", year=year))
    names = {name for _log, name in log_months.parts(db.connection())}
    if not names:
        raise Refusal(_("只有 PostgreSQL 上的日志按月存放，可以按年归档。"))
    end = log_months.first_of(date(year + 1, 1, 1))
    if f"{LOG}_before" in names and (later := _first_after(db, over)) is not None:
        end = min(end, later)
    first = archives.end_of(db, LOG, key) + 1
    found = db.execute(
        select(func.min(Audit.id), func.max(Audit.id), func.max(Audit.at)).where(Audit.id >= first, Audit.id < end)
    ).one()
    if found[0] is None:
        raise Refusal(_("%(year)d 年和以前没有可以归档的日志。", year=year))
    if found[2] >= over + timedelta(days=2):
        raise Refusal(_("这些月份里有更晚的日志（时钟曾停过）：请改为归档下一年。"))
    return Span(first, found[1], end)


def _first_after(db: Session, moment: datetime) -> int | None:
    """Of what was there before there were months, the first row that stays."""
    found = text(f"SELECT min(id) FROM {LOG}_before WHERE at >= :moment")
    return db.scalar(found, {"moment": moment.astimezone(ZoneInfo("UTC")).replace(tzinfo=None)})


def _written(db: Session, span: Span, file: Path | None, sealing: bytes, key: bytes) -> int:
    """Read once: into the file, and against the seals. A file of rows that are not as they were sealed does not stay."""
    without_time_limit(db)
    if (db.scalar(select(func.max(Seal.last_id)).where(Seal.log == LOG)) or 0) < span.last:
        raise Refusal(_("这一年的日志还没有全部封存，请过几分钟再试。"))
    if file is None:
        told = _Told(db, span, None)
        problems = _against_links(db, span, told, key)
    else:
        _need_free(db, file)
        file.parent.mkdir(parents=True, exist_ok=True)
        with Sealing(file, sealing) as sealed:
            told = _Told(db, span, sealed)
            problems = _against_links(db, span, told, key)
    if problems:
        if file is not None:
            file.unlink()
        raise Refusal(_("日志与封条不符，没有归档：%(why)s", why=problems[0]))
    return told.rows


class _Told:
    """The rows in order, each written into the file as it is read."""

    def __init__(self, db: Session, span: Span, file: Sealing | None):
        self._db, self._span, self._file, self.rows = db, span, file, 0

    def __iter__(self) -> Iterator[tuple[int, bytes]]:
        for number, line in chain.lines(self._db, LOG, self._span.first, self._span.end - 1):
            if self._file is not None:
                self._file.write(b"%d " % number + line)
            self.rows += 1
            yield number, line


def _need_free(db: Session, file: Path) -> None:
    """What an attempt left behind goes; an archive never does."""
    if any(one.file == file.name for one in archives.all_of(db, LOG)):
        raise Refusal(_("%(file)s 已是归档，不会改写。", file=file.name))
    file.unlink(missing_ok=True)


def _against_links(db: Session, span: Span, told: Iterable[tuple[int, bytes]], key: bytes) -> list[str]:
    """Every link that covers these rows; of those at the ends, which cover more, the rows are known by their marks."""
    links = iter(
        db.scalars(
            select(Seal)
            .where(Seal.log == LOG, Seal.last_id >= span.first, Seal.first_id < span.end)
            .order_by(Seal.first_id)
        ).all()
    )
    problems: list[str] = []
    link, found = next(links, None), Sum(key)
    for number, line in told:
        while link is not None and number > link.last_id:
            problems += _other(link, found, span)
            link, found = next(links, None), Sum(key)
        found.add(number, line)
    for left in (link, *links):
        problems += _other(left, found, span) if left is not None else []
        found = Sum(key)
    return problems


def _other(link: Seal, found: Sum, span: Span) -> list[str]:
    if span.first <= link.first_id and link.last_id < span.end:
        return chain.row_problems(link, found, 0)
    was = {row: mark for row, mark in chain.marks_of(link.marks).items() if span.first <= row < span.end}
    return [] if not link.marks or was == found.marks else chain.row_problems(link, found, 0)


# --- how it goes -------------------------------------------------------------------------------------------------------


def _copied_rest(db: Session, span: Span) -> str | None:
    """Where the first part holds younger rows as well, those into a table of their own; nobody writes there any more."""
    connection, before = db.connection(), f"{LOG}_before"
    if before not in {name for _log, name in log_months.parts(connection)}:
        return None
    end = log_months.end_of(connection, before)
    if span.end >= end:
        return None
    if log_months.last_number(connection, LOG) < end:
        raise Refusal(_("最早的一段还在写入：下个月开始后再归档。"))
    rest = f"{before}_kept"
    for statement in (
        f"DROP TABLE IF EXISTS {rest}",
        f"CREATE TABLE {rest} (LIKE {before} INCLUDING DEFAULTS)",
        f"INSERT INTO {rest} SELECT * FROM {before} WHERE id >= {span.end}",
        f"ALTER TABLE {rest} ADD CHECK (id >= {span.end} AND id < {end})",
        f"ALTER TABLE {rest} ADD PRIMARY KEY (id)",
    ):
        connection.exec_driver_sql(statement)
    return f"FOR VALUES FROM ({span.end}) TO ({end})"


def _take_out(connection: Connection, span: Span, rest: str | None) -> None:
    """Short, and not at all rather than with everybody waiting behind it."""
    connection.exec_driver_sql("SET LOCAL lock_timeout = '5s'")
    before = f"{LOG}_before"
    for _log, name in log_months.parts(connection):
        if name.endswith("_rest") or (log_months.end_of(connection, name) > span.end and not (rest and name == before)):
            continue
        connection.exec_driver_sql(f"ALTER TABLE {LOG} DETACH PARTITION {name}")
        connection.exec_driver_sql(f"DROP TABLE {name}")
    if rest:
        connection.exec_driver_sql(f"ALTER TABLE {before}_kept RENAME TO {before}")
        connection.exec_driver_sql(f"ALTER TABLE {LOG} ATTACH PARTITION {before} {rest}")
        protect_logs(connection)
