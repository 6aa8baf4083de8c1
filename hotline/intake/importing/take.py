"""Rows of another system become tickets, each once for ever, however often the file is read and wherever it broke off."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from classifier.text.masking.mask import mask
from hotline.city.schema import City
from hotline.errors import Refusal
from hotline.i18n import _
from hotline.installation import Installation
from hotline.intake.first_told import as_each_first_told, told_before
from hotline.intake.importing.arrivals import Arrival, Reader
from hotline.intake.importing.outer_numbers import print_of_words
from hotline.intake.importing.preflight import Understood, preflight
from hotline.intake.importing.reading.sheets import Row
from hotline.intake.importing.rejects import Rejects
from hotline.intake.importing.wish import Wish
from hotline.intake.open_history import open_histories
from hotline.intake.open_ticket import open_tickets
from hotline.tickets.roles import SYSTEM
from models import Ticket
from webhooks.numbers import outer_key

MOST_TOLD = 1_000
"""So many wrong rows are told by line and reason; all of them stand in the file of rejects."""


class Wrong(NamedTuple):
    line: int
    reason: str
    sheet: str = ""


@dataclass
class Outcome:
    """read = new + known + conflict + rejected, always. told: the rows that made no ticket, the first of them."""

    read: int = 0
    new: int = 0
    known: int = 0
    conflict: int = 0
    rejected: int = 0
    told: list[Wrong] = field(default_factory=list)
    understood: Understood | None = None

    def balanced(self) -> bool:
        return self.read == self.new + self.known + self.conflict + self.rejected

    def add(self, other: Outcome) -> None:
        self.read += other.read
        self.new += other.new
        self.known += other.known
        self.conflict += other.conflict
        self.rejected += other.rejected
        self.told = (self.told + other.told)[:MOST_TOLD]


Told = Callable[[Row, str], None]


def import_file(
    installation: Installation,
    wish: Wish,
    progress: Callable[[int, int | None], None] = lambda _n, _of: None,
    say: Callable[[Understood], None] = lambda _found: None,
) -> Outcome:
    """Take a file in, batch by batch, each batch in a transaction of its own, after a look at the whole of it.

    say is told what was understood before anything is taken; progress, after each batch, how many rows were read, of how
    many. Rows that make no ticket are written down with their line and the reason. Raises Refusal when the file itself
    cannot be read, or leaves doubts.
    """
    now = installation.clock.now()
    plan, understood = preflight(wish, installation.city, now)
    say(understood)
    outcome, rejects = Outcome(understood=understood), Rejects(wish.rejects(installation.settings.var / "imports"))
    for reader, table in plan.readers(wish, installation.city, now):
        rows = table.rows()
        while batch := list(islice(rows, wish.batch)):
            outcome.add(_take_batch(installation, reader, batch, rejects))
            progress(outcome.read, understood.rows)
    if not outcome.balanced():
        raise AssertionError(f"rows were lost: {outcome}")
    return outcome


def _take_batch(installation: Installation, reader: Reader, rows: Sequence[Row], rejects: Rejects) -> Outcome:
    """One batch in one transaction; its wrong rows are written down when it is committed."""
    wrong: list[tuple[Row, str]] = []
    arrivals = list(_arrivals(reader, rows, wrong))
    outcome = _in_own_transactions(installation, reader.manner.source, arrivals, wrong)
    outcome.read = len(rows)
    outcome.rejected = len(wrong) - outcome.conflict
    for row, reason in sorted(wrong, key=lambda one: one[0].line):
        rejects.write(row, reason)
        outcome.told.append(Wrong(row.line, reason, row.sheet))
    return outcome


def _arrivals(reader: Reader, rows: Iterable[Row], wrong: list[tuple[Row, str]]) -> Iterator[Arrival]:
    for row in rows:
        try:
            yield reader.arrival(row)
        except Refusal as refusal:
            wrong.append((row, refusal.sentence))


def _in_own_transactions(
    installation: Installation, source: str, arrivals: Sequence[Arrival], wrong: list[tuple[Row, str]]
) -> Outcome:
    """All at once; when a row is refused after all, everything is undone and each row tried by itself."""
    conflicts: list[tuple[Row, str]] = []
    try:
        with installation.sessions() as db:
            outcome = take_in(
                db,
                installation.city,
                source,
                arrivals,
                installation.clock.now(),
                lambda row, reason: conflicts.append((row, reason)),
            )
            db.commit()
    except Refusal as refusal:
        if len(arrivals) == 1:
            wrong.append((arrivals[0].row, refusal.sentence))
            return Outcome()
        outcome = Outcome()
        for one in arrivals:
            outcome.add(_in_own_transactions(installation, source, [one], wrong))
        return outcome
    wrong += conflicts
    return outcome


def take_in(
    db: Session, city: City, source: str, arrivals: Sequence[Arrival], now: datetime, conflict: Told
) -> Outcome:
    """Open what we were not told of, in the caller's transaction. conflict is told each row whose number came with other words."""
    outcome = Outcome(read=len(arrivals))
    fresh: list[Arrival] = []
    arrivals, here = _as_first_told(db, source, arrivals), set[tuple[str, str]]()
    known = dict(told_before(db, source, [one.contact.outer_number or "" for one in arrivals]))
    own = _own_titles(db, arrivals)
    for one in arrivals:
        number, said = one.contact.outer_number or "", print_of_words(one.contact.body)
        if one.contact.body == own.get(number) or (number not in known and (outer_key(number), said) in here):
            outcome.known += 1
        elif number not in known:
            known[number] = said
            here.add((outer_key(number), said))
            fresh.append(one)
        elif known[number] in ("", said):
            outcome.known += 1
        else:
            outcome.conflict += 1
            conflict(one.row, _("编号 %(number)s 已有另一件内容不同的事，没有读入，请核对。", number=number[:64]))
    outcome.new = _open(db, city, fresh, now)
    outcome.known += len(fresh) - outcome.new
    return outcome


def _as_first_told(db: Session, source: str, arrivals: Sequence[Arrival]) -> Sequence[Arrival]:
    """Each with the number under which we know it, whatever letters and width it is told in this time."""
    told = [(one.contact.outer_number or "", one.contact.body) for one in arrivals]
    numbers = as_each_first_told(db, source, told)
    return [
        one
        if number == (one.contact.outer_number or "")
        else replace(one, contact=replace(one.contact, outer_number=number))
        for one, number in zip(arrivals, numbers, strict=True)
    ]


def _open(db: Session, city: City, fresh: Sequence[Arrival], now: datetime) -> int:
    settled = [(one.contact, one.history) for one in fresh if one.history is not None]
    work = [one.contact for one in fresh if one.history is None]
    made = open_histories(db, city, settled, now) if settled else 0
    tickets = open_tickets(db, city, work, SYSTEM, now) if work else []
    return made + len({ticket.id for ticket in tickets if ticket.created_at == now})


def _own_titles(db: Session, arrivals: Sequence[Arrival]) -> dict[str, str]:
    """Rows of our own export carry our own numbers, with the title for words: they are known to us, whatever the source."""
    numbers = [
        one.contact.outer_number
        for one in arrivals
        if one.contact.outer_number and one.contact.outer_number.isdigit() and one.contact.title
    ]
    if not numbers:
        return {}
    return {
        number: mask(title)
        for number, title in db.execute(select(Ticket.number, Ticket.title).where(Ticket.number.in_(numbers)))
    }
