"""Asking, deciding, taking back: what is done with a petition, and who may."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from hotline import outbox
from hotline.city.schema import City
from hotline.errors import NotAllowed, NotFound, OutOfTurn, Refusal
from hotline.i18n import _
from hotline.tickets import roles
from hotline.tickets.act import lock
from hotline.tickets.citizens import platforms
from hotline.tickets.context import ActionContext
from hotline.tickets.effects.demands.looked import leave
from hotline.tickets.effects.demands.noticed import end_notices, petition_key
from hotline.tickets.fields import clean
from hotline.tickets.names import JobName, NoticeName
from hotline.tickets.petitions.table import PETITIONS, PetitionKind
from hotline.tickets.privacy.story import for_the_timeline
from hotline.tickets.reply_rules.signers import SIGN_OFF
from hotline.tickets.roles import Actor, Who
from hotline.tickets.second_person import is_another
from hotline.tickets.states import State
from models import Petition, Ticket, TicketEvent
from models.store.db import changed


def ask(
    db: Session, city: City, ticket: Ticket, kind: str, actor: Actor, now: datetime, answers: Mapping[str, Any]
) -> Petition:
    """Ask. Raises NotAllowed, OutOfTurn, or Refusal (a guard, or a petition of this kind is already open)."""
    row = _kind(kind)
    if State(ticket.state) not in row.at:
        raise OutOfTurn(_("工单现在的状态不能“%(what)s”。", what=_(row.label)))
    if not _may(row.asks, f"ask:{row.name}", ticket, actor):
        raise NotAllowed(_("您没有权限“%(what)s”。", what=_(row.label)))
    cleaned = clean(row.fields, answers, city, by_staff=actor.kind == "staff")
    context = ActionContext(db, city, ticket, f"ask_{kind}", actor, now, cleaned)
    for objection in row.unless:
        if sentence := objection(context):
            raise Refusal(sentence, code=objection.__name__)
    petition = Petition(
        ticket_id=ticket.id,
        kind=kind,
        round=ticket.round,
        unit_code=ticket.unit_code,
        asked_by_id=actor.id,
        asked_by_name=actor.name,
        asked_at=now,
        reason=cleaned["reason"] if "reason" in cleaned else cleaned["public_answer"],
        data=_data(row, cleaned),
    )
    try:
        with db.begin_nested():
            db.add(petition)
    except IntegrityError:
        raise Refusal(_("同样的申请正在等待决定，不必重复提交。"), code="already_asked") from None
    _write(context, petition, NoticeName.PETITION_ASKED)
    return petition


def _data(row: PetitionKind, cleaned: Mapping[str, Any]) -> dict[str, Any]:
    """What a grant needs later, as plain values that the form reads again."""
    said = {name: _plain(value) for name, value in cleaned.items() if name != "reason" and value is not None}
    return {"answers": said} if row.name == SIGN_OFF else said


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value.isoformat() if isinstance(value, datetime) else str(value)


def decide(
    db: Session,
    city: City,
    petition_id: int,
    grants: bool,
    actor: Actor,
    now: datetime,
    decision: str | None,
    days: int | None = None,
) -> Petition:
    """Grant or refuse; the first of two deciders wins. A refusal needs its reason.

    days: of an extension the decider may give fewer than were asked for, never more.
    """
    petition = db.get(Petition, petition_id)
    if petition is None:
        raise NotFound(_("没有这个申请。"))
    ticket, row = lock(db, petition.ticket_id), _kind(petition.kind)
    if not _may(row.decides, f"decide:{row.name}", ticket, actor):
        raise NotAllowed(_("您没有权限决定“%(what)s”。", what=_(row.label)))
    if sentence := _not_by(db, city, ticket, petition, actor):
        raise NotAllowed(sentence, code="own_petition")
    if not grants and not (decision or "").strip():
        raise Refusal(_("不同意的，请写明理由。"), code="refusal_needs_reason", field="decision")
    if days is not None and petition.kind == "extension":
        asked = int(petition.data.get("days") or city.policy.extension_days)
        petition.data = {**petition.data, "days": str(max(1, min(days, asked)))}
        db.flush()
    _take(db, petition, "granted" if grants else "refused", actor, now, decision)
    end_notices(db, ticket.id, [petition_key(petition.id)], now)
    context = ActionContext(db, city, ticket, f"decide_{petition.kind}", actor, now, {})
    if grants:
        row.on_grant(context, petition)
    _write(context, petition, NoticeName.PETITION_DECIDED)
    return petition


def withdraw(db: Session, city: City, petition_id: int, actor: Actor, now: datetime) -> Petition:
    """The person (or unit) that asked takes it back while nobody has decided."""
    petition = db.get(Petition, petition_id)
    if petition is None:
        raise NotFound(_("没有这个申请。"))
    if not may_withdraw(petition, actor):
        raise NotAllowed(_("只有申请人可以撤回申请。"))
    _take(db, petition, "withdrawn", actor, now, None)
    end_notices(db, petition.ticket_id, [petition_key(petition.id)], now)
    return petition


def askable(ticket: Ticket, actor: Actor) -> list[PetitionKind]:
    """The petitions whose buttons this person sees on this ticket."""
    return [
        row
        for row in PETITIONS.values()
        if row.button and State(ticket.state) in row.at and _may(row.asks, f"ask:{row.name}", ticket, actor)
    ]


def may_decide(db: Session, city: City, petition: Petition, ticket: Ticket, actor: Actor) -> bool:
    return _in_place(petition, ticket, actor) and _not_by(db, city, ticket, petition, actor) is None


def why_not(db: Session, city: City, petition: Petition, ticket: Ticket, actor: Actor) -> str:
    """What stands where the key would be, for somebody whose place it is to decide and who may not decide this one."""
    return (_not_by(db, city, ticket, petition, actor) or "") if _in_place(petition, ticket, actor) else ""


def _in_place(petition: Petition, ticket: Ticket, actor: Actor) -> bool:
    """Whether it waits, and for people like this one."""
    row = PETITIONS.get(petition.kind)
    return row is not None and petition.state == "asked" and _may(row.decides, f"decide:{petition.kind}", ticket, actor)


def _not_by(db: Session, city: City, ticket: Ticket, petition: Petition, actor: Actor) -> str | None:
    """Nobody decides what they asked for themselves, nor what the row keeps from them."""
    row = _kind(petition.kind)
    if row.not_by is not None and (sentence := row.not_by(db, city, ticket, petition, actor)):
        return sentence
    own = petition.asked_by_id is not None and not is_another(db, actor, petition.asked_by_id)
    return _("不能决定自己提出的申请，由别人决定。") if own else None


def _may(places: tuple[Who, ...], what: str, ticket: Ticket, actor: Actor) -> bool:
    return any(may(actor.doing(what), ticket) for may in places)


def may_withdraw(petition: Petition, actor: Actor) -> bool:
    """Whoever asked; colleagues of the unit where only a unit can have asked (never a supervision asked against it)."""
    row = PETITIONS.get(petition.kind)
    by_unit = row is not None and set(row.asks) <= {roles.unit, roles.lead_unit}
    return petition.asked_by_id == actor.id or (by_unit and petition.unit_code in actor.units)


def _take(db: Session, petition: Petition, state: str, actor: Actor, now: datetime, decision: str | None) -> None:
    """One UPDATE names the winner."""
    still_asked = update(Petition).where(Petition.id == petition.id, Petition.state == "asked")
    if (
        changed(
            db,
            still_asked.values(
                state=state, decided_by_id=actor.id, decided_by_name=actor.name, decided_at=now, decision=decision
            ),
        )
        != 1
    ):
        raise OutOfTurn(_("这个申请已经有了决定，请刷新再看。"), code="decided_already")
    db.refresh(petition)


def _write(context: ActionContext, petition: Petition, action: NoticeName) -> None:
    """The story remembers petitions too, and those concerned are told."""
    ticket, actor = context.ticket, context.actor
    event = TicketEvent(
        ticket_id=ticket.id,
        at=context.now,
        action=action,
        from_state=ticket.state,
        to_state=ticket.state,
        round=ticket.round,
        actor_kind=actor.kind,
        actor_id=actor.id,
        actor_name=actor.name,
        actor_unit=actor.unit_code,
        unit_code=ticket.unit_code,
        data=for_the_timeline(
            ticket,
            {
                "kind": petition.kind,
                "state": petition.state,
                "reason": petition.reason,
                "decision": petition.decision,
                "petition_id": petition.id,
                **{name: value for name, value in petition.data.items() if petition.kind != SIGN_OFF},
            },
            (),
            context.now,
        ),
    )
    context.db.add(event)
    context.db.flush()
    leave(context.db, ticket.id, actor, context.now)
    outbox.enqueue(
        context.db,
        JobName.TELL,
        key=f"tell:{event.id}:{action}",
        now=context.now,
        ticket_id=ticket.id,
        event_id=event.id,
        notice=action,
    )
    platforms.publish_decision(context.db, context.city, ticket, event)


def _kind(name: str) -> PetitionKind:
    if name not in PETITIONS:
        raise NotFound(_("没有这种申请。"))
    return PETITIONS[name]
