"""A phone on the screen: a newcomer plays citizens' phones, through the very same signed webhooks as the network's.

Only in demo mode. Every press of a key is signed and posted to our own public path; what it says back is read out here.
"""

from __future__ import annotations

import re
import secrets
from typing import Any
from xml.etree import ElementTree

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from werkzeug.test import Client
from werkzeug.wrappers import Response

from hotline.i18n import N_, _, language, speaking
from hotline.messages.told_secrets import as_sent
from hotline.telephony.calls import RINGS_FOR
from hotline.web.core.limits.idempotency import keyless
from hotline.web.core.permission import EVERYBODY, allow
from hotline.web.core.read_only import read_only
from hotline.web.core.request_context import here
from hotline.web.phone_simulator import other_phones
from models import Call, Message
from webhooks.numbers import international, read_phone
from webhooks.simulator import SignedRequest, TwilioPhone

pages = Blueprint("phone", __name__, url_prefix="/phone")
PEOPLE: dict[str, str] = {
    "13800000001": N_("王女士"),
    "13800000002": N_("李先生"),
    "13800000003": N_("张大爷"),
    "13800000004": N_("小赵"),
}
"""Numbers no network gives out, with the people we play."""

TEXTS = 60
RATINGS = {"1": N_("非常满意"), "2": N_("满意"), "3": N_("基本满意"), "4": N_("不满意"), "5": N_("非常不满意")}


@pages.before_request
def _only_in_demo() -> None:
    if not here.settings.demo:
        abort(404)


@pages.get("/", strict_slashes=False)
@allow(EVERYBODY)
def show() -> ResponseReturnValue:
    number = _number(request.args.get("number", next(iter(PEOPLE))))
    if number is None:
        return _page(next(iter(PEOPLE)), problem=_("请输入 11 位手机号或带区号的固定电话。")), 400
    return _page(number, said=request.args.get("said", "")[:400])


@pages.post("/screen")
@allow(EVERYBODY)
@keyless
def screen() -> ResponseReturnValue:
    """The phone lies on the table switched on: it acknowledges the texts that came, then shows what there is."""
    number = _given()
    for message_id, provider_id in _unacknowledged(number):
        _knock(_phone(number).text_status(provider_id, "delivered", out_id=f"m{message_id}"))
    read_only()
    return render_template("phone_simulator/_screen.html", **_context(number))


@pages.post("/call")
@allow(EVERYBODY)
@keyless
def call() -> ResponseReturnValue:
    """Dial the hotline; a phone that is on a call already does not dial a second one."""
    number = _given()
    if _running(number) is not None:
        return _back(number)
    return _back(number, _knock(_phone(number).call(f"CA{secrets.token_hex(16)}")))


@pages.post("/hangup")
@allow(EVERYBODY)
@keyless
def hangup() -> ResponseReturnValue:
    number = _given()
    held = _on_screen(number)
    if held is not None and held.provider == "twilio":
        status = "no-answer" if held.state == "ringing" else "completed"
        _knock(_phone(number).ended(held.provider_id, status))
    return _back(number)


@pages.post("/press")
@allow(EVERYBODY)
@keyless
def press() -> ResponseReturnValue:
    """The rating after the call: the agent's leg has ended, the key goes in, the call is over."""
    number, key = _given(), request.form.get("key", "")
    held = _to_rate(number)
    if held is None or key not in RATINGS:
        return _back(number)
    phone = _phone(number)
    _knock(phone.agent_left(held.provider_id, f"CA{held.id:032x}"))
    said = _knock(phone.press(held.provider_id, key))
    _knock(phone.ended(held.provider_id))
    return _back(number, said)


@pages.post("/others")
@allow(EVERYBODY)
@keyless
def others() -> str:
    """The other telephones on the table. Our own staff's is a headset: it is picked up at once."""
    for knock in other_phones.news(_network()):
        _knock(knock)
    read_only()
    return _others()


@pages.post("/others/<any(leg, back):kind>/<int:other>/<deed>")
@allow(EVERYBODY)
@keyless
def other(kind: str, other: int, deed: str) -> ResponseReturnValue:
    """Pick up, be busy, refuse, let it ring or hang up."""
    if deed not in other_phones.DEEDS:
        abort(404)
    for knock in other_phones.signed_requests(kind, other, deed, _network()):
        _knock(knock)
    read_only()
    return _others() if here.htmx else redirect(url_for("phone.show", _anchor="others"), 303)


@pages.post("/text")
@allow(EVERYBODY)
@keyless
def text() -> ResponseReturnValue:
    """Send a text. What the hotline answers at once comes back in the same response, as the network would deliver it."""
    number, words = _given(), request.form.get("words", "").strip()[:1000]
    if not words:
        return _back(number)
    return _back(number, _knock(_phone(number).text(f"SM{secrets.token_hex(16)}", words)))


# --- steps ---------------------------------------------------------------------------------------------------------------


def _page(number: str, said: str = "", problem: str = "") -> str:
    return render_template(
        "phone_simulator/show.html",
        people=[(code, _(name)) for code, name in PEOPLE.items()],
        said=said,
        problem=problem,
        **_context(number),
    )


def _others() -> str:
    return render_template("phone_simulator/_others.html", others=other_phones.ringing_or_talking(PEOPLE))


def _network() -> TwilioPhone:
    """The network itself: its news names no citizen's number."""
    return _phone(here.city.hotline_number)


def _context(number: str) -> dict[str, Any]:
    held = _on_screen(number)
    return {
        "number": number,
        "who": _(PEOPLE[number]) if number in PEOPLE else "",
        "call": held,
        "texts": _texts(number),
        "ratings": [(key, _(name)) for key, name in RATINGS.items()],
        "others": other_phones.ringing_or_talking(PEOPLE),
        "rates": held is not None and held.state == "ended" and held.rating is None and held.answered_at is not None,
    }


def _given() -> str:
    number = _number(request.form.get("number", ""))
    if number is None:
        abort(400)
    return number


def _number(written: str) -> str | None:
    return read_phone(written, here.city.area_code).number or None


def _phone(number: str) -> TwilioPhone:
    settings = here.settings
    return TwilioPhone(
        token=settings.twilio_auth_token,
        public_url=settings.public_url,
        from_number=international(number),
        to_number=f"+86{here.city.hotline_number}",
    )


def _knock(knock: SignedRequest) -> str:
    """Post it to ourselves as the network would, and return the sentences of the answer.

    The inner request speaks its own language and has its own transaction; ours must not be open meanwhile.
    """
    with speaking(language()):
        answer = Client(current_app.wsgi_app, Response).post(
            knock.path, data=knock.body, headers=list(knock.headers.items())
        )
    if answer.status_code >= 400:
        return _(
            "线路不通（%(status)d）：%(text)s", status=answer.status_code, text=answer.get_data(as_text=True)[:200]
        )
    return _sentences(answer.get_data(as_text=True))


def _sentences(twiml: str) -> str:
    """What a TwiML answer says aloud or texts back."""
    if not twiml.strip():
        return ""
    try:
        root = ElementTree.fromstring(twiml)
    except ElementTree.ParseError:
        return ""
    spoken = [one.text for one in root.iter() if one.tag in ("Say", "Message", "Body") and one.text]
    return re.sub(r"\s+", " ", " ".join(spoken)).strip()


def _back(number: str, said: str = "") -> ResponseReturnValue:
    return redirect(url_for("phone.show", number=number, said=said or None), 303)


def _on_screen(number: str) -> Call | None:
    """The latest call of this phone, while it still concerns the caller."""
    with here.installation.readings() as db:
        held = db.scalar(
            select(Call).where(Call.from_phone == number, Call.direction == "in").order_by(Call.id.desc()).limit(1)
        )
    if held is None:
        return None
    if held.state == "ringing" and held.started_at < here.now - RINGS_FOR:
        return None
    over = held.ended_at is not None and (here.now - held.ended_at).total_seconds() > 180
    return None if over else held


def _running(number: str) -> Call | None:
    held = _on_screen(number)
    return held if held is not None and held.state in ("ringing", "answered") else None


def _to_rate(number: str) -> Call | None:
    held = _on_screen(number)
    return (
        held
        if held is not None and held.answered_at is not None and held.rating is None and held.state == "ended"
        else None
    )


def _texts(number: str) -> list[dict[str, Any]]:
    """What this phone has received and sent, oldest first."""
    with here.installation.readings() as db:
        rows = db.scalars(
            select(Message)
            .where(
                Message.phone == number,
                Message.channel == "sms",
                Message.state.not_in(("queued", "sending")),
            )
            .order_by(Message.id.desc())
            .limit(TEXTS)
        ).all()
        read = [(one, as_sent(db, one)[0]) for one in reversed(rows)]
    return [
        {
            "in": one.direction == "out",
            "text": words,
            "at": one.sent_at or one.created_at,
            "state": one.state,
            "linked": _linked(words),
        }
        for one, words in read
    ]


def _linked(words: str) -> list[tuple[str, str]]:
    """(text, path) pieces: links to our own pages can be tapped; path is "" for plain words."""
    pieces, at, ours = [], 0, re.escape(here.settings.public_url)
    for found in re.finditer(ours + r"(/[A-Za-z0-9\-._/?=&%#]*)", words):
        pieces += [(words[at : found.start()], ""), (found[0], found[1])]
        at = found.end()
    return [piece for piece in [*pieces, (words[at:], "")] if piece[0]]


def _unacknowledged(number: str) -> list[tuple[int, str]]:
    with here.installation.readings() as db:
        rows = db.execute(
            select(Message.id, Message.provider_id)
            .where(
                Message.phone == number,
                Message.direction == "out",
                Message.state == "sent",
                Message.provider == "console",
            )
            .order_by(Message.id.desc())
            .limit(20)
        ).all()
    return [(number_, provider) for number_, provider in rows if provider]
