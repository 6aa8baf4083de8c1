"""How far the standby is behind: asked of both, because an ordinary user may not see the primary's own list of standbys."""

from __future__ import annotations

import time
from dataclasses import dataclass

from sqlalchemy import create_engine, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from hotline.i18n import _
from hotline.settings import Settings

HERE = text("SELECT pg_current_wal_lsn()::text, current_setting('synchronous_standby_names') <> ''")
THERE = text(
    "SELECT pg_is_in_recovery(), pg_wal_lsn_diff(CAST(:here AS pg_lsn), pg_last_wal_receive_lsn()),"
    " pg_wal_lsn_diff(CAST(:here AS pg_lsn), pg_last_wal_replay_lsn()),"
    " (SELECT count(*) > 0 FROM pg_stat_wal_receiver)"
)
GOOD_FOR = 10.0
"""Seconds for which an answer is not asked for again: whoever asks for our health every second asks the standby every ten."""


@dataclass(frozen=True)
class StandbyState:
    """answers: None where none is expected. follows: it is a standby, and receives. behind, unread: bytes that it has not received,
    and not replayed. synchronous: a commit waits for it, as the primary says. limit: bytes from which it is red."""

    answers: bool | None = None
    follows: bool = False
    behind: int = 0
    unread: int = 0
    synchronous: bool = False
    limit: int = 16 << 20

    def problems(self) -> list[str]:
        if self.answers is None:
            return []
        if not self.answers:
            return [_("备库没有应答：主库现在坏了就没有可切换的地方。")]
        if not self.follows:
            return [_("备库没有跟着主库：它不在接收，或者已经自己成为主库。")]
        if max(self.behind, self.unread) > self.limit:
            return [
                _(
                    "备库落后 %(mb).1f MB，超过了 %(limit)d MB。",
                    mb=max(self.behind, self.unread) / 2**20,
                    limit=self.limit >> 20,
                )
            ]
        return []


_seen: dict[str, tuple[float, StandbyState]] = {}


def look(db: Session, settings: Settings, good_for: float = GOOD_FOR) -> StandbyState:
    url = settings.standby_url
    if not url or db.get_bind().dialect.name != "postgresql":
        return StandbyState()
    asked, found = _seen.get(url, (-good_for, StandbyState()))
    if time.monotonic() - asked >= good_for:
        found = _asked(db, settings)
        _seen[url] = time.monotonic(), found
    return found


def _asked(db: Session, settings: Settings) -> StandbyState:
    here, synchronous = db.execute(HERE).one()
    limit = settings.standby_behind_mb << 20
    engine = create_engine(settings.standby_url, poolclass=NullPool, connect_args={"connect_timeout": 2})
    try:
        with engine.connect() as line:
            standby, behind, unread, receives = line.execute(THERE, {"here": here}).one()
    except SQLAlchemyError:
        return StandbyState(False, synchronous=synchronous, limit=limit)
    finally:
        engine.dispose()
    follows = bool(standby and receives)
    return StandbyState(True, follows, max(0, int(behind or 0)), max(0, int(unread or 0)), synchronous, limit)
