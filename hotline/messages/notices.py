"""Who is told what when something happens to a ticket: one table, read by the job `tell`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.city.schema import City
from hotline.i18n import _, speaking
from hotline.messages import audiences as to
from hotline.messages import duty_phones
from hotline.messages.audiences import Case, CitizenAudience, StaffAudience, Target
from hotline.messages.compose import Params, tell_staff, text_citizen
from hotline.tickets import bells, deadlines
from hotline.tickets.names import ActionName, ClockName
from hotline.tickets.names import NoticeName as Tell
from hotline.tickets.petitions import PETITIONS
from hotline.tickets.privacy.redact import starred
from hotline.tickets.roles import Role
from models import Assignment, Message, Ticket, TicketEvent

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
    Tell.DISPATCHED: (Text("dispatched", to.citizens),),
    Tell.DISPATCHED_UNIT: (Notice("dispatched_unit", to.unit), Notice("dispatched_unit", to.helpers)),
    Tell.RULED_UNIT: (Notice("ruled_unit", to.unit), Notice("dispatched_unit", to.helpers)),
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
    Tell.WAITING: (Text("waiting", to.citizens),),
    Tell.WAIT_OVER: (Notice("wait_over", to.unit, when=_by_clock),),
    Tell.PASSED: (Text("passed", to.citizens, not_before=at_a_civil_hour),),
    Tell.REDO_UNIT: (Notice("redo_unit", to.unit),),
    Tell.REDO_LEADER: (Notice("redo_leader", to.unit_leader, when=_leader_must_know),),
    Tell.REDO_SUPERVISION: (
        Notice("redo_supervision", to.supervisors, when=_rounds_used_up),
        Notice("supervision_opened", to.unit, when=_rounds_used_up),
    ),
    Tell.SUPERVISED: (Notice("supervision_opened", to.unit, when=_supervision_opened),),
    Tell.REDO_CITIZEN: (Text("redo_citizen", to.citizens, not_before=at_a_civil_hour),),
    Tell.THANKS: (Text("thanks", to.own_citizen, when=_by_citizen, not_before=at_once),),
    Tell.THANKS_DISSATISFIED: (Text("thanks_dissatisfied", to.own_citizen, when=_by_citizen, not_before=at_once),),
    Tell.JUDGE_DISSATISFIED: (Notice("judge_dissatisfied", to.follow_up),),
    Tell.THANKS_PARTLY: (Text("thanks_partly", to.own_citizen, when=_by_citizen, not_before=at_once),),
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
    Tell.INSTRUCTED: (Notice("instructed", to.unit), Notice("instructed", to.supervisors)),
    Tell.PETITION_ASKED: (Notice("petition_asked", to.deciders),),
    Tell.PETITION_DECIDED: (
        Notice("petition_decided", to.asker),
        Notice("supervision_opened", to.unit, when=_supervision_granted),
    ),
}


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
            _show(db, city, key, now, params, ticket, target)


def remind_helper(db: Session, city: City, held: Assignment, now: datetime) -> None:
    """An assisting unit is past its time: itself and the lead are told."""
    ticket = held.ticket

    def late() -> dict[str, str]:
        return {"number": ticket.number, "unit": city.unit_name(ticket.unit_code)}

    def is_late() -> dict[str, str]:
        return {"number": ticket.number, "unit": city.unit_name(held.unit_code)}

    _show(db, city, "helper_late", now, late, ticket, Target(held.unit_code))
    for target in to.at_work(ticket):
        _show(db, city, "helper_is_late", now, is_late, ticket, target)


def tell_role(db: Session, city: City, ticket: Ticket, key: str, role: Role, now: datetime) -> None:
    """A notice that needs no event: everybody of a role (of a sealed ticket: those who may open it) learns of a ticket."""
    _show(db, city, key, now, {"number": ticket.number}, ticket, Target(role=role))


def clock_name(clock: str) -> str:
    """A clock's name for people."""
    names: dict[str, str] = {
        ClockName.DISPATCH: _("派单"),
        ClockName.SIGN: _("签收"),
        ClockName.CONTACT: _("先行联系"),
        ClockName.RULING: _("退单裁定"),
        ClockName.REPLY: _("办结"),
        ClockName.FEEDBACK: _("首次反馈"),
        ClockName.JUDGE: _("研判"),
        ClockName.REVIEW: _("审核"),
        ClockName.REDO: _("重办"),
        ClockName.ANSWER: _("回访"),
        ClockName.OUTER: _("上级平台"),
        ClockName.WAIT: _("跟进"),
        ClockName.OBJECTION: _("退单"),
        ClockName.ARCHIVE: _("归档"),
    }
    return names.get(clock, clock)


def local_minute(city: City, moment: datetime) -> str:
    return moment.astimezone(ZoneInfo(city.timezone)).strftime("%m-%d %H:%M")


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
        _show(case.db, case.city, row.key, case.now, lambda: _params(case, row.key, case.ticket), case.ticket, target)


def _show(db: Session, city: City, key: str, now: datetime, params: Params, ticket: Ticket, target: Target) -> None:
    seen_by = to.discreet(ticket, target)
    tell_staff(
        db, city, key, now, params, ticket=ticket, unit=seen_by.unit, role=seen_by.role, staff_id=seen_by.staff_id
    )


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


def _work_due(db: Session, city: City, ticket: Ticket) -> str:
    """When the unit must have answered; never the nearer date by which it must have signed."""
    work = [one.due_at for one in deadlines.running(db, ticket.id) if one.clock in deadlines.WORK]
    due_at = min(work, default=ticket.due_at)
    return local_minute(city, due_at) if due_at else ""


def _params(case: Case, key: str, own: Ticket) -> dict[str, Any]:
    """The values for one template: only the ones it declares."""
    wanted = case.city.texts[key].params
    return {name: _VALUES[name](case, own) for name in wanted}


def texts_needed() -> dict[str, frozenset[str]]:
    """Every text the program sends, each with the values it can fill in; a city's folder must have them all."""
    needed = {row.key: frozenset(_VALUES) for rows in NOTICES.values() for row in rows}
    return needed | {key: frozenset(params) for key, params in _BESIDE.items()}


_BESIDE: dict[str, tuple[str, ...]] = {
    "survey": ("number", "link"),
    "survey_reminder": ("number", "link"),
    "sms_not_understood": ("hotline",),
    "sms_added": ("number",),
    "sms_state": ("state",),
    "sms_to_person": ("number",),
    "sms_picture": ("count",),
    "sms_texts_on": (),
    "sms_no_matter": ("hotline",),
    "sms_enough": ("hotline",),
    "urged": ("number", "unit"),
    "survey_closed": ("number",),
    "missed_call": ("hotline",),
    "nobody_on_duty": (),
    "duty_new": ("number", "urgency", "due"),
    "off_duty_gone": ("name", "left"),
    "helper_is_late": ("number", "unit"),
    "life_ring": ("number", "what"),
    "safety_ring": ("number", "what"),
    "hot_matter": ("title", "count", "place"),
    "model_drift": ("count",),
    **dict.fromkeys(("bell_half", "bell_most", "bell_yellow", "bell_due", "bell_red"), ("number", "clock", "due")),
}
"""Texts that no event of a ticket calls for."""


def progress_link(public_url: str, ticket: Ticket) -> str:
    return f"{public_url}/p/{ticket.number}"


_VALUES: dict[str, Callable[[Case, Ticket], Any]] = {
    "number": lambda case, own: own.number,
    "query_code": lambda case, own: own.query_code,
    "hotline": lambda case, own: case.city.hotline_number,
    "link": lambda case, own: progress_link(case.public_url, own),
    "title": lambda case, own: _title(case),
    "unit": lambda case, own: case.city.unit_name(case.ticket.unit_code or case.event.unit_code),
    "answer": lambda case, own: case.said("answer") or case.ticket.text.public_answer or "",
    "question": lambda case, own: case.said("question") or "",
    "master": lambda case, own: case.said("master") or "",
    "advice": lambda case, own: case.said("advice") or "",
    "body": lambda case, own: case.city.unit_name(case.said("body")),
    "result": lambda case, own: case.said("text") or _result_word(case),
    "until": lambda case, own: str(case.said("until") or "")[:10],
    "due": lambda case, own: _work_due(case.db, case.city, case.ticket),
    "reason": lambda case, own: case.said("reason") or "",
    "reasons": lambda case, own: "；".join(case.city.reason_name(code) for code in case.said("reasons") or ()),
    "round": lambda case, own: case.ticket.round,
    "times": lambda case, own: case.ticket.urges,
    "kind": lambda case, own: _(PETITIONS[case.said("kind")].label),
    "who": lambda case, own: case.event.actor_name,
    "text": lambda case, own: case.said("text") or "",
}


def _title(case: Case) -> str:
    """A notice goes to many: of a sealed ticket they read the title that was made for the unit."""
    ticket = case.ticket
    return ticket.text.unit_title or _("保密工单") if ticket.privacy == "sealed" else starred(ticket, ticket.title)


def _result_word(case: Case) -> str:
    return _("同意") if case.said("state") == "granted" else _("不同意")
