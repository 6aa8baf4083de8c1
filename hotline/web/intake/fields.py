"""What the fields of the intake are drawn from, at the desk and in the practice room."""

from __future__ import annotations

from typing import Any

from hotline.i18n import _
from hotline.tickets import vocabulary
from hotline.web.core.forms.categories import category_options
from hotline.web.core.request_context import here
from hotline.web.intake.asked import LETTERS, PARTIES
from hotline.web.intake.form import BY_TELEPHONE, Intake


def field_words(intake: Intake) -> dict[str, Any]:
    """For `intake/_fields.html`: what stands in the fields, and every list to choose from in the reader's language."""
    return {
        "intake": intake,
        "value": intake.values,
        "words": _short_lists(),
        "asked": intake.asked,
        "parties": [(code, _(name)) for code, name in PARTIES.items()],
        "letters": ",".join(LETTERS),
        "call_channels": ",".join(sorted(BY_TELEPHONE)),
        "categories": category_options(),
        "areas": [(code, here.city.area_name(code)) for code in here.city.areas],
    }


def _short_lists() -> dict[str, list[tuple[str, str]]]:
    """The short lists of the trade as options, in the reader's language."""
    lists = {
        "channels": vocabulary.CHANNELS,
        "request_types": vocabulary.REQUEST_TYPES,
        "urgencies": vocabulary.URGENCIES,
        "privacies": vocabulary.PRIVACIES,
    }
    return {name: [(code, _(word)) for code, word in one.items()] for name, one in lists.items()}
