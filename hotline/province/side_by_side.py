"""The cities of a province beside each other: each rate with its interval, so that nobody is called better by chance."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from hotline.cells.days import CALLS, TAKEN, figure_name
from hotline.i18n import N_, _
from hotline.metrics.counting import DEFINITIONS
from hotline.metrics.rates import interval
from hotline.province import registry
from models import Cell, CellDay, CellHead

COUNTED = {TAKEN: N_("受理件数"), CALLS: N_("来电")}
BESIDE = ("connection", "on_time", "accuracy", "solve", "satisfied")
"""The rates that stand side by side; every other is on the page of a city's days."""


@dataclass(frozen=True)
class Shown:
    """A figure of one city over some days. n: hits, half of them partly by our own weight, or what was counted; of: None then.

    value, interval: 0–1, None where nothing was counted.
    """

    n: float
    of: int | None = None

    @property
    def value(self) -> float | None:
        return self.n / self.of if self.of else None

    @property
    def interval(self) -> tuple[float, float] | None:
        return interval(self.n, self.of) if self.of else None


@dataclass(frozen=True)
class Row:
    """One city. silent: not heard for too long. figures: by name, none where it told of none."""

    cell: Cell
    silent: bool
    figures: Mapping[str, Shown]

    @property
    def tone(self) -> str:
        """stopped, new (never heard), bad (silent) or good."""
        if self.cell.stopped_at is not None:
            return "stopped"
        if self.cell.heard_at is None and not self.silent:
            return "new"
        return "bad" if self.silent else "good"


def names() -> dict[str, str]:
    """Every figure that we know, by the name under which cities tell it, as it is called here."""
    return {name: _(label) for name, label in COUNTED.items()} | {
        figure_name(one.key, one.version): _(one.name) for one in DEFINITIONS.values()
    }


def beside() -> list[str]:
    """The names of the rates that stand side by side, in their order."""
    return [figure_name(key, DEFINITIONS[key].version) for key in BESIDE]


def compare(db: Session, first: date, last: date, partly: float, now: datetime) -> list[Row]:
    """Every city over these days, in what stands side by side. partly: what "partly solved" weighs here, for all cities alike."""
    sums: dict[str, dict[str, list[float]]] = {}
    wanted = {TAKEN, *beside()}
    for name, figures in db.execute(_days(first, last).with_only_columns(CellDay.cell, CellDay.figures)):
        held = sums.setdefault(name, {})
        for one in wanted & figures.keys():
            held[one] = _added(held.get(one), figures[one])
    return [
        Row(
            cell,
            registry.is_silent(cell, now),
            {name: shown(told, partly) for name, told in sums.get(cell.name, {}).items()},
        )
        for cell in registry.cells(db)
    ]


def all_together(rows: Iterable[Row]) -> dict[str, Shown]:
    """The province as a whole: the sums over the cities."""
    found: dict[str, Shown] = {}
    for row in rows:
        for name, one in row.figures.items():
            held = found.get(name, Shown(0, None if one.of is None else 0))
            found[name] = Shown(held.n + one.n, None if one.of is None else (held.of or 0) + one.of)
    return found


def days_of(db: Session, name: str, first: date, last: date) -> list[CellDay]:
    """One city's days, the newest first."""
    return list(db.scalars(_days(first, last).where(CellDay.cell == name).order_by(CellDay.day.desc())))


def heads_of(db: Session, name: str, most: int = 10) -> list[CellHead]:
    """The last heads of its seals, one a day."""
    wanted = select(CellHead).where(CellHead.cell == name).order_by(CellHead.day.desc())
    return list(db.scalars(wanted.limit(most)))


def shown(told: list[float], partly: float) -> Shown:
    """A told figure as it is read here: [hits, of, partly], or [n] for what is only counted; what comes after is a newer city's."""
    if len(told) < 2:
        return Shown(told[0])
    return Shown(told[0] + partly * (told[2] if len(told) > 2 else 0), int(told[1]))


def _added(held: list[float] | None, told: list[float]) -> list[float]:
    return list(told) if held is None else [a + b for a, b in zip(held, told, strict=False)]


def _days(first: date, last: date) -> Select[CellDay]:
    return select(CellDay).where(CellDay.day.between(first, last))
