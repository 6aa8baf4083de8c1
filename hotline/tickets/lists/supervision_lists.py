"""What those who watch over the whole must see: what is late or nearly, what goes round and round, who carries how much."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, case, func, or_, select
from sqlalchemy.orm import Session

from hotline.tickets.directives import listing as directive_list
from hotline.tickets.lists import clocks
from hotline.tickets.lists.ticket_list import COUNT_LIMIT, Wanted, conditions
from hotline.tickets.petitions import DECIDERS, PETITIONS
from hotline.tickets.privacy.visibility import visible_to
from hotline.tickets.roles import Actor, Role
from models import Directive, Petition, Ticket

ROUNDS = 3
"""From this round on a ticket has been sent back often enough to be looked at from above."""

URGES = 2


@dataclass(frozen=True)
class Watch:
    """One list of the desk. wanted: which tickets, at this moment. opening: actions whose last event says why it stands there."""

    name: str
    roles: frozenset[Role]
    wanted: Callable[[datetime], Wanted]
    sort: str = "urgent"
    opening: tuple[str, ...] = ()


R = Role
LEADING = frozenset({R.SUPERVISOR, R.HEAD, R.LEAD_AGENT, R.CITY_LEADER})
WATCHES: dict[str, Watch] = {
    watch.name: watch
    for watch in (
        Watch("late", LEADING | {R.DISCIPLINE}, lambda now: Wanted(open=True, overdue_at=now)),
        Watch(
            "soon",
            LEADING,
            lambda now: Wanted(open=True, nearly_at=now),
        ),
        Watch(
            "paused",
            LEADING | {R.DISCIPLINE},
            lambda now: Wanted(open=True, also=(or_(Ticket.state == "waiting", Ticket.asking_more.is_(True)),)),
            "-due",
            opening=("wait", "ask_more"),
        ),
        Watch("red", LEADING | {R.DISCIPLINE}, lambda now: Wanted(open=True, card="red")),
        Watch("rounds", LEADING | {R.DISCIPLINE}, lambda now: Wanted(open=True, round_from=ROUNDS), opening=("redo",)),
        Watch("urged", LEADING, lambda now: Wanted(open=True, also=(Ticket.urges >= URGES,)), opening=("urge",)),
        Watch(
            "dissatisfied",
            LEADING | {R.DISCIPLINE},
            lambda now: Wanted(open=True, facts=("dissatisfied",)),
            opening=("note_dissatisfied", "merged_dissatisfied"),
        ),
        Watch(
            "discipline",
            frozenset({R.DISCIPLINE, R.SUPERVISOR, R.HEAD}),
            lambda now: Wanted(open=True, facts=("for_discipline",)),
            "-moved",
        ),
        Watch(
            "media",
            frozenset({R.MEDIA, R.SUPERVISOR, R.HEAD}),
            lambda now: Wanted(open=True, facts=("for_media",)),
            "-moved",
        ),
    )
}


DIRECTIVE_TABS: dict[str, tuple[frozenset[Role], tuple[str, ...]]] = {
    "orders": (LEADING | {R.DISCIPLINE}, ("supervision", "urge")),
    "instructions": (frozenset({R.CITY_LEADER, R.HEAD, R.SUPERVISOR, R.DISCIPLINE}), ("instruction",)),
    "explanations": (frozenset({R.DISCIPLINE, R.SUPERVISOR, R.HEAD}), ("explanation",)),
}
"""Lists of demands from above: tab → who has it, which kinds."""


@dataclass(frozen=True)
class UnitLoad:
    """The open work of one unit; every number is one of tickets."""

    unit: str
    open: int
    overdue: int
    soon: int
    redo: int
    red: int


def watches_of(actor: Actor) -> list[Watch]:
    return [watch for watch in WATCHES.values() if actor.is_(*watch.roles)]


def decided_by(actor: Actor) -> tuple[str, ...]:
    """The kinds of petitions this person decides."""
    return tuple(
        kind
        for kind, row in PETITIONS.items()
        if any(actor.is_(DECIDERS[may]) for may in row.decides if may in DECIDERS)
    )


def counts(db: Session, actor: Actor, now: datetime) -> dict[str, int]:
    """How many stand in each of this person's lists, petitions and instructions too, none counted far beyond the limit."""
    inner = {
        watch.name: select(Ticket.id).where(*conditions(db, actor, watch.wanted(now))) for watch in watches_of(actor)
    }
    for tab, kinds in directive_tabs(actor).items():
        inner[tab] = directive_list.directives(actor, kinds).with_only_columns(Directive.id)
    if kinds := decided_by(actor):
        inner["petitions"] = _petitions(actor, kinds).with_only_columns(Petition.id)
    if not inner:
        return {}
    limited = [one.order_by(None).limit(COUNT_LIMIT + 1).subquery() for one in inner.values()]
    row = db.execute(select(*(select(func.count()).select_from(one).scalar_subquery() for one in limited))).one()
    return dict(zip(inner, row, strict=True))


def directive_tabs(actor: Actor) -> dict[str, tuple[str, ...]]:
    """The lists of demands that this person has, by tab, each with its kinds."""
    return {tab: kinds for tab, (roles, kinds) in DIRECTIVE_TABS.items() if actor.is_(*roles)}


def petitions(actor: Actor) -> Any:
    """(petition, ticket): those this person decides, in no order yet."""
    return _petitions(actor, decided_by(actor))


def loads(db: Session, actor: Actor, now: datetime, sort: str = "-overdue") -> list[UnitLoad]:
    """The open work of every lead unit that has any, summed by the database; sort: a number of `Load`, with "-" the most first."""
    late = _many(clocks.broken(now))
    numbers = (
        func.count(),
        late,
        _many(clocks.nearly_due(now)),
        _many(Ticket.round > 1),
        _many(Ticket.card == "red"),
    )
    wanted = Wanted(open=True, also=(Ticket.unit_code.is_not(None),))
    rows = db.execute(
        select(Ticket.unit_code, *numbers)
        .where(*conditions(db, actor, wanted))
        .group_by(Ticket.unit_code)
        .order_by(late.desc(), func.count().desc(), Ticket.unit_code)
    )
    found = [UnitLoad(str(unit), *many) for unit, *many in rows]
    return sorted(found, key=lambda load: int(getattr(load, sort.lstrip("-"))), reverse=sort.startswith("-"))


def supervising(db: Session, ids: Iterable[int]) -> set[int]:
    """Those of the tickets for which somebody has asked for supervision and waits."""
    return set(
        db.scalars(
            select(Petition.ticket_id).where(
                Petition.ticket_id.in_(list(ids)), Petition.kind == "supervision", Petition.state == "asked"
            )
        )
    )


def _many(condition: ColumnElement[bool]) -> Any:
    return func.sum(case((condition, 1), else_=0))


def _petitions(actor: Actor, kinds: tuple[str, ...]) -> Any:
    return (
        select(Petition, Ticket)
        .join(Ticket, Ticket.id == Petition.ticket_id)
        .where(Petition.state == "asked", Petition.kind.in_(kinds), visible_to(actor))
    )
