"""A ticket's replies as others ask for them."""

from __future__ import annotations

from zlib import crc32

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Reply


def last_reply(db: Session, ticket_id: int) -> Reply | None:
    """The newest final reply of any round."""
    return db.scalar(
        select(Reply).where(Reply.ticket_id == ticket_id, Reply.kind == "final").order_by(Reply.id.desc()).limit(1)
    )


def words_of(reply: Reply) -> tuple[str, ...]:
    """What a reviewer reads of it and what may be mended while it waits."""
    return (reply.facts or "", reply.measures or "", reply.public_answer or "")


def reading_of(reply: Reply) -> int:
    """A sign of these words, which goes out with the page that shows them and comes back with the judgement."""
    return crc32("\x1f".join((str(reply.id), *words_of(reply))).encode())
