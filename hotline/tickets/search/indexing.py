"""Whatever is written about a ticket can be found: one listener sees the words as they are written, no writer must remember it.

The words lie in four tables: the ticket's title and outer number, its long text (with what was told later and what a
channel brought), the story, where every action keeps the answers of its form, and the units' replies. The listener, the
command that indexes everything anew and the erasure read one list; a test takes every action through its form and looks
for each word.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import event, func, inspect, select
from sqlalchemy.orm import Session, joinedload, sessionmaker

from hotline.tickets.directives.rules import INSTRUCTION_ACTIONS
from hotline.tickets.lifecycle import ACTIONS
from hotline.tickets.privacy.redact import known_of
from hotline.tickets.search import full_text
from hotline.tickets.search.full_text import Written
from models import Reply, Ticket, TicketEvent, TicketText

FOUND: dict[type, tuple[str, ...]] = {
    Ticket: ("title", "outer_number"),
    TicketText: ("body", "place", "extra", "unit_title", "unit_words", "phone_told", "other_phones"),
    TicketEvent: ("data",),
    Reply: (
        "facts",
        "measures",
        "helpers_note",
        "outcome_reason",
        "no_contact_reason",
        "legal_basis",
        "handler",
        "signed_off_by",
        "public_answer",
    ),
}
"""Where the words stand that a person reads on a ticket's page."""

BESIDE = frozenset({"advice", "before", "title_before", "reason", "decision", "note"})
"""Words that the story keeps beside the answers of a form, and those of petitions."""

NOT_WORDS = frozenset({"at", "field", "happened_at", "erased_at", "media"})
"""Names inside `extra` whose values nobody reads as words."""

AT_ONCE = 500
OF_WINDOWS = 5_000
WITHOUT_WINDOWS = 4
"""The layout of an index that is whole but for its windows."""


def words_of(row: Any) -> list[str]:
    """The words of a row, in the order of its columns."""
    return [word for name in FOUND[type(row)] for word in _words(row, getattr(row, name))]


def index_new(db: Session, tickets: Sequence[Ticket], beside: Iterable[TicketEvent | Reply] = ()) -> None:
    """Index tickets that were written without the session, and the rows written beside them in the same way."""
    written = {ticket.id: words_of(ticket) + words_of(ticket.text) for ticket in tickets}
    for row in beside:
        written[row.ticket_id] += words_of(row)
    full_text.index_all(db, (_written(ticket, written[ticket.id]) for ticket in tickets))


def index_anew(db: Session, ids: Sequence[int]) -> int:
    """Index these tickets from what is stored; the index must hold nothing of them. Returns how many there are."""
    tickets = db.scalars(select(Ticket).where(Ticket.id.in_(ids)).options(joinedload(Ticket.text))).all()
    written = {ticket.id: words_of(ticket) + words_of(ticket.text) for ticket in tickets}
    tables: tuple[Any, ...] = (TicketEvent, Reply)
    for table in tables:
        for row in db.scalars(select(table).where(table.ticket_id.in_(list(written))).order_by(table.id)):
            written[row.ticket_id] += words_of(row)
    full_text.index_all(db, (_written(ticket, written[ticket.id]) for ticket in tickets))
    return len(tickets)


def index_everything(sessions: sessionmaker[Session], say: Callable[[int], None] = lambda done: None) -> int:
    """Throw the index away and fill it anew, the newest tickets first, some hundred a transaction; returns how many.

    Meanwhile the hotline works on, and a search finds what is indexed so far. say: called with the number done.
    """
    with sessions() as db:
        full_text.empty(db)
        full_text.set_layout(db, 0)
        newest = db.scalar(select(Ticket.id).order_by(Ticket.id.desc()).limit(1)) or 0
        db.commit()
    done, below = 0, newest + 1
    while True:
        with sessions() as db:
            ids = db.scalars(select(Ticket.id).where(Ticket.id < below).order_by(Ticket.id.desc()).limit(AT_ONCE)).all()
            full_text.forget_all(db, full_text.already(db, ids))
            done += index_anew(db, ids)
            if not ids:
                full_text.set_layout(db)
            db.commit()
        if not ids:
            return done
        below = ids[-1]
        say(done)


def index_when_outdated(sessions: sessionmaker[Session]) -> int:
    """After an upgrade: index everything anew when the index was made in another way, or never finished."""
    with sessions() as db:
        there = full_text.layout(db)
    if there == WITHOUT_WINDOWS:
        return add_windows(sessions)
    return index_everything(sessions) if there != full_text.LAYOUT else 0


def add_windows(sessions: sessionmaker[Session]) -> int:
    """An index that lacks only the windows gets them, the newest tickets first, some thousand a transaction; returns how many."""
    with sessions() as db:
        newest = db.scalar(select(func.max(Ticket.id))) or 0
    for stop in range(newest + 1, 0, -OF_WINDOWS):
        with sessions() as db:
            full_text.add_windows(db, range(max(0, stop - OF_WINDOWS), stop))
            db.commit()
    with sessions() as db:
        full_text.set_layout(db)
        db.commit()
    return newest


def _words(row: Any, value: Any) -> Iterator[str]:
    """Texts, also those inside JSON. Of the story only answers in words count: codes are facts of the ticket. What has
    named readers nobody finds by asking."""
    if isinstance(row, TicketEvent) and (row.action in INSTRUCTION_ACTIONS or value.get("readers")):
        return
    if isinstance(row, TicketEvent):
        yield from (word for name, word in value.items() if isinstance(word, str) and name in _in_words(row.action))
    elif isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from (word for name, one in value.items() if name not in NOT_WORDS for word in _words(row, one))
    elif isinstance(value, list | tuple):
        yield from (word for one in value for word in _words(row, one))
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield str(value)


def _in_words(action: str) -> Collection[str]:
    """The names under which this action's story keeps words."""
    form = ACTIONS.get(action)
    return BESIDE | {field.name for field in form.fields if field.kind in ("text", "long")} if form else BESIDE


# --- the listener ------------------------------------------------------------------------------------------------------


def _index_written(db: Session, _flush: Any) -> None:
    """What this flush has written becomes findable in the same transaction."""
    written: dict[int, list[str]] = {}
    anew: set[int] = set()
    for row in (*db.new, *db.dirty):
        if isinstance(row, Ticket) and row in db.dirty and inspect(row).attrs.privacy.history.has_changes():
            anew.add(row.id)
        elif type(row) in FOUND and (words := list(_new_words(row))):
            written.setdefault(row.id if isinstance(row, Ticket) else row.ticket_id, []).extend(words)
    for ticket_id, words in written.items():
        if ticket_id not in anew and not full_text.index_more(db, _more(db, ticket_id, words)):
            anew.add(ticket_id)
    if anew:
        full_text.forget_all(db, sorted(anew))
        index_anew(db, sorted(anew))


def _new_words(row: Any) -> Iterable[str]:
    """The words that were not in the row before."""
    for name in FOUND[type(row)]:
        history = inspect(row).attrs[name].history
        if history.added:
            before = {word for value in history.deleted or () if value for word in _words(row, value)}
            yield from (word for value in history.added if value for word in _words(row, value) if word not in before)


def _more(db: Session, ticket_id: int, words: Sequence[str]) -> Written:
    """With what the ticket says of its people, in what was written just now too."""
    with db.no_autoflush:
        ticket = db.get(Ticket, ticket_id, options=[joinedload(Ticket.text)])
    return Written(ticket_id, words) if ticket is None else _written(ticket, words)


def _written(ticket: Ticket, words: Sequence[str]) -> Written:
    return Written(ticket.id, words, known_of(ticket), ticket.privacy == "sealed")


event.listen(Session, "after_flush", _index_written)
