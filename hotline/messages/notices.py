"""Who is told what when something happens to a ticket: one table, read by the job `tell`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.city.schema import City
from hotline.i18n import speaking
from hotline.messages import audiences as to
from hotline.messages import duty_phones
from hotline.messages.audiences import Case, CitizenAudience, StaffAudience, Target
from hotline.messages.compose import Params, tell_staff, text_citizen
from hotline.messages.staff_letters import escalate
from hotline.messages.values import BESIDE, VALUES, clock_name, local_minute
from hotline.tickets import bells
from hotline.tickets.effects.answers import verdict_of
from hotline.tickets.effects.demands.noticed import MOVE, URGE, answer_key, clock_key, directive_key, petition_key
from hotline.tickets.names import ActionName
from hotline.tickets.names import NoticeName as Tell
from hotline.tickets.roles import Role
from models import Assignment, Directive, Message, Ticket, TicketEvent

WARNED, JUST_CALLED = timedelta(hours=1), timedelta(hours=1)


Condition = Callable[[Case], bool]
Timing = Callable[[Case, Ticket], datetime | None]
"""Before which moment a text must not come; None: at once."""


def at_once(case: Case, own: Ticket) -> datetime | None:
    """The citizen has just spoken."""
    return None


def at_a_civil_hour(case: Case, own: Ticket) -> datetime | None:
    return case.city.calendar.next_civil(case.now, *case.city.policy.civil_hours)


def as_news(case: Case, own: Ticket) -> datetime | None:
    """Nobody is woken by news; who has just called, or whose matter is urgent, waits for it."""
    awake = case.now - own.created_at < JUST_CALLED or case.ticket.urgency != "normal"
    return None if awake else at_a_civil_hour(case, own)


@dataclass(frozen=True)
class Text:
    """A text to citizens. when: None always, or a condition on the case. not_before: when it may come."""

    key: str
    to: CitizenAudience
    when: Condition | None = None
    not_before: Timing = as_news


@dataclass(frozen=True)
class Notice:
    """A notice on the screens of staff. when: None always, or a condition on the case."""

    key: str
    to: StaffAudience
    when: Condition | None = None


def _by_citizen(case: Case) -> bool:
    return case.event.actor_kind == "citizen"


def _by_clock(case: Case) -> bool:
    return case.event.actor_kind == "clock"


def _leaves(case: Case) -> bool:
    return case.event.action == ActionName.LEAVE or case.ticket.left_at is None


def _supervision_opened(case: Case) -> bool:
    return case.said("supervised") is True


def _still_unsolved(case: Case) -> bool:
    return case.said("solved") == "no"


def _is_unsettled(case: Case) -> bool:
    """The citizen says: not solved, half solved, or not satisfied."""
    return verdict_of({name: case.said(name) for name in ("solved", "result")}) != "satisfied"


def _is_settled(case: Case) -> bool:
    return not _is_unsettled(case)


def _round_at_least(n_of: Callable[[City], int]) -> Condition:
    return lambda case: case.ticket.round >= n_of(case.city)


def _is_unhappy(case: Case) -> bool:
    return case.ticket.dissatisfied


def _is_unclear(case: Case) -> bool:
    return not case.ticket.dissatisfied


def _supervision_granted(case: Case) -> bool:
    return case.said("kind") == "supervision" and case.said("state") == "granted"


_leader_must_know = _round_at_least(lambda city: city.policy.redo_rounds_to_leader)
_rounds_used_up = _round_at_least(lambda city: city.policy.redo_rounds_to_supervision)

NOTICES: dict[str, tuple[Text | Notice, ...]] = {
    Tell.ACCEPTED: (Text("accepted", to.first_citizen, not_before=at_once),),
    Tell.CODE_RENEWED: (Text("accepted", to.own_citizen, not_before=at_once),),
    Tell.DISPATCHED: (Text("dispatched", to.citizens),),
    Tell.DISPATCHED_UNIT: (Notice("dispatched_unit", to.unit), Notice("dispatched_unit", to.helpers)),
    Tell.RULED_UNIT: (
        Notice("ruled_unit", to.unit),
        Notice("dispatched_unit", to.helpers),
        Notice("ruling_made", to.other_parties),
    ),
    Tell.VIEWS_ASKED: (Notice("views_asked", to.newly_heard),),
    Tell.VIEW_STATED: (Notice("view_stated", to.who_rules),),
    Tell.RECALLED_UNIT: (Notice("recalled_unit", to.released_units),),
    Tell.ANSWERED: (Text("answered", to.citizens),),
    Tell.ASK_MORE: (Text("ask_more", to.first_citizen),),
    Tell.NO_WORDS: (Notice("no_words", to.unit_or_dispatcher),),
    Tell.MERGED: (Text("merged", to.own_citizen),),
    Tell.UNMERGED: (Text("unmerged", to.own_citizen),),
    Tell.DECLINED: (Text("declined", to.citizens),),
    Tell.TRANSFERRED: (Text("transferred", to.citizens),),
    Tell.TRANSFER_RESULT: (Text("transfer_result", to.citizens),),
    Tell.OBJECTION_UPHELD: (Notice("objection_upheld", to.released_units),),
    Tell.OBJECTION_OVERRULED: (Notice("objection_overruled", to.unit),),
    Tell.AUTO_SIGNED: (Notice("auto_signed", to.unit),),
    Tell.INTERIM: (Text("interim", to.citizens),),
    Tell.DELEGATED_UNIT: (Notice("delegated_unit", to.desk),),
    Tell.HELPER_REPORTED: (Notice("helper_reported", to.unit),),
    Tell.CALLED_IN: (Notice("called_in", to.new_helpers),),
    Tell.HELPERS_REMINDED: (Notice("helper_late", to.silent_helpers),),
    Tell.WRITTEN: (Text("written", to.first_citizen),),
    Tell.HANDED_TO: (Notice("handed_to", to.handler),),
    Tell.COLLEAGUE_LEFT: (Notice("colleague_left", to.desk),),
    Tell.LOOKED_AT: (Notice("looked_at", to.taken_in_by),),
    Tell.WAITING: (Text("waiting", to.citizens),),
    Tell.WAIT_OVER: (Notice("wait_over", to.unit, when=_by_clock),),
    Tell.PASSED: (Text("passed", to.citizens, not_before=at_a_civil_hour),),
    Tell.REDO_UNIT: (Notice("redo_unit", to.unit),),
    Tell.REDO_LEADER: (Notice("redo_leader", to.unit_leader, when=_leader_must_know),),
    Tell.REDO_SUPERVISION: (
        Notice("redo_supervision", to.supervisors, when=_rounds_used_up),
        Notice("supervision_opened", to.unit, when=_supervision_opened),
    ),
    Tell.SUPERVISED: (Notice("supervision_opened", to.unit, when=_supervision_opened),),
    Tell.REDO_CITIZEN: (Text("redo_citizen", to.citizens, not_before=at_a_civil_hour),),
    Tell.THANKS: (Text("thanks", to.own_citizen, when=_by_citizen, not_before=at_once),),
    Tell.THANKS_DISSATISFIED: (Text("thanks_dissatisfied", to.own_citizen, when=_by_citizen, not_before=at_once),),
    Tell.JUDGE_DISSATISFIED: (Notice("judge_dissatisfied", to.follow_up),),
    Tell.THANKS_PARTLY: (Text("thanks_partly", to.own_citizen, when=_by_citizen, not_before=at_once),),
    Tell.RATED_DIRECT: (
        Text("thanks", to.own_citizen, when=_is_settled, not_before=at_once),
        Text("thanks_dissatisfied", to.own_citizen, when=_is_unsettled, not_before=at_once),
        Notice("direct_unsettled", to.supervisors, when=_is_unsettled),
    ),
    Tell.JUDGE_ANSWER: (Notice("judge_answer", to.follow_up),),
    Tell.JUDGE_MERGED: (
        Notice("judge_dissatisfied", to.follow_up, when=_is_unhappy),
        Notice("judge_answer", to.follow_up, when=_is_unclear),
    ),
    Tell.CLOSED: (Text("closed", to.citizens, not_before=at_a_civil_hour),),
    Tell.REOPENED: (Text("reopened", to.citizens),),
    Tell.WITHDRAWN: (Text("withdrawn", to.own_citizen, when=_leaves, not_before=at_once),),
    Tell.CITIZEN_WITHDREW: (Notice("citizen_withdrew", to.unit), Notice("citizen_withdrew", to.helpers)),
    Tell.ADDED_UNIT: (Notice("added_unit", to.unit_or_dispatcher),),
    Tell.URGED_UNIT: (Notice("urged_unit", to.unit_or_dispatcher),),
    Tell.LATE_WORDS: (
        Notice("added_unit", to.unit),
        Notice("judge_dissatisfied", to.supervisors, when=_still_unsolved),
    ),
    Tell.INSTRUCTED: (Notice("instructed", to.named_readers),),
    Tell.URGED_FROM_ABOVE: (Notice("urged_from_above", to.at_the_desk),),
    Tell.ORDERED: (Notice("supervision_opened", to.unit_or_dispatcher),),
    Tell.EXPLANATION_ASKED: (Notice("explanation_asked", to.unit), Notice("explanation_asked", to.unit_leader)),
    Tell.DIRECTIVE_ANSWERED: (Notice("directive_answered", to.giver),),
    Tell.DIRECTIVE_RETURNED: (Notice("directive_returned", to.unit),),
    Tell.DIRECTIVE_ENDED: (Notice("directive_ended", to.unit),),
    Tell.PETITION_ASKED: (Notice("petition_asked", to.deciders),),
    Tell.PETITION_DECIDED: (
        Notice("petition_decided", to.asker),
        Notice("supervision_opened", to.unit, when=_supervision_granted),
    ),
}


WAIT_FOR_A_MOVE = frozenset(
    {
        "dispatched_unit",
        "ruled_unit",
        "views_asked",
        "view_stated",
        "objection_overruled",
        "redo_unit",
        "auto_signed",
        "delegated_unit",
        "no_words",
        "wait_over",
        "added_unit",
        "helper_reported",
        "judge_dissatisfied",
        "judge_answer",
    }
)
WAIT_FOR_ANY_DEED = frozenset({"urged_unit", "urged_from_above"})
"""Notices that ask for something, by what is done about it: the ticket goes on, or the citizen is contacted or told."""


def tell(
    db: Session, city: City, ticket: Ticket, event: TicketEvent, notice: str, now: datetime, public_url: str
) -> None:
    """Write every message this notice calls for, in the caller's transaction."""
    case = Case(db, city, ticket, event, now, public_url)
    if notice in duty_phones.FOR:
        duty_phones.text_first(db, city, ticket, now)
    for row in NOTICES[notice]:
        if row.when is None or row.when(case):
            _text(case, row) if isinstance(row, Text) else _notify(case, row)


def ring_bell(db: Session, city: City, ticket: Ticket, bell: str, clock: str, due_at: datetime, now: datetime) -> None:
    """A warning about a deadline: to whom the ticket waits for, and when it is late to the supervisors too.

    A desk of the hotline sees its tickets in the order in which they are due: of early warnings one an hour is enough for it,
    but each urgent ticket has its own.
    """

    def params() -> dict[str, str]:
        return {"number": ticket.number, "clock": clock_name(clock), "due": local_minute(city, due_at)}

    key, early = f"bell_{bell}", bell in bells.EARLY
    for target in to.desks_of(ticket, early) if early else [*to.desks_of(ticket, early), Target(role=Role.SUPERVISOR)]:
        if not (early and ticket.urgency == "normal" and _warned_lately(db, target, key, clock_name(clock), now)):
            _show(db, city, key, now, params, ticket, target, clock_key(clock))


def ring_directive(db: Session, city: City, ticket: Ticket, directive: Directive, now: datetime) -> None:
    """A demand from above is nearly due, or late: its unit is told, and when it is late who gave it too."""
    late = now >= directive.due_at
    told = {"number": ticket.number, "order": directive.number or "", "order_due": local_minute(city, directive.due_at)}
    ends_with = URGE if directive.kind == "urge" else directive_key(directive.id)
    above = Target(staff_id=directive.given_by_id) if directive.given_by_id else Target(role=Role.SUPERVISOR)
    for target in [*to.desks_of(ticket, early=False), *([above] if late else [])]:
        key = "directive_late" if late else "directive_soon"
        _show(db, city, key, now, told, ticket, target, ends_with)


def remind_helper(db: Session, city: City, held: Assignment, now: datetime) -> None:
    """An assisting unit is past its time: itself and the lead are told."""
    ticket = held.ticket

    def late() -> dict[str, str]:
        return {"number": ticket.number, "unit": city.unit_name(ticket.unit_code)}

    def is_late() -> dict[str, str]:
        return {"number": ticket.number, "unit": city.unit_name(held.unit_code)}

    _show(db, city, "helper_late", now, late, ticket, Target(held.unit_code), MOVE)
    for target in to.at_work(ticket):
        _show(db, city, "helper_is_late", now, is_late, ticket, target, MOVE)


def tell_role(db: Session, city: City, ticket: Ticket, key: str, role: Role, now: datetime) -> None:
    """A notice that needs no event: everybody of a role (of a sealed ticket: those who may open it) learns of a ticket."""
    _show(db, city, key, now, {"number": ticket.number}, ticket, Target(role=role), MOVE)


def _text(case: Case, row: Text) -> None:
    for own, citizen in row.to(case):
        with speaking(citizen.language if citizen else "zh"):
            params = _params(case, row.key, own)
        text_citizen(
            case.db,
            case.city,
            citizen,
            row.key,
            case.now,
            params,
            ticket=own,
            at=row.not_before(case, own),
            once=f"{row.key}:{case.event.id}:{own.id}",
        )


def _notify(case: Case, row: Notice) -> None:
    for target in row.to(case):
        params = partial(_params, case, row.key, case.ticket)
        _show(case.db, case.city, row.key, case.now, params, case.ticket, target, _ends_with(case, row.key))


def _show(
    db: Session,
    city: City,
    key: str,
    now: datetime,
    params: Params,
    ticket: Ticket,
    target: Target,
    ends_with: str | None,
) -> None:
    seen_by = to.discreet(ticket, target)
    notice = tell_staff(
        db,
        city,
        key,
        now,
        params,
        ticket=ticket,
        unit=seen_by.unit,
        role=seen_by.role,
        staff_id=seen_by.staff_id,
        ends_with=ends_with,
    )
    escalate(db, city, notice, now)


def _ends_with(case: Case, key: str) -> str | None:
    """What ends the matter of this notice; None: reading, or the end of the ticket."""
    if key in WAIT_FOR_A_MOVE:
        return MOVE
    if key in WAIT_FOR_ANY_DEED:
        return URGE
    if key == "petition_asked":
        return petition_key(case.said("petition_id"))
    found = case.said("directive_id")
    if found is None or key == "directive_ended":
        return None
    return answer_key(found) if key == "directive_answered" else directive_key(found)


def _warned_lately(db: Session, target: Target, key: str, clock: str, now: datetime) -> bool:
    """Whether this desk of the hotline has had such a warning in the last hour; only its newest notices are looked at."""
    if target.role is None:
        return False
    newest = db.execute(
        select(Message.template_key, Message.params, Message.created_at)
        .where(Message.role == target.role, Message.unit_code.is_(None))
        .order_by(Message.id.desc())
        .limit(100)
    )
    return any(
        row.template_key == key and row.params.get("clock") == clock and row.created_at > now - WARNED for row in newest
    )


def _params(case: Case, key: str, own: Ticket) -> dict[str, Any]:
    """The values for one template: only the ones it declares."""
    wanted = case.city.texts[key].params
    return {name: VALUES[name](case, own) for name in wanted}


def texts_needed() -> dict[str, frozenset[str]]:
    """Every text the program sends, each with the values it can fill in; a city's folder must have them all."""
    needed = {row.key: frozenset(VALUES) for rows in NOTICES.values() for row in rows}
    return needed | {key: frozenset(params) for key, params in BESIDE.items()}
