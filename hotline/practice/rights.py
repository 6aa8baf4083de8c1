"""Who practises, and who sees how others fared."""

from __future__ import annotations

from hotline.tickets.roles import Role

LEARNERS = frozenset({Role.AGENT, Role.LEAD_AGENT})
MENTORS = frozenset({Role.LEAD_AGENT, Role.SUPERVISOR, Role.QUALITY, Role.HEAD})
"""Who looks after newcomers and sees everybody's runs."""

RELEASERS = frozenset({Role.SUPERVISOR, Role.HEAD})
"""Who lets a newcomer work alone."""

LOOKERS = frozenset({Role.AGENT, Role.LEAD_AGENT, Role.DISPATCHER, Role.SUPERVISOR, Role.HEAD})
"""Who may be the second pair of eyes; the rules of the life-cycle leave out newcomers and whoever took the ticket in."""

PEOPLE = LEARNERS | MENTORS
