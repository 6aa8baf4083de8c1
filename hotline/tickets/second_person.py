"""The second person is another person: neither the same account, nor a second one of whoever reads the first one's telephone."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.tickets.roles import Actor
from models import Staff
from webhooks.numbers import can_be_texted, read_phone


def is_another(db: Session, actor: Actor, *others: int | None) -> bool:
    """Whether this person is none of these. A telephone that many share (a desk's, a switchboard's) says nothing about anybody."""
    if actor.id is None or actor.id in others:
        return actor.id not in others
    known = {one for one in others if one is not None}
    rows = db.execute(select(Staff.id, Staff.phone).where(Staff.id.in_({actor.id, *known})))
    phones = {row.id: row.phone for row in rows}
    mine = _own(phones.pop(actor.id, None))
    return not mine or mine not in {_own(one) for one in phones.values()}


def _own(phone: str | None) -> str:
    """A mobile number however it was written; "" for any other."""
    number = read_phone(phone or "").number
    return number if can_be_texted(number) else ""
