"""The overview as a file and as lists, read back: what the workbook holds, and how many rows stand behind a figure."""

from __future__ import annotations

import io
import re

import openpyxl
from flask.testing import FlaskClient

MARCH = "period=custom&from=2026-03-02&to=2026-03-31"
APRIL = "period=custom&from=2026-04-01&to=2026-04-30"


def printed(head: FlaskClient, period: str) -> tuple[dict[str, tuple[float, int, int]], dict[str, tuple[float, int]]]:
    """The sheet of the workbook: each figure of the whole, and the sums over its units."""
    answer = head.post(f"/overview/export?{period}", data={"kind": "xlsx"})
    assert answer.status_code == 200, answer.get_data(as_text=True)[:3000]
    sheet = openpyxl.load_workbook(io.BytesIO(answer.data), read_only=True)["指标"]
    whole: dict[str, tuple[float, int, int]] = {}
    units: dict[str, tuple[float, int]] = {}
    for group, _name, figure, _value, hits, of, out, *_more in sheet.iter_rows(values_only=True):
        if group == "全部":
            whole[figure] = (hits, of, out)
        elif group == "按单位":
            n, many = units.get(figure, (0, 0))
            units[figure] = (n + hits, many + of)
    return whole, units


def listed(head: FlaskClient, period: str, key: str, part: str) -> int:
    """How many rows stand behind this part of a figure, page after page."""
    path, found = f"/overview/tickets?{period}&metric={key}&part={part}", 0
    while path:
        page = head.get(path).get_data(as_text=True)
        found += len(re.findall(r"<tr[^>]*>\s*<td", page))
        onward = re.search(r'href="([^"]*after=[^"]*)"', page)
        path = onward.group(1).replace("&amp;", "&") if onward else ""
    return found
