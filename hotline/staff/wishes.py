"""One open wish about one thing: what a second person has still to decide is never lost in silence."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from hotline.errors import Refusal
from hotline.i18n import _
from hotline.tickets.roles import Actor
from models import StaffChange


def make_way(
    wishes: Iterable[StaffChange], by: Actor, now: datetime, words: Callable[[StaffChange], str], field: str = ""
) -> list[int]:
    """One's own open wishes about the same thing are replaced, and their numbers returned; another person's is decided first.

    Two wishes side by side would be decided without sight of each other. A program (the identity provider) asks again and again, and
    nobody reads what it is told: its wish stands beside a person's. Raises Refusal, which says who wants what.
    """
    own = []
    for other in wishes:
        if other.asked_by_id == by.id:
            other.state, other.decided_at = "replaced", now
            own.append(other.id)
        elif by.id is not None:
            said = _(
                "%(who)s 已申请%(what)s，正等第二个人决定；先决定那一项。", who=other.asked_by_name, what=words(other)
            )
            raise Refusal(said, code="asked_by_another", field=field or None)
    return own
