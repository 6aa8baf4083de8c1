"""Contacts that arrive at the same moment are written in one transaction: each caller is answered after its commit.

The first to come writes for itself; those who come meanwhile line up, and the first of them then writes for all who
stand there. Durability is not traded: nobody is told a number that is not committed. When one of a group cannot be
written, each is tried by itself.
"""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass, field

from hotline.installation import Installation
from hotline.intake.open_ticket import Contact, open_tickets
from hotline.tickets.roles import SYSTEM
from models import Ticket

MOST = 64


def _closed() -> threading.Lock:
    lock = threading.Lock()
    lock.acquire()
    return lock


@dataclass
class _Waiting:
    """One caller in line. called: opened once, when its contact is written (done) or when it is its turn to write."""

    contact: Contact
    called: threading.Lock = field(default_factory=_closed)
    done: bool = False
    ticket: Ticket | None = None
    trouble: Exception | None = None


class Intake:
    """The line in front of one house's database; one per process."""

    def __init__(self, installation: Installation):
        self._house = installation
        self._line: deque[_Waiting] = deque()
        self._lock = threading.Lock()
        self._writing = False

    def take(self, contact: Contact) -> Ticket:
        """The committed ticket of a checked contact. Raises what hindered it."""
        mine = _Waiting(contact)
        if not self._first_in_line(mine):
            mine.called.acquire()
        if not mine.done:
            try:
                self._write(self._group())
            finally:
                self._call_the_next()
        if mine.trouble is not None:
            raise mine.trouble
        assert mine.ticket is not None
        return mine.ticket

    def _first_in_line(self, mine: _Waiting) -> bool:
        """Whether nobody is writing, so that this caller may begin at once."""
        with self._lock:
            self._line.append(mine)
            first, self._writing = not self._writing, True
        return first

    def _group(self) -> list[_Waiting]:
        with self._lock:
            return [self._line.popleft() for _ in range(min(len(self._line), MOST))]

    def _call_the_next(self) -> None:
        """Who came meanwhile writes next; this caller can go with its answer."""
        with self._lock:
            if self._line:
                self._line[0].called.release()
            else:
                self._writing = False

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
            one.done = True
            if one.called.locked():
                one.called.release()

    def _commit(self, group: list[_Waiting]) -> None:
        """All of the group's contacts in one transaction."""
        installation = self._house
        with installation.sessions() as db:
            now = installation.clock.now()
            tickets = open_tickets(db, installation.city, [one.contact for one in group], SYSTEM, now)
            db.commit()
        for one, ticket in zip(group, tickets, strict=True):
            one.ticket = ticket
