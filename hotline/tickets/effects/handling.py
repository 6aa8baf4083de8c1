"""What a unit writes: signing, first contact, progress, its reply, and waiting until an agreed day."""

from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

from hotline.tickets import deadlines
from hotline.tickets.context import ActionContext
from hotline.tickets.effects.assigning import active_assignments
from hotline.tickets.effects.promising import note_promises
from hotline.tickets.names import ClockName as Clock
from hotline.tickets.reply_rules.signing import needs_sign_off, signature, signed_own
from models import Reply


def mark_signed(context: ActionContext) -> None:
    context.ticket.signed_at = context.now


def mark_auto_signed(context: ActionContext) -> None:
    context.ticket.auto_signed = True


def count_return(context: ActionContext) -> None:
    context.notes["unit"] = context.ticket.unit_code


def mark_contacted(context: ActionContext) -> None:
    """A try that did not reach the citizen is written down, and the clock of the first contact goes on."""
    if context.answer("reached") is False:
        context.keeps = frozenset({Clock.CONTACT})
    else:
        context.ticket.contacted_at = context.ticket.contacted_at or context.now


def write_interim(context: ActionContext) -> None:
    interim = Reply(
        ticket_id=context.ticket.id,
        round=context.ticket.round,
        kind="interim",
        unit_code=context.ticket.unit_code,
        author_id=context.actor.id,
        at=context.now,
        handler=context.actor.name,
        public_answer=context.answers["answer"],
    )
    context.db.add(interim)
    context.db.flush()
    note_promises(context, interim)


def write_report(context: ActionContext) -> None:
    for held in active_assignments(context):
        if held.part in ("helper", "sub") and held.unit_code in context.actor.units:
            held.report, held.reported_at = context.answers["report"], context.now


def write_reply(context: ActionContext) -> None:
    """The structured reply of this round; a warning that it was nearly late is done with.

    The ticket's public answer changes only when a reviewer passes it.
    """
    asked = context.answers
    names = (
        "truth",
        "contacted",
        "contact_how",
        "contacted_at",
        "no_contact_reason",
        "answered_citizen",
        "facts",
        "measures",
        "outcome",
        "outcome_reason",
        "legal_basis",
        "handler",
        "helpers_note",
        "public_answer",
    )
    reply = Reply(
        ticket_id=context.ticket.id,
        round=context.ticket.round,
        kind="final",
        unit_code=context.ticket.unit_code,
        author_id=context.actor.id,
        at=context.now,
        beyond_duty=bool(asked.get("beyond_duty")),
        beyond_kind=asked.get("beyond_kind") if asked.get("beyond_duty") else None,
        answered_at=(asked.get("answered_at") or context.now) if asked.get("answered_citizen") else None,
        **{name: asked.get(name) for name in names},
    )
    if (signed := signature(context)) is not None:
        reply.signed_by_id, reply.signed_off_by, reply.signed_at = signed.id, signed.name, context.now
        if signed_own(reply) and needs_sign_off(context.ticket):
            context.notes["own_signature"] = True
    context.db.add(reply)
    context.db.flush()
    note_promises(context, reply)
    context.answers = {"reply_id": reply.id, "outcome": asked.get("outcome"), "answered_at": reply.answered_at}
    context.ticket.replied_at = context.now
    if context.ticket.card == "yellow":
        context.ticket.card = None
    if asked.get("contacted"):
        context.ticket.contacted_at = context.ticket.contacted_at or asked.get("contacted_at")


def start_waiting(context: ActionContext) -> None:
    """Until the agreed day the reply clocks stand still; the interval and its reason are kept."""
    zone = ZoneInfo(context.city.timezone)
    context.ticket.wait_until = datetime.combine(context.answers["until"], time(9), zone)
    deadlines.pause(context, deadlines.WORK, "wait")


def stop_waiting(context: ActionContext) -> None:
    context.ticket.wait_until = None
    deadlines.resume(context, deadlines.WORK)
