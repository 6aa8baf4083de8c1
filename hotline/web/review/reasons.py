"""The city's send-back reasons as chips: code, name and the hint a unit reads, in the reader's language."""

from __future__ import annotations

from hotline.city.schema import City
from hotline.i18n import language


def reason_rows(city: City) -> list[dict[str, str]]:
    english = language() == "en"
    return [
        {"code": code, "name": city.reason_name(code), "hint": reason.hint_en if english else reason.hint}
        for code, reason in city.reasons.items()
    ]
