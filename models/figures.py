"""Figures by day: what a period counted, folded from the history as it goes, and always to be made anew from it."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.store.db import Base


class FigureDay(Base):
    """How many rows of one source were counted alike on one day of the city, as it stood from another day on.

    day: on which they count. since: the day from whose end on it was so; a later change of the history is a row of its own,
    with numbers that may be negative. A period adds the rows of its days whose `since` lies before its end.
    standing: not counted on a day but wherever a period ends while they stand; `day` is then the first of the month of `since`.
    cut: by what they are told apart ("", unit, category, channel, area, or two of these as "unit+area"); one, two: its values,
    "" for none. classes: one sign for each definition of the source, in the order of the table of definitions.
    """

    __tablename__ = "figure_day"

    cut: Mapped[str] = mapped_column(String(20), primary_key=True)
    standing: Mapped[bool] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    since: Mapped[date] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(String(20), primary_key=True)
    one: Mapped[str] = mapped_column(String(32), primary_key=True)
    two: Mapped[str] = mapped_column(String(32), primary_key=True)
    classes: Mapped[str] = mapped_column(String(16), primary_key=True)
    n: Mapped[int]


class FigureTicket(Base):
    """What one ticket has put into the days so far, so that it can be taken out again when its history goes on.

    It names the ticket without a foreign key, so that folding never waits for somebody who is at work on it.
    event_id: the last row of its story that was read. postings: category, channel, area, then a line for each part.
    """

    __tablename__ = "figure_ticket"

    ticket_id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int]
    postings: Mapped[str] = mapped_column(Text)


class FigureMark(Base):
    """How far the history is folded; whoever folds holds this row. name: "days", the only one.

    until: the moment up to which the days are told. release: the definitions, zone and times by which they were folded.
    built_id, built_at: while the days are made for the first time, the last ticket that is in them and when it came in; no
    built_id once all are.
    event_id, ahead_id, ahead_at: as `MonitorMark`.
    """

    __tablename__ = "figure_mark"

    name: Mapped[str] = mapped_column(String(16), primary_key=True)
    until: Mapped[datetime | None]
    release: Mapped[str] = mapped_column(String(16), default="")
    built_id: Mapped[int | None] = mapped_column(default=0)
    built_at: Mapped[datetime | None]
    event_id: Mapped[int] = mapped_column(default=0)
    ahead_id: Mapped[int] = mapped_column(default=0)
    ahead_at: Mapped[datetime | None]
    audited_at: Mapped[datetime | None]


class FigureChange(Base):
    """A ticket whose figures changed without a row of its story: its days are folded anew."""

    __tablename__ = "figure_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int]

    __table_args__ = (Index("ix_figure_change_ticket_id", "ticket_id"),)


class FigureDifference(Base):
    """What the nightly audit found: a measure of which the folded number is not the one counted from the history.

    day, last: of which days. cut, value: told apart by what ("" for the whole). part: a class of the measure (hit, miss, x0 …).
    """

    __tablename__ = "figure_difference"

    id: Mapped[int] = mapped_column(primary_key=True)
    found_at: Mapped[datetime]
    day: Mapped[date]
    last: Mapped[date | None]
    cut: Mapped[str] = mapped_column(String(20))
    value: Mapped[str] = mapped_column(String(32))
    measure: Mapped[str] = mapped_column(String(32))
    part: Mapped[str] = mapped_column(String(8))
    folded: Mapped[int]
    counted: Mapped[int]

    __table_args__ = (Index("ix_figure_difference_found_at", "found_at", "id"),)
