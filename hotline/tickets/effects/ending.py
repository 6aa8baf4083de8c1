"""How a ticket ends, lives on without its own citizen, and begins anew."""

from __future__ import annotations

from sqlalchemy import update

from hotline.i18n import _
from hotline.tickets.context import ActionContext
from hotline.tickets.effects import Effect
from hotline.tickets.effects.assigning import end_assignments
from hotline.tickets.effects.demands.directing import end_urges
from models import Petition

MOOT = ("extension", "wait", "supervision", "final_close")
"""Petitions about work still to be done: when it is done there is nothing left to decide."""


def close_as(kind: str) -> Effect:
    """The ticket is closed for this reason (direct, rated, final, withdrawn, merged …)."""

    def close(context: ActionContext) -> None:
        context.ticket.close_kind = kind
        _put_down(context)

    return close


def close_by_answers(context: ActionContext) -> None:
    """Closed when the time to answer is over; `note_silence` has said whether anybody rated it."""
    _put_down(context)


def lapse(*kinds: str) -> Effect:
    """Open petitions of these kinds lapse, so that nobody decides what no longer waits."""

    def lapse_them(context: ActionContext) -> None:
        context.db.execute(
            update(Petition)
            .where(Petition.ticket_id == context.ticket.id, Petition.state == "asked", Petition.kind.in_(kinds))
            .values(
                state="withdrawn",
                decided_by_name="系统",
                decided_at=context.now,
                decision=_("工单已往前走，申请自动撤回"),
            )
        )

    return lapse_them


def mark_left(context: ActionContext) -> None:
    """The ticket's own citizen withdraws and the others stay: nobody closes their matter for them."""
    context.ticket.left_at = context.now


def leave_master(context: ActionContext) -> None:
    """A merged citizen withdraws alone; the master, which lives on for the others, hears of it after the commit."""
    if context.ticket.state == "merged":
        context.notes["master_id"] = context.ticket.merged_into_id


def start_over(context: ActionContext) -> None:
    """A reopened ticket goes to the dispatch desk with the old units released; where a unit had it, in a new round.

    Nobody has spoken with the citizen in the new round yet.
    """
    ticket = context.ticket
    end_assignments(context, "reopened")
    ticket.round += ticket.dispatched_at is not None
    ticket.merged_into_id = ticket.contacted_at = None
    ticket.unit_code = ticket.desk_code = ticket.card = None
    ticket.dissatisfied = ticket.binding = ticket.must_sign = ticket.auto_signed = False


def count_urge(context: ActionContext) -> None:
    context.ticket.urges += 1
    context.ticket.quiet = False


def _put_down(context: ActionContext) -> None:
    context.ticket.asking_more = False
    context.ticket.wait_until = None
    lapse(*MOOT)(context)
    end_urges(context)
