"""Keys are changed while everybody works: the data keys are wrapped anew, and new words are written with a new one.

1. The file gets a new master key as its first line; the former one stays as the second until all is done.
2. Every data key is wrapped under the new one; what they wrote is not touched, and running processes go on with what they hold.
3. The former master key goes into a file of its own: backups made until now need it until they expire.

Cut off anywhere, both lines are in the file, everything is readable, and the same command goes on.
"""

from __future__ import annotations

import os
import secrets
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, Engine, select

from hotline.errors import Refusal
from hotline.i18n import _
from hotline.keys.master_key import fingerprints, masters, write
from hotline.settings import Settings
from models import DataKey
from models.keys import key_ring
from models.keys.key_ring import WORDS

PERIOD = timedelta(days=31)
"""So long words are written with the same data key."""


def rotate(engine: Engine, settings: Settings, now: datetime) -> tuple[int, Path]:
    """How many data keys were wrapped anew, and where the former master key lies now."""
    path = settings.master_key
    known = masters(path)
    if len(known) == 1:
        known = [secrets.token_bytes(32), *known]
        write(path, known)
    with engine.begin() as connection:
        many = key_ring.rewrap(connection, known)
        key_ring.make(connection, WORDS, known[0], now)
    former = _former(path, key_ring.fingerprint(known[1]))
    if not former.exists():
        write(former, known[1:])
    write(path, known[:1])
    os.sync()
    return many, former


def bring_under_the_present(engine: Engine, settings: Settings) -> None:
    """Keys of a database that was written before a change are wrapped under the present master key, by the former one that the
    change left beside it. Raises Refusal when that is no longer here."""
    known = masters(settings.master_key)
    missing = fingerprints(engine) - set(map(key_ring.fingerprint, known))
    for one in sorted(missing):
        path = _former(settings.master_key, one)
        if not path.exists():
            raise Refusal(
                _(
                    "这个数据库是用以前的一把主密钥写的。请从保险柜取出 %(file)s 放到 %(folder)s，再恢复到一个空的数据库。",
                    file=path.name,
                    folder=path.parent,
                )
            )
        known += masters(path)
    if missing:
        with engine.begin() as connection:
            key_ring.rewrap(connection, known)


def _former(path: Path, fingerprint: str) -> Path:
    """Where a change leaves the master key that it took out of use."""
    return path.with_name(f"{path.name}.{fingerprint}")


def begin_period(connection: Connection, settings: Settings, now: datetime) -> bool:
    """A new data key for words when the newest is a month old; the older ones go on reading."""
    newest = connection.scalar(
        select(DataKey.made_at).where(DataKey.purpose == WORDS).order_by(DataKey.id.desc()).limit(1)
    )
    if newest is None or newest > now - PERIOD:
        return False
    key_ring.make(connection, WORDS, masters(settings.master_key)[0], now)
    return True
