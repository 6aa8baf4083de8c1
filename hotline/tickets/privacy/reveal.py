"""Lifting the mask of one field for one person: only with a reason, and never without a trace in the audit."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from classifier.text.masking.mask import mask
from hotline.errors import NotAllowed, NotFound, Refusal
from hotline.i18n import N_, _
from hotline.tickets import roles
from hotline.tickets.privacy import audit
from hotline.tickets.privacy.besides import told_besides
from hotline.tickets.privacy.story import TOLD
from hotline.tickets.roles import SEALED_ROLES, Actor
from models import Audit, Ticket

FIELDS = {
    "phone": N_("电话"),
    "name": N_("姓名"),
    "place": N_("地点"),
    "body": N_("诉求原文"),
    "besides": N_("附加信息"),
}
SHORTEST_REASON, MOST_AN_HOUR = 2, 30


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
    if not is_open(ticket):
        check_reason(reason)
    if not may_reveal(actor, ticket):
        raise NotAllowed(_("您不能查看这张工单的个人信息。"))
    check_how_many(db, actor, now)
    value = _value(ticket, field)
    if not value:
        raise NotFound(_("没有登记%(what)s。", what=_(FIELDS[field])))
    why = mask(reason.strip())[:200] or _("本人同意公开")
    audit.record(db, "reveal", actor, now, ticket_id=ticket.id, subject=field, address=address, reason=why)
    return value


def is_open(ticket: Ticket) -> bool:
    """The person agreed to be known to those at work: nobody of them has to say why, and the audit knows all the same."""
    return ticket.privacy == "open"


def check_reason(reason: str) -> None:
    """Raises Refusal unless it says something: digits, marks and one letter again and again are no reason."""
    if len({c for c in reason.strip() if c.isalpha()}) < SHORTEST_REASON:
        raise Refusal(_("请写明查看的理由（至少两个字）。"), field="reason")


def check_how_many(db: Session, actor: Actor, now: datetime) -> None:
    """Raises Refusal beyond the measure of an hour's honest work."""
    if revealed_lately(db, actor, now) >= MOST_AN_HOUR:
        raise Refusal(_("一小时内查看个人信息太多，已告知督办员。确有需要请稍后再看。"))


def revealed_lately(db: Session, actor: Actor, now: datetime) -> int:
    """How often this person has lifted a mask in the last hour."""
    mine = (Audit.actor_id == actor.id, Audit.actor_kind == "staff", Audit.action == "reveal")
    return db.scalar(select(func.count()).where(*mine, Audit.at > now - timedelta(hours=1))) or 0


def _value(ticket: Ticket, field: str) -> str | None:
    """The body comes with what was told later and is starred in the story (see `story.for_the_timeline`)."""
    if field == "body":
        return "\n\n".join([ticket.text.body, *(told["text"] for told in ticket.text.extra.get(TOLD, ()))])
    if field == "besides":
        return "\n".join(f"{term}：{value}" for term, value in told_besides(ticket.text.extra))
    return {"phone": _phone(ticket), "name": ticket.contact_name, "place": ticket.text.place}[field]


def _phone(ticket: Ticket) -> str | None:
    """The number to dial, and the words it was told in where these say more."""
    told = ticket.text.phone_told
    return f"{ticket.contact_phone}（{told}）" if ticket.contact_phone and told else ticket.contact_phone or told
