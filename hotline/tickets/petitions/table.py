"""Which petitions there are: who asks, who decides, in which states, and what a grant changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import update
from sqlalchemy.orm import Session

from hotline.city.schema import City
from hotline.i18n import N_, _
from hotline.tickets import deadlines, guards, roles
from hotline.tickets.act import act
from hotline.tickets.actions import REASON
from hotline.tickets.context import ActionContext
from hotline.tickets.effects import granted
from hotline.tickets.fields import Field
from hotline.tickets.lifecycle import MOVES
from hotline.tickets.names import ActionName
from hotline.tickets.reply_rules import signing
from hotline.tickets.reply_rules.forms import REPLY_FIELDS
from hotline.tickets.reply_rules.signers import SIGN_OFF
from hotline.tickets.roles import SYSTEM, Actor, Role, Who, actor_of
from hotline.tickets.states import SUBMITTED, WITH_UNIT, State
from models import Attachment, Petition, Staff, Ticket

Grant = Callable[[ActionContext, Petition], None]
PetitionGuard = Callable[[ActionContext], str | None]
Hinder = Callable[[Session, City, Ticket, Petition, Actor], str | None]


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
    not_by: why a person of the right place does not decide this one.
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
    not_by: Hinder | None = None


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
            not_by=signing.wrote_it,
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
