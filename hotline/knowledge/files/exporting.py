"""What is in force as a workbook, under the headings that the import reads: taken out, mended, brought back."""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import date
from typing import Any

from hotline.city.schema import City
from hotline.knowledge.files.headings import FIELDS
from models import Article, ArticleVersion

JOINED = "；"


def workbook(rows: Iterable[tuple[Article, ArticleVersion]], kind: str, city: City) -> bytes:
    """One sheet, one row an article."""
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet()
        fields = [field for field in FIELDS[kind] if not field.endswith("_unit")]
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(fields) - 1, 22)
        sheet.write_row(0, 0, [FIELDS[kind][field][0] for field in fields], book.add_format({"bold": True}))
        for n, (article, version) in enumerate(rows, 1):
            sheet.write_row(n, 0, [_cell(article, version, field, city) for field in fields])
    return out.getvalue()


def _cell(article: Article, version: ArticleVersion, field: str, city: City) -> str:
    if field == "code":
        return article.code or ""
    if field == "unit":
        return article.unit_code
    value: Any = version.guide.get(field, "") if field in version.guide else getattr(version, field, "")
    if isinstance(value, list):
        return JOINED.join(map(str, value))
    return value.isoformat() if isinstance(value, date) else str(value or "")
