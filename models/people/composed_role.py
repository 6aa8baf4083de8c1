"""A role that the city has composed of the roles the program knows, with fewer of their permissions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from models.store.db import Base


class ComposedRole(Base):
    """base: codes of the roles it is composed of. may: which of their permissions it has (page:…, action:…, ask:…, decide:…, do:…,
    admin:…). What a wearer may is written down with the person (`Staff.limits`) whenever it changes.
    """

    __tablename__ = "composed_role"

    code: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(String(40))
    name_en: Mapped[str] = mapped_column(String(60))
    base: Mapped[list[Any]] = mapped_column(default=list)
    may: Mapped[list[Any]] = mapped_column(default=list)
    changed_at: Mapped[datetime]
