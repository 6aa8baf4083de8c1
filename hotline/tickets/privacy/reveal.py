"""Lifting the mask of one field for one person: only with a reason, and never without a trace in the audit."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from classifier.text.masking.mask import mask
from hotline.errors import NotAllowed, NotFound, Refusal
from hotline.i18n import N_, _
from hotline.tickets import roles
from hotline.tickets.privacy import audit
from hotline.tickets.privacy.besides import told_besides
from hotline.tickets.privacy.measure import check_measure
from hotline.tickets.privacy.story import TOLD
from hotline.tickets.roles import SEALED_ROLES, Actor
from models import Ticket

FIELDS = {
    "phone": N_("电话"),
    "name": N_("姓名"),
    "place": N_("地点"),
    "body": N_("诉求原文"),
    "besides": N_("附加信息"),
}
REASONS = {
    "contact": N_("联系群众核实情况"),
    "same": N_("核对是否同一诉求"),
    "visit": N_("上门处理需要地址"),
    "letter": N_("寄送书面答复"),
    "danger": N_("紧急救助"),
}
"""What is chosen instead of written: most masks are lifted for one of these."""
SHORTEST_REASON = 4


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
    value = _value(ticket, field)
    if not value:
        raise NotFound(_("没有登记%(what)s。", what=_(FIELDS[field])))
    audit.record(db, "reveal", actor, now, ticket_id=ticket.id, subject=field, address=address, reason=why)
    return value


def is_open(ticket: Ticket) -> bool:
    """The person agreed to be known to those at work: nobody of them has to say why, and the audit knows all the same."""
    return ticket.privacy == "open"


def told_reason(given: str) -> str:
    """The reason as the book keeps it: a chosen one, or somebody's own words, starred. Raises Refusal unless it says something.

    Digits, marks and one letter again and again are no words.
    """
    if given.strip() in REASONS:
        return _(REASONS[given.strip()])
    if len({c for c in given if c.isalpha()}) < SHORTEST_REASON:
        raise Refusal(_("请选择查看的理由，或写明理由（至少四个字）。"), field="reason")
    return mask(given.strip())[:200]


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
