"""Messages of another system become tickets, each once for ever, however often the file is read and wherever it broke off."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from hotline.city.schema import City
from hotline.errors import Refusal
from hotline.i18n import _
from hotline.installation import Installation
from hotline.intake.columns import columns_of
from hotline.intake.open_ticket import Contact, checked, open_tickets
from hotline.intake.tables import FileRow, open_table
from hotline.tickets.roles import SYSTEM
from hotline.tickets.vocabulary import CHANNELS, REQUEST_TYPES, URGENCIES
from models import Receipt

WORDS: dict[str, Mapping[str, str]] = {"channel": CHANNELS, "request_type": REQUEST_TYPES, "urgency": URGENCIES}
LONGEST_SOURCE, LONGEST_NUMBER = 32, 64
RECENT = timedelta(days=3)
TEXTS = ("recent", "all", "none")


@dataclass(frozen=True)
class Wish:
    """What the person who imports said. source: names the other system; its numbers are unique within it.

    texts: whom the hotline may text about these rows: recent (only rows told within the last RECENT; a row without a time
    is old), all, or none.
    """

    path: Path
    source: str = ""
    channel: str = "web"
    columns: Mapping[str, str] = field(default_factory=dict)
    batch: int = 200
    texts: str = "recent"

    @property
    def provider(self) -> str:
        stem = self.path.name.split(".")[0]
        return (self.source or stem)[:LONGEST_SOURCE]

    @property
    def rejects(self) -> Path:
        return self.path.with_name(self.path.name + ".rejects.jsonl")


@dataclass
class ImportResult:
    """read = new + known + rejected, always."""

    read: int = 0
    new: int = 0
    known: int = 0
    rejected: list[tuple[int, str]] = field(default_factory=list)


@dataclass(frozen=True)
class _Candidate:
    row: FileRow
    contact: Contact


def import_file(
    installation: Installation, wish: Wish, progress: Callable[[int, int | None], None] = lambda _n, _of: None
) -> ImportResult:
    """Take a file in, batch by batch, each batch in a transaction of its own.

    progress is told after each batch how many rows were read, of how many. Rows that are wrong are written beside the file
    with their line and the reason. Raises Refusal when the file itself cannot be read.
    """
    table = open_table(wish.path)
    columns = columns_of(table.columns, wish.columns)
    outcome, seen, now = ImportResult(), Counter[str](), installation.clock.now()
    rejects = _Rejects(wish.rejects, outcome)
    while rows := list(islice(table.rows, wish.batch)):
        outcome.read += len(rows)
        wanted = [one for row in rows if (one := _candidate(installation.city, wish, columns, row, seen, rejects, now))]
        _take_in(installation, wish, wanted, outcome, rejects)
        progress(outcome.read, table.count)
    return outcome


def _take_in(
    installation: Installation, wish: Wish, wanted: list[_Candidate], outcome: ImportResult, rejects: _Rejects
) -> None:
    """One batch in one transaction; when a row is refused after all, the batch is undone and each row tried by itself."""
    try:
        new = _open_all(installation, wish, wanted)
    except Refusal as refusal:
        if len(wanted) == 1:
            rejects.write(wanted[0].row, refusal.sentence)
            return
        for one in wanted:
            _take_in(installation, wish, [one], outcome, rejects)
        return
    outcome.new += new
    outcome.known += len(wanted) - new


def _open_all(installation: Installation, wish: Wish, wanted: list[_Candidate]) -> int:
    """Those we were told of before are left alone; returns how many became tickets."""
    now = installation.clock.now()
    with installation.sessions() as db:
        known = set(
            db.scalars(
                select(Receipt.event_id).where(
                    Receipt.provider == wish.provider,
                    Receipt.kind == "contact",
                    Receipt.event_id.in_([one.contact.outer_number for one in wanted]),
                )
            )
        )
        new = [checked(one.contact, installation.city) for one in wanted if one.contact.outer_number not in known]
        made = open_tickets(db, installation.city, new, SYSTEM, now)
        db.commit()
    return len({ticket.id for ticket in made if ticket.created_at == now})


def _candidate(
    city: City,
    wish: Wish,
    columns: Mapping[str, str],
    row: FileRow,
    seen: Counter[str],
    rejects: _Rejects,
    now: datetime,
) -> _Candidate | None:
    """The row as a contact that open_ticket will take; None, with the reason written down, when it will not."""
    if row.trouble:
        rejects.write(row, row.trouble)
        return None
    try:
        contact = checked(contact_of(city, wish, columns, row.values, seen), city)
        return _Candidate(row, replace(contact, quiet=is_quiet(wish, contact, now)))
    except Refusal as refusal:
        rejects.write(row, refusal.sentence)
        return None


def is_quiet(wish: Wish, contact: Contact, now: datetime) -> bool:
    """Whoever called years ago is not texted today that the matter has come in."""
    if wish.texts == "recent":
        return contact.happened_at is None or now - contact.happened_at > RECENT
    return wish.texts == "none"


def contact_of(
    city: City, wish: Wish, columns: Mapping[str, str], values: Mapping[str, Any], seen: Counter[str]
) -> Contact:
    """One row as a contact. seen: how often each wordless number was met, so that equal rows stay apart.

    Columns that are no fact of ours are kept in `extra`. Raises Refusal for an impossible time.
    """
    told = {fact: values.get(column) for fact, column in columns.items()}
    text = {fact: _text(value) for fact, value in told.items()}
    taken = set(columns.values())
    extra = {name: value for name, value in values.items() if name not in taken and value not in (None, "")}
    return Contact(
        body=text.get("body") or text.get("title", ""),
        title=text.get("title", ""),
        channel=_word("channel", text) or wish.channel,
        phone=text.get("phone", ""),
        name=text.get("name", ""),
        place=text.get("place", ""),
        request_type=_word("request_type", text) or "help",
        urgency=_word("urgency", text) or "normal",
        category=text.get("category") or None,
        area=text.get("area") or None,
        outer_source=wish.provider,
        outer_number=_number(text, values, seen),
        happened_at=_moment(told.get("happened_at"), city),
        extra=json.loads(json.dumps(extra, default=str)),
    )


def _number(text: Mapping[str, str], values: Mapping[str, Any], seen: Counter[str]) -> str:
    """The other system's own number; without one, a print of the whole row, and which of its equals it is."""
    if text.get("outer_number"):
        number = text["outer_number"]
        return number if len(number) <= LONGEST_NUMBER else _print_of(number)
    name = _print_of(json.dumps(values, ensure_ascii=False, sort_keys=True, default=str))
    seen[name] += 1
    return name if seen[name] == 1 else f"{name}.{seen[name]}"


def _print_of(text: str) -> str:
    return "sha-" + hashlib.sha256(text.encode()).hexdigest()[:40]


def _word(fact: str, text: Mapping[str, str]) -> str:
    """A code of ours, told as the code or as the Chinese word; what is neither is left for the check to refuse."""
    said = text.get(fact, "")
    return next((code for code, word in WORDS[fact].items() if said in (code, word)), said)


def _text(value: Any) -> str:
    return "" if value is None else str(value).strip()


_TIME = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]*(\d{1,2})[:时](\d{1,2})(?:[:分](\d{1,2})秒?)?分?)?"
)


def _moment(value: Any, city: City) -> datetime | None:
    """A time as offices write it, in the city's zone when it names none. Raises Refusal for what is no time."""
    if value in (None, ""):
        return None
    moment = value if isinstance(value, datetime) else _parsed(str(value).strip())
    if moment is None:
        raise Refusal(
            _("时间“%(value)s”不对，请写成 2026-03-15 14:30 的样子。", value=str(value)[:40]), field="happened_at"
        )
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(city.timezone))


def _parsed(written: str) -> datetime | None:
    found = _TIME.match(written)
    try:
        if found and (found.end() == len(written) or written[found.end()] in " ."):
            year, month, day, hour, minute, second = (int(part or 0) for part in found.groups())
            return datetime.combine(date(year, month, day), time(hour, minute, second))
        return datetime.fromisoformat(written)
    except ValueError:
        return None


class _Rejects:
    """The file of wrong rows: made with the first of them, gone when there are none."""

    def __init__(self, path: Path, outcome: ImportResult):
        self.path, self.outcome = path, outcome
        self.path.unlink(missing_ok=True)

    def write(self, row: FileRow, reason: str) -> None:
        self.outcome.rejected.append((row.line, reason))
        held = {"line": row.line, "reason": reason, "row": row.values or row.raw}
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(held, ensure_ascii=False, default=str) + "\n")
