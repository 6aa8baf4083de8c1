"""A search as a file: masked, with the reason in the book, and with a note of what it leaves out."""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from io import TextIOWrapper
from typing import IO, Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.i18n import _
from hotline.tickets.lists.ticket_list import Wanted, conditions
from hotline.tickets.privacy import watermark
from hotline.tickets.roles import Actor
from hotline.web.core.formatting import local
from hotline.web.search.csv_files import CsvWriter, Digits
from hotline.web.search.export_columns import Column, lines, needed
from models import Ticket

MOST = 1_000_000
"""What one sheet of a workbook holds, less its head: several years of a large city in one file."""
CHUNK = 1_000
WIDTHS = {"title": 44, "unit": 22, "category": 22}
FORMATS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def rows(db: Session, me: Actor, wanted: Wanted, columns: Collection[Column]) -> Iterator[list[Any]]:
    """The tickets this person may see, newest first, a thousand at a time; never more than MOST + 1."""
    seen, last = 0, None
    while seen <= MOST:
        query = (
            select(*needed(columns))
            .where(*conditions(db, me, wanted))
            .order_by(Ticket.id.desc())
            .limit(min(CHUNK, MOST + 1 - seen))
        )
        found = list(db.execute(query if last is None else query.where(Ticket.id < last)))
        yield from ([one.value(line) for one in columns] for line in lines(db, me, found, columns))
        seen += len(found)
        if len(found) < CHUNK:
            return
        last = found[-1].id


def write(
    kind: str, columns: Sequence[Column], found: Iterator[list[Any]], notes: Sequence[tuple[str, str]]
) -> tuple[IO[bytes], int]:
    """The file, and the number of tickets in it; it says itself whether more were left out. kind: csv or xlsx."""
    file = tempfile.SpooledTemporaryFile(max_size=8 << 20)  # noqa: SIM115 – handed on, closed by the answer
    counted = (_write_csv if kind == "csv" else _write_xlsx)(file, columns, found, notes)
    file.seek(0)
    return file, counted


def notes(me: Actor, asked: str, reason: str, now: datetime, key: str) -> list[tuple[str, str]]:
    """Who exported what and why, and what no file holds; the first two also say it unseen. key: of the watermark."""
    unseen = watermark.mark(me.id or 0, now, key)
    return [
        (_("条件"), asked + unseen),
        (_("导出人"), me.name + unseen),
        (_("导出时间"), local(now)),
        (_("用途"), reason),
        (_("不含"), _("姓名和电话已脱敏，诉求正文和答复不导出；您无权查看的工单（如密封工单）不在其中。")),
    ]


def _counted(n: int, more: bool) -> tuple[str, str]:
    left = _("共 %(n)s 张；一次最多导出 %(most)s 张，更早的没有导出，请按受理日期分几次导出。", n=n, most=MOST)
    return _("张数"), left if more else _("共 %(n)s 张，全部在内。", n=n)


def _write_csv(
    file: Any, columns: Sequence[Column], found: Iterator[list[Any]], said: Sequence[tuple[str, str]]
) -> int:
    """With a mark at the start that tells Excel it is UTF-8."""
    text = TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=True)
    sheet, counted = CsvWriter(text), 0
    sheet.writerow([_(one.head) for one in columns])
    for row in found:
        if counted == MOST:
            counted += 1
            break
        sheet.writerow(_as_text(value) if one.digits else value for one, value in zip(columns, row, strict=True))
        counted += 1
    more = counted > MOST
    counted = min(counted, MOST)
    sheet.writerow([])
    sheet.writerows((_counted(counted, more), *said))
    text.detach()
    return counted


def _write_xlsx(
    file: Any, columns: Sequence[Column], found: Iterator[list[Any]], said: Sequence[tuple[str, str]]
) -> int:
    """Row by row to the disk, so that memory does not grow with the rows."""
    import xlsxwriter  # slow to load, and few processes ever write a workbook

    book = xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet, bold = book.add_worksheet(_("工单")), book.add_format({"bold": True})
    sheet.freeze_panes(1, 1)
    for at, one in enumerate(columns):
        sheet.set_column(at, at, WIDTHS.get(one.key, 15))
    sheet.write_row(0, 0, [_(one.head) for one in columns], bold)
    counted = 0
    for row in found:
        counted += 1
        if counted > MOST:
            break
        sheet.write_row(counted, 0, row)
    more, counted = counted > MOST, min(counted, MOST)
    about = book.add_worksheet(_("说明"))
    about.set_column(0, 0, 12)
    about.set_column(1, 1, 90)
    for n, (term, value) in enumerate((_counted(counted, more), *said)):
        about.write_row(n, 0, (term, value))
    book.close()
    return counted


def _as_text(value: Any) -> str:
    return Digits(value) if str(value).isdigit() else str(value)
