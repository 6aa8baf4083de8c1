"""Who is told what when something happens to a ticket: one table, read by the job `tell`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from classifier.text.extract import mask
from hotline.city.schema import City
from hotline.i18n import _, speaking
from hotline.messages.compose import tell_staff, text_citizen
from hotline.tickets import deadlines
from hotline.tickets.merged import everybody_behind
from hotline.tickets.petitions import PETITIONS
from models import Message, Petition, Ticket, TicketEvent

WARNED, JUST_CALLED = timedelta(hours=1), timedelta(hours=1)


@dataclass(frozen=True)
class Case:
    """What a notice is made from."""

    db: Session
    city: City
    ticket: Ticket
    event: TicketEvent
    now: datetime
    public_url: str

    def said(self, name: str) -> Any:
        return self.event.data.get(name)


@dataclass(frozen=True)
class Notice:
    """to: citizens (everybody behind the ticket), citizen (the first of them), own (the ticket's own citizen), unit (the lead
    and the sub-unit on whose desk it lies), helpers, or role:<role>. when: None always, or a condition on the case.
    text: when a text may come: answer (at once: the citizen has just spoken), news (at a civil hour, unless they handed the
    matter in lately or it is urgent), civil (at a civil hour).
    """

    key: str
    to: str
    when: Callable[[Case], bool] | None = None
    text: str = "news"


def _round_at_least(n_of: Callable[[City], int]) -> Callable[[Case], bool]:
    return lambda case: case.ticket.round >= n_of(case.city)


def _supervision_granted(case: Case) -> bool:
    return case.said("kind") == "supervision" and case.said("state") == "granted"


NOTICES: dict[str, tuple[Notice, ...]] = {
    "accepted": (Notice("accepted", "citizen", text="answer"),),
    "dispatched": (Notice("dispatched", "citizens"),),
    "dispatched_unit": (Notice("dispatched_unit", "unit"), Notice("dispatched_unit", "helpers")),
    "ruled_unit": (Notice("ruled_unit", "unit"), Notice("dispatched_unit", "helpers")),
    "recalled_unit": (Notice("recalled_unit", "released_units"),),
    "answered": (Notice("answered", "citizens"),),
    "ask_more": (Notice("ask_more", "citizen"),),
    "no_words": (Notice("no_words", "role:dispatcher"),),
    "merged": (Notice("merged", "own"),),
    "unmerged": (Notice("unmerged", "own"),),
    "declined": (Notice("declined", "citizens"),),
    "transferred": (Notice("transferred", "citizens"),),
    "transfer_result": (Notice("transfer_result", "citizens"),),
    "objection_upheld": (Notice("objection_upheld", "released_units"),),
    "objection_overruled": (Notice("objection_overruled", "unit"),),
    "auto_signed": (Notice("auto_signed", "unit"),),
    "interim": (Notice("interim", "citizens"),),
    "delegated_unit": (Notice("delegated_unit", "desk"),),
    "helper_reported": (Notice("helper_reported", "unit"),),
    "waiting": (Notice("waiting", "citizens"),),
    "wait_over": (Notice("wait_over", "unit", when=lambda case: case.event.actor_kind == "clock"),),
    "passed": (Notice("passed", "citizens", text="civil"),),
    "redo_unit": (Notice("redo_unit", "unit"),),
    "redo_leader": (
        Notice("redo_leader", "unit_leader", when=_round_at_least(lambda c: c.policy.redo_rounds_to_leader)),
    ),
    "redo_supervision": tuple(
        Notice(key, to, when=_round_at_least(lambda c: c.policy.redo_rounds_to_supervision))
        for key, to in (("redo_supervision", "role:supervisor"), ("supervision_opened", "unit"))
    ),
    "redo_citizen": (Notice("redo_citizen", "citizens", text="civil"),),
    "thanks": (Notice("thanks", "own", when=lambda case: case.event.actor_kind == "citizen", text="answer"),),
    "thanks_dissatisfied": (
        Notice("thanks_dissatisfied", "own", when=lambda case: case.event.actor_kind == "citizen", text="answer"),
    ),
    "thanks_partly": (
        Notice("thanks_partly", "own", when=lambda case: case.event.actor_kind == "citizen", text="answer"),
    ),
    "judge_dissatisfied": (Notice("judge_dissatisfied", "role:follow_up"),),
    "judge_answer": (Notice("judge_answer", "role:follow_up"),),
    "judge_merged": (
        Notice("judge_dissatisfied", "role:follow_up", when=lambda case: case.ticket.dissatisfied),
        Notice("judge_answer", "role:follow_up", when=lambda case: not case.ticket.dissatisfied),
    ),
    "closed": (Notice("closed", "citizens", text="civil"),),
    "reopened": (Notice("reopened", "citizens"),),
    "withdrawn": (
        Notice(
            "withdrawn",
            "own",
            when=lambda case: case.event.action == "leave" or case.ticket.left_at is None,
            text="answer",
        ),
    ),
    "citizen_withdrew": (Notice("citizen_withdrew", "unit"), Notice("citizen_withdrew", "helpers")),
    "added_unit": (Notice("added_unit", "unit_or_dispatcher"),),
    "urged_unit": (Notice("urged_unit", "unit_or_dispatcher"),),
    "late_words": (
        Notice("added_unit", "unit"),
        Notice("judge_dissatisfied", "role:supervisor", when=lambda case: case.said("solved") == "no"),
    ),
    "instructed": (Notice("instructed", "unit"), Notice("instructed", "role:supervisor")),
    "petition_asked": (Notice("petition_asked", "deciders"),),
    "petition_decided": (
        Notice("petition_decided", "asker"),
        Notice("supervision_opened", "unit", when=_supervision_granted),
    ),
}


def tell(
    db: Session, city: City, ticket: Ticket, event: TicketEvent, notice: str, now: datetime, public_url: str
) -> None:
    """Write every message this notice calls for, in the caller's transaction."""
    case = Case(db, city, ticket, event, now, public_url)
    for row in NOTICES[notice]:
        if row.when is None or row.when(case):
            _write(case, row)


def ring_bell(db: Session, city: City, ticket: Ticket, bell: str, clock: str, due_at: datetime, now: datetime) -> None:
    """A warning about a deadline: to whom the ticket waits for, and when it is late to the supervisors too.

    A desk of the hotline sees its tickets in the order in which they are due: of early warnings one an hour is enough for it,
    but each urgent ticket has its own.
    """

    def params() -> dict[str, str]:
        return {"number": ticket.number, "clock": clock_name(clock), "due": local_minute(city, due_at)}

    key, early = f"bell_{bell}", bell in deadlines.EARLY
    for target in _desks_of(ticket, early) if early else [*_desks_of(ticket, early), {"role": "supervisor"}]:
        if not (early and ticket.urgency == "normal" and _warned_lately(db, target, key, clock_name(clock), now)):
            tell_staff(db, city, key, now, params, ticket=ticket, **_discreet(ticket, target))


def tell_role(db: Session, city: City, ticket: Ticket, key: str, role: str, now: datetime) -> None:
    """A notice that needs no event: everybody of a role (of a sealed ticket: those who may open it) learns of a ticket."""
    tell_staff(db, city, key, now, {"number": ticket.number}, ticket=ticket, **_discreet(ticket, {"role": role}))


def tell_supervised(db: Session, city: City, ticket: Ticket, now: datetime) -> None:
    """The rules opened a supervision case: the units at work must report."""

    def params() -> dict[str, str]:
        return {"number": ticket.number, "unit": city.unit_name(ticket.unit_code), "due": _work_due(db, city, ticket)}

    for target in _working(ticket):
        tell_staff(db, city, "supervision_opened", now, params, ticket=ticket, **_discreet(ticket, target))


def clock_name(clock: str) -> str:
    """A clock's name for people."""
    names = {
        "dispatch": _("派单"),
        "sign": _("签收"),
        "contact": _("先行联系"),
        "ruling": _("退单裁定"),
        "reply": _("办结"),
        "judge": _("研判"),
        "feedback": _("首次反馈"),
        "review": _("审核"),
        "redo": _("重办"),
        "answer": _("回访"),
        "outer": _("上级平台"),
        "wait": _("跟进"),
        "objection": _("退单"),
        "archive": _("归档"),
    }
    return names.get(clock, clock)


def local_minute(city: City, moment: datetime) -> str:
    return moment.astimezone(ZoneInfo(city.timezone)).strftime("%m-%d %H:%M")


def _write(case: Case, row: Notice) -> None:
    if row.to in ("citizens", "citizen", "own"):
        people = [(case.ticket, case.ticket.citizen)] if row.to == "own" else everybody_behind(case.db, case.ticket)
        for own, citizen in people[:1] if row.to == "citizen" else people:
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
                at=_not_before(case, row, own),
                once=f"{row.key}:{case.event.id}:{own.id}",
            )
        return
    for target in _targets(case, row.to):
        tell_staff(
            case.db,
            case.city,
            row.key,
            case.now,
            lambda: _params(case, row.key, case.ticket),
            ticket=case.ticket,
            **_discreet(case.ticket, target),
        )


def _not_before(case: Case, row: Notice, own: Ticket) -> datetime | None:
    """Nobody is woken by news; who has just called, or whose matter is urgent, waits for it."""
    awake = case.now - own.created_at < JUST_CALLED or case.ticket.urgency != "normal"
    if row.text == "answer" or (row.text == "news" and awake):
        return None
    return case.city.calendar.next_civil(case.now, *case.city.policy.civil_hours)


def _targets(case: Case, to: str) -> list[dict[str, Any]]:
    """The screens a staff notice appears on."""
    ticket = case.ticket
    if to.startswith("role:"):
        return [{"role": to[5:]}]
    if to == "helpers":
        return [{"unit": a.unit_code} for a in ticket.assignments if a.part == "helper" and a.ended_at is None]
    if to == "released_units":
        return [{"unit": a.unit_code} for a in ticket.assignments if a.ended_at == case.event.at]
    if to == "unit_leader":
        return [{"unit": ticket.unit_code, "role": "unit_leader"}] if ticket.unit_code else []
    if to == "unit_or_dispatcher":
        return _working(ticket) or [{"role": "dispatcher"}]
    if to == "desk":
        return [{"unit": ticket.desk_code}]
    if to == "deciders":
        return [{"role": role} for role in _decider_roles(case.said("kind"))]
    if to == "asker":
        petition = case.db.get(Petition, case.said("petition_id"))
        return [{"staff_id": petition.asked_by_id}] if petition and petition.asked_by_id else []
    return _working(ticket)


def _working(ticket: Ticket) -> list[dict[str, Any]]:
    """The lead unit, and the sub-unit it passed the ticket to: both must know."""
    return [{"unit": code} for code in dict.fromkeys((ticket.unit_code, ticket.desk_code)) if code]


def _discreet(ticket: Ticket, target: dict[str, Any]) -> dict[str, Any]:
    """Of a sealed ticket only those learn who may open it: a unit's leader, and the supervisors instead of follow-up."""
    if ticket.privacy != "sealed" or target.get("staff_id"):
        return target
    if target.get("unit"):
        return {**target, "role": "unit_leader"}
    return {"role": "supervisor"} if target.get("role") == "follow_up" else target


def _decider_roles(kind: str) -> list[str]:
    """Roles by the names of the predicates in the petition table."""
    return [may.__name__ for may in PETITIONS[kind].decides]


DESKS = {
    "to_dispatch": "dispatcher",
    "in_dispute": "dispatcher",
    "in_objection": "dispatcher",
    "to_review": "reviewer",
    "to_follow_up": "follow_up",
}
"""Who can act while a ticket stands there; in every other open state it is with its unit."""


def _desks_of(ticket: Ticket, early: bool) -> list[dict[str, Any]]:
    """Whom the ticket waits for. What is nearly late concerns the lead unit too, which passed it on and stays responsible."""
    if ticket.state in DESKS or not ticket.unit_code:
        return [{"role": DESKS.get(ticket.state, "dispatcher")}]
    return [{"unit": ticket.desk_code or ticket.unit_code}] if early else _working(ticket)


def _warned_lately(db: Session, target: dict[str, Any], key: str, clock: str, now: datetime) -> bool:
    """Whether this desk of the hotline has had such a warning in the last hour; only its newest notices are looked at."""
    if "role" not in target:
        return False
    newest = db.execute(
        select(Message.template_key, Message.params, Message.created_at)
        .where(Message.role == target["role"], Message.unit_code.is_(None))
        .order_by(Message.id.desc())
        .limit(100)
    )
    return any(
        row.template_key == key and row.params.get("clock") == clock and row.created_at > now - WARNED for row in newest
    )


def _work_due(db: Session, city: City, ticket: Ticket) -> str:
    """When the unit must have answered; never the nearer date by which it must have signed."""
    work = [one.due_at for one in deadlines.running(db, ticket.id) if one.clock in ("reply", "redo")]
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
    "title": lambda case, own: mask(case.ticket.title),
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


def _result_word(case: Case) -> str:
    return _("同意") if case.said("state") == "granted" else _("不同意")
