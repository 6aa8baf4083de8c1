"""Reads categories.yaml: the tree of categories; a lead given once is inherited by all below."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from hotline.city.marked import YamlRow, YamlSheet, check_lengths
from hotline.city.mistakes import Notebook
from hotline.city.schema import Category, CategoryQuestion
from hotline.city.unit_files import Bodies
from hotline.i18n import N_
from routing.limits import REQUEST_TYPES

DEEPEST = 6


@dataclass(frozen=True)
class _Inherited:
    lead: str = ""
    in_area: str = "none"
    request_type: str = "help"
    questions: tuple[CategoryQuestion, ...] = ()


def read_categories(folder: Path, bodies: Bodies, notebook: Notebook) -> dict[str, Category]:
    """Categories by code, each parent before its children."""
    sheet = YamlSheet(folder, "categories.yaml", notebook)
    found: dict[str, Category] = {}
    for row in sheet.top.list_of_rows("categories"):
        _read(row, None, _Inherited(), bodies, found)
    _warn_of_shared_words(sheet, found)
    sheet.finish()
    return found


def _read(row: YamlRow, parent: Category | None, above: _Inherited, bodies: Bodies, found: dict[str, Category]) -> None:
    code = row.text("code")
    _check_code(row, code, parent, found)
    here = replace(
        above,
        lead=row.text("lead", above.lead).removeprefix("unit:"),
        in_area=row.text("in_area", above.in_area),
        request_type=row.choice("request_type", REQUEST_TYPES, above.request_type),
        questions=_questions(row) or above.questions,
    )
    category = Category(
        code=code,
        name=row.text("name"),
        name_en=row.text("name_en"),
        level=parent.level + 1 if parent else 1,
        parent=parent.code if parent else None,
        lead=here.lead,
        lead_is=_lead_is(row, here.in_area, bodies),
        words=row.words("words"),
        words_en=row.words("words_en"),
        safety=row.yes("safety"),
        request_type=here.request_type,
        questions=here.questions,
    )
    if not here.lead:
        row.mistake("code", N_("类别“%(code)s”没有默认承办单位 lead"), code=code)
    elif "lead" in row and not bodies.knows_unit(here.lead):
        row.mistake("lead", N_("承办单位“%(unit)s”不存在"), unit=here.lead)
    check_lengths(row.sheet, row.line, code, category.name, category.name_en)
    found.setdefault(code, category)
    # YAML can quote a node inside itself: the depth must have an end.
    children = row.list_of_rows("children", required=False) if category.level < DEEPEST else ()
    for child in children:
        _read(child, category, here, bodies, found)


def _questions(row: YamlRow) -> tuple[CategoryQuestion, ...]:
    rows = row.list_of_rows("questions", required=False)
    return tuple(CategoryQuestion(one.text("ask"), one.text("ask_en")) for one in rows)


def _check_code(row: YamlRow, code: str, parent: Category | None, found: dict[str, Category]) -> None:
    above = parent.code if parent else ""
    if code and not (code.isdecimal() and code.startswith(above) and len(code) == len(above) + 2):
        row.mistake("code", N_("类别代码“%(code)s”应是上级代码“%(above)s”再加两位数字"), code=code, above=above)
    if code in found:
        row.mistake("code", N_("类别代码“%(code)s”重复"), code=code)


def _lead_is(row: YamlRow, in_area: str, bodies: Bodies) -> str:
    kind, _, bureau = in_area.partition(":")
    if in_area == "none":
        return "unit"
    if in_area == "area":
        return "area"
    if "in_area" in row and (kind != "bureau" or not bodies.knows_bureau(bureau)):
        row.mistake("in_area", N_("“in_area: %(value)s”看不懂，可写 none、area 或 bureau:部门类别"), value=in_area)
    return f"area_bureau:{bureau}"


def _warn_of_shared_words(sheet: YamlSheet, found: dict[str, Category]) -> None:
    owners: dict[str, list[str]] = {}
    for category in found.values():
        for word in category.words:
            owners.setdefault(word, []).append(category.code)
    for word, codes in owners.items():
        if len(codes) > 2:
            sheet.warn(0, N_("关键词“%(word)s”用在了多个类别：%(codes)s"), word=word, codes=" ".join(codes))
