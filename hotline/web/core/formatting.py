"""Words and dress for templates: names in the reader's language, local times, masked persons."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask, g, request, url_for
from markupsafe import Markup

from classifier.text.extract import mask
from hotline.i18n import _, language
from hotline.tickets import vocabulary
from hotline.tickets.states import STATES, State
from hotline.triage.propose import reasons_of
from hotline.web.core.request_context import here
from models import Ticket

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
    app.jinja_env.filters["mask"] = lambda text: mask(text or "")
    app.jinja_env.tests["guessed"] = guessed
    app.jinja_env.globals.update(
        _=_,
        asset=asset,
        icon=icon,
        here=here_url,
        state_name=state_name,
        state_family=state_family,
        span_words=span_words,
        word=word,
        masked_phone=masked_phone,
        masked_name=masked_name,
        vocabulary=vocabulary,
        reasons_of=reasons_of,
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


def masked_phone(phone: str | None) -> str:
    if not phone:
        return ""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 9 else "****" + phone[-2:]


def masked_name(name: str | None) -> str:
    """The family name and a polite word: 王某, as hotlines write it."""
    if not name:
        return ""
    return f"{name[0]}{'某' if language() == 'zh' else '.'}"


def ticket_row(ticket: Ticket, **more: Any) -> dict[str, Any]:
    """A ticket as a row of the ticket table; the title is masked as everywhere."""
    city = here.city
    return {
        "url": url_for("tickets.show", number=ticket.number),
        "number": ticket.number,
        "title": mask(ticket.title),
        "state": ticket.state,
        "state_name": state_name(ticket.state),
        "round": ticket.round,
        "urgency": ticket.urgency,
        "unit": city.unit_name(ticket.desk_code or ticket.unit_code),
        "category": city.category_name(ticket.category_code),
        "place": " ".join(p for p in (city.area_name(ticket.area), ticket.street) if p),
        "channel": word("channels", ticket.channel),
        "created_at": ticket.created_at,
        "due_at": None if ticket.closed_at else ticket.due_at,
        "started_at": ticket.moved_at,
        "safety": ticket.safety,
        "card": ticket.card,
        "supervised": ticket.supervised,
        "dissatisfied": ticket.dissatisfied,
        "urges": ticket.urges,
        "asking_more": ticket.asking_more,
        "auto_signed": ticket.auto_signed,
        "privacy": ticket.privacy,
        "id": ticket.id,
        "request_type": word("request_types", ticket.request_type),
        **more,
    }


def canonical_url(endpoint: str, **args: Any) -> None:
    """A refused POST shows a page that has an address of its own: its links lead on from there."""
    g.stands_at = endpoint, args


def here_url(**changes: Any) -> str:
    """The present address with query arguments changed; None removes one."""
    asked = request.endpoint or "home", {**request.args.to_dict(flat=False), **(request.view_args or {})}
    endpoint, args = g.get("stands_at", asked)
    return url_for(endpoint, **{name: value for name, value in {**args, **changes}.items() if value is not None})


def asset(path: str) -> str:
    """A static file's address with its content's hash, so that browsers may keep it for a year."""
    return _asset_url(request.script_root, path)


@cache
def _asset_url(_root: str, path: str) -> str:
    """A page asks for a hundred icons: the address is built once."""
    return url_for("static", filename=path, v=_file_hash(path))


def icon(name: str, label: str = "") -> Markup:
    """One icon of the sprite. Decorative unless `label` says what it means."""
    return _icon(request.script_root, name, label)


@cache
def _icon(root: str, name: str, label: str) -> Markup:
    """A list shows a hundred of them: each is drawn once."""
    told = Markup('role="img" aria-label="{}"').format(label) if label else Markup('aria-hidden="true"')
    drawn = Markup('<svg class="ico" width="16" height="16" focusable="false" {}><use href="{}#{}"></use></svg>')
    return drawn.format(told, _asset_url(root, "vendor/bootstrap-icons/icons.svg"), name)


@cache
def _file_hash(path: str) -> str:
    file = Path(__file__).parents[1] / "static" / path
    return hashlib.sha256(file.read_bytes()).hexdigest()[:10] if file.exists() else "0"
