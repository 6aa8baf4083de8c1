"""Which units have the ticket: who leads, who helps, to whom it was passed on, and who has left it."""

from __future__ import annotations

from hotline.tickets.context import ActionContext
from hotline.tickets.effects import Effect
from hotline.tickets.effects.asking import stop_asking
from hotline.tickets.effects.facts import take_facts
from models import Assignment


def assign_units(scene: ActionContext) -> None:
    """Put the lead unit and its helpers in charge; facts the dispatcher changed go onto the ticket."""
    ticket, lead = scene.ticket, scene.answers["unit"]
    stop_asking(scene)
    end_assignments(scene, "replaced")
    ticket.unit_code = ticket.desk_code = lead
    ticket.dispatched_at = ticket.dispatched_at or scene.now
    ticket.signed_at = None
    ticket.must_sign = ticket.auto_signed = False
    ticket.auto_dispatched = scene.actor.kind == "clock"
    take_facts(scene)
    _add_assignment(scene, lead, "lead")
    for unit in scene.answer("helpers") or ():
        _add_assignment(scene, unit, "helper")


def release_units(reason: str) -> Effect:
    """The units leave the ticket: it was recalled, or their objection was upheld."""

    def release(scene: ActionContext) -> None:
        end_assignments(scene, reason)
        ticket = scene.ticket
        ticket.unit_code = ticket.desk_code = None
        ticket.signed_at = None
        ticket.must_sign = ticket.binding = ticket.auto_signed = False

    return release


def delegate_to(scene: ActionContext) -> None:
    _end_sub_units(scene, "replaced")
    scene.ticket.desk_code = scene.answers["unit"]
    _add_assignment(scene, scene.answers["unit"], "sub")


def take_back(scene: ActionContext) -> None:
    _end_sub_units(scene, "taken_back")
    scene.ticket.desk_code = scene.ticket.unit_code


def active_assignments(scene: ActionContext) -> list[Assignment]:
    return [held for held in scene.ticket.assignments if held.ended_at is None]


def end_assignments(scene: ActionContext, reason: str) -> None:
    for held in active_assignments(scene):
        held.ended_at, held.end_reason = scene.now, reason


def _end_sub_units(scene: ActionContext, reason: str) -> None:
    for held in active_assignments(scene):
        if held.part == "sub":
            held.ended_at, held.end_reason = scene.now, reason


def _add_assignment(scene: ActionContext, unit: str, part: str) -> None:
    scene.ticket.assignments.append(Assignment(
        unit_code=unit, part=part, round=scene.ticket.round, started_at=scene.now, note=scene.answer("note")))
