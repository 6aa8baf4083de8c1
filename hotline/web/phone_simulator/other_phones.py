"""The other telephones on the screen: 110 that is rung into a call, and the citizen who is called back.

They ring here when no network does; each press goes through the signed webhooks, as the network's news would.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import url_for
from sqlalchemy import select

from hotline.i18n import _
from hotline.telephony import three_way
from hotline.web.core.formatting import masked_phone
from hotline.web.core.request_context import here
from models import Call, CallLeg
from webhooks.simulator import SignedRequest, TwilioPhone

SHOWN = timedelta(minutes=10)
DEEDS = ("answer", "busy", "refuse", "ignore", "hangup")
STATUS = {"busy": "busy", "refuse": "busy", "ignore": "no-answer"}


@dataclass(frozen=True)
class Other:
    """One telephone that we rang. kind: leg or back. state: ringing or talking. number is masked: here anybody may look."""

    kind: str
    id: int
    name: str
    number: str
    state: str
    at: Any

    def url(self, deed: str) -> str:
        return url_for("phone.other", kind=self.kind, other=self.id, deed=deed)


def ringing_or_talking(people: dict[str, str]) -> list[Other]:
    """Every telephone outside that rings or talks now, newest first. people: the numbers we play, with their names."""
    with here.installation.readings() as db:
        legs = db.scalars(
            select(CallLeg)
            .where(CallLeg.state.in_(("ringing", "connected")), CallLeg.started_at > _since())
            .order_by(CallLeg.id.desc())
        ).all()
        backs = db.scalars(
            select(Call)
            .where(
                Call.direction == "out", Call.state.in_(("dialing", "calling", "answered")), Call.started_at > _since()
            )
            .order_by(Call.id.desc())
        ).all()
    return [_rung(leg) for leg in legs] + [_called_back(call, people) for call in backs]


def news(phone: TwilioPhone) -> list[SignedRequest]:
    """What a network would tell by itself: our own staff's telephone was picked up, the citizen's rings."""
    with here.installation.readings() as db:
        found = db.scalars(
            select(Call).where(
                Call.direction == "out",
                Call.state == "dialing",
                Call.agent_leg.is_not(None),
                Call.started_at > _since(),
            )
        ).all()
    return [phone.leg(call.provider_id, _leg_of(call), "ringing", "citizen") for call in found]


def signed_requests(kind: str, other: int, deed: str, phone: TwilioPhone) -> list[SignedRequest]:
    """What the network tells when this telephone is picked up, refused, left ringing or hung up; nothing when it is over."""
    with here.installation.readings() as db:
        leg, call = (db.get(CallLeg, other), None) if kind == "leg" else (None, db.get(Call, other))
        parent = db.get(Call, leg.call_id) if leg is not None else None
    if leg is not None and parent is not None and three_way.is_going(leg):
        return _of_leg(leg, parent, deed, phone)
    if call is not None and call.direction == "out" and call.ended_at is None:
        return _of_back(call, deed, phone)
    return []


def _rung(leg: CallLeg) -> Other:
    state, number = "talking" if leg.state == "connected" else "ringing", leg.to if leg.to.isdigit() else ""
    return Other("leg", leg.id, here.city.unit_name(leg.to), number, state, leg.connected_at or leg.started_at)


def _called_back(call: Call, people: dict[str, str]) -> Other:
    name = _(people[call.from_phone]) if call.from_phone in people else _("被回拨的市民")
    state = "talking" if call.state == "answered" else "ringing"
    return Other("back", call.id, name, masked_phone(call.from_phone), state, call.answered_at or call.started_at)


def _of_leg(leg: CallLeg, parent: Call, deed: str, phone: TwilioPhone) -> list[SignedRequest]:
    sid = leg.provider_id or f"console-{leg.ref}"
    if deed == "answer":
        return [phone.room(parent.provider_id, sid, leg.ref, "participant-join")]
    if deed == "hangup":
        return [phone.room(parent.provider_id, sid, leg.ref, "participant-leave"), phone.leg(leg.ref, sid, "completed")]
    return [phone.leg(leg.ref, sid, STATUS[deed], sip=_sip(deed))]


def _of_back(call: Call, deed: str, phone: TwilioPhone) -> list[SignedRequest]:
    sid = _leg_of(call)
    if deed == "answer":
        return [phone.leg(call.provider_id, sid, "in-progress", "citizen")]
    if deed == "hangup":
        talked = int((here.now - (call.answered_at or here.now)).total_seconds())
        return [
            *(
                [phone.room(call.provider_id, sid, call.provider_id, "participant-leave", "caller")]
                if call.room_at
                else []
            ),
            phone.called_back(call.provider_id, call.agent_leg or sid, "completed", talked),
        ]
    return [phone.called_back(call.provider_id, call.agent_leg or sid, STATUS[deed], sip=_sip(deed))]


def _leg_of(call: Call) -> str:
    return call.citizen_leg or f"CA{call.id:032x}"


def _sip(deed: str) -> str:
    return "603" if deed == "refuse" else ""


def _since() -> datetime:
    return here.now - SHOWN
