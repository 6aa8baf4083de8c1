"""The telephone as those see it who lead: who waits, whose telephone rings, who is on duty, who was missed; one query for every page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hotline.i18n import N_, _
from hotline.telephony import calls, outbound, presence, three_way, turns
from hotline.tickets.roles import Role
from hotline.web.core.formatting import masked_phone
from hotline.web.core.request_context import here
from models import Call, CallLeg

WATCHERS = frozenset({Role.LEAD_AGENT, Role.SUPERVISOR, Role.HEAD})
"""Those who see the telephone without taking calls: the leader of the shift, and whoever answers for the hotline."""

HOW = {
    presence.How.DESK: N_("在座位"),
    presence.How.SILENT: N_("没有回应"),
    presence.How.PHONE: N_("随身电话"),
    presence.How.GONE: N_("页面已关闭"),
}
TONES = {
    presence.How.DESK: "good",
    presence.How.SILENT: "warn",
    presence.How.PHONE: "info",
    presence.How.GONE: "bad",
}


def board() -> dict[str, Any]:
    """What the shift leader's strip shows, for a page that takes no calls."""
    return {"ringing": waiting(turns.deal(here.db, here.city, here.now)), **missed_and_there()}


def waiting(dealt: Sequence[turns.Rung]) -> list[dict[str, Any]]:
    """The calls in line, the longest waiting first, each with whom it rings."""
    return [{**row(one.call), "rung": _names(one)} for one in dealt]


def missed_and_there() -> dict[str, Any]:
    """Whom nobody has called back yet, who takes calls, and whether the line is answered at all."""
    missed = calls.missed(here.db, here.now)
    tries = outbound.tries(here.db, [one.id for one in missed]) if missed else {}
    people = presence.on_duty(here.db, here.city, here.now)
    return {
        "missed": [{**row(one), "tries": tries.get(one.id, 0)} for one in missed],
        "there": _who_is_there(people),
        "answered": any(one.busy or one.how is not presence.How.GONE for one in people),
    }


def _names(rung: turns.Rung) -> str:
    """For whom it rings, in a colleague's eyes."""
    return _("、").join(one.staff.name for one in rung.people if one.staff.id != here.me.id)


def _who_is_there(people: Sequence[presence.Present]) -> list[tuple[str, str, str, bool]]:
    """Everybody on duty, with the word and the tone for how they can be reached, and whether the next call rings there first."""
    free = turns.who_is_free(people)
    return [
        (
            one.staff.name,
            _("通话中") if one.busy else _(HOW[one.how]),
            "info" if one.busy else TONES[one.how],
            one in free[:1],
        )
        for one in people
    ]


def row(call: Call) -> dict[str, Any]:
    """A call as the strip shows it: never with its whole number."""
    phone = masked_phone(call.from_phone) or _("隐藏号码")
    return {
        "id": call.id,
        "phone": phone,
        "at": call.answered_at or call.started_at,
        "started_at": call.started_at,
        "known": bool(call.from_phone),
        "state": call.state,
        "out": call.direction == "out",
        "outcome": _(outbound.OUTCOMES[call.outcome]) if call.outcome else "",
        "legs": [_leg(one) for one in three_way.legs(here.db, call.id)] if call.room_at is not None else [],
    }


def _leg(leg: CallLeg) -> dict[str, Any]:
    return {
        "id": leg.id,
        "to": leg.to,
        "name": here.city.unit_name(leg.to),
        "state": leg.state,
        "going": three_way.is_going(leg),
        "words": _(three_way.STATES[leg.state]),
        "at": leg.connected_at or leg.started_at,
    }
