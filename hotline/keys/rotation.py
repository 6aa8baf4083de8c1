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

from hotline.keys.master_key import masters, write
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
    former = path.with_name(f"{path.name}.{key_ring.fingerprint(known[1])}")
    if not former.exists():
        write(former, known[1:])
    write(path, known[:1])
    os.sync()
    return many, former


def begin_period(connection: Connection, settings: Settings, now: datetime) -> bool:
    """A new data key for words when the newest is a month old; the older ones go on reading."""
    newest = connection.scalar(
        select(DataKey.made_at).where(DataKey.purpose == WORDS).order_by(DataKey.id.desc()).limit(1)
    )
    if newest is None or newest > now - PERIOD:
        return False
    key_ring.make(connection, WORDS, masters(settings.master_key)[0], now)
    return True
