"""The bodies that handle tickets, as the city's files name them, and which city release is loaded."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.store.db import Base


class Unit(Base):
    """kind: hotline, department, area, bureau, town, utility or outside. A unit gone from the files is retired, never deleted."""

    __tablename__ = "unit"

    code: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(String(64))
    name_en: Mapped[str] = mapped_column(String(96))
    kind: Mapped[str] = mapped_column(String(16))
    parent_code: Mapped[str | None] = mapped_column(ForeignKey("unit.code"))
    area: Mapped[str | None] = mapped_column(String(32))
    retired_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_unit_parent_code", "parent_code"),)


class CityRelease(Base):
    """One loaded version of the city's files, so that any decision can be replayed."""

    __tablename__ = "city_release"

    release: Mapped[str] = mapped_column(String(16), primary_key=True)
    city: Mapped[str] = mapped_column(String(32))
    loaded_at: Mapped[datetime]
