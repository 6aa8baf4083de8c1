"""Receipts that can be checked without trusting us: each night the stories of all tickets that went on are hashed into one tree,
and its root is told outside together with the head of the seals.

A leaf is the SHA-256 of a ticket's story: a line for each row with its moment, what was done, where it led, and the keyed mark of
all that it says. A citizen who keeps a receipt (the lines and the way up the tree) proves by sha256sum that the root which
everybody was told that night stands over this very story: afterwards nobody can change, leave out or add one of its rows.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hotline.errors import NotFound, Refusal
from hotline.i18n import _
from hotline.tickets.seals.row_seals import AT_ONCE
from models import Seal, Ticket, TicketEvent
from models.store.db import write_json

FOLDER = "receipts"
CHECK_BY_HAND = """\
sha() { sha256sum | cut -c1-64; }
hash=$(sed -n '/^story$/,/^path$/p' receipt.txt | sed '1d;$d' | sha)
for step in $(sed -n '/^path$/,/^root/p' receipt.txt | grep '^[LR] ' | tr ' ' ':'); do
  case $step in
    L:*) hash=$(printf %s%s "${step#L:}" "$hash" | sha) ;;
    R:*) hash=$(printf %s%s "$hash" "${step#R:}" | sha) ;;
  esac
done
day=$(sed -n 's/^day //p' receipt.txt)
grep "\\"at\\": \\"$day" heads.jsonl | grep -q "$hash" && echo OK || echo CHANGED
"""
"""The same with the shell's own tools; a test runs it."""

_SIDE = re.compile(r"([LR]) ([0-9a-f]{64})")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class Receipt:
    """story: its lines. path: the neighbours on the way up, L or R for the side on which each stands. day: when the root was told."""

    number: str
    day: str
    story: tuple[str, ...]
    path: tuple[tuple[str, str], ...]
    root: str

    def text(self) -> str:
        """As it is handed out; sections have their names on lines of their own."""
        way = [f"{side} {value}" for side, value in self.path]
        return (
            "\n".join(["receipt 1", f"day {self.day}", "story", *self.story, "path", *way, f"root {self.root}"]) + "\n"
        )


# --- each night --------------------------------------------------------------------------------------------------------


def days(folder: Path) -> set[str]:
    """The nights whose leaves were written."""
    return {path.stem for path in folder.glob("*.leaves")}


def write_leaves(db: Session, folder: Path, key: bytes, day: str) -> str:
    """Write the leaves of every ticket whose story went on since the last night; returns the root, "" when there was none.

    Only sealed rows count, so that no transaction is still on its way among them. A night that is tried again finds its file.
    """
    file = folder / f"{day}.leaves"
    if not file.exists():
        since = max((_until(path) for path in folder.glob("*.leaves")), default=0)
        until = db.scalar(select(func.max(Seal.last_id)).where(Seal.log == TicketEvent.__tablename__)) or 0
        leaves = list(_leaves(db, key, since, until))
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        beside = file.with_suffix(".new")
        beside.write_text("".join(f"{line}\n" for line in (f"until {until}", *leaves)))
        beside.replace(file)
    return root_of([leaf for _number, leaf in _read(file)])


def _leaves(db: Session, key: bytes, since: int, until: int) -> Iterable[str]:
    """`number leaf` for each ticket with a row after `since`, over its whole story up to `until`."""
    moved = select(TicketEvent.ticket_id).where(TicketEvent.id > since, TicketEvent.id <= until)
    wanted = (
        select(Ticket.number, *_COLUMNS)
        .join(Ticket, Ticket.id == TicketEvent.ticket_id)
        .where(TicketEvent.ticket_id.in_(moved), TicketEvent.id <= until)
        .order_by(TicketEvent.ticket_id, TicketEvent.id)
    )
    rows = db.execute(wanted.execution_options(yield_per=AT_ONCE))
    for number, story in groupby(rows, key=lambda row: str(row[0])):
        yield f"{number} {leaf_of(_lines(number, (row[1:] for row in story), key))}"


# --- a citizen's own ---------------------------------------------------------------------------------------------------


def receipt_of(db: Session, folder: Path, key: bytes, ticket: Ticket) -> Receipt:
    """The receipt of the last night that this ticket's story went on. Raises NotFound before the first night, and Refusal when
    the story is not the one that was sealed."""
    for file in sorted(folder.glob("*.leaves"), reverse=True):
        leaves = _read(file)
        place = next((n for n, (number, _leaf) in enumerate(leaves) if number == ticket.number), None)
        if place is not None:
            return _receipt(db, key, ticket, file, leaves, place)
    raise NotFound(_("凭证每天夜里生成，请明天再来下载。"), code="no_receipt_yet")


def _receipt(
    db: Session, key: bytes, ticket: Ticket, file: Path, leaves: Sequence[tuple[str, str]], place: int
) -> Receipt:
    mine = select(*_COLUMNS).where(TicketEvent.ticket_id == ticket.id, TicketEvent.id <= _until(file))
    story = _lines(ticket.number, db.execute(mine.order_by(TicketEvent.id)), key)
    if leaf_of(story) != leaves[place][1]:
        raise Refusal(_("这张工单的办理记录与封存时不一致，请拨打热线，并要求核查。"), code="story_was_changed")
    level, path = [leaf for _number, leaf in leaves], []
    while len(level) > 1:
        other = place ^ 1
        if other < len(level):
            path.append(("L" if other < place else "R", level[other]))
        level, place = _above(level), place // 2
    return Receipt(ticket.number, file.stem, tuple(story), tuple(path), level[0])


# --- anybody -----------------------------------------------------------------------------------------------------------


def check(text: str, roots: Iterable[tuple[str, str]]) -> Receipt:
    """A receipt whose way leads to a root that was told that day. roots: (day, root). Raises Refusal saying where it breaks."""
    read = _parsed(text)
    value = leaf_of(read.story)
    for side, other in read.path:
        value = node_of(other, value) if side == "L" else node_of(value, other)
    if value != read.root:
        raise Refusal(_("凭证里的记录被改动过：算出来的根与写明的不同。"), code="receipt_was_changed")
    if (read.day, read.root) not in set(roots):
        raise Refusal(_("这一天公布的链头里没有这个根：凭证或链头不是原来的。"), code="root_was_not_told")
    return read


def leaf_of(story: Iterable[str]) -> str:
    return _sha("".join(f"{line}\n" for line in story))


def node_of(left: str, right: str) -> str:
    return _sha(f"{left}{right}")


def root_of(leaves: Sequence[str]) -> str:
    level = list(leaves)
    while len(level) > 1:
        level = _above(level)
    return level[0] if level else ""


_NAMES = [column.key for column in TicketEvent.__table__.columns if column.key != "mark"]
_COLUMNS = tuple(getattr(TicketEvent, name) for name in _NAMES)


def _lines(number: str, rows: Iterable[Sequence[object]], key: bytes) -> list[str]:
    """The first line names the ticket, so that no other story fits the leaf."""
    return [f"ticket {number}", *(_line(dict(zip(_NAMES, row, strict=True)), key) for row in rows)]


def _line(row: dict[str, object], key: bytes) -> str:
    mark = hmac.new(key, write_json({name: row[name] for name in sorted(row)}).encode(), hashlib.sha256).hexdigest()
    return f"{row['at']:%Y-%m-%dT%H:%M:%SZ} {row['action']} {row['to_state']} {mark}"


def _above(level: Sequence[str]) -> list[str]:
    """The next level; one without a neighbour rises as it is."""
    pairs = [level[at : at + 2] for at in range(0, len(level), 2)]
    return [node_of(*pair) if len(pair) == 2 else pair[0] for pair in pairs]


def _sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _until(file: Path) -> int:
    with file.open() as lines:
        return int(lines.readline().split()[1])


def _read(file: Path) -> list[tuple[str, str]]:
    numbered = (line.split() for line in file.read_text().splitlines()[1:])
    return [(number, leaf) for number, leaf in numbered]


def _parsed(text: str) -> Receipt:
    lines = text.splitlines()
    try:
        story, path, root = (lines.index("story"), lines.index("path"), lines[-1].removeprefix("root "))
        day = lines[1].removeprefix("day ")
        told, way = lines[story + 1 : path], [_SIDE.fullmatch(line) for line in lines[path + 1 : -1]]
        number = told[0].removeprefix("ticket ")
    except (ValueError, IndexError):
        raise Refusal(_("这不是办理记录凭证。"), code="no_receipt") from None
    if not _DAY.fullmatch(day) or None in way:
        raise Refusal(_("这不是办理记录凭证。"), code="no_receipt")
    return Receipt(number, day, tuple(told), tuple((one[1], one[2]) for one in way if one), root)
