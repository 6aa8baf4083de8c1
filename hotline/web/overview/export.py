"""The overview as files that add up to the page: every figure with its parts, what was left out and why. No personal data."""

from __future__ import annotations

import io
from typing import Any

from hotline.i18n import N_, _
from hotline.metrics import counting
from hotline.metrics.rates import Rate
from hotline.web.core.formatting import local
from hotline.web.core.request_context import here
from hotline.web.overview import figures
from hotline.web.overview.filters import OverviewFilter
from hotline.web.search.csv_files import CsvWriter

HEADS = (
    N_("分组"),
    N_("名称"),
    N_("指标"),
    N_("数值"),
    N_("分子"),
    N_("分母"),
    N_("剔除"),
    N_("剔除原因"),
    N_("95% 区间下限"),
    N_("95% 区间上限"),
    N_("样本太少"),
    N_("参考"),
    N_("定义版本"),
    N_("算法"),
)
ALL = N_("全部")
GROUPS = {"": ALL, "unit": N_("按单位"), "category": N_("按类别"), "channel": N_("按渠道"), "area": N_("按区县")}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def lines(asked: OverviewFilter, rates: dict[str, Rate]) -> list[list[Any]]:
    """One line per figure: first of the whole, then of each unit, category, channel and area."""
    found = [_line(GROUPS[""], _(ALL), rate) for rate in rates.values()]
    for by in figures.BY:
        values = counting.rates_by(here.db, asked.question, by, figures.COLUMNS)
        for code, held in sorted(values.items(), key=lambda item: item[0] or ""):
            name = figures.name_of(by, code, here.city)
            found += [_line(GROUPS[by], name, rate) for rate in held.values() if rate.of or rate.excluded]
    return found


def as_csv(rows: list[list[Any]]) -> tuple[bytes, str]:
    """UTF-8 with a byte order mark, so that a spreadsheet opens the Chinese right."""
    out = io.StringIO()
    writer = CsvWriter(out)
    writer.writerow([_(head) for head in HEADS])
    writer.writerows(rows)
    return ("\ufeff" + out.getvalue()).encode(), "text/csv"


def as_xlsx(asked: OverviewFilter, rows: list[list[Any]]) -> tuple[bytes, str]:
    """A sheet that says what was asked and what is left out, and one with the figures."""
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        bold, share = book.add_format({"bold": True}), book.add_format({"num_format": "0.0%"})
        about = book.add_worksheet(_("说明"))
        about.set_column(0, 0, 22)
        about.set_column(1, 1, 90)
        for n, (term, value) in enumerate(_about(asked)):
            about.write_string(n, 0, term, bold)
            about.write_string(n, 1, value)
        sheet = book.add_worksheet(_("指标"))
        sheet.freeze_panes(1, 3)
        sheet.autofilter(0, 0, len(rows), len(HEADS) - 1)
        sheet.set_column(0, 0, 10)
        sheet.set_column(1, 2, 24)
        sheet.set_column(7, 7, 28)
        sheet.set_column(13, 13, 70)
        sheet.write_row(0, 0, [_(head) for head in HEADS], bold)
        for n, row in enumerate(rows, 1):
            for column, value in enumerate(row):
                sheet.write(n, column, value, share if column in (3, 8, 9) else None)
    return out.getvalue(), XLSX


def _about(asked: OverviewFilter) -> list[tuple[str, str]]:
    question = asked.question
    part = "；".join(f"{name}={value}" for name, value in asked.part.items()) or _(ALL)
    return [
        (_("城市"), here.city.title),
        (_("时间段"), f"{local(question.start)} – {local(question.end)}"),
        (_("范围"), part),
        (_("导出时间"), local(here.now)),
        (_("城市版本"), here.city.release),
        (_("剔除"), _("经批准剔除统计的工单、撤诉、无效回访、未到期的不计入，件数和原因逐行列出。")),
        (_("样本太少"), _("分母少于 %(n)d 的比率不宜比较。", n=question.few)),
        (_("部分解决"), _("部分解决按 %(w)s 计。", w=question.partly)),
        (_("密封工单"), asked.sealed_words),
        (_("个人信息"), _("本文件不含个人信息。")),
    ]


def _line(group: str, name: str, rate: Rate) -> list[Any]:
    low, high = rate.interval or (None, None)
    why = "；".join(f"{reason} {n}" for reason, n in rate.why)
    return [
        _(group),
        name,
        rate.name,
        _rounded(rate.value),
        rate.n,
        rate.of,
        rate.excluded,
        why,
        _rounded(low),
        _rounded(high),
        _("是") if rate.of and rate.too_few else "",
        rate.reference,
        rate.version,
        figures.formula(rate.key),
    ]


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 4)
