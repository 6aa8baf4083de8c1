"""What a city remembers of its province: the days it told, the line to it, and the other cities it was told of."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from models.store.db import Base


class ToldDay(Base):
    """A day's figures as they were told last. revision grows whenever they differ; kept: the one the province has confirmed."""

    __tablename__ = "told_day"

    day: Mapped[date] = mapped_column(primary_key=True)
    revision: Mapped[int]
    figures: Mapped[dict[str, Any]] = mapped_column(default=dict)
    kept: Mapped[int] = mapped_column(default=0)


class ProvinceLine(Base):
    """The line to the province, one row. told_at: its last good answer. head_seal_id: the link of our chain that it holds.

    neighbours: its digest of the other cities that it told us of.
    """

    __tablename__ = "province_line"

    name: Mapped[str] = mapped_column(String(8), primary_key=True)
    told_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(String(300))
    head_seal_id: Mapped[int | None]
    neighbours: Mapped[str] = mapped_column(String(64), default="")


class Neighbour(Base):
    """Another city of the province, as the province names it: matters that belong there can be handed over."""

    __tablename__ = "neighbour"

    name: Mapped[str] = mapped_column(String(24), primary_key=True)
    title: Mapped[str] = mapped_column(String(40))
    title_en: Mapped[str] = mapped_column(String(60))
