"""The city's categories as services: the lowest level is what can be reported, the level above is its group."""

from __future__ import annotations

from typing import Any

from hotline.city.schema import Category, City
from hotline.i18n import language


def services(city: City) -> list[dict[str, Any]]:
    return [_service(city, one) for one in reportable(city).values()]


def reportable(city: City) -> dict[str, Category]:
    """Categories that have none below them."""
    above = {one.parent for one in city.categories.values()}
    return {code: one for code, one in city.categories.items() if code not in above}


def definition(city: City, code: str) -> dict[str, Any]:
    """What is asked of a matter of this service; nothing has to be answered."""
    english = language() == "en"
    asked = [one.ask_en if english else one.ask for one in city.questions_of(code)]
    return {"service_code": code, "attributes": [_attribute(n, words) for n, words in enumerate(asked, 1)]}


def answered(city: City, code: str, given: dict[str, str]) -> list[str]:
    """Answers to the questions of a service as lines of the matter. given: `q1` … to words."""
    asked = [one.ask for one in city.questions_of(code)]
    return [f"{words}：{told}" for n, words in enumerate(asked, 1) if (told := given.get(f"q{n}", "").strip())]


def _service(city: City, one: Category) -> dict[str, Any]:
    return {
        "service_code": one.code,
        "service_name": city.category_name(one.code),
        "description": " › ".join(city.category_name(code) for code in city.category_path(one.code)),
        "metadata": bool(city.questions_of(one.code)),
        "type": "realtime",
        "keywords": ",".join(one.words_en if language() == "en" else one.words),
        "group": city.category_name(one.parent),
    }


def _attribute(n: int, words: str) -> dict[str, Any]:
    return {
        "variable": True,
        "code": f"q{n}",
        "datatype": "string",
        "required": False,
        "datatype_description": "",
        "order": n,
        "description": words,
        "values": [],
    }
