"""Petitions, the second table: somebody asks, somebody else decides, and the ticket does not move meanwhile."""

from hotline.tickets.petitions.acting import ask, askable, decide, may_decide, may_withdraw, why_not, withdraw
from hotline.tickets.petitions.table import DECIDERS, PETITIONS, PetitionKind

__all__ = [
    "DECIDERS",
    "PETITIONS",
    "PetitionKind",
    "ask",
    "askable",
    "decide",
    "may_decide",
    "may_withdraw",
    "why_not",
    "withdraw",
]
