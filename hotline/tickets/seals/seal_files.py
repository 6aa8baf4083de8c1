"""The seals' key and the heads of their chain, both in files outside the database: whoever holds only the database can neither
make the chain anew nor cut it off without its being seen."""

from __future__ import annotations

import json
import os
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from hotline.i18n import N_, _
from hotline.installation import Installation
from hotline.ops import mail
from hotline.settings import Settings, kept_secret
from hotline.tickets.seals import chain, checking, receipts, row_seals
from hotline.tickets.seals.chain import Head, Verdict
from hotline.tickets.seals.receipts import Receipt
from models import Seal, Ticket
from models.store import log_months

KEY, NEWEST, NIGHTLY = "seal_key", "seal_head.json", "seal_heads.jsonl"
"""NIGHTLY grows by a line each night and is the one to copy to another machine or to print."""

HEAD = frozenset({"links", "seal_id", "hash"})
NEWEST_GONE = N_("最新的封条头文件 %(name)s 不在了：被删除过。")


def seal_key(settings: Settings) -> bytes:
    """Made on the first seal. It belongs into the safe, not into the backup of the database."""
    return kept_secret(settings.var, KEY).encode()


def seal_books(installation: Installation, now: datetime) -> None:
    """Seal what has settled, then tell the new head outside."""
    with installation.sessions() as db:
        sealed = chain.seal(db, now, key=seal_key(installation.settings))
        db.commit()
        if sealed:
            _write(installation.settings.var / NEWEST, _line(chain.head_of(db), now))


def turn_months(installation: Installation, _now: datetime) -> None:
    """Logs that lie by month go on in the new one, and the months to come are made."""
    with installation.engine.begin() as connection:
        log_months.keep(connection, installation.city.timezone)


def publish_head(installation: Installation, now: datetime) -> None:
    """Once a night the head goes into the file that only grows, with the root over all stories that went on (see `receipts`)."""
    settings = installation.settings
    with installation.readings() as db:
        head = chain.head_of(db)
        if head is None:
            return
        root = receipts.write_leaves(db, settings.var / receipts.FOLDER, seal_key(settings), f"{now:%Y-%m-%d}")
    line = _line(head, now, root)
    _append(settings.var / NIGHTLY, line, now)
    if settings.heads_copy is not None:
        _append(settings.heads_copy / f"{installation.city.code}-{NIGHTLY}", line, now)
    if settings.heads_mail:
        _mail(settings, installation.city.name, line)


def verify(
    db: Session, settings: Settings, more: Path | None = None, until: int | None = None, processes: int = 1
) -> Verdict:
    """The chain against the key and every head that was told. more: a copy of the heads kept elsewhere.

    until: of a restored backup, how many links there were; what was told later is not in it. processes: more than one only
    where nobody writes meanwhile.
    """
    if lacking := _tables_lacking(db):
        return Verdict(0, 0, [_("数据表 %(names)s 不在了：被删除或改名过。", names="、".join(lacking))])
    key = settings.var / KEY
    heads = [head for head in published_heads(settings, more) if until is None or head.links <= until]
    secret = key.read_text().strip().encode() if key.exists() else b""
    lost = Verdict(0, 0, _files_lost(settings.var, more) if until is None else [])
    if processes > 1:
        return chain.together([checking.check_side_by_side(db, settings, secret, heads, processes), lost])
    return chain.together([checking.check(db, secret, heads), lost])


def verify_here(db: Session, settings: Settings, more: Path | None = None) -> Verdict:
    """`verify` of the installation whose files these are: once anything was sealed its newest head lies beside the database.

    Before the first night no other file says that it was there.
    """
    found = verify(db, settings, more)
    begun = (
        db.scalar(select(Seal.id).where(Seal.version >= chain.KEYED).limit(1))
        if inspect(db.connection()).has_table("seal")
        else None
    )
    said = _(NEWEST_GONE, name=NEWEST)
    if begun is None or (settings.var / NEWEST).exists() or more is not None or said in found.problems:
        return found
    return chain.together([found, Verdict(0, 0, [said])])


def _tables_lacking(db: Session) -> list[str]:
    """What is to be checked and is not there at all."""
    asked = inspect(db.connection())
    needed = [Seal.__tablename__, *chain.LOGS, *(table.__tablename__ for table in row_seals.NAMES)]
    return [name for name in needed if not asked.has_table(name)]


def _files_lost(var: Path, more: Path | None) -> list[str]:
    """Files of heads of which the others say that they were there: without them a chain that was cut off would not be seen."""
    said = []
    for path in (var / NIGHTLY, var / NEWEST, more):
        if path and (broken := _unreadable(path)):
            lines = _("、").join(map(str, broken[:9]))
            said.append(
                _("封条头文件 %(name)s 的第 %(lines)s 行读不出：被改动过，或没有写完。", name=path.name, lines=lines)
            )
    if (var / NIGHTLY).exists() and not (var / NEWEST).exists():
        said.append(_(NEWEST_GONE, name=NEWEST))
    told = {line["at"][:10] for path in (var / NIGHTLY, more) if path for line in _lines(path)}
    if missing := sorted(receipts.days(var / receipts.FOLDER) - told):
        said.append(
            _("每晚的封条头文件 %(name)s 里没有 %(days)s：被删除或截短过。", name=NIGHTLY, days="、".join(missing[:9]))
        )
    return said


def published_heads(settings: Settings, more: Path | None = None) -> list[Head]:
    """Every head that was told. more: a copy kept elsewhere."""
    return [head for path in (settings.var / NIGHTLY, settings.var / NEWEST, more) if path for head in read_heads(path)]


def read_heads(path: Path) -> list[Head]:
    """The heads of a file, none when there is no such file."""
    return [Head(line["links"], line["seal_id"], line["hash"]) for line in _lines(path) if line.keys() >= HEAD]


def receipt_of(db: Session, settings: Settings, ticket: Ticket) -> Receipt:
    """What a citizen may keep of their ticket. Raises NotFound and Refusal."""
    return receipts.receipt_of(db, settings.var / receipts.FOLDER, seal_key(settings), ticket)


def read_roots(path: Path) -> list[tuple[str, str]]:
    """(day, root) of each night in a file of heads; heads of earlier releases have no root."""
    return [(line["at"][:10], line["root"]) for line in _lines(path) if line.get("root")]


def _lines(path: Path) -> list[dict[str, Any]]:
    """What was told night by night, nothing where there is no such file. A line that nobody can read is `_unreadable`."""
    return [told for _number, told in _numbered(path) if told is not None]


def _unreadable(path: Path) -> list[int]:
    """Lines that were changed, or not written to their end."""
    return [number for number, told in _numbered(path) if told is None]


def _numbered(path: Path) -> list[tuple[int, dict[str, Any] | None]]:
    if not path.is_file():
        return []
    text = path.read_bytes().decode("utf-8", "replace")
    return [(number, _told(line)) for number, line in enumerate(text.split("\n"), 1) if line.strip()]


def _told(line: str) -> dict[str, Any] | None:
    try:
        told = json.loads(line)
        datetime.fromisoformat(told["at"])
        whole = not told.keys() & HEAD or (
            type(told["links"]) is type(told["seal_id"]) is int and type(told["hash"]) is str
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    return told if whole and type(told.get("root", "")) is str else None


def _line(head: Head | None, now: datetime, root: str = "") -> str:
    told = {"at": now.isoformat(), **(head.__dict__ if head else {}), **({"root": root} if root else {})}
    return json.dumps(told, sort_keys=True) + "\n"


def _append(path: Path, line: str, now: datetime) -> None:
    """Once a day, although a night whose mail failed is tried again."""
    told = _lines(path)
    if told and told[-1]["at"][:10] == now.isoformat()[:10]:
        return
    torn = path.exists() and not path.read_bytes().endswith(b"\n") and path.stat().st_size > 0
    with os.fdopen(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600), "a") as file:
        file.write("\n" + line if torn else line)


def _mail(settings: Settings, city: str, line: str) -> None:
    """To people outside the hotline, who need only keep it."""
    told = _("请保存这封信。日志若被截断或重做，用它可以查出来：hotline audit verify --head 文件")
    sender = settings.mail_from or settings.heads_mail[0]
    subject = _("%(city)s热线日志封条", city=city)
    mail.send(settings.smtp_url, sender, ", ".join(settings.heads_mail), subject, f"{told}\n\n{line}")


def _write(path: Path, text: str) -> None:
    """Whole or not at all."""
    beside = path.with_suffix(".new")
    with os.fdopen(os.open(beside, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
    beside.replace(path)
