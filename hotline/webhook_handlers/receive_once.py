"""Every event is told once: the raw words are written first, and a receipt in the transaction of its effect answers a repetition."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.installation import Installation
from hotline.keys import codes
from models import Call, Inbound, Receipt
from models.store.rows import insert_once
from webhooks.events import (
    Event,
)
from webhooks.numbers import caller_phone

log = logging.getLogger(__name__)


class Receiver:
    """What every handler stands on: the installation, and hearing an event once."""

    def __init__(self, installation: Installation):
        self.installation = installation

    def hear(self, event: Event) -> Hearing:
        return Hearing(self.installation, event)

    def number(self, told: str) -> str:
        """As we write it; a number of the city's own network may come without the area code."""
        return caller_phone(told, self.installation.city.area_code)

    def call(self, db: Session, provider: str, call_id: str) -> Call | None:
        return db.scalar(select(Call).where(Call.provider == provider, Call.provider_id == call_id))


class Hearing:
    """One event heard: stored raw and committed first, then received once in the transaction of its effect."""

    def __init__(self, installation: Installation, event: Event):
        self.installation, self.event = installation, event
        self.first, self.result = True, {}  # type: bool, dict[str, Any]
        self._remembered: dict[str, Any] = {}
        self._put_by = ""

    def __enter__(self) -> Hearing:
        self._raw_id = self._store_raw()
        self.db = self.installation.sessions()
        self.first = receive(self.db, self.event.provider, self.event.kind, self.event.event_id, self.event.at)
        if not self.first:
            self.result = self._receipt().result
        return self

    def _receipt(self) -> Receipt:
        return self.db.scalars(
            select(Receipt).where(
                Receipt.provider == self.event.provider,
                Receipt.kind == self.event.kind,
                Receipt.event_id == self.event.event_id[:120],
            )
        ).one()

    def remember(self, **result: Any) -> None:
        """What the second telling is answered with."""
        self._remembered = result

    def put_by(self, why: str) -> None:
        """Nothing is made of it, and nobody has to do anything: it stays readable with the reason."""
        self._put_by = why

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        try:
            if error is not None:
                self.db.rollback()
                self._settle_raw("refused", str(error))
                return
            if self._remembered:
                self._receipt().result = self._remembered
            self._settle_raw("settled" if self._put_by else "handled", self._put_by)
            self.db.commit()
        finally:
            self.db.close()

    def _store_raw(self) -> int | None:
        if not self.event.raw:
            return None
        with self.installation.sessions() as db:
            row = Inbound(
                provider=self.event.provider,
                kind=self.event.kind,
                received_at=self.event.at,
                body=self.event.raw,
                state="stored",
            )
            db.add(row)
            db.commit()
            return row.id

    def _settle_raw(self, state: str, error: str) -> None:
        if self._raw_id is None:
            return
        row = self.db.get(Inbound, self._raw_id)
        if row is not None:
            row.state, row.error, row.handled_at = state, error[:2000] or None, self.event.at
            if state == "handled":  # the ticket has the words now, under the rules of its own level
                row.digest, row.body = codes.of_letter(self.db, row.body), ""
        if state == "refused":
            self.db.commit()


def receive(db: Session, provider: str, kind: str, event_id: str, at: datetime) -> bool:
    """True when this is the first time we are told; the unique receipt names the winner of two at once."""
    made = insert_once(
        db,
        Receipt,
        ["provider", "kind", "event_id"],
        provider=provider,
        kind=kind,
        event_id=event_id[:120],
        received_at=at,
        result={},
    )
    return made is not None
