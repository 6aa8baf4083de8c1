"""The month of broken rules as a workbook or CSV: the numbers of the units, and every record behind them."""

from __future__ import annotations

import io
from collections.abc import Sequence

from hotline.city.monitoring.schema import SEVERITIES
from hotline.i18n import N_, _
from hotline.monitoring.report import STATES, UnitMonth, Wish
from hotline.web.core.formatting import local
from hotline.web.core.request_context import here
from hotline.web.monitoring.asked import Row
from hotline.web.search.csv_files import CsvWriter

MOST_ON_PAPER = 500
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEADS = (
    N_("工单号"),
    N_("违反的规则"),
    N_("轻重"),
    N_("依据"),
    N_("单位"),
    N_("岗位"),
    N_("违反时间"),
    N_("是否计入"),
    N_("撤销人"),
    N_("撤销理由"),
)


def write(kind: str, month: str, wish: Wish, units: Sequence[UnitMonth], rows: Sequence[Row]) -> tuple[bytes, str]:
    """The file and its media type; a CSV holds the records alone."""
    records = [_record(one, wish.state) for one in rows]
    if kind == "csv":
        out = io.StringIO()
        writer = CsvWriter(out)
        writer.writerow([_(head) for head in HEADS])
        writer.writerows(records)
        return ("\ufeff" + out.getvalue()).encode(), "text/csv"
    return _workbook(month, units, records), XLSX


def _workbook(month: str, units: Sequence[UnitMonth], records: Sequence[Sequence[str]]) -> bytes:
    import xlsxwriter  # slow to load, and few processes ever write a workbook

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        bold = book.add_format({"bold": True})
        sheet = book.add_worksheet(_("各单位 %(month)s", month=month))
        sheet.set_column(0, 0, 28)
        sheet.write_row(
            0, 0, [_("单位"), *(_(name) for name in SEVERITIES.values()), *(_(name) for name in STATES.values())], bold
        )
        for n, unit in enumerate(units, 1):
            sheet.write_row(n, 0, [here.city.unit_name(unit.unit) or _("没有单位"), *_numbers(unit)])
        detail = book.add_worksheet(_("逐条"))
        detail.freeze_panes(1, 1)
        detail.set_column(0, 0, 16)
        detail.set_column(1, 4, 26)
        detail.set_column(5, 9, 18)
        detail.write_row(0, 0, [_(head) for head in HEADS], bold)
        for n, record in enumerate(records, 1):
            detail.write_row(n, 0, record)
    return out.getvalue()


def _numbers(unit: UnitMonth) -> list[int]:
    return [*(unit.by_severity[code] for code in SEVERITIES), *(unit.by_state[code] for code in STATES)]


def _record(row: Row, state: str) -> list[str]:
    one = row.violation
    return [
        row.number,
        row.name,
        _(SEVERITIES[row.severity]),
        row.basis,
        row.unit,
        row.post,
        local(one.at),
        _(STATES[state]),
        one.withdrawn_by_name or "",
        one.reason or "",
    ]
