"""News for open pages: one stream per browser, or a poll every few seconds. Only names of topics travel, no data.

A person hears of a ticket only when they may see it. A stream holds no transaction while it waits, and ends after a few minutes;
before each piece of news, and with each heartbeat, it asks whether its session still lives: who was signed out hears no more.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from flask import Blueprint, Response, current_app, g, jsonify, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from hotline.i18n import _
from hotline.messages import notice_readings
from hotline.telephony import turns
from hotline.tickets.privacy.visibility import visible_to
from hotline.tickets.roles import Role
from hotline.web.core import navigation, sessions
from hotline.web.core.formatting import masked_phone
from hotline.web.core.permission import EVERYBODY, allow
from hotline.web.core.request_context import here
from hotline.web.intake.telephone_board import WATCHERS
from hotline.web.live.watcher import Cursor, Heard, Watcher
from models import Staff, Ticket

pages = Blueprint("live", __name__, url_prefix="/live")
HEARTBEAT = 15.0
LONGEST = 300.0
AGAIN = 3000
"""Milliseconds after which a browser whose stream has ended opens it again."""

GAP = 1.0
"""Least seconds between two pieces of news on one stream: a busy minute is told in a few words."""

EACH = 2
"""A browser has one stream for all its pages; while a page changes it has two for a moment."""

DESK_SIGN = 30.0
AT_ONCE = 2
"""So many streams of a process read at one moment: five hundred that hear of one change wait for each other instead of standing
before the pages that people wait for."""

NAMED = 100
"""So many tickets are named one by one; above that "tickets" says enough."""

_making = threading.Lock()
_reads = threading.BoundedSemaphore(AT_ONCE)
AGENTS = frozenset({Role.AGENT, Role.LEAD_AGENT})


class Streams:
    """The open streams of this process; each holds a thread. The last quarter of the places is kept for those who take calls.

    A person has few: whoever opens one more ends their own oldest, which belongs to a page that has gone.
    """

    def __init__(self, most: int):
        self._most, self._lock = most, threading.Lock()
        self._open: list[Stream] = []

    def enter(self, who: int, takes_calls: bool = False) -> Stream | None:
        with self._lock:
            mine = [one for one in self._open if one.who == who and not one.ended.is_set()]
            if len(mine) >= EACH:
                mine[0].ended.set()
            going = sum(not one.ended.is_set() for one in self._open)
            if going >= (self._most if takes_calls else self._most - self._most // 4):
                return None
            opened = Stream(who)
            self._open.append(opened)
            return opened

    def leave(self, stream: Stream) -> None:
        with self._lock:
            stream.ended.set()
            if stream in self._open:
                self._open.remove(stream)


@dataclass(eq=False)
class Stream:
    """One open stream; it ends soon after its sign is set."""

    who: int
    ended: threading.Event = field(default_factory=threading.Event)


def watcher() -> Watcher:
    """This process's watcher, made on first use (after a fork, never before)."""
    return _kept("watcher", lambda: Watcher(here.installation))


def streams() -> Streams:
    return _kept("streams", lambda: Streams(max(1, here.settings.threads // 2)))


@pages.get("/poll")
@allow(EVERYBODY)
def poll() -> ResponseReturnValue:
    """What happened since the cursor the last answer gave; without one, only the counts and the present cursor."""
    watch = watcher()
    watch.look()
    cursor = Cursor.read(request.args.get("since")) or watch.position()
    with _reading():
        news, now = _news(watch.since(cursor))
    return jsonify(id=str(now), **news)


@pages.get("/stream")
@allow(EVERYBODY)
def stream() -> ResponseReturnValue:
    """The same news as server-sent events; 503 when this process has given enough threads to streams."""
    opened = streams().enter(here.me.id or 0, bool(here.me.roles & AGENTS))
    if opened is None:
        return Response(_("实时连接已满，请稍候。"), 503, {"Retry-After": "30"})
    asked = request.headers.get("Last-Event-ID") or request.args.get("since")
    response = Response(stream_with_context(_tell(Cursor.read(asked), opened)), mimetype="text/event-stream")
    response.headers["X-Accel-Buffering"] = "no"
    response.call_on_close(partial(streams().leave, opened))
    return response


def _tell(cursor: Cursor | None, opened: Stream) -> Iterator[str]:
    """First where we are, then each change, then silence with a heartbeat."""
    watch = watcher()
    watch.look()
    with _reading():
        news, cursor = _news(watch.since(cursor or watch.position()))
    longest, again = (0.2, 200) if here.settings.testing else (LONGEST, AGAIN)
    yield f"retry: {again}\n\n" + _event(news, cursor)
    until, signed = time.monotonic() + longest, time.monotonic()
    while (left := until - time.monotonic()) > 0 and not opened.ended.is_set():
        heard = watch.wait(cursor, min(HEARTBEAT, left), opened.ended.is_set)
        with _reading():
            if not sessions.still_lives():
                return
            told = _news(watch.since(cursor)) if heard else None
        if told is None:
            yield ": still here\n\n"
            if time.monotonic() - signed > DESK_SIGN:
                signed = time.monotonic()
                _sign_of_desk()
            continue
        news, cursor = told
        yield _event(news, cursor)
        time.sleep(min(GAP, max(0.0, until - time.monotonic())))


def _news(heard: Heard) -> tuple[dict[str, Any], Cursor]:
    """One change for this person, and the cursor after it."""
    me = here.me
    fresh = any(
        note.channel == "desk" and notice_readings.is_mine(me, note.staff_id, note.unit_code, note.role)
        for note in heard.notes
    )
    counts = {**navigation.counts_for_me(), "bell": notice_readings.count_unread(here.db, me)}
    news: dict[str, Any] = {"topics": _topics(heard, fresh), "counts": counts}
    if me.roles & AGENTS:
        news["call"] = ringing_for_me()
    if fresh:
        news["toast"] = {"text": _("您有新的通知"), "kind": "info", "url": url_for("notices.show")}
    return news, heard.cursor


def _topics(heard: Heard, fresh: bool) -> list[str]:
    topics = _ticket_topics(heard.tickets)
    if heard.calls and (here.me.roles & (AGENTS | WATCHERS) or here.settings.demo):
        topics.append("calls")
    if fresh or any(note.channel != "desk" for note in heard.notes):
        topics.append("messages")
    if heard.petitions:
        topics.append("petitions")
    return topics


def _ticket_topics(changed: frozenset[int] | None) -> list[str]:
    """ "tickets", and the number of each that this person may see."""
    if changed is None:
        return ["tickets"]
    if not changed:
        return []
    asked = sorted(changed)[-NAMED:]
    seen = here.db.scalars(select(Ticket.id).where(Ticket.id.in_(asked), visible_to(here.me))).all()
    named = [f"ticket-{number}" for number in seen]
    # What has left my sight (recalled, merged away) is gone from my lists as well: they are asked again without a name.
    return ["tickets", *named]


def ringing_for_me() -> dict[str, str] | None:
    """The call whose turn I am, while I am on duty: who rings, and how to answer from any page."""
    on_duty = here.db.scalar(select(Staff.on_duty).where(Staff.id == here.me.id))
    if not on_duty:
        return None
    rung = next(
        (one for one in turns.deal(here.db, here.city, here.installation.clock.now()) if one.rings(here.me.id)), None
    )
    if rung is None:
        return None
    phone = masked_phone(rung.call.from_phone) or _("隐藏号码")
    return {
        "id": str(rung.call.id),
        "text": _("%(phone)s 来电", phone=phone),
        "url": url_for("desk.show", _anchor="calls"),
    }


def _sign_of_desk() -> None:
    """A stream that stays open is an open page; whether the person is still on duty is asked anew."""
    with _reading():
        staff = here.db.get_one(Staff, here.me.id)
    sessions.sign_of_desk(staff.id, staff.on_duty, staff.desk_at)


def _event(news: dict[str, Any], cursor: Cursor) -> str:
    return f"id: {cursor}\nevent: changed\ndata: {json.dumps(news, ensure_ascii=False)}\n\n"


@contextmanager
def _reading() -> Iterator[None]:
    """A short reading transaction of its own, one of few at a time; nothing is open while a stream waits."""
    with _reads, here.installation.readings() as db:
        g.db = db
        try:
            yield
        finally:
            g.pop("db", None)


def _kept(name: str, make: Any) -> Any:
    with _making:
        if name not in current_app.extensions:
            current_app.extensions[name] = make()
        return current_app.extensions[name]
