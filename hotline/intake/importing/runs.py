"""An import that a person starts on a page: the file is looked at, mapped, and taken in by jobs, a piece a transaction.

The rows that were looked at lie beside the file, one a line, so that a piece begins where the last one ended. A piece and how
far it came are one transaction: cut off anywhere, it is done again, and nothing is counted twice. File and rows lie hidden under
the data keys; the file is readable only for as long as it is read, in memory where there is room.
"""

from __future__ import annotations

import json
import re
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import IO, Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from classifier.text.masking.mask import mask
from hotline import outbox
from hotline.city.schema import City
from hotline.errors import Refusal
from hotline.i18n import _
from hotline.installation import Installation
from hotline.intake.importing.arrivals import Arrival, Reader
from hotline.intake.importing.headings import ColumnMap
from hotline.intake.importing.preflight import preflight, tables_of
from hotline.intake.importing.reading.cells import text_of
from hotline.intake.importing.reading.sheets import Row
from hotline.intake.importing.rejects import Rejects
from hotline.intake.importing.take import Outcome, take_in
from hotline.intake.importing.wish import Wish
from hotline.keys import hidden_files
from hotline.keys.readable import forget_readable, readable
from hotline.stored_files.checking import read_before
from hotline.tickets.roles import Actor
from models import ImportRun
from models.store.hidden import Ring, ring_of

PIECE = 250
FEW = 5
LONGEST = 1.0
"""Seconds that a piece may hold the database, where on SQLite nobody else writes meanwhile; its first few rows tell how many fit."""
PREVIEW = 10
KEPT = timedelta(days=30)
"""So long the rows that did not come in can be fetched; the file itself goes when all is done."""


def folder_of(var: Path, run: ImportRun) -> Path:
    return var / "imports" / run.folder


def start(
    db: Session, var: Path, name: str, stream: IO[bytes], options: dict[str, Any], by: Actor, now: datetime
) -> ImportRun:
    """Keep the file and enqueue a look at it. Raises Refusal, and keeps nothing, when the file cannot be read at all."""
    forget_old(db, var, now)
    run = ImportRun(
        created_at=now,
        by_id=by.id,
        by_name=by.name,
        name=name[-200:],
        folder=secrets.token_urlsafe(24),
        options=dict(options),
    )
    folder = folder_of(var, run)
    (folder / "file").mkdir(parents=True, mode=0o700)
    try:
        ring = ring_of(db.get_bind())
        hidden_files.write(_file(folder, name), iter(lambda: stream.read(1 << 20), b""), ring)
        with _readable(var, run, ring) as wish:
            tables = tables_of(wish)
    except Refusal:
        shutil.rmtree(folder)
        raise
    run.options["every_column"] = list(dict.fromkeys(column for table in tables for column in table.columns))[:500]
    db.add(run)
    db.flush()
    look_again(db, run, now)
    return run


def wish_of(var: Path, run: ImportRun) -> Wish:
    told = run.options
    return Wish(
        _file(folder_of(var, run), run.name),
        source=told.get("source", ""),
        channel=told.get("channel", "web"),
        columns=told.get("columns", {}),
        texts=told.get("texts", "recent"),
        sheet=told.get("sheet", ""),
        heading_row=int(told.get("heading_row") or 0),
        history=bool(told.get("history", True)),
        called=run.name,
    )


@contextmanager
def _readable(var: Path, run: ImportRun, ring: Ring) -> Iterator[Wish]:
    """The file as it was sent, under its own name, until it has been read. Raises Refusal when it is no longer there."""
    wish = wish_of(var, run)
    if not wish.path.is_file():
        raise Refusal(_("文件已不在服务器上，请重新上传。"))
    with readable(wish.path, ring, _open_name(run), var) as copy:
        yield replace(wish, path=copy)


def _open_name(run: ImportRun) -> str:
    return f"hotline-import-{run.folder}-"


def look_again(db: Session, run: ImportRun, now: datetime) -> None:
    """The whole file is gone through by a worker; what was found of it before counts no more."""
    run.state, run.trouble, run.looks = "looking", None, run.looks + 1
    outbox.enqueue(db, "import_look", key=f"import_look:{run.id}:{run.looks}", now=now, run_id=run.id, look=run.looks)


def remap(db: Session, run: ImportRun, chosen: dict[str, str], now: datetime) -> None:
    """Which column is what, as a person chose it on the page; what was left as it stood stays found by its meaning."""
    shown = {
        fact: columns[0]
        for sheet in reversed(run.understood.get("sheets", ()))
        if sheet["read"]
        for fact, columns in sheet["columns"].items()
    }
    told = dict(run.options.get("columns", {}))
    told |= {fact: column for fact, column in chosen.items() if column != shown.get(fact, "")}
    run.options = {**run.options, "columns": told}
    look_again(db, run, now)


# --- the look ----------------------------------------------------------------------------------------------------------


def look(installation: Installation, run_id: int, number: int) -> None:
    """Go through the file and write its rows down, outside of any transaction; told afterwards, unless another look was asked for."""
    with installation.readings() as db:
        run = db.get(ImportRun, run_id)
        if run is None or run.looks != number or run.state != "looking":
            return
        db.expunge(run)
    var, ring, trouble, told = installation.settings.var, ring_of(installation.engine), "", {}
    rows = _rows_file(folder_of(var, run), number)
    forget_readable(_open_name(run), var)
    try:
        where = _("导入文件 %(n)d", n=run.id)
        checked = read_before(installation, wish_of(var, run).path, where, run.folder)
        with _readable(var, run, ring) as wish:
            told = _looked(installation.city, wish, rows, ring, installation.clock.now()) | {"checked": checked}
    except Refusal as refusal:
        trouble = refusal.sentence
    with installation.sessions() as db:
        run = db.get_one(ImportRun, run_id, with_for_update=True)
        if run.looks == number and run.state == "looking":
            run.state, run.trouble, run.understood, run.rows = (
                "refused" if trouble else "looked",
                trouble or None,
                told,
                int(told.get("rows", 0)),
            )
            db.commit()


def _looked(city: City, wish: Wish, rows: Path, ring: Ring, now: datetime) -> dict[str, Any]:
    preview: list[dict[str, str]] = []
    with rows.open("w", encoding="ascii") as out:

        def each(table: int, row: Row, arrival: Arrival | None, why: str) -> None:
            out.write(ring.hide(json.dumps(_packed(table, row, arrival), default=text_of)) + "\n")
            if len(preview) < PREVIEW:
                preview.append(_shown(row, arrival, why))

        _plan, found = preflight(wish, city, now, each)
    return {**found.plain(), "preview": preview}


def _packed(table: int, row: Row, arrival: Arrival | None) -> dict[str, Any]:
    number = (arrival.contact.outer_number or "") if arrival else ""
    return {
        "t": table,
        "l": row.line,
        "s": row.sheet,
        "v": row.values,
        "w": row.trouble,
        "r": row.raw,
        "u": row.unkept,
        "n": number,
    }


def _unpacked(line: str) -> tuple[int, Row]:
    held = json.loads(line)
    return held["t"], Row(held["l"], held["v"], held["w"], held["r"], held["s"], tuple(held["u"]), held["n"])


def _shown(row: Row, arrival: Arrival | None, why: str) -> dict[str, str]:
    """A row of the preview, with personal data starred."""
    if arrival is None:
        return {"line": str(row.line), "sheet": row.sheet, "why": why}
    contact, history = arrival.contact, arrival.history
    return {
        "line": str(row.line),
        "sheet": row.sheet,
        "number": "" if (contact.outer_number or "").startswith("sha-") else contact.outer_number or "",
        "body": mask(contact.body)[:80],
        "title": mask(contact.title)[:60],
        "phone": _starred(contact.phone, 3, 4),
        "name": _starred(contact.name, 1, 0),
        "place": "***" if contact.place else "",
        "at": contact.happened_at.isoformat() if contact.happened_at else "",
        "state": history.state if history else "",
        "reply": mask(history.reply)[:40] if history else "",
    }


def _starred(text: str, first: int, last: int) -> str:
    return text[:first] + "***" + (text[-last:] if last else "") if text else ""


# --- the pieces --------------------------------------------------------------------------------------------------------


def begin(db: Session, run: ImportRun, now: datetime) -> None:
    """Raises Refusal unless the file has been looked at and leaves no doubt."""
    if run.state != "looked":
        raise Refusal(_("这个文件还没有检查完，或检查没有通过。"))
    run.state = "running"
    _enqueue_piece(db, run, now)


def take_piece(db: Session, installation: Installation, run_id: int, position: int) -> None:
    """The next rows, in the caller's transaction, and the job for the rest. A piece that was taken already is left alone."""
    run = db.get(ImportRun, run_id, with_for_update=True)
    if run is None or run.state != "running" or run.position != position:
        return
    now, folder, ring = installation.clock.now(), folder_of(installation.settings.var, run), ring_of(db.get_bind())
    rejects = Rejects(folder / f"rejects-{position:015d}.jsonl", ring=ring)
    path = _rows_file(folder, run.looks)
    with path.open("rb") as file:
        file.seek(position)
        for lines in _about_a_second(file):
            rows = [_unpacked(ring.show(line.decode("utf-8", "surrogatepass").rstrip("\n"))) for line in lines]
            outcome, wrong = _taken(db, installation.city, run, rows, installation.settings.var, now)
            for row, reason in wrong:
                rejects.write(row, reason)
            _count(run, outcome, len(lines), len(wrong), run.position + sum(map(len, lines)))
    if run.position >= path.stat().st_size:
        _finish(run, folder, now)
    else:
        _enqueue_piece(db, run, now)


def _about_a_second(file: IO[bytes]) -> Iterator[list[bytes]]:
    """A few lines, and as many more as fit into the time by what the first ones took; never more than PIECE in all."""
    began, read = time.monotonic(), 0
    while lines := list(islice(file, min(PIECE - read, _fitting(read, time.monotonic() - began)))):
        yield lines
        read += len(lines)


def _fitting(read: int, took: float) -> int:
    """How many rows fit into what is left of the time, at the speed so far."""
    return max(0, int(read * (LONGEST / max(took, 1e-6) - 1))) if read else FEW


def _taken(
    db: Session, city: City, run: ImportRun, rows: list[tuple[int, Row]], var: Path, now: datetime
) -> tuple[Outcome, list[tuple[Row, str]]]:
    wish = wish_of(var, run)
    readers = [Reader(city, wish.manner, _map_of(sheet), now) for sheet in run.understood["sheets"] if sheet["read"]]
    wrong: list[tuple[Row, str]] = []
    arrivals: list[Arrival] = []
    for table, row in rows:
        try:
            arrivals.append(readers[table].arrival(row))
        except Refusal as refusal:
            wrong.append((row, refusal.sentence))
    return _one_by_one(db, city, wish.provider, arrivals, wrong, now), sorted(
        wrong, key=lambda one: (one[0].sheet, one[0].line)
    )


def _one_by_one(
    db: Session, city: City, source: str, arrivals: list[Arrival], wrong: list[tuple[Row, str]], now: datetime
) -> Outcome:
    """All at once; when a row is refused after all, each by itself, so that one costs no other."""
    conflicts: list[tuple[Row, str]] = []
    try:
        with db.begin_nested():
            outcome = take_in(db, city, source, arrivals, now, lambda row, reason: conflicts.append((row, reason)))
    except Refusal as refusal:
        if len(arrivals) == 1:
            wrong.append((arrivals[0].row, refusal.sentence))
            return Outcome()
        outcome = Outcome()
        for one in arrivals:
            outcome.add(_one_by_one(db, city, source, [one], wrong, now))
        return outcome
    wrong += conflicts
    return outcome


def _map_of(sheet: dict[str, Any]) -> ColumnMap:
    taken = {fact: tuple(columns) for fact, columns in sheet["columns"].items()}
    return ColumnMap(taken, tuple(sheet["left"]), dict(sheet.get("orders", {})), int(sheet.get("year", 0)))


def _count(run: ImportRun, outcome: Outcome, read: int, wrong: int, reached: int) -> None:
    run.read, run.position = run.read + read, reached
    run.new, run.known, run.conflict = run.new + outcome.new, run.known + outcome.known, run.conflict + outcome.conflict
    run.rejected += wrong - outcome.conflict
    if run.read != run.new + run.known + run.conflict + run.rejected:
        raise AssertionError(f"rows of import {run.id} were lost")


def _enqueue_piece(db: Session, run: ImportRun, now: datetime) -> None:
    outbox.enqueue(
        db,
        "import_piece",
        key=f"import_piece:{run.id}:{run.looks}:{run.position}",
        now=now,
        run_id=run.id,
        position=run.position,
    )


def _finish(run: ImportRun, folder: Path, now: datetime) -> None:
    """Nothing of the citizens' words is kept longer than needed: file and rows go, the rows that did not come in stay a while."""
    run.state, run.finished_at = "done", now
    run.understood = {name: value for name, value in run.understood.items() if name != "preview"}
    shutil.rmtree(folder / "file", ignore_errors=True)
    for path in folder.glob("rows-*"):
        path.unlink(missing_ok=True)


# --- what is left of it ------------------------------------------------------------------------------------------------


def rejects_of(db: Session, var: Path, run: ImportRun) -> Iterator[dict[str, Any]]:
    """The rows that made no ticket, in their order: line, sheet, reason, row."""
    ring = ring_of(db.get_bind())
    for path in sorted(folder_of(var, run).glob("rejects-*.jsonl")):
        with path.open(encoding="utf-8") as file:
            yield from (json.loads(ring.show(line.rstrip("\n"))) for line in file)


def drop(var: Path, run: ImportRun, now: datetime) -> None:
    """Give up a file that was not taken in; what came in already stays."""
    run.state, run.finished_at = "dropped", now
    run.understood = {}
    shutil.rmtree(folder_of(var, run), ignore_errors=True)
    forget_readable(_open_name(run), var)


def forget_old(db: Session, var: Path, now: datetime) -> None:
    """Files and rejected rows that nobody has asked for in a month."""
    for run in db.scalars(select(ImportRun).where(ImportRun.created_at < now - KEPT, ImportRun.state != "running")):
        shutil.rmtree(folder_of(var, run), ignore_errors=True)
        forget_readable(_open_name(run), var)


def _file(folder: Path, name: str) -> Path:
    """Stored in a folder of its own under its own name, as far as that leads nowhere else: sentences name it so."""
    safe = re.sub(r"[\x00-\x1f\x7f/\\:*?\"<>|]", "_", name).strip(" .")[-60:].lstrip(". ")
    return folder / "file" / (safe or "file")


def _rows_file(folder: Path, look_number: int) -> Path:
    return folder / f"rows-{look_number}.jsonl"
