"""What judging a reply writes: the review, the answer that is published and the next round."""

from __future__ import annotations

from hotline.errors import Refusal
from hotline.i18n import _
from hotline.review_advice.agreement import keep_judgement
from hotline.tickets.context import ActionContext
from hotline.tickets.effects import Effect
from hotline.tickets.effects.answers import cut_off
from hotline.tickets.replies import last_reply
from hotline.tickets.roles import Role
from hotline.tickets.supervision import open_supervision
from models import Review


def write_review(verdict: str) -> Effect:
    """The reviewer's judgement; a citizen's or supervisor's redo has no reply under review and is a review all the same."""

    def write(scene: ActionContext) -> None:
        ticket = scene.ticket
        reply = last_reply(scene.db, scene.ticket.id) if ticket.replied_at else None
        scene.db.add(Review(
            ticket_id=ticket.id, reply_id=reply.id if reply else None, round=ticket.round, unit_code=ticket.unit_code,
            reviewer_id=scene.actor.id, at=scene.now, verdict=verdict, reasons=scene.answer("reasons") or [],
            checklist=scene.answer("checklist") or {}, note=scene.answer("note"), release=scene.city.release,
        ))
        if reply:
            scene.notes["reply_id"] = reply.id
            if scene.actor.is_(Role.REVIEWER):
                keep_judgement(scene.db, scene.city, ticket, reply, verdict, scene.answer("reasons") or (), scene.actor.id, scene.now)

    return write


def publish_answer(scene: ActionContext) -> None:
    reply = last_reply(scene.db, scene.ticket.id)
    if reply is not None:
        scene.ticket.text.public_answer = reply.public_answer


def start_next_round(scene: ActionContext) -> None:
    """Redo: the unit signs again. Round 3 opens a supervision case and puts the ticket on the discipline list."""
    ticket = scene.ticket
    cut_off(scene)
    ticket.round += 1
    ticket.signed_at = ticket.card = None
    ticket.dissatisfied = ticket.auto_signed = False
    ticket.must_sign = True
    scene.notes["new_round"] = ticket.round
    if ticket.round >= scene.city.policy.redo_rounds_to_supervision:
        ticket.for_discipline = True
        open_supervision(scene.db, ticket, f"R{ticket.round}", scene.now)


def mend_answer(scene: ActionContext) -> None:
    """Only the wording of the public answer; the old wording stays in the story."""
    reply = last_reply(scene.db, scene.ticket.id)
    if reply is None:
        raise Refusal(_("没有可以修改的答复。"))
    scene.notes["before"] = reply.public_answer
    reply.public_answer = scene.answers["public_answer"]
