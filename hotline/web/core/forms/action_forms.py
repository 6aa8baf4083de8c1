"""From the lifecycle table to a form and back: what to ask and how, and the answers as `clean` wants them.

Every desk draws its forms with `_macros/actions.html` over `questions`, and reads them with `typed_answers`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from werkzeug.datastructures import MultiDict

from hotline.city.schema import UNIT_KINDS, City, Unit
from hotline.i18n import _, language
from hotline.intake.duplicates import duplicates_of
from hotline.tickets.fields import Field, choices_of
from hotline.tickets.lifecycle import ACTIONS, UNIT_WORDS, Move
from hotline.tickets.petitions import PetitionKind
from hotline.tickets.privacy import redact
from hotline.web.core.request_context import here
from models import Ticket

RADIOS_UP_TO = 7
SHORT_LIST = 3
UNASKED = ("count", "row")
UNIT_FIELDS = ("unit", "units")


@dataclass(frozen=True)
class Question:
    """One field as the macro draws it. type: a type of the `field` macro, or unit, units, checklist.

    options: rows (value, label[, hint]) or {group: rows}; items: rows (code, question, may it not apply) of a checklist.
    when: "field=value" under which it is asked at all.
    """

    name: str
    label: str
    type: str
    required: bool
    hint: str
    limit: int
    options: Any = ()
    rows: int = 3
    width: str = "full"
    items: tuple[tuple[str, str, bool], ...] = field(default=())
    when: str = ""


DEPENDS = {
    "contact_how": "contacted=yes",
    "contacted_at": "contacted=yes",
    "no_contact_reason": "contacted=no",
    "answered_at": "answered_citizen=yes",
    "outcome_reason": "outcome=partly,unsolved",
    "beyond_kind": "beyond_duty=yes",
}
"""Questions of the reply that only some answers call for; the guards ask for the same."""

NOT_A_MUST = frozenset({"answered_at"})
"""Of these the one that may stay empty where it is asked."""

NARROW = ("choice", "day", "moment", "bool", "category", "ticket", "sub_unit")


def questions(asker: Move | PetitionKind, ticket: Ticket) -> list[Question]:
    """What the form of this move (or petition) asks about this ticket."""
    return [question(one, ticket) for one in asked_of(asker, ticket)]


def asked_of(asker: Move | PetitionKind, ticket: Ticket) -> list[Field]:
    """The fields of that form; a button with none of them is pressed, one with any leads to the form."""
    left_out = {UNIT_WORDS.name} if ticket.privacy != "sealed" else set()
    return [one for one in fields_of(asker) if one.name not in left_out and one.kind not in UNASKED]


def fields_of(asker: Move | PetitionKind) -> tuple[Field, ...]:
    return ACTIONS[asker.action].fields if isinstance(asker, Move) else asker.fields


def question(asked: Field, ticket: Ticket, city: City | None = None) -> Question:
    """One question, with its choices in the reader's language."""
    city = city or here.city
    kind, options, items = _drawn(asked, ticket, city)
    return Question(
        name=asked.name,
        label=_(asked.label),
        type=kind,
        required=asked.required or (asked.name in DEPENDS and asked.name not in NOT_A_MUST),
        hint=_(asked.hint) if asked.hint else "",
        limit=asked.limit,
        options=options,
        items=items,
        width=_width(asked, kind, options),
        when=DEPENDS.get(asked.name, ""),
    )


def _width(asked: Field, kind: str, options: Any) -> str:
    """Short questions stand in pairs."""
    if kind == "radios":
        return "half" if len(options) <= SHORT_LIST else "full"
    short = asked.kind in NARROW or (asked.most is not None and asked.most <= 64)
    return "half" if short and kind != "checks" else "full"


def _drawn(asked: Field, ticket: Ticket, city: City) -> tuple[str, Any, tuple[tuple[str, str, bool], ...]]:
    plain = {"text": "text", "point": "text", "long": "textarea", "day": "date", "moment": "datetime-local"}
    if asked.kind in plain:
        return plain[asked.kind], (), ()
    if asked.kind == "ticket":
        found = duplicates_of(here.db, here.city, here.me, ticket, ticket.category_code, here.now)
        return "combo", [(one.ticket.number, redact.title_for(here.me, one.ticket)) for one in found], ()
    if asked.kind in UNIT_FIELDS:
        return asked.kind, unit_choices(city), ()
    if asked.kind == "sub_unit":
        below = [
            code
            for code in city.unit_and_below(ticket.unit_code or "")
            if code != ticket.unit_code and code in city.units
        ]
        return "select", [(code, city.unit_name(code)) for code in below], ()
    if asked.kind == "category":
        return "select", category_choices(city), ()
    if asked.kind == "checklist":
        return "checklist", (), tuple((item.code, city.question(item.code), item.na) for item in city.checklist)
    options: list[tuple[str, ...]] = list(choices_of(asked, city).items())
    if asked.choices == "reasons":
        options = [(code, label, reason_hint(code, city)) for code, label in options]
    if asked.choices == "routes":
        return "select", options, ()
    many = asked.kind == "choices"
    return ("checks" if many else "radios" if len(options) <= RADIOS_UP_TO else "select"), options, ()


def reason_hint(code: str, city: City | None = None) -> str:
    """What a send-back reason asks of the unit, in the reader's language."""
    reason = (city or here.city).reasons.get(code)
    return "" if reason is None else reason.hint_en if language() == "en" else reason.hint


def unit_choices(city: City) -> list[tuple[str, str]]:
    """(name, kind) of every unit that handles tickets, grouped by kind; the name is what a person types and sees."""
    units = [unit for unit in city.units.values() if unit.handles]
    order = list(UNIT_KINDS)
    return [(city.unit_name(u.code), _(UNIT_KINDS[u.kind])) for u in sorted(units, key=lambda u: order.index(u.kind))]


def category_choices(city: City) -> dict[str, list[tuple[str, str]]]:
    """Second-level categories under their first-level names; a first level without children stands for itself."""
    found: dict[str, list[tuple[str, str]]] = {}
    for category in city.categories.values():
        if category.level == 1:
            found.setdefault(f"{category.code} {city.category_name(category.code)}", [])
        else:
            top = city.category_path(category.code)[0]
            found.setdefault(f"{top} {city.category_name(top)}", []).append(
                (category.code, city.category_name(category.code))
            )
    return {name: rows for name, rows in found.items() if rows}


def typed_answers(fields: tuple[Field, ...], form: MultiDict[str, str], city: City | None = None) -> dict[str, Any]:
    """The form as typed: lists for choices and units, a mapping for the checklist, names of units turned into codes."""
    city = city or here.city
    typed: dict[str, Any] = {}
    for one in fields:
        if one.kind == "checklist":
            start = f"{one.name}."
            typed[one.name] = {
                name.removeprefix(start): value for name, value in form.items() if name.startswith(start)
            }
        elif one.kind in ("choices", "units"):
            values = [value.strip() for value in form.getlist(one.name) if value.strip()]
            typed[one.name] = [unit_code(value, city) for value in values] if one.kind == "units" else values
        elif one.name in form:
            value = form[one.name]
            typed[one.name] = unit_code(value, city) if one.kind in ("unit", "sub_unit") else value
    return typed


def unit_code(text: str, city: City) -> str:
    """The code behind a unit's code, name or alias; what is unknown stays as typed, so that the refusal can name it."""
    text = text.strip()
    if not text or text in city.units:
        return text
    found = [unit.code for unit in city.units.values() if text in _names(unit)]
    return found[0] if len(found) == 1 else text


def _names(unit: Unit) -> tuple[str, ...]:
    return (unit.name, unit.name_en, *unit.aliases)


def shown_values(fields: tuple[Field, ...], values: Mapping[str, Any], city: City | None = None) -> dict[str, Any]:
    """Answers as the form shows them: units by name, yes and no as codes."""
    city = city or here.city
    shown = dict(values)
    for one in fields:
        value = values.get(one.name)
        if one.kind == "unit" and value:
            shown[one.name] = city.unit_name(str(value))
        elif one.kind == "units":
            shown[one.name] = [city.unit_name(code) for code in value or ()]
        elif isinstance(value, bool):
            shown[one.name] = "yes" if value else "no"
    return shown


def label_of(asker: Move | PetitionKind) -> str:
    return _(ACTIONS[asker.action].label if isinstance(asker, Move) else asker.label)


def hint_of(asker: Move | PetitionKind) -> str:
    return _(ACTIONS[asker.action].hint if isinstance(asker, Move) else asker.hint)


def mood_of(asker: Move | PetitionKind) -> str:
    return ACTIONS[asker.action].mood if isinstance(asker, Move) else "plain"


def name_of(asker: Move | PetitionKind) -> str:
    return asker.action if isinstance(asker, Move) else asker.name
