"""A broken rule is taken back by a person, with a reason; the act stands in the history, from which the table can be made anew."""

from __future__ import annotations

from hotline.i18n import _
from hotline.tickets.context import ActionContext
from hotline.tickets.privacy.story import for_the_timeline
from models import Violation


def no_such_violation(context: ActionContext) -> str | None:
    found = _named(context)
    if found is None or found.lapsed_at is not None:
        return _("这张工单没有这条违规记录。")
    return _("这条违规记录已经撤销。") if found.withdrawn_at is not None else None


def take_back(context: ActionContext) -> None:
    """It counts no more from now on."""
    found = _named(context)
    assert found is not None  # the guard `no_such_violation` has seen to that
    found.withdrawn_at, found.withdrawn_by_name = context.now, context.actor.name
    said = for_the_timeline(context.ticket, {"reason": context.answers["reason"]}, (), context.now)
    found.reason = str(said["reason"])
    context.notes |= {"rule": found.rule, "key": found.key}


def _named(context: ActionContext) -> Violation | None:
    found = context.db.get(Violation, context.answer("violation") or 0)
    return found if found is not None and found.ticket_id == context.ticket.id else None
