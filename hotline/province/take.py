"""A city's report is taken: its days by revision, however often and in whatever order they come, and the head of its seals held
against the one before."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from hotline.installation import Installation
from hotline.province import pass_on, registry
from models import Cell, CellDay, CellHead
from webhooks.cells.forms import VERSION, Day, Head, Proof, Report
from webhooks.cells.posts import Passed


class ProvinceDoors:
    """What stands behind the doors for cities: each report is one transaction."""

    def __init__(self, installation: Installation):
        self.installation = installation

    def report(self, name: str, report: Report, now: datetime) -> Mapping[str, Any]:
        with self.installation.sessions() as db:
            answer = take(db, registry.get(db, name), report, now)
            db.commit()
        return answer

    def pass_on(self, name: str, other: str, door: str, content: Mapping[str, Any], now: datetime) -> Passed | None:
        return pass_on.pass_on(self.installation, name, other, door, content, now)


def take(db: Session, cell: Cell, report: Report, now: datetime) -> dict[str, Any]:
    """Keep what is new; the answer: the version of our posts, the revision of each told day that is held, the link of the
    city's chain that is held, and the other cities where the city knows of others than these."""
    kept = {f"{day.day:%Y-%m-%d}": _keep_day(db, cell, day, now) for day in report.days}
    _check_head(db, cell, report.head, report.proof, now)
    cell.heard_at, cell.program, cell.speaks = now, report.program, report.version
    cell.late, cell.dead = report.late, report.dead
    db.flush()
    answer: dict[str, Any] = {"version": VERSION, "kept": kept, "head": cell.head_seal_id}
    others = [(one.name, one.title, one.title_en) for one in registry.cells(db) if _is_neighbour(one, cell)]
    if (digest := digest_of(others)) != report.neighbours:
        answer |= {"cells": [dict(zip(("name", "title", "title_en"), one, strict=True)) for one in others]}
        answer |= {"neighbours": digest}
    return answer


def digest_of(cells: list[tuple[str, str, str]]) -> str:
    """The same for the same cities in the same order."""
    return hashlib.sha256(json.dumps(cells).encode()).hexdigest()


def _keep_day(db: Session, cell: Cell, told: Day, now: datetime) -> int:
    """The revision that is held afterwards. One that is told again under the same number is taken as it is told last: a city that
    was restored from a backup counts on from an earlier number."""
    held = db.get(CellDay, (cell.name, told.day))
    if held is None:
        held = CellDay(cell=cell.name, day=told.day, revision=0)
        db.add(held)
    if told.revision >= held.revision and held.figures != told.figures:
        held.figures, held.taken_at = dict(told.figures), now
    held.revision = max(held.revision, told.revision)
    held.taken_at = held.taken_at or now
    return held.revision


def _check_head(db: Session, cell: Cell, head: Head | None, proof: Proof | None, now: datetime) -> None:
    """The chain must still say at the link that is held what it said then; only then the new head is held.

    A head that comes without such a proof waits: the city learns from the answer which link to prove.
    """
    if head is None or cell.head_wrong is not None:
        return
    if cell.head_seal_id is not None:
        if proof is None or proof.seal_id != cell.head_seal_id:
            return
        wrong = "cut" if not proof.hash or head.links < (cell.head_links or 0) else ""
        if wrong or proof.hash != cell.head_hash:
            cell.head_wrong, cell.head_wrong_at = wrong or "changed", now
            return
    cell.head_links, cell.head_seal_id, cell.head_hash = head.links, head.seal_id, head.hash
    _write_down(db, cell, head, now)


def _write_down(db: Session, cell: Cell, head: Head, now: datetime) -> None:
    row = db.get(CellHead, (cell.name, now.date()))
    if row is None:
        row = CellHead(cell=cell.name, day=now.date())
        db.add(row)
    row.links, row.seal_id, row.hash, row.heard_at = head.links, head.seal_id, head.hash, now


def _is_neighbour(one: Cell, cell: Cell) -> bool:
    return one.stopped_at is None and one.name != cell.name
