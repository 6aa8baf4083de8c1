"""A file is looked at first and told row by row; taken, its rows wait for a second person like everything that was written."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path, PurePath
from typing import IO, Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from hotline import outbox
from hotline.city.schema import City
from hotline.errors import OutOfTurn, Refusal
from hotline.i18n import _
from hotline.keys import hidden_files
from hotline.keys.readable import forget_readable, readable
from hotline.knowledge import rights
from hotline.knowledge.files.rows import Read, read_file
from hotline.knowledge.wording import same_words
from hotline.messages.compose import tell_staff
from hotline.tickets.names import JobName
from hotline.tickets.roles import Actor, Role
from models import Article, ArticleVersion, KnowledgeImport, Staff
from models.store.db import changed
from models.store.hidden import Ring, ring_of
from models.store.rows import insert_numbered

KINDS = (".xlsx", ".xls", ".et", ".ods", ".csv", ".txt", ".docx")
LARGEST = 20 << 20


def look(
    db: Session, city: City, folder: Path, name: str, stream: IO[bytes], kind: str, actor: Actor, now: datetime
) -> KnowledgeImport:
    """Keep the file, and say what its rows would become. Nothing else is written. Raises Refusal."""
    ring = ring_of(db.get_bind())
    stored = _keep(folder, name, stream, ring)
    try:
        owner = _unit_in(actor.unit_code, city)
        rows, columns, left = _read(folder, stored, kind, city, ring, now, owner)
    except Refusal as refusal:
        (folder / stored).unlink(missing_ok=True)
        named = refusal.sentence.replace(stored, PurePath(name).name)  # nobody knows the name under which it is kept
        raise Refusal(named, field="file") from refusal
    run = KnowledgeImport(
        kind=kind,
        name=PurePath(name).name[:200],
        state="looked",
        stored_as=stored,
        columns=_told_columns(columns, owner, city),
        left_out=left[:50],
        rows=len(rows),
        by_id=actor.id,
        by_name=actor.name,
        at=now,
    )
    _count(db, run, rows)
    db.add(run)
    db.flush()
    outbox.enqueue(db, JobName.KNOWLEDGE_FILE, key=f"file:{stored}", now=now, import_id=run.id)
    return run


def _told_columns(columns: dict[str, str], owner: str, city: City) -> dict[str, str]:
    """With the unit to which everything goes where no column names one."""
    names_unit = "unit" in columns or "body" in columns
    return columns if names_unit else columns | {"unit": _("（没有这一列，都归%(unit)s）", unit=city.units[owner].name)}


def own_unit_of(db: Session, staff_id: int | None, city: City) -> str:
    """The unit of whoever brings a file: whose articles are that name none."""
    return _unit_in(db.scalar(select(Staff.unit_code).where(Staff.id == staff_id)), city)


def _unit_in(code: str | None, city: City) -> str:
    return code if code and code in city.units else ""


def read_again(
    city: City, folder: Path, run: KnowledgeImport, ring: Ring, now: datetime, owner: str = ""
) -> list[Read]:
    """The rows of a file that was looked at. It takes a second and asks no database: nobody need wait for it. owner: whose articles
    are that name no unit, see `own_unit_of`. Raises OutOfTurn."""
    if run.state != "looked" or not (folder / run.stored_as).is_file():
        raise _done()
    rows, _columns, _left = _read(folder, run.stored_as, run.kind, city, ring, now, owner)
    return rows


def take(
    db: Session, city: City, folder: Path, run: KnowledgeImport, rows: list[Read], actor: Actor, now: datetime
) -> None:
    """The good ones of its rows become versions that wait for release. Raises OutOfTurn when that was done already."""
    mine = update(KnowledgeImport).where(KnowledgeImport.id == run.id, KnowledgeImport.state == "looked")
    if not changed(db, mine.values(state="taken", taken_at=now)):
        raise _done()
    db.refresh(run)
    before = _count(db, run, rows)
    _write(db, [read for read in rows if not before.says(read)], before, run, actor, now)
    (folder / run.stored_as).unlink(missing_ok=True)
    db.flush()
    told = {"title": run.name[:60], "count": str(run.new + run.changed)}
    tell_staff(db, city, "knowledge_import", now, told, role=Role.KNOWLEDGE.value)


def _done() -> OutOfTurn:
    return OutOfTurn(_("这个文件已经处理过了。"), code="import_done")


def drop(folder: Path, run: KnowledgeImport) -> None:
    if run.state != "looked":
        raise _done()
    run.state = "dropped"
    (folder / run.stored_as).unlink(missing_ok=True)


def _keep(folder: Path, name: str, stream: IO[bytes], ring: Ring) -> str:
    """Hidden under the data keys until it is taken or dropped: who writes guides may send what is not for everybody."""
    ending = PurePath(name).suffix.lower()
    if ending not in KINDS:
        raise Refusal(_("可以导入 %(kinds)s。", kinds="、".join(one[1:] for one in KINDS)), field="file")
    held = stream.read(LARGEST + 1)
    if len(held) > LARGEST:
        raise Refusal(_("文件超过 %(most)d MB。", most=LARGEST >> 20), field="file")
    folder.mkdir(parents=True, exist_ok=True)
    stored = secrets.token_hex(12) + ending
    hidden_files.write(folder / stored, [held], ring)
    return stored


def _read(
    folder: Path, stored: str, kind: str, city: City, ring: Ring, now: datetime, owner: str
) -> tuple[list[Read], dict[str, str], list[str]]:
    mark = f"hotline-articles-{stored}-"
    forget_readable(mark, folder.parent)
    with readable(folder / stored, ring, mark, folder.parent) as copy:
        return read_file(copy, kind, city, city.calendar.day_of(now), owner)


@dataclass(frozen=True)
class Before:
    """What is known already: articles by their numbers, and the newest version of each by the article's own."""

    articles: dict[str, Article]
    newest: dict[int, ArticleVersion]

    def article(self, read: Read) -> Article | None:
        return self.articles.get(read.code) if read.code else None

    def says(self, read: Read) -> bool:
        """Whether its newest version has these words already; valid_from is not compared, a file seldom says it."""
        article = self.article(read)
        newest = self.newest.get(article.id) if article else None
        if newest is None or read.wording is None or newest.state == "returned":
            return False
        return same_words(newest, replace(read.wording, valid_from=newest.valid_from))


def _before(db: Session, kind: str, codes: list[str]) -> Before:
    articles = {str(one.code): one for part in _parts(codes) for one in db.scalars(
        select(Article).where(Article.kind == kind, Article.code.in_(part)))}  # fmt: skip
    versions = (
        select(ArticleVersion).where(ArticleVersion.article_id.in_(part)).order_by(ArticleVersion.number)
        for part in _parts([one.id for one in articles.values()])
    )
    return Before(articles, {one.article_id: one for query in versions for one in db.scalars(query)})


def _parts(all_of_them: list[Any]) -> Iterator[list[Any]]:
    return (all_of_them[at : at + 500] for at in range(0, len(all_of_them), 500))


def _count(db: Session, run: KnowledgeImport, rows: list[Read]) -> Before:
    """Fill in what the rows would do."""
    before = _before(db, run.kind, [read.code for read in rows if read.code])
    good = [read for read in rows if read.wording is not None]
    old = [read for read in good if before.article(read)]
    run.same = sum(map(before.says, old))
    run.good, run.new, run.changed = len(good), len(good) - len(old), len(old) - run.same
    run.rejects = [
        {"line": read.line, "sheet": read.sheet, "column": read.column, "reason": read.trouble, "row": read.cells}
        for read in rows
        if read.wording is None
    ]
    return before


def _write(db: Session, rows: list[Read], before: Before, run: KnowledgeImport, actor: Actor, now: datetime) -> None:
    """Versions that wait, all in a few statements: who writes waits for them. What waited of the same article is replaced."""
    good = [(read, read.wording, before.article(read)) for read in rows if read.wording is not None]
    for read, _wording, article in good:
        rights.need_writer(actor, article.unit_code if article else read.unit)
    fresh = [read for read, _wording, article in good if article is None]
    numbers = iter(insert_numbered(db, Article, [_article(read, run, now) for read in fresh]))
    replaced = [article.id for _read, _wording, article in good if article is not None]
    for part in _parts(replaced):
        waits = ArticleVersion.article_id.in_(part), ArticleVersion.state.in_(("draft", "waiting", "returned"))
        changed(db, update(ArticleVersion).where(*waits).values(state="replaced"))
    rest = _version(run, actor, now)
    insert_numbered(
        db,
        ArticleVersion,
        [
            {**rest, **wording.columns(), "article_id": article.id if article else next(numbers),
             "number": before.newest[article.id].number + 1 if article and article.id in before.newest else 1}
            for _read, wording, article in good
        ],
    )  # fmt: skip


def _article(read: Read, run: KnowledgeImport, now: datetime) -> dict[str, Any]:
    return {
        "kind": run.kind,
        "code": read.code or None,
        "unit_code": read.unit,
        "created_at": now,
        "changed_at": now,
        "uses": 0,
    }


def _version(run: KnowledgeImport, actor: Actor, now: datetime) -> dict[str, Any]:
    """What all versions of one file have in common."""
    return {
        "state": "waiting",
        "author_id": actor.id,
        "author_name": actor.name,
        "written_at": now,
        "note": _("导入：%(file)s", file=run.name),
        "import_id": run.id,
    }
