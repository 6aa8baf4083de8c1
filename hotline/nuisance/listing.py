"""The lists of marks, and the clues that the police may be given: each with its proofs, and handed out into the book."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from hotline.errors import NotAllowed, Refusal
from hotline.i18n import N_, _
from hotline.metrics.question import NOT_SEALED
from hotline.nuisance import rights
from hotline.tickets.privacy import audit
from hotline.tickets.roles import Actor
from models import Call, NuisanceMark, Ticket

TABS = {"proposed": N_("待决定"), "standing": N_("生效中"), "appealed": N_("申诉待决定"), "over": N_("已结束")}
MOST_CLUES = 200


@dataclass(frozen=True)
class Clue:
    """One number for the police. calls, tickets: how often it was heard of since the first proof, and when last."""

    mark: NuisanceMark
    phone: str
    calls: int
    tickets: int
    last_at: datetime | None


def of_tab(tab: str, now: datetime) -> ColumnElement[bool]:
    """The condition of a list."""
    in_force = and_(NuisanceMark.state == "standing", NuisanceMark.until_at > now)
    waits = and_(NuisanceMark.appeal_at.is_not(None), NuisanceMark.appeal_decided_at.is_(None))
    conditions = {
        "proposed": NuisanceMark.state == "proposed",
        "standing": in_force,
        "appealed": and_(in_force, waits),
        "over": or_(
            NuisanceMark.state.in_(("refused", "lifted")),
            and_(NuisanceMark.state == "standing", NuisanceMark.until_at <= now),
        ),
    }
    return conditions[tab]


def listed(tab: str, now: datetime) -> Select[NuisanceMark]:
    return select(NuisanceMark).where(of_tab(tab, now))


def counts(db: Session, now: datetime) -> dict[str, int]:
    """How many are in each tab but the last."""
    return {tab: db.scalar(select(func.count()).where(of_tab(tab, now))) or 0 for tab in TABS if tab != "over"}


def clues(db: Session, actor: Actor, why: str, now: datetime, address: str, alone: int | None = None) -> Sequence[Clue]:
    """The numbers in force with their proofs, in full; reading them is written down. Raises NotAllowed, Refusal without a reason.

    alone: how many of them count as taken without a second person; all of them where nobody said so.
    """
    if not actor.is_(*rights.CLUE_GIVERS):
        raise NotAllowed(_("您的角色不能做这件事。"), code="not_your_role")
    if len(why.strip()) < 4:
        raise Refusal(_("请写明交给谁、为什么（至少四个字）。"), field="why", code="no_reason")
    found = _in_force(db, now)
    handed = [one.mark.id for one in found]
    counted = len(found) if alone is None else alone
    audit.record(db, "nuisance_clues", actor, now, address=address, why=why.strip()[:200], marks=handed, alone=counted)
    return found


def given_lately(db: Session, actor: Actor, since: datetime, now: datetime) -> tuple[str, Sequence[Clue]] | None:
    """Why and which, once more for the eyes they were handed to since then; None when they were handed to nobody."""
    given = audit.lately(db, "nuisance_clues", actor, since)
    return (given.detail["why"], _in_force(db, now)) if given and actor.is_(*rights.CLUE_GIVERS) else None


def _in_force(db: Session, now: datetime) -> list[Clue]:
    marks = db.scalars(listed("standing", now).order_by(NuisanceMark.id).limit(MOST_CLUES)).all()
    return [_clue(db, one) for one in marks]


def _clue(db: Session, mark: NuisanceMark) -> Clue:
    since = db.scalar(select(func.min(Ticket.created_at)).where(Ticket.number.in_(mark.proofs))) or mark.proposed_at
    calls = _heard(db, Call.started_at, Call.from_phone == mark.phone, Call.direction == "in", Call.started_at >= since)
    tickets = _heard(db, Ticket.created_at, Ticket.contact_phone == mark.phone, Ticket.created_at >= since, NOT_SEALED)
    last = max((at for at in (calls[1], tickets[1]) if at is not None), default=None)
    return Clue(mark, mark.phone, calls[0], tickets[0], last)


def _heard(db: Session, column: Any, *where: Any) -> tuple[int, datetime | None]:
    many, last = db.execute(select(func.count(), func.max(column)).where(*where)).one()
    return many, last
