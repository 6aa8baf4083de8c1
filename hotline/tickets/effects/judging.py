"""What judging a reply writes: the review, the answer that is published and the next round."""

from __future__ import annotations

import hashlib

from hotline.errors import Refusal
from hotline.i18n import _
from hotline.review_advice.agreement import keep_judgement
from hotline.tickets.context import ActionContext
from hotline.tickets.effects import Effect
from hotline.tickets.effects.answers import cut_off
from hotline.tickets.effects.assigning import leave_no_stranger
from hotline.tickets.effects.clocks.overdue import list_for_discipline, open_supervision
from hotline.tickets.reply_rules.known_facts import completed, contradicted, known_facts
from hotline.tickets.reply_rules.replies import last_reply
from hotline.tickets.roles import Role
from models import Review


def write_review(verdict: str) -> Effect:
    """The reviewer's judgement; a citizen's or supervisor's redo has no reply under review and is a review all the same."""

    def write(context: ActionContext) -> None:
        ticket = context.ticket
        reply = last_reply(context.db, context.ticket.id) if ticket.replied_at else None
        known = known_facts(context.db, context.city, ticket, reply) if verdict == "pass" else {}
        if against := contradicted(context.answer("checklist") or {}, known):
            context.notes["against_facts"] = against
        context.db.add(
            Review(
                ticket_id=ticket.id,
                reply_id=reply.id if reply else None,
                round=ticket.round,
                unit_code=ticket.unit_code,
                reviewer_id=context.actor.id,
                at=context.now,
                verdict=verdict,
                reasons=context.answer("reasons") or [],
                checklist=completed(context.answer("checklist") or {}, known),
                at_once=context.answer("at_once"),
                reread=_is_read_again(context, verdict),
                note=context.answer("note"),
                release=context.city.release,
            )
        )
        if reply:
            context.notes["reply_id"] = reply.id
            if context.actor.is_(Role.REVIEWER):
                keep_judgement(
                    context.db,
                    context.city,
                    context.review_models,
                    ticket,
                    reply,
                    verdict,
                    context.answer("reasons") or (),
                    context.actor.id,
                    context.now,
                )

    return write


def _is_read_again(context: ActionContext, verdict: str) -> bool:
    """What was passed against a record is always read by a second person; of the passes that one key answered a share is drawn, and
    nobody can tell beforehand which."""
    if context.notes.get("against_facts"):
        return True
    if verdict != "pass" or not context.answer("at_once"):
        return False
    lot = hashlib.sha256(f"{context.ticket.number}/{context.ticket.round}/{context.now.isoformat()}".encode()).digest()
    return int.from_bytes(lot[:4]) < context.city.policy.reread_share * 2**32


def publish_answer(context: ActionContext) -> None:
    reply = last_reply(context.db, context.ticket.id)
    if reply is not None:
        context.ticket.text.public_answer = reply.public_answer


def start_next_round(context: ActionContext) -> None:
    """Redo: the unit signs again. Round 3 opens a supervision case and puts the ticket on the discipline list."""
    ticket = context.ticket
    cut_off(context)
    leave_no_stranger(context)
    ticket.round += 1
    ticket.signed_at = ticket.card = None
    ticket.dissatisfied = ticket.auto_signed = False
    ticket.must_sign = True
    context.notes["new_round"] = ticket.round
    if ticket.round >= context.city.policy.redo_rounds_to_supervision:
        list_for_discipline(context)
        open_supervision()(context)


def mend_answer(context: ActionContext) -> None:
    """Only the wording of the public answer; the old wording stays in the story."""
    reply = last_reply(context.db, context.ticket.id)
    if reply is None:
        raise Refusal(_("没有可以修改的答复。"), code="no_reply")
    context.notes["before"] = reply.public_answer
    reply.public_answer = context.answers["public_answer"]
