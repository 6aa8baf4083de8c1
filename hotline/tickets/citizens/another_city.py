"""What stands in the way of handing a matter to another city of the province."""

from __future__ import annotations

from hotline.city.cells.neighbours import cell_of
from hotline.i18n import _
from hotline.tickets.context import ActionContext


def sealed_without_words(context: ActionContext) -> str | None:
    """A sealed matter leaves only in words that a person wrote for others: without them nothing would arrive there."""
    ticket = context.ticket
    if ticket.privacy != "sealed" or ticket.text.unit_words or not cell_of(str(context.answer("body") or "")):
        return None
    return _("保密工单移交外市，请先写好给对方看的文字：对方只看到这一版。")


def came_from_there(context: ActionContext) -> str | None:
    """Whose it is not says so by declining it, with the reason; sent back as a new matter it would go round for ever."""
    if not context.ticket.outer_source or context.ticket.outer_source != context.answer("body"):
        return None
    return _("这件事是那里转来的。不属于本市的，请不予受理并写明理由，对方会知道。")
