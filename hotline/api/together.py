"""Contacts that arrive at the same moment are written in one transaction: each caller is answered after its commit.

One thread writes. Callers put their contact into its queue and wait for their ticket; the thread takes whatever stands in
the queue and commits it at once. Durability is not traded: nobody is told a number that is not committed. When one of a
group cannot be written, each is tried by itself.
"""

from __future__ import annotations

import threading
from concurrent.futures import Future
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue

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
    """The writer in front of one installation's database; one per process, started by the first contact."""

    def __init__(self, installation: Installation):
        self._installation = installation
        self._queue: SimpleQueue[_Waiting] = SimpleQueue()
        threading.Thread(target=self._work, name="intake", daemon=True).start()

    def take(self, contact: Contact) -> Ticket:
        """The committed ticket of a checked contact. Raises what hindered it."""
        mine = _Waiting(contact)
        self._queue.put(mine)
        return mine.ticket.result()

    def _work(self) -> None:
        while True:
            self._write(self._group())

    def _group(self) -> list[_Waiting]:
        """Waits for the first; who came meanwhile comes along."""
        group = [self._queue.get()]
        try:
            while len(group) < MOST:
                group.append(self._queue.get_nowait())
        except Empty:
            pass
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
