"""Files as they are uploaded in tests, and read again."""

from __future__ import annotations

from collections.abc import Callable

from models import Attachment
from tests.support.life import Life

Upload = Callable[..., Attachment]


def read_again(life: Life, held: Attachment) -> Attachment:
    """As it stands now, with nothing held: on SQLite the next writer would wait for us."""
    life.db.refresh(held)
    life.db.commit()
    return held
