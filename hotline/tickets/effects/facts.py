"""The facts of a ticket when somebody knows better: what changes, what it was before, and what a model learns from it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from hotline.errors import Refusal
from hotline.i18n import _
from hotline.names import one_line
from hotline.tickets import deadlines
from hotline.tickets.context import ActionContext
from hotline.tickets.effects import Effect
from hotline.tickets.effects.clocks.nearest import show_nearest
from hotline.tickets.effects.demands.noticed import unsay
from hotline.tickets.points import kept
from hotline.tickets.points.told import ToldPoint
from models import Correction, Proposal

LIMITING = ("request_type", "urgency")
"""Facts that the limits depend on: running clocks follow them."""


def take_facts(context: ActionContext) -> None:
    ticket: Any = context.ticket
    for name, column in (("category", "category_code"), ("request_type", "request_type"), ("urgency", "urgency")):
        if (value := context.answer(name)) is not None and value != getattr(ticket, column):
            context.notes[f"{name}_before"] = getattr(ticket, column)
            setattr(ticket, column, value)
    if "urgency_before" in context.notes:
        ticket.urgency_by = "person" if context.actor.kind == "staff" else "words"
    if any(f"{name}_before" in context.notes for name in LIMITING):
        deadlines.follow_facts(context)
        show_nearest(context)


def refuse_to_unseal_alone(context: ActionContext) -> None:
    """What protects an informant is lifted by two: one asks, another decides (the petition `unseal`). Raises Refusal."""
    wanted = context.answer("privacy")
    if context.ticket.privacy == "sealed" and wanted not in (None, "", "sealed") and context.actor.kind != "system":
        raise Refusal(_("保密工单不能由一个人解除保密：请“申请解除保密”，由另一个人批准。"), field="privacy")


def correct_facts(context: ActionContext) -> None:
    """Corrections of the facts; what they were before stays in the story."""
    refuse_to_unseal_alone(context)
    take_facts(context)
    ticket = context.ticket
    for name in ("title", "area", "privacy"):
        value = context.answer(name)
        value = one_line(value) if name == "title" and value else value
        if value is not None and value != getattr(ticket, name):
            context.notes[f"{name}_before"] = getattr(ticket, name)
            setattr(ticket, name, value)
    if ticket.privacy == "sealed" and "privacy_before" in context.notes:
        unsay(context.db, ticket)
    if context.answer("place"):
        ticket.text.place = one_line(context.answers["place"])
    _take_point(context)


def _take_point(context: ActionContext) -> None:
    """A new point in the place of the old one; a sealed ticket has none: it would show where an informant lives."""
    told: ToldPoint | None = context.answer("point")
    if context.ticket.privacy == "sealed":
        if told is not None:
            raise Refusal(_("保密工单不在地图上标点，只写区县。"), field="point")
        kept.forget(context.db, [context.ticket.id])
    elif told is not None:
        kept.keep(context.db, context.ticket.id, told, context.now)


def note_correction(source: str) -> Effect:
    """Where a person chose something else than was proposed, keep both: a model learns from it."""

    def note(context: ActionContext) -> None:
        if context.actor.kind != "staff":
            return
        proposal = context.db.scalar(
            select(Proposal).where(Proposal.ticket_id == context.ticket.id).order_by(Proposal.id.desc()).limit(1)
        )
        if proposal is None:
            return
        chosen = {
            "unit": context.answer("unit"),
            "category": context.answer("category"),
            "request_type": context.answer("request_type"),
            "urgency": context.answer("urgency"),
        }
        proposed = {
            "unit": proposal.unit_code,
            "category": proposal.category_code,
            "request_type": proposal.request_type,
            "urgency": proposal.urgency,
        }
        for about, value in chosen.items():
            if value and value != proposed[about]:
                context.db.add(
                    Correction(
                        ticket_id=context.ticket.id,
                        proposal_id=proposal.id,
                        at=context.now,
                        staff_id=context.actor.id,
                        about=about,
                        source=source,
                        proposed=proposed[about],
                        chosen=value,
                        note=context.answer("note"),
                    )
                )

    return note
