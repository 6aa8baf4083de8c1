"""Contacts that arrive at the same moment are written in one transaction: each caller is answered after its commit.

One thread writes. Callers lay their contact down and wait for their ticket; the thread takes whatever lies there and
commits it at once, and is there only while something does. Durability is not traded: nobody is told a number that is not
committed. When one of a group cannot be written, each is tried by itself.
"""

from __future__ import annotations

import threading
from concurrent.futures import Future
from dataclasses import dataclass, field

from hotline.installation import Installation
from hotline.intake.open_ticket import Contact, open_tickets
from hotline.tickets.roles import SYSTEM
from models import Ticket

MOST = 64


@dataclass
class _Waiting:
    contact: Contact
    ticket: Future[Ticket] = field(default_factory=Future)


class Intake:
    """The writer in front of one installation's database; one per process, at work only while contacts wait."""

    def __init__(self, installation: Installation):
        self._installation = installation
        self._lock = threading.Lock()
        self._waiting: list[_Waiting] = []
        self._at_work = False

    def take(self, contact: Contact) -> Ticket:
        """The committed ticket of a checked contact. Raises what hindered it."""
        mine = _Waiting(contact)
        with self._lock:
            self._waiting.append(mine)
            begin, self._at_work = not self._at_work, True
        if begin:
            threading.Thread(target=self._work, name="intake", daemon=True).start()
        return mine.ticket.result()

    def _work(self) -> None:
        while group := self._group():
            self._write(group)

    def _group(self) -> list[_Waiting]:
        """Whoever waits, at most so many at once; with nobody there the writer goes home."""
        with self._lock:
            group, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
            self._at_work = bool(group)
            return group

    def _write(self, group: list[_Waiting]) -> None:
        try:
            tickets = self._commit([one.contact for one in group])
        except Exception as trouble:  # noqa: BLE001 – whatever it is, it is handed to the caller it concerns
            if len(group) == 1:
                group[0].ticket.set_exception(trouble)
                return
            for one in group:
                self._write([one])
            return
        for one, ticket in zip(group, tickets, strict=True):
            one.ticket.set_result(ticket)

    def _commit(self, contacts: list[Contact]) -> list[Ticket]:
        """All of them in one transaction."""
        installation = self._installation
        with installation.sessions() as db:
            tickets = open_tickets(db, installation.city, contacts, SYSTEM, installation.clock.now())
            db.commit()
        return tickets
