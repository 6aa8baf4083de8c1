"""Contacts that arrive at the same moment are written in one transaction: each caller is answered after its commit.

The first to come opens the transaction; those who come meanwhile wait and go into the next one together. Durability is not
traded: nobody is told a number that is not committed. When one of a group cannot be written, each is tried by itself.
"""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass, field

from hotline.house import House
from hotline.intake.open_ticket import Contact, open_tickets
from hotline.tickets.who import SYSTEM
from models import Ticket

MOST = 64


@dataclass
class _Waiting:
    """One caller in line. done is set when ticket or trouble is there."""

    contact: Contact
    done: threading.Event = field(default_factory=threading.Event)
    ticket: Ticket | None = None
    trouble: Exception | None = None


class Intake:
    """The line in front of one house's database; one per process."""

    def __init__(self, house: House):
        self._house = house
        self._line: deque[_Waiting] = deque()
        self._writing = threading.Lock()

    def take(self, contact: Contact) -> Ticket:
        """The committed ticket of a checked contact. Raises what hindered it."""
        mine = _Waiting(contact)
        self._line.append(mine)
        with self._writing:
            while not mine.done.is_set():
                self._write([self._line.popleft() for _ in range(min(len(self._line), MOST))])
        if mine.trouble is not None:
            raise mine.trouble
        assert mine.ticket is not None
        return mine.ticket

    def _write(self, group: list[_Waiting]) -> None:
        try:
            self._commit(group)
        except Exception as trouble:  # noqa: BLE001 – whatever it is, it is handed to the caller it concerns
            if len(group) == 1:
                group[0].trouble = trouble
            else:
                for one in group:
                    self._write([one])
        for one in group:
            one.done.set()

    def _commit(self, group: list[_Waiting]) -> None:
        """All of the group's contacts in one transaction."""
        house = self._house
        with house.sessions() as db:
            now = house.clock.now()
            tickets = open_tickets(db, house.city, [one.contact for one in group], SYSTEM, now)
            db.commit()
        for one, ticket in zip(group, tickets, strict=True):
            one.ticket = ticket
