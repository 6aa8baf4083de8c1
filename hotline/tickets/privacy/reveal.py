"""Lifting the mask of one field for one person: with a reason, within an hour's measure, never without a trace in the audit."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from classifier.text.masking.mask import mask
from hotline.errors import NotAllowed, NotFound, Refusal, TooMany
from hotline.i18n import N_, _, english
from hotline.settings.guessable import left_over
from hotline.tickets import roles
from hotline.tickets.points import kept
from hotline.tickets.privacy import audit
from hotline.tickets.privacy.besides import told_besides
from hotline.tickets.privacy.story import TOLD
from hotline.tickets.roles import SEALED_ROLES, Actor
from models import Audit, Ticket

FIELDS = {
    "phone": N_("电话"),
    "name": N_("姓名"),
    "place": N_("地点"),
    "point": N_("地图上的点"),
    "body": N_("诉求原文"),
    "besides": N_("附加信息"),
    "recipient": N_("收信人和地址"),
}
REASONS = {
    "contact": N_("联系群众核实情况"),
    "same": N_("核对是否同一诉求"),
    "visit": N_("上门处理需要地址"),
    "letter": N_("寄送书面答复"),
    "danger": N_("紧急救助"),
}
"""What is chosen instead of written: most masks are lifted for one of these."""
SENDER_ADDRESS = N_("寄信人地址")
"""Under this heading, in the language of whoever wrote it down, a letter told where its answer goes."""

SHORTEST_REASON = 4
WITHIN = timedelta(hours=1)
PEOPLE = {"reveal": 30, "view_file": 300}
MACHINES = {"reveal": 300}
"""Deeds of the book an hour: more than that is read by nobody for work. A file counts once, since a page shows its pictures
each time that it is opened."""


def may_reveal(actor: Actor, ticket: Ticket) -> bool:
    """The centre and the units at work; an informant's data only those who guard sealed tickets, or took the call."""
    actor = actor.doing("do:reveal")
    if ticket.privacy == "sealed":
        return actor.is_(*SEALED_ROLES) or (actor.kind == "staff" and actor.id == ticket.agent_id)
    return roles.staff(actor, ticket)


def reveal(db: Session, actor: Actor, ticket: Ticket, field: str, reason: str, now: datetime, address: str) -> str:
    """The value of one masked field, written into the audit. Raises Refusal, NotAllowed or NotFound."""
    if field not in FIELDS:
        raise Refusal(_("没有这个可以查看的内容。"))
    why = _("本人同意公开") if is_open(ticket) else told_reason(reason)
    if not may_reveal(actor, ticket):
        raise NotAllowed(_("您不能查看这张工单的个人信息。"))
    check_measure(db, actor, "reveal", now)
    value = _point(db, ticket) if field == "point" else _value(ticket, field)
    if not value:
        raise NotFound(_("没有登记%(what)s。", what=_(FIELDS[field])))
    audit.record(db, "reveal", actor, now, ticket_id=ticket.id, subject=field, address=address, reason=why)
    return value


def is_open(ticket: Ticket) -> bool:
    """The person agreed to be known to those at work: nobody of them has to say why, and the audit knows all the same."""
    return ticket.privacy == "open"


def told_reason(given: str) -> str:
    """The reason as the book keeps it: a chosen one, or somebody's own words, starred. Raises Refusal unless it says something.

    Digits, marks, one letter again and again and a finger's run along the keys are no words.
    """
    if given.strip() in REASONS:
        return _(REASONS[given.strip()])
    letters = "".join(c for c in given.casefold() if c.isalpha())
    if len(set(letters)) < SHORTEST_REASON or left_over(letters, set()) < SHORTEST_REASON:
        raise Refusal(_("请选择查看的理由，或写明理由（至少四个字）。"), field="reason")
    return mask(given.strip())[:200]


def _value(ticket: Ticket, field: str) -> str | None:
    """The body comes with what was told later and is starred in the story (see `story.for_the_timeline`)."""
    if field == "body":
        return "\n\n".join([ticket.text.body, *(told["text"] for told in ticket.text.extra.get(TOLD, ()))])
    if field == "besides":
        return "\n".join(f"{term}：{value}" for term, value in told_besides(ticket.text.extra))
    if field == "recipient":
        return recipient_of(ticket)
    return {"phone": _phone(ticket), "name": ticket.contact_name, "place": ticket.text.place}[field]


def _point(db: Session, ticket: Ticket) -> str:
    told = kept.point_of(db, ticket.id)
    return f"{told.point.lat:.6f} {told.point.lon:.6f}" if told else ""


def _phone(ticket: Ticket) -> str | None:
    """The number to dial, and the words it was told in where these say more."""
    told = ticket.text.phone_told
    return f"{ticket.contact_phone}（{told}）" if ticket.contact_phone and told else ticket.contact_phone or told


def recipient_of(ticket: Ticket) -> str:
    """The sender's address and, below, the name, as an envelope shows them; "" where the letter told no address."""
    heads = {SENDER_ADDRESS, english().get(SENDER_ADDRESS, SENDER_ADDRESS)}
    address = next((str(value) for term, value in ticket.text.extra.items() if term in heads and value), "")
    return "\n".join(filter(None, (address, ticket.contact_name))) if address else ""


def measure_of(actor: Actor, deed: str) -> int:
    return (MACHINES if actor.kind == "machine" else PEOPLE)[deed]


def check_measure(db: Session, actor: Actor, deed: str, now: datetime) -> None:
    """Raises TooMany beyond the measure of an hour's honest work. db: the transaction that writes the deed down."""
    audit.alone(db, actor)
    if opened_lately(db, actor, deed, now) >= measure_of(actor, deed):
        raise TooMany(_("一小时内查看个人信息太多，已告知督办员。确有需要请稍后再看。"))


def opened_lately(db: Session, actor: Actor, deed: str, now: datetime) -> int:
    counted = func.count(Audit.subject.distinct()) if deed == "view_file" else func.count()
    return db.scalar(select(counted).where(*_own(actor), Audit.action == deed, Audit.at > now - WITHIN)) or 0


def _own(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    """A machine has no number, only the name of its token."""
    who = Audit.actor_name == actor.name if actor.id is None else Audit.actor_id == actor.id
    return Audit.actor_kind == actor.kind, who


def opened_between(begin: datetime, end: datetime) -> Select[str, str, int]:
    """Rows (deed, who, how often) of a span, the most first: what a summary tells of."""
    return (
        select(Audit.action, Audit.actor_name, func.count())
        .where(Audit.action.in_([*PEOPLE, "export"]), Audit.at >= begin, Audit.at < end)
        .group_by(Audit.action, Audit.actor_name)
        .order_by(func.count().desc(), Audit.actor_name)
    )
