"""The reply that waits for another's yes: of serious matters the unit leader's own account signs it, a sub-unit's passes its lead."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.i18n import _
from hotline.tickets import roles
from hotline.tickets.context import ActionContext
from hotline.tickets.roles import Actor
from models import Petition, Ticket

SIGN_OFF = "sign_off"


@dataclass(frozen=True)
class Signature:
    """Who of the unit's leaders, or of their deputies, put the own account to a reply."""

    id: int | None
    name: str


def needs_sign_off(ticket: Ticket) -> bool:
    """Serious matters and redo rounds need the unit leader's sign-off."""
    return ticket.urgency != "normal" or ticket.round > 1 or ticket.supervised


def needs_another(ticket: Ticket, actor: Actor) -> bool:
    """Whether this person's reply must be passed by somebody else before it goes to the hotline's review."""
    if needs_sign_off(ticket):
        return not roles.signer(actor, ticket)
    return ticket.unit_code not in actor.units


def may_pass_on(actor: Actor, ticket: Ticket) -> bool:
    """Who says yes: the leader where it must be signed, anybody of the lead unit where a sub-unit has replied."""
    return roles.signer(actor, ticket) if needs_sign_off(ticket) else roles.lead_unit(actor, ticket)


def not_signed_off(context: ActionContext) -> str | None:
    """A name in a field is no signature: the leader's own account, or that of the deputy named for the days of absence, has to say yes."""
    if not needs_another(context.ticket, context.actor) or _granted(context) is not None:
        return None
    if needs_sign_off(context.ticket):
        return _("紧急、督办或重办的工单，答复须由单位负责人用自己的账号签发。")
    return _("下属单位的答复须先经主办单位同意。")


def signs_alone(context: ActionContext) -> str | None:
    return None if needs_another(context.ticket, context.actor) else _("您的答复不须他人签发，请直接提交。")


def signature(context: ActionContext) -> Signature | None:
    """Whose account stands behind this reply, if a leader's does."""
    if roles.signer(context.actor, context.ticket):
        return Signature(context.actor.id, context.actor.name)
    granted = _granted(context)
    if granted is None or not needs_sign_off(context.ticket):
        return None
    return Signature(granted.decided_by_id, granted.decided_by_name or "")


def files_of_returned(db: Session, ticket: Ticket) -> list[int]:
    """The files of a reply that was sent back or withdrawn: they come along when it is sent to be signed again."""
    asked = select(Petition).where(
        Petition.ticket_id == ticket.id, Petition.kind == SIGN_OFF, Petition.round == ticket.round
    )
    last = db.scalar(asked.order_by(Petition.id.desc()).limit(1))
    return list(last.data.get("files", ())) if last is not None and last.state in ("refused", "withdrawn") else []


def _granted(context: ActionContext) -> Petition | None:
    """The yes that carries this very reply: given in this moment, in this round, by another than its author."""
    return context.db.scalar(
        select(Petition)
        .where(
            Petition.ticket_id == context.ticket.id,
            Petition.kind == SIGN_OFF,
            Petition.state == "granted",
            Petition.round == context.ticket.round,
            Petition.decided_at == context.now,
            Petition.asked_by_id == context.actor.id,
        )
        .limit(1)
    )
