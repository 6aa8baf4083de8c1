"""What a province knows of its cities: who may post, what each told of its days, and where its chain of seals stood."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from models.store.db import Base
from models.store.hidden import Hidden


class Cell(Base):
    """One city with a hotline of its own. address: where it listens; private: that may be a private network.

    key: with which it signs and is signed to, since key_at; former_key goes on for a day, so that the city can change.
    stopped_at: nothing is taken from it any more. heard_at: its last post. program, speaks: its release, and the version of its
    posts. late, dead: jobs that wait too long, and tellings given up by the machine. head_*: the last head of its seals that
    followed from the one before; head_wrong: "changed" or "cut" since head_wrong_at, until a person has looked.
    silence_told_at: since when people know that it is silent; seals_told_at: the head_wrong_at that they know of.
    """

    __tablename__ = "cell"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(24), unique=True)
    title: Mapped[str] = mapped_column(String(40))
    title_en: Mapped[str] = mapped_column(String(60))
    address: Mapped[str] = mapped_column(String(200))
    private: Mapped[bool] = mapped_column(default=False)
    key: Mapped[str] = mapped_column(Hidden)
    key_at: Mapped[datetime]
    former_key: Mapped[str | None] = mapped_column(Hidden)
    registered_at: Mapped[datetime]
    stopped_at: Mapped[datetime | None]
    heard_at: Mapped[datetime | None]
    program: Mapped[str] = mapped_column(String(40), default="")
    speaks: Mapped[int] = mapped_column(default=0)
    late: Mapped[int] = mapped_column(default=0)
    dead: Mapped[int] = mapped_column(default=0)
    head_links: Mapped[int | None]
    head_seal_id: Mapped[int | None]
    head_hash: Mapped[str | None] = mapped_column(String(64))
    head_wrong: Mapped[str | None] = mapped_column(String(8))
    head_wrong_at: Mapped[datetime | None]
    silence_told_at: Mapped[datetime | None]
    seals_told_at: Mapped[datetime | None]


class CellDay(Base):
    """One day of one city, by the city's own clock. figures: name → [hits, of, partly]; [n] for what is only counted.

    revision: the city counts its tellings of this day; a lower one than is held changes nothing.
    """

    __tablename__ = "cell_day"

    cell: Mapped[str] = mapped_column(ForeignKey("cell.name"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    revision: Mapped[int]
    figures: Mapped[dict[str, Any]] = mapped_column(default=dict)
    taken_at: Mapped[datetime]


class CellHead(Base):
    """The last head of a city's seals that the province heard on a day: what `audit verify --head` on the city is held against."""

    __tablename__ = "cell_head"

    cell: Mapped[str] = mapped_column(ForeignKey("cell.name"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    links: Mapped[int]
    seal_id: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))
    heard_at: Mapped[datetime]
