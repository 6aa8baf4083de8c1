"""What stands beside the intake form: the live proposal, the caller's history, what is here already, the right route."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from classifier.suggestion import LIFE
from hotline.city.schema import Route
from hotline.errors import Refusal
from hotline.i18n import _, language
from hotline.intake.duplicates import Likely, Sought, kinds_of, likely_duplicates
from hotline.tickets.points.told import ToldPoint, district_of, districts_of
from hotline.tickets.privacy.visibility import visible_to
from hotline.tickets.vocabulary import SAFETY
from hotline.triage.active_classifier import is_learning
from hotline.triage.propose import Given, Triage, consider
from hotline.triage.reasons import telling
from hotline.triage.unit_confidence import SURE_FROM
from hotline.waiting_time.told import range_for, sentence
from hotline.web.core.formatting import TicketRow, phone_note, row_of
from hotline.web.core.forms.categories import category_label
from hotline.web.core.request_context import here
from hotline.web.intake.form import Intake
from hotline.web.intake.looking_up import may_know_of
from hotline.web.nuisance.shown import Notice, notice_for
from hotline.web.ticket.details import limit_words
from models import Ticket
from models.tickets.ticket import CLOSED_STATES
from webhooks.numbers import read_phone

HISTORY = 12
KEYS = 3
ENOUGH = 4
"""Characters from which on it makes sense to propose."""


@dataclass(frozen=True)
class Beside:
    """The panels. phone_note: what the agent must know about the number. hints: (name of the route, the advice to tell).

    foreign: hardly a Chinese character in what is typed. life: why somebody may die now; person: why a person must look.
    unsure: three names, no numbers and no reasons. districts: to ask for, where only the district is open.
    usual: how long matters like this took so far, and of how many that is known; it is for the caller.
    learning: better answers come in a few minutes. marked: the number is marked; nothing is shown of it while somebody may die."""

    triage: Triage | None
    ranked: list[dict[str, Any]]
    limits: list[tuple[str, str]]
    usual: tuple[str, int] | None
    life: list[str]
    person: list[str]
    unsure: bool
    districts: list[tuple[str, str]]
    learning: bool
    hints: list[tuple[str, str]]
    history: list[SideRow]
    phone_known: bool
    phone_note: str
    likely: list[SideRow]
    foreign: bool
    marked: Notice | None


def beside(intake: Intake, *, of_people: bool = True) -> Beside:
    """Everything that can be said about what is typed so far. of_people: also what is known of who has the number."""
    phone = _clean(intake.phone)
    known = phone if of_people and may_know_of(intake, phone) else ""
    triage = considered(intake) if len(intake.text) >= ENOUGH else None
    likely = _likely(intake, triage, known)
    held = {one.ticket.id: one.reasons for one in likely}
    history = _history(known, held)
    return Beside(
        triage=triage,
        ranked=_ranked(triage),
        limits=_limits(triage),
        usual=_usual(triage),
        life=[_(SAFETY[one]) for one in triage.safety if one in LIFE] if triage else [],
        person=[_(SAFETY[one]) for one in triage.safety if one not in LIFE] if triage else [],
        unsure=triage is not None and _is_weak(triage),
        districts=_districts(triage, intake),
        learning=is_learning(here.installation.classifier),
        hints=_hints(intake.text),
        history=history,
        phone_known=bool(phone),
        phone_note=phone_note(phone),
        likely=[_likely_row(one) for one in likely if one.ticket.id not in {row.id for row in history}],
        foreign=_foreign(intake.text),
        marked=None if triage is not None and any(one in LIFE for one in triage.safety) else notice_for(phone),
    )


def _foreign(text: str) -> bool:
    """More letters than Chinese characters, counting three letters as one: "KTV太吵" is Chinese, "KTV too loud" is not."""
    letters = [one for one in text if one.isalpha()]
    chinese = sum("\u3400" <= one <= "\u9fff" for one in letters)
    return len(letters) - chinese > 3 * chinese


def _is_weak(triage: Triage) -> bool:
    weak = triage.suggestion.p < SURE_FROM and not triage.stated
    return weak or (triage.unsure and not triage.asks_place)


def _districts(triage: Triage | None, intake: Intake) -> list[tuple[str, str]]:
    """The districts to ask for where only they are open: those that the point or the words allow, else all."""
    if triage is None or not triage.asks_place:
        return []
    told = _point(intake)
    allowed = (districts_of(here.city, told) if told else ()) or triage.place.candidates or here.city.areas
    return [(code, here.city.area_name(code)) for code in allowed]


def _point(intake: Intake) -> ToldPoint | None:
    try:
        return intake.point()
    except Refusal:
        return None


def _area(intake: Intake) -> str | None:
    """The district that was chosen, or that of the point where there is no doubt."""
    if (chosen := intake.values["area"]) in here.city.areas:
        return chosen
    told = _point(intake)
    return district_of(here.city, told) if told else None


def considered(intake: Intake) -> Triage:
    """What the program makes of the form as it stands; a category that is none counts as open."""
    typed = intake.values
    try:
        category = intake.category()
    except Refusal:
        category = None
    return consider(
        here.city,
        here.installation.classifier,
        intake.text,
        Given(
            place_text=typed["place"],
            category=category,
            area=_area(intake),
            channel=typed["channel"] or "hotline",
            request_type=typed["request_type"] or None,
            urgency=typed["urgency"] or None,
        ),
    )


def _ranked(triage: Triage | None) -> list[dict[str, Any]]:
    """Candidates with the key that takes each; none for a text unlike anything the classifier knows."""
    if triage is None or not triage.suggestion.known:
        return []
    city = here.city
    return [
        {
            "code": one.code,
            "fill": category_label(one.code),
            "name": city.category_name(one.code),
            "group": city.category_name(city.categories[one.code].parent) if one.code in city.categories else "",
            "percent": round(one.p * 100),
            "words": list(telling(one.words)[:4]),
            "key": f"alt+{n}" if n <= KEYS else "",
            "chosen": one.code == triage.category and triage.stated,
        }
        for n, one in enumerate(triage.suggestion.ranked[: KEYS if _is_weak(triage) else 5], 1)
        if one.p >= 0.01
    ]


def _limits(triage: Triage | None) -> list[tuple[str, str]]:
    names = {"sign": _("签收"), "contact": _("先行联系"), "reply": _("办结")}
    return [(names[clock], limit_words(limit)) for clock, limit in triage.limits.items()] if triage else []


def _usual(triage: Triage | None) -> tuple[str, int] | None:
    """Nothing while the kind is a guess, and nothing where somebody may be in danger: then nobody speaks of days."""
    if triage is None or triage.safety or triage.urgency == "critical" or (_is_weak(triage) and not triage.stated):
        return None
    told = range_for(here.db, here.city, triage.category, triage.unit, here.now)
    return (sentence(told), told.tickets) if told else None


def _hints(text: str) -> list[tuple[str, str]]:
    """Matters the hotline must not take: what to tell, when the words point that way."""
    found = [route for route in here.city.routes.values() if any(word in text for word in route.words)]
    return [(here.city.route_name(route.code), _advice(route)) for route in found[:2]]


def _advice(route: Route) -> str:
    return route.advice_en if language() == "en" else route.advice


@dataclass(kw_only=True)
class SideRow(TicketRow):
    """A ticket beside the form. open: still handled; reasons: why it looks like this matter, percent: how much."""

    open: bool
    reasons: tuple[str, ...]
    percent: int | None = None


def _history(phone: str, alike: dict[int, tuple[str, ...]]) -> list[SideRow]:
    """The caller's tickets: those that look like this matter first, then the other open ones."""
    if not phone:
        return []
    rows = here.db.scalars(
        select(Ticket)
        .where(Ticket.contact_phone == phone, visible_to(here.me), Ticket.state != "draft")
        .order_by(Ticket.id.desc())
        .limit(HISTORY)
    ).all()
    handled = _handled(rows)
    ordered = sorted(rows, key=lambda one: (one.id not in alike, one.id not in handled, -one.id))
    return [row_of(SideRow, one, open=one.id in handled, reasons=alike.get(one.id, ())) for one in ordered]


def _handled(rows: Sequence[Ticket]) -> set[int]:
    """Those that are still handled: a merged one as long as its master is."""
    found, merged = (
        {one.id for one in rows if one.state not in CLOSED_STATES},
        [one for one in rows if one.state == "merged"],
    )
    if merged:
        masters = select(Ticket.id).where(
            Ticket.id.in_({one.merged_into_id for one in merged}), Ticket.state.not_in(CLOSED_STATES)
        )
        still = set(here.db.scalars(masters))
        found |= {one.id for one in merged if one.merged_into_id in still}
    return found


def _likely(intake: Intake, triage: Triage | None, phone: str) -> list[Likely]:
    if triage is None:
        return []
    proposed = tuple(one.code for one in triage.suggestion.ranked[:2])
    chosen = (triage.category,) if triage.stated and triage.category else proposed
    place = triage.place
    sought = Sought(
        text=intake.text,
        phone=phone,
        categories=chosen,
        kinds=chosen if triage.stated else kinds_of((one.code, one.p) for one in triage.suggestion.ranked),
        area=intake.values["area"] or (place.area if place.sure else None),
        street=place.street,
        place=intake.values["place"],
        point=_point(intake),
    )
    except_id = intake.draft.id if intake.draft else None
    found = likely_duplicates(here.db, here.city, here.me, sought, here.now, except_id=except_id, closed=True)
    return sorted(found, key=lambda one: one.ticket.state in CLOSED_STATES)


def _likely_row(one: Likely) -> SideRow:
    return row_of(
        SideRow,
        one.ticket,
        reasons=one.reasons,
        percent=round(one.score * 100),
        open=one.ticket.state not in CLOSED_STATES,
    )


def _clean(phone: str) -> str:
    """The number in what is typed; half a number finds nobody."""
    return read_phone(phone, here.city.area_code).number
