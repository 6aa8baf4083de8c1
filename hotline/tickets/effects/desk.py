"""What the dispatch desk writes: merging, splitting, answering at once, telling the right route, and ruling."""

from __future__ import annotations

from sqlalchemy import select

from classifier.text.extract import mask
from hotline.tickets import deadlines, numbers
from hotline.tickets.context import ActionContext
from models import Precedent, Reply, Ticket, TicketText


def mark_submitted(scene: ActionContext) -> None:
    scene.ticket.submitted_at = scene.now


def bind(scene: ActionContext) -> None:
    scene.ticket.binding = scene.ticket.must_sign = True


def keep_precedent(scene: ActionContext) -> None:
    """A ruling is stored so that the same dispute is not fought twice."""
    ticket = scene.ticket
    scene.db.add(Precedent(
        ticket_id=ticket.id, at=scene.now, category_code=ticket.category_code, area=ticket.area,
        unit_code=scene.answers["unit"], title=mask(ticket.title), reason=mask(scene.answers["reason"]),
        ruled_by_id=scene.actor.id,
    ))


def merge_into(scene: ActionContext) -> None:
    master = scene.db.scalars(select(Ticket).where(Ticket.number == scene.answers["master"])).one()
    scene.ticket.merged_into_id = master.id
    scene.notes["master_id"] = master.id
    if scene.ticket.outer_due_at:
        deadlines.take_outer(scene, master)


def unmerge(scene: ActionContext) -> None:
    scene.notes["master_id"] = scene.ticket.merged_into_id
    scene.ticket.merged_into_id = None


def tell_route(scene: ActionContext) -> None:
    """What the citizen is told: the agent's own words, or the route's standard advice."""
    if not scene.answer("advice"):
        scene.notes["advice"] = scene.city.routes[scene.answers["route"]].advice


def split_off(scene: ActionContext) -> None:
    """One call that holds several matters: the new ticket is the same citizen's, with its own unit and clocks."""
    old = scene.ticket
    new = Ticket(
        number="", query_code=numbers.new_query_code(), state="draft", channel=old.channel, title=scene.answers["title"],
        request_type=old.request_type, urgency=old.urgency, privacy=old.privacy, category_code=scene.answer("category"),
        area=old.area, street=old.street, citizen_id=old.citizen_id, contact_name=old.contact_name,
        contact_phone=old.contact_phone, agent_id=old.agent_id, created_at=scene.now, moved_at=scene.now,
        split_from_id=old.id,
    )
    numbers.give_number(scene.db, scene.city, new, scene.now)
    new.text = TicketText(body=scene.answers["body"], place=old.text.place, extra={})
    scene.db.add(new)
    scene.db.flush()
    scene.notes["part_id"] = new.id
    scene.notes["part_number"] = new.number


def answer_now(scene: ActionContext) -> None:
    """The agent or dispatcher answers at once: kept as a direct reply, shown to the citizen."""
    if category := scene.answer("category"):
        scene.ticket.category_code = category
    scene.db.add(Reply(
        ticket_id=scene.ticket.id, round=scene.ticket.round, kind="direct", author_id=scene.actor.id, at=scene.now,
        handler=scene.actor.name, outcome="solved", public_answer=scene.answers["answer"],
    ))
    scene.ticket.text.public_answer = scene.answers["answer"]


def note_objection_upheld(scene: ActionContext) -> None:
    scene.ticket.returns += 1


def require_signature(scene: ActionContext) -> None:
    scene.ticket.must_sign = True
