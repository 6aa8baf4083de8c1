"""A search as a file: masked, with the reason in the book, and with a note of what it leaves out."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterator, Sequence
from datetime import datetime
from io import TextIOWrapper
from typing import IO, Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from classifier.text.masking.mask import mask
from hotline.city.schema import City
from hotline.i18n import _
from hotline.tickets.lists.ticket_list import Wanted, conditions
from hotline.tickets.privacy.redact import known_of_rows, may_read
from hotline.tickets.roles import Actor
from hotline.web.core.formatting import local, masked_name, masked_phone, state_name, word
from hotline.web.core.ticket_words import close_words
from hotline.web.search.query import CARD_NAMES
from models import Ticket

MOST = 50_000
CHUNK = 1_000
FORMATS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
COLUMNS = (
    Ticket.id,
    Ticket.number,
    Ticket.title,
    Ticket.state,
    Ticket.round,
    Ticket.channel,
    Ticket.request_type,
    Ticket.urgency,
    Ticket.category_code,
    Ticket.area,
    Ticket.street,
    Ticket.unit_code,
    Ticket.desk_code,
    Ticket.contact_name,
    Ticket.contact_phone,
    Ticket.created_at,
    Ticket.dispatched_at,
    Ticket.due_at,
    Ticket.closed_at,
    Ticket.close_kind,
    Ticket.card,
    Ticket.urges,
    Ticket.returns,
    Ticket.extensions,
    Ticket.supervised,
    Ticket.dissatisfied,
    Ticket.excluded,
    Ticket.privacy,
    Ticket.agent_id,
)
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""A spreadsheet takes a text that begins so for a formula; some take the wide signs as well."""

AS_TEXT = frozenset({0, 7})
"""The places of numbers and codes: a spreadsheet would round twelve digits, and take the nought off 0204."""


def heads() -> list[str]:
    return [
        _("工单号"),
        _("标题"),
        _("状态"),
        _("轮次"),
        _("来源"),
        _("诉求类型"),
        _("紧急程度"),
        _("类别代码"),
        _("类别"),
        _("区县"),
        _("街道"),
        _("主办单位"),
        _("现在由谁办"),
        _("来电人"),
        _("电话"),
        _("受理时间"),
        _("派单时间"),
        _("期限"),
        _("办结时间"),
        _("办结方式"),
        _("红黄牌"),
        _("催办次数"),
        _("退单次数"),
        _("延期次数"),
        _("督办"),
        _("不满意"),
        _("不计入考核"),
    ]


def rows(db: Session, me: Actor, city: City, wanted: Wanted) -> Iterator[list[Any]]:
    """The tickets this person may see, newest first, a thousand at a time; never more than MOST + 1."""
    seen, last = 0, None
    while seen <= MOST:
        query = (
            select(*COLUMNS)
            .where(*conditions(db, me, wanted))
            .order_by(Ticket.id.desc())
            .limit(min(CHUNK, MOST + 1 - seen))
        )
        found = db.execute(query if last is None else query.where(Ticket.id < last)).all()
        yield from (_row(one, city, me) for one in found)
        seen += len(found)
        if len(found) < CHUNK:
            return
        last = found[-1].id


def write(kind: str, found: Iterator[list[Any]], notes: Sequence[tuple[str, str]]) -> tuple[IO[bytes], int, bool]:
    """The file, the number of tickets in it, and whether more were left out. kind: csv or xlsx."""
    file = tempfile.SpooledTemporaryFile(max_size=8 << 20)  # noqa: SIM115 – handed on, closed by the answer
    counted, more = (_write_csv if kind == "csv" else _write_xlsx)(file, found, notes)
    file.seek(0)
    return file, counted, more


def notes(me: Actor, asked: str, reason: str, now: datetime) -> list[tuple[str, str]]:
    """Who exported what and why, and what no file holds."""
    return [
        (_("条件"), asked),
        (_("导出人"), me.name),
        (_("导出时间"), local(now)),
        (_("用途"), reason),
        (_("不含"), _("姓名和电话已脱敏，诉求正文和答复不导出；您无权查看的工单（如密封工单）不在其中。")),
    ]


def _row(one: Any, city: City, me: Actor) -> list[Any]:
    yes = {True: _("是"), False: ""}
    title, name, phone = _person(one, me)
    return [
        one.number,
        title,
        state_name(one.state),
        one.round,
        word("channels", one.channel),
        word("request_types", one.request_type),
        word("urgencies", one.urgency),
        one.category_code or "",
        city.category_name(one.category_code),
        city.area_name(one.area),
        one.street or "",
        city.unit_name(one.unit_code),
        city.unit_name(one.desk_code),
        name,
        phone,
        local(one.created_at),
        local(one.dispatched_at),
        local(one.due_at),
        local(one.closed_at),
        close_words(one.close_kind),
        _(CARD_NAMES[one.card]) if one.card in CARD_NAMES else "",
        one.urges,
        one.returns,
        one.extensions,
        yes[bool(one.supervised)],
        yes[bool(one.dissatisfied)],
        yes[bool(one.excluded)],
    ]


def _person(one: Any, me: Actor) -> tuple[str, str, str]:
    """Title, name and telephone as this reader may have them."""
    if not may_read(me, one):
        return _("保密工单"), "", ""
    title = mask(one.title, known_of_rows(one.contact_name, one.contact_phone))
    return title, masked_name(one.contact_name), masked_phone(one.contact_phone)


def _counted(n: int, more: bool) -> tuple[str, str]:
    left = _("共 %(n)s 张；一次最多导出 %(most)s 张，更早的没有导出，请按受理日期分几次导出。", n=n, most=MOST)
    return _("张数"), left if more else _("共 %(n)s 张，全部在内。", n=n)


def _write_csv(file: Any, found: Iterator[list[Any]], said: Sequence[tuple[str, str]]) -> tuple[int, bool]:
    """With a mark at the start that tells Excel it is UTF-8; a text that looks like a formula stays a text."""
    text = TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=True)
    sheet, counted = csv.writer(text), 0
    sheet.writerow(heads())
    for row in found:
        if counted == MOST:
            counted += 1
            break
        sheet.writerow([_as_text(value) if at in AS_TEXT else _plain(value) for at, value in enumerate(row)])
        counted += 1
    more = counted > MOST
    counted = min(counted, MOST)
    sheet.writerow([])
    sheet.writerows([_plain(term), _plain(value)] for term, value in (_counted(counted, more), *said))
    text.detach()
    return counted, more


def _write_xlsx(file: Any, found: Iterator[list[Any]], said: Sequence[tuple[str, str]]) -> tuple[int, bool]:
    """Row by row to the disk, so that memory does not grow with the rows."""
    import xlsxwriter  # slow to load, and few processes ever write a workbook

    book = xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet, bold = book.add_worksheet(_("工单")), book.add_format({"bold": True})
    sheet.freeze_panes(1, 1)
    sheet.set_column(0, 0, 15)
    sheet.set_column(1, 1, 44)
    sheet.set_column(2, len(heads()) - 1, 14)
    sheet.write_row(0, 0, heads(), bold)
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
    return counted, more


def _as_text(value: Any) -> str:
    """Digits that stay the digits they are when Excel opens the file and saves it; our own import reads them back."""
    return f'="{value}"' if str(value).isdigit() else str(_plain(value))


def _plain(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value
