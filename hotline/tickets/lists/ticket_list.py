"""Lists of tickets: what is wanted, who may see it, in which order, one page at a time.

Paging is by key, so page 400 costs what page 1 costs; counts stop at a limit; rows are narrow.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, case, func, or_, select, text
from sqlalchemy.orm import Session

from hotline.tickets.lists import clocks
from hotline.tickets.lists.paging import PAGE_SIZE, Key, Order, Page, Rank, Within, both_ways, paginate
from hotline.tickets.privacy.visibility import revealable_by, visible_to
from hotline.tickets.roles import CENTRE_ROLES, Actor
from hotline.tickets.search import full_text, matching, windows
from hotline.tickets.states import ENDED
from models import Assignment, Ticket, TicketText
from models.tickets.ticket import CLOSED_STATES

COUNT_LIMIT = 999
LATELY = 8_192
"""Several words are counted in so many of the newest tickets, and in the rest of the window that reaches beyond."""


def counted(n: int) -> str:
    """A number that was counted to the limit and no further, as a person reads it: "999+" beyond."""
    return f"{COUNT_LIMIT}+" if n > COUNT_LIMIT else str(n)


def badge(n: int) -> str | None:
    """The number on a tab; nothing where there is nothing."""
    return counted(n) if n else None


@dataclass(frozen=True)
class Wanted:
    """What to list; empty fields ask nothing. category: a code of either level. unit: lead or delegated.

    open: only tickets not yet ended. overdue_at, nearly_at: with a clock that is broken, or nearly due, at that moment; clock:
    only this clock is asked. due_before: the nearest deadline ends before. Moments are aware.
    """

    words: str = ""
    number: str = ""
    phone: str = ""
    name: str = ""
    states: tuple[str, ...] = ()
    open: bool | None = None
    unit: str | None = None
    helper: str | None = None
    category: str | None = None
    area: str | None = None
    request_type: str | None = None
    urgency: str | None = None
    channel: str | None = None
    privacy: str | None = None
    agent_id: int | None = None
    citizen_id: int | None = None
    created_from: datetime | None = None
    created_to: datetime | None = None
    overdue_at: datetime | None = None
    nearly_at: datetime | None = None
    clock: str | None = None
    due_before: datetime | None = None
    round_from: int | None = None
    card: str | None = None
    close_kind: str | None = None
    facts: tuple[str, ...] = ()
    ids: tuple[int, ...] | None = None
    also: tuple[Any, ...] = field(default=())
    """Further SQL conditions, for the metrics' click-through."""


FACTS = (
    "supervised",
    "for_discipline",
    "for_media",
    "dissatisfied",
    "safety",
    "auto_signed",
    "auto_dispatched",
    "asking_more",
    "excluded",
    "binding",
    "must_sign",
)
"""Columns that `Wanted.facts` may name."""

PRESSING = case(
    (Ticket.alarm_at.is_not(None), 0), (Ticket.urgency == "critical", 1), (Ticket.urgency == "urgent", 2), else_=3
)
"""The most pressing first, as SQL: a danger that nobody has taken yet, whatever urgency a person gave it, then by urgency."""


def how_pressing(ticket: Ticket) -> int:
    return 0 if ticket.alarm_at else {"critical": 1, "urgent": 2}.get(ticket.urgency, 3)


URGENT_FIRST = Order(
    Ticket.due_at,
    Ticket.id,
    rank=Rank(
        PRESSING,
        how_pressing,
        (
            Ticket.alarm_at.is_not(None),
            *(and_(Ticket.urgency == one, Ticket.alarm_at.is_(None)) for one in ("critical", "urgent", "normal")),
        ),
    ),
)

SORTS = {
    **both_ways(
        {"due": Ticket.due_at, "created": Ticket.created_at, "moved": Ticket.moved_at, "number": Ticket.id}, Ticket.id
    ),
    "urgent": URGENT_FIRST,
}
"""Every order of a list of tickets; urgent: untaken danger, critical, urgent, normal, and in each what is due first."""


def find(
    db: Session,
    actor: Actor,
    wanted: Wanted,
    *,
    sort: str = "due",
    after: str | None = None,
    before: str | None = None,
    size: int = PAGE_SIZE,
) -> Page:
    """One page. after / before: a key from a page's next / back. Unknown sorts and broken keys fall back to the start."""
    order = SORTS.get(sort, SORTS["due"])
    by_time = wanted.words.strip() and order.column is Ticket.id
    return paginate(
        db,
        select(Ticket).where(*conditions(db, actor, replace(wanted, words="") if by_time else wanted)),
        order,
        after=after,
        before=before,
        size=size,
        within=_windows(db, actor, wanted) if by_time else None,
    )


def count(db: Session, actor: Actor, wanted: Wanted, most: int = COUNT_LIMIT) -> int:
    """How many, but never counting beyond most + 1: a page says "999+". Of words the newest are counted first."""
    if not wanted.words.strip():
        return _counted(db, most, conditions(db, actor, wanted))
    return max((n for _looked, n in _counting(db, actor, wanted, most, windows.ONE_WORD)), default=0)


def count_lately(db: Session, actor: Actor, wanted: Wanted) -> tuple[int, bool]:
    """As `count`, and whether there may be more: of several words only `LATELY` is counted, because the rows of both are fetched to
    be held against each other, however few tickets have both."""
    if not _several(wanted.words):
        n = count(db, actor, wanted)
        return n, n > COUNT_LIMIT
    n = 0
    for looked, n in _counting(db, actor, wanted, COUNT_LIMIT, windows.SEVERAL):
        if looked >= LATELY:
            return n, True
    return n, n > COUNT_LIMIT


def _counting(db: Session, actor: Actor, wanted: Wanted, most: int, by: int) -> Iterator[tuple[int, int]]:
    """Window after window from the newest: how many numbers were looked through, and how many tickets they hold, to the limit."""
    others, looked, n = conditions(db, actor, replace(wanted, words="")), 0, 0
    for ids in _ranges(db, None, True, by):
        n += _counted(db, most - n, [*others, _in_window(db, actor, wanted, ids)])
        looked += len(ids)
        yield looked, n
        if n > most:
            return


def count_each(db: Session, actor: Actor, wanted: Iterable[Wanted]) -> list[int]:
    """As `count` for each of several that ask for no words; one statement for all of them."""
    return count_all(db, [select(Ticket.id).where(*conditions(db, actor, one)) for one in wanted])


def count_all(db: Session, queries: Sequence[Select[Any]], most: int = COUNT_LIMIT) -> list[int]:
    """How many rows each of these finds, none counted far beyond the limit; one statement."""
    inner = [query.limit(most + 1).subquery() for query in queries]
    counted_rows = [select(func.count()).select_from(one).scalar_subquery() for one in inner]
    return list(db.execute(select(*counted_rows)).one()) if inner else []


def _counted(db: Session, most: int, wanted: list[ColumnElement[bool]]) -> int:
    return count_all(db, [select(Ticket.id).where(*wanted)], most)[0]


def _windows(db: Session, actor: Actor, wanted: Wanted) -> Within:
    """The words, sought in one window of time after the other."""

    by = windows.SEVERAL if _several(wanted.words) else windows.ONE_WORD

    def cut(key: Key | None, falling: bool) -> Iterator[ColumnElement[bool]]:
        for ids in _ranges(db, key, falling, by):
            yield _in_window(db, actor, wanted, ids)

    return cut


def _ranges(db: Session, key: Key | None, falling: bool, by: int) -> Iterator[range]:
    """The windows beyond a key, each `by` times as wide as the one before."""
    newest = db.scalar(select(func.max(Ticket.id))) or 0
    at = min(key[2], newest) if key else newest if falling else 0
    return windows.falling(at, by) if falling else windows.rising(at, newest, by)


def _in_window(db: Session, actor: Actor, wanted: Wanted, ids: range) -> ColumnElement[bool]:
    """The numbers are a hint to the planner beside the index of words, which knows no order."""
    return and_(Ticket.id >= ids.start, Ticket.id < ids.stop, *_word_conditions(db, actor, wanted, ids))


def _several(words: str) -> bool:
    return len(full_text.ask(words).parts) > 1


def conditions(db: Session, actor: Actor, wanted: Wanted) -> list[ColumnElement[bool]]:
    """The visible filter and everything wanted, as SQL."""
    found: list[Any] = [visible_to(actor), *wanted.also]
    plain = {
        Ticket.request_type: wanted.request_type,
        Ticket.urgency: wanted.urgency,
        Ticket.channel: wanted.channel,
        Ticket.area: wanted.area,
        Ticket.privacy: wanted.privacy,
        Ticket.agent_id: wanted.agent_id,
        Ticket.citizen_id: wanted.citizen_id,
        Ticket.card: wanted.card,
        Ticket.close_kind: wanted.close_kind,
        Ticket.number: wanted.number or None,
    }
    found += [column == value for column, value in plain.items() if value is not None]
    found += [getattr(Ticket, name).is_(True) for name in wanted.facts if name in FACTS]
    found += _state_conditions(wanted) + _time_conditions(wanted)
    if wanted.unit:
        found.append(or_(Ticket.unit_code == wanted.unit, Ticket.desk_code == wanted.unit))
    if wanted.helper:
        found.append(
            Ticket.id.in_(
                select(Assignment.ticket_id).where(
                    Assignment.unit_code == wanted.helper, Assignment.ended_at.is_(None), Assignment.part == "helper"
                )
            )
        )
    if wanted.category:
        found.append(Ticket.category_code.startswith(wanted.category, autoescape=True))
    if wanted.round_from:
        found.append(Ticket.round >= wanted.round_from)
    if wanted.ids is not None:
        found.append(Ticket.id.in_(wanted.ids))
    return found + _person_conditions(actor, wanted) + _word_conditions(db, actor, wanted)


def _person_conditions(actor: Actor, wanted: Wanted) -> list[Any]:
    """A caller's number or name finds tickets only for those who may lift their mask: what is hidden cannot be asked for."""
    found: list[Any] = []
    if wanted.phone:
        found.append(of_phone(wanted.phone))
    if wanted.name:
        found.append(Ticket.contact_name == wanted.name)
    return [*found, revealable_by(actor)] if found else []


def of_phone(phone: str) -> ColumnElement[bool]:
    """The number itself, of a landline its extensions, and those who told it beside another; written as the small partial
    indexes are."""
    beside = Ticket.id.in_(
        select(TicketText.ticket_id).where(
            TicketText.other_phones.is_not(None),
            (" " + TicketText.other_phones + " ").contains(f" {phone} "),
        )
    )
    if "-" in phone:
        return or_(Ticket.contact_phone == phone, beside)
    extensions = and_(text("ticket.contact_phone LIKE '%-%'"), Ticket.contact_phone.startswith(f"{phone}-"))
    return or_(Ticket.contact_phone == phone, extensions, beside)


def _word_conditions(db: Session, actor: Actor, wanted: Wanted, ids: range | None = None) -> list[Any]:
    """The words as this person may read them: behind the mask only where they may lift it, sealed matters never otherwise."""
    told = matching.matches(db, wanted.words, ids=ids) if wanted.words.strip() else None
    if told is None:
        return []
    readable = and_(told, revealable_by(actor))
    if actor.is_(*CENTRE_ROLES) or actor.kind in ("clock", "system"):
        return [readable]
    shown = matching.matches(db, wanted.words, shown_only=True, ids=ids)
    return [readable if shown is None else or_(readable, and_(shown, Ticket.privacy != "sealed"))]


def _state_conditions(wanted: Wanted) -> list[Any]:
    found: list[Any] = []
    if wanted.states:
        found.append(Ticket.state.in_(wanted.states))
    # Written as the partial indexes are, so that closed tickets cost the open lists nothing.
    if wanted.open or (wanted.states and not set(wanted.states) & {s.value for s in ENDED}):
        found.append(still_open())
    elif wanted.open is False:
        found.append(Ticket.state.in_(CLOSED_STATES))
    return found


def still_open() -> ColumnElement[bool]:
    """Not ended, with the states written out: SQLite uses a partial index only where the statement repeats its condition."""
    return Ticket.state.not_in(bindparam(None, CLOSED_STATES, expanding=True, literal_execute=True))


def _time_conditions(wanted: Wanted) -> list[Any]:
    found: list[Any] = []
    if wanted.created_from:
        found.append(Ticket.created_at >= wanted.created_from)
    if wanted.created_to:
        found.append(Ticket.created_at < wanted.created_to)
    if wanted.overdue_at:
        found.append(clocks.broken(wanted.overdue_at, wanted.clock))
    if wanted.nearly_at:
        found.append(clocks.nearly_due(wanted.nearly_at, wanted.clock))
    if wanted.due_before:
        found.append(Ticket.due_at < wanted.due_before)
    return found


def may_be_linked(actor: Actor) -> ColumnElement[bool]:
    """Tickets that may stand beside another of the same people: an informant's only for those who know the informant. Elsewhere
    the number of a sealed matter beside an open one would tell who wrote it."""
    return or_(Ticket.privacy != "sealed", revealable_by(actor))


def citizens_other_tickets(db: Session, actor: Actor, ticket: Ticket, most: int = 20) -> list[Ticket]:
    """What the same caller asked before, open ones first."""
    if ticket.citizen_id is None:
        return []
    rows = db.scalars(
        select(Ticket)
        .where(Ticket.citizen_id == ticket.citizen_id, Ticket.id != ticket.id, visible_to(actor), may_be_linked(actor))
        .order_by(Ticket.id.desc())
        .limit(most)
    ).all()
    return sorted(rows, key=lambda t: (t.state in CLOSED_STATES, -t.id))
