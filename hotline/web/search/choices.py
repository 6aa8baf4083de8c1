"""What the search page offers: quick searches, the lists of its filters, and the names that its fields suggest."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from flask import url_for
from markupsafe import Markup

from hotline.i18n import N_, _, language
from hotline.messages.values import clock_name
from hotline.tickets.lists.clocks import OF_WORK
from hotline.tickets.lists.ticket_list import FACTS
from hotline.tickets.roles import Role
from hotline.tickets.states import STATES
from hotline.tickets.vocabulary import CHANNELS, PRIVACIES, REQUEST_TYPES, URGENCIES
from hotline.web.core.forms.action_forms import unit_choices
from hotline.web.core.forms.categories import category_options
from hotline.web.core.request_context import here
from hotline.web.core.ticket_words import close_words
from hotline.web.search import query as search_query
from hotline.web.search.query import CARD_NAMES, CLOSE_KINDS, FACT_NAMES, SOON_HOURS, SearchQuery

QUICK: tuple[tuple[str, str, dict[str, Any]], ...] = (
    (N_("已超期"), "alarm", {"overdue": "1"}),
    (N_("快到期"), "hourglass-bottom", {"nearly": "1"}),
    (N_("本人受理的"), "headset", {"agent": "me"}),
    (N_("今天受理的"), "calendar-event", {"from": "today"}),
    (N_("督办"), "eye", {"fact": ["supervised"], "open": "1"}),
    (N_("不满意"), "emoji-frown", {"fact": ["dissatisfied"], "open": "1"}),
    (N_("第三轮及以上"), "arrow-repeat", {"round": "3", "open": "1"}),
    (N_("涉安全"), "shield-exclamation", {"fact": ["safety"], "open": "1"}),
    (N_("全部未办结"), "inbox", {"open": "1"}),
)
"""Searches offered where nothing has been asked yet."""


def quick_searches() -> list[tuple[str, str, str]]:
    """(words, icon, address): those that make sense for this person."""
    today = (here.now.astimezone(search_query.zone())).date().isoformat()
    filled = {"me": str(here.me.id), "today": today}
    takes_calls = here.me.is_(Role.AGENT, Role.LEAD_AGENT)
    offered: list[tuple[str, str, dict[str, Any]]] = [
        (_(label), icon, {name: filled.get(str(value), value) for name, value in args.items()})
        for label, icon, args in QUICK
        if "agent" not in args or takes_calls
    ]
    return [(label, icon, url_for("search.show", **args)) for label, icon, args in offered]


def choices(asked: SearchQuery) -> dict[str, Any]:
    """The lists of the filters."""
    city = here.city
    return {
        "states": [(state.value, _(shown.name)) for state, shown in STATES.items()],
        "channels": _list(CHANNELS),
        "types": _list(REQUEST_TYPES),
        "urgencies": _list(URGENCIES),
        "privacies": _list(PRIVACIES),
        "cards": _list(CARD_NAMES),
        "closes": [(code, close_words(code)) for code in CLOSE_KINDS],
        "areas": [(code, city.area_name(code)) for code in city.areas],
        "suggestions": _suggestions(city.release, language()),
        "facts": [(code, _(FACT_NAMES[code])) for code in FACTS],
        "clocks": [(name, clock_name(name)) for name in OF_WORK],
        "soons": [(str(n), _("%(n)s 小时内", n=n)) for n in SOON_HOURS],
        "rounds": [(str(n), _("第 %(n)s 轮及以上", n=n)) for n in (2, 3, 4)],
        "urges": [(str(n), _("%(n)s 次及以上", n=n)) for n in (1, 2, 3)],
        "my_id": str(here.me.id),
        "unit_value": city.unit_name(asked.wanted.unit) if asked.wanted.unit else asked.args.get("unit", ""),
        "category_value": _category_value(asked),
    }


@lru_cache(maxsize=4)
def _suggestions(_release: str, _language: str) -> Markup:
    """The names of all units and categories behind their fields; the same for everybody, so drawn once."""
    lists = (("units-list", unit_choices(here.city)), ("categories-list", category_options()))
    return Markup("").join(
        Markup('<datalist id="{}">{}</datalist>').format(
            name, Markup("").join(Markup('<option value="{}">{}</option>').format(*option) for option in options)
        )
        for name, options in lists
    )


def _category_value(asked: SearchQuery) -> str:
    code = asked.args.get("category", "")
    return f"{code} {here.city.category_name(code)}" if code in here.city.categories else code


def _list(words: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(code, _(label)) for code, label in words.items()]
