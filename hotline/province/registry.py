"""Which cities may post here, each with a key of its own; who is stopped is not heard any more."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.errors import NotFound, Refusal
from hotline.i18n import _
from hotline.installation import Installation
from hotline.settings import is_host
from hotline.tickets.roles import Role
from models import Cell
from webhooks.partners.partner import Partner

READERS = frozenset({Role.HEAD, Role.SUPERVISOR, Role.CITY_LEADER, Role.DISCIPLINE, Role.ADMINISTRATOR})
"""Who sees the cities side by side."""

OVERLAP = timedelta(hours=24)
"""So long a city may go on with its former key."""

SILENT = timedelta(seconds=50)
"""Cities report every twenty seconds; who has not been heard for so long does not work."""

_NAME = re.compile(r"[a-z][a-z0-9-]{1,23}")


class KnownCells(Mapping[str, Partner]):
    """The cities in force, by name, with the keys they may sign with now: read anew for each post."""

    def __init__(self, installation: Installation):
        self._installation = installation

    def __getitem__(self, name: str) -> Partner:
        with self._installation.readings() as db:
            cell = find(db, name)
            if cell is None or cell.stopped_at is not None:
                raise KeyError(name)
            return Partner(f"cell:{name}", "province", keys_of(cell, self._installation.clock.now()))

    def __iter__(self) -> Iterator[str]:
        with self._installation.readings() as db:
            return iter([one.name for one in cells(db) if one.stopped_at is None])

    def __len__(self) -> int:
        return sum(1 for _name in self)


def keys_of(cell: Cell, now: datetime) -> tuple[str, ...]:
    """The keys that open, the present one first."""
    former = cell.former_key if now - cell.key_at < OVERLAP else None
    return (cell.key, former) if former else (cell.key,)


def cells(db: Session) -> list[Cell]:
    """All of them, by name."""
    return list(db.scalars(select(Cell).order_by(Cell.name)))


def has_cells(db: Session) -> bool:
    """Whether any city reports here: elsewhere nobody looks for them."""
    return db.scalar(select(Cell.name).limit(1)) is not None


def is_silent(cell: Cell, now: datetime) -> bool:
    """Nobody has heard of it for so long that somebody must look."""
    return cell.stopped_at is None and now - (cell.heard_at or cell.registered_at) > SILENT


def find(db: Session, name: str) -> Cell | None:
    """The city of this name."""
    return db.scalar(select(Cell).where(Cell.name == name))


def get(db: Session, name: str) -> Cell:
    """The same to be written to, held for this transaction. Raises NotFound."""
    cell = db.scalar(select(Cell).where(Cell.name == name).with_for_update())
    if cell is None:
        raise NotFound(_("没有登记这个城市。"))
    return cell


def register(
    db: Session, name: str, title: str, title_en: str, address: str, now: datetime, *, private: bool = False
) -> str:
    """A new city; the returned key is shown once and belongs into HOTLINE_PROVINCE_KEY there. Raises Refusal naming each field."""
    problems = {
        "name": "" if _NAME.fullmatch(name) else _("代码由小写字母、数字和短横组成，2 到 24 个字符。"),
        "title": "" if 0 < len(title) <= 40 else _("请填写名称，最多 40 个字。"),
        "title_en": "" if 0 < len(title_en) <= 60 else _("请填写英文名称，最多 60 个字母。"),
        "address": "" if is_host(address, private) and len(address) <= 200 else _wrong_address(),
    }
    if not problems["name"] and find(db, name) is not None:
        problems["name"] = _("“%(name)s”已经登记过。", name=name)
    if problems := {field: sentence for field, sentence in problems.items() if sentence}:
        raise Refusal(" ".join(problems.values()), problems=problems)
    key = _new_key()
    db.add(
        Cell(
            name=name,
            title=title,
            title_en=title_en,
            address=address.rstrip("/"),
            private=private,
            key=key,
            key_at=now,
            registered_at=now,
        )
    )
    db.flush()
    return key


def move(cell: Cell, address: str) -> None:
    """The city listens elsewhere from now on. Raises Refusal."""
    if not is_host(address, cell.private) or len(address) > 200:
        raise Refusal(_wrong_address(), field="address")
    cell.address = address.rstrip("/")


def renew(cell: Cell, now: datetime) -> str:
    """A new key; the former one opens for another day."""
    cell.former_key, cell.key, cell.key_at = cell.key, _new_key(), now
    return cell.key


def stop(cell: Cell, now: datetime) -> None:
    """Nothing is taken from this city any more, and nothing handed to it; what it told stays."""
    cell.stopped_at = now


def resume(cell: Cell, now: datetime) -> None:
    cell.stopped_at, cell.heard_at = None, now


def trust_head(cell: Cell) -> None:
    """A person has looked into the matter: the head that comes next is taken as the first."""
    cell.head_links = cell.head_seal_id = cell.head_hash = cell.head_wrong = cell.head_wrong_at = None


def _new_key() -> str:
    return secrets.token_urlsafe(32)


def _wrong_address() -> str:
    return _("地址写成 https://网址，只到主机名和端口；内网地址可以用 http://。")
