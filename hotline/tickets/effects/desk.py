"""What the dispatch desk writes: merging, splitting, answering at once, telling the right route, and ruling."""

from __future__ import annotations

from sqlalchemy import select

from hotline.tickets import deadlines, numbers
from hotline.tickets.context import ActionContext
from hotline.tickets.effects.clocks.nearest import show_nearest
from hotline.tickets.mentoring.rules import CORRECTED, PASSED, WAITS, learns
from hotline.tickets.privacy.redact import starred
from models import Precedent, Reply, Staff, Ticket, TicketText


def mark_submitted(context: ActionContext) -> None:
    context.ticket.submitted_at = context.now


def bind(context: ActionContext) -> None:
    context.ticket.binding = context.ticket.must_sign = True


def keep_precedent(context: ActionContext) -> None:
    """A ruling is stored so that the same dispute is not fought twice."""
    ticket = context.ticket
    context.db.add(
        Precedent(
            ticket_id=ticket.id,
            at=context.now,
            category_code=ticket.category_code,
            area=ticket.area,
            unit_code=context.answers["unit"],
            title=starred(ticket, ticket.title),
            reason=starred(ticket, context.answers["reason"]),
            ruled_by_id=context.actor.id,
        )
    )


def merge_into(context: ActionContext) -> None:
    master = context.db.scalars(select(Ticket).where(Ticket.number == context.answers["master"])).one()
    context.ticket.merged_into_id = master.id
    context.notes["master_id"] = master.id


def take_outer_date(context: ActionContext) -> None:
    """A ticket that was merged into this one is due at another platform: of all such dates the earliest rings."""
    until = context.answers["until"]
    deadlines.bring_outer(context, until)
    context.ticket.due_at = min(context.ticket.due_at or until, until)


def move_outer_date(context: ActionContext) -> None:
    """The platform above gave the matter another date, earlier or later: that one rings."""
    context.ticket.outer_due_at = context.answers["until"]
    deadlines.move_outer(context, context.answers["until"])
    show_nearest(context)


def unmerge(context: ActionContext) -> None:
    context.notes["master_id"] = context.ticket.merged_into_id
    context.ticket.merged_into_id = None


def tell_route(context: ActionContext) -> None:
    """What the citizen is told: the agent's own words, or the route's standard advice."""
    if not context.answer("advice"):
        context.notes["advice"] = context.city.routes[context.answers["route"]].advice


def split_off(context: ActionContext) -> None:
    """One call that holds several matters: the new ticket is the same citizen's, with its own unit and clocks."""
    old, new_id = context.ticket, numbers.next_ids(context.db, 1)[0]
    new = Ticket(
        id=new_id,
        number=numbers.number_of(context.city, new_id, context.now),
        state="draft",
        channel=old.channel,
        title=context.answers["title"],
        request_type=old.request_type,
        urgency=old.urgency if old.urgency_by == "person" else "normal",
        urgency_by="person" if old.urgency_by == "person" else None,
        privacy=old.privacy,
        category_code=context.answer("category"),
        area=old.area,
        street=old.street,
        citizen_id=old.citizen_id,
        contact_name=old.contact_name,
        contact_phone=old.contact_phone,
        agent_id=old.agent_id,
        created_at=context.now,
        moved_at=context.now,
        split_from_id=old.id,
    )
    new.text = TicketText(
        body=context.answers["body"],
        place=old.text.place,
        extra={},
        phone_told=old.text.phone_told,
        other_phones=old.text.other_phones,
    )
    context.db.add(new)
    context.db.flush()
    context.notes["part_id"] = new.id
    context.notes["part_number"] = new.number


def answer_now(context: ActionContext) -> None:
    """The agent or dispatcher answers at once: kept as a direct reply, shown to the citizen."""
    if category := context.answer("category"):
        context.ticket.category_code = category
    context.db.add(
        Reply(
            ticket_id=context.ticket.id,
            round=context.ticket.round,
            kind="direct",
            author_id=context.actor.id,
            at=context.now,
            handler=context.actor.name,
            outcome="solved",
            public_answer=context.answers["answer"],
        )
    )
    context.ticket.text.public_answer = context.answers["answer"]


def note_objection_upheld(context: ActionContext) -> None:
    context.ticket.returns += 1


def require_signature(context: ActionContext) -> None:
    context.ticket.must_sign = True


def ask_second_look(context: ActionContext) -> None:
    """What a newcomer takes in is looked at by a colleague: before it is dispatched, or afterwards where it cannot wait."""
    actor = context.actor
    taken_by = context.db.get(Staff, actor.id) if actor.kind == "staff" and actor.id is not None else None
    if learns(taken_by):
        context.ticket.second_look = WAITS
        context.notes["second_look"] = WAITS


def mark_looked_at(context: ActionContext) -> None:
    """Corrected is whatever was changed, and whatever the colleague says was wrong."""
    changed = any(name.endswith("_before") for name in context.notes) or bool(context.answer("place"))
    corrected = changed or context.answer("result") == CORRECTED
    context.ticket.second_look = CORRECTED if corrected else PASSED
