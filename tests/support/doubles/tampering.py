"""Whoever has the database's own password, and changes what the program wrote."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.orm import Session


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
