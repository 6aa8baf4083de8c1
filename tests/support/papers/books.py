"""Workbooks written part by part, so that a test can write what Excel, WPS and Java libraries really write, mistakes included."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STYLES = (
    f'<styleSheet xmlns="{MAIN}"><numFmts><numFmt numFmtId="176" formatCode="yyyy\\-mm\\-dd\\ hh:mm"/></numFmts><fills><fill/></fills>'
    '<cellXfs><xf numFmtId="0"/><xf numFmtId="176"/><xf numFmtId="14"/><xf numFmtId="20"/></cellXfs></styleSheet>'
)
MOMENT, DAY, CLOCK = 1, 2, 3


def column(at: int) -> str:
    return chr(65 + at) if at < 26 else chr(64 + at // 26) + chr(65 + at % 26)


def cell(name: str, value: Any) -> str:
    """A text, a number, (number, style), or XML that is taken as it is."""
    if value is None:
        return ""
    if isinstance(value, str) and value.startswith("<c"):
        return value.replace("?", name, 1)
    if isinstance(value, tuple):
        return f'<c r="{name}" s="{value[1]}"><v>{value[0]}</v></c>'
    if isinstance(value, int | float):
        return f'<c r="{name}"><v>{value}</v></c>'
    return f'<c r="{name}" t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'


def sheet(
    rows: Iterable[Sequence[Any]], *, dimension: str = "", merged: Sequence[str] = (), hidden: Sequence[int] = ()
) -> str:
    lines = []
    for number, row in enumerate(rows, 1):
        cells = "".join(cell(f"{column(at)}{number}", value) for at, value in enumerate(row))
        unseen = ' hidden="1"' if number in hidden else ""
        lines.append(f'<row r="{number}"{unseen}>{cells}</row>' if cells else "")
    own = f'<dimension ref="{dimension}"/>' if dimension else ""
    ranges = "".join(f'<mergeCell ref="{one}"/>' for one in merged)
    return f'<worksheet xmlns="{MAIN}">{own}<sheetData>{"".join(lines)}</sheetData><mergeCells>{ranges}</mergeCells></worksheet>'


def write(path: Path, sheets: dict[str, str], *, shared: str = "", styles: str = STYLES, book: str = "") -> Path:
    """sheets: name → XML."""
    listed = "".join(f'<sheet name="{escape(name)}" sheetId="{n}" r:id="rId{n}"/>' for n, name in enumerate(sheets, 1))
    linked = "".join(
        f'<Relationship Id="rId{n}" Type="x" Target="worksheets/sheet{n}.xml"/>' for n in range(1, len(sheets) + 1)
    )
    with ZipFile(path, "w", ZIP_DEFLATED) as parts:
        parts.writestr(
            "xl/workbook.xml",
            book or f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>{listed}</sheets></workbook>',
        )
        parts.writestr("xl/_rels/workbook.xml.rels", f"<Relationships>{linked}</Relationships>")
        parts.writestr("xl/styles.xml", styles)
        for n, xml in enumerate(sheets.values(), 1):
            parts.writestr(f"xl/worksheets/sheet{n}.xml", xml)
        if shared:
            parts.writestr("xl/sharedStrings.xml", shared)
    return path
