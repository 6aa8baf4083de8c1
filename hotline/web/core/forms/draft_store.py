"""What a person has typed and not sent yet lives on the server, per person and form, and survives an ended session."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask import g, request
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from hotline.web.core.request_context import here
from models import Draft, LoginSession, Staff

A_DAY = timedelta(days=1)
MOST_A_DAY, LARGEST = 100, 200_000
NEVER_KEPT = frozenset({"csrf_token", "password", "once", "seen"})


def find(db: Session, staff_id: int, key: str) -> Draft | None:
    return db.scalar(select(Draft).where(Draft.staff_id == staff_id, Draft.key == key[:80]))


def is_full(db: Session, staff_id: int, now: datetime) -> bool:
    """This person has as many unsent forms of the last day as anybody could work on. Of many windows each is counted alone."""
    _alone(db, staff_id)
    lately = select(func.count()).select_from(Draft).where(Draft.staff_id == staff_id, Draft.saved_at > now - A_DAY)
    return (db.scalar(lately) or 0) >= MOST_A_DAY


def _alone(db: Session, staff_id: int) -> None:
    """The other windows of this person wait until this one is through."""
    db.execute(select(Staff.id).where(Staff.id == staff_id).with_for_update(key_share=True))


def keep(db: Session, staff_id: int, key: str, data: dict[str, Any]) -> Draft:
    """Save the words of one form; one row per person and form, also where two windows of it are refused in the same moment."""
    draft = find(db, staff_id, key)
    if draft is None:
        _alone(db, staff_id)
        draft = find(db, staff_id, key)
    if draft is None:
        draft = Draft(staff_id=staff_id, key=key[:80], version=0, data={}, saved_at=here.now)
        db.add(draft)
    draft.data, draft.version, draft.saved_at = data, draft.version + 1, here.now
    db.flush()
    return draft


def forget(db: Session, staff_id: int, key: str) -> None:
    """The form was sent: its draft is no longer needed."""
    db.execute(delete(Draft).where(Draft.staff_id == staff_id, Draft.key == key[:80]))


def rescue_form() -> None:
    """A form sent after the session fell asleep: its words are kept for the person whose session it was, beside what was saved
    under the same name meanwhile and never over it."""
    key = request.form.get("draft_key") if request.method == "POST" else None
    ended: LoginSession | None = g.get("ended_session")
    if not key or ended is None:
        return
    data: dict[str, Any] = {}
    for name in request.form:
        if name not in NEVER_KEPT and name != "draft_key":
            values = request.form.getlist(name)
            data[name] = values if len(values) > 1 else values[0]
    saved = find(here.db, ended.staff_id, key)
    if is_full(here.db, ended.staff_id, here.now) or sum(map(len, map(str, data.values()))) > LARGEST:
        return
    if saved is None:
        keep(here.db, ended.staff_id, key, data)
    elif saved.data != data:
        keep(here.db, ended.staff_id, f"{key[:50]}:rescued:{here.now:%m%d%H%M%S}", data)
    here.db.commit()
