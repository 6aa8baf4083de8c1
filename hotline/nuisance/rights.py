"""Who proposes a mark, who decides it, and who hands clues to the police."""

from __future__ import annotations

from hotline.tickets.roles import CENTRE_ROLES, Role

READERS = frozenset({Role.AGENT, Role.LEAD_AGENT, Role.SUPERVISOR, Role.HEAD})
PROPOSERS = frozenset({Role.AGENT, Role.LEAD_AGENT, Role.SUPERVISOR})
DECIDERS = frozenset({Role.SUPERVISOR})
CLUE_GIVERS = frozenset({Role.SUPERVISOR, Role.HEAD})
TOLD = CENTRE_ROLES
"""Who sees on a ticket that its number is marked."""
