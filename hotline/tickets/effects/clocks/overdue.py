"""What an overrun limit and used-up rounds write: the card, the discipline body's list, and the supervision case."""

from __future__ import annotations

from hotline.tickets.context import ActionContext
from hotline.tickets.effects import Effect
from hotline.tickets.effects.demands import directing
from models import Petition

DEMANDED = "{why}：请报送办理情况、未按时办结的原因和整改措施。"
"""What a case that the rules open demands; a record of the city in its own language, as everything that is written down."""


def give_card(colour: str) -> Effect:
    def give(context: ActionContext) -> None:
        context.ticket.card = colour

    return give


def list_for_discipline(context: ActionContext) -> None:
    """The discipline body reads of it; the story says since when."""
    context.notes["for_discipline"] = not context.ticket.for_discipline
    context.ticket.for_discipline = True


def open_supervision(cause: str = "") -> Effect:
    """The rules themselves open a case; a second one beside an open one is not needed.

    cause: red (the first overdue day of the unit's limit); without one it is the round the ticket has come to.
    """

    def open_case(context: ActionContext) -> None:
        ticket = context.ticket
        if ticket.supervised:
            return
        why = "办理期限逾期" if cause == "red" else f"退回重办，进入第{ticket.round}轮"
        made = directing.open_case(context, DEMANDED.format(why=why))
        context.notes |= {"supervised": True, "text": made.asked}
        context.db.add(
            Petition(
                ticket_id=ticket.id,
                kind="supervision",
                state="granted",
                round=ticket.round,
                unit_code=ticket.unit_code,
                asked_by_name="系统",
                asked_at=context.now,
                reason=why,
                decided_by_name="系统",
                decided_at=context.now,
                data={"cause": cause or f"R{ticket.round}"},
            )
        )

    return open_case
