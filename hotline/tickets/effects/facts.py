"""The facts of a ticket when somebody knows better: what changes, what it was before, and what a model learns from it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from hotline.tickets import deadlines
from hotline.tickets.context import ActionContext
from hotline.tickets.effects import Effect
from models import Correction, Proposal

LIMITING = ("request_type", "urgency")
"""Facts that the limits depend on: running clocks follow them."""


def take_facts(scene: ActionContext) -> None:
    ticket: Any = scene.ticket
    for name, column in (("category", "category_code"), ("request_type", "request_type"), ("urgency", "urgency")):
        if (value := scene.answer(name)) is not None and value != getattr(ticket, column):
            scene.notes[f"{name}_before"] = getattr(ticket, column)
            setattr(ticket, column, value)
    if any(f"{name}_before" in scene.notes for name in LIMITING):
        deadlines.follow_facts(scene)


def correct_facts(scene: ActionContext) -> None:
    """Corrections of the facts; what they were before stays in the story."""
    take_facts(scene)
    ticket = scene.ticket
    for name in ("title", "area", "privacy"):
        if (value := scene.answer(name)) is not None and value != getattr(ticket, name):
            scene.notes[f"{name}_before"] = getattr(ticket, name)
            setattr(ticket, name, value)
    if scene.answer("place"):
        ticket.text.place = scene.answers["place"]


def note_correction(source: str) -> Effect:
    """Where a person chose something else than was proposed, keep both: a model learns from it."""

    def note(scene: ActionContext) -> None:
        if scene.actor.kind != "staff":
            return
        proposal = scene.db.scalar(select(Proposal).where(Proposal.ticket_id == scene.ticket.id)
                                   .order_by(Proposal.id.desc()).limit(1))
        if proposal is None:
            return
        chosen = {"unit": scene.answer("unit"), "category": scene.answer("category"),
                  "request_type": scene.answer("request_type"), "urgency": scene.answer("urgency")}
        proposed = {"unit": proposal.unit_code, "category": proposal.category_code,
                    "request_type": proposal.request_type, "urgency": proposal.urgency}
        for about, value in chosen.items():
            if value and value != proposed[about]:
                scene.db.add(Correction(
                    ticket_id=scene.ticket.id, proposal_id=proposal.id, at=scene.now, staff_id=scene.actor.id,
                    about=about, source=source, proposed=proposed[about], chosen=value, note=scene.answer("note")))

    return note
