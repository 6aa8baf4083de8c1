"""The reply that waits for another's yes: of serious matters a leader's own account signs it, a sub-unit's passes its lead.

Whoever wrote a reply does not sign it: two pairs of eyes are what the signature is for. It goes to whoever else signs for the unit (the
leader, the deputy), or to the leader one unit up; only where nobody else has an account does the author sign it alone, and then
the reviewer and the story say so. (An inspector asks who has seen a reply before it left; a ticket that could never be answered
because its unit has one leader would help nobody.)
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.city.schema import City
from hotline.i18n import _
from hotline.tickets import roles
from hotline.tickets.context import ActionContext
from hotline.tickets.reply_rules.signers import SIGN_OFF, may_sign, signers_for
from hotline.tickets.roles import Actor
from models import Petition, Reply, Staff, Ticket

SHOWN = 3


@dataclass(frozen=True)
class Signature:
    """Who of the unit's leaders, or of their deputies, put the own account to a reply."""

    id: int | None
    name: str


def needs_sign_off(ticket: Ticket) -> bool:
    """Serious matters and redo rounds need the unit leader's sign-off."""
    return ticket.urgency != "normal" or ticket.round > 1 or ticket.supervised


def needs_another(db: Session, city: City, ticket: Ticket, actor: Actor) -> bool:
    """Whether this person's reply must be passed by somebody else before it goes to the hotline's review."""
    if needs_sign_off(ticket):
        return not may_sign(actor, ticket) or bool(signers_for(db, city, ticket, actor.id))
    return ticket.unit_code not in actor.units


def wrote_it(db: Session, city: City, ticket: Ticket, petition: Petition, actor: Actor) -> str | None:
    """Why somebody who signs for this unit does not sign this reply: it is theirs, or one of its round was, and another can."""
    if not needs_sign_off(ticket):
        return None
    able = signers_for(db, city, ticket, petition.asked_by_id)
    if actor.id in {one.id for one in able}:
        return None
    return _("您在本轮写过答复，不能自己签发，由%(names)s签发。", names=names_of(able, city))


def names_of(able: list[Staff], city: City) -> str:
    """Who signs, each with the unit."""
    named = (f"{one.name}（{city.unit_name(one.unit_code)}）" for one in able[:SHOWN])
    return "、".join(named) if able else _("单位负责人（还没有账号，请联系系统管理员）")


def signed_own(reply: Reply) -> bool:
    """Whether the one who wrote it signed it, nobody else being there."""
    return reply.signed_by_id is not None and reply.signed_by_id == reply.author_id


def may_pass_on(actor: Actor, ticket: Ticket) -> bool:
    """Who says yes: the leader where it must be signed, anybody of the lead unit where a sub-unit has replied."""
    return may_sign(actor, ticket) if needs_sign_off(ticket) else roles.lead_unit(actor, ticket)


def not_signed_off(context: ActionContext) -> str | None:
    """A name in a field is no signature: the leader's own account, or that of the deputy named for the days of absence, has to say yes."""
    if not _needs_another(context) or _granted(context) is not None:
        return None
    if needs_sign_off(context.ticket):
        return _("紧急、督办或重办的工单，答复须由单位负责人用自己的账号签发，写答复的人不能自己签发。")
    return _("下属单位的答复须先经主办单位同意。")


def signs_alone(context: ActionContext) -> str | None:
    return None if _needs_another(context) else _("您的答复不须他人签发，请直接提交。")


def signature(context: ActionContext) -> Signature | None:
    """Whose account stands behind this reply, if a leader's does."""
    granted = _granted(context)
    if granted is None:
        return Signature(context.actor.id, context.actor.name) if may_sign(context.actor, context.ticket) else None
    return Signature(granted.decided_by_id, granted.decided_by_name or "") if needs_sign_off(context.ticket) else None


def files_of_returned(db: Session, ticket: Ticket) -> list[int]:
    """The files of a reply that was sent back or withdrawn: they come along when it is sent to be signed again."""
    asked = select(Petition).where(
        Petition.ticket_id == ticket.id, Petition.kind == SIGN_OFF, Petition.round == ticket.round
    )
    last = db.scalar(asked.order_by(Petition.id.desc()).limit(1))
    return list(last.data.get("files", ())) if last is not None and last.state in ("refused", "withdrawn") else []


def _needs_another(context: ActionContext) -> bool:
    return needs_another(context.db, context.city, context.ticket, context.actor)


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
