"""What a unit writes: signing, first contact, progress, its reply, and waiting until an agreed day."""

from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

from hotline.tickets import deadlines
from hotline.tickets.context import ActionContext
from hotline.tickets.effects.assigning import active_assignments
from models import Reply


def mark_signed(scene: ActionContext) -> None:
    scene.ticket.signed_at = scene.now


def mark_auto_signed(scene: ActionContext) -> None:
    scene.ticket.auto_signed = True


def count_return(scene: ActionContext) -> None:
    scene.notes["unit"] = scene.ticket.unit_code


def mark_contacted(scene: ActionContext) -> None:
    """A try that did not reach the citizen is written down, and the clock of the first contact goes on."""
    if scene.answer("reached") is False:
        scene.keeps = frozenset({"contact"})
    else:
        scene.ticket.contacted_at = scene.ticket.contacted_at or scene.now


def write_interim(scene: ActionContext) -> None:
    scene.db.add(Reply(
        ticket_id=scene.ticket.id, round=scene.ticket.round, kind="interim", unit_code=scene.ticket.unit_code,
        author_id=scene.actor.id, at=scene.now, handler=scene.actor.name, public_answer=scene.answers["answer"],
    ))


def write_report(scene: ActionContext) -> None:
    for held in active_assignments(scene):
        if held.part != "lead" and held.unit_code in scene.actor.units:
            held.report, held.reported_at = scene.answers["report"], scene.now


def write_reply(scene: ActionContext) -> None:
    """The structured reply of this round; a warning that it was nearly late is done with.

    The ticket's public answer changes only when a reviewer passes it.
    """
    asked = scene.answers
    names = ("truth", "contacted", "contact_how", "contacted_at", "no_contact_reason", "answered_citizen", "facts",
             "measures", "outcome", "outcome_reason", "legal_basis", "handler", "signed_off_by", "public_answer")
    reply = Reply(
        ticket_id=scene.ticket.id, round=scene.ticket.round, kind="final", unit_code=scene.ticket.unit_code,
        author_id=scene.actor.id, at=scene.now, beyond_duty=bool(asked.get("beyond_duty")),
        beyond_kind=asked.get("beyond_kind") if asked.get("beyond_duty") else None,
        answered_at=(asked.get("answered_at") or scene.now) if asked.get("answered_citizen") else None,
        **{name: asked.get(name) for name in names},
    )
    scene.db.add(reply)
    scene.db.flush()
    scene.answers = {"reply_id": reply.id, "outcome": asked.get("outcome"), "answered_at": reply.answered_at}
    scene.ticket.replied_at = scene.now
    if scene.ticket.card == "yellow":
        scene.ticket.card = None
    if asked.get("contacted"):
        scene.ticket.contacted_at = scene.ticket.contacted_at or asked.get("contacted_at")


def start_waiting(scene: ActionContext) -> None:
    """Until the agreed day the reply clocks stand still; the interval and its reason are kept."""
    zone = ZoneInfo(scene.city.timezone)
    scene.ticket.wait_until = datetime.combine(scene.answers["until"], time(9), zone)
    deadlines.pause(scene, ("reply", "redo"), "wait")


def stop_waiting(scene: ActionContext) -> None:
    scene.ticket.wait_until = None
    deadlines.resume(scene, ("reply", "redo"))
