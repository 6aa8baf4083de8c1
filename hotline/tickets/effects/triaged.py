"""What the program found in the words of a ticket: only what nobody has stated yet, and never less than was known.

How urgent a matter is decides its clocks. So the words are heard in the very act that brings them, before any clock
starts; a model, and many citizens with one matter, may raise it later. What a person said stands.
"""

from __future__ import annotations

from collections.abc import Sequence

from classifier.suggestion import LIFE
from classifier.text import cues
from classifier.text.words import normalise
from hotline.tickets import deadlines
from hotline.tickets.context import ActionContext
from hotline.tickets.effects.clocks.nearest import show_nearest
from hotline.tickets.vocabulary import URGENCIES

NAMED = 4


def take_place(context: ActionContext) -> None:
    """The district and street of the text, where the ticket has none."""
    ticket = context.ticket
    ticket.area = ticket.area or context.answer("area")
    ticket.street = ticket.street or context.answer("street")


def mark_safety(context: ActionContext) -> None:
    """From now on a person must look: what may endanger anybody is never dispatched by the clock."""
    context.ticket.safety = True


def hear_request(context: ActionContext) -> None:
    """The request as it comes in; its clocks start after this."""
    ticket = context.ticket
    _hear(context, f"{ticket.title}\n{ticket.text.body}")


def hear_more(context: ActionContext) -> None:
    """What the citizen adds, whoever has the ticket by now; clocks that run follow."""
    before = context.ticket.urgency
    context.ticket.safety = _hear(context, context.answer("text") or "") or context.ticket.safety
    if context.ticket.urgency != before:
        deadlines.follow_facts(context)
        show_nearest(context)


def raise_urgency(context: ActionContext) -> None:
    ticket = context.ticket
    context.notes["urgency_before"] = ticket.urgency
    ticket.urgency, ticket.urgency_by = context.answers["urgency"], context.answers["by"]
    deadlines.follow_facts(context)
    show_nearest(context)
    if ticket.urgency == "critical" and not ticket.quiet:
        ticket.alarm_at = ticket.alarm_at or context.now


def take_alarm(context: ActionContext) -> None:
    """Somebody looks after it: the alarm is silent everywhere, and the story says who took it and when it had begun."""
    context.notes["alarm_since"] = context.ticket.alarm_at
    context.ticket.alarm_at = None


def _hear(context: ActionContext, text: str) -> bool:
    """Urgency as the words say, unless a person has said; whether somebody may die, and then the alarm stands."""
    ticket, clean = context.ticket, normalise(text)
    urgency, words = cues.urgency(clean)
    if ticket.urgency_by != "person" and _rank(urgency) > _rank(ticket.urgency):
        ticket.urgency, ticket.urgency_by = urgency, "words"
        context.notes["urgency_heard"], context.notes["heard"] = urgency, _longest(words)[:NAMED]
    danger = any(one.code in LIFE for one in cues.safety(clean))
    if danger and not ticket.quiet:
        ticket.alarm_at = context.now
    return danger


def _rank(urgency: str) -> int:
    return list(URGENCIES).index(urgency)


def _longest(words: Sequence[str]) -> list[str]:
    """Of words that were seen one within the other only the longer: the reader is told each thing once."""
    return [one for one in words if not any(one != other and one in other for other in words)]
