"""Whoever has the database's own password, and changes what the program wrote."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.orm import Session

from hotline.settings import Settings
from hotline.tickets.seals import seal_files
from tests.support.life import Life


def tamper(db: Session, *statements: str) -> None:
    """As somebody with the database's own password would: past the triggers and past the program."""
    if db.get_bind().dialect.name == "sqlite":
        for name in db.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
            db.execute(text(f"DROP TRIGGER {name}"))
        db.execute(text("DELETE FROM taking_back"))  # hangs on the story, and is no book of its own
    else:
        db.execute(text("SET LOCAL session_replication_role = replica"))
    for statement in statements:
        db.execute(text(statement))
    db.commit()


def past_the_triggers(db: Session) -> None:
    if db.get_bind().dialect.name == "postgresql":
        db.execute(text("SET LOCAL session_replication_role = replica"))
        return
    db.execute(text("PRAGMA defer_foreign_keys = ON"))
    for name in db.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
        db.execute(text(f"DROP TRIGGER {name}"))


def problems(life: Life, settings: Settings, *statements: str) -> str:
    """What `verify` says after these statements; nothing of them stays."""
    db = life.db
    past_the_triggers(db)
    for statement in statements:
        db.execute(text(statement))
    db.expire_all()
    found = seal_files.verify(db, settings).problems
    db.rollback()
    return "\n".join(found)
