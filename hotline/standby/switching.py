"""The switch-over: the standby becomes the primary, and says what of the former one had not arrived."""

from __future__ import annotations

import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, create_engine, select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from hotline.backups.make import program
from hotline.city.schema import City
from hotline.errors import Refusal
from hotline.i18n import _
from hotline.ops.local_servers import as_postgres
from hotline.settings import Settings
from hotline.standby.acknowledged import told_of
from hotline.tickets.numbers import number_of
from hotline.tickets.privacy import audit
from hotline.tickets.roles import Actor
from hotline.tickets.seals.seal_files import published_heads
from models import Seal, Ticket
from models.store.hosts import to_the_writing_one

PATIENCE = 30
"""Seconds for what was received to be replayed, and again for the promotion."""

LOOKED_BACK = timedelta(hours=1)
"""How far before the last arrived transaction acknowledged tickets are looked for, and named."""

LAST = text(
    "SELECT pg_is_in_recovery(), pg_last_wal_receive_lsn()::text, pg_last_wal_replay_lsn()::text,"
    " pg_last_xact_replay_timestamp(), (SELECT timeline_id FROM pg_control_checkpoint())"
)
_COMMIT = re.compile(r"lsn: ([0-9A-F]+)/([0-9A-F]+),.*desc: COMMIT ")
_END = re.compile(r"lsn: ([0-9A-F]+)/([0-9A-F]+),")


@dataclass(frozen=True)
class Outcome:
    """seconds: until writes were taken. lsn: the last that arrived; arrived_at: when its transaction was committed.

    transactions, octets: of the former primary, after that; None where its disk could not be read. missing: numbers of
    acknowledged tickets that are not here. heads: published heads of the seals that are not in these books.
    """

    seconds: float
    lsn: str
    arrived_at: datetime | None
    transactions: int | None
    octets: int | None
    acknowledged: int
    missing: tuple[str, ...]
    heads: tuple[str, ...]

    @property
    def lost(self) -> bool:
        return bool(self.transactions or self.missing or self.heads)

    def sentences(self) -> list[str]:
        said = [
            _("备库已成为主库，用时 %(n).1f 秒。", n=self.seconds),
            _("最后收到 %(lsn)s，最后一笔提交于 %(at)s。", lsn=self.lsn, at=self.arrived_at or "–"),
        ]
        if self.transactions is None:
            said.append(_("原主库的磁盘没有读到（--old-data），不知道还有多少笔没有传过来。"))
        else:
            said.append(
                _(
                    "原主库的日志里其后还有 %(n)d 笔提交（%(octets)d 字节）没有传过来。",
                    n=self.transactions,
                    octets=self.octets,
                )
            )
        if self.missing:
            named = _("、").join(self.missing[:50])
            said.append(_("已向市民确认、这里却没有的工单 %(n)d 张：%(named)s", n=len(self.missing), named=named))
        else:
            said.append(_("记下的已确认工单 %(n)d 张，这里都有。", n=self.acknowledged))
        said += [_("已公布的链头不在这里：%(head)s。其后的审计和经过没有传过来。", head=one) for one in self.heads]
        return said


def switch_over(settings: Settings, city: City, *, old_data: Path | None = None, heads: Path | None = None) -> Outcome:
    """Raises Refusal when the former primary still answers, the standby does not, or it is none any more."""
    began = time.monotonic()
    if not settings.standby_url:
        raise Refusal(_("没有设置 HOTLINE_STANDBY。"))
    _need_gone(settings)
    with _on(settings.standby_url) as line:
        timeline, lsn, arrived_at = _promoted(line)
        seconds = time.monotonic() - began
        found = _left_behind(old_data, timeline, lsn) if old_data is not None else (None, None)
        with Session(line) as db:
            acknowledged, missing = _missing(db, settings, city, arrived_at)
            outcome = Outcome(
                seconds, lsn, arrived_at, *found, acknowledged, missing, tuple(_absent_heads(db, settings, heads))
            )
    return outcome


def note(db: Session, outcome: Outcome, by: Actor, now: datetime) -> None:
    """In the book of the new primary."""
    told: dict[str, Any] = {"seconds": round(outcome.seconds, 1), "transactions": outcome.transactions}
    audit.record(db, "switched_over", by, now, subject=outcome.lsn, **told, missing=len(outcome.missing))


@contextmanager
def _on(url: str) -> Iterator[Connection]:
    engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT", connect_args={"connect_timeout": 3})
    try:
        with engine.connect() as line:
            yield line
    except OperationalError as error:
        raise Refusal(_("备库没有应答：%(why)s", why=str(error.orig).splitlines()[0])) from None
    finally:
        engine.dispose()


def _need_gone(settings: Settings) -> None:
    """Two that write apart from each other would be worse than none."""
    engine = create_engine(to_the_writing_one(settings.database_url), poolclass=NullPool)
    try:
        with engine.connect() as line:
            if not line.scalar(text("SELECT pg_is_in_recovery()")):
                raise Refusal(_("原主库还在应答、还能写：请先停下它（systemctl stop postgresql），否则两边各写各的。"))
    except OperationalError:
        return
    finally:
        engine.dispose()


def _promoted(line: Connection) -> tuple[int, str, datetime | None]:
    """What had been received is replayed first. Returns the timeline so far, the last that arrived, and its moment."""
    standby, received, replayed, at, timeline = line.execute(LAST).one()
    if not standby:
        raise Refusal(_("它已经是主库了。"))
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        standby, received, fresh, at, timeline = line.execute(LAST).one()
        if received is None or (fresh == replayed and _place(fresh) >= _place(received)):
            break
        replayed = fresh
        time.sleep(0.1)
    if not line.scalar(text("SELECT pg_promote(true, :n)"), {"n": PATIENCE}):
        raise Refusal(_("备库在 %(n)d 秒内没有成为主库，请看它的日志。", n=PATIENCE))
    if line.scalar(text("SELECT current_setting('synchronous_standby_names')")):
        # What the former primary waited for would be waited for in vain: no commit would ever come back.
        line.execute(text("ALTER SYSTEM SET synchronous_standby_names = ''"))
        line.execute(text("SELECT pg_reload_conf()"))
    return timeline, replayed, at


def _left_behind(data: Path, timeline: int, lsn: str) -> tuple[int | None, int | None]:
    """Commits in the former primary's own log behind the last that arrived, and how many bytes that is."""
    command = [program("pg_waldump"), "--path", str(data / "pg_wal"), f"--timeline={timeline}", f"--start={lsn}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/", **as_postgres())
    ends = _END.findall(done.stdout)
    if not ends and "invalid record length" not in done.stderr:
        return None, None
    last = max((int(high, 16) << 32 | int(low, 16) for high, low in ends), default=_place(lsn))
    return len(_COMMIT.findall(done.stdout)), max(0, last - _place(lsn))


def _missing(db: Session, settings: Settings, city: City, arrived_at: datetime | None) -> tuple[int, tuple[str, ...]]:
    told = [one for one in told_of(settings) if arrived_at is None or one.at > arrived_at - LOOKED_BACK]
    here: set[int] = set()
    for at in range(0, len(told), 1000):
        ids = [one.ticket_id for one in told[at : at + 1000]]
        here |= set(db.scalars(select(Ticket.id).where(Ticket.id.in_(ids))))
    return len(told), tuple(number_of(city, one.ticket_id, one.at) for one in told if one.ticket_id not in here)


def _absent_heads(db: Session, settings: Settings, more: Path | None) -> Iterator[str]:
    """A head that was published names a seal: it must be here as it was told."""
    for head in published_heads(settings, more):
        found = db.scalar(select(Seal.hash).where(Seal.id == head.seal_id))
        if found != head.hash:
            yield _("第 %(n)d 条封条 %(hash)s…", n=head.links, hash=head.hash[:16])


def _place(lsn: str) -> int:
    high, _slash, low = lsn.partition("/")
    return int(high, 16) << 32 | int(low, 16)
