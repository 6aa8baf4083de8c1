"""A file is looked at first and told row by row; taken, its rows wait for a second person like everything that was written."""

from __future__ import annotations

import secrets
from datetime import datetime
from pathlib import Path, PurePath
from typing import IO

from sqlalchemy import func, select
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
from models import Article, ArticleVersion, KnowledgeImport
from models.store.hidden import Ring, ring_of

KINDS = (".xlsx", ".xls", ".et", ".ods", ".csv", ".txt", ".docx")
LARGEST = 20 << 20


def look(
    db: Session, city: City, folder: Path, name: str, stream: IO[bytes], kind: str, actor: Actor, now: datetime
) -> KnowledgeImport:
    """Keep the file, and say what its rows would become. Nothing else is written. Raises Refusal."""
    ring = ring_of(db.get_bind())
    stored = _keep(folder, name, stream, ring)
    try:
        rows, columns, left = _read(folder, stored, kind, city, ring, now)
    except Refusal as refusal:
        (folder / stored).unlink(missing_ok=True)
        named = refusal.sentence.replace(stored, PurePath(name).name)  # nobody knows the name under which it is kept
        raise Refusal(named, field="file") from refusal
    run = KnowledgeImport(
        kind=kind,
        name=PurePath(name).name[:200],
        state="looked",
        stored_as=stored,
        columns=columns,
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


def take(db: Session, city: City, folder: Path, run: KnowledgeImport, actor: Actor, now: datetime) -> None:
    """The good rows become versions that wait for release. Raises OutOfTurn when that was done already."""
    if run.state != "looked":
        raise OutOfTurn(_("这个文件已经处理过了。"), code="import_done")
    rows, _columns, _left = _read(folder, run.stored_as, run.kind, city, ring_of(db.get_bind()), now)
    before = _count(db, run, rows)
    for read in rows:
        article = before.get(read.code) if read.code else None
        if read.wording is not None and not _says_the_same(db, article, read):
            _write(db, article, read, run, actor, now)
    run.state, run.taken_at = "taken", now
    (folder / run.stored_as).unlink(missing_ok=True)
    db.flush()
    told = {"title": run.name[:60], "count": str(run.new + run.changed)}
    tell_staff(db, city, "knowledge_import", now, told, role=Role.KNOWLEDGE.value)


def drop(folder: Path, run: KnowledgeImport) -> None:
    if run.state != "looked":
        raise OutOfTurn(_("这个文件已经处理过了。"), code="import_done")
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
    folder: Path, stored: str, kind: str, city: City, ring: Ring, now: datetime
) -> tuple[list[Read], dict[str, str], list[str]]:
    mark = f"hotline-articles-{stored}-"
    forget_readable(mark, folder.parent)
    with readable(folder / stored, ring, mark, folder.parent) as copy:
        return read_file(copy, kind, city, city.calendar.day_of(now))


def _count(db: Session, run: KnowledgeImport, rows: list[Read]) -> dict[str, Article]:
    """Fill in what the rows would do. Returns the articles that have their numbers already."""
    codes = [read.code for read in rows if read.code]
    known = {
        str(one.code): one
        for at in range(0, len(codes), 500)
        for one in db.scalars(select(Article).where(Article.kind == run.kind, Article.code.in_(codes[at : at + 500])))
    }
    good = [read for read in rows if read.wording is not None]
    old = [read for read in good if read.code in known]
    run.same = sum(_says_the_same(db, known[read.code], read) for read in old)
    run.good, run.new, run.changed = len(good), len(good) - len(old), len(old) - run.same
    run.rejects = [
        {"line": read.line, "sheet": read.sheet, "column": read.column, "reason": read.trouble, "row": read.cells}
        for read in rows
        if read.wording is None
    ]
    return known


def _says_the_same(db: Session, article: Article | None, read: Read) -> bool:
    """Whether its newest version has these words already; valid_from is not compared, a file seldom says it."""
    if article is None or read.wording is None:
        return False
    newest = db.scalars(
        select(ArticleVersion).where(ArticleVersion.article_id == article.id).order_by(ArticleVersion.number.desc())
    ).first()
    if newest is None:
        return False
    wording = read.wording
    return newest.state != "returned" and same_words(
        newest, type(wording)(**{**wording.columns(), "valid_from": newest.valid_from})
    )


def _write(db: Session, article: Article | None, read: Read, run: KnowledgeImport, actor: Actor, now: datetime) -> None:
    """A version that waits. A draft or a waiting version of the same article is replaced by what the file says."""
    assert read.wording is not None
    if article is None:
        article = Article(
            kind=run.kind, code=read.code or None, unit_code=read.unit, created_at=now, changed_at=now, uses=0
        )
        db.add(article)
        db.flush()
    rights.need_writer(actor, article.unit_code)
    open_ones = select(ArticleVersion).where(
        ArticleVersion.article_id == article.id, ArticleVersion.state.in_(("draft", "waiting", "returned"))
    )
    for one in db.scalars(open_ones):
        one.state = "replaced"
    highest = db.scalar(select(func.max(ArticleVersion.number)).where(ArticleVersion.article_id == article.id))
    db.add(
        ArticleVersion(
            article_id=article.id,
            number=(highest or 0) + 1,
            state="waiting",
            author_id=actor.id,
            author_name=actor.name,
            written_at=now,
            note=_("导入：%(file)s", file=run.name),
            import_id=run.id,
            **read.wording.columns(),
        )
    )
