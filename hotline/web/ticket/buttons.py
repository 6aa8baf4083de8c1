"""The buttons of one ticket: what a person may press now, the most wanted first; what would surely be refused is not offered."""

from __future__ import annotations

from collections.abc import Callable, Collection

from hotline.tickets.act import possible
from hotline.tickets.lifecycle import ACTIONS, Move
from hotline.tickets.petitions import PetitionKind, askable
from hotline.tickets.reply_rules.assisting import silent_helpers, unsigned_for
from hotline.tickets.roles import Actor
from models import Ticket


def _never(ticket: Ticket, actor: Actor) -> bool:
    return False


def _takes_no_texts(ticket: Ticket, actor: Actor) -> bool:
    return ticket.citizen is None or ticket.citizen.no_texts


POINTLESS: dict[str, Callable[[Ticket, Actor], bool]] = {
    "take_back": lambda ticket, actor: ticket.desk_code == ticket.unit_code,
    "object": lambda ticket, actor: ticket.must_sign or ticket.binding,
    "ask_more": lambda ticket, actor: ticket.asking_more,
    "sign_help": lambda ticket, actor: not unsigned_for(actor, ticket),
    "remind_helpers": lambda ticket, actor: not silent_helpers(ticket),
    "texts_off": _takes_no_texts,
    "renew_code": _takes_no_texts,
    "texts_on": lambda ticket, actor: not _takes_no_texts(ticket, actor),
}
"""Buttons that a guard would surely refuse, as the ticket's own row already tells."""


def buttons(
    ticket: Ticket, actor: Actor, to_judge: bool, asked: Collection[str] = ()
) -> tuple[list[Move | PetitionKind], list[Move | PetitionKind]]:
    """What is pressed most stands open; the rest is one step away. Moves of the ticket come before notes and petitions.

    to_judge: a citizen's answer of this round waits for a judgement. asked: kinds of petitions that wait, which nobody asks twice.
    """
    moves = [
        move
        for move in possible(ticket, actor)
        if not POINTLESS.get(move.action, _never)(ticket, actor) and (to_judge or move.action != "close_judged")
    ]
    ranked = sorted(moves, key=_rank)
    primary = [move for move in ranked if _rank(move) < 2][:4]
    rest: list[Move | PetitionKind] = [move for move in ranked if move not in primary]
    return list(primary), [*rest, *(kind for kind in askable(ticket, actor) if kind.name not in asked)]


def _rank(move: Move) -> int:
    mood = ACTIONS[move.action].mood
    if mood == "primary":
        return 0
    if move.action in ("redo", "object", "close_judged", "contact", "recall"):
        return 1
    return 2 if move.to is not None else 3
