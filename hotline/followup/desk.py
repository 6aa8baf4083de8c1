"""The follow-up desk's queues: whom to judge, whose words to read, whom to phone and why, who still has time, who answered lately."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, exists, func, or_, select
from sqlalchemy.orm import Session

from hotline.city.policy import Policy
from hotline.i18n import N_
from hotline.tickets.lists.ticket_list import COUNT_LIMIT, Wanted, conditions
from hotline.tickets.privacy.visibility import visible_to
from hotline.tickets.roles import Actor
from models import Citizen, Message, Reply, Survey, Ticket
from models.store.hidden import is_mobile

LATELY = timedelta(days=3)
TABS = ("judge", "read", "phone", "waiting")
WHY = {
    "no_texts": N_("不收短信"),
    "landline": N_("固定电话"),
    "failed": N_("短信没有送到"),
    "silent": N_("提醒后仍未答"),
    "sample": N_("抽样电话"),
}
"""Why a citizen is phoned: the first reason that holds."""


@dataclass(frozen=True)
class Facts:
    """What a row of the desk says beside the ticket. false_contact: the unit says contacted, the citizen says no.

    unread: words of a citizen that nobody has read yet, with the machine's reading.
    """

    why: str = ""
    asked_at: datetime | None = None
    attempts: int = 0
    answer: Survey | None = None
    answers: int = 0
    people: int = 1
    false_contact: bool = False
    unread: Survey | None = None


def wanted(tab: str, policy: Policy) -> Wanted:
    """The tickets of one tab; every ticket to follow up stands in exactly one."""
    judge, read, phone = or_(Ticket.dissatisfied.is_(True), _with("partly")), _with("in_doubt"), to_phone(policy)
    rows = {
        "judge": (judge,),
        "read": (~judge, read),
        "phone": (~judge, ~read, phone),
        "waiting": (~judge, ~read, ~phone),
    }
    return Wanted(states=("to_follow_up",), also=rows[tab])


def to_phone(policy: Policy) -> ColumnElement[bool]:
    """A person who has a number and cannot be texted, was not reached by text, has kept silent, or is in the sample."""
    reachable = exists(select(Citizen.id).where(Citizen.id == Ticket.citizen_id, Citizen.phone.is_not(None)))
    return and_(
        reachable,
        Ticket.left_at.is_(None),
        or_(_no_texts(), _landline(), _failed(), _silent(), _sampled(policy.phone_sample)),
    )


def counts(db: Session, actor: Actor, policy: Policy) -> dict[str, int]:
    """How many in each tab, counted to a limit; one statement."""
    inner = [
        select(Ticket.id).where(*conditions(db, actor, wanted(tab, policy))).limit(COUNT_LIMIT + 1).subquery()
        for tab in TABS
    ]
    row = db.execute(select(*(select(func.count()).select_from(one).scalar_subquery() for one in inner))).one()
    return dict(zip(TABS, row, strict=True))


def facts(db: Session, tickets: Sequence[Ticket], policy: Policy) -> dict[int, Facts]:
    """Ticket id → what its row says; three statements for the whole page."""
    ids = [ticket.id for ticket in tickets]
    if not ids:
        return {}
    surveys = _surveys(db, ids)
    contacted = _said_contacted(db, ids)
    why = _reasons(db, ids, policy)
    return {
        ticket.id: _facts(ticket, surveys.get(ticket.id, []), contacted, why.get(ticket.id, "")) for ticket in tickets
    }


def answered_lately(actor: Actor, now: datetime) -> Any:
    """(survey, ticket): answers of the last days, in no order yet."""
    return (
        select(Survey, Ticket)
        .join(Ticket, Ticket.id == Survey.ticket_id)
        .where(Survey.answered_at >= now - LATELY, visible_to(actor))
    )


def is_false_contact(reply: Reply | None, surveys: Iterable[Survey]) -> bool:
    """The unit wrote that it contacted the citizen, and the citizen says it did not."""
    return reply is not None and bool(reply.contacted) and any(survey.contacted is False for survey in surveys)


def _facts(ticket: Ticket, surveys: list[Survey], contacted: set[int], why: str) -> Facts:
    now_asked = [survey for survey in surveys if survey.round == ticket.round]
    answered = [survey for survey in now_asked if survey.answered_at]
    unhappy = [survey for survey in answered if survey.outcome in ("dissatisfied", "partly")]
    own = next((survey for survey in now_asked if survey.own_id == ticket.id), None)
    return Facts(
        why=why,
        asked_at=own.asked_at if own else None,
        attempts=own.attempts if own else 0,
        answer=next(iter(unhappy or answered), None),
        answers=len(answered),
        people=max(len(now_asked), 1),
        false_contact=ticket.id in contacted and any(survey.contacted is False for survey in answered),
        unread=next((survey for survey in now_asked if survey.outcome == "in_doubt"), None),
    )


def _surveys(db: Session, ids: list[int]) -> dict[int, list[Survey]]:
    found: dict[int, list[Survey]] = {}
    for survey in db.scalars(select(Survey).where(Survey.ticket_id.in_(ids)).order_by(Survey.id)):
        found.setdefault(survey.ticket_id, []).append(survey)
    return found


def _said_contacted(db: Session, ids: list[int]) -> set[int]:
    return set(
        db.scalars(
            select(Reply.ticket_id)
            .join(Ticket, Ticket.id == Reply.ticket_id)
            .where(
                Reply.ticket_id.in_(ids), Reply.kind == "final", Reply.round == Ticket.round, Reply.contacted.is_(True)
            )
        )
    )


def _reasons(db: Session, ids: list[int], policy: Policy) -> dict[int, str]:
    """The first reason to phone, asked of the database by the same conditions that fill the tab."""
    rules: dict[str, Any] = {
        "no_texts": _no_texts(),
        "landline": _landline(),
        "failed": _failed(),
        "silent": _silent(),
        "sample": _sampled(policy.phone_sample),
    }
    rows = db.execute(select(Ticket.id, *rules.values()).where(Ticket.id.in_(ids))).all()
    return {row[0]: next((name for name, holds in zip(rules, row[1:], strict=True) if holds), "") for row in rows}


def _with(outcome: str) -> ColumnElement[bool]:
    """Somebody's answer of this round stands so; the word stands in the statement, where a partial index is known by it."""
    stands = Survey.outcome == bindparam(None, outcome, literal_execute=True)
    return exists(select(Survey.id).where(Survey.ticket_id == Ticket.id, Survey.round == Ticket.round, stands))


def _no_texts() -> ColumnElement[bool]:
    return or_(
        Ticket.quiet.is_(True),
        exists(select(Citizen.id).where(Citizen.id == Ticket.citizen_id, Citizen.no_texts.is_(True))),
    )


def _landline() -> ColumnElement[bool]:
    """A text to a fixed line reaches nobody."""
    return exists(
        select(Citizen.id).where(Citizen.id == Ticket.citizen_id, Citizen.phone.is_not(None), ~is_mobile(Citizen.phone))
    )


def _failed() -> ColumnElement[bool]:
    return exists(
        select(Message.id).where(
            Message.ticket_id == Ticket.id,
            Message.template_key == "survey",
            Message.state.in_(("failed", "undelivered")),
        )
    )


def _silent() -> ColumnElement[bool]:
    return exists(
        select(Survey.id).where(
            Survey.ticket_id == Ticket.id,
            Survey.round == Ticket.round,
            Survey.reminded_at.is_not(None),
            Survey.answered_at.is_(None),
        )
    )


def _sampled(share: float) -> ColumnElement[bool]:
    """The same tickets every time they are asked for, spread evenly over all numbers."""
    return (Ticket.id * 37) % 100 < round(share * 100)
