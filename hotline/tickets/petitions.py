"""Petitions, the second table: somebody asks, somebody else decides, and the ticket does not move meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from hotline import outbox
from hotline.city.schema import City
from hotline.errors import NotAllowed, NotFound, OutOfTurn, Refusal
from hotline.i18n import N_, _
from hotline.tickets import deadlines, guards, roles
from hotline.tickets.act import act, lock
from hotline.tickets.actions import REASON
from hotline.tickets.citizens import platforms
from hotline.tickets.context import ActionContext
from hotline.tickets.effects import granted
from hotline.tickets.effects.demands.noticed import end_notices, petition_key
from hotline.tickets.fields import Field, clean
from hotline.tickets.lifecycle import MOVES
from hotline.tickets.names import ActionName, JobName, NoticeName
from hotline.tickets.privacy.story import for_the_timeline
from hotline.tickets.reply_rules import signing
from hotline.tickets.reply_rules.forms import REPLY_FIELDS
from hotline.tickets.reply_rules.signing import SIGN_OFF
from hotline.tickets.roles import SYSTEM, Actor, Role, Who, actor_of
from hotline.tickets.states import SUBMITTED, WITH_UNIT, State
from models import Attachment, Petition, Staff, Ticket, TicketEvent
from models.store.db import changed

Grant = Callable[[ActionContext, Petition], None]
PetitionGuard = Callable[[ActionContext], str | None]


def _close_for_good(context: ActionContext, petition: Petition) -> None:
    """Done by the program once it is granted: no person's hand reaches this row of the table."""
    act(context.db, context.city, context.ticket, ActionName.FINAL_CLOSE, SYSTEM, context.now)


def _wait_as_decided(context: ActionContext, petition: Petition) -> None:
    """The unit waits by the decision of another, until the day for which it asked."""
    said = {"until": petition.data["until"], "reason": petition.reason}
    act(context.db, context.city, context.ticket, ActionName.WAIT, SYSTEM, context.now, said)


def _split_as_asked(context: ActionContext, petition: Petition) -> None:
    said = {name: petition.data[name] for name in ("title", "body")}
    act(context.db, context.city, context.ticket, ActionName.SPLIT, SYSTEM, context.now, said)


def _unseal(context: ActionContext, petition: Petition) -> None:
    act(context.db, context.city, context.ticket, ActionName.CORRECT, SYSTEM, context.now, {"privacy": "masked"})


def _reply_as_signed(context: ActionContext, petition: Petition) -> None:
    """The reply goes on as its author wrote it, with the files that came with it."""
    asker = actor_of(context.db.get_one(Staff, petition.asked_by_id), context.city)
    said = petition.data["answers"]
    event = act(context.db, context.city, context.ticket, ActionName.REPLY, asker, context.now, said)
    files = update(Attachment).where(
        Attachment.id.in_(petition.data.get("files", ())), Attachment.ticket_id == context.ticket.id
    )
    context.db.execute(files.values(reply_id=event.data["reply_id"]))


def not_sealed(context: ActionContext) -> str | None:
    return None if context.ticket.privacy == "sealed" else _("这张工单不是保密工单。")


def already_supervised(context: ActionContext) -> str | None:
    return _("这张工单已在督办中。") if context.ticket.supervised else None


@dataclass(frozen=True)
class PetitionKind:
    """One row: who asks, who decides, in which states, what a grant changes, and who is told.

    button: false for what is asked by another form (a reply that must be signed is asked by the form of the reply).
    """

    name: str
    label: str
    hint: str
    at: frozenset[State]
    asks: tuple[Who, ...]
    decides: tuple[Who, ...]
    on_grant: Grant
    unless: tuple[PetitionGuard, ...] = ()
    fields: tuple[Field, ...] = (REASON,)
    button: bool = True


_REPLY = next(move for move in MOVES if move.action == ActionName.REPLY)
"""What stands in the way of a reply is said before it is sent to be signed: the signer could not mend it."""

PETITIONS: dict[str, PetitionKind] = {
    k.name: k
    for k in (
        PetitionKind(
            "extension",
            N_("申请延期"),
            N_("确需更长时间，须在到期前申请"),
            WITH_UNIT,
            (roles.unit,),
            (roles.dispatcher, roles.supervisor),
            granted.give_more_time,
            unless=(deadlines.too_many_extensions, deadlines.no_clock_to_extend, deadlines.longer_than_allowed),
            fields=(
                Field("days", N_("延长几个工作日"), "count", required=False, hint=N_("不填按本市的上限")),
                REASON,
            ),
        ),
        PetitionKind(
            "split",
            N_("申请拆分"),
            N_("一张工单里有两件事，其中一件不归本单位"),
            WITH_UNIT,
            (roles.unit,),
            (roles.dispatcher, roles.supervisor),
            _split_as_asked,
            fields=(Field("title", N_("新工单标题"), "text"), Field("body", N_("新工单内容"), "long"), REASON),
        ),
        PetitionKind(
            "wait",
            N_("申请长期跟进"),
            N_("要等几天以上才能继续的，写明步骤、责任人和日期；同意后答复时限暂停到那一天"),
            frozenset({State.HANDLING}),
            (roles.unit,),
            (roles.dispatcher, roles.supervisor),
            _wait_as_decided,
            unless=(guards.waits_too_long,),
            fields=(Field("until", N_("跟进日期"), "day"), REASON),
        ),
        PetitionKind(
            SIGN_OFF,
            N_("送签发"),
            N_("答复须由单位负责人签发，或须经主办单位同意"),
            frozenset({State.HANDLING}),
            (roles.unit,),
            (signing.may_pass_on,),
            _reply_as_signed,
            unless=(signing.signs_alone, *(one for one in _REPLY.unless if one is not signing.not_signed_off)),
            fields=REPLY_FIELDS,
            button=False,
        ),
        PetitionKind(
            "exclusion",
            N_("申请剔除统计"),
            N_("不可抗力等原因，不计入考核；市民已经作出的评价照样计入"),
            frozenset(State) - {State.DRAFT},
            (roles.unit,),
            (roles.supervisor, roles.head),
            granted.exclude,
        ),
        PetitionKind(
            "supervision",
            N_("申请督办"),
            N_("久拖不决或推诿，请督办员介入"),
            SUBMITTED,
            (roles.reviewer, roles.follow_up, roles.dispatcher, roles.lead_agent, roles.head, roles.city_leader),
            (roles.supervisor,),
            granted.supervise,
            unless=(already_supervised,),
        ),
        PetitionKind(
            "interview",
            N_("申请媒体采访"),
            N_("请媒体跟进报道"),
            frozenset(State) - {State.DRAFT},
            (roles.media, roles.supervisor),
            (roles.head,),
            granted.interview,
        ),
        PetitionKind(
            "unseal",
            N_("申请解除保密"),
            N_("举报人同意公开，或并非举报"),
            frozenset(State) - {State.DRAFT},
            (roles.dispatcher, roles.reviewer, roles.supervisor, roles.head),
            (roles.supervisor, roles.head),
            _unseal,
            unless=(not_sealed,),
        ),
        PetitionKind(
            "final_close",
            N_("申请终结"),
            N_("诉求已依法办理完毕而市民仍不认可"),
            WITH_UNIT | {State.IN_DISPUTE},
            (roles.lead_unit, roles.supervisor),
            (roles.head,),
            _close_for_good,
        ),
    )
}


DECIDERS: dict[Who, Role] = {
    roles.dispatcher: Role.DISPATCHER,
    roles.supervisor: Role.SUPERVISOR,
    roles.head: Role.HEAD,
    signing.may_pass_on: Role.UNIT_LEADER,
}
"""Whom a predicate of the column `decides` speaks of."""


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
    if petition.asked_by_id is not None and petition.asked_by_id == actor.id:
        raise NotAllowed(_("不能决定自己提出的申请。"), code="own_petition")
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


def may_decide(petition: Petition, ticket: Ticket, actor: Actor) -> bool:
    if petition.state != "asked" or petition.asked_by_id == actor.id:
        return False
    return _may(PETITIONS[petition.kind].decides, f"decide:{petition.kind}", ticket, actor)


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
