"""How a ticket ends, lives on without its own citizen, and begins anew."""

from __future__ import annotations

from sqlalchemy import update

from hotline.i18n import _
from hotline.tickets.context import ActionContext
from hotline.tickets.effects import Effect
from hotline.tickets.effects.assigning import end_assignments
from models import Petition

MOOT = ("extension", "supervision", "final_close")
"""Petitions about work still to be done: when it is done there is nothing left to decide."""


def close_as(kind: str) -> Effect:
    """The ticket is closed for this reason (direct, rated, final, withdrawn, merged …)."""

    def close(scene: ActionContext) -> None:
        scene.ticket.close_kind = kind
        _put_down(scene)

    return close


def close_by_answers(scene: ActionContext) -> None:
    """Closed when the time to answer is over; `note_silence` has said whether anybody rated it."""
    _put_down(scene)


def lapse(*kinds: str) -> Effect:
    """Open petitions of these kinds lapse, so that nobody decides what no longer waits."""

    def lapse_them(scene: ActionContext) -> None:
        scene.db.execute(update(Petition).where(
            Petition.ticket_id == scene.ticket.id, Petition.state == "asked", Petition.kind.in_(kinds)).values(
                state="withdrawn", decided_by_name="系统", decided_at=scene.now, decision=_("工单已往前走，申请自动撤回")))

    return lapse_them


def mark_left(scene: ActionContext) -> None:
    """The ticket's own citizen withdraws and the others stay: nobody closes their matter for them."""
    scene.ticket.left_at = scene.now


def leave_master(scene: ActionContext) -> None:
    """A merged citizen withdraws alone; the master, which lives on for the others, hears of it after the commit."""
    if scene.ticket.state == "merged":
        scene.notes["master_id"] = scene.ticket.merged_into_id


def start_over(scene: ActionContext) -> None:
    """A reopened ticket goes to the dispatch desk with the old units released; where a unit had it, in a new round."""
    ticket = scene.ticket
    end_assignments(scene, "reopened")
    ticket.round += ticket.dispatched_at is not None
    ticket.merged_into_id = None
    ticket.unit_code = ticket.desk_code = ticket.card = None
    ticket.dissatisfied = ticket.binding = ticket.must_sign = ticket.auto_signed = False


def count_urge(scene: ActionContext) -> None:
    scene.ticket.urges += 1
    scene.ticket.quiet = False


def _put_down(scene: ActionContext) -> None:
    scene.ticket.asking_more = False
    scene.ticket.wait_until = None
    lapse(*MOOT)(scene)
