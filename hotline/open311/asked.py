"""What a client asks for: a new request as a contact, and which requests of which days it wants to see."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from hotline.city.schema import City
from hotline.clock import within_reach
from hotline.errors import NotFound, Refusal
from hotline.i18n import _, language
from hotline.intake.open_ticket import Contact
from hotline.open311.place import Near, told_place, wanted_near
from hotline.open311.services import answered, reportable
from hotline.tickets.fields import BODY_TEXT

LONGEST_SPAN = timedelta(days=90)
"""By the specification, a span of moments and the usual one."""

USUAL_PAGE, LARGEST_PAGE = 100, 500
_ATTRIBUTE = re.compile(r"attribute\[([^\[\]]{1,60})\](?:\[\])?")
_OURS = re.compile(r"q\d{1,2}")
MOST_FACTS = 50


@dataclass(frozen=True)
class Wanted:
    """ids override everything else. statuses: open, closed. page: from 1. near: only around a point."""

    ids: tuple[str, ...]
    codes: tuple[str, ...]
    statuses: frozenset[str]
    start: datetime
    end: datetime
    page: int
    size: int
    near: Near | None = None


def new_request(city: City, form: Mapping[str, str], source: str, outer_number: str | None) -> Contact:
    """Raises Refusal naming what is missing or wrong."""
    code = _service(city, form.get("service_code", ""))
    words = form.get("description", "").strip()
    if not words:
        raise Refusal(_("请在 description 里写明什么事。"), field="description")
    given, told = _attributes(form)
    email, phone = form.get("email", "").strip()[:190], form.get("phone", "")
    media = form.get("media_url", "").strip()
    place, point = told_place(form.get("address_string", ""), form.get("lat", ""), form.get("long", ""))
    return Contact(
        body="\n".join([words, *answered(city, code, given)])[:BODY_TEXT],
        channel="app",
        phone=phone,
        name=" ".join(filter(None, (form.get("last_name", "").strip(), form.get("first_name", "").strip())))[:64],
        handle=f"email:{email.lower()}" if "@" in email and not phone.strip() else "",
        place=place,
        point=point,
        category_hint=code,
        language=language(),
        outer_source=source,
        outer_number=outer_number,
        media=(media[:2000],) if media else (),
        extra=told,
    )


def _attributes(form: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Answers to our own questions, and what the client tells beside them, which is kept as it was told."""
    given = {found[1]: value for name, value in form.items() if (found := _ATTRIBUTE.fullmatch(name)) and value.strip()}
    ours = {name: value for name, value in given.items() if _OURS.fullmatch(name)}
    return ours, {name: given[name][:1000] for name in list(given)[:MOST_FACTS] if name not in ours}


def wanted(args: Mapping[str, str], now: datetime) -> Wanted:
    """Raises Refusal for a moment, a status or a page that is none."""
    start, end = _span(_moment(args, "start_date"), _moment(args, "end_date"), now)
    statuses = frozenset(_split(args, "status")) or frozenset({"open", "closed"})
    if not statuses <= {"open", "closed"}:
        raise Refusal(_("status 只能是 open、closed，或者两个都写，用逗号分开。"), field="status")
    return Wanted(
        ids=_split(args, "service_request_id")[:LARGEST_PAGE],
        codes=_split(args, "service_code"),
        statuses=statuses,
        start=start,
        end=end,
        page=_number(args, "page", 1, 10_000),
        size=_number(args, "page_size", USUAL_PAGE, LARGEST_PAGE),
        near=wanted_near(args),
    )


def _service(city: City, code: str) -> str:
    if not code.strip():
        raise Refusal(_("缺少 service_code。"), field="service_code")
    if code.strip() not in reportable(city):
        raise NotFound(_("没有这个 service_code，请看 services。"), field="service_code")
    return code.strip()


def _span(start: datetime | None, end: datetime | None, now: datetime) -> tuple[datetime, datetime]:
    """Both said, they lie 90 days apart at most; of one alone 90 days, else the last 90 days."""
    if start and end:
        if end - start > LONGEST_SPAN:
            raise Refusal(_("start_date 和 end_date 最多相隔 90 天。"), field="end_date")
        return start, end
    if start:
        return start, start + LONGEST_SPAN
    return (end or now) - LONGEST_SPAN, end or now + timedelta(seconds=1)


def _moment(args: Mapping[str, str], name: str) -> datetime | None:
    if not (text := args.get(name, "").strip()):
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None or not within_reach(found):
        raise Refusal(_("“%(name)s”要写成 2026-03-15T14:30:00Z 这样，带时区。", name=name), field=name)
    return found


def _split(args: Mapping[str, str], name: str) -> tuple[str, ...]:
    return tuple(one.strip()[:24] for one in args.get(name, "")[:20_000].split(",") if one.strip())


def _number(args: Mapping[str, str], name: str, usual: int, most: int) -> int:
    text = args.get(name, "").strip()
    if not text:
        return usual
    if not (text.isascii() and text.isdecimal() and len(text) < 7 and int(text) >= 1):
        raise Refusal(_("“%(name)s”应当是 1 到 %(most)d。", name=name, most=most), field=name)
    return min(int(text), most)
