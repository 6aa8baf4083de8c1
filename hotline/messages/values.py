"""The values that texts are filled with, each with its name, and the texts that no event of a ticket calls for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from hotline.city.schema import City
from hotline.i18n import _
from hotline.keys.codes import PLACE_OF_CODE
from hotline.messages.audiences import Case
from hotline.tickets import deadlines
from hotline.tickets.names import ClockName
from hotline.tickets.petitions import PETITIONS
from hotline.tickets.privacy.redact import starred
from models import Ticket


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


def _work_due(db: Session, city: City, ticket: Ticket) -> str:
    """When the unit must have answered; never the nearer date by which it must have signed."""
    work = [one.due_at for one in deadlines.running(db, ticket.id) if one.clock in deadlines.WORK]
    due_at = min(work, default=ticket.due_at)
    return local_minute(city, due_at) if due_at else ""


READY_WORDS = (
    "ready_dispatch",
    "ready_sign",
    "ready_contact",
    "ready_reply",
    "ready_redo",
    "ready_review",
    "ready_judge",
    "ready_other",
    "ready_order",
    "ready_explain",
    "ready_instruct",
)
"""Words that a demand from above begins with; whoever gives it may change them."""

BESIDE: dict[str, tuple[str, ...]] = {
    "survey": ("number", "link"),
    "survey_reminder": ("number", "link"),
    "direct_survey": ("number", "link"),
    "sms_not_understood": ("hotline",),
    "sms_added": ("number",),
    "sms_state": ("state",),
    "sms_to_person": ("number",),
    "sms_picture": ("count",),
    "mail_locked": ("hotline",),
    "sms_texts_on": (),
    "sms_no_matter": ("hotline",),
    "sms_enough": ("hotline",),
    "urged": ("number", "unit"),
    "survey_closed": ("number",),
    "own_list": ("list_code", "minutes", "hotline"),
    "missed_call": ("hotline",),
    "nobody_on_duty": (),
    "duty_new": ("number", "urgency", "due"),
    "hand_over": ("number", "at", "place", "phone", "words"),
    "hand_over_heard": ("number",),
    "off_duty_gone": ("name", "left"),
    "file_infected": ("virus", "file"),
    **dict.fromkeys(("city_silent", "city_seals"), ("city", "since")),
    "helper_is_late": ("number", "unit"),
    "life_ring": ("number", "what"),
    "safety_ring": ("number", "what"),
    "hot_matter": ("title", "count", "place"),
    "model_drift": ("count",),
    "knowledge_answer": ("answer", "source"),
    "matter_slip": ("title", "papers", "place", "hours", "phone"),
    "knowledge_waits": ("title", "unit"),
    "knowledge_import": ("title", "count"),
    "knowledge_returned": ("title", "reason"),
    "knowledge_feedback": ("title", "kind", "due"),
    "knowledge_mended": ("title", "reply"),
    "knowledge_ends": ("title", "day"),
    "knowledge_link": ("title", "link"),
    "knowledge_late": ("title", "unit"),
    **dict.fromkeys(("quality_told", "quality_decided"), ("number", "points")),
    "quality_appealed": ("number",),
    **dict.fromkeys(READY_WORDS, ()),
    **dict.fromkeys(("directive_soon", "directive_late"), ("number", "order", "order_due")),
    **dict.fromkeys(("bell_half", "bell_most", "bell_yellow", "bell_due", "bell_red"), ("number", "clock", "due")),
}
"""Texts that no event of a ticket calls for."""


def progress_link(public_url: str, ticket: Ticket) -> str:
    return f"{public_url}/p/{ticket.number}"


VALUES: dict[str, Callable[[Case, Ticket], Any]] = {
    "number": lambda case, own: own.number,
    "query_code": lambda case, own: PLACE_OF_CODE,
    "hotline": lambda case, own: case.city.hotline_number,
    "link": lambda case, own: progress_link(case.public_url, own),
    "title": lambda case, own: _title(case),
    "unit": lambda case, own: case.city.unit_name(case.ticket.unit_code or case.event.unit_code),
    "by_unit": lambda case, own: case.city.unit_name(case.event.actor_unit),
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
    "order": lambda case, own: case.said("order") or "",
    "order_due": lambda case, own: _order_due(case),
}


def _order_due(case: Case) -> str:
    """By when a demand from above must be met."""
    return _moment(case, str(case.said("until") or ""))


def _title(case: Case) -> str:
    """A notice goes to many: of a sealed ticket they read the title that was made for the unit."""
    ticket = case.ticket
    return ticket.text.unit_title or _("保密工单") if ticket.privacy == "sealed" else starred(ticket, ticket.title)


def _result_word(case: Case) -> str:
    """What was decided, what it gives and the decider's words: nobody opens a page to learn the new date, or why not."""
    granted = case.said("state") == "granted"
    words = str(case.said("decision") or "").strip()
    until = str(case.said("until") or "") if granted and case.said("kind") in ("extension", "wait") else ""
    told = [
        _("同意") if granted else _("不同意"),
        _("到%(day)s", day=_moment(case, until)) if until else "",
        starred(case.ticket, words) if words else "",
    ]
    return _("，").join(part for part in told if part)


def _moment(case: Case, told: str) -> str:
    """A moment as the city reads it, or the day as it was said."""
    return local_minute(case.city, datetime.fromisoformat(told)) if "T" in told or " " in told else told
