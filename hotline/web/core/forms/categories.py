"""Categories as people type them: by code, by whole name, or chosen from the suggestions of a field."""

from __future__ import annotations

from hotline.city.schema import Category, City
from hotline.errors import Refusal
from hotline.i18n import _
from hotline.web.core.request_context import here


def category_of(text: str, city: City) -> str | None:
    """A category by code ("0604 路灯") or by its whole name. A part of a name is a question, never an answer: Refusal."""
    text = text.strip()
    if not text:
        return None
    code = text.split()[0]
    if code in city.categories:
        return code
    named = [c for c in city.categories.values() if text in (c.name, c.name_en)]
    if len(named) == 1:
        return named[0].code
    held = named or [
        c for c in city.categories.values() if c.level > 1 and text.lower() in f"{c.name} {c.name_en}".lower()
    ]
    some = "、".join(category_label(c.code) for c in held[:4])
    raise Refusal(
        _("“%(text)s”可以是：%(some)s，请选一个。", text=text[:20], some=some)
        if held
        else _("没有“%(text)s”这个类别，请从列表中选择。", text=text[:20]),
        field="category",
    )


def category_label(code: str | None) -> str:
    """As it stands in the field: code and name."""
    return f"{code} {here.city.category_name(code)}" if code else ""


def category_options() -> list[tuple[str, str]]:
    """(what goes into the field, the group it belongs to) of every category of the lower level."""
    city = here.city
    return [(category_label(c.code), city.category_name(c.parent)) for c in city.categories.values() if _is_leaf(c)]


def _is_leaf(category: Category) -> bool:
    return category.level > 1
