"""Words and dress for templates: names in the reader's language, local times, masked persons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any, TypeVar, cast
from zoneinfo import ZoneInfo

from flask import Flask, g, has_request_context, request, url_for
from markupsafe import Markup

from classifier.text.masking.known import Known, all_known
from classifier.text.masking.mask import mask, mask_known
from hotline.i18n import N_, _, language
from hotline.messages.values import clock_name
from hotline.tickets import vocabulary
from hotline.tickets.citizens.merged import merged_into
from hotline.tickets.privacy import redact
from hotline.tickets.privacy.besides import starred_besides
from hotline.tickets.privacy.query_codes import for_staff, hide_codes
from hotline.tickets.privacy.reveal import REASONS
from hotline.tickets.states import STATES, State
from hotline.triage.candidates import asks_place
from hotline.triage.reasons import reasons_of
from hotline.triage.unit_confidence import SURE_FROM
from hotline.web.core.forms.keys import KEY, MOVE_KEYS, ON_TICKET_KEYS
from hotline.web.core.permission import address_to_read
from hotline.web.core.request_context import here
from hotline.web.core.static_files import asset
from models import Ticket
from webhooks.numbers import can_be_texted, kind_of

STYLES = {
    "minute": "%Y-%m-%d %H:%M",
    "short": "%m-%d %H:%M",
    "day": "%Y-%m-%d",
    "time": "%H:%M",
    "second": "%Y-%m-%d %H:%M:%S",
}


FAMILIES = {
    State.DRAFT: "agent",
    State.TO_DISPATCH: "dispatch",
    State.IN_DISPUTE: "dispatch",
    State.IN_OBJECTION: "dispatch",
    State.TO_SIGN: "unit",
    State.HANDLING: "unit",
    State.WAITING: "unit",
    State.TO_REVIEW: "review",
    State.TO_FOLLOW_UP: "citizen",
}


def install(app: Flask) -> None:
    app.jinja_env.filters["local"] = local
    app.jinja_env.filters["spoken_day"] = spoken_day
    app.jinja_env.filters["mask"] = hidden
    app.jinja_env.filters["for_staff"] = for_staff
    app.jinja_env.tests["guessed"] = guessed
    app.jinja_env.globals.update(
        _=_,
        asset=asset,
        icon=icon,
        here=here_url,
        address_to_read=address_to_read,
        reveal_reasons=REASONS,
        state_name=state_name,
        state_family=state_family,
        span_words=span_words,
        word=word,
        seen_title=seen_title,
        KEY=KEY,
        MOVE_KEYS=MOVE_KEYS,
        ON_TICKET_KEYS=ON_TICKET_KEYS,
        seen_words=seen_words,
        merged_voices=merged_voices,
        may_read=may_read,
        unit_words=redact.unit_words,
        told_moments=told_moments,
        masked_phone=masked_phone,
        masked_told=masked_told,
        phone_note=phone_note,
        masked_name=masked_name,
        vocabulary=vocabulary,
        reasons_of=reasons_of,
        sure_from=SURE_FROM,
        asks_place=asks_place,
        district_of=district_of,
        place_of=place_of,
        starred_besides=starred_besides,
    )


def local(moment: datetime | str | None, style: str = "minute") -> str:
    """A moment, or its ISO text, in the city's own time; the one place that formats."""
    if not moment:
        return ""
    if isinstance(moment, str):
        moment = datetime.fromisoformat(moment)
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.astimezone(ZoneInfo(here.city.timezone)).strftime(STYLES[style])


def guessed(due_at: datetime) -> bool:
    """The date lies in a year whose holidays nobody has entered yet."""
    return bool(here.city.calendar.missing_years(due_at, due_at))


def spoken_day(moment: datetime) -> str:
    """A day as people say it on the telephone: 11 月 20 日."""
    day = moment.astimezone(ZoneInfo(here.city.timezone))
    month = f"{day:%B}" if language() == "en" else day.month
    return _("%(month)s 月 %(day)s 日", month=month, day=day.day)


def state_name(state: str) -> str:
    return _(STATES[State(state)].name)


def state_family(state: str) -> str:
    """The colour family of a state: one per "whom it waits for"."""
    return FAMILIES.get(State(state), "done")


def span_words(seconds: float) -> str:
    """A length of time in words: "2 天 3 小时", "45 分钟"; without its sign."""
    days, rest = divmod(int(abs(seconds)), 86_400)
    hours, minutes = rest // 3600, rest % 3600 // 60
    if days:
        return _("%(n)s 天", n=days) + (" " + _("%(n)s 小时", n=hours) if hours and days < 10 else "")
    if hours:
        return _("%(n)s 小时", n=hours) + (" " + _("%(n)s 分", n=minutes) if minutes and hours < 6 else "")
    return _("%(n)s 分钟", n=max(minutes, 1))


def word(kind: str, code: str | None) -> str:
    """A code of one of the short lists as the reader's word, e.g. word("channels", "hotline")."""
    lists: dict[str, dict[str, str]] = {
        "channels": vocabulary.CHANNELS,
        "request_types": vocabulary.REQUEST_TYPES,
        "urgencies": vocabulary.URGENCIES,
        "privacies": vocabulary.PRIVACIES,
        "truths": vocabulary.TRUTHS,
        "beyond": vocabulary.BEYOND,
        "outcomes": vocabulary.OUTCOMES,
        "contact_ways": vocabulary.CONTACT_WAYS,
        "solved": vocabulary.SOLVED,
        "scale": vocabulary.SCALE,
        "readings": vocabulary.READINGS,
    }
    return _(lists[kind].get(code or "", code or ""))


def hidden(text: str | None, ticket: Ticket | None = None, where: str = "") -> str:
    """Words as this page may show them: starred by what their ticket knows, or all the tickets that the page has at hand."""
    if ticket is not None:
        return redact.starred(ticket, text, where)
    if not text:
        return ""
    known, sealed = at_hand()
    text = hide_codes(text)
    return mask(mask_known(text, sealed) if sealed else text, known, where)


def at_hand() -> tuple[Known, Known]:
    """What all tickets of this request, and the sealed ones among them, know together: words are starred by it even where
    a page forgets whose they are."""
    tickets = (
        [one for one in here.db.identity_map.values() if isinstance(one, Ticket)]
        if has_request_context() and "db" in g
        else []
    )
    numbers = frozenset(one.id for one in tickets)
    if "known" not in g or g.known[0] != numbers:
        sealed = all_known(redact.known_of(one) for one in tickets if one.privacy == "sealed")
        g.known = numbers, (all_known(map(redact.known_of, tickets)), sealed)
    return cast(tuple[Known, Known], g.known[1])


def seen_title(ticket: Ticket) -> str:
    """The title as this reader may have it."""
    reader = here.me_or_none
    return redact.title_for(reader, ticket) if reader is not None else redact.starred(ticket, ticket.title)


def seen_words(ticket: Ticket) -> str:
    return redact.words_for(here.me, ticket)


def merged_voices(ticket: Ticket) -> list[tuple[Ticket, str]]:
    """What the citizens of merged tickets said, each with their own ticket: an answer is one for all of them."""
    return [(own, redact.words_for(here.me, own)) for own in merged_into(here.db, ticket)]


def readable(ticket: Ticket) -> bool:
    """As `may_read`; on pages without a signed-in reader only what is not sealed."""
    reader = here.me_or_none
    return redact.may_read(reader, ticket) if reader is not None else ticket.privacy != "sealed"


MOMENTS = {"happened_at": N_("发生时间"), "consent_at": N_("同意转办的时间")}


def told_moments(ticket: Ticket) -> list[tuple[str, str]]:
    """When it happened, and when the citizen agreed that it is passed on, where that was told."""
    extra = ticket.text.extra or {}
    return [(_(name), _moment_told(str(extra[key]))) for key, name in MOMENTS.items() if extra.get(key)]


def _moment_told(value: str) -> str:
    try:
        return local(value)
    except ValueError:
        return mask(value)


def may_read(ticket: Ticket) -> bool:
    return redact.may_read(here.me, ticket)


def masked_phone(phone: str | None) -> str:
    if not phone:
        return ""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 9 else "****" + phone[-2:]


PHONE_NOTES = {
    "mobile": N_("带分机，收不到短信"),
    "landline": N_("座机，收不到短信"),
    "foreign": N_("境外号码，收不到短信"),
    "short": N_("短号或总机，收不到短信"),
    "unknown": N_("号码不规范，可能打不通，收不到短信"),
}


def phone_note(phone: str | None, told: str | None = "", others: str | None = "") -> str:
    """What staff must know before they call or promise a text; "" for a plain mobile number."""
    if not phone:
        return _("没有认出号码，可查看原话") if told else ""
    notes = [] if can_be_texted(phone) else [_(PHONE_NOTES[kind_of(phone)])]
    if others:
        notes.append(_("另留了 %(n)d 个号码", n=len(others.split())))
    return _("；").join(notes)


def masked_told(phone: str | None, told: str | None) -> str:
    """The number masked; words that hold no number are not shown in part, they may be a name."""
    return masked_phone(phone) or ("***" if told else "")


def masked_name(name: str | None) -> str:
    """The family name and a polite word: 王某, as hotlines write it."""
    if not name:
        return ""
    return f"{name[0]}{'某' if language() == 'zh' else '.'}"


@dataclass(kw_only=True)
class TicketRow:
    """A ticket as a row of a list; the title is masked as everywhere. A desk adds what its list says in a class of its own.

    unit: on whose desk it lies. clock: the name of the clock that ends first. started_at: since when that runs.
    """

    id: int
    number: str
    url: str
    title: str
    state: str
    state_name: str
    round: int
    urgency: str
    request_type: str
    unit: str
    category: str
    place: str
    channel: str
    privacy: str
    created_at: datetime
    due_at: datetime | None
    clock: str
    started_at: datetime
    safety: bool
    card: str | None
    supervised: bool
    dissatisfied: bool
    urges: int
    asking_more: bool
    auto_signed: bool
    second_look: bool
    readable: bool


Row = TypeVar("Row", bound=TicketRow)


def district_of(ticket: Ticket) -> str:
    """The district, and the street where it is known."""
    return " ".join(part for part in (here.city.area_name(ticket.area), ticket.street) if part)


def place_of(ticket: Ticket) -> str:
    """The same and the place as it was written, without what names a person."""
    return " ".join(part for part in (district_of(ticket), hidden(ticket.text.place or "", ticket)) if part)


def runs(ticket: Ticket) -> bool:
    """Whether one of its clocks runs; the moment at which an ended one would have been due is nobody's time left."""
    return ticket.due_clock is not None and ticket.closed_at is None


def ticket_row(ticket: Ticket) -> TicketRow:
    return row_of(TicketRow, ticket)


def row_of(kind: type[Row], ticket: Ticket, **more: Any) -> Row:
    """A desk's own kind of row. more: the fields it adds, and those it shows differently."""
    city = here.city
    return kind(
        **{
            "url": url_for("tickets.show", number=ticket.number),
            "number": ticket.number,
            "title": seen_title(ticket),
            "state": ticket.state,
            "state_name": state_name(ticket.state),
            "round": ticket.round,
            "urgency": ticket.urgency,
            "unit": city.unit_name(ticket.desk_code or ticket.unit_code),
            "category": city.category_name(ticket.category_code),
            "place": district_of(ticket),
            "channel": word("channels", ticket.channel),
            "created_at": ticket.created_at,
            "due_at": ticket.due_at if runs(ticket) else None,
            "clock": clock_name(ticket.due_clock or "") if runs(ticket) else "",
            "started_at": ticket.due_from or ticket.moved_at,
            "safety": ticket.safety,
            "card": ticket.card,
            "supervised": ticket.supervised,
            "dissatisfied": ticket.dissatisfied,
            "urges": ticket.urges,
            "asking_more": ticket.asking_more,
            "auto_signed": ticket.auto_signed,
            "second_look": ticket.second_look == "waits",
            "readable": readable(ticket),
            "privacy": ticket.privacy,
            "id": ticket.id,
            "request_type": word("request_types", ticket.request_type),
            **more,
        }
    )


def canonical_url(endpoint: str, **args: Any) -> None:
    """A refused POST shows a page that has an address of its own: its links lead on from there."""
    g.stands_at = endpoint, args


def here_url(**changes: Any) -> str:
    """The present address with query arguments changed; None removes one."""
    asked = request.endpoint or "home", {**request.args.to_dict(flat=False), **(request.view_args or {})}
    endpoint, args = g.get("stands_at", asked)
    return url_for(endpoint, **{name: value for name, value in {**args, **changes}.items() if value is not None})


def icon(name: str, label: str = "") -> Markup:
    """One icon of the sprite. Decorative unless `label` says what it means."""
    return _icon(request.script_root, name, label)


@cache
def _icon(root: str, name: str, label: str) -> Markup:
    """A list shows a hundred of them: each is drawn once."""
    told = Markup('role="img" aria-label="{}"').format(label) if label else Markup('aria-hidden="true"')
    drawn = Markup('<svg class="ico" width="16" height="16" focusable="false" {}><use href="{}#{}"></use></svg>')
    return drawn.format(told, asset("vendor/bootstrap-icons/icons.svg"), name)
